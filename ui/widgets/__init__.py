"""Small parts with no knowledge of pictures or conversations."""
