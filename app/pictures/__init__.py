"""Pictures from outside: taken in, decoded in a killable child, made ready to send and to show."""
