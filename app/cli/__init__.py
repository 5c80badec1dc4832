"""The command line: what the window can do, for scripts and other programs."""
