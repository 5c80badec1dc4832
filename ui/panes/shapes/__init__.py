"""What answers point at, drawn on the picture and listed."""
