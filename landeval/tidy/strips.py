"""Plane area in a parcel's own 3° strip: what certificates and surveys of single parcels state."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import Transformer

from landeval.tidy.transformers import transformer

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]

STRIP_DEGREES = 3


def plane_area(shapes: Shapes) -> Floats:
    """Return the Gauss–Kruger area [m²] of lon/lat polygons, each in the 3° strip of its middle.

    For 洞口县 this is EPSG:4546 (central meridian 111°E; zone 37, EPSG:4525, has the same areas).

    Examples
    --------
    >>> plane_area(np.array([shapely.box(110.999, 27, 111.001, 27.002), None])).round().tolist()
    [43991.0, nan]
    """
    area = np.full(len(shapes), np.nan)
    box = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        meridian = np.round((box[:, 0] + box[:, 2]) / 2 / STRIP_DEGREES) * STRIP_DEGREES
    for centre in np.unique(meridian[np.isfinite(meridian)]):
        here = meridian == centre
        target = f"+proj=tmerc +lat_0=0 +lon_0={centre:.0f} +k=1 +x_0=500000 +y_0=0 +ellps=GRS80 +units=m"

        by = transformer("+proj=longlat +ellps=GRS80", target)

        def forward(points: Floats, by: Transformer = by) -> Floats:
            x, y = by.transform(points[:, 0], points[:, 1])
            return np.column_stack([x, y])

        area[here] = shapely.area(np.asarray(shapely.transform(shapes[here], forward), dtype=object))
    return area
