"""Chapter on the intensive-use index and the potentials, as an internal figure."""

from __future__ import annotations

from landeval.intensive_use import INDICATOR, YEARS, IntensiveUse
from landeval.publish.charts import groups as pictures
from landeval.publish.report.section import Chapter, Section, amount, said, table_of
from landeval.result import Result

_LEVELS = {"指数": "", "准则": "", "子准则": "　", INDICATOR: "　　"}


def index(result: Result) -> Chapter:
    """Say what the index is, what it lacks, and what the potentials are; nothing where it was not asked for."""
    found = result.index
    title = "土地集约利用（内部测算）"
    if found is None or found.whole is None:
        return Chapter(title, ())
    return Chapter(title, (_score(found), _potentials(found)))


def _score(found: IntensiveUse) -> Section:
    whole = found.whole or {}
    score, low, high = (float(whole[name]) for name in ("index_score", "index_low", "index_high"))
    told = (
        f"集约利用指数 {score:.2f}"
        if score == score
        else f"集约利用指数未知，最低 {low:.2f}、最高 {high:.2f}"
    )
    target = f"目标 {found.target:g}，{found.verdict}" if found.target == found.target else found.target_why
    official = (
        f"；公布的数为 {found.official:g}（{found.official_origin}）"
        if found.official == found.official
        else ""
    )
    nodes = found.nodes
    scored = nodes[nodes["index_level"] == INDICATOR]
    several = nodes["index_region"].nunique() > 1
    names = [
        f"{row['index_region']} {row['index_name']}" if several else str(row["index_name"])
        for row in scored.to_dict("records")
    ]
    picture = pictures.ratios(
        names, (scored["index_standard"] * 100).tolist(), None, "现状值相当于理想值（%，最多 100）"
    )
    rows = [
        (
            str(row["index_region"]), f"{_LEVELS.get(str(row['index_level']), '')}{row['index_name']}", amount(row["index_value"]),
            amount(row["index_ideal"]), amount(row["index_weight"]), amount(row["index_score"]), amount(row["index_gap"]),
        )
        for row in nodes.to_dict("records")
    ]  # fmt: skip
    headers = ("区域", "节点", "现状值", "理想值", "权重", "得分", "距目标")
    note = f"{found.formula}；{found.zone_type}（{found.type_why}）。权重和理想值没有官方数值，逐项依据见土地集约利用指数.xlsx。"
    return Section("指数", f"{told}；{target}{official}。", picture, table_of(headers, rows), note)


def _potentials(found: IntensiveUse) -> Section:
    table = found.potentials
    first = table.drop_duplicates("potential_view")
    parts = [
        f"{row['potential_view']}{said(row['potential_value'], ' ' + str(row['measure_unit']))}"
        for row in first.to_dict("records")
        if row["potential_view"] not in (YEARS, "强度潜力")
    ]
    rows = [
        (str(row["index_region"]), str(row["potential_view"]), str(row["potential_name"]), amount(row["potential_value"]), str(row["measure_unit"]), str(row["index_formula"]))
        for row in table.to_dict("records")
    ]  # fmt: skip
    headers = ("区域", "类别", "名称", "数值", "单位", "算式")
    return Section(
        "潜力",
        "，".join(parts) + "。",
        None,
        table_of(headers, rows),
        "四类潜力是同一块地的不同看法，不得相加；空白为未知。",
    )
