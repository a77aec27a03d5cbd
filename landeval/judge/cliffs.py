"""The cliff list: parcels close to a line, on which side, what would carry them over it, and what they would be then.

Whether crossing one line alone changes the class is not argued but tried: the parcels close to that line are
judged again with only that line (or that one date) moved beyond them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.basis import Basis
from landeval.judge.findings import MET, NOT_MET, figures
from landeval.judge.idle import judge_idle
from landeval.judge.proof import Proof
from landeval.judge.setting import full_from
from landeval.judge.status import Judgement
from landeval.judge.what_if import judged
from landeval.standards.rules import Rule
from landeval.units import round_half_up

PERCENTS, DAYS = (5, 10, 20), (30, 60, 90)
START = ("agreed_start", "extended_start", "delivered_on")
DATES: dict[str, tuple[str, ...]] = {
    "idle.not_started": START,
    "idle.takeback_years": START,
    "idle.suspended_years": ("suspended_on",),
    "lowuse.not_producing": ("actual_completion",),
    "lowuse.stopped": ("stopped_production_on",),
    "lowuse.overdue_completion": ("agreed_completion", "extended_completion"),
    "lowuse.halted": ("suspended_on",),
}
"""Rules whose line is a day, and the dates that it is counted from."""
SHARES = {"idle.area_share": "built_share", "idle.investment_share": "invested_share"}
COMPANIONS = {"lowuse.unused": ("lowuse.unused_share",)}
"""Rules that set the line together with the one named: they are moved with it."""
PLACE = ("parcel_code", "holder_name", "area_mu")
COLUMNS = (
    "parcel_id", "rule_id", "rule_label", "value", "operator", "threshold", "measure_unit", "verdict_after",
    "line_side", "cliff_band", "distance_percent", "line_date", "days_to_line", "to_cross", "status_after",
    "is_decisive", "status_if", "route_if", "clause",
)  # fmt: skip


def cliffs(basis: Basis, found: Judgement) -> pd.DataFrame:
    """List every parcel × rule within 20 % of a line, or within 90 days of a day that is one.

    Parameters
    ----------
    basis : Basis
    found : Judgement
        Of this basis.

    Returns
    -------
    DataFrame
        Columns as in ``COLUMNS`` with the parcel's holder and land; ``distance_percent`` is 100 × |value − line| ÷
        line, both as the rule rounds them. Nearest band first.
    """
    parts = [_of_figures(basis, found), _of_shares(basis, found), _of_days(basis, found)]
    parts = [part for part in parts if len(part)]
    kept = [name for name in PLACE if name in basis.parcels]
    if not parts:
        return pd.DataFrame(columns=[*COLUMNS, *kept])
    near = pd.concat(parts, ignore_index=True)
    near["status"] = near["parcel_id"].map(found.status["status"])
    near["to_cross"] = near["to_cross"] + _whole(near, basis.parcels["area_mu"])
    near = _tried(basis, found, near)
    place = {name: near["parcel_id"].map(basis.parcels[name]) for name in kept}
    near = near.rename(columns={"verdict": "verdict_after", "status": "status_after"})
    near = near.reindex(columns=list(COLUMNS)).assign(**place)
    order = pd.DataFrame(
        {
            "band": near["cliff_band"].map(_rank),
            "alone": ~near["is_decisive"].astype(bool),
            "far": near["distance_percent"].fillna(near["days_to_line"].abs()),
            "id": near["parcel_id"],
            "rule": near["rule_id"],
        }
    ).sort_values(["band", "alone", "far", "id", "rule"])
    return near.loc[order.index].reset_index(drop=True)


def _whole(near: pd.DataFrame, area_mu: pd.Series) -> pd.Series:
    """Say what a move per 亩 is for the whole parcel."""
    move = near["move"] * near["parcel_id"].map(area_mu)
    unit = near["measure_unit"].astype(str).str.removesuffix("/亩")
    said = "（全宗约 " + move.abs().map("{:,.2f}".format) + " " + unit + "）"
    return said.where(near["measure_unit"].str.endswith("/亩") & move.notna(), "")


def _rank(band: str) -> int:
    names = [*(f"{percent}%" for percent in PERCENTS), *(f"{days}日" for days in DAYS)]
    return names.index(band) % len(PERCENTS)


def _band(distance: npt.NDArray[np.float64], limits: tuple[int, ...], unit: str) -> npt.NDArray[np.object_]:
    """Name the narrowest band that holds each distance; empty beyond the widest."""
    band = np.full(len(distance), "", dtype=object)
    for limit in reversed(limits):
        band[distance <= limit + 1e-9] = f"{limit}{unit}"
    return band


def _of_figures(basis: Basis, found: Judgement) -> pd.DataFrame:
    """Take the findings whose value and line are numbers; of several years the one that decides."""
    rules = basis.rules
    rows = found.findings[found.findings["verdict"].isin((MET, NOT_MET))]
    rows = rows[rows["rule_id"].map(lambda name: name in rules and name not in DATES).astype(bool)]
    line = pd.to_numeric(rows["threshold"], errors="coerce").astype("float64")
    years = rows["value"].astype("object").str.split("、", expand=True)
    values = years.apply(pd.to_numeric, errors="coerce").astype("float64")
    least = rows["operator"].isin((">", ">=")) if len(rows) else pd.Series(dtype=bool)
    value = values.min(axis=1).where(least, values.max(axis=1))
    return _near(rows["unit_id"], rows, value, line, rules)


def _of_shares(basis: Basis, found: Judgement) -> pd.DataFrame:
    """Take the shares of land built and money invested, where work has stood still for as long as the law says."""
    facts, rules = _facts(basis), basis.rules
    rows = found.findings[found.findings["rule_id"] == "idle.suspended_years"].set_index("unit_id")
    parts = []
    for rule_id, name in SHARES.items():
        rule = rules[rule_id]
        share = facts[name].where(facts["is_suspended_long"]).reindex(rows.index)
        told = rows.assign(
            rule_id=rule_id,
            rule_label=rule.label,
            operator=rule.operator,
            measure_unit="",
            clause=rule.clause,
        )
        told = told.assign(value=figures(share, rule.decimals), threshold=str(rule.number))
        told = told[told["verdict"].isin((MET, NOT_MET)) & share.notna()]
        line = pd.Series(float(round_half_up(float(rule.number), rule.decimals)), index=told.index)
        ids = told.index.to_series()
        parts.append(_near(ids, told, share.reindex(told.index).round(rule.decimals), line, rules))
    return pd.concat(parts, ignore_index=True)


def _near(
    ids: pd.Series, rows: pd.DataFrame, value: pd.Series, line: pd.Series, rules: Mapping[str, Rule]
) -> pd.DataFrame:
    gap = value - line
    distance = 100 * gap.abs() / line.where(line > 0)
    band = _band(distance.to_numpy(dtype="float64"), PERCENTS, "%")
    kept = band != ""
    rows, gap, line = rows[kept], gap[kept], line[kept]
    step = rows["rule_id"].map(lambda name: 10.0 ** -rules[name].decimals).astype("float64")
    is_true = _holds(gap, rows["operator"], step)
    target = line + np.select(
        [is_true & rows["operator"].isin((">=",)), is_true & (rows["operator"] == "<="),
         ~is_true & (rows["operator"] == ">"), ~is_true & (rows["operator"] == "<")],
        [-step, step, step, -step],
        default=0.0,
    )  # fmt: skip
    move = target - value[kept]
    most = rows["rule_id"].map(lambda name: rules[name].decimals).astype(int)
    texts = [
        f"{of}{'增加' if change >= 0 else '减少'} {_figure(abs(change), places)}，到 {_figure(goal, places)}"
        for of, change, goal, places in zip(_which(rows), move, target, most, strict=True)
    ]
    side = np.select([gap > step / 2, gap < -step / 2], ["高于线", "低于线"], default="正在线上")
    kept_names = [
        "rule_id",
        "rule_label",
        "value",
        "operator",
        "threshold",
        "measure_unit",
        "verdict",
        "clause",
    ]
    made = rows[kept_names].reset_index(drop=True)
    return made.assign(
        parcel_id=ids[kept].to_numpy(),
        line_side=side,
        cliff_band=band[kept],
        distance_percent=distance[kept].to_numpy().round(4),
        to_cross=texts,
        move=move.to_numpy(),
        is_true=is_true.to_numpy(),
        days_to_line=np.nan,
    )


def _which(rows: pd.DataFrame) -> pd.Series:
    """Name the year that decides where the value holds several."""
    least = rows["operator"].isin((">", ">="))
    word = pd.Series(np.where(least, "最低的一年", "最高的一年"), index=rows.index, dtype="object")
    return word.where(rows["value"].str.contains("、"), "")


def _figure(number: float, decimals: int) -> str:
    text = f"{number:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


def _holds(gap: pd.Series, operator: pd.Series, step: pd.Series) -> pd.Series:
    """Tell where value ⋈ line holds, both rounded already: half a step of the rule absorbs binary fractions."""
    over, under = gap > step / 2, gap < -step / 2
    held = np.select(
        [operator == ">", operator == ">=", operator == "<", operator == "<="],
        [over, ~under, under, ~over],
        default=~over & ~under,
    )
    return pd.Series(held, index=gap.index, dtype=bool)


def _facts(basis: Basis) -> pd.DataFrame:
    asked = basis.asked()
    return judge_idle(
        basis.parcels,
        asked["rules"],
        asked["as_of"],
        basis.switches,
        Proof(basis.evidence, basis.parcels.index),
    ).facts


def _of_days(basis: Basis, found: Judgement) -> pd.DataFrame:
    """Take the days on which a rule's years or months are over, where that day is still to come or has just passed."""
    facts, rules, as_of = _facts(basis), basis.rules, pd.Timestamp(basis.as_of)
    told = found.findings
    waiting = facts["is_warning"] | facts["is_not_due"] | facts["is_idle_unstarted"]
    lines = {
        "idle.not_started": facts["idle_from"].where(waiting),
        "idle.takeback_years": facts["two_years_from"].where(facts["is_idle_unstarted"]),
        "idle.suspended_years": facts["suspended_idle_from"],
    }
    parts = []
    for rule_id in DATES:
        rule = rules.get(rule_id)
        seen = "idle.not_started" if rule_id == "idle.takeback_years" else rule_id
        rows = told[told["rule_id"] == seen].set_index("unit_id")
        if rule is None or not len(rows):
            continue
        begun = pd.to_datetime(rows["value"], format="%Y-%m-%d", errors="coerce")
        known = lines.get(rule_id)
        day = full_from(begun, rule, basis.switches) if known is None else known.reindex(rows.index)
        away = (day - as_of).dt.days.astype("float64")
        band = _band(np.abs(away.to_numpy(dtype="float64")), DAYS, "日")
        kept = (band != "") & rows["verdict"].isin((MET, NOT_MET)).to_numpy()
        rows, away, day = rows[kept], away[kept], day[kept]
        date = day.dt.strftime("%Y-%m-%d").astype("object")
        parts.append(
            pd.DataFrame(
                {
                    "parcel_id": rows.index,
                    "rule_id": rule_id,
                    "rule_label": rule.label,
                    "value": rows["value"].to_numpy(dtype=object),
                    "operator": rule.operator,
                    "threshold": f"{rule.number} {rule.unit}",
                    "measure_unit": "",
                    "verdict": rows["verdict"].to_numpy(dtype=object),
                    "clause": rule.clause,
                    "line_side": np.where(away > 0, "未到期", "已到期"),
                    "cliff_band": band[kept],
                    "line_date": day.to_numpy(),
                    "days_to_line": away.to_numpy(),
                    "to_cross": np.select(
                        [away > 0, away == 0],
                        ["还有 " + away.astype(int).astype(str) + " 天，" + date + " 到期", "基准日当日到期"],
                        default=date + " 到期，已过 " + (-away).astype(int).astype(str) + " 天",
                    ),
                    "is_true": (away <= 0).to_numpy(),
                    "distance_percent": np.nan,
                    "move": np.nan,
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _tried(basis: Basis, found: Judgement, near: pd.DataFrame) -> pd.DataFrame:
    """Judge the parcels close to each line again with it moved beyond them, and tell what they become."""
    near = near.assign(status_if=near["status"], route_if="", is_decisive=False)
    pinned = replace(basis, parcels=_pinned(basis))
    moved = pd.Series(True, index=near.index)
    sides = near["is_true"].astype(bool) & ~near["rule_id"].isin(DATES)
    for (rule_id, is_true), rows in near.groupby(["rule_id", sides], sort=True):
        name, ids = str(rule_id), pd.Index(rows["parcel_id"])
        few = replace(pinned, parcels=pinned.parcels.loc[ids])
        after = _shifted(few, name, rows) if name in DATES else _moved(few, name, raise_it=not is_true)
        status, route = (after.status[part].reindex(ids).to_numpy() for part in ("status", "route"))
        near.loc[rows.index, "status_if"] = status
        old = found.status["route"].reindex(ids).to_numpy()
        near.loc[rows.index, "route_if"] = np.where(route != old, route, "")
        if name in DATES:  # a day that changes nothing (the land is in use already) is no line
            seen = "idle.not_started" if name == "idle.takeback_years" else name
            now, then = (
                frame[frame["rule_id"] == seen].set_index("unit_id")["verdict"].reindex(ids).to_numpy()
                for frame in (found.findings, after.findings)
            )
            moved.loc[rows.index] = (now != then) | (route != old)
    near["is_decisive"] = near["status_if"] != near["status"]
    return near[moved].reset_index(drop=True)


def _pinned(basis: Basis) -> pd.DataFrame:
    """Write the county's line in where nothing was agreed, so that moving the one does not move the other."""
    parcels, rules = basis.parcels, basis.rules
    pins = {}
    for rule in rules.values():
        line = rules.get(rule.reference_rule)
        if line is not None and rule.contract_quantity in parcels:
            pins[rule.contract_quantity] = parcels[rule.contract_quantity].fillna(float(line.number))
    return parcels.assign(**pins)


def _moved(basis: Basis, rule_id: str, *, raise_it: bool) -> Judgement:
    """Judge with a numeric line moved past every value that is within the widest band of it."""
    rules = basis.rules
    up = (rules[rule_id].operator in ("<", "<=")) is raise_it
    factor = Fraction(5, 4) if up else Fraction(3, 4)
    names = (rule_id, *(name for name in COMPANIONS.get(rule_id, ()) if name in rules))
    values = {name: replace(rules[name], value=rules[name].number * factor) for name in names}
    return judged(basis, {**rules, **values}, with_cases=False)


def _shifted(basis: Basis, rule_id: str, rows: pd.DataFrame) -> Judgement:
    """Judge with the dates that a rule counts from moved so far that the day just crosses the day of judgement."""
    away = rows.set_index("parcel_id")["days_to_line"].reindex(basis.parcels.index)
    shift = pd.to_timedelta(np.where(away > 0, -(away + 2), -away + 3), unit="D")
    dates = {name: basis.parcels[name] + shift for name in DATES[rule_id]}
    kinds = {name: basis.parcels[name].dtype for name in dates}
    return judged(replace(basis, parcels=basis.parcels.assign(**dates).astype(kinds)), with_cases=False)
