"""L10: land of an enterprise that a list names, for industry policy, environment or safety (a proposal)."""

from __future__ import annotations

import pandas as pd

from landeval.judge.findings import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, Finding
from landeval.judge.setting import Setting, at
from landeval.judge.wording import missing
from landeval.standards.rules import Rule, shown

DENIED = "未列入|不属|非(?!法)|没有|无(?!证)|已整改|已销号|已移出"


def listed(setting: Setting, rule: Rule) -> Finding:
    """L10: named in a list under one of the rule's words, with the paper that says so."""
    parcels = setting.parcels
    which, each = pd.factorize(parcels["low_use_listing"].fillna("").astype(str))
    words = pd.Series(each, dtype="object")
    paper = parcels["low_use_listing_no"]
    bad = words.str.contains("|".join(shown(rule.value).split("、"))).to_numpy(dtype=bool)[which]
    denied = words.str.contains(DENIED).to_numpy(dtype=bool)[which]
    said, number = at(words)[which], at(paper.fillna(""))
    told = setting.begin(rule)
    told.tell(said == "", NOT_APPLICABLE, "没有列入整治名单的记录")
    told.tell(~bad | denied, MET, lambda rows: "“" + said[rows] + "”，不属整治情形")
    told.tell(
        paper.isna(),
        UNKNOWN,
        lambda rows: "“" + said[rows] + "”，没有名单文号；缺" + missing("low_use_listing_no"),
    )
    told.tell(True, NOT_MET, lambda rows: "列入“" + said[rows] + "”（" + number[rows] + "）")
    proof = setting.proof.cells("low_use_listing", "low_use_listing_no")
    return told.finding(value=said, threshold="列入名单", evidence=proof, unit="")
