"""The newest pictures of a folder, to choose from by eye."""
