"""From a question to its answer: what is sent, how the answer grows, where it is kept."""
