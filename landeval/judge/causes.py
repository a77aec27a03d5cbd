"""Why land was not started: Art. 8 of Order 53 (government, force majeure), else the holder; unknown is nobody's fault."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval.standards.rules import Rule, shown

GOVERNMENT, ENTERPRISE, UNSETTLED = "政府原因或不可抗力", "企业原因", "待认定"
_GOVERNMENT = "政府|不可抗力|规划调整|政策|军事|文物|信访"
_ENTERPRISE = "企业|自身|资金|受让人|权利人"
_UNSETTLED = r"非(?!法)|不属|不是|不符|无关|并未|待|不明|不详|未查|核实|争议|疑似|可能"
_NUMBERED = re.compile(r"第[（(]?([一二三四五六1-6])[）)]?项|^政府原因[（(]?([1-6])[）)]?$")
CODES = ("1", "2", "3", "4", "5", "6", "force")


class Causes(NamedTuple):
    """``cause`` (政府原因或不可抗力, 企业原因, 待认定), ``code`` (the item of Art. 8) and ``is_unproven``."""

    cause: pd.Series
    code: pd.Series
    is_unproven: pd.Series


def cause_of(text: pd.Series) -> pd.Series:
    """Sort causes as written into 政府原因或不可抗力, 企业原因 and 待认定; unknown is never a party's fault.

    A cause that is denied, disputed or still to be settled, or that names both sides, is 待认定.

    Examples
    --------
    >>> import pandas as pd
    >>> cause_of(pd.Series(["政府原因(未按期交地)", "企业自身原因", "不可抗力", None, "政府与企业均有责任"])).tolist()
    ['政府原因或不可抗力', '企业原因', '政府原因或不可抗力', '待认定', '待认定']
    >>> cause_of(pd.Series(["非企业原因", "待政府认定", "企业原因（有争议）"])).tolist()
    ['待认定', '待认定', '待认定']
    """
    which, each = pd.factorize(text.fillna("").astype(str))
    words = pd.Series(each, dtype="object")
    government, enterprise = words.str.contains(_GOVERNMENT), words.str.contains(_ENTERPRISE)
    unsettled = words.str.contains(_UNSETTLED)
    choice = np.select(
        [unsettled, government & ~enterprise, enterprise & ~government],
        [UNSETTLED, GOVERNMENT, ENTERPRISE],
        default=UNSETTLED,
    )
    return pd.Series(choice.astype(object)[which], index=text.index, dtype="object")


def settle(parcels: pd.DataFrame, rules: Mapping[str, Rule]) -> Causes:
    """Find each parcel's cause and, for the government's, the item of Art. 8.

    A cause of Art. 8 holds only with its proof (``cause_evidence``); until then it is 待认定. What is the
    holder's own needs none: Art. 14 takes whatever Art. 8 does not cover.

    Parameters
    ----------
    parcels : DataFrame
        ``idle_cause``, ``cause_evidence``.
    rules : Mapping
        ``idle.cause_1`` … ``idle.cause_6`` and ``idle.cause_force``: words by which a cause is recognised.
    """
    which, each = pd.factorize(parcels["idle_cause"].fillna("").astype(str))
    text = pd.Series(each, dtype="object")
    label = pd.Series("", index=text.index, dtype="object")
    known = {name: rules[f"idle.cause_{name}"] for name in CODES if f"idle.cause_{name}" in rules}
    numbered = text.map(_number)
    for name, rule in known.items():
        words = "|".join(re.escape(word) for word in shown(rule.value).split("、"))
        fits = (numbered == name) | ((numbered == "") & text.str.contains(words))
        label = label.mask(fits & (label == ""), f"{rule.clause}：{rule.label}")
    said = cause_of(text.where((label == "") | (numbered == ""), "政府原因"))
    claimed = (said == GOVERNMENT) | (
        (said == UNSETTLED) & (label != "") & ~text.str.contains(_UNSETTLED + "|" + _ENTERPRISE)
    )
    told = pd.DataFrame(
        {"cause": said.mask(claimed, GOVERNMENT), "code": label.where(claimed, ""), "claimed": claimed}
    )
    every = told.iloc[which].set_axis(parcels.index)
    unproven = every["claimed"] & parcels["cause_evidence"].isna()
    return Causes(every["cause"].mask(unproven, UNSETTLED), every["code"], unproven)


def _number(text: str) -> str:
    """Return the item of Art. 8 that a cause names by number, or nothing."""
    found = _NUMBERED.search(text.strip())
    if not found:
        return ""
    digit = found[1] or found[2]
    return str("一二三四五六".index(digit) + 1) if digit in "一二三四五六" else digit
