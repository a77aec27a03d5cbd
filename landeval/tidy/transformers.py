"""Transformers between coordinate systems, each made once: making one takes longer than moving a park with it."""

from __future__ import annotations

from functools import lru_cache

from pyproj import CRS, Transformer


@lru_cache(maxsize=256)
def transformer(source: CRS | int | str, target: CRS | int | str) -> Transformer:
    """Return the transformer from one system to another, x before y in both.

    Raises
    ------
    ProjError
        There is no way from one to the other.

    Examples
    --------
    >>> x, y = transformer(4546, 4490).transform(500000, 2990000)
    >>> round(x, 6), round(y, 4)
    (111.0, 27.0214)
    """
    return Transformer.from_crs(source, target, always_xy=True)
