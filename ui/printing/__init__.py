"""Paper: what Qt prints, in a process of its own and without a screen."""
