"""A message on the screen: its frame, its body, and what can be done with it."""
