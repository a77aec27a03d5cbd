"""A small clean delivery of a bureau, and what to ask of the run: for tests that spoil one thing at a time.

``delivery(folder)`` writes three parcels (GBK shapefile, EPSG:4546) and three firms (xlsx); a test writes one of
the two again in its spoiled form, calls ``check`` and compares ``figures`` with those of the clean copy.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
from writers import shapefile, square, workbook

from landeval import evaluate, load_project
from landeval.result import MONEY, RATIOS, Result

CODES = ("430525001001GB00001", "430525001001GB00002", "430525001001GB00003")
NAMES = ("洞口虚构机械有限公司", "洞口虚构竹业有限公司", "洞口虚构电子有限公司")
PARCEL_FIELDS = [("宗地代码", "C", 19), ("权利人", "C", 60), ("证载面积", "N", 12), ("土地用途", "C", 20)]
PARCEL_ROWS = [(code, name, "10000.00", "工业用地") for code, name in zip(CODES, NAMES, strict=True)]
FIRM_HEADER = ["企业名称", "年度", "累计固定资产投资（万元）", "工业总产值（万元）", "入库税收（万元）"]
FIRM_ROWS = [
    [NAMES[0], 2024, 4500, 6000, 300.25],
    [NAMES[1], 2024, 3000.5, 4000, 150],
    [NAMES[2], 2024, 1500, 900, 30],
]


def delivery(folder: Path) -> dict[str, Path]:
    """Write the clean parcels and firms and return their paths, as ``check`` takes them."""
    folder.mkdir(parents=True, exist_ok=True)
    return {
        "parcels": shapefile(folder / "宗地.shp", PARCEL_FIELDS, PARCEL_ROWS, [square(i) for i in range(3)]),
        "enterprises": workbook(folder / "企业.xlsx", {"2024": [FIRM_HEADER, *FIRM_ROWS]}),
    }


def check(**given: Any) -> Result:
    """Evaluate inputs by name (``parcels=…``, ``enterprises=…``) as of 2024-12-31."""
    return evaluate(load_project(**{"as_of": "2024-12-31", **given}))


def figures(result: Result) -> pd.DataFrame:
    """Return the numbers that a reader signs, one row a parcel code: areas, money and per-mu ratios."""
    columns = ["area_mu", "area_measured_m2", *MONEY, *RATIOS]
    frame = pd.DataFrame(result.parcels[["parcel_code", *columns]])
    return frame.set_index("parcel_code")[columns].astype("float64").sort_index()


def assert_same_figures(result: Result, clean: Result, *, rel: float = 1e-6) -> None:
    """Assert that two runs give the same numbers: 1e-6 where the container differs, 2e-4 where the CRS does."""
    pd.testing.assert_frame_equal(figures(result), figures(clean), rtol=rel, atol=0.0)


def assert_told(
    table: pd.DataFrame, code: str, *, file: str = "", row: int | None = None, column: str = "", raw: str = "",
    what: str = "", remedy: str = "",
) -> None:  # fmt: skip
    """Assert that an issue of a code stands at a place: file, row, column, value as written, sentence, remedy."""
    found = table[table["code"] == code].fillna("")
    assert len(found), f"没有 {code}，只有 {sorted(set(table['code']))}"
    wanted = {"source_file": file, "column": column, "raw_value": raw}
    for name, value in wanted.items():
        if value:
            found = found[found[name].astype(str) == value]
            assert len(found), (
                f"{code}：{name} 不是 {value}，而是 {table.loc[table['code'] == code, name].tolist()}"
            )
    if row is not None:
        found = found[found["source_row"] == row]
        assert len(found), f"{code}：行号是 {table.loc[table['code'] == code, 'source_row'].tolist()}"
    for name, text in (("what", what), ("remedy", remedy)):
        assert found[name].str.contains(text, regex=False).any(), f"{code}：{found[name].tolist()}"
    assert (found["remedy"] != "").all()


def states(result: Result, file: str) -> dict[int, str]:
    """Return what became of every record of a file: row → state."""
    rows = result.reconciliation[result.reconciliation["source_file"] == file]
    assert not rows.duplicated(["source_layer", "source_row"]).any()
    return dict(zip(rows["source_row"].astype(int), rows["record_state"], strict=True))
