CREATE TABLE folder (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    position INTEGER NOT NULL
);

ALTER TABLE conversation ADD COLUMN folder_id TEXT REFERENCES folder (id) ON DELETE SET NULL;
ALTER TABLE conversation ADD COLUMN pinned INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversation ADD COLUMN trashed TEXT;  -- when, NULL while it is not in the trash
ALTER TABLE conversation ADD COLUMN leaf TEXT NOT NULL DEFAULT '';  -- the end of the branch shown last
ALTER TABLE conversation ADD COLUMN picture TEXT REFERENCES picture (sha256);  -- its first
CREATE INDEX conversation_folder ON conversation (folder_id) WHERE folder_id IS NOT NULL;
CREATE INDEX conversation_trashed ON conversation (trashed) WHERE trashed IS NOT NULL;

CREATE TABLE tag (
    name TEXT NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    PRIMARY KEY (conversation_id, name)
) WITHOUT ROWID;
CREATE INDEX tag_name ON tag (name);

-- Who answered in which conversation.
CREATE TABLE answered_by (
    conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    endpoint_id TEXT NOT NULL,
    model TEXT NOT NULL,
    endpoint TEXT NOT NULL,  -- as it was called then
    PRIMARY KEY (conversation_id, endpoint_id, model)
) WITHOUT ROWID;
CREATE INDEX answered_by_model ON answered_by (endpoint_id, model);

-- The number stays the same when the database is copied, which an implicit rowid does not.
CREATE TABLE new_turn (
    number INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
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
    choice INTEGER NOT NULL,      -- of the run, for the outline
    characters INTEGER NOT NULL,  -- of the text, for a guess of its height
    lines INTEGER NOT NULL,
    trashed_by TEXT REFERENCES turn (id),  -- the message that was put into the trash with all below it
    UNIQUE (conversation_id, seq)
);
INSERT INTO new_turn (id, conversation_id, parent_id, seq, role, status, created, run, problem, reasoning,
        choice, characters, lines)
    SELECT id, conversation_id, parent_id, seq, role, status, created, run, problem, reasoning,
        CASE WHEN json_valid(run) THEN ifnull(json_extract(run, '$.choice'), 0) ELSE 0 END,
        ifnull((SELECT sum(length(CAST(text AS TEXT))) FROM part WHERE turn_id = turn.id AND kind = 'text'), 0),
        ifnull((SELECT sum(1 + length(CAST(text AS TEXT)) - length(replace(CAST(text AS TEXT), char(10), '')))
            FROM part WHERE turn_id = turn.id AND kind = 'text'), 0)
    FROM turn ORDER BY rowid;
DROP TABLE turn;
ALTER TABLE new_turn RENAME TO turn;
CREATE INDEX turn_unfinished ON turn (status) WHERE status IN ('sending', 'pending', 'streaming');
CREATE INDEX turn_trashed ON turn (trashed_by) WHERE trashed_by IS NOT NULL;
CREATE INDEX turn_parent ON turn (parent_id);

CREATE TABLE trashed_branch (
    turn_id TEXT PRIMARY KEY REFERENCES turn (id) ON DELETE CASCADE,
    trashed TEXT NOT NULL
);

INSERT OR IGNORE INTO answered_by (conversation_id, endpoint_id, model, endpoint)
    SELECT conversation_id, ifnull(json_extract(run, '$.endpoint_id'), ''), ifnull(json_extract(run, '$.model'), ''),
        ifnull(json_extract(run, '$.endpoint'), '')
    FROM turn WHERE run IS NOT NULL AND json_valid(run);
UPDATE conversation SET picture = (
    SELECT part.picture FROM turn JOIN part ON part.turn_id = turn.id AND part.picture IS NOT NULL
    WHERE turn.conversation_id = conversation.id ORDER BY turn.seq, part.position LIMIT 1);
