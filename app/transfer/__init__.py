"""Conversations that leave the library and that come into it."""
