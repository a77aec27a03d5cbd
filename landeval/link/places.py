"""Enterprises and parcels that stand in one place, by coordinates or by address: pairs to review, never tied."""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import pandas as pd
import shapely

POINT, ADDRESS = "企业坐标", "坐落地址"
SCORES = {POINT: 0.6, ADDRESS: 0.5}
SHORTEST = 6
"""Fewer characters of an address name a village or a street, not a place."""
MOST = 3
"""An address that more parcels share tells none of them from the others."""
_NOISE = re.compile(r"[\s,，。.、;；:：()（）\-—_#]+")
COLUMNS = ["parcel_id", "enterprise_id", "method", "score", "review_reason"]


def in_one_place(parcels: pd.DataFrame, enterprises: pd.DataFrame) -> pd.DataFrame:
    """Pair enterprises with the parcel that holds their point, and with parcels of the same address.

    Parameters
    ----------
    parcels : GeoDataFrame
        Index ``parcel_id``; ``location``, geometry [CGCS2000 lon/lat].
    enterprises : DataFrame
        Index ``enterprise_id``; ``location``, ``longitude``, ``latitude`` [degree].

    Returns
    -------
    DataFrame
        ``COLUMNS``, each pair once, the point before the address.
    """
    pairs = pd.concat([_by_point(parcels, enterprises), _by_address(parcels, enterprises)], ignore_index=True)
    pairs = pairs.drop_duplicates(["parcel_id", "enterprise_id"])
    said = {POINT: "企业坐标落在该宗地内（坐标系未核对）", ADDRESS: "企业地址与宗地坐落相同"}
    return pairs.assign(score=pairs["method"].map(SCORES), review_reason=pairs["method"].map(said))[COLUMNS]


def _by_point(parcels: pd.DataFrame, enterprises: pd.DataFrame) -> pd.DataFrame:
    at = enterprises[["longitude", "latitude"]].astype("float64").dropna()
    shapes = np.asarray(parcels["geometry"], dtype=object)
    drawn = np.flatnonzero(~shapely.is_missing(shapes) & shapely.is_valid(shapes))
    points = shapely.points(at.to_numpy()) if len(at) else np.empty(0, dtype=object)
    firm, land = shapely.STRtree(shapes[drawn]).query(points, predicate="intersects")
    return pd.DataFrame(
        {"parcel_id": parcels.index[drawn[land]], "enterprise_id": at.index[firm], "method": POINT},
        dtype="object",
    )


def _by_address(parcels: pd.DataFrame, enterprises: pd.DataFrame) -> pd.DataFrame:
    sides = []
    for frame, name in ((parcels, "parcel_id"), (enterprises, "enterprise_id")):
        key = frame["location"].map(_key)
        key = key[key.str.len() >= SHORTEST]
        sides.append(pd.DataFrame({name: key.index, "key": key.to_numpy(dtype=object)}, dtype="object"))
    land, firms = sides
    land = land[land.groupby("key")["parcel_id"].transform("size") <= MOST]
    pairs = firms.merge(land, on="key", validate="m:m")
    return pairs[["parcel_id", "enterprise_id"]].assign(method=ADDRESS)


def _key(text: object) -> str:
    return _NOISE.sub("", unicodedata.normalize("NFKC", text)) if isinstance(text, str) else ""
