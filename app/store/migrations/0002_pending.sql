ALTER TABLE conversation ADD COLUMN session TEXT NOT NULL DEFAULT '';
ALTER TABLE draft ADD COLUMN links TEXT NOT NULL DEFAULT '{}';

-- A CHECK cannot be altered, so both tables are built anew under another name. The rows of others
-- refer to them by their own name, which each has again when this is done.
CREATE TABLE new_turn (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    parent_id TEXT REFERENCES turn (id),
    seq INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
    status TEXT NOT NULL
        CHECK (status IN ('sending', 'pending', 'streaming', 'done', 'interrupted', 'failed')),
    created TEXT NOT NULL,
    run TEXT,
    problem TEXT,
    reasoning TEXT NOT NULL,
    UNIQUE (conversation_id, seq)
);
INSERT INTO new_turn (id, conversation_id, parent_id, seq, role, status, created, run, problem, reasoning)
    SELECT id, conversation_id, parent_id, seq, role, status, created, run, problem, reasoning FROM turn;
DROP TABLE turn;
ALTER TABLE new_turn RENAME TO turn;
CREATE INDEX turn_unfinished ON turn (status) WHERE status IN ('sending', 'pending', 'streaming');

CREATE TABLE new_part (
    turn_id TEXT NOT NULL REFERENCES turn (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'picture', 'tool_call')),
    picture TEXT REFERENCES picture (sha256) CHECK ((picture IS NOT NULL) = (kind = 'picture')),
    text TEXT NOT NULL,  -- of a picture: the name under which it was attached; of a tool call: its JSON
    link TEXT NOT NULL CHECK (link = '' OR kind = 'picture'),
    PRIMARY KEY (turn_id, position)
);
INSERT INTO new_part (turn_id, position, kind, picture, text, link)
    SELECT turn_id, position, kind, picture, text, '' FROM part;
DROP TABLE part;
ALTER TABLE new_part RENAME TO part;
CREATE INDEX part_with_picture ON part (turn_id, position) WHERE picture IS NOT NULL;
