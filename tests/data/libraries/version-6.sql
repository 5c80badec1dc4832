-- A library as Fovea 0.1.0 left it in schema 6: that of schema 5, and what was drawn on pictures, chosen for
-- them and noted of what was sent. Never to be changed; later programs must go on reading it.

-- This pragma is needed to restore virtual tables
PRAGMA writable_schema=ON;

BEGIN TRANSACTION;

CREATE TABLE answered_by (
    conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    endpoint_id TEXT NOT NULL,
    model TEXT NOT NULL,
    endpoint TEXT NOT NULL,  -- as it was called then
    PRIMARY KEY (conversation_id, endpoint_id, model)
) WITHOUT ROWID;
INSERT INTO answered_by VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','local','m','Local');
INSERT INTO answered_by VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','nvidia','eye-7b','NVIDIA');
INSERT INTO answered_by VALUES('cccccccccccccccccccccccccccccccc','local','m','Local');
CREATE INDEX answered_by_model ON answered_by (endpoint_id, model);

CREATE TABLE conversation (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    created TEXT NOT NULL,
    changed TEXT NOT NULL,
    touched INTEGER NOT NULL  -- grows with every change in the library; the clock may jump
, session TEXT NOT NULL DEFAULT '', folder_id TEXT REFERENCES folder (id) ON DELETE SET NULL, pinned INTEGER NOT NULL DEFAULT 0, trashed TEXT, leaf TEXT NOT NULL DEFAULT '', picture TEXT REFERENCES picture (sha256), number INTEGER, choices TEXT);
INSERT INTO conversation VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','A photo','2026-05-04T12:00:00+00:00','2026-11-22T08:23:16.677398+00:00',6,'s-1','1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f',0,NULL,'33333333333333333333333333333333','2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c',1,'{"last": 2, "rules": {"2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c": "describe"}, "descriptions": {"2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c": "A cat \ud83d."}, "dialect": "qwen"}');
INSERT INTO conversation VALUES('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','','2026-05-04T12:00:00+00:00','2026-05-04T12:00:00+00:00',2,'',NULL,1,NULL,'',NULL,2,NULL);
INSERT INTO conversation VALUES('cccccccccccccccccccccccccccccccc',X'48616C662061207469746C6520EDA0BD','2026-05-04T12:00:00+00:00','2026-05-04T12:00:00+00:00',3,'',NULL,0,NULL,'',NULL,3,NULL);
INSERT INTO conversation VALUES('dddddddddddddddddddddddddddddddd','Trashed','2026-11-20T12:00:00+00:00','2026-11-20T12:00:00+00:00',5,'',NULL,0,'2026-11-20T12:00:00+00:00','',NULL,4,NULL);
CREATE TRIGGER conversation_came AFTER INSERT ON conversation BEGIN
    UPDATE conversation SET number = (SELECT ifnull(max(number), 0) + 1 FROM conversation) WHERE id = new.id;
    INSERT OR IGNORE INTO unindexed_title SELECT number FROM conversation WHERE id = new.id;
END;
CREATE INDEX conversation_folder ON conversation (folder_id) WHERE folder_id IS NOT NULL;
CREATE TRIGGER conversation_gone AFTER DELETE ON conversation BEGIN
    DELETE FROM title_words WHERE rowid = old.number;
    DELETE FROM unindexed_title WHERE number = old.number;
END;
CREATE INDEX conversation_listed ON conversation (pinned DESC, touched DESC, id) WHERE trashed IS NULL;
CREATE UNIQUE INDEX conversation_number ON conversation (number);
CREATE TRIGGER conversation_renamed AFTER UPDATE OF title ON conversation BEGIN
    INSERT OR IGNORE INTO unindexed_title VALUES (new.number);
END;
CREATE INDEX conversation_touched ON conversation (touched);
CREATE INDEX conversation_trashed ON conversation (trashed) WHERE trashed IS NOT NULL;

CREATE TABLE cut_off (
    turn_id TEXT PRIMARY KEY REFERENCES turn (id) ON DELETE CASCADE
) WITHOUT ROWID;
INSERT INTO cut_off VALUES('77777777777777777777777777777777');

CREATE TABLE draft (
    conversation_id TEXT REFERENCES conversation (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    pictures TEXT NOT NULL
, links TEXT NOT NULL DEFAULT '{}', edits TEXT REFERENCES turn (id) ON DELETE CASCADE, treatments TEXT NOT NULL DEFAULT '{}');
INSERT INTO draft VALUES(NULL,'typed','[["2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c", "photo.png"]]','{"2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c": "https://example.org/photo.png?size=1"}',NULL,'{}');
INSERT INTO draft VALUES('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','typed below','[]','{}',NULL,'{}');
INSERT INTO draft VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','What is this, really?','[["2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c", "photo.png"]]','{}','11111111111111111111111111111111','{}');
INSERT INTO draft VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','covered','[["2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c", "photo.png"]]','{}',NULL,'{"2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c": {"regions": [{"id": "0badf00d", "kind": "rectangle", "points": [{"x": 0.5, "y": 1.0}, {"x": 3.0, "y": 2.5}], "name": "the \ud83d cat"}, {"id": "0badf00e", "kind": "lasso", "points": [{"x": 0.5, "y": 1.0}, {"x": 3.0, "y": 2.5}, {"x": 0.0, "y": 3.0}], "name": ""}, {"id": "0badf00f", "kind": "point", "points": [{"x": 0.5, "y": 1.0}], "name": ""}, {"id": "0badf010", "kind": "arrow", "points": [{"x": 0.5, "y": 1.0}, {"x": 3.0, "y": 2.5}], "name": ""}], "sends": "marked", "redactions": [{"kind": "box", "points": [{"x": 0.5, "y": 1.0}, {"x": 3.0, "y": 2.5}], "width": 0.0}, {"kind": "brush", "points": [{"x": 0.5, "y": 1.0}, {"x": 3.0, "y": 2.5}], "width": 1.5}], "detail": "tiles"}}');
CREATE UNIQUE INDEX draft_place ON draft (ifnull(conversation_id, ''), ifnull(edits, ''));

CREATE TABLE folder (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    position INTEGER NOT NULL
);
INSERT INTO folder VALUES('1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f1f','Animals',0);
INSERT INTO folder VALUES('2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f2f',X'48616C6620EDA0BD',1);

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO meta VALUES('changed','yes');
INSERT INTO meta VALUES('open','no');
INSERT INTO meta VALUES('program','0.1.0');

CREATE TABLE "part" (
    turn_id TEXT NOT NULL REFERENCES turn (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'picture', 'tool_call')),
    picture TEXT REFERENCES picture (sha256) CHECK ((picture IS NOT NULL) = (kind = 'picture')),
    text TEXT NOT NULL,  -- of a picture: the name under which it was attached; of a tool call: its JSON
    link TEXT NOT NULL CHECK (link = '' OR kind = 'picture'), treatment TEXT,
    PRIMARY KEY (turn_id, position)
);
INSERT INTO part VALUES('11111111111111111111111111111111',0,'picture','2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c','photo.png','https://example.org/photo.png?size=1',NULL);
INSERT INTO part VALUES('11111111111111111111111111111111',1,'text',NULL,'What is this?','',NULL);
INSERT INTO part VALUES('22222222222222222222222222222222',0,'text',NULL,'A cat; it says ''mrrp'' ❤.','',NULL);
INSERT INTO part VALUES('22222222222222222222222222222222',1,'tool_call',NULL,'{"kind": "tool_call", "id": "c1", "name": "zoom", "arguments": "{\"x\": \"half a pair \ud83d\"}", "extra": "{\"signature\": \"s\"}"}','',NULL);
INSERT INTO part VALUES('33333333333333333333333333333333',0,'text',NULL,'A tabby.','',NULL);
INSERT INTO part VALUES('44444444444444444444444444444444',0,'text',NULL,'And its name?','',NULL);
INSERT INTO part VALUES('55555555555555555555555555555555',0,'text',NULL,X'48616C66206120706169723A20EDA0BD','',NULL);
INSERT INTO part VALUES('66666666666666666666666666666666',0,'text',NULL,'And its age?','',NULL);
INSERT INTO part VALUES('77777777777777777777777777777777',0,'text',NULL,'On its w','',NULL);
INSERT INTO part VALUES('88888888888888888888888888888888',0,'picture','2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c','photo.png','',NULL);
INSERT INTO part VALUES('88888888888888888888888888888888',1,'text',NULL,'What is that?','',NULL);
INSERT INTO part VALUES('dddddddddddddddddddddddddddddddd',0,'text',NULL,'Be short.','',NULL);
INSERT INTO part VALUES('eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',0,'text',NULL,'Not sent yet','',NULL);
INSERT INTO part VALUES('ffffffffffffffffffffffffffffffff',0,'text',NULL,'Too long','',NULL);
INSERT INTO part VALUES('01010101010101010101010101010101',0,'text',NULL,'Lost','',NULL);
INSERT INTO part VALUES('a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5',0,'text',NULL,'A third answer.','',NULL);
INSERT INTO part VALUES('b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5',0,'text',NULL,'In the trash
with its answer','',NULL);
INSERT INTO part VALUES('c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5',0,'text',NULL,'Trashed words','',NULL);
INSERT INTO part VALUES('e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5',0,'text',NULL,'Trashed before','',NULL);
INSERT INTO part VALUES('d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1',0,'text',NULL,'A conversation in the trash','',NULL);
INSERT INTO part VALUES('a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6',0,'picture','2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c','again.png','','{"regions": [{"id": "0badf00d", "kind": "rectangle", "points": [{"x": 0.5, "y": 1.0}, {"x": 3.0, "y": 2.5}], "name": "the \ud83d cat"}, {"id": "0badf00e", "kind": "lasso", "points": [{"x": 0.5, "y": 1.0}, {"x": 3.0, "y": 2.5}, {"x": 0.0, "y": 3.0}], "name": ""}, {"id": "0badf00f", "kind": "point", "points": [{"x": 0.5, "y": 1.0}], "name": ""}, {"id": "0badf010", "kind": "arrow", "points": [{"x": 0.5, "y": 1.0}, {"x": 3.0, "y": 2.5}], "name": ""}], "sends": "marked", "redactions": [{"kind": "box", "points": [{"x": 0.5, "y": 1.0}, {"x": 3.0, "y": 2.5}], "width": 0.0}, {"kind": "brush", "points": [{"x": 0.5, "y": 1.0}, {"x": 3.0, "y": 2.5}], "width": 1.5}], "detail": "tiles"}');
INSERT INTO part VALUES('a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6',1,'text',NULL,'And in there?','',NULL);
INSERT INTO part VALUES('b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6',0,'text',NULL,'Whiskers.','',NULL);
CREATE INDEX part_with_picture ON part (turn_id, position) WHERE picture IS NOT NULL;

CREATE TABLE picture (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    byte_count INTEGER NOT NULL,
    revealed TEXT NOT NULL
);
INSERT INTO picture VALUES('2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c','png',4,3,57,'{"has_location": true, "camera": "Camera", "taken": "2026-02-28 10:00", "comment": ""}');

CREATE TABLE tag (
    name TEXT NOT NULL,
    conversation_id TEXT NOT NULL REFERENCES conversation (id) ON DELETE CASCADE,
    PRIMARY KEY (conversation_id, name)
) WITHOUT ROWID;
INSERT INTO tag VALUES('cats','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
INSERT INTO tag VALUES('cats','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb');
INSERT INTO tag VALUES('ünïcode','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa');
CREATE INDEX tag_name ON tag (name);

DELETE FROM sqlite_schema WHERE name='title_words' AND type='table';
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql) VALUES('table','title_words','title_words',0,'CREATE VIRTUAL TABLE title_words USING fts5 (
    words, content = '''', contentless_delete = 1, detail = none, tokenize = ''ascii''
)');

CREATE TABLE 'title_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO title_words_config VALUES('automerge',0);
INSERT INTO title_words_config VALUES('version',4);

CREATE TABLE 'title_words_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO title_words_data VALUES(1,X'0406');
INSERT INTO title_words_data VALUES(10,X'00000001FF0000010103000003010101010100000102010102020000010301010303000002');
INSERT INTO title_words_data VALUES(137438953473,X'000000120C30F3B08080747261736865640404');
INSERT INTO title_words_data VALUES(274877906945,X'0000001B0630F3B080806103050468616C660305057469746C6503040807');
INSERT INTO title_words_data VALUES(412316860417,X'000000140630F3B080806101050570686F746F010408');

CREATE TABLE 'title_words_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);
INSERT INTO title_words_docsize VALUES(1,X'02',3);
INSERT INTO title_words_docsize VALUES(2,X'00',3);
INSERT INTO title_words_docsize VALUES(3,X'03',2);
INSERT INTO title_words_docsize VALUES(4,X'01',1);

CREATE TABLE 'title_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO title_words_idx VALUES(1,X'',2);
INSERT INTO title_words_idx VALUES(2,X'',2);
INSERT INTO title_words_idx VALUES(3,X'',2);

CREATE TABLE trashed_branch (
    turn_id TEXT PRIMARY KEY REFERENCES turn (id) ON DELETE CASCADE,
    trashed TEXT NOT NULL
);
INSERT INTO trashed_branch VALUES('e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5','2026-11-20T12:00:00+00:00');
INSERT INTO trashed_branch VALUES('b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5','2026-11-20T12:00:00+00:00');

CREATE TABLE "turn" (
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
INSERT INTO turn VALUES(1,'11111111111111111111111111111111','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',NULL,0,'user','done','2026-05-04T12:00:00+00:00',NULL,NULL,'',0,13,1,NULL);
INSERT INTO turn VALUES(2,'22222222222222222222222222222222','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','11111111111111111111111111111111',1,'assistant','done','2026-05-04T12:00:00+00:00','{"endpoint": "NVIDIA", "model": "eye-7b", "parameters": {"temperature": "0.5", "n": "2"}, "prepared": [{"original": "2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c", "sha256": "0000000000000000000000000000000000000000000000000000000000000000", "mime": "image/jpeg", "width": 4, "height": 3, "byte_count": 9, "scale_x": 1.0, "scale_y": 1.0}], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}, "first_token_s": 0.5, "total_s": 1.5, "finish_reason": "stop", "endpoint_id": "nvidia", "request_id": "r-1", "ticket": null, "confidence": 0.75, "session": "s-1", "notes": [{"what": "{name} was made smaller.", "facts": {"name": "photo.png"}}], "choice": 0}',NULL,'Whiskers.',0,24,1,NULL);
INSERT INTO turn VALUES(3,'33333333333333333333333333333333','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','11111111111111111111111111111111',2,'assistant','done','2026-05-04T12:00:00+00:00','{"endpoint": "NVIDIA", "model": "eye-7b", "parameters": {"temperature": "0.5", "n": "2"}, "prepared": [{"original": "2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c", "sha256": "0000000000000000000000000000000000000000000000000000000000000000", "mime": "image/jpeg", "width": 4, "height": 3, "byte_count": 9, "scale_x": 1.0, "scale_y": 1.0}], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}, "first_token_s": 0.5, "total_s": 1.5, "finish_reason": "stop", "endpoint_id": "nvidia", "request_id": "r-1", "ticket": null, "confidence": 0.75, "session": "s-1", "notes": [{"what": "{name} was made smaller.", "facts": {"name": "photo.png"}}], "choice": 1}',NULL,'',1,8,1,NULL);
INSERT INTO turn VALUES(4,'44444444444444444444444444444444','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','22222222222222222222222222222222',3,'user','done','2026-05-04T12:00:00+00:00',NULL,NULL,'',0,13,1,NULL);
INSERT INTO turn VALUES(5,'55555555555555555555555555555555','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','44444444444444444444444444444444',4,'assistant','interrupted','2026-05-04T12:00:00+00:00','{"endpoint": "Local", "model": "m", "parameters": {}, "prepared": [], "usage": {"prompt_tokens": null, "completion_tokens": null, "total_tokens": null}, "first_token_s": null, "total_s": null, "finish_reason": "", "endpoint_id": "local", "request_id": "", "ticket": null, "confidence": null, "session": "", "notes": [], "choice": 0}',NULL,'',0,14,1,NULL);
INSERT INTO turn VALUES(6,'66666666666666666666666666666666','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','22222222222222222222222222222222',5,'user','done','2026-05-04T12:00:00+00:00',NULL,NULL,'',0,12,1,NULL);
INSERT INTO turn VALUES(7,'77777777777777777777777777777777','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','66666666666666666666666666666666',6,'assistant','interrupted','2026-05-04T12:00:00+00:00','{"endpoint": "Local", "model": "m", "parameters": {}, "prepared": [], "usage": {"prompt_tokens": null, "completion_tokens": null, "total_tokens": null}, "first_token_s": null, "total_s": null, "finish_reason": "", "endpoint_id": "local", "request_id": "", "ticket": null, "confidence": null, "session": "", "notes": [], "choice": 0}',NULL,'',0,8,1,NULL);
INSERT INTO turn VALUES(8,'88888888888888888888888888888888','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',NULL,7,'user','done','2026-05-04T12:00:00+00:00',NULL,NULL,'',0,13,1,NULL);
INSERT INTO turn VALUES(9,'99999999999999999999999999999999','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','88888888888888888888888888888888',8,'assistant','pending','2026-05-04T12:00:00+00:00','{"endpoint": "NVIDIA", "model": "eye-7b", "parameters": {"temperature": "0.5", "n": "2"}, "prepared": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}, "first_token_s": 0.5, "total_s": 1.5, "finish_reason": "", "endpoint_id": "nvidia", "request_id": "r-2", "ticket": {"endpoint_id": "nvidia", "request_id": "r-2", "url": "https://example.org/status/r-2", "given": 1.5}, "confidence": 0.75, "session": "s-1", "notes": [{"what": "{name} was made smaller.", "facts": {"name": "photo.png"}}], "choice": 0}',NULL,'',0,0,0,NULL);
INSERT INTO turn VALUES(10,'dddddddddddddddddddddddddddddddd','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,0,'system','done','2026-05-04T12:00:00+00:00',NULL,NULL,'',0,9,1,NULL);
INSERT INTO turn VALUES(11,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','dddddddddddddddddddddddddddddddd',1,'user','interrupted','2026-05-04T12:00:00+00:00',NULL,NULL,'',0,12,1,NULL);
INSERT INTO turn VALUES(12,'ffffffffffffffffffffffffffffffff','cccccccccccccccccccccccccccccccc',NULL,0,'user','done','2026-05-04T12:00:00+00:00',NULL,NULL,'',0,8,1,NULL);
INSERT INTO turn VALUES(13,'00000000000000000000000000000000','cccccccccccccccccccccccccccccccc','ffffffffffffffffffffffffffffffff',1,'assistant','failed','2026-05-04T12:00:00+00:00','{"endpoint": "Local", "model": "m", "parameters": {}, "prepared": [], "usage": {"prompt_tokens": null, "completion_tokens": null, "total_tokens": null}, "first_token_s": null, "total_s": null, "finish_reason": "", "endpoint_id": "local", "request_id": "", "ticket": null, "confidence": null, "session": "", "notes": [], "choice": 0}','{"code": "rejected", "what": "{endpoint} refused the request ({status}): {reason}.", "remedy": "Change the request and send it again.", "facts": {"endpoint": "Local", "status": "400", "reason": "too long"}, "kept": "The question is kept.", "retryable": false}','',0,0,0,NULL);
INSERT INTO turn VALUES(14,'01010101010101010101010101010101','cccccccccccccccccccccccccccccccc','ffffffffffffffffffffffffffffffff',2,'assistant','interrupted','2026-05-04T12:00:00+00:00','{"endpoint": "Local", "model": "m", "parameters": {}, "prepared": [], "usage": {"prompt_tokens": null, "completion_tokens": null, "total_tokens": null}, "first_token_s": null, "total_s": null, "finish_reason": "", "endpoint_id": "local", "request_id": "", "ticket": null, "confidence": null, "session": "", "notes": [], "choice": 0}',NULL,'',0,4,1,NULL);
INSERT INTO turn VALUES(15,'a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','11111111111111111111111111111111',9,'assistant','done','2026-11-20T12:00:00+00:00','{"endpoint": "Local", "model": "m", "parameters": {"n": "2"}, "prepared": [], "usage": {"prompt_tokens": null, "completion_tokens": null, "total_tokens": null}, "first_token_s": null, "total_s": null, "finish_reason": "", "endpoint_id": "local", "request_id": "", "ticket": null, "confidence": null, "session": "", "notes": [], "choice": 1, "system": "Be short.", "detail": "fit", "projector": "p.gguf", "tools": [{"name": "zoom", "description": "Look closer", "parameters": {"type": "object"}}], "stream": false, "prefill": "A", "author": "me", "sees": true, "reasoning_s": 0.5, "continues": "22222222222222222222222222222222", "begun": 1, "in_words": true, "replays": "33333333333333333333333333333333"}',NULL,'',1,15,1,NULL);
INSERT INTO turn VALUES(16,'b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','22222222222222222222222222222222',10,'user','done','2026-11-20T12:00:00+00:00',NULL,NULL,'',0,28,2,'b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5');
INSERT INTO turn VALUES(17,'c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5',11,'assistant','done','2026-11-20T12:00:00+00:00',NULL,NULL,'',0,13,1,'b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5b5');
INSERT INTO turn VALUES(18,'e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5c5',12,'user','done','2026-11-20T12:00:00+00:00',NULL,NULL,'',0,14,1,'e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5e5');
INSERT INTO turn VALUES(19,'d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1d1','dddddddddddddddddddddddddddddddd',NULL,0,'user','interrupted','2026-11-20T12:00:00+00:00',NULL,NULL,'',0,27,1,NULL);
INSERT INTO turn VALUES(20,'a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','55555555555555555555555555555555',13,'user','done','2026-06-07T12:00:00+00:00',NULL,NULL,'',0,13,1,NULL);
INSERT INTO turn VALUES(21,'b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6b6','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6a6',14,'assistant','done','2026-06-07T12:00:00+00:00','{"endpoint": "NVIDIA", "model": "eye-7b", "parameters": {}, "prepared": [{"original": "2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c", "sha256": "dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd", "mime": "image/png", "width": 2, "height": 2, "byte_count": 70, "scale_x": 1.0, "scale_y": 1.0, "left": 1.0, "top": 0.5, "view": "region", "number": 1, "region": "0badf00d", "marked": true, "redacted": 2, "text_px": 9.5}], "usage": {"prompt_tokens": null, "completion_tokens": null, "total_tokens": null}, "first_token_s": null, "total_s": null, "finish_reason": "stop", "endpoint_id": "nvidia", "request_id": "", "ticket": null, "confidence": null, "session": "", "notes": [], "choice": 0, "system": "", "detail": "tiles", "projector": null, "tools": [], "stream": true, "prefill": "", "author": "", "sees": null, "reasoning_s": null, "continues": "", "begun": 0, "in_words": false, "replays": "", "choices": {"last": 2, "rules": {"2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c": "describe"}, "descriptions": {"2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c": "A cat \ud83d."}, "dialect": "qwen"}, "entities": "[{\"phrase\": \"cat\"}]"}',NULL,'',0,9,1,NULL);
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
CREATE INDEX turn_parent ON turn (parent_id);
CREATE INDEX turn_trashed ON turn (trashed_by) WHERE trashed_by IS NOT NULL;
CREATE INDEX turn_unfinished ON turn (status) WHERE status IN ('sending', 'pending', 'streaming');

DELETE FROM sqlite_schema WHERE name='turn_words' AND type='table';
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql) VALUES('table','turn_words','turn_words',0,'CREATE VIRTUAL TABLE turn_words USING fts5 (
    words, content = '''', contentless_delete = 1, detail = none, tokenize = ''ascii''
)');

CREATE TABLE 'turn_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO turn_words_config VALUES('automerge',0);
INSERT INTO turn_words_config VALUES('version',4);

CREATE TABLE 'turn_words_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO turn_words_data VALUES(1,X'1451');
INSERT INTO turn_words_data VALUES(10,X'00000001FF000001020100000000010801010115000014');
INSERT INTO turn_words_data VALUES(1099511627777,X'000001350630F3B08080610201020A0406046761696E140701650606026E6404020E0704737765720F01050262650A0704666F726512050363617402060B6F6E766572736174696F6E13050468616C66050502696E1003010601730107060174020701730402010905046C6F6E670C070273740E05046D7272700205046E616D650406026F740B05026F6E07050470616972050604686F746F010706026E6701070C050473617973020603656E740B0604686F72740A05057461626279030603686174080701651003080272651407036972640F0801730106026F6F0C06047261736810030A02656411010501770706036861740107070669736B6572731506036974681006046F7264731105037965740B0504EE80803101010101010101010701010102010801320A010801330C010108013413040C070407080507060E0707050407070507070505070807070607080605050604050806040709060706140506');

CREATE TABLE 'turn_words_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);
INSERT INTO turn_words_docsize VALUES(1,X'06',17);
INSERT INTO turn_words_docsize VALUES(2,X'06',16);
INSERT INTO turn_words_docsize VALUES(3,X'03',15);
INSERT INTO turn_words_docsize VALUES(4,X'04',14);
INSERT INTO turn_words_docsize VALUES(5,X'04',13);
INSERT INTO turn_words_docsize VALUES(6,X'04',12);
INSERT INTO turn_words_docsize VALUES(7,X'04',21);
INSERT INTO turn_words_docsize VALUES(8,X'06',10);
INSERT INTO turn_words_docsize VALUES(10,X'03',9);
INSERT INTO turn_words_docsize VALUES(11,X'04',8);
INSERT INTO turn_words_docsize VALUES(12,X'03',7);
INSERT INTO turn_words_docsize VALUES(13,X'01',6);
INSERT INTO turn_words_docsize VALUES(14,X'02',5);
INSERT INTO turn_words_docsize VALUES(15,X'04',4);
INSERT INTO turn_words_docsize VALUES(16,X'07',3);
INSERT INTO turn_words_docsize VALUES(17,X'03',2);
INSERT INTO turn_words_docsize VALUES(18,X'03',1);
INSERT INTO turn_words_docsize VALUES(19,X'06',20);
INSERT INTO turn_words_docsize VALUES(20,X'06',19);
INSERT INTO turn_words_docsize VALUES(21,X'02',18);

CREATE TABLE 'turn_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO turn_words_idx VALUES(8,X'',2);

CREATE TABLE unindexed_title (number INTEGER PRIMARY KEY);

CREATE TABLE unindexed_turn (number INTEGER PRIMARY KEY);

pragma user_version=6;
pragma application_id=1181709921;

COMMIT TRANSACTION;

PRAGMA writable_schema=OFF;
