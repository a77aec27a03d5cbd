"""Cases in an analyst's words: every ``[[case]]`` of ``*.toml`` gets the verdict it says."""

import tomllib
from functools import cache
from pathlib import Path

import pytest
from frames import AS_OF, make_parcels, verdict

from landeval.result import RATIOS
from landeval.standards.rules import rulebook

CASES = [
    case | {"file": path.stem}
    for path in sorted(Path(__file__).parent.glob("*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
]
KEYS = {
    "say", "as_of", "parcel", "last_year", "switches", "status", "route", "route_clause", "fee", "no_fee",
    "next_deadline", "reasons", "not_reasons", "clause", "missing", "questions", "issue", "file", "line", "findings",
    "hits", "unwritten", "cause", "fee_yuan", "not_route",
}  # fmt: skip
SHARES = ("built_area_m2", "buildable_area_m2", "invested_wan_yuan", "planned_investment_wan_yuan")


def parcel(body):
    row = dict(body)
    row |= dict(zip(SHARES, row.pop("shares", ()), strict=False))
    row |= dict(zip(RATIOS, row.pop("ratios", ()), strict=False))
    for name in ("investment", "output", "tax"):
        if name in row:
            row[f"{name}_wan_yuan_per_mu"] = row.pop(name)
    if row.get("is_industrial") == "未知":
        row["is_industrial"] = None
    return row


def test_there_are_enough_cases_and_none_twice():
    assert len(CASES) >= 180
    assert len({case["say"] for case in CASES}) == len(CASES)
    assert all(set(case) <= KEYS for case in CASES)


def test_every_rule_has_a_case_on_its_line_and_on_either_side():
    told = {tuple(case["line"].split()) for case in CASES if "line" in case}
    judged = {
        name
        for name, rule in rulebook(AS_OF).items()
        if not isinstance(rule.value, str) and name.split(".")[0] in ("idle", "lowuse", "dongkou")
    }
    exact = {
        "idle.fee_rate",
        "lowuse.setback_m",
        "lowuse.least_width_m",
        "dongkou.intensive_use_index",
        "dongkou.park_quota",
    }  # no lines of a parcel: an amount, two distances, an index of the park, a share of its quota (judge/test_supply_parts.py)
    assert told == {(name, side) for name in judged - exact for side in ("on", "under", "over")}


def alike(case):
    """Return what cases must share to be judged together: a parcel is judged by itself, whatever stands beside it."""
    return str((case["as_of"], case.get("switches", {}), case.get("unwritten", ()), case["file"]))


@cache
def together(key):
    """Judge all the cases that share a key at once."""
    cases = [case for case in CASES if alike(case) == key]
    land = make_parcels(
        *(parcel(case["parcel"]) | {"parcel_code": f"C{at:03d}"} for at, case in enumerate(cases))
    )
    before = {
        name: [
            float(dict(zip(RATIOS, case.get("last_year", ()), strict=False)).get(name, "nan"))
            for case in cases
        ]
        for name in RATIOS
    }
    first = cases[0]
    judged = verdict(
        land,
        first["as_of"],
        last_year=before,
        unwritten=first.get("unwritten", ()),
        **first.get("switches", {}),
    )
    return [case["say"] for case in cases], judged


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['file']}：{case['say']}")
def test_case(case):
    says, judged = together(alike(case))
    key = f"C{says.index(case['say']):03d}"
    found = judged.status.loc[key]
    if "status" in case:
        assert found["status"] == case["status"]
    mine = judged.findings[judged.findings["unit_id"] == key]
    verdicts = mine.set_index("rule_id")["verdict"]
    for rule, wanted in case.get("findings", {}).items():
        assert verdicts[rule] == wanted, rule
    if "hits" in case:
        assert found["low_use_hit_rules"] == case["hits"]
    for name in ("reasons", "route", "route_clause", "missing", "questions"):
        assert case.get(name, "") in found[name], name
    if "clause" in case:
        assert case["clause"] in found["clause"]
        assert bool(case["clause"]) == bool(found["clause"])
    assert case.get("cause", "") in found["cause_code"]
    if "not_route" in case:
        assert case["not_route"] not in found["route"]
    if "not_reasons" in case:
        assert case["not_reasons"] not in found["reasons"]
    if "fee" in case:
        assert found["fee_wan_yuan"] == case["fee"]
    if "fee_yuan" in case:
        assert found["fee_yuan"] == case["fee_yuan"]
    if case.get("no_fee"):
        assert found["fee_wan_yuan"] != found["fee_wan_yuan"]
    if "next_deadline" in case:
        assert found["next_deadline"].date() == case["next_deadline"]
    if "issue" in case:
        assert case["issue"] in {
            code for table in judged.issues for code in table.loc[table["record_key"] == key, "code"]
        }
    assert found["reasons"], "每个结论都有理由"
    assert not found["route"] or found["route_clause"], "每个途径都有依据"
