"""Panes beside each other: their splitters, their tabs, and moving between them."""
