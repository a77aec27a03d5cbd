"""The sentences of the entry check: what a project has, what is short, and what land would do."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from landeval.judge.criteria import AT_LEAST, Criterion
from landeval.judge.findings import Rows, Texts, figures
from landeval.judge.land_needed import LAND_DECIMALS
from landeval.standards.rule import BASES, UNSURE, Rule
from landeval.vocabulary.fields import fields

NO_NUMBER = "方案未给出容积率数值"


def lacking(*names: str) -> str:
    """Name fields that a project must state; whoever proposes it holds them all.

    Examples
    --------
    >>> lacking("proposed_tax_wan_yuan", "tall_floor_area_m2")
    '缺达产年税收、层高超过8米的建筑面积（申报单位）'
    """
    told = (fields()[name].label.split("(")[0].removeprefix("其中：") for name in names)
    return "缺" + "、".join(told) + "（申报单位）"


class Words:
    """The sentences of one criterion, written for the rows asked for."""

    def __init__(
        self, criterion: Criterion, rule: Rule, line: pd.Series, found: pd.DataFrame, most: pd.Series,
        land: pd.Series, limits: pd.DataFrame | None = None,
    ) -> None:  # fmt: skip
        self._criterion, self._rule = criterion, rule
        ratio, largest = found["ratio"], found["land"]
        self.value, self.line = _texts(ratio, rule.decimals), _texts(line, rule.decimals)
        is_plain = (most != ratio) & ratio.notna()  # nobody says which storeys count twice
        self._plain = np.where(is_plain, "（不加倍）", "").astype(object)
        self._most, self._largest = _texts(most, rule.decimals), _land(largest)
        self._least, self._gap = (_texts(found[name], criterion.decimals) for name in ("least", "gap"))
        over = (land - largest).where(np.isfinite(largest) & (largest > 0))
        self._over = _texts(over, LAND_DECIMALS)
        self._has_over = over.notna().to_numpy()
        self._unit = f" {rule.unit}" if rule.unit else ""
        self._limit = None if limits is None else limits["reason"].to_numpy(dtype=object)
        self._source = np.full(len(line), "", dtype=object)
        if limits is not None:
            unsure = limits["basis"].map({basis: f"，{BASES[basis]}" for basis in UNSURE}).fillna("")
            said = "（行业下限：" + limits["reason"] + unsure + "）"
            self._source = said.where(limits["limit"].notna(), "").to_numpy(dtype=object)

    def _said(self, rows: Rows) -> Any:
        return self._rule.label + " " + self.value[rows] + self._unit + self._plain[rows]

    def _line(self, rows: Rows) -> Any:
        return AT_LEAST[self._rule.operator] + " " + self.line[rows] + self._source[rows]

    def without_line(self, rows: Rows) -> Any:
        """Say the ratio, and that there is nothing to compare it with."""
        known = np.asarray(self.value[rows] != "", dtype=bool)
        said = np.where(known, self._said(rows) + "；", "")
        if self._limit is None:
            return said + NO_NUMBER + "，也没有本单位数值，不作判定"
        return said + NO_NUMBER + "；" + self._limit[rows]

    def without_land(self, rows: Rows) -> Any:
        """Say what land would do where none is stated."""
        told = f"{self._rule.label}未知；{lacking('proposed_area_m2')}；按所报{self._criterion.word}，"
        return told + self._largest[rows]

    def passed(self, rows: Rows) -> Any:
        """Say by how much land a project may still grow."""
        told = self._said(rows) + "，" + self._line(rows)
        return told + f"；按所报{self._criterion.word}，" + self._largest[rows]

    def height_unknown(self, rows: Rows) -> Any:
        """Say both plot ratios: no storey doubled, and all of them."""
        told = self._said(rows) + "，层高超过 8 米的部分加倍后最多 " + self._most[rows]
        return told + "，是否" + self._line(rows) + " 无法判定；" + lacking("tall_floor_area_m2")

    def failed(self, rows: Rows) -> Any:
        """Say what is short in money or floor area, and what land would do instead."""
        unit, word = self._criterion.amount_unit, self._criterion.word
        told = self._said(rows) + "，未" + self._line(rows) + "；还差" + f"{word} " + self._gap[rows]
        told = (
            told + f" {unit}（至少 " + self._least[rows] + f" {unit}）；按所报{word}，" + self._largest[rows]
        )
        return told + np.where(self._has_over[rows], "，须减少 " + self._over[rows] + " 亩", "")


def _texts(values: pd.Series, decimals: int) -> Texts:
    return figures(values, decimals).to_numpy(dtype=object)


def _land(largest: pd.Series) -> Texts:
    finite = largest.where(np.isfinite(largest))
    text = _texts(finite, LAND_DECIMALS)
    told = np.where(largest == 0, "任何用地都不能达标", "用地不超过 " + text + " 亩可达标")
    told = np.where(np.isinf(largest), "用地不受限制", told)
    return np.asarray(told, dtype=object)
