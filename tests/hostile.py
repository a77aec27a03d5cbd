"""Texts that must come out as they went in, and a small project that carries them in every text field.

Every value ends in a mark of its own (``〔p3.7〕``: table, row, field), so that an output can be asked for each of them
and for what stands before it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from writers import moved, square

HOSTILE = (
    "=1+1",
    "@SUM(A1:A9)",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "http://x.example/企业",
    "mailto:a@b.example",
    "<img src=x onerror=alert(1)>",
    "{{7*191}} {% raw %} ${1}`",
    "甲\x00\x07厂\t二期\r\n三车间",
    "名" * 200,
    "〇𬭚😀矿业",
    '_x0041_"引号",逗号',
)
MORE = (
    "行一\u2028行二",
    "../../上级\\甲",
    "CON",
    "a<b>&c",
    "]]>",
    "甲" * 300,
    "𠮷野家",
)
CORPUS = (
    *HOSTILE,
    *MORE,
    "=cmd|' /C calc'!A0",
    "{{7*7}}",
    "{% if 1 %}{{ config }}{% endif %}",
    "</script><script>alert(1)</script>",
    "`${alert(1)}`",
    "＝1+1",
    "㐱𠀀䶮龥鿫",
    "左\u202e右\u200f\u2066中\u2069",
    "👩\u200d🔧🏭🇨🇳",
    "—·～…￥‖㎡〓",
    "&amp;&#x3D;<w:p/>",
    "'单引号",
)
"""``HOSTILE`` and ``MORE``, and what else a cell, a template, a page or a file name could take for an order."""

ROWS = len(CORPUS)
_PARCELS = (
    "宗地代码", "不动产权证号", "权利人", "统一社会信用代码", "坐落", "权利类型", "备注", "电子监管号", "抵押权人", "生产状态",
)  # fmt: skip
_CONTRACTS = (
    "合同编号", "受让人", "供应方式", "闲置土地认定书文号", "未动工原因", "未动工原因依据", "施工许可证号", "动工认定依据", "列入整治名单事由", "列入名单文号",
    "调查通知书文号", "抵押权人", "备注",
)  # fmt: skip
_FIRMS = (
    "企业名称", "曾用名", "行业代码", "生产状态", "坐落", "一票否决事项", "不参评事由", "上年评价等级", "加分事项", "扣分事项", "备注",
)  # fmt: skip
_EXEMPTIONS = ("豁免类型", "豁免事由", "豁免依据", "豁免范围", "批准单位", "经办人", "备注")
NOTES = ("审核意见", "处置方式", "责任人", "进展", "补充情况", "核实人", "核实日期")
_ZONES = ("分区编号", "分区名称", "主导产业")
_BUILDINGS = ("建筑编号", "建筑名称", "建筑结构")
_ACTUALS = ("指标", "对象", "计量单位", "来源单位", "进展说明")
_WORDS = {"q": "土地用途", "y": ("豁免类型", "豁免范围")}
"""Words that the rules act on: ``q`` of parcels, ``y`` of exemptions, each in records of their own."""
_PROJECTS = (
    "项目名称",
    "投资主体",
    "统一社会信用代码",
    "产业集群/基地/社区(意向)",
    "供应方式",
    "行业代码",
    "备注",
)
_PLOTS = ("地块编号", "地块名称", "坐落", "规划产业", "批准文号", "供应方式", "产业基地")


def wicked(table: str, row: int, field: int) -> str:
    """Return the text of a place: over the rows of a field each of the corpus once, and its mark."""
    return f"{CORPUS[(row + 7 * field) % ROWS]}〔{table}{row}.{field}〕"


def _wicked(table: str, row: int, fields: Sequence[str]) -> dict[str, str]:
    return {name: wicked(table, row, at) for at, name in enumerate(fields)}


def _layer(path: Path, records: Sequence[dict[str, Any]], rings: Sequence[Any]) -> Path:
    features = [
        {"type": "Feature", "properties": record, "geometry": {"type": "Polygon", "coordinates": moved(ring, 4490)}}
        for record, ring in zip(records, rings, strict=True)
    ]  # fmt: skip
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8"
    )
    return path


def _table(path: Path, records: Sequence[dict[str, Any]]) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.DictWriter(stream, list(records[0]), quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(records)
    return path


def hostile_projects(folder: Path) -> Path:
    """Write a table of proposed projects, a text of the corpus in every field, and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    asked = {
        "拟用地面积(㎡)": "20000",
        "固定资产投资(万元)": "9000",
        "达产年产值(万元)": "12000",
        "达产年税收(万元)": "600",
    }
    return _table(folder / "招商.csv", [{**_wicked("j", row, _PROJECTS), **asked} for row in range(ROWS)])


def hostile_project(folder: Path) -> Path:
    """Write a project of ``ROWS`` parcels, contracts, firms, exemptions, communities, plots and reviews, and return its toml.

    A third of the parcels was never begun, a third yields little, a third is exempt.
    """
    folder.mkdir(parents=True, exist_ok=True)
    every = range(ROWS)
    code = {row: wicked("p", row, 0) for row in every}
    parcels = [
        {**_wicked("p", row, _PARCELS), "土地用途": "工业用地", "证载面积(㎡)": 10000.0} for row in every
    ]
    contracts = [
        {
            "宗地代码": code[row], **_wicked("c", row, _CONTRACTS), "土地用途": "工业用地", "供地面积(㎡)": "10000", "成交价款(万元)": "500",
            "合同签订日期": "2019-06-01", "实际交地日期": "2019-09-01", "约定动工日期": "2020-03-01",
            "实际动工日期": "2020-02-01" if row % 3 else "", "实际竣工日期": "2021-02-01" if row % 3 else "",
        }
        for row in every
    ]  # fmt: skip
    firms = [
        {
            "所在宗地代码": code[row], **_wicked("e", row, _FIRMS), "年度": "2024", "累计固定资产投资(万元)": "300", "工业总产值(万元)": "400",
            "入库税收(万元)": "3.5",
        }
        for row in every
    ]  # fmt: skip
    exemptions = [
        {"宗地代码": code[row], **_wicked("x", row, _EXEMPTIONS), "豁免类型": "研发机构", "豁免范围": ""}
        for row in every
        if row % 3 == 2
    ]
    reviews = [{"宗地代码": code[row], **_wicked("r", row, NOTES)} for row in every]
    communities = [{"层级": "产业社区", **_wicked("z", row, _ZONES)} for row in every]
    plain = {row: f"430525001002GB{row + 1:05d}" for row in every}
    parcels += [
        {"宗地代码": plain[row], _WORDS["q"]: wicked("q", row, 0), "证载面积(㎡)": 10000.0} for row in every
    ]
    exemptions += [{"宗地代码": plain[row], **_wicked("y", row, _WORDS["y"])} for row in every]
    buildings = [{**_wicked("b", row, _BUILDINGS), "层数": 2} for row in every]
    actuals = [{**_wicked("t", row, _ACTUALS), "年份": "2023", "数值": "5"} for row in every]
    actuals += [
        {**_wicked("u", row, _ACTUALS), "指标": "规模工业产值", "对象": "园区", "计量单位": "亿元", "年份": str(1994 + row), "数值": "5"}
        for row in every
    ]  # fmt: skip
    written = {
        "parcels": _layer(folder / "宗地.geojson", parcels, [square(row) for row in range(2 * ROWS)]),
        "contracts": _table(folder / "台账.csv", contracts),
        "enterprises": _table(folder / "企业.csv", firms),
        "exemptions": _table(folder / "豁免.csv", exemptions),
        "layout": _layer(folder / "布局.geojson", communities, [square(row, 150) for row in every]),
        "buildings": _layer(folder / "建筑.geojson", buildings, [square(row, 50) for row in every]),
        "targets": _table(folder / "实绩.csv", actuals),
    }
    plots = [
        {**_wicked("s", row, _PLOTS), "地块面积(亩)": "15", "规划用途": "工业用地", "批准日期": "2020-01-01"}
        for row in every
    ]
    written["supply"] = _table(folder / "储备.csv", plots)
    _table(folder / "审核.csv", reviews)
    lines = [f'[{name}]\npath = "{path.name}"\n' for name, path in written.items()]
    title = json.dumps(CORPUS[0] + "{{7*7}}</script>@SUM", ensure_ascii=False)
    grading = '[grading]\nscheme = "dongkou"\n'
    toml = folder / "landeval.toml"
    toml.write_text(
        f'title = {title}\nyear = 2024\nas_of = "2024-12-31"\n' + "\n".join([*lines, grading]), "utf-8"
    )
    return toml
