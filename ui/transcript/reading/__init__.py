"""Reading without a mouse or without eyes: the keyboard and what is told to screen readers."""
