"""What models point at: their words for places become shapes in the picture."""
