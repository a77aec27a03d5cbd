"""A made-up 永久基本农田 layer at the edges of the park: some of it bites into parcels, one field is a slip of drawing."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely
from shapely import affinity

from .blemishes import Park

BITE_M, SLIP_M, WIDE_M = 18.0, 0.3, 70.0
"""How deep fields reach into parcels, how deep where it is only a slip, how wide they are outside."""
BITTEN = ("低效候选", "涉嫌闲置(未动工)", "关注")
SLIPPED = "达标"


def make_farmland(park: Park, zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Draw fields outside the clusters, each over the edge of one parcel.

    Returns
    -------
    GeoDataFrame
        ``number``, ``kind``; EPSG:4525.
    """
    parcels = park.parcels[park.parcels.geometry.notna()]
    parcels = parcels[parcels.geometry.is_valid & (parcels.geom_type == "Polygon")]
    clusters = zones.loc[zones["level"] == "产业集群", "geometry"]
    edge = parcels[parcels.distance(shapely.union_all(clusters.boundary.to_numpy())) < 40]
    planned = edge["case"].map(lambda case: case.planned)
    taken = shapely.union_all(parcels.geometry.to_numpy())
    rows = []
    for number, name in enumerate((*BITTEN, SLIPPED), start=1):
        shape = edge.geometry[planned == name].iloc[0]
        home = clusters[clusters.distance(shape) == 0].iloc[0]
        away = np.array([shape.centroid.x - home.centroid.x, shape.centroid.y - home.centroid.y])
        away /= np.linalg.norm(away)
        deep = SLIP_M if name == SLIPPED else BITE_M
        bite = shape.difference(affinity.translate(shape, *(-deep * away)))
        field = affinity.translate(shape, *(WIDE_M * away)).difference(taken)
        rows.append(
            {
                "number": f"JBNT{number:02d}",
                "kind": "永久基本农田",
                "geometry": shapely.set_precision(shapely.union_all([bite, field]), 0.001),
            }
        )
    return gpd.GeoDataFrame(rows, geometry="geometry", crs=zones.crs)
