"""Selecting across messages, copying, and dragging out."""
