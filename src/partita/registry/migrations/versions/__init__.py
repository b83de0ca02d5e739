"""The steps, oldest first; each is written out in full, so that it does the same whatever the contract becomes."""
