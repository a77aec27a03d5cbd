"""The shapes of a layer's typed records: brought to EPSG:4490, screened, with the area of those fit for measuring."""

from __future__ import annotations

from typing import NamedTuple

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval import issues
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy.crs import locate
from landeval.tidy.geometry import Screened, Shapes, screen


class Laid(NamedTuple):
    """The shapes of a layer's typed records, as located and not yet screened.

    ``shapes`` in EPSG:4490; ``drawn`` in the layer's own coordinates; ``outside``: beyond the county; what was found
    of the CRS, and the CRS.
    """

    shapes: Shapes
    drawn: Shapes
    outside: npt.NDArray[np.bool_]
    is_shapefile: bool
    issues: pd.DataFrame
    crs: str

    def screened(self, shapes: Shapes | None = None) -> Screened:
        """Screen the shapes, or others in their place."""
        return screen(self.shapes if shapes is None else shapes, self.drawn, is_shapefile=self.is_shapefile)


def laid(raw: RawTable, frame: pd.DataFrame, project: Project) -> Laid:
    """Locate a layer and give each typed record its shape, whichever records a filter has left out."""
    located = locate(raw, project)
    place = list(SOURCE_COLUMNS)
    at = pd.MultiIndex.from_frame(raw.frame[place]).get_indexer(pd.MultiIndex.from_frame(frame[place]))
    return Laid(
        located.shapes[at],
        np.asarray(raw.frame["geometry"], dtype=object)[at],
        located.outside[at],
        raw.facts.get("format") == "shapefile",
        located.issues,
        located.crs,
    )


class Outlines(NamedTuple):
    """``shapes``: null where missing or unreliable; ``area_m2`` [m²]; what was found, and the CRS."""

    shapes: gpd.GeoSeries
    area_m2: npt.NDArray[np.float64]
    issues: list[pd.DataFrame]
    crs: str


def outlines(raw: RawTable, frame: pd.DataFrame, project: Project, *, code: str, key: pd.Series) -> Outlines:
    """Screen the shapes of a layer; a table without shapes has none, and nothing is said of that.

    Parameters
    ----------
    raw : RawTable
    frame : DataFrame
        Its typed records, some of which may have been left out.
    project : Project
    code : str
        Of the issue for a shape that is missing or cannot be measured.
    key : Series
        Name of each record, for the issues.
    """
    if "geometry" not in raw.frame:
        none = gpd.GeoSeries([None] * len(frame), index=frame.index, crs="EPSG:4490")
        return Outlines(none, np.full(len(frame), np.nan), [], "")
    layer = laid(raw, frame, project)
    place, screened = list(SOURCE_COLUMNS), layer.screened()
    bad = screened.is_missing | screened.is_unreliable
    shapes = screened.shapes.copy()
    shapes[bad] = None
    detail = pd.Series(screened.detail, index=frame.index)
    repaired, outside = screened.is_repaired, layer.outside & ~screened.is_missing
    told = [
        issues.report(each, frame.loc[mask, place], detail=said[mask], key=key[mask])
        for each, mask, said in (
            (code, bad, detail),
            ("E234", repaired, detail),
            ("E216", outside, pd.Series("", index=frame.index)),
        )
    ]
    area = np.where(bad, np.nan, screened.area_m2)
    return Outlines(
        gpd.GeoSeries(shapes, index=frame.index, crs="EPSG:4490"), area, [layer.issues, *told], layer.crs
    )
