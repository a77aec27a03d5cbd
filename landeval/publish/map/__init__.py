"""The map: one HTML file that works with the network cable pulled."""

from landeval.publish.map.page import render_map, write_map

__all__ = ["render_map", "write_map"]
