"""A Result to files; the only writer of outputs."""
