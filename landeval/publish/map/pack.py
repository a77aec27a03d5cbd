"""Many parcels: shapes and columns as bytes, compressed where they are very many, to be read by ``unpack.js``."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

Wholes = npt.NDArray[np.int64]

UNITS, COARSE_UNITS = 10_000_000, 1_000_000
"""Coordinates are counted in parts of a degree: 1e-7° (1 cm), as ``layers.drawable`` rounds; 1e-6° (11 cm) in a large page."""
FINE_POINTS = 1_000_000
"""Corners up to which a page can carry the finer unit."""
_MOST = 2**53 - 2
"""Whole numbers up to here are exact in JavaScript."""
_MOST_DECIMALS = 15


class _Bytes:
    """Arrays of whole numbers, one behind the other, each as planes of bytes: all lowest bytes first."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.length = 0

    def add(self, wholes: Wholes) -> dict[str, int]:
        """Append numbers from 0 to 2⁵³ and return where they stand: ``at``, ``width`` in bytes, ``count``."""
        width = (int(wholes.max(initial=0)).bit_length() + 7) // 8
        planes = wholes.astype("<i8").view(np.uint8).reshape(-1, 8)[:, :width].T
        spot = {"at": self.length, "width": width, "count": len(wholes)}
        self.parts.append(planes.tobytes())
        self.length += width * len(wholes)
        return spot


def tables(data: Any, path: str = "") -> dict[str, dict[str, Any]]:
    """Take the columns out of every table of a page's data, and return them by the place of the table.

    Examples
    --------
    >>> data = {"title": "甲", "parcels": {"count": 1, "columns": {"a": [1]}}, "years": [{"columns": {"b": [2]}}]}
    >>> tables(data), data
    ({'parcels': {'a': [1]}, 'years.0': {'b': [2]}}, {'title': '甲', 'parcels': {'count': 1}, 'years': [{}]})
    """
    found: dict[str, dict[str, Any]] = {}
    if isinstance(data, dict) and "columns" in data:
        return {path: data.pop("columns")}
    inner = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    for key, value in inner:
        found |= tables(value, f"{path}.{key}" if path else str(key))
    return found


def packed(
    shapes: npt.NDArray[np.object_], columns_of: Mapping[str, Mapping[str, Any]], *, compress: bool
) -> str:
    """Write shapes and columns as one base64 text; the same input gives the same text.

    Parameters
    ----------
    shapes : ndarray of Geometry
        As ``layers.drawable`` returns them; None where there is none.
    columns_of : Mapping
        Table → name → a list of texts, numbers, booleans and None, or ``{"texts": …, "codes": …}``.
    compress : bool
        By gzip, which only newer browsers can read.

    Returns
    -------
    str
        Base64 of: length of the head (4 bytes, little end first), the head as JSON, the planes of bytes.

    Examples
    --------
    >>> text = packed(np.array([shapely.box(110.5, 27, 110.6, 27.1)]), {"parcels": {"area_mu": [1.5]}}, compress=False)
    >>> head = base64.b64decode(text)[4:]
    >>> json.JSONDecoder().raw_decode(head.decode("latin-1"))[0]["tables"]["parcels"]["area_mu"]
    {'decimals': 1, 'low': 15, 'codes': {'at': 34, 'width': 1, 'count': 1}}
    """
    planes = _Bytes()
    drawn = _rings(shapes, planes)
    written = {
        table: {name: _column(values, planes) for name, values in columns.items()}
        for table, columns in columns_of.items()
    }
    head = {"shapes": drawn, "tables": written}
    text = json.dumps(head, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    # a lone half of a character is no UTF-8, and its escape is JSON
    lead = text.encode("utf-8", "backslashreplace")
    block = b"".join((len(lead).to_bytes(4, "little"), lead, *planes.parts))
    return base64.b64encode(gzip.compress(block, 9, mtime=0) if compress else block).decode("ascii")


def turns(values: Wholes) -> Wholes:
    """Return each number's step from the one before, as a number from 0 on: 0, -1, 1, -2 become 0, 1, 2, 3.

    Examples
    --------
    >>> turns(np.array([5, 4, 4, 6])).tolist()
    [10, 1, 0, 4]
    """
    steps = np.diff(values, prepend=0)
    return np.asarray((steps << 1) ^ (steps >> 63))


def _rings(shapes: npt.NDArray[np.object_], planes: _Bytes) -> dict[str, Any]:
    """Write the rings of all parts, outer ones one way round and holes the other, without their closing points."""
    turned = shapely.orient_polygons(shapes)
    parts, of_shape = shapely.get_parts(turned, return_index=True)
    rings, of_part = shapely.get_rings(parts, return_index=True)
    points, of_ring = shapely.get_coordinates(rings, return_index=True)
    is_kept = np.append(of_ring[1:] == of_ring[:-1], False) if len(points) else np.zeros(0, dtype=bool)
    units = UNITS if is_kept.sum() <= FINE_POINTS else COARSE_UNITS
    corners = np.round(points[is_kept] * units).astype(np.int64)
    return {
        "units": units,
        "rings": planes.add(np.bincount(of_shape[of_part], minlength=len(shapes))),
        "points": planes.add(np.bincount(of_ring[is_kept], minlength=len(rings))),
        "x": planes.add(turns(corners[:, 0])),
        "y": planes.add(turns(corners[:, 1])),
    }


def _column(column: Any, planes: _Bytes) -> dict[str, Any]:
    """Write one column: numbers as whole numbers of a decimal place, where that is exact, else as a dictionary."""
    values = _plain(column)
    if numbers := _numbers(values):
        decimals, wholes = numbers
        known = wholes[~np.isnan(wholes)]
        low = int(known.min())
        codes = np.nan_to_num(wholes - low + 1, nan=0.0).astype(np.int64)
        return {"decimals": decimals, "low": low, "codes": planes.add(codes)}
    is_mixed = len({type(value) for value in values if value is not None}) > 1
    keys = [_typed(value) for value in values] if is_mixed else values
    distinct = {key: value for key, value in zip(keys, values, strict=True) if value is not None}
    places = {key: place for place, key in enumerate(distinct, 1)}
    found = np.array([places.get(key, 0) for key in keys], dtype=np.int64)
    return {"values": list(distinct.values()), "codes": planes.add(found)}


def _plain(column: Any) -> Sequence[Any]:
    if isinstance(column, Mapping):
        texts = [*column["texts"], None]  # the code of nothing is -1: the last place
        return [texts[code] for code in column["codes"]]
    return list(column)


def _typed(value: Any) -> tuple[str, Any]:
    """Tell True from 1, and 1 from 1.0."""
    return type(value).__name__, value


def _numbers(values: Sequence[Any]) -> tuple[int, npt.NDArray[np.float64]] | None:
    """Return decimals and whole numbers (NaN: none) that divide back to exactly these numbers; None if none do."""
    known = [value for value in values if value is not None]
    if not known or not all(type(value) in (int, float) for value in known):
        return None
    if any(abs(value) > _MOST for value in known):
        return None
    array = np.array([np.nan if value is None else value for value in values], dtype="float64")
    is_known = ~np.isnan(array)
    for decimals in range(_MOST_DECIMALS + 1):
        wholes = np.round(array * 10.0**decimals) + 0.0
        if np.ptp(wholes[is_known]) >= _MOST or np.abs(wholes[is_known]).max() > _MOST:
            return None
        if (wholes[is_known] / 10.0**decimals == array[is_known]).all():
            return decimals, wholes
    return None
