"""Chapters on the plan's targets with the land's structure, and on the land supply."""

from __future__ import annotations

from typing import Any

import pandas as pd

from landeval.board import STATES, TRACKED
from landeval.land_supply import EVERY_STAGE, STAGES, UNDECIDED
from landeval.publish.charts import groups as pictures
from landeval.publish.report.section import Chapter, Section, amount, share, table_of
from landeval.result import Result
from landeval.units import fixed

_PARK = "园区"
_SUM = "合计"


def targets(result: Result) -> Chapter:
    """Say how the plan's targets stand, and what the land is used for; nothing where no actuals were given."""
    board = result.board
    title = "县方案目标进度"
    if board is None or board.targets.empty:
        return Chapter(title, ())
    table = board.targets
    counts = table["target_state"].value_counts()
    told = "、".join(f"{name} {counts[name]} 项" for name in STATES if name in counts)
    shown = table[table["target_state"] != TRACKED]
    rows = [
        (
            row["clause"], row["target_label"], row["target_object"], row["target_kind"],
            f"{amount(row['target_stated']).removesuffix('.00')}{row['target_stated_unit'] or ''}",
            "" if row["latest_year"] != row["latest_year"] else str(int(row["latest_year"])),
            f"{amount(row['latest_value'])}{row['measure_unit'] or ''}" if row["latest_value"] == row["latest_value"] else "",
            row["target_state"],
        )
        for row in shown.astype({"latest_year": "float64"}).to_dict("records")
    ]  # fmt: skip
    headers = ("条款", "目标", "对象", "性质", "目标值", "最近年份", "实绩", "状态")
    sections = [
        Section("目标", f"县方案的 {len(table)} 项目标：{told}。", None, table_of(headers, rows), f"{board.base_note}。逐年路径、责任单位和依据见目标进度.xlsx。")
    ]  # fmt: skip
    sections += _land(board.land)
    return Chapter(title, tuple(sections))


def _land(every: pd.DataFrame) -> list[Section]:
    land = every[every["zone_level"] == _PARK]
    if land.empty:
        return []
    known = land.dropna(subset=["land_share_known"])
    parts = "，".join(
        f"{row['land_group']} {row['land_share_known']:.1%}" for row in known.to_dict("records")
    )
    rows = [
        (
            row["land_group"],
            str(int(row["land_parcels"])),
            amount(row["area_mu"]),
            _percent(row["land_share_known"]),
        )
        for row in land.to_dict("records")
    ]
    values = (known["land_share_known"] * 100).tolist()
    picture = pictures.ratios(known["land_group"].tolist(), values, None, "占用途已知的面积（%）")
    told = table_of(("类别", "宗数", "面积(亩)", "占比"), rows)
    note = "用途到四类的对应是建议稿；宗地图层以外的道路、绿地不在其中。"
    return [Section("用地结构", f"用途已知的土地中：{parts}。", picture, told, note)]


def supply(result: Result) -> Chapter:
    """Say how much land stands at which stage, and how the new quota was used; nothing where no stock was given."""
    board = result.supply
    title = "供地盘子"
    if board is None or board.plots.empty:
        return Chapter(title, ())
    of_park = board.stages[board.stages["stage_level"] == _PARK].drop(columns=["stage_level", "stage_zone"])
    park: dict[str, Any] = dict(zip(of_park["supply_stage"], of_park.to_dict("records"), strict=True))
    whole = float(park[_SUM]["plot_area_mu"])
    rows = [
        (
            name, str(int(row["plots_count"])), amount(row["plot_area_mu"], 4), share(row["plot_area_mu"], whole),
            str(int(row["plots_without_area"])),
        )
        for name in (*EVERY_STAGE, _SUM)
        if (row := park.get(name)) is not None and row["plots_count"]
    ]  # fmt: skip
    stages = [name for name in (*STAGES, UNDECIDED) if park.get(name, {}).get("plots_count")]
    parts = "，".join(
        f"{name} {int(park[name]['plots_count'])} 宗、{fixed(park[name]['plot_area_mu'])} 亩"
        for name in stages
    )
    picture = pictures.ratios(
        stages, [float(park[name]["plot_area_mu"]) for name in stages], None, "面积（亩）"
    )
    headers = ("阶段", "宗数", "面积(亩)", "占比", "面积未知(宗)")
    finding = f"共 {int(park[_SUM]['plots_count'])} 宗、{fixed(whole)} 亩：{parts}。"
    note = "每宗恰在一个阶段；口径见 docs/供地盘子.md。"
    sections = [Section("各阶段土地", finding, picture, table_of(headers, rows), note)]
    if len(board.quota):
        sections.append(_quota(board.quota))
    return Chapter(title, tuple(sections))


def _quota(quota: pd.DataFrame) -> Section:
    rows = [
        (
            str(row["quota_year"]), amount(row["quota_new_mu"]), amount(row["quota_park_mu"]),
            _span(row["park_quota_least"], row["park_quota_most"]), row["verdict"],
        )
        for row in quota.to_dict("records")
    ]  # fmt: skip
    counts = quota["verdict"].value_counts()
    told = "、".join(f"{name} {count} 个年度" for name, count in counts.items())
    first = quota.iloc[0]
    clause = f"{first['document']} {first['clause']}"
    headers = ("年度", "新增指标(亩)", "园区工业(亩)", "占比范围", "判定")
    note = f"依据{clause}；用途、位置或年度未定的地块使占比成为一个范围，整个范围都在标准一边才判定。"
    return Section("新增建设用地指标用于园区工业", f"园区工业占比的标准为 {first['operator']} {first['threshold']}：{told}。", None, table_of(headers, rows), note)  # fmt: skip


def _span(least: float, most: float) -> str:
    return "" if least != least else f"{least:.1%}～{most:.1%}"


def _percent(value: float) -> str:
    return "" if value != value else f"{value:.1%}"
