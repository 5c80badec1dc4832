"""The settings: endpoints with their keys, and how Fovea looks."""
