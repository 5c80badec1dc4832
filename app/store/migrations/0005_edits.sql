ALTER TABLE draft ADD COLUMN edits TEXT REFERENCES turn (id) ON DELETE CASCADE;  -- the question it changes
DROP INDEX draft_place;
CREATE UNIQUE INDEX draft_place ON draft (ifnull(conversation_id, ''), ifnull(edits, ''));

-- Answers that the end of the program cut off, until it is offered to go on with them.
CREATE TABLE cut_off (
    turn_id TEXT PRIMARY KEY REFERENCES turn (id) ON DELETE CASCADE
) WITHOUT ROWID;
