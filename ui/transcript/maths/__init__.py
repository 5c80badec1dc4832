"""Maths as readable text."""
