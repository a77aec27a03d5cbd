"""Frames to numbers. Series in, Series out; no verdicts."""
