"""Footprints against ``geopandas.overlay``: plots and buildings of Prague, where most stand on several, and the sample."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from landeval.measure.footprints import ground_of, pieces_of
from landeval.tidy.geometry import ellipsoid_area, planar

DATA = Path(__file__).resolve().parent.parent / "data"


def in_plane(parcels, buildings):
    """Return both layers in one equal-area plane, without null shapes."""
    drawn = [
        frame[frame.geometry.notna()].geometry.make_valid().to_crs(4490).to_numpy()
        for frame in (parcels, buildings)
    ]
    return planar(*drawn)


def overlaid(land, halls):
    """Return the ground covered on each parcel, as overlay and dissolve have it [m²]."""
    one = gpd.GeoDataFrame({"parcel": range(len(land))}, geometry=land)
    other = gpd.GeoDataFrame({"building": range(len(halls))}, geometry=halls)
    cut = gpd.overlay(one, other, how="intersection", keep_geom_type=True)
    return cut.dissolve("parcel").area.reindex(range(len(land)), fill_value=0.0).to_numpy()


def assert_as_overlay(land, halls):
    pieces = pieces_of(land, halls)
    ground = ground_of(pieces, halls, len(land))
    assert ground == pytest.approx(overlaid(land, halls), rel=1e-9, abs=1e-6)
    return pieces, ground


def by_middle_points(land, halls, pieces, ground):
    """Count what goes wrong where a building is given whole to the parcel that holds its middle."""
    building, parcel = shapely.STRtree(land).query(shapely.centroid(halls), predicate="within")
    whole = np.bincount(parcel, weights=shapely.area(halls)[building], minlength=len(land))
    built = ground > 0
    off = np.abs(whole - ground)[built] > 0.1 * ground[built]
    several = (np.bincount(pieces.building) > 1).sum()
    return [len(halls), int(several), int(built.sum()), int((whole[built] == 0).sum()), int(off.sum())]


def told(name):
    """Return the row of the page's table that begins with a name."""
    page = (DATA.parent / "docs" / "建筑与强度.md").read_text("utf-8")
    row = next(line for line in page.splitlines() if line.startswith(f"| {name}"))
    return [int(cell) for cell in row.strip("|").split("|")[1:]]


@pytest.mark.real_data
def test_plots_of_prague_are_covered_as_overlay_says(shared_data):
    path = shared_data / "bubenec" / "bubenec.gpkg"
    plots, houses = (gpd.read_file(path, layer=name) for name in ("plots", "buildings"))
    land, halls = in_plane(plots, houses)
    pieces, ground = assert_as_overlay(land, halls)
    counts = pd.Series(pieces.parcel[pieces.is_real]).groupby(pieces.building[pieces.is_real]).size()
    assert len(counts) == 144
    assert (counts > 1).sum() == 2
    within = shapely.area(shapely.intersection(shapely.union_all(halls), shapely.union_all(land)))
    assert pieces.area_m2.sum() == pytest.approx(within, rel=1e-6)  # two plots overlap by square centimetres
    assert told("布拉格") == by_middle_points(land, halls, pieces, ground)


def test_the_sample_is_covered_as_overlay_says():
    parcels = gpd.read_file(DATA / "parcels" / "宗地.shp", encoding="gbk")
    houses = gpd.read_file(DATA / "buildings" / "建筑物.shp", encoding="gbk")
    land, halls = in_plane(parcels, houses)
    pieces, ground = assert_as_overlay(land, halls)
    assert ground.sum() == pytest.approx(
        ellipsoid_area(houses.to_crs(4490).geometry.to_numpy()).sum(), rel=1e-6
    )
    assert told("样例园区") == by_middle_points(land, halls, pieces, ground)
    assert (ground <= shapely.area(land) + 1e-6).all()
    assert np.isfinite(ground).all()
