"""Hot and cold spots of per-mu tax: planted ones are found, unknown is nobody's neighbour, order changes nothing."""

import numpy as np
import pandas as pd
import pytest
import shapely
from frames import make_parcels

from landeval.errors import ConfigurationError
from landeval.place.hot_spots import hot_spots
from landeval.spots import COLD, HOT, NEITHER, UNKNOWN, SpotSettings, spot_settings

SIDE = 20
AT = np.arange(SIDE * SIDE)
X, Y = AT % SIDE, AT // SIDE
LAND = np.asarray(shapely.box(X * 100.0, Y * 100.0, X * 100.0 + 90, Y * 100.0 + 90), dtype=object)
CORE_HOT = (X < 4) & (Y < 4)  # inner part of a rich quarter of 6 × 6
CORE_COLD = (X > 15) & (Y > 15)


def tax(rich: float = 6.0, poor: float = 0.1) -> np.ndarray:
    values = np.random.default_rng(5).lognormal(2, 0.5, len(AT))
    values[(X < 6) & (Y < 6)] *= rich
    values[(X > 13) & (Y > 13)] *= poor
    return values


def town(values: np.ndarray) -> pd.DataFrame:
    one = make_parcels({"parcel_code": "P"}).iloc[[0] * len(values)]
    frame = pd.DataFrame(one.drop(columns="geometry"))
    frame.index = pd.Index([f"P{number:03d}" for number in range(len(values))], name="parcel_id")
    return frame.assign(tax_wan_yuan_per_mu=values)


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return hot_spots(town(tax()), LAND, SpotSettings()).table


def test_planted_spots_are_found_and_little_else(found):
    assert (found["hot_spot"][CORE_HOT] == HOT).all()
    assert (found["hot_spot"][CORE_COLD] == COLD).all()
    beside = (X > 7) & (X < 12)
    assert (found["hot_spot"][beside] == NEITHER).all()


def test_the_order_of_rows_changes_nothing_and_a_run_is_repeated_exactly(found):
    order = np.random.default_rng(1).permutation(len(AT))
    again = hot_spots(town(tax()).iloc[order], LAND[order], SpotSettings()).table
    pd.testing.assert_frame_equal(again.loc[found.index], found)


def test_chance_alone_makes_no_spots():
    values = np.random.default_rng(11).lognormal(2, 0.5, len(AT))
    assert (hot_spots(town(values), LAND, SpotSettings()).table["hot_spot"] == NEITHER).all()


def test_one_very_rich_firm_makes_no_spot_around_it():
    values = np.random.default_rng(11).lognormal(2, 0.5, len(AT))
    values[210] = 1e6
    assert (hot_spots(town(values), LAND, SpotSettings()).table["hot_spot"] == NEITHER).all()


def test_unknown_is_neither_hot_nor_cold_nor_zero():
    values, land = tax(), LAND.copy()
    values[[0, 25]] = np.nan  # within the rich quarter: as zero they would cool it
    land[42] = None
    table = hot_spots(town(values), land, SpotSettings()).table
    assert (table["hot_spot"].iloc[[0, 25, 42]] == UNKNOWN).all()
    assert table["hot_spot_z"].iloc[[0, 25, 42]].isna().all()
    rest = CORE_HOT.copy()
    rest[[0, 25, 42]] = False
    assert (table["hot_spot"][rest] == HOT).all()


@pytest.mark.parametrize("values", [tax()[:29], np.full(40, 7.0)], ids=["too few", "all alike"])
def test_too_little_to_say_anything_is_told(values):
    spots = hot_spots(town(values), LAND[: len(values)], SpotSettings())
    assert (spots.table["hot_spot"] == UNKNOWN).all()
    assert spots.issues["code"].tolist() == ["E720"]


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"neighbours": 2}, "hot_spots.neighbours"),
        ({"neighbours": True}, "hot_spots.neighbours"),
        ({"significance": 0.5}, "hot_spots.significance"),
        ({"seed": "1"}, "hot_spots.seed"),
        ({"radius": 3}, "radius"),
    ],
)
def test_a_setting_that_cannot_be_used_is_refused(section, said):
    with pytest.raises(ConfigurationError, match=said):
        spot_settings(section, "landeval.toml [hot_spots]")


def test_settings_that_are_not_written_are_the_usual_ones():
    assert spot_settings({"seed": 7}, "") == SpotSettings(seed=7)
