"""One picture: where it stands, how it is painted, moved and enlarged."""
