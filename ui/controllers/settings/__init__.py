"""The settings: endpoints, their keys, and trying them."""
