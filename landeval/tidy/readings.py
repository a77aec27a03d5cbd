"""What coordinate values can mean: the systems in which a layer would fall into the county's box."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from pyproj import CRS
from pyproj.exceptions import ProjError

from landeval.tidy.transformers import transformer

Box = tuple[float, float, float, float]

STRIP_OF_NAME = re.compile(r"CM[_ ]?(\d{2,3})(?!\d)|(?:zone|ZONE|Zone)[_ ]?(\d{2})(?!\d)")
SAME_PLACE = 1e-7


class Reading(NamedTuple):
    """A system that the values fit, and whether their axes stand the other way round."""

    epsg: int
    is_swapped: bool


def readings(bounds: Box, box: Box) -> list[Reading]:
    """Return every CGCS2000 system (and Web Mercator) that puts the middle of ``bounds`` into the county's box.

    Lon/lat, and the 3° and 6° strips the county lies in, with and without the zone in front of the easting.
    Systems that mean the same place are named once.

    Examples
    --------
    >>> readings((457400, 2994000, 457500, 2994100), (110.0, 26.75, 111.0, 27.45))
    [Reading(epsg=4546, is_swapped=False)]
    >>> readings((2994000, 37457400, 2994100, 37457500), (110.0, 26.75, 111.0, 27.45))
    [Reading(epsg=4525, is_swapped=True)]
    """
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    found: list[Reading] = []
    places: list[tuple[float, float]] = []
    for epsg in _possible(box, {int(x // 1_000_000), int(y // 1_000_000)}):
        by = transformer(epsg, 4490)
        for is_swapped in (False, True):
            try:
                lon, lat = by.transform(y, x) if is_swapped else by.transform(x, y)
            except ProjError:
                continue
            if not (box[0] <= lon <= box[2] and box[1] <= lat <= box[3]):
                continue
            if all(max(abs(lon - a), abs(lat - b)) > SAME_PLACE for a, b in places):
                found.append(Reading(epsg, is_swapped))
                places.append((lon, lat))
    return found


def _possible(box: Box, prefixes: set[int]) -> list[int]:
    """List lon/lat, the county's strips (3° before 6°, which coincide at 111°E), prefixed ones, Web Mercator."""
    three = {zone for zone in range(25, 46) if 3 * zone - 1.5 < box[2] and 3 * zone + 1.5 > box[0]}
    six = {zone for zone in range(13, 24) if 6 * zone - 6 < box[2] and 6 * zone > box[0]}
    return [
        4490,
        *(4509 + zone for zone in sorted(three)),  # 4534 is 75°E, zone 25
        *(4488 + zone for zone in sorted(three | (prefixes & set(range(25, 46))))),
        *(4489 + zone for zone in sorted(six)),
        *(4478 + zone for zone in sorted(six | (prefixes & set(range(13, 24))))),
        3857,
    ]


def contradiction(crs: CRS) -> str:
    """Say where the name of a projected system and its parameters tell two central meridians; empty if nowhere.

    Examples
    --------
    >>> contradiction(CRS.from_epsg(4546))
    ''
    """
    operation = crs.coordinate_operation
    found = STRIP_OF_NAME.search(crs.name)
    if operation is None or found is None or not re.search(r"2000|Xian|Beijing|GK|Gauss", crs.name):
        return ""
    values = {param.name: float(param.value) for param in operation.params if _is_number(param.value)}
    meridian = next((value for name, value in values.items() if "ongitude of natural origin" in name), None)
    if meridian is None:
        return ""
    if found[1]:
        expected = {float(found[1])}
    else:
        zone = int(found[2])
        expected = {3.0 * zone} if zone >= 25 else {6.0 * zone - 3}
    if any(math.isclose(meridian, one, abs_tol=1e-6) for one in expected):
        return ""
    return f"名称 {crs.name}，参数中央子午线 {meridian:g}°E"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
