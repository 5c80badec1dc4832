"""The open conversation: its branches, its messages, and undoing."""
