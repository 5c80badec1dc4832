-- A library as Fovea 0.1.0 left it in schema 2: what every kind of row looked like then.
-- Never to be changed; later programs must go on reading it.

CREATE TABLE conversation (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    created TEXT NOT NULL,
    changed TEXT NOT NULL,
    touched INTEGER NOT NULL  -- grows with every change in the library; the clock may jump
, session TEXT NOT NULL DEFAULT '');
INSERT INTO conversation VALUES('aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','A photo','2026-05-04T12:00:00+00:00','2026-05-04T12:00:00+00:00',1,'s-1');
INSERT INTO conversation VALUES('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','','2026-05-04T12:00:00+00:00','2026-05-04T12:00:00+00:00',2,'');
INSERT INTO conversation VALUES('cccccccccccccccccccccccccccccccc',X'48616C662061207469746C6520EDA0BD','2026-05-04T12:00:00+00:00','2026-05-04T12:00:00+00:00',3,'');
CREATE INDEX conversation_touched ON conversation (touched);

CREATE TABLE draft (
    conversation_id TEXT REFERENCES conversation (id) ON DELETE CASCADE,
    text TEXT NOT NULL,
    pictures TEXT NOT NULL
, links TEXT NOT NULL DEFAULT '{}');
INSERT INTO draft VALUES(NULL,'typed','[["2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c", "photo.png"]]','{"2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c": "https://example.org/photo.png?size=1"}');
INSERT INTO draft VALUES('bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','typed below','[]','{}');
CREATE UNIQUE INDEX draft_place ON draft (ifnull(conversation_id, ''));

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;
INSERT INTO meta VALUES('open','no');
INSERT INTO meta VALUES('program','0.1.0');

CREATE TABLE "part" (
    turn_id TEXT NOT NULL REFERENCES turn (id) ON DELETE CASCADE,
    position INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('text', 'picture', 'tool_call')),
    picture TEXT REFERENCES picture (sha256) CHECK ((picture IS NOT NULL) = (kind = 'picture')),
    text TEXT NOT NULL,  -- of a picture: the name under which it was attached; of a tool call: its JSON
    link TEXT NOT NULL CHECK (link = '' OR kind = 'picture'),
    PRIMARY KEY (turn_id, position)
);
INSERT INTO part VALUES('11111111111111111111111111111111',0,'picture','2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c','photo.png','https://example.org/photo.png?size=1');
INSERT INTO part VALUES('11111111111111111111111111111111',1,'text',NULL,'What is this?','');
INSERT INTO part VALUES('22222222222222222222222222222222',0,'text',NULL,'A cat; it says ''mrrp'' ❤.','');
INSERT INTO part VALUES('22222222222222222222222222222222',1,'tool_call',NULL,'{"kind": "tool_call", "id": "c1", "name": "zoom", "arguments": "{\"x\": \"half a pair \ud83d\"}", "extra": "{\"signature\": \"s\"}"}','');
INSERT INTO part VALUES('33333333333333333333333333333333',0,'text',NULL,'A tabby.','');
INSERT INTO part VALUES('44444444444444444444444444444444',0,'text',NULL,'And its name?','');
INSERT INTO part VALUES('55555555555555555555555555555555',0,'text',NULL,X'48616C66206120706169723A20EDA0BD','');
INSERT INTO part VALUES('66666666666666666666666666666666',0,'text',NULL,'And its age?','');
INSERT INTO part VALUES('77777777777777777777777777777777',0,'text',NULL,'On its w','');
INSERT INTO part VALUES('88888888888888888888888888888888',0,'picture','2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c','photo.png','');
INSERT INTO part VALUES('88888888888888888888888888888888',1,'text',NULL,'What is that?','');
INSERT INTO part VALUES('dddddddddddddddddddddddddddddddd',0,'text',NULL,'Be short.','');
INSERT INTO part VALUES('eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee',0,'text',NULL,'Not sent yet','');
INSERT INTO part VALUES('ffffffffffffffffffffffffffffffff',0,'text',NULL,'Too long','');
INSERT INTO part VALUES('01010101010101010101010101010101',0,'text',NULL,'Lost','');
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

CREATE TABLE "turn" (
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
INSERT INTO turn VALUES('11111111111111111111111111111111','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',NULL,0,'user','done','2026-05-04T12:00:00+00:00',NULL,NULL,'');
INSERT INTO turn VALUES('22222222222222222222222222222222','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','11111111111111111111111111111111',1,'assistant','done','2026-05-04T12:00:00+00:00','{"endpoint": "NVIDIA", "model": "eye-7b", "parameters": {"temperature": "0.5", "n": "2"}, "prepared": [{"original": "2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c", "sha256": "0000000000000000000000000000000000000000000000000000000000000000", "mime": "image/jpeg", "width": 4, "height": 3, "byte_count": 9, "scale_x": 1.0, "scale_y": 1.0}], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}, "first_token_s": 0.5, "total_s": 1.5, "finish_reason": "stop", "endpoint_id": "nvidia", "request_id": "r-1", "ticket": null, "confidence": 0.75, "session": "s-1", "notes": [{"what": "{name} was made smaller.", "facts": {"name": "photo.png"}}], "choice": 0}',NULL,'Whiskers.');
INSERT INTO turn VALUES('33333333333333333333333333333333','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','11111111111111111111111111111111',2,'assistant','done','2026-05-04T12:00:00+00:00','{"endpoint": "NVIDIA", "model": "eye-7b", "parameters": {"temperature": "0.5", "n": "2"}, "prepared": [{"original": "2c93d649d1b4ff51885a9509a541b98ddc6cf1b3426bc1b7a2a0bc3786adeb0c", "sha256": "0000000000000000000000000000000000000000000000000000000000000000", "mime": "image/jpeg", "width": 4, "height": 3, "byte_count": 9, "scale_x": 1.0, "scale_y": 1.0}], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}, "first_token_s": 0.5, "total_s": 1.5, "finish_reason": "stop", "endpoint_id": "nvidia", "request_id": "r-1", "ticket": null, "confidence": 0.75, "session": "s-1", "notes": [{"what": "{name} was made smaller.", "facts": {"name": "photo.png"}}], "choice": 1}',NULL,'');
INSERT INTO turn VALUES('44444444444444444444444444444444','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','22222222222222222222222222222222',3,'user','done','2026-05-04T12:00:00+00:00',NULL,NULL,'');
INSERT INTO turn VALUES('55555555555555555555555555555555','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','44444444444444444444444444444444',4,'assistant','interrupted','2026-05-04T12:00:00+00:00','{"endpoint": "Local", "model": "m", "parameters": {}, "prepared": [], "usage": {"prompt_tokens": null, "completion_tokens": null, "total_tokens": null}, "first_token_s": null, "total_s": null, "finish_reason": "", "endpoint_id": "local", "request_id": "", "ticket": null, "confidence": null, "session": "", "notes": [], "choice": 0}',NULL,'');
INSERT INTO turn VALUES('66666666666666666666666666666666','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','22222222222222222222222222222222',5,'user','done','2026-05-04T12:00:00+00:00',NULL,NULL,'');
INSERT INTO turn VALUES('77777777777777777777777777777777','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','66666666666666666666666666666666',6,'assistant','streaming','2026-05-04T12:00:00+00:00','{"endpoint": "Local", "model": "m", "parameters": {}, "prepared": [], "usage": {"prompt_tokens": null, "completion_tokens": null, "total_tokens": null}, "first_token_s": null, "total_s": null, "finish_reason": "", "endpoint_id": "local", "request_id": "", "ticket": null, "confidence": null, "session": "", "notes": [], "choice": 0}',NULL,'');
INSERT INTO turn VALUES('88888888888888888888888888888888','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',NULL,7,'user','done','2026-05-04T12:00:00+00:00',NULL,NULL,'');
INSERT INTO turn VALUES('99999999999999999999999999999999','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','88888888888888888888888888888888',8,'assistant','pending','2026-05-04T12:00:00+00:00','{"endpoint": "NVIDIA", "model": "eye-7b", "parameters": {"temperature": "0.5", "n": "2"}, "prepared": [], "usage": {"prompt_tokens": 3, "completion_tokens": 4, "total_tokens": 7}, "first_token_s": 0.5, "total_s": 1.5, "finish_reason": "", "endpoint_id": "nvidia", "request_id": "r-2", "ticket": {"endpoint_id": "nvidia", "request_id": "r-2", "url": "https://example.org/status/r-2", "given": 1.5}, "confidence": 0.75, "session": "s-1", "notes": [{"what": "{name} was made smaller.", "facts": {"name": "photo.png"}}], "choice": 0}',NULL,'');
INSERT INTO turn VALUES('dddddddddddddddddddddddddddddddd','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb',NULL,0,'system','done','2026-05-04T12:00:00+00:00',NULL,NULL,'');
INSERT INTO turn VALUES('eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','dddddddddddddddddddddddddddddddd',1,'user','sending','2026-05-04T12:00:00+00:00',NULL,NULL,'');
INSERT INTO turn VALUES('ffffffffffffffffffffffffffffffff','cccccccccccccccccccccccccccccccc',NULL,0,'user','done','2026-05-04T12:00:00+00:00',NULL,NULL,'');
INSERT INTO turn VALUES('00000000000000000000000000000000','cccccccccccccccccccccccccccccccc','ffffffffffffffffffffffffffffffff',1,'assistant','failed','2026-05-04T12:00:00+00:00','{"endpoint": "Local", "model": "m", "parameters": {}, "prepared": [], "usage": {"prompt_tokens": null, "completion_tokens": null, "total_tokens": null}, "first_token_s": null, "total_s": null, "finish_reason": "", "endpoint_id": "local", "request_id": "", "ticket": null, "confidence": null, "session": "", "notes": [], "choice": 0}','{"code": "rejected", "what": "{endpoint} refused the request ({status}): {reason}.", "remedy": "Change the request and send it again.", "facts": {"endpoint": "Local", "status": "400", "reason": "too long"}, "kept": "The question is kept.", "retryable": false}','');
INSERT INTO turn VALUES('01010101010101010101010101010101','cccccccccccccccccccccccccccccccc','ffffffffffffffffffffffffffffffff',2,'assistant','pending','2026-05-04T12:00:00+00:00','{"endpoint": "Local", "model": "m", "parameters": {}, "prepared": [], "usage": {"prompt_tokens": null, "completion_tokens": null, "total_tokens": null}, "first_token_s": null, "total_s": null, "finish_reason": "", "endpoint_id": "local", "request_id": "", "ticket": null, "confidence": null, "session": "", "notes": [], "choice": 0}',NULL,'');
CREATE INDEX turn_unfinished ON turn (status) WHERE status IN ('sending', 'pending', 'streaming');

PRAGMA application_id=1181709921;
PRAGMA user_version=2;
