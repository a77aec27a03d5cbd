"""One parcel as pictures: where it lies, and what each mu yields year by year."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.collections import PathCollection

from landeval.publish.charts.canvas import BLUE, INK, RED, WIDTH, drawn, line, png
from landeval.publish.charts.park import HATCHES, outline_of
from landeval.publish.documents.paper import Ground, Panel
from landeval.publish.map.palette import LOOKS
from landeval.units import fixed

_LOOKS = {look.name: look for look in LOOKS}
_MOST_LABELLED = 16
"""Corners beyond which only points are drawn: the numbers would hide the parcel."""
_LENGTHS = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)


def plan(ground: Ground) -> bytes:
    """Draw the parcel by class, its corners, its neighbours by number, communities, scale, north, plane coordinates."""
    wide, high = ground.half
    with drawn(WIDTH * high / wide + 0.05, layout=None) as (figure, (axis,)):
        axis.set_position((0.004, 0.004, 0.992, 0.992))
        axis.set_xlim(-wide, wide)
        axis.set_ylim(-high, high)
        axis.set_xticks([])
        axis.set_yticks([])
        for side in axis.spines.values():
            side.set_visible(True)
        _land(
            axis,
            [other.rings for other in ground.others],
            facecolor="#F3F3F3",
            edgecolor="#9A9A9A",
            linewidth=0.6,
        )
        look = _LOOKS[ground.status]
        _land(
            axis, [ground.rings], facecolor=look.fill, edgecolor=INK, linewidth=1.6,
            hatch=HATCHES[look.hatch] or None, linestyle="--" if look.dashed else "-",
        )  # fmt: skip
        _land(axis, ground.zones, facecolor="none", edgecolor=BLUE, linewidth=1.1, linestyle=":")
        _corners(axis, ground)
        for other in ground.others:
            if other.number and abs(other.spot[0]) < wide and abs(other.spot[1]) < high:
                _label(axis, str(other.number), other.spot, boxstyle="circle,pad=0.25", edgecolor="#555555")
        _label(axis, ground.label, ground.spot, boxstyle="round,pad=0.25", edgecolor=INK)
        _furniture(axis, ground)
        return png(figure)


def _land(axis: Any, shapes: Any, **look: Any) -> None:
    paths = [outline_of(rings) for rings in shapes]
    if paths:
        axis.add_collection(PathCollection(paths, **look))


def _corners(axis: Any, ground: Ground) -> None:
    x, y = ground.corners.T
    axis.plot(
        x,
        y,
        linestyle="none",
        marker="o",
        markersize=3,
        markerfacecolor="white",
        markeredgecolor=RED,
        markeredgewidth=0.9,
    )
    if len(ground.corners) > _MOST_LABELLED:
        return
    middle = ground.corners.mean(axis=0)
    for number, (east, north) in enumerate(ground.corners, start=1):
        away = (east - middle[0], north - middle[1])
        far = math.hypot(*away) or 1.0
        axis.annotate(
            f"J{number}", (east, north), xytext=(9 * away[0] / far, 9 * away[1] / far), textcoords="offset points",
            ha="center", va="center", fontsize=7, color=RED, annotation_clip=True,
        )  # fmt: skip


def _label(axis: Any, text: str, spot: tuple[float, float], **box: Any) -> None:
    axis.text(*spot, text, ha="center", va="center", fontsize=8, clip_on=True, bbox={"facecolor": "white", "alpha": 0.9, "linewidth": 0.6, **box})  # fmt: skip


def _furniture(axis: Any, ground: Ground) -> None:
    wide, high = ground.half
    length = max((one for one in _LENGTHS if one <= wide / 2), default=_LENGTHS[0])
    left, low = -wide * 0.95, -high * 0.90
    white = {"facecolor": "white", "alpha": 0.85, "linewidth": 0, "pad": 1.5}
    axis.plot([left, left + length], [low, low], color=INK, linewidth=3, solid_capstyle="butt")
    axis.text(
        left + length / 2,
        low + high * 0.025,
        f"{length} 米",
        ha="center",
        va="bottom",
        fontsize=8,
        bbox=white,
    )
    east, top, size = wide * 0.93, high * 0.90, min(wide, high) * 0.06
    axis.fill(
        [east - size / 2, east, east + size / 2, east],
        [top - 2 * size, top - size, top - 2 * size, top],
        color=INK,
    )
    axis.text(east, top - 2.2 * size, "北", ha="center", va="top", fontsize=9, bbox=white)
    for x, y, across, along in ((-wide, -high, "left", "bottom"), (wide, high, "right", "top")):
        told = f"X {ground.origin[1] + y:,.0f}　Y {ground.origin[0] + x:,.0f}".replace(",", "")
        axis.text(x * 0.985, y * 0.985, told, ha=across, va=along, fontsize=6.5, color="#555555", bbox=white)


def bars(panels: tuple[Panel, ...]) -> bytes:
    """Draw each figure over the years against its line; an unknown year says so and has no bar."""
    with drawn(2.0, columns=len(panels), layout=None) as (figure, axes):
        figure.subplots_adjust(left=0.055, right=0.985, top=0.86, bottom=0.12, wspace=0.24)
        for axis, panel in zip(axes, panels, strict=True):
            values = np.array(panel.values, dtype="float64")
            known = np.isfinite(values)
            axis.bar(range(len(values)), np.where(known, values, 0.0), color=BLUE, width=0.55)
            axis.set_xticks(range(len(values)), [str(year) for year in panel.years])
            axis.set_xlim(-0.6, len(values) - 0.4)
            axis.set_title(f"{panel.title}（{panel.unit}）", fontsize=9)
            if panel.line is not None:
                line(axis, panel.line, panel.line_label, across=True)
                axis.annotate(
                    panel.line_label,
                    (len(values) - 0.42, panel.line),
                    xytext=(0, 2),
                    textcoords="offset points",
                    ha="right",
                    va="bottom",
                    fontsize=8,
                    color=RED,
                )
            axis.margins(y=0.2)
            axis.tick_params(labelsize=8)
            for at, value in enumerate(values):
                told = fixed(value) if known[at] else "未知"
                axis.annotate(told, (at, value if known[at] else 0.0), ha="center", va="bottom", fontsize=8)
        return png(figure)
