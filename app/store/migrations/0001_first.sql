CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE conversation (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    created TEXT NOT NULL,
    changed TEXT NOT NULL,
    touched INTEGER NOT NULL  -- grows with every change in the library; the clock may jump
);
CREATE INDEX conversation_touched ON conversation (touched);

CREATE TABLE picture (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    byte_count INTEGER NOT NULL,
    revealed TEXT NOT NULL
);

CREATE TABLE turn (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    parent_id TEXT REFERENCES turn (id),
    seq INTEGER NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('system', 'user', 'assistant')),
    status TEXT NOT NULL CHECK (status IN ('sending', 'streaming', 'done', 'interrupted', 'failed')),
    created TEXT NOT NULL,
    run TEXT,
    problem TEXT,
    reasoning TEXT NOT NULL,
    UNIQUE (conversation_id, seq)
);
CREATE INDEX turn_unfinished ON turn (status) WHERE status IN ('sending', 'streaming');

CREATE TABLE part (
    turn_id TEXT NOT NULL REFERENCES turn (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'picture')),
    picture TEXT REFERENCES picture (sha256) CHECK ((picture IS NOT NULL) = (kind = 'picture')),
    text TEXT NOT NULL,  -- of a picture: the name under which it was attached
    PRIMARY KEY (turn_id, position)
);
CREATE INDEX part_with_picture ON part (turn_id, position) WHERE picture IS NOT NULL;

CREATE TABLE draft (
    conversation_id TEXT REFERENCES conversation (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    pictures TEXT NOT NULL
);
CREATE UNIQUE INDEX draft_place ON draft (ifnull(conversation_id, ''));
