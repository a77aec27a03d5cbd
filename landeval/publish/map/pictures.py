"""Pictures of the ground inside the page: WebP with transparency, each within a limit of size."""

from __future__ import annotations

import base64
import io
import math
from collections.abc import Sequence
from typing import Any

from PIL import Image

from landeval.picture import Picture
from landeval.publish.cells import clean

LIMIT_BYTES = 1_000_000
"""Of one picture."""
_QUALITIES = (80, 65, 50)
_RADIUS_M = 6378137.0


def pictures(found: Sequence[Picture]) -> list[dict[str, Any]]:
    """Return pictures as the page takes them, oldest first: name, day, address (a data URI), bounds, what was reduced."""
    return [_picture(one) for one in sorted(found, key=lambda one: (one.taken or "9999", one.name))]


def lon_lat(x: float, y: float) -> tuple[float, float]:
    """Return the degrees of a place in Web Mercator [m].

    Examples
    --------
    >>> lon_lat(0.0, 0.0), [round(part, 6) for part in lon_lat(12308000.0, 3130000.0)]
    ((0.0, 0.0), [110.564645, 27.05224])
    """
    return math.degrees(x / _RADIUS_M), math.degrees(math.atan(math.sinh(y / _RADIUS_M)))


def _picture(one: Picture) -> dict[str, Any]:
    told = {"name": clean(one.name), "taken": clean(one.taken)}
    if one.why_not:
        return told | {"address": None, "bounds": None, "note": clean(f"{one.name}：{one.why_not}")}
    image, data = _encoded(Image.fromarray(one.rgba, "RGBA"))
    west, south = lon_lat(one.bounds[0], one.bounds[1])
    east, north = lon_lat(one.bounds[2], one.bounds[3])
    pixel = one.pixel_m * one.rgba.shape[1] / image.width
    note = f"{one.name}，像元 {pixel:.2g} 米"
    if pixel > one.image_pixel_m * 1.01:
        note += f"（原影像 {one.image_pixel_m:.2g} 米）"
    if one.doubt:
        note += f"，{one.doubt}"
    return told | {
        "address": "data:image/webp;base64," + base64.b64encode(data).decode("ascii"),
        "bounds": [[south, west], [north, east]],
        "note": clean(f"{note}，亮度已拉伸，只供目视"),
    }


def _encoded(image: Image.Image) -> tuple[Image.Image, bytes]:
    """Encode coarser and coarser until the limit holds."""
    while True:
        for quality in _QUALITIES:
            buffer = io.BytesIO()
            image.save(buffer, "WEBP", quality=quality, method=4)
            if buffer.tell() <= LIMIT_BYTES:
                return image, buffer.getvalue()
        image = image.resize((max(1, image.width // 2), max(1, image.height // 2)), Image.Resampling.BOX)
