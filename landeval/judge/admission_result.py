"""What the criteria together say of a project: may it enter, why, on which land, and its place in the ranking."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from landeval.admission import PASSED, REFUSED, RESULTS, SHORT_OF_DATA
from landeval.judge.criteria import Judgement
from landeval.judge.findings import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, figures
from landeval.judge.land_needed import LAND_DECIMALS

NO_LINES = "评价基准日没有施行的准入标准，不能审查"
_SAID = {NOT_MET: "不达标", UNKNOWN: "无法判定", MET: "达标", NOT_APPLICABLE: "不作判定"}


def whole(judged: Sequence[Judgement], land: pd.Series) -> pd.DataFrame:
    """Say of each project whether it may enter, why, and on which land it would pass every line."""
    verdicts = np.array([one.finding.verdict for one in judged], dtype=object)
    fails, unknown, met = (np.asarray(verdicts == name, dtype=bool) for name in (NOT_MET, UNKNOWN, MET))
    result = np.select(
        [fails.any(axis=0), unknown.any(axis=0), met.any(axis=0)], [REFUSED, SHORT_OF_DATA, PASSED], default=SHORT_OF_DATA
    )  # fmt: skip
    applies = np.asarray(verdicts != NOT_APPLICABLE, dtype=bool)
    lands = np.where(applies, np.array([one.land.to_numpy(dtype="float64") for one in judged]), np.inf)
    largest = np.where(applies.any(axis=0), lands.min(axis=0), np.nan)  # min: unknown where one is unknown
    over = np.where(
        np.isfinite(largest) & (largest > 0),
        np.maximum(land.to_numpy(dtype="float64") - largest, 0.0),
        np.nan,
    )
    frame = pd.DataFrame(
        {
            "admission_result": pd.Series(result, index=land.index, dtype="object"),
            "lines_passed": met.sum(axis=0),
            "lines_judged": applies.sum(axis=0),
            "land_all_mu": largest,
            "land_over_mu": np.round(over, LAND_DECIMALS),
        },
        index=land.index,
    )
    reason = _reason(judged, frame)
    return frame.assign(admission_reason=reason, admission_rank=_rank(frame))


def _reason(judged: Sequence[Judgement], frame: pd.DataFrame) -> pd.Series:
    """Name the criteria by verdict, and the land at which every line would be passed."""
    parts = []
    for verdict, word in _SAID.items():
        names = pd.Series("", index=frame.index, dtype="object")
        for one in judged:
            here = np.asarray(one.finding.verdict == verdict, dtype=bool)
            names = names.mask(here, names + "、" + one.finding.rule.label)
        parts.append((word + "：" + names.str.removeprefix("、") + "；").where(names != "", ""))
    said = parts[0] + parts[1] + parts[2] + parts[3]
    land, over = frame["land_all_mu"], frame["land_over_mu"]
    finite = land.where(np.isfinite(land))
    text = "按所报数额，用地不超过 " + figures(finite, LAND_DECIMALS) + " 亩时各项全部达标"
    less = "，" + frame["admission_result"].map({REFUSED: "须减少"}).fillna("比拟用地少") + " "
    text = text + (less + figures(over, LAND_DECIMALS) + " 亩").where(over > 0, "")
    text = text.mask(np.isinf(land), "用地不受限制")
    text = text.mask(land == 0, "按所报数额，任何用地都不能各项全部达标")
    text = text.mask(land.isna(), "资料补齐后才能算出各项全部达标的用地")
    caveats = pd.Series("", index=frame.index, dtype="object")
    for one in judged:
        caveats = caveats + pd.Series(one.caveat, index=frame.index).map("；{}".format).where(
            one.caveat != "", ""
        )
    said = (said + text).where(frame["lines_judged"] > 0, said + NO_LINES)
    return said + ("（" + caveats.str.removeprefix("；") + "）").where(caveats != "", "")


def _rank(frame: pd.DataFrame) -> pd.Series:
    """Rank the projects by result, then those with more lines passed first, then by name."""
    order = frame.assign(
        at=frame["admission_result"].map({result: at for at, result in enumerate(RESULTS)}),
        more=-frame["lines_passed"],
        name=frame.index,
    ).sort_values(["at", "more", "name"])
    return pd.Series(np.arange(1, len(frame) + 1), index=order.index).reindex(frame.index)
