"""Raw frames to canonical frames, and the issues found on the way."""
