"""The library: its list, its care, and conversations in and out."""
