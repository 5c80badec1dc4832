"""What is drawn on pictures."""
