"""How Fovea looks: named colours, type, icons and the one style sheet."""
