"""Quick look: what can be said about a picture at once, without a key, a network or a download."""

LONGEST_SIDE = 1600
"""In pixels, of the pictures looked at. More double the time and read no more lines of a dense page."""
