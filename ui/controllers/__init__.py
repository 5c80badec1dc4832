"""What happens when: the only code that knows both the window's features and the services."""
