"""Per-mu figures as pictures: how they spread about a line, how unevenly land yields tax, land against tax."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.ticker import LogLocator, NullFormatter

from landeval.publish.charts.canvas import BLUE, GREY, INK, ORANGE, RED, drawn, line, png
from landeval.publish.labels import label_of, money_unit
from landeval.publish.map.palette import LOOKS

_BINS = 24


def spread(table: pd.DataFrame, lines: dict[str, float], currency: str) -> bytes | None:
    """Draw a histogram a ratio with its line; what lies beyond three lines stands in the last bar."""
    names = [name for name in lines if table[name].notna().any()]
    if not names:
        return None
    with drawn(2.3, columns=len(names)) as (figure, axes):
        for axis, name in zip(axes, names, strict=True):
            target = lines[name]
            values = table[name].dropna().to_numpy(dtype="float64")
            top = 3 * target
            axis.hist(np.clip(values, None, top), bins=_BINS, range=(min(0.0, values.min()), top), color="#9ECAE1", edgecolor="#FFFFFF", linewidth=0.4)  # fmt: skip
            line(axis, target, f"标准 {target:g}")
            axis.set_title(label_of(name, currency).split("(")[0])
            axis.set_xlabel(
                f"{money_unit(currency)}/亩（末柱含更大者）",
                fontsize=8,
            )
            axis.legend(frameon=False, fontsize=8, loc="upper right")
        axes[0].set_ylabel("宗")
        return png(figure)


def concentration(land: np.ndarray, tax: np.ndarray) -> bytes | None:
    """Draw the share of tax against the share of land, the least productive land first (both from 0 to 1)."""
    if len(land) < 3:
        return None
    with drawn(3.2, width=4.2) as (figure, (axis,)):
        axis.plot(land * 100, tax * 100, color=BLUE, linewidth=1.8)
        axis.plot([0, 100], [0, 100], color=GREY, linewidth=0.9, linestyle=":")
        axis.fill_between(land * 100, tax * 100, land * 100, color="#DEEBF7")
        axis.set_xlabel("土地累计占比（%，从亩均税收低的排起）")
        axis.set_ylabel("税收累计占比（%）")
        axis.set_xlim(0, 100)
        axis.set_ylim(min(0.0, float(tax.min()) * 100), 100)
        axis.grid(color="#E3E3E3", linewidth=0.6)
        return png(figure)


def quadrant(table: pd.DataFrame, middle: float, target: float | None, currency: str) -> bytes | None:
    """Draw parcels by land [亩] and tax a mu, coloured by class."""
    known = table[table["area_mu"].notna() & table["tax_wan_yuan_per_mu"].notna()]
    if len(known) < 3:
        return None
    with drawn(3.6) as (figure, (axis,)):
        for look in LOOKS:
            mine = known[known["status"] == look.name]
            if len(mine):
                axis.scatter(mine["area_mu"], mine["tax_wan_yuan_per_mu"], s=15, color=look.fill, edgecolor=INK, linewidth=0.3, label=look.name)  # fmt: skip
        top = max(float(known["tax_wan_yuan_per_mu"].quantile(0.98)), 1.5 * (target or 0.0))
        axis.set_ylim(min(0.0, float(known["tax_wan_yuan_per_mu"].min())) - 0.03 * top, 1.05 * top)
        axis.set_xscale("log")
        axis.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axis.xaxis.set_minor_formatter(NullFormatter())
        axis.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
        axis.axvline(middle, color=ORANGE, linewidth=0.9, linestyle=":")
        if target is not None:
            axis.axhline(target, color=RED, linewidth=1.0, linestyle="--")
        axis.set_xlabel("评价面积（亩，对数刻度）")
        beyond = int((known["tax_wan_yuan_per_mu"] > 1.05 * top).sum())
        axis.set_ylabel(
            f"亩均税收（{money_unit(currency)}/亩" + (f"，另有 {beyond} 宗更高）" if beyond else "）")
        )
        axis.grid(color="#EBEBEB", linewidth=0.5)
        figure.legend(loc="outside lower center", ncols=5, frameon=False, fontsize=8)
        return png(figure)
