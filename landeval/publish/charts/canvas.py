"""The sheet that every chart is drawn on: size, Chinese fonts, colours, PNG without a trace of when or where."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

import matplotlib
from matplotlib import font_manager
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from landeval.units import fixed

BLUE, ORANGE, RED, GREY, INK = "#2171B5", "#E6550D", "#A50F15", "#969696", "#333333"
WIDTH = 6.3
"""Inches: the text width of an A4 page of GB/T 9704."""
_DPI = 160
_LONGEST = 22
"""Characters of a label beside a bar."""
_FONT = "NotoSansSC-GB2312.otf"
_SYSTEM = (
    "Microsoft YaHei",
    "SimHei",
    "Noto Sans CJK SC",
    "Noto Sans CJK JP",
    "PingFang SC",
    "WenQuanYi Micro Hei",
)
"""For the characters that GB 2312 lacks."""


@cache
def fonts() -> tuple[str, ...]:
    """Return the fonts in order: the bundled one first, so that a chart looks the same on every machine."""
    path = Path(str(files("landeval.publish").joinpath("assets", "fonts", _FONT)))
    font_manager.fontManager.addfont(str(path))
    bundled = font_manager.FontProperties(fname=str(path)).get_name()
    known = {entry.name for entry in font_manager.fontManager.ttflist}
    return (bundled, *(name for name in _SYSTEM if name in known and name != bundled), "DejaVu Sans")


def _look() -> Any:
    return {
        "font.family": list(fonts()),
        "font.size": 9,
        "axes.unicode_minus": False,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.edgecolor": "#888888",
        "axes.labelcolor": INK,
        "axes.titlesize": 10,
        "axes.axisbelow": True,
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "hatch.linewidth": 0.6,
        "text.parse_math": False,  # a name with two $ is no formula
    }


@contextmanager
def drawn(
    height: float,
    *,
    columns: int = 1,
    width: float = WIDTH,
    layout: Literal["constrained"] | None = "constrained",
    **more: Any,
) -> Iterator[tuple[Figure, list[Any]]]:
    """Give a figure and its axes, in the house's look; what is asked of the figure goes within.

    Parameters
    ----------
    height : float
        Inches.
    columns : int
        Axes beside one another.
    layout : str
        Of matplotlib; None where the places are given, which is much faster.
    """
    with matplotlib.rc_context(_look()), warnings.catch_warnings():
        warnings.filterwarnings(
            "ignore", message="Glyph .* missing"
        )  # no font has it: a box is drawn, the table has the text
        figure = Figure(figsize=(width, height), dpi=_DPI, layout=layout)
        FigureCanvasAgg(figure)
        axes = figure.subplots(1, columns, squeeze=False, **more)
        yield figure, list(axes[0])


def png(figure: Figure) -> bytes:
    """Return the picture; call it within ``drawn``."""
    target = io.BytesIO()
    figure.savefig(target, format="png", metadata={"Software": None})
    return target.getvalue()


def shortened(name: str) -> str:
    """Return a name that leaves room for the picture; the table beside it has the whole.

    Examples
    --------
    >>> shortened("虚构先进装备制造产业社区"), len(shortened("名" * 200))
    ('虚构先进装备制造产业社区', 22)
    """
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def bars(
    axis: Any, names: list[str], values: list[float], *, colour: Any = BLUE, places: int = 1, unit: str = ""
) -> None:
    """Draw horizontal bars, first on top, each with its figure at the end; unknown ones say so."""
    known = [value == value for value in values]
    drawn_values = [value if is_known else 0.0 for value, is_known in zip(values, known, strict=True)]
    rows = range(len(names))
    axis.barh(rows, drawn_values, color=colour, height=0.68, edgecolor="#777777", linewidth=0.4)
    axis.set_yticks(list(rows), [shortened(name) for name in names])
    axis.invert_yaxis()
    axis.spines["left"].set_visible(False)
    axis.tick_params(axis="y", length=0)
    axis.grid(axis="x", color="#E3E3E3", linewidth=0.6)
    axis.margins(x=0.16)
    for row, value, is_known in zip(rows, drawn_values, known, strict=True):
        said = fixed(value, places) + unit if is_known else "未知"
        axis.annotate(
            said, (value, row), xytext=(3 if value >= 0 else -3, 0), textcoords="offset points",
            va="center", ha="left" if value >= 0 else "right", fontsize=8,
        )  # fmt: skip


def line(axis: Any, value: float, label: str, *, across: bool = False) -> None:
    """Draw a standard's line with its words: upright, or across."""
    draw = axis.axhline if across else axis.axvline
    draw(value, color=RED, linewidth=1.1, linestyle="--", label=label)
