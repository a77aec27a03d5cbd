"""How each class looks: a colour and a hatch, so that a black-and-white copy still tells them apart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    r"""The fill of one class.

    Attributes
    ----------
    name : str
        The class, one of ``result.STATUSES``.
    fill : str
        Ground colour.
    hatch : str
        ``cross`` (×), ``grid`` (+), ``slash`` (/), ``backslash`` (\), ``dots``, or nothing.
    ink : str
        Colour of the hatch.
    dashed : bool
        Whether the outline is dashed (a class that stands for missing data).
    """

    name: str
    fill: str
    hatch: str = ""
    ink: str = "#ffffff"
    dashed: bool = False


# Worst first: the order of the legend. Orange to blue survives colour blindness, the hatches a copier.
LOOKS = (
    Look("闲置(已认定)", "#67000D", "grid"),
    Look("涉嫌闲置(未动工)", "#A50F15", "cross"),
    Look("涉嫌闲置(中止开发)", "#CB181D", "backslash"),
    Look("逾期未动工预警", "#E6550D", "slash"),
    Look("低效候选", "#FDAE6B"),
    Look("关注", "#FFF2B3"),
    Look("达标", "#2171B5"),
    Look("豁免", "#969696", "dots"),
    Look("资料不足", "#FFFFFF", "", "#8a8a8a", dashed=True),
)
UNKNOWN = "资料不足"


@dataclass(frozen=True)
class Line:
    """How a layer laid over the parcels is drawn: told apart by width and dashes alone, should colours be lost.

    Attributes
    ----------
    color : str
    weight : float
        [px]
    dash : str
        Lengths of dashes and gaps [px]; empty: a full line.
    """

    color: str
    weight: float
    dash: str = ""


LINES = {
    "连片地块": Line("#B0006D", 4.5),
    "永久基本农田": Line("#1B5E20", 3, "1 6"),
    "生态保护红线": Line("#B71C1C", 3, "14 4 2 4"),
    "城镇开发边界": Line("#4527A0", 3, "20 6"),
    "道路": Line("#4E4E4E", 2),
    "河流": Line("#0D47A1", 2.5, "6 3"),
    "规划用途": Line("#6D4C00", 1.5, "3 3"),
}
