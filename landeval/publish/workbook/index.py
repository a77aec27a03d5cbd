"""``土地集约利用指数.xlsx``: the score with what it rests on, every node, potentials, the parcels', figures, charts."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Protocol

import pandas as pd

from landeval.intensive_use import INDEX, INDICATOR, IntensiveUse
from landeval.publish.cells import GAP_OF, cells, clean
from landeval.publish.workbook.book import new_book
from landeval.publish.workbook.grading import folded
from landeval.publish.workbook.index_charts import write_charts
from landeval.publish.workbook.sheet import Column, Sheet, opening_sheet, write_cell, write_sheet
from landeval.publish.workbook.styles import Styles
from landeval.vocabulary.land_status import items

_SUMMARY = (("index_region", "区域", 12), ("index_name", "层次", 26), ("index_score", "得分", 10), ("index_low", "下限", 10),
            ("index_high", "上限", 10), ("index_gap", "距目标", 10), ("index_note", "说明", 44))  # fmt: skip
_KINDS = {"index_region": "text", "index_name": "text", "index_note": "text"}


class Indexed(Protocol):
    """A run or an index run: what the workbook says of itself."""

    @property
    def title(self) -> str:
        """The park."""

    @property
    def as_of(self) -> dt.date:
        """The day of judgement."""

    @property
    def year(self) -> int | None:
        """The data year."""

    @property
    def currency(self) -> str:
        """元, or what replaces it."""


def write_index_book(result: Indexed, index: IntensiveUse, path: Path) -> Path:
    """Write the workbook and return its path.

    Parameters
    ----------
    result : Result or IndexRun
        For title, day and currency.
    index : IntensiveUse
        Rendered as it is.
    path : Path
        Of the file.
    """
    with new_book(path, result) as (book, styles):
        _write_opening(book, styles, result, index)
        write_sheet(book, styles, index.nodes, _nodes_sheet(index), currency=result.currency)
        write_sheet(book, styles, index.potentials, _potentials_sheet(index), currency=result.currency)
        if len(index.parcel_potentials):
            write_sheet(
                book,
                styles,
                by_parcel(index.parcel_potentials),
                _parcels_sheet(index),
                currency=result.currency,
            )
        write_sheet(book, styles, index.figures, _figures_sheet(), currency=result.currency)
        write_charts(book, styles, index)
    return path


def told(index: IntensiveUse) -> list[str]:
    """Say in sentences what the score is, how it compares, what is missing, and what stands beside it."""
    scheme = index.scheme
    lines = [f"本表为{index.formula}，不是省、市公布的指数，不得作为官方数值引用。", score_words(index)]
    if index.whole is not None:
        lines.append(f"开发区类型：{index.zone_type}（{index.type_why}）。")
        lines += _helps(index)
    if index.official == index.official:
        lines.append(
            f"上级公布的指数：{index.official:g}（{index.official_origin or '没有写出处'}），与上面的测算并列，不混用。"
        )
    else:
        lines.append("上级公布的指数：没有填报。")
    lines.append(f"方案：{scheme.title}。{scheme.caveat}")
    lines += [f"本单位改动：{change}" for change in scheme.changes]
    lines += [f"说明：{scheme.note}"] if scheme.note else []
    return lines


def score_words(index: IntensiveUse) -> str:
    """Say in one sentence what the score is, or between what it lies, and how it compares."""
    whole = index.whole
    if whole is None:
        return f"指数没有测算：开发区类型无法判定（{index.type_why}）。"
    compared = f"目标 {index.target_why}：{index.verdict}。"
    score = whole["index_score"]
    if score == score:
        return f"综合分值 {score:.2f}，{index.scheme.grade_of(score)}；{compared}"
    missing = int((index.nodes["index_level"].eq(INDICATOR) & index.nodes["index_standard"].isna()).sum())
    between = f"得分在 {whole['index_low']:.2f} 至 {whole['index_high']:.2f} 之间"
    return f"综合分值未知：{missing} 项指标缺数或没有理想值，{between}；{compared}"


def _helps(index: IntensiveUse) -> list[str]:
    """Name the indicators that alone would reach the target, and those that lose most."""
    rows = index.nodes[index.nodes["index_level"] == INDICATOR]
    alone = rows[rows["index_closes"].notna()]
    said = [
        f"{row['index_region']}{row['index_name']}到 {row['index_closes']:.6g}{row['measure_unit']}（现 {row['index_value']:.6g}）"
        for row in alone.to_dict("records")
    ]
    lost = rows[rows["index_lost"] > 0].sort_values("index_lost", ascending=False, kind="stable").head(3)
    most = [
        f"{row['index_region']}{row['index_name']} {row['index_lost']:.2f} 分"
        for row in lost.to_dict("records")
    ]
    lines = [f"单独一项就能达到目标的：{'；'.join(said)}。"] if said else []
    return lines + ([f"少得分最多的：{'、'.join(most)}。"] if most else [])


def _write_opening(book: Any, styles: Styles, result: Indexed, index: IntensiveUse) -> None:
    how = [line for text in told(index) for line in folded(clean(text))]
    heading = (
        f"{clean(result.title)}土地节约集约利用综合分值（内部测算）",
        f"数据年度 {result.year or '未写明'}，基准日 {result.as_of}，{index.formula}",
    )
    columns = [(label, width) for _, label, width in _SUMMARY]
    sheet, row = opening_sheet(book, styles, "说明", heading, how, columns)
    upper = index.nodes[index.nodes["index_level"] != INDICATOR] if index.whole is not None else index.nodes
    if not len(upper):
        return
    shown = upper.assign(index_name=upper["index_name"].where(upper["index_level"] != INDEX, "综合分值"))
    data = [cells(shown[name]) for name, _, _ in _SUMMARY]
    for values in zip(*data, strict=True):
        row += 1
        for at, (value, (name, _, _)) in enumerate(zip(values, _SUMMARY, strict=True)):
            write_cell(
                sheet, row, at, value, styles.body(_KINDS.get(name, "money"), wrap=name == "index_note")
            )


def _nodes_sheet(index: IntensiveUse) -> Sheet:
    return Sheet(
        "逐项",
        "逐项得分（内部测算）",
        (
            Column("index_region", 11),
            Column("index_level", 8),
            Column("index_node", 7),
            Column("index_name", 24),
            Column("index_value", 12),
            Column("measure_unit", 10),
            Column("index_ideal", 10),
            Column("index_standard", 10, is_exact=True),
            Column("index_weight", 9),
            Column("index_full_weight", 11, is_exact=True),
            Column("index_score", 10),
            Column("index_points", 10),
            Column("index_lost", 9, is_shaded=True),
            Column("index_gap", 9),
            Column("index_closes", 12),
            Column("index_low", 9),
            Column("index_high", 9),
            Column("index_note", 40, wrap=True),
            Column("index_formula", 26, wrap=True),
            Column("index_ideal_basis", 46, wrap=True),
            Column("index_weight_basis", 16, wrap=True),
        ),
        note=f"{index.formula}；得分 = 100 × Σ权重 × 标准化值；空白 = 未知",
        frozen=4,
        pages_wide=2,
        full_table="tables/index.csv",
        empty="指数没有测算，见“说明”。",
    )


def _potentials_sheet(index: IntensiveUse) -> Sheet:
    return Sheet(
        "潜力",
        "土地集约利用潜力（内部测算）",
        (
            Column("index_region", 11),
            Column("potential_view", 13),
            Column("potential_name", 24),
            Column("potential_value", 14),
            Column("measure_unit", 8),
            Column("index_formula", 38, wrap=True),
            Column("index_note", 48, wrap=True, label="取数"),
            Column("index_ideal_basis", 12, wrap=True),
        ),
        note="各类潜力是同一块地的不同看法，不得相加；空白 = 未知或不适用",
        full_table="tables/potentials.csv",
        empty="没有。",
    )


def by_parcel(potentials: pd.DataFrame) -> pd.DataFrame:
    """Put the lines of each parcel side by side: what is lacking of each, and why where it is not known."""
    keys = [
        name
        for name in ("parcel_id", "holder_name", "community_name", "area_mu", "status")
        if name in potentials
    ]
    first = potentials.drop_duplicates("parcel_id")[keys].set_index("parcel_id")
    rows = potentials[~potentials["reason"].isin(["", "已达到"])]
    wide = potentials.pivot(index="parcel_id", columns="rule_id", values="gap_amount").add_prefix(GAP_OF)
    plain = pd.Series([label in reason for label, reason in zip(rows["rule_label"], rows["reason"], strict=True)],
                      index=rows.index, dtype=bool)  # fmt: skip
    said = rows["reason"].where(plain, rows["rule_label"] + "：" + rows["reason"])
    why = said.groupby(rows["parcel_id"]).agg("；".join)
    return first.join(wide).join(why.rename("reason")).reset_index()


def _parcels_sheet(index: IntensiveUse) -> Sheet:
    lines = index.parcel_potentials.drop_duplicates("rule_id")
    gaps = [
        Column(
            GAP_OF + row["rule_id"],
            14,
            label=f"{row['rule_label']}还差({row['amount_unit']})",
            is_exact=True,
        )
        for row in lines.to_dict("records")
    ]
    return Sheet(
        "宗地潜力",
        "每宗地到各项标准还差多少",
        (
            Column("parcel_id", 23),
            Column("holder_name", 28, wrap=True),
            Column("community_name", 20, wrap=True),
            Column("area_mu", 11),
            Column("status", 16),
            *gaps,
            Column("reason", 60, wrap=True, label="未知的原因"),
        ),
        note="0 = 已达到；空白 = 未知；只列工业用地；亩均标准对非新增用地仅作对标参考",
        frozen=2,
        full_table="tables/parcel_potentials.csv",
        empty="没有工业宗地。",
    )


def _figures_sheet() -> Sheet:
    return Sheet(
        "基础数据",
        "基础数据和来源",
        (
            Column("index_region", 11),
            Column("status_code", 7),
            Column("status_item", 32),
            Column("status_unit", 9),
            Column("status_value", 14),
            Column("status_written", 14),
            Column("status_summed", 14),
            Column("status_known", 14),
            Column("status_difference", 12),
            Column("status_how", 90, wrap=True),
        ),
        note=f"共 {len(items())} 项；数据表优先，空白的按宗地汇总；有一宗不明即为未知",
        full_table="tables/index_figures.csv",
        empty="没有。",
    )
