"""The blocks of an answer on the screen: paragraphs, code, tables and what they stand in."""
