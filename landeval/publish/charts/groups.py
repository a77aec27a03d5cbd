"""Groups as pictures: zones or industry groups against a line, grades by list."""

from __future__ import annotations

import pandas as pd

from landeval.publish.charts.canvas import INK, bars, drawn, line, png

GRADE_FILLS = ("#2171B5", "#9ECAE1", "#FDAE6B", "#A50F15", "#D9D9D9", "#BDBDBD")


def ratios(
    names: list[str], values: list[float], target: float | None, unit: str, places: int = 2
) -> bytes | None:
    """Draw a figure of each group, with the line if there is one."""
    if not names or all(value != value for value in values):
        return None
    with drawn(0.8 + 0.27 * len(names)) as (figure, (axis,)):
        bars(axis, names, values, places=places)
        axis.set_xlabel(unit)
        if target is not None:
            line(axis, target, f"标准 {target:g}")
            axis.legend(frameon=False, fontsize=8, loc="lower right")
        return png(figure)


def grades(table: pd.DataFrame) -> bytes | None:
    """Draw how many of each list got each grade; index: lists, columns: grades in order."""
    if table.empty or not table.to_numpy().sum():
        return None
    with drawn(0.9 + 0.42 * len(table)) as (figure, (axis,)):
        left = pd.Series(0.0, index=table.index)
        total = table.sum(axis=1)
        for at, grade in enumerate(table.columns):
            share = table[grade] / total.where(total > 0) * 100
            axis.barh(
                range(len(table)), share.fillna(0.0), left=left, color=GRADE_FILLS[at % len(GRADE_FILLS)],
                edgecolor="#FFFFFF", linewidth=0.8, height=0.6, label=str(grade),
            )  # fmt: skip
            for row, (count, begin, width) in enumerate(
                zip(table[grade], left, share.fillna(0.0), strict=True)
            ):
                if width >= 4:
                    axis.annotate(str(count), (begin + width / 2, row), ha="center", va="center", fontsize=8, color="#FFFFFF" if at in (0, 3) else INK)  # fmt: skip
            left = left + share.fillna(0.0)
        axis.set_yticks(
            range(len(table)),
            [f"{name}（{count} 家）" for name, count in zip(table.index, total, strict=True)],
        )
        axis.invert_yaxis()
        axis.set_xlim(0, 100)
        axis.set_xlabel("占该名单企业数（%），柱内为家数")
        figure.legend(loc="outside upper center", ncols=len(table.columns), frameon=False, fontsize=8)
        return png(figure)
