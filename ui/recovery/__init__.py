"""A library that cannot be used: what can be brought back, and from which copy."""
