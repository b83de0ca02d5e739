"""Text made comparable: scripts, width, case, punctuation. Never romanised to compare."""
