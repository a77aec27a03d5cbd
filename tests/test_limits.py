"""The limits that a page promises are those in force, and each of them is enforced with its code."""

import re
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from bureau import check, delivery

from landeval import issues, picture, trial
from landeval.errors import REFUSALS, InputRefusedError
from landeval.issues import CATALOGUE
from landeval.measure import imagery
from landeval.publish import folder
from landeval.publish.disposal_plan import template
from landeval.publish.workbook import short
from landeval.read import (
    bounds,
    delimited,
    geojson,
    html,
    opening,
    parquet,
    raster,
    sheets,
    spreadsheetml,
    xls,
)
from landeval.sources import RawTable, Source
from landeval.tidy import tangles

PAGE = Path(__file__).resolve().parent.parent / "docs" / "限制.md"
GB, MB = "GB", "MB"
LIMITS = {
    "任何文件（影像除外）": (opening.MAX_BYTES, GB, "E122"),
    "GeoJSON": (geojson.MAX_BYTES, "MiB", "E122"),
    "csv、txt 文本表": (delimited.MAX_TEXT_BYTES, MB, "E126"),
    "旧格式工作簿（xls）": (xls.MAX_XLS_BYTES, MB, "E126"),
    "网页表格（html）": (html.MAX_HTML_BYTES, MB, "E126"),
    "XML 表格（SpreadsheetML）": (spreadsheetml.MAX_XML_BYTES, MB, "E126"),
    "一个表或图层的记录": (bounds.MAX_RECORDS, "条", "E123"),
    "一个工作簿的单元格（xls、html、XML）": (sheets.MAX_CELLS, "个", "E126"),
    "一个图形的顶点": (bounds.MAX_VERTICES, "个", "E149"),
    "一个图形的边线自相穿过": (tangles.MAX_CROSSINGS, "处", "E213"),
    "处置方案模板展开后": (template.MOST_BYTES, MB, "E650"),
    "展开后的大小": (opening.MAX_UNPACKED_BYTES, GB, "E126"),
    "展开后与压缩后之比（展开超过 50 MB 时才看）": (opening.MAX_RATIO, "倍", "E126"),
    "压缩包里的文件": (opening.MAX_MEMBERS, "个", "E126"),
    "xlsx 中一张工作表展开后": (opening.MAX_SHEET_BYTES, MB, "E126"),
    "parquet 展开后": (parquet.MAX_UNPACKED_BYTES, GB, "E126"),
    "像元（宽 × 高 × 波段 × 字节）": (raster.MAX_BYTES, GB, "E191"),
    "影像的一个数据块": (raster.MAX_BLOCK_BYTES, "MiB", "E191"),
    "一宗地在影像中的边长": (imagery.LARGEST, "像元", "E572"),
    "地图底图一边的像元": (picture.MOST_PIXELS, "像元", "无"),
    "输出文件夹的名称": (folder.MOST_NAME_BYTES, "字节（约 60 个汉字）", "E736"),
    "输出文件夹的路径（Windows）": (folder.MOST_PATH, "个字符", "E736"),
    "处置候选清单中列全部宗地": (short.MOST, "宗", "无"),
    "试算网格一条规则": (trial.MOST_STEPS, "步", "E635"),
    "试算网格两条规则": (trial.MOST_CELLS, "格", "E635"),
}
SIZES = {GB: 1024**3, "MiB": 1024**2, MB: 1_000_000}


def rows() -> dict[str, tuple[str, str]]:
    """Return the page's limits: what → how much, code."""
    cells = [line.strip("|").split("|") for line in PAGE.read_text("utf-8").splitlines() if line[:2] == "| "]
    return {cell[0].strip(): (cell[1].strip(), cell[3].strip()) for cell in cells if len(cell) == 4}


def test_the_page_states_the_limits_in_force():
    stated = {what: told for what, told in rows().items() if what != "内容"}
    wanted = {}
    for what, (value, unit, code) in LIMITS.items():
        number, rest = divmod(value, SIZES.get(unit, 1))
        assert rest == 0, what
        wanted[what] = (f"{number:,} {'MB' if unit == 'MiB' else unit}", code)
    assert stated == wanted


def test_every_code_of_the_page_is_one_of_ours():
    codes = set(re.findall(r"E\d{3}", PAGE.read_text("utf-8")))
    assert codes <= set(REFUSALS) | set(CATALOGUE)


def raw(shapes) -> RawTable:
    frame = pd.DataFrame({"c0": ["甲"] * len(shapes)}, dtype="object").assign(
        source_file="宗地.shp", source_layer="宗地", source_row=range(1, len(shapes) + 1)
    )
    frame["geometry"] = pd.Series(shapes, index=frame.index, dtype="object")
    empty = pd.DataFrame(columns=["source_file", "source_layer", "source_row", "reason"])
    return RawTable(
        Source("parcels", Path("宗地.shp")), frame, ("名称",), "", "", empty, issues.empty(), {}
    )  # fmt: skip


def ring(points: int) -> shapely.Polygon:
    angle = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return shapely.Polygon(np.column_stack([np.cos(angle), np.sin(angle)]))


def test_a_shape_of_too_many_vertices_is_told_and_has_no_area(monkeypatch):
    monkeypatch.setattr(bounds, "MAX_VERTICES", 100)
    found = bounds.bounded(raw([ring(99), ring(100), None]))
    assert [shape is None for shape in found.frame["geometry"]] == [False, True, True]
    assert found.issues[["code", "source_row"]].values.tolist() == [["E149", 2]]
    assert "101 个顶点" in found.issues["what"].iloc[0]


def test_a_shape_within_the_limit_stays_as_it_is(monkeypatch):
    whole = raw([ring(99), None])
    assert bounds.bounded(whole) is whole
    flat = replace(whole, frame=whole.frame.drop(columns="geometry"))
    assert bounds.bounded(flat) is flat


def test_a_table_of_too_many_records_is_refused(monkeypatch):
    monkeypatch.setattr(bounds, "MAX_RECORDS", 1)
    with pytest.raises(InputRefusedError, match="有 2 条记录，超过 1 条") as caught:
        bounds.bounded(raw([ring(4), ring(4)]))
    assert caught.value.code == "E123"


@pytest.mark.parametrize("kind", ["shp", "gpkg", "geojson"])
def test_both_limits_hold_for_a_whole_run_of_any_container(tmp_path, monkeypatch, kind):
    given = delivery(tmp_path)
    if kind != "shp":
        given["parcels"] = tmp_path / f"另.{kind}"
        gpd.read_file(tmp_path / "宗地.shp", encoding="gbk").to_crs(4490).to_file(given["parcels"])
    monkeypatch.setattr(bounds, "MAX_VERTICES", 4)
    result = check(**given)
    assert (result.issues["code"] == "E149").sum() == 3
    assert result.parcels["area_measured_m2"].isna().all()
    monkeypatch.setattr(bounds, "MAX_RECORDS", 2)
    with pytest.raises(InputRefusedError):
        check(**given)
