"""The map: one HTML file that works with the network cable pulled, and a page that shows it twice."""

from landeval.publish.map.beside import Beside
from landeval.publish.map.compare import render_compare, write_compare
from landeval.publish.map.page import render_map, write_map

__all__ = ["Beside", "render_compare", "render_map", "write_compare", "write_map"]
