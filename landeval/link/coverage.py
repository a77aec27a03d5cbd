"""How much is tied: rows, land and money, by method, against the project's limits; what is left over."""

from __future__ import annotations

import pandas as pd

from landeval import issues
from landeval.link.keys import DECIDED, METHODS
from landeval.result import TIED
from landeval.vocabulary.fields import label

PASS, EXPLAIN, FAIL = "通过", "需说明", "不通过"
LEFT, ALL = "未匹配", "合计匹配"
PARCELS, LAND, FIRMS = "tied_parcels", "tied_land_mu", "tied_enterprises"


def coverage(
    parcels: pd.DataFrame,
    firms: pd.DataFrame,
    links: pd.DataFrame,
    allocated: pd.DataFrame,
    ledger: pd.DataFrame,
    year: int | None,
    *,
    pass_share: float,
    explain_share: float,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count what each method ties, and grade the whole: passed, to be explained, failed.

    A parcel or enterprise tied by several methods counts with the first of them in the order of the methods.
    Money is that of the data year, to the cent: allocated by method, unmatched from the ledger.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; ``area_mu``.
    firms : DataFrame
        Index ``enterprise_id``.
    links, allocated, ledger : DataFrame
        As made by ``tie_enterprises`` and ``spread_money``.
    year : int or None
    pass_share, explain_share : float
        Limits of the tied share, inclusive.

    Returns
    -------
    DataFrame, DataFrame
        ``measure`` (a field of the vocabulary), ``method``, ``amount``, ``of_total``, ``grade`` (on the line of the whole); issues E320, E321.
    """
    tied = links[links["state"].isin(TIED)]
    order = {name: rank for rank, name in enumerate((DECIDED, *METHODS))}
    ranked = tied.assign(rank=tied["method"].map(order)).sort_values("rank")
    by_parcel = ranked.drop_duplicates("parcel_id").set_index("parcel_id")["method"]
    by_firm = ranked.drop_duplicates("enterprise_id").set_index("enterprise_id")["method"]
    method_of, method_of_firm = (
        pd.Series([found.get(key, LEFT) for key in frame.index], index=frame.index, dtype="object")
        for frame, found in ((parcels, by_parcel.to_dict()), (firms, by_firm.to_dict()))
    )
    parts = {
        PARCELS: method_of.value_counts().astype("float64"),
        LAND: parcels["area_mu"].groupby(method_of).sum(),
        FIRMS: method_of_firm.value_counts().astype("float64"),
    }  # fmt: skip
    current = ledger[ledger["year"] == year] if year is not None else ledger.head(0)
    placed = allocated[allocated["year"] == year] if year is not None else allocated.head(0)
    current = current[current["input_total"].astype("float64") != 0]  # of nothing, no share can be told
    for quantity, unmatched in zip(current["quantity"], current["unmatched"], strict=True):
        sums = placed[quantity].groupby(placed["method"]).sum().round(6)
        sums[LEFT] = round(float(unmatched), 6)
        parts[str(quantity)] = sums
    table = pd.concat(
        [_lines(name, amounts, order, pass_share, explain_share) for name, amounts in parts.items()],
        ignore_index=True,
    )
    graded = table[table["method"] == ALL]
    problems = [
        issues.report_file(
            code,
            "",
            detail=f"{label(measure)} {share:.1%}（{PASS} ≥ {pass_share:.0%}，{EXPLAIN} ≥ {explain_share:.0%}）",
        )
        for code, wanted in (("E320", EXPLAIN), ("E321", FAIL))
        for measure, share, grade in zip(graded["measure"], graded["of_total"], graded["grade"], strict=True)
        if grade == wanted
    ]
    return table, issues.gather(problems)


def _lines(
    measure: str, amounts: pd.Series, order: dict[str, int], pass_share: float, explain_share: float
) -> pd.DataFrame:
    total = float(amounts.sum())
    methods = sorted((name for name in amounts.index if name != LEFT), key=lambda name: order[name])
    left = float(amounts.get(LEFT, 0.0))
    rows = [*((name, float(amounts[name])) for name in methods), (LEFT, left), (ALL, total - left)]
    frame = pd.DataFrame(rows, columns=["method", "amount"])
    frame["of_total"] = frame["amount"] / total if total > 0 else float("nan")
    tied = float(frame["of_total"].iloc[-1])
    grade = (
        "" if not total > 0 else PASS if tied >= pass_share else EXPLAIN if tied >= explain_share else FAIL
    )
    frame["grade"] = ""
    frame.loc[frame.index[-1], "grade"] = grade
    return frame.assign(measure=measure)[["measure", "method", "amount", "of_total", "grade"]]
