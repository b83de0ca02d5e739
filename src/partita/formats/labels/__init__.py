"""Labels that say how a file was made: written into it, and read out of it, one module for each kind of label."""
