"""Markdown as an answer holds it: from its source to blocks and styled text."""
