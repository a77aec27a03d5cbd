"""Which parcels an image does not show: for these nothing can be measured from it."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landeval import issues
from landeval.sources import SOURCE_COLUMNS, Raster


def uncovered(parcels: gpd.GeoDataFrame, image: Raster) -> pd.DataFrame:
    """Report the parcels that lie wholly outside an image.

    Parameters
    ----------
    parcels : GeoDataFrame
        Index ``parcel_id``, EPSG:4490; parcels without shape are told elsewhere.
    image : Raster

    Returns
    -------
    DataFrame of issues
    """
    shapes = np.asarray(parcels.geometry, dtype=object)
    shapely.prepare(image.footprint)
    out = ~shapely.is_missing(shapes) & ~shapely.intersects(image.footprint, shapes)
    rows = parcels.loc[out, list(SOURCE_COLUMNS)]
    return issues.report("E184", rows, raw=image.name, used="未覆盖", key=parcels.index[out])
