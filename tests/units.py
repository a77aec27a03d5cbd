"""Tiny units of a province, each three parcels and three firms, side by side: for tests of many units."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from writers import EAST, NORTH, Ring, shapefile, workbook

FIELDS = [
    ("宗地代码", "C", 19), ("权利人", "C", 60), ("证载面积", "N", 12), ("土地用途", "C", 20),
    ("约定动工日", "C", 12), ("实际动工日", "C", 12),
]  # fmt: skip
FIRMS = [
    "企业名称",
    "统一社会信用代码",
    "年度",
    "累计固定资产投资（万元）",
    "工业总产值（万元）",
    "入库税收（万元）",
    "是否规上",
]
WIDE = 300.0
"""Width of a unit: three parcels of 100 m side by side."""


def unit(
    folder: Path,
    number: int,
    *,
    code: Sequence[str] = (),
    firms: Sequence[Sequence[Any]] = (),
    more: str = "",
    idle: bool = True,
    start: float | None = None,
    settings: str = "as_of = 2024-12-31\nyear = 2024\n",
) -> Path:
    """Write unit ``number``: its land begins so far east [m], or where that of the one before ends; idle at both ends."""
    folder.mkdir(parents=True, exist_ok=True)
    codes = code or [f"43052{number}001001GB0000{at}" for at in (1, 2, 3)]
    names = [f"洞口虚构{number}{word}有限公司" for word in ("机械", "竹业", "电子")]
    days = ["2015-01-01" if idle else "", "", "2016-01-01" if idle else ""]
    rows = [
        (one, name, "10000.00", "工业用地", day, "")
        for one, name, day in zip(codes, names, days, strict=True)
    ]
    west = number * WIDE if start is None else start
    shapes = [square(west + at * 100.0) for at in range(3)]
    shapefile(folder / "宗地.shp", FIELDS, rows, shapes)
    given = firms or [
        [names[1], "", 2024, 3000.5, 4000.01 * number, 150, "是"],
        [f"虚构{number}外地有限公司", "", 2024, 1500, 900, 30.33, "否"],
    ]
    workbook(folder / "企业.xlsx", {"2024": [FIRMS[: len(given[0])], *given]})
    file = folder / "landeval.toml"
    text = f'title = "虚构{number}"\n{settings}{more}\n[parcels]\npath = "宗地.shp"\n[enterprises]\npath = "企业.xlsx"\n'
    file.write_text(text, encoding="utf-8")
    return file


def square(at: float, size: float = 100.0) -> list[Ring]:
    """Return a square parcel whose west side lies so far east of the corner [m]."""
    x, y = EAST + at, NORTH
    return [[(x, y), (x, y + size), (x + size, y + size), (x + size, y), (x, y)]]


def province(root: Path, count: int, **given: Any) -> Path:
    """Write so many units beside one another."""
    for number in range(1, count + 1):
        unit(root / f"虚构{number}县", number, **given)
    return root
