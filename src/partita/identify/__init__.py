"""What was used? Usage lines to works."""
