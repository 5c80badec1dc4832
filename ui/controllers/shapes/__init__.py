"""What answers point at: read, shown on their pictures and listed."""
