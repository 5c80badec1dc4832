"""One question, several pictures, several models: answers side by side."""
