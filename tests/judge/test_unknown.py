"""Property: what is not known never makes a parcel 达标 or 低效候选, whichever operand it is.

Two ways of not knowing: a date that is written but cannot be read, and a cell without a figure. Not asked here is what
a blank cell says of itself: no day of starting, of completing, of stopping or of listing means that it did not happen,
and no agreed term that none was agreed (so the county's line, or the handover, takes its place). Nor of parcels whose
state and output contradict one another: with one of the two gone the other stands.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks.judging import AS_OF, park
from landeval.judge.status import judge
from landeval.link.evidence import evidence
from landeval.measure.intensity import of_written
from landeval.project import Switches
from landeval.result import MONEY
from landeval.standards.rules import rulebook

GOOD_OR_LOW = ["达标", "低效候选"]
DATES = (
    "delivered_on", "agreed_start", "actual_start", "agreed_completion", "actual_completion", "suspended_on",
    "production_started_on", "stopped_production_on", "signed_on",
)  # fmt: skip
FIGURES = (
    "area_mu", "floor_area_m2", "tall_floor_area_m2", "footprint_m2", "yard_m2", "unused_separable_m2", "built_area_m2",
    "buildable_area_m2", "invested_wan_yuan", "planned_investment_wan_yuan", "price_wan_yuan", "is_industrial",
    "is_new_industrial", "is_state_owned", "low_use_listing_no", "idle_cause", "cause_evidence", "contract_plot_ratio_min",
)  # fmt: skip
WRITTEN = ("floor_area_m2", "tall_floor_area_m2", "footprint_m2", "yard_m2", "unused_separable_m2", "area_mu")
DUE = ("delivered_on", "agreed_start")
RULES = rulebook(AS_OF)


@pytest.fixture(scope="module")
def made():
    return park(1500, 11)


@pytest.fixture(scope="module")
def proof(made):
    return evidence(
        made["parcels"], made["allocated"], made["records"], made["ledger"], made["columns"], 2024, MONEY
    )


def judged(parcels, ratios, proof):
    """Judge by the record alone: output and tax do not stand for a start that nobody wrote down."""
    switches = Switches(operating_implies_started=False)
    return judge(parcels, ratios, 2024, pd.Timestamp(AS_OF), RULES, switches, proof)


def classes(parcels, ratios, proof):
    return judged(parcels, ratios, proof).status["status"]


@pytest.fixture(scope="module")
def known(made, proof):
    """Return the classes of the parcels whose state and output do not contradict one another."""
    whole = judged(made["parcels"], made["ratios"], proof)
    stopped = whole.findings[whole.findings["rule_id"] == "lowuse.stopped"].set_index("unit_id")["reason"]
    found = whole.status["status"][~stopped.str.contains("矛盾|待核实").reindex(whole.status.index)]
    assert len(found) > 1000
    assert set(found) >= {*GOOD_OR_LOW, "关注", "资料不足", "豁免", "涉嫌闲置(未动工)", "涉嫌闲置(中止开发)"}
    return found


def moved(known, found):
    """Return the parcels that came into one of the two classes by losing a figure."""
    found = found[known.index]
    into = (found != known) & found.isin(GOOD_OR_LOW)
    return (known[into] + " → " + found[into]).to_dict()


def unreadable(parcels, name, rows):
    """Take a date away as a cell that is filled in and cannot be read."""
    told = parcels["unsure_dates"].fillna("").astype("object")
    told = told.mask(rows, told + name + " ")
    return parcels.assign(**{name: parcels[name].mask(rows), "unsure_dates": told.where(told != "", None)})


def blank(parcels, name, rows):
    column = parcels[name]
    column = column.astype("object") if column.dtype.kind == "b" else column
    return parcels.assign(**{name: column.where(~rows, None if column.dtype == object else np.nan)})


def remeasured(parcels):
    return parcels.assign(**of_written(parcels))


def some(made, seed, share):
    return np.random.default_rng(seed).random(len(made["parcels"])) < share


@pytest.mark.parametrize("name", DATES)
def test_a_date_that_cannot_be_read_makes_nothing_good_or_low(made, proof, known, name):
    rows = made["parcels"][name].notna()
    assert rows.any()
    found = classes(unreadable(made["parcels"], name, rows), made["ratios"], proof)
    assert moved(known, found) == {}


@pytest.mark.parametrize("name", [*FIGURES, *DUE])
def test_a_figure_that_is_missing_makes_nothing_good_or_low(made, proof, known, name):
    parcels = blank(made["parcels"], name, made["parcels"][name].notna())
    parcels = remeasured(parcels) if name in WRITTEN else parcels
    assert moved(known, classes(parcels, made["ratios"], proof)) == {}


@pytest.mark.parametrize("back", [0, 1], ids=["year", "last_year"])
@pytest.mark.parametrize("name", MONEY)
def test_money_that_is_missing_makes_nothing_good_or_low(made, proof, known, name, back):
    ratio = f"{name}_per_mu"
    ratios = {
        **made["ratios"],
        2024 - back: made["ratios"][2024 - back].assign(**{ratio: np.nan, name: np.nan}),
    }
    parcels = made["parcels"] if back else made["parcels"].assign(**{ratio: np.nan, name: np.nan})
    assert moved(known, classes(parcels, ratios, proof)) == {}


@pytest.mark.parametrize("seed", range(6))
def test_any_mixture_of_gaps_makes_nothing_good_or_low(made, proof, known, seed):
    parcels, ratios = made["parcels"], dict(made["ratios"])
    for number, name in enumerate(DATES):
        rows = pd.Series(some(made, (seed, number), 0.15), index=parcels.index) & parcels[name].notna()
        parcels = unreadable(parcels, name, rows)
    for number, name in enumerate(FIGURES):
        parcels = blank(parcels, name, some(made, (seed, 50 + number), 0.15))
    for number, name in enumerate(MONEY):
        for back in (0, 1):
            rows = some(made, (seed, 90 + number, back), 0.15)
            ratio, frame = f"{name}_per_mu", ratios[2024 - back]
            ratios[2024 - back] = frame.assign(
                **{ratio: frame[ratio].mask(rows), name: frame[name].mask(rows)}
            )
            if not back:
                now = ratios[2024]
                parcels = parcels.assign(**{ratio: now[ratio], name: now[name]})
    assert moved(known, classes(remeasured(parcels), ratios, proof)) == {}


def test_a_parcel_of_which_nothing_is_known_is_neither(made, proof):
    parcels, ratios = made["parcels"], {}
    for name in DATES:
        parcels = unreadable(parcels, name, pd.Series(True, index=parcels.index))
    for name in FIGURES:
        parcels = blank(parcels, name, np.ones(len(parcels), dtype=bool))
    parcels = parcels.assign(production_status=None, operation=None, low_use_listing=None, is_operating=False)
    parcels = parcels.assign(**{name: np.nan for money in MONEY for name in (money, f"{money}_per_mu")})
    assert set(classes(remeasured(parcels), ratios, proof)) == {"资料不足"}
