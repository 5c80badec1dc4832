"""The only part of Fovea that opens a connection."""
