"""The window: draws and listens; what happens is decided in app."""
