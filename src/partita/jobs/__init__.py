"""Jobs compose the stages, and each writes one run folder or one answer."""
