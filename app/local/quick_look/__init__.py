"""Quick look: what can be said about a picture at once, without a key, a network or a download."""
