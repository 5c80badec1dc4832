"""Where messages stand: their heights, which of them exist as widgets, and the reading place."""
