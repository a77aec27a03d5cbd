"""Like with like: sums against sums, ratios as Σ ÷ Σ, never a copy; unknown stays unknown and says why."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.measure.year_figures import compare_figures, totals
from landeval.year_change import ADDED, FIGURES, MERGED, RESHAPED, SAME, SPLIT


def parcels(**figures):
    """Build parcels from id = (亩, output, tax); the rest is unknown."""
    frame = pd.DataFrame(figures, index=["area_mu", "output_wan_yuan", "tax_wan_yuan"], dtype="float64").T
    for name in ("output_wan_yuan", "tax_wan_yuan"):
        frame[f"{name}_per_mu"] = frame[name] / frame["area_mu"]
    return frame.rename_axis("parcel_id")


def compared(then, now, kind, share=1.0):
    groups = pd.DataFrame({"lineage_kind": [kind], "group_overlap_share": [share]}, index=["g"])
    of = [pd.Series("g", index=frame.index) for frame in (then, now)]
    return compare_figures(then, now, *of, groups).loc["g"]


def test_a_split_is_compared_sum_with_sum():
    found = compared(parcels(a=(30, 600, 30)), parcels(x=(10, 500, 40), y=(20, 250, 5)), SPLIT)
    assert (found["output_wan_yuan_then"], found["output_wan_yuan_now"]) == (600, 750)
    assert found["output_wan_yuan_per_mu_now"] == pytest.approx(25)  # 750 ÷ 30, not the mean of 50 and 12.5
    assert found["tax_wan_yuan_per_mu_change"] == pytest.approx(0.5)


def test_a_part_that_is_unknown_makes_the_group_unknown_and_says_so():
    found = compared(parcels(a=(10, 1, 2), b=(10, None, 2)), parcels(x=(20, 5, None)), MERGED)
    assert np.isnan(found["output_wan_yuan_then"])
    assert np.isnan(found["output_wan_yuan_change"])
    assert "工业总产值上次未知" in found["change_unknown"]
    assert "入库税收本次未知" in found["change_unknown"]
    assert "投资" not in found["change_unknown"]  # unknown in both: nothing to say


def test_a_ratio_that_the_run_does_not_believe_stays_unknown():
    then, now = parcels(a=(10, 100, 2)), parcels(a=(10, 100, 2))
    now["tax_wan_yuan_per_mu"] = np.nan
    found = compared(then, now, SAME)
    assert (found["tax_wan_yuan_change"], np.isnan(found["tax_wan_yuan_per_mu_change"])) == (0, True)


@pytest.mark.parametrize(
    ("kind", "share", "said"), [(ADDED, np.nan, "只在一年有"), (RESHAPED, 0.4, "重合不到一半")]
)
def test_what_is_no_like_is_not_compared(kind, share, said):
    then = parcels(a=(10, 100, 2))
    found = compared(then.iloc[:0] if kind == ADDED else then, parcels(x=(10, 300, 2)), kind, share)
    assert np.isnan(found["output_wan_yuan_change"])
    assert found["output_wan_yuan_now"] == 300
    assert said in found["change_unknown"]


amounts = st.one_of(st.none(), st.integers(0, 10_000_000).map(lambda cents: cents / 100))


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 3), amounts, amounts), min_size=1, max_size=12))
def test_money_and_land_conserve_over_groups(rows):
    frame = pd.DataFrame(
        {"area_mu": 7.5, "output_wan_yuan": [row[1] for row in rows], "tax_wan_yuan": [row[2] for row in rows]},
        index=[f"p{number}" for number in range(len(rows))], dtype="float64",
    )  # fmt: skip
    of = pd.Series([f"g{row[0]}" for row in rows], index=frame.index)
    groups = pd.DataFrame({"lineage_kind": SAME, "group_overlap_share": 1.0}, index=sorted(set(of)))
    found = compare_figures(frame, frame, of, of, groups)
    assert found["area_mu_then"].sum() == pytest.approx(frame["area_mu"].sum(), abs=1e-6)
    whole = found["output_wan_yuan_then"].notna()
    inside = frame["output_wan_yuan"][of.map(whole).to_numpy(dtype=bool)]
    assert found["output_wan_yuan_then"].sum() == pytest.approx(inside.sum(), abs=1e-6)
    assert (found[[f"{name}_change" for name in FIGURES]].fillna(0) == 0).all(axis=None)
    table = totals(frame, frame, found).set_index("quantity")
    assert table.loc["tax_wan_yuan", "groups_compared"] + table.loc["tax_wan_yuan", "groups_not_compared"] == len(groups)  # fmt: skip
    known = table.loc["tax_wan_yuan", "known_then"]
    assert np.isnan(known) == frame["tax_wan_yuan"].isna().all()
