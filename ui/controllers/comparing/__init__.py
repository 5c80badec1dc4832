"""Asking the same of other pictures and other models."""
