"""What the grading reports: gaps by the policy that met them, words it does not know, and what of the scheme is unsure."""

from __future__ import annotations

import pandas as pd

from landeval import issues
from landeval.judge.grade_lists import LACKING, is_none
from landeval.judge.grade_points import NO_BENCHMARK
from landeval.sources import SOURCE_COLUMNS
from landeval.standards.grading import Item, Listing, Scheme
from landeval.standards.grading_checks import EXCLUDE, MEAN_POINTS, ZERO
from landeval.vocabulary.fields import label

SETTINGS = "landeval.toml"
_CODES = {ZERO: "E484", MEAN_POINTS: "E485", EXCLUDE: "E486"}


def of_scheme(scheme: Scheme) -> pd.DataFrame:
    """Report what of the scheme has no sure source."""
    if not scheme.caveat:
        return issues.empty()
    return issues.report_file("E489", SETTINGS, "[grading]", detail=f"{scheme.title}：{scheme.caveat}")


def of_items(listing: Listing, items: pd.DataFrame, graded: pd.Series, figures: pd.DataFrame) -> pd.DataFrame:
    """Report the gaps of those who are graded, one an enterprise and item, and items without a benchmark.

    Parameters
    ----------
    listing : Listing
    items : DataFrame
        One row an enterprise of the list and item.
    graded : Series of bool
        Of every enterprise.
    figures : DataFrame
    """
    found = []
    for item in listing.items:
        rows = items[items["grade_item"] == item.label]
        if (rows["item_note"] == NO_BENCHMARK).all():
            found.append(
                issues.report_file(
                    "E487", SETTINGS, "[grading]", column=item.label, detail=_asked(listing, item)
                )
            )
            continue
        gaps = rows[rows["item_value"].isna() & rows["enterprise_id"].map(graded).astype(bool)]
        of_top = gaps["item_numerator"].isna()
        column = pd.Series(label(item.denominator), index=gaps.index).mask(of_top, label(item.numerator))
        place = _place(figures, gaps["enterprise_id"])
        said = (f"{listing.label}企业“{item.label}”" + _not_divided(item, gaps)).astype("object")
        found.append(
            issues.report(_CODES[item.missing], place, column=column, detail=said, key=gaps["enterprise_id"])
        )
    return issues.gather(found)


def _not_divided(item: Item, gaps: pd.DataFrame) -> pd.Series:
    """Say where both figures are stated and the one below the line is zero or less: no gap, and no ratio either."""
    below = gaps["item_denominator"].astype("float64")
    stated = gaps["item_numerator"].notna() & below.le(0)
    text = f"，{label(item.denominator)}填 " + below.map("{:.10g}".format).astype("object") + "，不能作分母"
    return text.where(stated, "").astype("object")


def _asked(listing: Listing, item: Item) -> str:
    """Say of whom an item without a benchmark is, and which figures it would take."""
    return f"{listing.label}企业“{item.label}”，要有{label(item.numerator)}和{label(item.denominator)}"


def of_rows(
    table: pd.DataFrame, figures: pd.DataFrame, strange: pd.Series, odd: pd.Series, scheme: Scheme
) -> list[pd.DataFrame]:
    """Report who cannot be graded, and words that the scheme does not know."""
    keys = pd.Series(table.index, index=table.index)
    lacking = table["grade_state"] == LACKING
    found = [
        issues.report(
            "E488",
            _place(figures, keys[lacking]),
            raw=figures.loc[table.index[lacking], "name"].fillna("").to_numpy(),
            detail=table.loc[lacking, "grade_why"],
            key=keys[lacking],
        )
    ]
    for words, column in ((strange, "bonus_matters"), (odd, "fault_matters")):
        hit = words != ""
        found.append(
            issues.report(
                "E482", _place(figures, keys[hit]), column=label(column), raw=words[hit], key=keys[hit]
            )
        )
    named = figures["grade_last"]
    known = {*scheme.grading.grades, scheme.ungraded.label}
    bare = named.fillna("").astype(str).str.replace("类", "").str.upper()
    unread = ~is_none(named) & ~bare.isin({name.upper() for name in known})
    found.append(
        issues.report(
            "E483",
            _place(figures, keys[unread]),
            column=label("grade_last"),
            raw=named[unread],
            key=keys[unread],
        )
    )
    return found


def _place(figures: pd.DataFrame, keys: pd.Series) -> pd.DataFrame:
    place = figures.loc[keys, list(SOURCE_COLUMNS)].set_axis(keys.index)
    return place.assign(**{name: place[name].fillna("") for name in SOURCE_COLUMNS if name != "source_row"})
