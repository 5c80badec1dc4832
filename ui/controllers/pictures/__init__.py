"""Pictures of the window: where they come from, where they are seen, and how they go along."""
