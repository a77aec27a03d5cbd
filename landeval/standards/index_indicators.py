"""The indicators of 开发区土地集约利用评价: each the sum of some items of 指数数据表 over the sum of others."""

from __future__ import annotations

from dataclasses import dataclass

PERCENT = 100.0
_PER_M2 = 1 / 10_000
"""㎡ over 公顷, as a plain ratio."""


@dataclass(frozen=True)
class Indicator:
    """One indicator: ``Σ above ÷ Σ below × scale`` [unit]; the lower the better where ``is_falling``."""

    name: str
    label: str
    unit: str
    above: tuple[str, ...]
    below: tuple[str, ...]
    scale: float = 1.0
    is_falling: bool = False

    @property
    def formula(self) -> str:
        """The formula in codes of the table.

        Examples
        --------
        >>> INDICATORS["supply_rate"].formula
        'D ÷ (A + B21)'
        """
        parts = (" + ".join(codes) for codes in (self.above, self.below))
        return " ÷ ".join(f"({part})" if "+" in part else part for part in parts)


INDICATORS = {
    one.name: one
    for one in (
        Indicator("develop_rate", "土地开发率", "%", ("A", "B21"), ("A", "B11", "B12", "B21", "B22"), PERCENT),
        Indicator("supply_rate", "土地供应率", "%", ("D",), ("A", "B21"), PERCENT),
        Indicator("built_rate", "土地建成率", "%", ("A",), ("D",), PERCENT),
        Indicator("industrial_rate", "工业用地率", "%", ("A2",), ("A",), PERCENT),
        Indicator("plot_ratio", "综合容积率", "", ("J1",), ("A",), _PER_M2),
        Indicator("density", "建筑密度", "%", ("J2",), ("A",), PERCENT * _PER_M2),
        Indicator("industrial_plot_ratio", "工业用地综合容积率", "", ("J3",), ("A2",), _PER_M2),
        Indicator("industrial_building_factor", "工业用地建筑系数", "%", ("J4", "J5", "J6", "J7"), ("A2",), PERCENT * _PER_M2),
        Indicator("industrial_investment", "工业用地固定资产投入强度", "万元/公顷", ("Z1",), ("A2",)),
        Indicator("industrial_tax", "工业用地地均税收", "万元/公顷", ("Z2",), ("A2",)),
        Indicator("overall_tax", "综合地均税收", "万元/公顷", ("Z3",), ("A",)),
        Indicator("population", "人口密度", "人/公顷", ("P1",), ("A",)),
        Indicator("idle_rate", "土地闲置率", "%", ("G",), ("D",), PERCENT, is_falling=True),
    )
}  # fmt: skip
INDUSTRIAL, MIXED = "工业主导型", "产城融合型"
TYPES = (INDUSTRIAL, MIXED)
