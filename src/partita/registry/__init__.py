"""Parties, works, shares: what societies hold. Knows no file format; may touch `tables`, `money`, `ids`, `text`, `engine`."""
