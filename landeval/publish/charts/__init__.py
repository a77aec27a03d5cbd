"""Charts as PNG: each a function of a Result (or of a table) that returns the picture's bytes, or None with nothing to draw."""
