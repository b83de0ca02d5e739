"""Parties, works, shares: what societies hold. Knows no file format; may touch what stands on the ground floor."""
