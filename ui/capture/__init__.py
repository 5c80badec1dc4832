"""Capturing the screen: a region, a window or all of it."""
