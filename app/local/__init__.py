"""What runs on this computer: the engine for model files, and quick look."""
