"""Cases in an analyst's words: every ``[[case]]`` of ``*.toml`` gets the verdict it says."""

import tomllib
from pathlib import Path

import pytest
from frames import make_parcels, verdict

from landeval.result import RATIOS

CASES = [
    case | {"file": path.stem}
    for path in sorted(Path(__file__).parent.glob("*.toml"))
    for case in tomllib.loads(path.read_text("utf-8"))["case"]
]
KEYS = {
    "say", "as_of", "parcel", "last_year", "switches", "status", "route", "route_clause", "fee", "no_fee",
    "next_deadline", "reasons", "not_reasons", "clause", "missing", "questions", "issue", "file",
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
    assert len(CASES) >= 40
    assert len({case["say"] for case in CASES}) == len(CASES)
    assert all(set(case) <= KEYS for case in CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['file']}：{case['say']}")
def test_case(case):
    land = make_parcels(parcel(case["parcel"]))
    before = {name: [value] for name, value in zip(RATIOS, case.get("last_year", ()), strict=False)}
    judged = verdict(land, case["as_of"], last_year=before, **case.get("switches", {}))
    found = judged.status.iloc[0]
    assert found["status"] == case["status"]
    for name in ("reasons", "route", "route_clause", "missing", "questions"):
        assert case.get(name, "") in found[name], name
    if "clause" in case:
        assert case["clause"] in found["clause"]
        assert bool(case["clause"]) == bool(found["clause"])
    if "not_reasons" in case:
        assert case["not_reasons"] not in found["reasons"]
    if "fee" in case:
        assert found["fee_wan_yuan"] == case["fee"]
    if case.get("no_fee"):
        assert found["fee_wan_yuan"] != found["fee_wan_yuan"]
    if "next_deadline" in case:
        assert found["next_deadline"].date() == case["next_deadline"]
    if "issue" in case:
        assert case["issue"] in {code for table in judged.issues for code in table["code"]}
    assert found["reasons"], "每个结论都有理由"
    assert not found["route"] or found["route_clause"], "每个途径都有依据"
