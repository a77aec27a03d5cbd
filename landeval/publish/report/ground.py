"""Chapter on what the ground says beside the verdicts: blocks of candidate land, layers laid over, images, spots of tax."""

from __future__ import annotations

import pandas as pd

from landeval.imagery import BUILT, PARTLY, STOPPED, UNBUILT
from landeval.publish.charts import groups as pictures
from landeval.publish.frames import flags, has_layers, large_blocks
from landeval.publish.land import known_sum, land_words
from landeval.publish.report.section import Chapter, Section, amount, table_of
from landeval.publish.workbook.imagery import CAVEAT
from landeval.result import Result
from landeval.spots import COLD, HOT, NEITHER, UNKNOWN
from landeval.units import fixed

_LISTED = 10
_SAYS_NOTHING = "不作旁证"


def ground(result: Result, table: pd.DataFrame) -> Chapter:
    """Say what shapes, layers and images show; each section only where the run was given it."""
    every = (_blocks(result), _layers(result, table), _images(result, table), _spots(table))
    return Chapter("空间分析", tuple(section for section in every if section is not None))


def _blocks(result: Result) -> Section | None:
    found = large_blocks(result)
    if found.empty or result.placing is None:
        return None
    head = f"相距不超过 {result.placing.gap_m:g} 米的处置候选宗地连成一片的，{result.placing.min_mu:g} 亩以上"
    large = found[found["is_block_large"] == True]  # noqa: E712 (three-valued)
    unsure = len(found) - len(large)
    more = f"；另有 {unsure} 片因面积未知说不准" if unsure else ""
    rows = [
        (
            row["block_code"], str(int(row["block_parcels"])), amount(row["area_mu"]), str(row["block_places"] or ""),
            str(row["block_classes"] or ""),
        )
        for row in found.head(_LISTED).to_dict("records")
    ]  # fmt: skip
    headers = ("编号", "宗数", "面积(亩)", "所在", "评价结论")
    finding = f"{head}的有 {len(large)} 片，共 {fixed(large['area_mu'].sum())} 亩{more}。"
    note = f"只列最大的 {_LISTED} 片；全部见 分区与连片.xlsx。" if len(found) > _LISTED else ""
    return Section("连片的处置候选土地", finding, None, table_of(headers, rows), note)


def _layers(result: Result, table: pd.DataFrame) -> Section | None:
    if not has_layers(result):
        return None
    told = result.overlays[result.overlays["overlay_flag"].fillna("") != ""]
    chosen = table.set_index("parcel_id").loc[lambda frame: flags(frame, "is_candidate")].index
    rows = [
        (
            str(name), str(flag), str(part["parcel_id"].nunique()), amount(part["overlay_mu"].sum(min_count=1)),
            str(part.loc[part["parcel_id"].isin(chosen), "parcel_id"].nunique()),
        )
        for (name, flag), part in told.groupby(["overlay_name", "overlay_flag"], sort=True)
    ]  # fmt: skip
    if not rows:
        return Section("叠加图层", "没有宗地与所给图层重叠到需要提示的程度。")
    parts = "；".join(f"{row[1]}（{row[0]}）{row[2]} 宗" for row in rows)
    headers = ("图层", "提示", "宗数", "重叠(亩)", "其中处置候选")
    note = "面积留空为未知；条款凭记忆写出，未核实；不改变任何结论。"
    return Section("叠加图层", f"{parts}。", None, table_of(headers, rows), note)


def _images(result: Result, table: pd.DataFrame) -> Section | None:
    if result.imagery is None:
        return None
    said = table.set_index("parcel_id")[["area_mu"]].join(result.imagery.evidence["image_evidence"])
    word = said["image_evidence"].fillna("").replace("", _SAYS_NOTHING)
    counts, land = word.value_counts(), said.groupby(word)["area_mu"].agg(known_sum)
    names = [name for name in (UNBUILT, STOPPED, PARTLY, BUILT, _SAYS_NOTHING) if name in counts]
    asked = int((result.imagery.evidence["image_question"] != "").sum())
    rows = [(name, str(counts[name]), amount(float(land[name]))) for name in names]
    days = (
        "、".join(day for day in dict.fromkeys(result.imagery.images["image_taken"]) if day) or "拍摄日期未知"
    )
    told = "，".join(f"{name} {counts[name]} 宗" for name in names)
    finding = f"影像（{days}）：{told}。与台账矛盾、须实地核实的 {asked} 宗。"
    picture = pictures.ratios(names, [float(counts[name]) for name in names], None, "宗数", places=0)
    return Section("影像旁证", finding, picture, table_of(("旁证", "宗数", "面积(亩)"), rows), f"{CAVEAT}。")


def _spots(table: pd.DataFrame) -> Section | None:
    if "hot_spot" not in table:
        return None
    counts = table["hot_spot"].value_counts()
    found = [
        f"{name} {counts[name]} 宗、{land_words(table.loc[table['hot_spot'] == name, 'area_mu'])}"
        for name in (HOT, COLD)
        if name in counts
    ]
    rest = f"不显著 {counts.get(NEITHER, 0)} 宗，未知 {counts.get(UNKNOWN, 0)} 宗"
    finding = f"亩均税收成片偏高、偏低的地方：{'；'.join(found) or '没有发现'}。{rest}。"
    note = (
        "按亩均税收名次与最近的宗地一起比，参数是建议值；冷点不是结论，也不作处置依据。见 分区与连片.xlsx。"
    )
    return Section("税收冷热点", finding, None, None, note)
