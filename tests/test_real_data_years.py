"""Parcels of Cambridge, FY2013 (TopoJSON, rounded to some 0.8 m) → FY2014: every one of both years accounted for."""

import numpy as np
import pandas as pd
import pyogrio
import pytest

from landeval.measure.footprints import only
from landeval.place.lineage import trace
from landeval.tidy.geometry import planar, screen

pytestmark = pytest.mark.real_data
EXPECTED_KINDS = {
    "then": {"同一": 12_956, "调整": 69, "合并": 67, "重组": 51, "改码": 8, "分割": 5, "消失": 2, "无图形·未对上": 1},
    "now": {"同一": 12_956, "调整": 69, "重组": 40, "合并": 27, "分割": 10, "改码": 8, "新增": 4, "无图形·未对上": 2},
}  # fmt: skip
FILES = ("ASSESSING_ParcelsFY2013.topojson", "derived_parcels_fy2014_epsg2249.shp")


@pytest.fixture(scope="module")
def cadastre(shared_data):
    """Return ids and codes, and the lon/lat shapes screened, of both years."""
    years = []
    for name in FILES:
        layer = pyogrio.read_dataframe(shared_data / "cambridge_ma" / name, columns=["ML"])
        layer = layer.to_crs(4326) if layer.crs else layer
        codes = layer["ML"].astype("object").where(layer["ML"].notna(), None)
        ids = codes.fillna("无代码") + "·" + codes.fillna("").groupby(codes.fillna("")).cumcount().astype(str)
        frame = pd.DataFrame({"parcel_code": codes.to_numpy()}, index=ids.to_numpy())
        years.append((frame, screen(np.asarray(layer.geometry, dtype=object))))
    return years


@pytest.fixture(scope="module")
def lineage(cadastre):
    usable = [only(found.shapes, ~np.isnan(found.area_m2)) for _, found in cadastre]
    return trace(cadastre[0][0], cadastre[1][0], *planar(*usable), tolerance_m=0.5)


def test_invalid_and_null_geometries_are_told(cadastre):
    (_, then), (_, now) = cadastre
    told = [
        (int(s.is_missing.sum()), int(s.is_repaired.sum()), int(s.is_unreliable.sum())) for s in (then, now)
    ]
    assert told == [(0, 24, 0), (1, 36, 1)]  # missing, repaired, not reliable


def test_no_parcel_is_unaccounted_for(cadastre, lineage):
    for side, (frame, _) in zip(("then", "now"), cadastre, strict=True):
        rows = lineage.links[lineage.links[f"parcel_id_{side}"].notna()]
        assert set(rows[f"parcel_id_{side}"]) == set(frame.index)
        assert (rows.groupby(f"parcel_id_{side}")["lineage_group"].nunique() == 1).all()


def test_the_counts_by_kind_are_those_of_the_page(cadastre, lineage):
    links = lineage.links
    for side, expected in EXPECTED_KINDS.items():
        rows = links[links[f"parcel_id_{side}"].notna()].drop_duplicates(f"parcel_id_{side}")
        assert rows["lineage_kind"].value_counts().to_dict() == expected
        assert sum(expected.values()) == {"then": 13_159, "now": 13_116}[side]


def test_codes_alone_would_have_told_another_story(cadastre, lineage):
    codes = [set(frame["parcel_code"].dropna()) for frame, _ in cadastre]
    assert (len(codes[0] - codes[1]), len(codes[1] - codes[0])) == (94, 52)
    gone = lineage.links["lineage_kind"] == "消失"
    assert gone.sum() < 5  # the others were merged, split or renumbered
