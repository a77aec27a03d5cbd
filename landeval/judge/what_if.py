"""What another rule or another day would change: who flips, and how many 亩, by the same ``judge`` as the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval.basis import Basis
from landeval.judge.status import Judgement, judge
from landeval.result import CANDIDATES, STATUSES
from landeval.standards.rules import Rule, shown
from landeval.wording import joined

CLASS, ROUTE = "结论改变", "结论不变，途径或费用改变"
PLACE = ("parcel_code", "holder_name", "enterprise_names", "location", "area_mu")


class Comparison(NamedTuple):
    """What differs between two judgements of the same parcels (see ``landeval.trial.Outcome``)."""

    rules: pd.DataFrame
    flips: pd.DataFrame
    changes: pd.DataFrame
    matrix: pd.DataFrame


def judged(basis: Basis, rules: Mapping[str, Rule] | None = None, *, with_cases: bool = True) -> Judgement:
    """Judge a basis, with other rules if given, and without the procedure where only classes are asked."""
    return judge(**basis.asked(rules), with_cases=with_cases)


def compare_judgements(before: Judgement, after: Judgement, old: Basis, new: Basis) -> Comparison:
    """Compare the judgement of a run with that of a trial on the same parcels.

    Parameters
    ----------
    before, after : Judgement
    old, new : Basis
        Of the run and of the trial; their parcels are the same.
    """
    changes = changed_findings(before.findings, after.findings)
    return Comparison(
        changed_rules(old.rules, new.rules),
        flips(before.status, after.status, changes, old.parcels),
        changes,
        matrix(before.status["status"], after.status["status"], old.parcels["area_mu"]),
    )


def changed_rules(old: Mapping[str, Rule], new: Mapping[str, Rule]) -> pd.DataFrame:
    """List the rules whose value or presence differs, old beside new."""
    rows = []
    for rule_id in dict.fromkeys((*old, *new)):
        one, other = old.get(rule_id), new.get(rule_id)
        if one and other and (one.value, one.operator) == (other.value, other.operator):
            continue
        rule = other or one
        assert rule is not None
        note = "试算改动" if one and other else "试算的基准日适用" if other else "试算的基准日不适用"
        rows.append(
            {
                "rule_id": rule_id,
                "rule_label": rule.label,
                "operator": rule.operator,
                "value_before": shown(one.value) if one else "",
                "value_after": shown(other.value) if other else "",
                "measure_unit": rule.unit,
                "document": rule.document,
                "clause": rule.clause,
                "trial_note": note,
            }
        )
    columns = (
        "rule_id", "rule_label", "operator", "value_before", "value_after", "measure_unit", "document", "clause",
        "trial_note",
    )  # fmt: skip
    return pd.DataFrame(rows, columns=list(columns), dtype="object")


def changed_findings(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """Return one row a parcel × rule whose verdict differs; of a rule that only one side has, the other is blank."""
    keys = ["unit_id", "rule_id"]
    kept = [
        *keys,
        "rule_label",
        "value",
        "operator",
        "threshold",
        "measure_unit",
        "verdict",
        "reason",
        "clause",
    ]
    both = before[kept].merge(
        after[kept], on=keys, how="outer", suffixes=("_before", "_after"), validate="1:1", sort=False
    )
    verdicts = [both[f"verdict_{side}"].astype("object").fillna("") for side in ("before", "after")]
    both = both[verdicts[0] != verdicts[1]].astype("object")
    made = pd.DataFrame({"parcel_id": both["unit_id"], "rule_id": both["rule_id"]})
    for name in ("rule_label", "measure_unit", "clause"):
        made[name] = both[f"{name}_after"].fillna(both[f"{name}_before"])
    for name in ("value", "operator", "threshold", "verdict", "reason"):
        for side in ("before", "after"):
            made[f"{name}_{side}"] = both[f"{name}_{side}"].fillna("")
    return made.sort_values(["parcel_id", "rule_id"], kind="stable").reset_index(drop=True)


def _told(changes: pd.DataFrame) -> pd.Series:
    """Write each change as 亩均税收 14.2 万元/亩：> 15 不达标 → > 14 达标."""
    parts = {name: changes[name].astype("object") for name in changes}
    value = parts["value_after"].where(parts["value_after"] != "", parts["value_before"])
    value = (" " + value + " " + parts["measure_unit"]).str.rstrip().where(value != "", "")
    lines = {}
    for side in ("before", "after"):
        verdict = parts[f"verdict_{side}"]
        line = (parts[f"operator_{side}"] + " " + parts[f"threshold_{side}"] + " ").where(
            parts[f"threshold_{side}"] != "", ""
        )
        lines[side] = (line + verdict).where(verdict != "", "没有此规则")
    return parts["rule_label"] + value + "：" + lines["before"] + " → " + lines["after"]


def flips(
    before: pd.DataFrame, after: pd.DataFrame, changes: pd.DataFrame, parcels: pd.DataFrame
) -> pd.DataFrame:
    """Return the parcels whose class differs, then those of which only the route or the fee does.

    Parameters
    ----------
    before, after : DataFrame
        ``Judgement.status`` of run and trial.
    changes : DataFrame
        As made by ``changed_findings``.
    parcels : DataFrame
        Of the basis.
    """
    after = after.reindex(before.index)
    moved = before["status"] != after["status"]
    fee = before["fee_wan_yuan"].ne(after["fee_wan_yuan"]) & ~(
        before["fee_wan_yuan"].isna() & after["fee_wan_yuan"].isna()
    )
    rerouted = ~moved & ((before["route"] != after["route"]) | fee)
    was, becomes = (frame["status"].isin(CANDIDATES) for frame in (before, after))
    told = joined(changes["parcel_id"], _told(changes), by="；", ordered=False)
    place = {name: parcels[name] for name in PLACE if name in parcels}
    frame = pd.DataFrame(
        {
            **place,
            "flip_kind": np.where(moved, CLASS, ROUTE),
            "status_before": before["status"],
            "status_after": after["status"],
            "candidate_change": np.select(
                [~was & becomes, was & ~becomes], ["新增候选", "不再是候选"], default=""
            ),
            "changed_findings": told.reindex(before.index).fillna("").astype("object"),
            "reasons_before": before["reasons"],
            "reasons_after": after["reasons"],
            "route_before": before["route"],
            "route_after": after["route"],
            "fee_before_wan_yuan": before["fee_wan_yuan"],
            "fee_after_wan_yuan": after["fee_wan_yuan"],
        },
        index=before.index.rename("parcel_id"),
    )
    rank = {name: number for number, name in enumerate(STATUSES)}
    frame = frame[moved | rerouted].reset_index()
    order = pd.DataFrame(
        {
            "kind": frame["flip_kind"] != CLASS,
            "after": frame["status_after"].map(rank),
            "before": frame["status_before"].map(rank),
            "id": frame["parcel_id"],
        }
    ).sort_values(["kind", "after", "before", "id"])
    return frame.loc[order.index].reset_index(drop=True)


def tally(status: pd.Series, area_mu: pd.Series) -> dict[str, float]:
    """Count a judgement by class: 宗, 亩, and the parcels whose land is unknown.

    Returns
    -------
    dict
        ``parcels``, ``area_mu``, ``parcels_without_area``, ``candidates``, ``candidates_area_mu``, then
        ``parcels_<class>`` and ``area_<class>_mu`` in the order of ``STATUSES``.
    """
    counts = status.value_counts()
    land = area_mu.groupby(status).sum()
    is_candidate = status.isin(CANDIDATES)
    row: dict[str, float] = {
        "parcels": len(status),
        "area_mu": float(area_mu.sum()),
        "parcels_without_area": int(area_mu.isna().sum()),
        "candidates": int(is_candidate.sum()),
        "candidates_area_mu": float(area_mu[is_candidate].sum()),
    }
    row |= {f"parcels_{name}": int(counts.get(name, 0)) for name in STATUSES}
    return row | {f"area_{name}_mu": float(land.get(name, 0.0)) for name in STATUSES}


def matrix(before: pd.Series, after: pd.Series, area_mu: pd.Series) -> pd.DataFrame:
    """Return one row a former class, what became of its parcels; the last row is the whole."""
    rows = [
        {"status_before": name, **tally(after[before == name], area_mu[before == name])} for name in STATUSES
    ]
    return pd.DataFrame([*rows, {"status_before": "合计", **tally(after, area_mu)}])
