"""What one sees of conversations that leave the library or come into it."""
