"""Potentials of a region [公顷] in four views that are never added up, and for how many years the land will do."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from landeval.intensive_use import EXPANSION, MANAGEMENT, STRENGTH, STRUCTURE, YEARS
from landeval.standards.index_indicators import INDICATORS
from landeval.standards.intensive_use import Node
from landeval.standards.rule import BASES
from landeval.vocabulary.land_status import items

STRENGTHS = ("industrial_plot_ratio", "industrial_building_factor", "industrial_investment", "industrial_tax")
_RECENT, _FIVE = ("S1", "S2", "S3"), ("S1", "S2", "S3", "S4", "S5")
_LAND = ("E1", "E21", "E22")


def potentials(
    region: str, figures: pd.Series, values: pd.Series, nodes: Mapping[str, Node] | None
) -> pd.DataFrame:
    """Return every potential of a region; NaN and why where an operand is unknown.

    Parameters
    ----------
    region : str
    figures : Series
        By ``status_code``, in the units of 指数数据表.
    values : Series
        By indicator (``indicator_values``).
    nodes : Mapping or None
        The tree's last nodes by indicator, for the ideals; None where the zone's type is unknown.

    Returns
    -------
    DataFrame
        ``index_region``, ``potential_view``, ``potential_name``, ``potential_value``, ``measure_unit``,
        ``index_formula``, ``index_note``, ``index_ideal_basis``.

    Notes
    -----
    规程（2014年度试行）: 扩展 = E1 + E21 + E22; 结构 = A × (T − X); 强度 = A2 × (T − X) ÷ T for each of four indicators;
    管理 = D22 + 可收回的闲置土地; 尚可供地年数 = 扩展 ÷ mean of 3 years, ÷ most of 5 years. None is below zero.
    """
    known = figures.astype("float64")
    rows = [
        _sum(EXPANSION, EXPANSION, _LAND, known),
        _sum(EXPANSION, "其中工矿仓储用地", ("E21",), known),
        _short(STRUCTURE, STRUCTURE, "industrial_rate", "A", known, values, nodes, lambda land, x, t: land * (t - x) / 100),
        *(
            _short(STRENGTH, "", name, "A2", known, values, nodes, lambda land, x, t: land * (t - x) / t)
            for name in STRENGTHS
        ),
        _sum(MANAGEMENT, MANAGEMENT, ("D22", "G1"), known),
        _years("按前三年平均供地", _RECENT, known, lambda supply: float(supply.mean())),
        _years("按近五年最多供地", _FIVE, known, lambda supply: float(supply.max())),
    ]  # fmt: skip
    found = pd.DataFrame(rows)
    basis = found["index_ideal_basis"].map(lambda one: BASES.get(one, one))
    found.insert(0, "index_region", region)
    return found.assign(index_ideal_basis=basis)


def _row(
    view: str, name: str, value: float, unit: str, formula: str, note: str, basis: str = ""
) -> dict[str, str | float]:
    return {
        "potential_view": view,
        "potential_name": name,
        "potential_value": value,
        "measure_unit": unit,
        "index_formula": formula,
        "index_note": note,
        "index_ideal_basis": basis,
    }


def _lacking(codes: tuple[str, ...], known: pd.Series) -> str:
    """Say which figures are unknown."""
    found = [f"{code} {items()[code].label}" for code in codes if not known.get(code, float("nan")) >= 0]
    return f"缺{'、'.join(found)}" if found else ""


def _sum(view: str, name: str, codes: tuple[str, ...], known: pd.Series) -> dict[str, str | float]:
    value = float(known.reindex(list(codes)).sum(skipna=False))
    told = " + ".join(f"{known[code]:g}" for code in codes) if value == value else _lacking(codes, known)
    return _row(view, name, value, "公顷", " + ".join(codes), told)


def _short(
    view: str,
    name: str,
    indicator: str,
    land: str,
    known: pd.Series,
    values: pd.Series,
    nodes: Mapping[str, Node] | None,
    of: Callable[[float, float, float], float],
) -> dict[str, str | float]:
    """Return the land by which an indicator falls short of its ideal."""
    title = name or INDICATORS[indicator].label
    formula = f"{land} × (理想值 − 现状值)" + ("" if name else " ÷ 理想值")
    unknown = float("nan")
    if nodes is None:
        return _row(view, title, unknown, "公顷", formula, "开发区类型未定")
    if indicator not in nodes:
        return _row(view, title, unknown, "公顷", formula, "不适用：本类型的指标树没有这项指标")
    node, value = nodes[indicator], float(values[indicator])
    if node.ideal is None:
        return _row(view, title, unknown, "公顷", formula, "没有理想值")
    if value != value:
        one = INDICATORS[indicator]
        return _row(
            view, title, unknown, "公顷", formula, _lacking((*one.above, *one.below), known) or "除数为零"
        )
    found = max(of(float(known[land]), value, node.ideal), 0.0)
    return _row(
        view,
        title,
        found,
        "公顷",
        formula,
        f"{land} {known[land]:g}，现状 {value:.4g}，理想 {node.ideal:g}",
        node.ideal_basis,
    )


def _years(
    name: str, codes: tuple[str, ...], known: pd.Series, of: Callable[[pd.Series], float]
) -> dict[str, str | float]:
    formula = f"({' + '.join(_LAND)}) ÷ {'平均' if codes == _RECENT else '最大'}({'、'.join(codes)})"
    lacking = _lacking((*_LAND, *codes), known)
    if lacking:
        return _row(YEARS, name, float("nan"), "年", formula, lacking)
    land, supply = float(known[list(_LAND)].sum()), of(known[list(codes)])
    if supply <= 0:
        return _row(YEARS, name, float("nan"), "年", formula, "这几年没有供地，无法计算")
    return _row(YEARS, name, land / supply, "年", formula, f"{land:g} ÷ {supply:.4g}")
