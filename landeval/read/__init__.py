"""The only opener of inputs: bytes to raw frames, every value still as written."""
