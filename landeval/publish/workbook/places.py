"""``分区与连片.xlsx``: what each zone consists of, blocks of candidate land, layers laid over the parcels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from landeval.project import Placing
from landeval.publish.cells import clean
from landeval.publish.frames import (
    has_layers,
    large_blocks,
    parcel_table,
    spots,
    structure_table,
    zone_table,
)
from landeval.publish.workbook.book import new_book
from landeval.publish.workbook.lists import live_ratios
from landeval.publish.workbook.sheet import Column, Sheet, opening_sheet, write_cell, write_sheet
from landeval.publish.workbook.styles import Styles
from landeval.result import LEVELS, Result
from landeval.spots import SpotSettings
from landeval.standards.overlays import sliver

_COUNTED = (("层级", 18), ("分区数", 9), ("宗地数", 9), ("不在任何分区(宗)", 17), ("跨分区(宗)", 12))


def write_places_book(result: Result, placing: Placing, path: Path) -> Path:
    """Write the workbook and return its path.

    Parameters
    ----------
    result : Result
        With ``structure``, ``blocks`` and ``overlays``.
    placing : Placing
        The settings they were made with.
    path : Path
        Of the file.
    """
    with new_book(path, result) as (book, styles):
        _write_opening(book, styles, result, placing)
        write_sheet(book, styles, zone_table(result), _zones(placing), currency=result.currency)
        write_sheet(book, styles, structure_table(result), _structure(), currency=result.currency)
        write_sheet(book, styles, large_blocks(result), _blocks(placing), currency=result.currency)
        if placing.spots is not None:
            write_sheet(book, styles, spots(result), _spots(placing.spots), currency=result.currency)
        if has_layers(result):
            named = parcel_table(result)[["parcel_code", "holder_name", "status", "is_candidate"]]
            rows = result.overlays.merge(
                named, left_on="parcel_id", right_index=True, how="left", validate="m:1"
            )
            write_sheet(book, styles, rows, _overlays(), currency=result.currency)
    return path


def _how(result: Result, placing: Placing) -> list[str]:
    """Say how the land was put into zones and blocks, and which numbers are nobody's but ours."""
    split = (
        "跨分区的宗地按图形面积拆分，金额精确到分" if placing.split else "跨分区的宗地整宗计入重叠最大的分区"
    )
    blocks = (
        f"连片：相距不超过 {placing.gap_m:g} 米的处置候选宗地为一片，{placing.min_mu:g} 亩起列（两个数都是建议值，"
        "无文件依据，可在设置中改：参数表“连片”一节（landeval.toml 的 [blocks]））"
    )
    return [
        f"三级：{split}；每一层级的分区与“不在任何分区”之和等于园区合计。",
        "容积率 = Σ建筑面积 ÷ Σ有建筑面积的土地；亩均 = Σ金额 ÷ Σ有该项数据的土地；空白表示未知。",
        blocks + "；不跨道路、河流图层。"
        if has_layers(result)
        else blocks + "；没有给道路、河流图层，未按其断开。",
        f"叠加：边缘细碎指公共部分{sliver().words}（建议值），单列，不作提示；条款凭记忆写出，未核实。",
        "本工作簿各表都不改变任何宗地的结论。",
    ]


def _write_opening(book: Any, styles: Styles, result: Result, placing: Placing) -> None:
    heading = (clean(f"{result.title}　分区与连片"), f"基准日 {result.as_of}")
    sheet, row = opening_sheet(book, styles, "说明", heading, _how(result, placing), _COUNTED)
    sheet.set_landscape()
    sheet.set_row(row, 32)
    zones = result.zones
    straddling = int(result.parcels["is_straddling"].astype(bool).sum())
    for level in LEVELS:
        rows = zones[zones["zone_level"] == level]
        outside = rows["zone_code"].astype(str).str.startswith("不在任何")
        row += 1
        values = (
            level,
            int((~outside).sum()),
            int(rows["zone_parcels"].sum()),
            int(rows.loc[outside, "zone_parcels"].sum()),
            straddling if level == LEVELS[-1] else None,
        )
        for position, value in enumerate(values):
            write_cell(sheet, row, position, value, styles.body("integer" if position else "text"))


def _zones(placing: Placing) -> Sheet:
    words = ("investment", "output", "tax")
    how = "跨分区的宗地已拆分，宗数按重叠最大的分区" if placing.split else "跨分区的宗地整宗计入"
    return Sheet(
        "三级汇总",
        "三级汇总",
        (
            Column("zone_level", 10),
            Column("zone_code", 16, wrap=True),
            Column("zone_name", 34, wrap=True),
            Column("parent_code", 9),
            Column("zone_parcels", 8),
            Column("zone_enterprises", 8),
            Column("area_mu", 12),
            Column("floor_area_m2", 14),
            Column("area_known_floor_mu", 13),
            Column("plot_ratio", 9),
            *(Column(f"area_known_{word}_mu", 12) for word in words),
            *live_ratios({}, land="area_known_{}_mu"),
        ),
        note=how,
        full_table="tables/zones.csv",
    )


def _structure() -> Sheet:
    return Sheet(
        "三级结构",
        "三级结构",
        (
            Column("zone_level", 10),
            Column("zone_code", 16, wrap=True),
            Column("zone_name", 34, wrap=True),
            Column("structure_kind", 10),
            Column("structure_item", 24, wrap=True),
            Column("zone_parcels", 8),
            Column("zone_enterprises", 8),
            Column("area_mu", 12),
            Column("structure_percent", 10),
            Column("plot_ratio", 9),
            *(Column(name, 12) for name in ("investment_wan_yuan", "output_wan_yuan", "tax_wan_yuan")),
            *(Column(f"{word}_wan_yuan_per_mu", 12) for word in ("investment", "output", "tax")),
        ),
        note="同一分区、同一种结构的各项之和等于该分区；企业等级一项的面积为企业在该分区的分摊用地",
        full_table="tables/zone_structure.csv",
        frozen=5,
    )


def _blocks(placing: Placing) -> Sheet:
    return Sheet(
        "连片地块",
        "连片的处置候选土地",
        (
            Column("block_code", 9),
            Column("is_block_large", 8),
            Column("block_parcels", 7),
            Column("area_mu", 11),
            Column("block_unknown", 9),
            Column("block_drawn_mu", 11),
            Column("block_compactness", 8),
            Column("block_places", 24, wrap=True),
            Column("block_classes", 26, wrap=True),
            Column("block_routes", 34, wrap=True),
            Column("block_owners", 8),
            Column("block_owner_names", 40, wrap=True),
            Column("block_parcel_codes", 25, wrap=True),
        ),
        note=f"只列 {placing.min_mu:g} 亩以上和因面积未知说不准的；全部见 tables/blocks.csv；紧凑度：圆为 1，正方形 0.785",
        full_table="tables/blocks.csv",
        frozen=1,
        empty=f"没有 {placing.min_mu:g} 亩以上的连片候选土地。",
    )


def _spots(settings: SpotSettings) -> Sheet:
    return Sheet(
        "税收冷热点",
        "亩均税收的冷热点",
        (
            Column("hot_spot", 9),
            Column("parcel_code", 23),
            Column("holder_name", 28, wrap=True),
            Column("status", 15),
            Column("base_name", 14, wrap=True),
            Column("community_name", 14, wrap=True),
            Column("area_mu", 11),
            Column("tax_wan_yuan_per_mu", 11),
            Column("hot_spot_z", 10),
            Column("hot_spot_p", 10),
        ),
        note=f"Gi*：与最近 {settings.neighbours} 宗一起比亩均税收名次，随机打乱 {settings.permutations} 次（种子 {settings.seed}）；"
        "参数都是建议值；冷点不是结论，也不作处置依据；其余宗地见 tables/parcels.csv",
        frozen=3,
        empty="没有显著的冷热点。",
    )


def _overlays() -> Sheet:
    return Sheet(
        "叠加分析",
        "叠加分析",
        (
            Column("parcel_code", 23),
            Column("holder_name", 28, wrap=True),
            Column("status", 15),
            Column("is_candidate", 8),
            Column("overlay_name", 18, wrap=True),
            Column("overlay_effect", 13),
            Column("overlay_use", 14, wrap=True),
            Column("overlay_state", 24, wrap=True),
            Column("overlay_mu", 11),
            Column("overlay_percent", 9),
            Column("overlay_sliver_m2", 10),
            Column("overlay_flag", 18, wrap=True),
            Column("overlay_question", 44, wrap=True),
            Column("overlay_clause", 44, wrap=True),
        ),
        note=f"细碎：{sliver().words}（建议值）；没有列出的宗地与图层没有重叠；不改变任何结论",
        full_table="tables/overlays.csv",
        frozen=2,
        empty="没有宗地与叠加图层重叠。",
    )
