"""Parties, works, shares: what societies hold."""
