"""From what is typed to an answer that arrives."""
