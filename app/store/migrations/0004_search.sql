CREATE INDEX conversation_listed ON conversation (pinned DESC, touched DESC, id) WHERE trashed IS NULL;

ALTER TABLE conversation ADD COLUMN number INTEGER;  -- of its title in title_words
UPDATE conversation SET number = rowid;
CREATE UNIQUE INDEX conversation_number ON conversation (number);

-- What is to be searched, under turn.number and conversation.number. The words are made by
-- app/store/words.py and nothing else, and the text itself is not kept a second time.
CREATE VIRTUAL TABLE turn_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
CREATE VIRTUAL TABLE title_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = none, tokenize = 'ascii'
);
-- They are merged in pieces of our own size: see app/store/indexing.py.
INSERT INTO turn_words (turn_words, rank) VALUES ('automerge', 0);
INSERT INTO title_words (title_words, rank) VALUES ('automerge', 0);

-- What is finished and not in there yet.
CREATE TABLE unindexed_turn (number INTEGER PRIMARY KEY);
CREATE TABLE unindexed_title (number INTEGER PRIMARY KEY);
INSERT INTO unindexed_turn SELECT number FROM turn WHERE status IN ('done', 'interrupted', 'failed');
INSERT INTO unindexed_title SELECT number FROM conversation;

CREATE TRIGGER turn_came AFTER INSERT ON turn WHEN new.status IN ('done', 'interrupted', 'failed') BEGIN
    INSERT OR IGNORE INTO unindexed_turn VALUES (new.number);
END;
CREATE TRIGGER turn_finished AFTER UPDATE OF status ON turn
WHEN new.status IN ('done', 'interrupted', 'failed') BEGIN
    INSERT OR IGNORE INTO unindexed_turn VALUES (new.number);
END;
CREATE TRIGGER turn_gone AFTER DELETE ON turn BEGIN
    DELETE FROM turn_words WHERE rowid = old.number;
    DELETE FROM unindexed_turn WHERE number = old.number;
END;
CREATE TRIGGER conversation_came AFTER INSERT ON conversation BEGIN
    UPDATE conversation SET number = (SELECT ifnull(max(number), 0) + 1 FROM conversation) WHERE id = new.id;
    INSERT OR IGNORE INTO unindexed_title SELECT number FROM conversation WHERE id = new.id;
END;
CREATE TRIGGER conversation_renamed AFTER UPDATE OF title ON conversation BEGIN
    INSERT OR IGNORE INTO unindexed_title VALUES (new.number);
END;
CREATE TRIGGER conversation_gone AFTER DELETE ON conversation BEGIN
    DELETE FROM title_words WHERE rowid = old.number;
    DELETE FROM unindexed_title WHERE number = old.number;
END;
