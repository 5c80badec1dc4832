"""What Fovea talks about: plain frozen records and pure functions, no I/O."""
