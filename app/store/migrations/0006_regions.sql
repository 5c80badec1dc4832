-- What is done with a picture on its way (JSON), and what was chosen for those of a conversation.
ALTER TABLE part ADD COLUMN treatment TEXT;
ALTER TABLE draft ADD COLUMN treatments TEXT NOT NULL DEFAULT '{}';
ALTER TABLE conversation ADD COLUMN choices TEXT;
