"""Chapters on the whole park: classes, per-mu figures, years."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landeval.publish.cells import amount as number
from landeval.publish.charts import park as pictures
from landeval.publish.charts import ratios as ratio_pictures
from landeval.publish.frames import park_row
from landeval.publish.labels import label_of, money_unit
from landeval.publish.land import known_sum, land_words
from landeval.publish.map.palette import LOOKS
from landeval.publish.report.section import Chapter, Section, amount, said, share, table_of
from landeval.publish.workbook.sources import low_use_standard, number_in, park_targets
from landeval.result import IDLE, MONEY, RATIOS, Result
from landeval.units import fixed

_TAX = "tax_wan_yuan_per_mu"
_JUDGED = ("达标", "不达标")
_TOP_LAND = 0.2
"""The best fifth of the land, of which the report says what it yields."""


def classes(result: Result, table: pd.DataFrame) -> Chapter:
    """Say how many parcels and how much land each class has, and where they lie."""
    land = pd.to_numeric(table["area_mu"], errors="coerce")
    whole = known_sum(land)
    rows = [
        (look.name, int(mine.sum()), known_sum(land[mine]), int(land[mine].isna().sum()))
        for look in LOOKS
        if (mine := table["status"] == look.name).any()
    ]
    found = pd.DataFrame(rows, columns=["class_name", "parcels", "area_mu", "unknown"])
    idle, low = (land[table["status"].isin(names)] for names in (IDLE, ("低效候选",)))
    lacking = int(found.loc[found["class_name"] == "资料不足", "parcels"].sum())
    finding = (
        f"共 {len(table)} 宗、{land_words(land)}。"
        f"闲置和涉嫌闲置 {len(idle)} 宗、{land_words(idle)}（占 {share(known_sum(idle), whole)}），"
        f"低效候选 {len(low)} 宗、{land_words(low)}（占 {share(known_sum(low), whole)}）；"
        f"资料不足 {lacking} 宗，不作任何结论。"
    )
    told = table_of(
        ("评价结论", "宗数", "面积(亩)", "面积占比", "面积未知(宗)"),
        [
            (name, str(count), amount(area), share(area, whole), str(unknown))
            for name, count, area, unknown in rows
        ]
        + [("合计", str(len(table)), amount(whole), share(whole, whole), str(int(land.isna().sum())))],
    )
    sections = [
        Section(
            "各类宗地",
            finding,
            pictures.classes(found),
            told,
            f"“涉嫌闲置”须经调查认定；{low_use_standard(result.rules)}，见“依据”。",
        )
    ]
    drawn = pictures.plan(result)
    if drawn:
        shapeless = int(result.parcels.geometry.isna().sum())
        told_shapes = f"另有 {shapeless} 宗没有可用的图形，未绘出。" if shapeless else "全部宗地均已绘出。"
        sections.append(Section("宗地分布", f"各类宗地的位置如图，虚线为产业社区界线；{told_shapes}", drawn))
    return Chapter("总体情况", tuple(sections))


def ratios(result: Result, table: pd.DataFrame) -> Chapter:
    """Set the per-mu figures against the plan's lines: park, spread, concentration, quadrants."""
    row, targets = park_row(result), park_targets(result.rules)
    lines = {
        name: value
        for name in RATIOS
        if name in targets.index and (value := number_in(targets.loc[name, "value"])) is not None
    }
    sections = []
    if row is not None:
        sections.append(_park(result, row, lines))
    industrial = table[table["is_industrial"].fillna(False).astype(bool)]
    if lines and len(industrial):
        sections.append(_spread(result, industrial, lines, targets))
    rest = [_concentration(industrial)]
    if _TAX in lines:
        verdicts = _verdicts(result, industrial, str(targets.loc[_TAX, "rule_id"]))
        rest.append(_quadrant(industrial, verdicts, lines[_TAX], result.currency))
    sections += [one for one in rest if one]
    return Chapter("亩均效益", tuple(sections))


def _park(result: Result, row: pd.Series, lines: dict[str, float]) -> Section:
    parts, rows, unit = [], [], money_unit(result.currency)
    for money, ratio in zip(MONEY, RATIOS, strict=True):
        value, land = float(row[ratio]), float(row[f"area_known_{money.removesuffix('_wan_yuan')}_mu"])
        name = label_of(ratio, result.currency).split("(")[0]
        parts.append(f"{name} {said(value, f' {unit}/亩')}")
        line = lines.get(ratio)
        rows.append((name, amount(value), "" if line is None else f"{line:g}", amount(float(row[money])), amount(land), share(land, float(row["area_mu"]))))  # fmt: skip
    headers = ("指标", f"园区({unit}/亩)", "县方案目标", f"合计({unit})", "有数据的面积(亩)", "占评价面积")
    note = "亩均 = Σ金额 ÷ Σ有该项数据的面积，不是各宗亩均的平均；县方案目标针对新增工业用地，对存量宗地仅作对标参考。"
    return Section("园区亩均指标", "园区" + "，".join(parts) + "。", None, table_of(headers, rows), note)


def _spread(result: Result, table: pd.DataFrame, lines: dict[str, float], targets: pd.DataFrame) -> Section:
    parts, rows = [], []
    for ratio, target in lines.items():
        known = table[ratio].dropna()
        verdicts = _verdicts(result, table, str(targets.loc[ratio, "rule_id"]))
        judged, above = int(verdicts.isin(_JUDGED).sum()), int((verdicts == _JUDGED[0]).sum())
        name = label_of(ratio, result.currency).split("(")[0]
        line = f"{targets.loc[ratio, 'operator']!s} {target:g}"
        parts.append(f"{name} {line} 的 {above} 宗（作出判定的 {judged} 宗的 {share(above, judged)}）")
        quarter, half, three = (float(known.quantile(part)) if len(known) else float("nan") for part in (0.25, 0.5, 0.75))  # fmt: skip
        rows.append((name, str(len(known)), str(len(table) - len(known)), str(judged), str(above), amount(quarter), amount(half), amount(three)))  # fmt: skip
    headers = (
        "指标",
        "有数据(宗)",
        "未知(宗)",
        "作出判定(宗)",
        "超过标准(宗)",
        "下四分位",
        "中位数",
        "上四分位",
    )
    note = "是否超过标准照逐条判定，豁免的不作判定。"
    return Section("工业用地亩均指标的分布", "；".join(parts) + "。", ratio_pictures.spread(table, lines, result.currency), table_of(headers, rows), note)  # fmt: skip


def _verdicts(result: Result, table: pd.DataFrame, rule_id: str) -> pd.Series:
    """Return what a rule says of each parcel: the report never compares again."""
    found = result.findings[result.findings["rule_id"] == rule_id]
    said = dict(zip(found["unit_id"], found["verdict"].astype("object"), strict=True))
    return table["parcel_id"].map(said)


def _concentration(table: pd.DataFrame) -> Section | None:
    known = table[(table["area_mu"] > 0) & table["tax_wan_yuan"].notna()].sort_values([_TAX, "parcel_id"])
    tax = known["tax_wan_yuan"].to_numpy(dtype="float64")
    if len(known) < 3 or tax.sum() <= 0 or (tax < 0).any():
        return None
    land = np.r_[0.0, np.cumsum(known["area_mu"].to_numpy(dtype="float64"))]
    yields = np.r_[0.0, np.cumsum(tax)]
    land, yields = land / land[-1], yields / yields[-1]
    best = 1 - float(np.interp(1 - _TOP_LAND, land, yields))
    worst = float(np.interp(0.5, land, yields))
    finding = (
        f"有税收数据的 {len(known)} 宗工业用地中，亩均税收最高的 20% 土地缴纳 {best:.1%} 的税收，"
        f"最低的一半土地缴纳 {worst:.1%}。"
    )
    rows = [
        (f"{part:.0%}", f"{float(np.interp(part, land, yields)):.1%}")
        for part in (0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9)
    ]
    told = table_of(("土地累计占比(从低到高)", "税收累计占比"), rows)
    return Section("土地与税收的集中程度", finding, ratio_pictures.concentration(land, yields), told)


def _quadrant(table: pd.DataFrame, verdicts: pd.Series, target: float, currency: str) -> Section | None:
    known = table[(table["area_mu"] > 0) & table[_TAX].notna() & verdicts.isin(_JUDGED)]
    if len(known) < 3:
        return None
    unit = money_unit(currency)
    middle = float(known["area_mu"].median())
    large, good = known["area_mu"] >= middle, verdicts[known.index] == _JUDGED[0]
    kinds = (
        ("地大税高", large & good),
        ("地大税低", large & ~good),
        ("地小税高", ~large & good),
        ("地小税低", ~large & ~good),
    )
    rows = [
        (name, str(int(mine.sum())), amount(float(known.loc[mine, "area_mu"].sum())), amount(float(known.loc[mine, "tax_wan_yuan"].sum())))
        for name, mine in kinds
    ]  # fmt: skip
    low = kinds[1][1]
    finding = (
        f"以面积中位数 {fixed(middle)} 亩和亩均税收 {target:g} {unit}为界，“地大税低”的 {int(low.sum())} 宗占地 "
        f"{fixed(known.loc[low, 'area_mu'].sum())} 亩，是提升的重点。"
    )
    told = table_of(("象限", "宗数", "面积(亩)", f"税收({unit})"), rows)
    return Section("面积与亩均税收", finding, ratio_pictures.quadrant(known, middle, target, currency), told)


def years(result: Result) -> Chapter:
    """Show the money tied to parcels year by year, as the ledger has it."""
    ledger = result.ledger
    if not {"quantity", "year", "allocated", "unmatched"} <= set(ledger.columns):
        return Chapter("历年变化", ())
    of_money = ledger[ledger["quantity"].isin(MONEY) & ledger["year"].notna()]
    sums = pd.DataFrame(
        {
            name: of_money.loc[of_money["quantity"] == name].groupby("year")["allocated"].agg(_total)
            for name in MONEY
        }
    ).rename_axis("year")
    sums.index = [int(year) for year in sums.index]
    if len(sums) < 2:
        return Chapter("历年变化", ())
    sums = sums.where(_is_known(result, sums.index))
    changes = [_change(result, name, sums.index[0], sums.index[-1]) for name in MONEY]
    parts = [change for change in changes if change]
    headers = ["年度", *(label_of(name, result.currency) for name in MONEY)]
    rows = [[str(year), *(amount(sums.loc[year, name]) for name in MONEY)] for year in sums.index]
    finding = f"{sums.index[-1]} 年与 {sums.index[0]} 年相比：{'，'.join(parts) or '没有可比的数据'}。"
    note = "增减只比两年都有数的宗地；表中是各年已匹配到宗地的全部金额，各年有数的宗地可能不同，没有数的年份空着。未匹配、已排除的见“对账”。"
    return Chapter("历年变化", (Section("投资、产值和税收", finding, pictures.years(sums, result.currency), table_of(headers, rows), note),))  # fmt: skip


def _is_known(result: Result, years: pd.Index) -> pd.DataFrame:
    """Tell which money of which year any parcel has: what nobody stated is unknown, though its sum in the ledger is zero."""
    stated = result.parcel_years.groupby("year")[list(MONEY)].count() > 0
    return stated.reindex(years, fill_value=False)


def _change(result: Result, name: str, first: int, last: int) -> str:
    """Say how an amount changed over the parcels of which both years are known; nothing where there are none."""
    years = result.parcel_years.set_index(["parcel_id", "year"])[name].astype("float64").unstack("year")
    both = years.reindex(columns=[first, last]).dropna()
    before, after = both[first].sum(), both[last].sum()
    if both.empty or not before > 0:
        return ""
    what = label_of(name, result.currency).split("(")[0]
    return f"{what}{'增' if after >= before else '减'} {abs(after / before - 1):.1%}（{len(both)} 宗）"


def _total(values: pd.Series) -> float:
    known = [number(value) for value in values]
    return (
        float(sum(value for value in known if value is not None))
        if any(value is not None for value in known)
        else float("nan")
    )
