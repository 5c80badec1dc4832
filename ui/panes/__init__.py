"""Where pictures are shown and dropped."""
