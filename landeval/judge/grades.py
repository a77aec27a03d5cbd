"""企业综合评价: every enterprise with its list, score, place and grade, or with why it has none."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval import issues
from landeval.judge.grade_classes import SCORE_DECIMALS, classes_of, limited, order_of
from landeval.judge.grade_extras import extras
from landeval.judge.grade_issues import of_items, of_rows, of_scheme
from landeval.judge.grade_lists import GRADED_STATE, LACKING, OUT, UNGRADED, assign, is_none
from landeval.judge.grade_points import COLUMNS as ITEM_COLUMNS
from landeval.judge.grade_points import Points, points_of
from landeval.standards.grading import Scheme
from landeval.standards.grading_checks import THRESHOLD
from landeval.wording import joined

COLUMNS = (
    "enterprise_id", "name", "credit_code", "grade_list", "grade_state", "enterprise_grade", "grade_score", "grade_rank",
    "grade_size", "grade_by_rank", "grade_bonus", "grade_deduction", "grade_last", "grade_change", "grade_why",
    "grade_measures", "area_mu", "tax_wan_yuan", "tax_wan_yuan_per_mu",
)  # fmt: skip


class Grades(NamedTuple):
    """``grades``: one row an enterprise (``COLUMNS``); ``items``: one row an enterprise and item; and what was reported."""

    grades: pd.DataFrame
    items: pd.DataFrame
    issues: pd.DataFrame


def grade(scheme: Scheme, figures: pd.DataFrame, last: pd.DataFrame, as_of: dt.date) -> Grades:
    """Grade the enterprises of one year.

    Parameters
    ----------
    scheme : Scheme
    figures : DataFrame
        As made by ``grade_figures``: index ``enterprise_id``, money [万元], ``area_mu`` [亩], words.
    last : DataFrame
        The same of the year before (for benchmarks by its mean), same index.
    as_of : date
        For how long an enterprise has been in production.

    Returns
    -------
    Grades
        Every enterprise of ``figures`` has one row and one state: 已定级, 不定等级, 不在评价范围 or 资料不足.
    """
    table = assign(scheme, figures, as_of)
    table["grade_bonus"], strange = extras(figures["bonus_matters"], scheme.bonus, scheme.bonus_most)
    table["grade_deduction"], odd = extras(figures["fault_matters"], scheme.deduction)
    blank = pd.Series(np.nan, index=figures.index)
    table = table.assign(grade_score=blank, grade_rank=blank, grade_size=blank, place=blank)
    items, problems = [], []
    for listing in scheme.lists:
        on = table["grade_list"].eq(listing.label)
        scored = on & table["grade_state"].isin((GRADED_STATE, UNGRADED)) & figures["area_mu"].notna()
        scored &= figures["has_year"]
        if not scored.any():
            continue
        members = table.loc[scored, "grade_state"].eq(GRADED_STATE)
        points = points_of(listing, figures[scored], last[scored], members)
        table = _placed(scheme, table, points, members, figures)
        items.append(points.items)
        problems.append(of_items(listing, points.items, table["grade_state"].eq(GRADED_STATE), figures))
    table = _graded(scheme, table, figures)
    problems += [of_scheme(scheme), *of_rows(table, figures, strange, odd, scheme)]
    frame = table.join(
        figures[["name", "credit_code", "area_mu", "tax_wan_yuan", "tax_wan_yuan_per_mu", "grade_last"]]
    )
    frame = frame.rename_axis("enterprise_id").reset_index()
    empty = pd.DataFrame({name: pd.Series(dtype="object") for name in ITEM_COLUMNS})
    return Grades(
        frame[list(COLUMNS)],
        pd.concat(items, ignore_index=True)[list(ITEM_COLUMNS)] if items else empty,
        issues.gather(problems),
    )


def _placed(
    scheme: Scheme, table: pd.DataFrame, points: Points, members: pd.Series, figures: pd.DataFrame
) -> pd.DataFrame:
    """Write score, place and grade by place of one list; whoever has too little to be scored lacks data."""
    table = table.copy()
    rows = points.score.index
    score = points.score + table.loc[rows, "grade_bonus"] - table.loc[rows, "grade_deduction"]
    least = scheme.grading.least_weight
    thin = points.weight < least
    no_line = points.first.isna() & (scheme.grading.method == THRESHOLD)
    lacks = members & (score.isna() | thin | no_line)
    why = np.select(
        [score.isna(), no_line],
        ["各项指标都缺数", "第一项指标缺数，不能按标准线定级"],
        f"有数据的指标权重不足 {least:g} 分",
    )
    short = lacks[lacks].index
    gaps = points.items[points.items["item_points"].isna()]
    named = joined(gaps["enterprise_id"], gaps["grade_item"], ordered=False).reindex(rows).fillna("")
    said = pd.Series(why, index=rows, dtype="object") + ("（缺" + named + "）").where(named != "", "")
    table.loc[short, "grade_why"] = said[short]
    table.loc[short, "grade_state"] = LACKING
    shown = score.where(~lacks).round(SCORE_DECIMALS)
    table.loc[rows, "grade_score"] = shown
    ranked = shown[members & ~lacks]
    table.loc[ranked.index, "place"] = classes_of(scheme.grading, ranked, points.first[ranked.index])
    table.loc[ranked.index, "grade_rank"] = order_of(ranked, figures.loc[ranked.index, "tax_wan_yuan_per_mu"])
    table.loc[ranked.index, "grade_size"] = len(ranked)
    return table


def _graded(scheme: Scheme, table: pd.DataFrame, figures: pd.DataFrame) -> pd.DataFrame:
    """Turn places into grades: no faster rise than allowed, then vetoes; and say why a grade is not that of its place."""
    grades = np.array([*scheme.grading.grades, ""], dtype=object)
    number = {name: at for at, name in enumerate(scheme.grading.grades)}
    worst = len(number) - 1
    last = figures["grade_last"].map(_grade_named(number)).astype("float64")
    place = table["place"]
    known = place.notna()
    final = place.copy()
    final[known] = limited(place[known].to_numpy().astype("int64"), last[known], scheme.grading.upgrade_cap)
    why = table["grade_why"]
    held = known & (final > place)
    why = why.mask(held, f"按得分可升级，与上年相比一次最多升 {scheme.grading.upgrade_cap} 级")
    reason = figures["veto_reason"].fillna("").astype(str)
    vetoed = ~is_none(figures["veto_reason"])
    falls = vetoed & table["grade_state"].isin((GRADED_STATE, LACKING))
    final = final.mask(falls, worst)
    before = ("（" + why + "）").where(why != "", "")
    why = why.mask(falls, "一票否决：" + reason + before)
    why = why.mask(vetoed & (table["grade_state"] == UNGRADED), why + "；另有一票否决事项：" + reason)
    state = table["grade_state"].mask(falls, GRADED_STATE)
    named = pd.Series(grades[final.fillna(-1).astype("int64")], index=table.index, dtype="object")
    named = named.mask(state == UNGRADED, scheme.ungraded.label)
    step = last - final
    if "doubts" in figures:  # of a place that rests on a figure of which a problem is told
        doubts = figures["doubts"].fillna("")
        doubted = ("待核实：" + doubts).where(doubts != "", "")
        doubted = doubted.where(state == GRADED_STATE, "").astype("object")
        why = why + ("；" + doubted).where((why != "") & (doubted != ""), doubted)
    change = np.select(
        [step.isna(), step > 0, step < 0],
        ["", step.map("升 {:.0f} 级".format), (-step).map("降 {:.0f} 级".format)],
        "不变",
    )
    return table.assign(
        grade_state=state,
        enterprise_grade=named.mask(state.isin((OUT, LACKING)), ""),
        grade_by_rank=grades[place.fillna(-1).astype("int64")],
        grade_why=why,
        grade_change=change.astype(object),
        grade_measures=named.map(dict(scheme.measures)).fillna(""),
    ).drop(columns="place")


def _grade_named(number: dict[str, int]) -> dict[str, int]:
    """Return what a cell may call each grade: A, a, A类."""
    spelt: dict[str, int] = {}
    for name, at in number.items():
        spelt |= dict.fromkeys((name, name.lower(), f"{name}类", f"{name.lower()}类"), at)
    return spelt
