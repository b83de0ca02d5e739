"""The outside world's files: each module reads or writes one kind, over tables."""
