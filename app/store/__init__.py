"""The library on disk: one SQLite database and the original pictures beside it."""
