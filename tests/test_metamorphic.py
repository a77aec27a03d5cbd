"""The same park in another container, encoding, CRS, order, unit or split of years gives the same outcome.

A case changes a park of eight parcels, its ledger and its firms of two years, each table in one way, and is compared
with the plain copy: figures, classes, verdicts, totals, ledger of money, and errors told.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from bureau import assert_same_figures
from writers import gbk_zip, moved, shapefile, square, text_file, workbook, xls

from landeval import evaluate, load_project
from landeval.result import MONEY, RATIOS, Result
from landeval.tidy.codes import credit_code_check

CONTAINER, CRS_CHANGE = 1e-6, 2e-4
PARCELS = 8
Table = list[list[Any]]
Change = Callable[[Table], Table]


def credit_code(at: int) -> str:
    body = f"91430525MA000000{at}"
    return body + credit_code_check(body)


CODES = [f"430525001001GB0000{at}" for at in range(1, PARCELS + 1)]
NAMES = [f"洞口虚构第{at}竹木机械有限公司" for at in "一二三四五六七八"]
LAND: Table = [
    ["宗地代码", "权利人", "信用代码", "证载面积", "土地用途"],
    *[[code, name, credit_code(at), "" if at == 7 else "10000", "工业用地"]
      for at, (code, name) in enumerate(zip(CODES, NAMES, strict=True))],
]  # fmt: skip
STARTED = ["2020-02-01", "2020-06-01", "", "2021年1月5日", "2020-02-01", "2020-02-01", "", "2019-12-01"]
LEDGER: Table = [
    ["宗地代码", "电子监管号", "合同面积（㎡）", "合同签订日期", "约定动工日期", "实际动工日期", "成交价款（万元）"],
    *[[code, f"4305002019B0000{at}", "10000", "2019-03-01", "2020-03-01", STARTED[at], "300.5"]
      for at, code in enumerate(CODES)],
]  # fmt: skip
FIRMS: Table = [
    ["企业名称", "信用代码", "宗地代码", "年度", "累计固定资产投资（万元）", "工业总产值（万元）", "入库税收（万元）"],
    *[[name, credit_code(at), "", year, f"{4500 - 500 * at + year - 2023}", f"{6000.25 - 700 * at:.2f}", f"{300.25 - 37.5 * at:.4f}"]
      for at, name in enumerate(NAMES[:6]) for year in (2023, 2024)],
    ["洞口虚构承租电子有限公司", credit_code(8), CODES[0], 2024, "800", "1200.5", "61.123456"],
    ["洞口虚构无地贸易有限公司", credit_code(9), "", 2024, "10", "", "3.3"],
]  # fmt: skip
SHAPES = [square(at) for at in range(PARCELS)]
ZONES = [
    ("产业集群", "C1", "虚构集群", "", 0, 1800.0),
    ("产业基地", "B1", "虚构东基地", "C1", 0, 800.0),
    ("产业基地", "B2", "虚构西基地", "C1", 4, 1000.0),
    ("产业社区", "S1", "虚构社区", "B1", 0, 800.0),
]


# ---- writers of one table, each in one line of a list below ----------------------------------------------------
def as_shapefile(folder: Path, table: Table, *, crs: int = 4546, **options: Any) -> Path:
    fields = [(name, "C", 80) for name in table[0]]
    shapes = [moved(shape, crs) if crs != 4546 else shape for shape in _shapes_of(table)]
    return shapefile(folder / "宗地.shp", fields, table[1:], shapes, prj=crs, **options)


def as_layer(folder: Path, table: Table, *, name: str, crs: int = 4546) -> Path:
    path = folder / name
    if path.suffix == ".parquet":
        _layer_of(table, crs).to_parquet(path)
    else:
        _layer_of(table, crs).to_file(path, driver="OpenFileGDB" if path.suffix == ".gdb" else None)
    return path


def as_zip(
    folder: Path, table: Table, *, write: Callable[..., Path], within: str = "", encoding: str = "gbk"
) -> Path:
    """Zip what another writer writes, in a folder or none, names in an encoding without a mark."""
    plain = Path(tempfile.mkdtemp(dir=folder))
    path = write(plain, table)
    members = [
        (f"{within}{item.relative_to(plain).as_posix()}", item.read_bytes())
        for item in sorted(plain.rglob("*"))
        if item.is_file()
    ]
    return gbk_zip(folder / f"{path.stem}.zip", members, encoding=encoding)


def as_geojson(folder: Path, table: Table) -> Path:
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(table[0], row, strict=True)),
            "geometry": {"type": "Polygon", "coordinates": moved(shape, 4490)},
        }
        for row, shape in zip(table[1:], _shapes_of(table), strict=True)
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    return text_file(folder / "宗地.geojson", text)


def as_xlsx(folder: Path, table: Table, *, stem: str = "企业", sheet: str = "数据") -> Path:
    return workbook(folder / f"{stem}.xlsx", {sheet: table, "说明": [["本表由虚构局提供"]]})


def as_xls(folder: Path, table: Table, *, stem: str = "企业") -> Path:
    return xls(folder / f"{stem}.xls", {"数据": table, "说明": [["本表由虚构局提供"]]})


def as_csv(
    folder: Path, table: Table, *, stem: str = "企业", mark: str = ",", encoding: str = "utf-8"
) -> Path:
    text = "\n".join(mark.join(str(cell) for cell in row) for row in table) + "\n"
    return text_file(folder / f"{stem}.csv", text, encoding)


def a_sheet_a_year(folder: Path, table: Table, *, name: str = "企业.xlsx") -> Path:
    write = xls if name.endswith(".xls") else workbook
    return write(folder / name, {f"{year}年": rows for year, rows in _by_year(table).items()})


def a_file_a_year(folder: Path, table: Table) -> list[Path]:
    return [
        as_xlsx(folder, rows, stem=f"企业{year}年", sheet="Sheet1") for year, rows in _by_year(table).items()
    ]


def _by_year(table: Table) -> dict[int, Table]:
    at = table[0].index("年度")
    without = {year: [row for row in table[1:] if row[at] == year] for year in (2023, 2024)}
    return {
        year: [[*row[:at], *row[at + 1 :]] for row in (table[0], *rows)] for year, rows in without.items()
    }


def _layer_of(table: Table, crs: int) -> gpd.GeoDataFrame:
    values = pd.DataFrame(table[1:], columns=table[0], dtype="object").infer_objects()
    shapes = [shapely.Polygon(moved(shape, crs)[0]) for shape in _shapes_of(table)]
    return gpd.GeoDataFrame(values, geometry=shapes, crs=crs)


def _shapes_of(table: Table) -> list[Any]:
    at = table[0].index("宗地代码")
    return [SHAPES[CODES.index(row[at])] for row in table[1:]]


# ---- changes of a table that mean nothing ----------------------------------------------------------------------
def same(table: Table) -> Table:
    return table


def shuffled(table: Table) -> Table:
    rows = table[1:]
    random.Random(7).shuffle(rows)
    return [table[0], *rows]


def reordered(table: Table) -> Table:
    return [row[::-1] for row in table]


def with_more(table: Table) -> Table:
    """Add columns nobody asked for: a running number, a phone number, a note."""
    return [
        ["序号", *table[0], "联系人手机", "填报情况"],
        *[[str(at), *row, "", "已核"] for at, row in enumerate(table[1:], start=1)],
    ]


def with_title_and_total(table: Table) -> Table:
    width = len(table[0])
    blank = [""] * (width - 1)
    return [["虚构园区企业情况表", *blank], *table, ["合计", *blank], ["制表人：虚构", *blank]]


def in_unit(table: Table, *, unit: str, worth: str, kind: str) -> Table:
    """Write figures in another unit, said in the header, every digit kept."""
    columns = [at for at, name in enumerate(table[0]) if kind in name]
    head = [
        f"{name.partition('（')[0]}（{unit}）" if at in columns else name for at, name in enumerate(table[0])
    ]

    def cell(at: int, value: Any) -> Any:
        return f"{Decimal(value) / Decimal(worth):f}" if at in columns and value else value

    return [head, *[[cell(at, value) for at, value in enumerate(row)] for row in table[1:]]]


def unit_in_cells(table: Table) -> Table:
    columns = [at for at, name in enumerate(table[0]) if "万元" in name]
    return [
        table[0],
        *[[f"{value}万元" if at in columns and value else value for at, value in enumerate(row)] for row in table[1:]],
    ]  # fmt: skip


def unit_row(table: Table) -> Table:
    bare = [name.partition("（")[0] for name in table[0]]
    units = ["万元" if "万元" in name else "" for name in table[0]]
    return [bare, units, *table[1:]]


def as_numbers(table: Table) -> Table:
    """Write figures as numbers and blanks as no cell at all, as a program exports them."""
    columns = [at for at, name in enumerate(table[0]) if "万元" in name or "面积" in name]

    def cell(at: int, value: Any) -> Any:
        return float(value) if at in columns and value else None if value == "" else value

    return [table[0], *[[cell(at, value) for at, value in enumerate(row)] for row in table[1:]]]


def as_dates(table: Table) -> Table:
    """Write dates in the order year-month-day as dates, other spellings as they are."""
    return [[date.fromisoformat(cell) if _is_iso(cell) else cell for cell in row] for row in table]


def _is_iso(cell: Any) -> bool:
    return isinstance(cell, str) and len(cell) == 10 and cell[4] == cell[7] == "-"


money = partial(partial, in_unit, kind="万元")
area = partial(partial, in_unit, kind="面积")


# ---- the variants of each table: how it is changed, how it is written, how close the figures must be -----------
Variant = tuple[Change, Callable[..., Any], float]
LAND_VARIANTS: dict[str, Variant] = {
    # containers and encodings of the parcels
    "shp GBK, .cpg says UTF-8": (same, partial(as_shapefile, cpg="UTF-8"), CONTAINER),
    "shp GBK, .cpg is rubbish": (same, partial(as_shapefile, cpg="ANSI 936", ldid=0x57), CONTAINER),
    "shp UTF-8, no .cpg": (same, partial(as_shapefile, encoding="utf-8"), CONTAINER),
    "shp UTF-8, .cpg says GBK": (same, partial(as_shapefile, encoding="utf-8", cpg="GBK"), CONTAINER),
    "shp with heights": (same, partial(as_shapefile, kind=15), CONTAINER),
    "gpkg": (same, partial(as_layer, name="宗地.gpkg"), CONTAINER),
    "geojson": (same, as_geojson, CRS_CHANGE),
    "gdb": (same, partial(as_layer, name="宗地.gdb"), CONTAINER),
    "gdb, area as numbers": (as_numbers, partial(as_layer, name="宗地.gdb"), CONTAINER),
    "parquet": (same, partial(as_layer, name="宗地.parquet"), CONTAINER),
    "parquet, area as numbers, lon/lat": (as_numbers, partial(as_layer, name="宗地.parquet", crs=4490), CRS_CHANGE),
    "zipped shp, names GBK": (same, partial(as_zip, write=as_shapefile), CONTAINER),
    "zipped shp in folders, names GBK": (same, partial(as_zip, write=as_shapefile, within="虚构县/2024年/"), CONTAINER),
    "zipped shp in folders, names UTF-8 without a mark": (
        same, partial(as_zip, write=as_shapefile, within="虚构县\\宗地\\", encoding="utf-8"), CONTAINER),
    "zipped gdb in folders, names GBK": (
        same, partial(as_zip, write=partial(as_layer, name="宗地.gdb"), within="虚构县/"), CONTAINER),
    "zipped parquet": (same, partial(as_zip, write=partial(as_layer, name="宗地.parquet")), CONTAINER),
    # coordinate systems
    "lon/lat": (same, partial(as_shapefile, crs=4490), CRS_CHANGE),
    "3° zone 37, with its number in front": (same, partial(as_shapefile, crs=4525), CRS_CHANGE),
    "6° zone 19, with its number in front": (same, partial(as_shapefile, crs=4497), CRS_CHANGE),
    "6° zone about 111°": (same, partial(as_shapefile, crs=4508), CRS_CHANGE),
    "neighbouring 3° zone": (same, partial(as_shapefile, crs=4547), CRS_CHANGE),
    "Web Mercator": (same, partial(as_shapefile, crs=3857), CRS_CHANGE),
    "UTM 49N": (same, partial(as_layer, name="宗地.gpkg", crs=32649), CRS_CHANGE),
    # order, surplus, units of land
    "parcels shuffled": (shuffled, as_shapefile, CONTAINER),
    "parcel fields reordered, more fields": (lambda t: with_more(reordered(t)), as_shapefile, CONTAINER),
    "parcels in 亩": (area(unit="亩", worth="666.6666666666666666666666667"), partial(as_layer, name="宗地.gpkg"), CONTAINER),
}  # fmt: skip
LEDGER_VARIANTS: dict[str, Variant] = {
    "as it is": (same, partial(as_xlsx, stem="台账"), CONTAINER),
    "ledger in 公顷, as csv": (area(unit="公顷", worth="10000"), partial(as_csv, stem="台账", encoding="gb18030"), CONTAINER),
    "ledger xls, dates as dates": (lambda t: as_dates(as_numbers(t)), partial(as_xls, stem="台账"), CONTAINER),
    "ledger xlsx, dates as dates, zipped": (as_dates, partial(as_zip, write=partial(as_xlsx, stem="台账")), CONTAINER),
    "ledger shuffled, with more columns": (lambda t: with_more(shuffled(t)), partial(as_xlsx, stem="台账"), CONTAINER),
}  # fmt: skip
FIRM_VARIANTS: dict[str, Variant] = {
    "firms csv UTF-8": (same, as_csv, CONTAINER),
    "firms csv GB18030, semicolons": (same, partial(as_csv, mark=";", encoding="gb18030"), CONTAINER),
    "firms csv UTF-16, tabs": (same, partial(as_csv, mark="\t", encoding="utf-16"), CONTAINER),
    "firms in 元": (money(unit="元", worth="0.0001"), as_xlsx, CONTAINER),
    "firms in 亿元": (money(unit="亿元", worth="10000"), as_csv, CONTAINER),
    "firms with 万元 in every cell": (unit_in_cells, as_xlsx, CONTAINER),
    "firms with a row of units": (unit_row, as_xlsx, CONTAINER),
    "firms shuffled, reordered, more columns": (lambda t: with_more(reordered(shuffled(t))), as_xlsx, CONTAINER),
    "firms with title, total and signature": (with_title_and_total, as_xlsx, CONTAINER),
    "a sheet a year": (same, a_sheet_a_year, CONTAINER),
    "a file a year": (same, a_file_a_year, CONTAINER),
    "firms xls": (same, as_xls, CONTAINER),
    "firms xls, numbers as numbers": (as_numbers, as_xls, CONTAINER),
    "firms xls, a sheet a year": (as_numbers, partial(a_sheet_a_year, name="企业.xls"), CONTAINER),
    "zipped firms xls in a folder, names GBK": (same, partial(as_zip, write=as_xls, within="年报/"), CONTAINER),
    "zipped firms csv GB18030, names GBK": (same, partial(as_zip, write=partial(as_csv, encoding="gb18030")), CONTAINER),
}  # fmt: skip


def park(folder: Path) -> dict[str, Any]:
    """Write the plain copy of every table."""
    folder.mkdir(parents=True, exist_ok=True)
    zones = gpd.GeoDataFrame(
        pd.DataFrame([zone[:4] for zone in ZONES], columns=["层级", "分区编号", "分区名称", "上级编号"]),
        geometry=[shapely.Polygon(square(at, size)[0]).buffer(20) for *_, at, size in ZONES],
        crs=4546,
    )
    zones.to_file(folder / "布局.gpkg")
    return {
        "parcels": as_shapefile(folder, LAND),
        "contracts": as_xlsx(folder, LEDGER, stem="台账"),
        "enterprises": as_xlsx(folder, FIRMS),
        "layout": folder / "布局.gpkg",
    }


def outcome(given: dict[str, Any]) -> Result:
    return evaluate(load_project(as_of="2024-12-31", year=2024, **given))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Result:
    return outcome(park(tmp_path_factory.mktemp("plain")))


def test_the_plain_copy_says_something_worth_keeping(plain):
    """Several classes, money on most parcels, one firm without land, one tenant, one area from the drawing."""
    assert plain.status["status"].nunique() >= 3
    assert plain.parcels["tax_wan_yuan_per_mu"].notna().sum() == 6
    assert plain.parcels["area_basis"].value_counts().to_dict() == {"证载面积": 7, "合同面积": 1}
    assert {"产业集群", "产业基地", "产业社区"} <= set(plain.zones["zone_level"])
    assert (plain.ledger["unmatched"].astype(float) > 0).any()


TABLES = {"parcels": LAND, "contracts": LEDGER, "enterprises": FIRMS}
VARIANTS = {"parcels": LAND_VARIANTS, "contracts": LEDGER_VARIANTS, "enterprises": FIRM_VARIANTS}
CASES = list(
    islice(
        zip(cycle(LAND_VARIANTS), cycle(LEDGER_VARIANTS), cycle(FIRM_VARIANTS), strict=False),
        max(map(len, VARIANTS.values())),
    )
)
"""A run changes all three tables at once, each in its own way: every variant stands in one case at least."""


@pytest.mark.parametrize("names", CASES, ids=" + ".join)
def test_the_same_park_gives_the_same_outcome(tmp_path, plain, names):
    given = park(tmp_path / "plain")
    (tmp_path / "changed").mkdir()
    closeness = []
    for name, (table, start) in zip(names, TABLES.items(), strict=True):
        change, write, rel = VARIANTS[table][name]
        given[table] = write(tmp_path / "changed", change([list(row) for row in start]))
        closeness.append(rel)
    result, rel = outcome(given), max(closeness)
    assert_same_figures(result, plain, rel=rel)
    assert_same_totals(result, plain, rel=rel)
    assert result.status["status"].to_dict() == plain.status["status"].to_dict()
    assert verdicts(result) == verdicts(plain)
    assert errors(result) == errors(plain)


def assert_same_totals(result: Result, plain: Result, *, rel: float) -> None:
    """Assert that zones and the ledger of money add up to the same."""
    columns = ["zone_level", "zone_code", "zone_parcels", "area_mu", *MONEY, *RATIOS]
    pd.testing.assert_frame_equal(
        pd.DataFrame(result.zones[columns]), pd.DataFrame(plain.zones[columns]), rtol=rel, atol=1e-9
    )
    pd.testing.assert_frame_equal(result.ledger, plain.ledger, rtol=1e-9, atol=1e-6)


def verdicts(result: Result) -> list[tuple[str, ...]]:
    """Return which rule said what of which unit."""
    return sorted(map(tuple, result.findings[["unit_id", "rule_id", "verdict"]].astype(str).to_numpy()))


def errors(result: Result) -> list[str]:
    """Return the codes of all problems that are errors, in order."""
    return sorted(result.issues.loc[result.issues["level"] == "错误", "code"])
