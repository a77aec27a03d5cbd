"""Chapters on parts of the park: the three levels, industry groups, disposal, graded enterprises."""

from __future__ import annotations

import pandas as pd

from landeval.publish.charts import groups as pictures
from landeval.publish.frames import candidates, zone_table
from landeval.publish.labels import money_unit
from landeval.publish.land import known_sum, land_words
from landeval.publish.report.section import Chapter, Section, amount, said, share, table_of
from landeval.publish.workbook.sources import number_in, park_targets
from landeval.result import LEVELS, OUTSIDE, Result
from landeval.units import fixed

_TAX = "tax_wan_yuan_per_mu"
_UNKNOWN = "未知"
_AMOUNT = r"(?:，[\d.]+ 万元)|(?:（[\d.]+ 万元）)"
_MOST, _FIRST = 20, 10
"""Rows of a list that the report prints; the whole of it stands in the workbook."""


def levels(result: Result, table: pd.DataFrame) -> Chapter:
    """Set clusters, bases, communities and industry groups beside one another."""
    target = _target(result)
    sections = []
    zones = zone_table(result)
    drawn = zones[zones["zone_level"].isin(LEVELS)]
    is_bucket = drawn["zone_name"].isin([OUTSIDE.format(level=level) for level in LEVELS])
    unit = f"{money_unit(result.currency)}/亩"
    if not is_bucket.all():
        lowest = next(level for level in reversed(LEVELS) if (drawn["zone_level"] == level).any())
        finest = drawn[drawn["zone_level"] == lowest].sort_values(_TAX, ascending=False, na_position="last")
        zoned = finest[~is_bucket[finest.index]]
        known = zoned[zoned[_TAX].notna()]
        finding = f"{lowest} {len(zoned)} 个" + ("，另有不在其中的宗地" if len(zoned) < len(finest) else "")
        if len(known):
            best, last = known.iloc[0], known.iloc[-1]
            finding += (
                f"；亩均税收最高的是{best['zone_name']}（{said(best[_TAX], f' {unit}')}），"
                f"最低的是{last['zone_name']}（{said(last[_TAX], f' {unit}')}）"
            )
        shown = finest.head(_MOST)
        picture = pictures.ratios(
            shown["zone_name"].tolist(), shown[_TAX].tolist(), target, f"亩均税收（{unit}）"
        )
        rows = [
            (
                row["zone_level"], row["zone_name"], str(row["zone_parcels"]), amount(row["area_mu"]),
                *(amount(row[name]) for name in ("investment_wan_yuan_per_mu", "output_wan_yuan_per_mu", _TAX)),
                str(sum(int(row[f"parcels_{name}"]) for name in ("涉嫌闲置(未动工)", "涉嫌闲置(中止开发)", "闲置(已认定)"))),
                str(row["parcels_低效候选"]),
            )
            for row in drawn.to_dict("records")
        ]  # fmt: skip
        headers = (
            "级别",
            "名称",
            "宗数",
            "面积(亩)",
            "亩均投资",
            "亩均产值",
            "亩均税收",
            "闲置(宗)",
            "低效(宗)",
        )
        sections.append(
            Section(
                "三级布局",
                f"{finding}。",
                picture,
                table_of(headers, rows),
                f"单位：{unit}；各级合计都等于全园区。",
            )
        )
    industry = _industries(table, target, money_unit(result.currency))
    return Chapter("三级布局和产业", (*sections, *([industry] if industry else [])))


def _industries(table: pd.DataFrame, target: float | None, unit: str) -> Section | None:
    if "industry_group" not in table.columns or table["industry_group"].isna().all():
        return None
    group = table["industry_group"].fillna(_UNKNOWN)
    rows = []
    for name, mine in table.groupby(group, sort=True):
        known = mine[mine["tax_wan_yuan"].notna() & mine["area_mu"].notna()]
        land = float(known["area_mu"].sum())
        tax = float(known["tax_wan_yuan"].sum()) if len(known) else float("nan")
        rows.append(
            (
                str(name),
                len(mine),
                known_sum(mine["area_mu"]),
                len(known),
                tax,
                tax / land if land else float("nan"),
            )
        )
    rows.sort(
        key=lambda row: (row[0] == _UNKNOWN, row[5] != row[5], -row[5] if row[5] == row[5] else 0.0, row[0])
    )
    sized = [row for row in rows if row[2] == row[2]]
    finding = f"按产业分 {len(rows)} 组（含未知）"
    if sized:
        largest, whole = max(sized, key=lambda row: row[2]), sum(row[2] for row in sized)
        finding += f"，占地最多的是{largest[0]}，{fixed(largest[2])} 亩（{share(largest[2], whole)}）"
    told = table_of(
        ("产业", "宗数", "面积(亩)", "有税收数据(宗)", f"税收({unit})", f"亩均税收({unit}/亩)"),
        [
            (name, str(count), amount(area), str(known), amount(tax), amount(ratio))
            for name, count, area, known, tax, ratio in rows
        ],
    )
    shown = rows[:_MOST]
    picture = pictures.ratios(
        [row[0] for row in shown], [row[5] for row in shown], target, f"亩均税收（{unit}/亩）"
    )
    return Section(
        "产业",
        f"{finding}。",
        picture,
        told,
        "有数据的宗地 Σ税收 ÷ Σ面积；一宗地有几家企业、产业不同的单列一组。",
    )


def _target(result: Result) -> float | None:
    targets = park_targets(result.rules)
    return number_in(targets.loc[_TAX, "value"]) if _TAX in targets.index else None


def disposal(result: Result, table: pd.DataFrame) -> Chapter:
    """Sum the candidates by route, and name the first of them."""
    chosen = candidates(table)
    if chosen.empty:
        return Chapter("闲置和低效用地处置", (Section("处置候选", "没有处置候选。"),))
    rows = []
    for (name, route), mine in chosen.assign(route=_kinds(chosen["route"])).groupby(["status", "route"], sort=True):  # fmt: skip
        fee = mine["fee_wan_yuan"].dropna()
        rows.append((str(name), str(route), str(len(mine)), amount(known_sum(mine["area_mu"])), amount(float(fee.sum()) if len(fee) else None)))  # fmt: skip
    fees = chosen["fee_wan_yuan"].dropna()
    finding = f"处置候选 {len(chosen)} 宗、{land_words(chosen['area_mu'])}" + (
        f"；土地闲置费测算 {len(fees)} 宗共 {fixed(fees.sum())} {money_unit(result.currency)}，是否征缴须先调查认定并经批准。"
        if len(fees)
        else "。"
    )
    routes = Section(
        "处置途径",
        finding,
        None,
        table_of(
            ("评价结论", "途径", "宗数", "面积(亩)", f"闲置费测算({money_unit(result.currency)})"), rows
        ),
    )
    first = chosen.head(_FIRST)
    listed = [
        (
            amount(row["priority"], 0), row["parcel_code"] or row["parcel_id"], row["holder_name"] or "", row["status"],
            amount(row["area_mu"]), row["reasons"] or "",
        )
        for row in first.astype("object").where(first.notna(), None).to_dict("records")
    ]  # fmt: skip
    names = Section(
        "优先处置的宗地",
        f"按处置顺序列前 {len(first)} 宗，全部 {len(chosen)} 宗和办理期限见处置候选清单.xlsx。",
        None,
        table_of(("顺序", "宗地代码", "权利人", "评价结论", "面积(亩)", "理由"), listed),
    )
    return Chapter("闲置和低效用地处置", (routes, names))


def grading(result: Result) -> Chapter:
    """Say how many enterprises got each grade."""
    scheme, grades = result.scheme, result.grades
    if scheme is None or grades.empty:
        return Chapter("企业综合评价", ())
    names = [*scheme.grading.grades, scheme.ungraded.label]
    given = grades[grades["enterprise_grade"].isin(names)]
    lists = [one.label for one in scheme.lists]
    counts = pd.DataFrame(
        [[int(((given["grade_list"] == label) & (given["enterprise_grade"] == name)).sum()) for name in names] for label in lists],
        index=lists, columns=names,
    )  # fmt: skip
    counts = counts[counts.sum(axis=1) > 0]
    lacking = int((grades["grade_state"] == "资料不足").sum())
    out = int((grades["grade_state"] == "不在评价范围").sum())
    parts = "、".join(f"{name} {int(counts[name].sum())} 家" for name in names)
    finding = f"企业 {len(grades)} 家：{parts}；资料不足 {lacking} 家、不在评价范围 {out} 家没有等级。"
    told = table_of(
        ("名单", *names, "合计"),
        [
            (label, *(str(count) for count in counts.loc[label]), str(int(counts.loc[label].sum())))
            for label in counts.index
        ],
    )
    moved = given["grade_change"].value_counts()
    changes = "、".join(f"{name} {count} 家" for name, count in moved.items() if name)
    note = f"方案：{scheme.title}。{scheme.caveat or ''}" + (f"　与上年相比：{changes}。" if changes else "")
    return Chapter("企业综合评价", (Section("等级", finding, pictures.grades(counts), told, note),))


def _kinds(routes: pd.Series) -> pd.Series:
    """Return the routes without the amount of each parcel, which stands in a column of its own."""
    return routes.fillna("").str.replace(_AMOUNT, "", regex=True).replace("", "待定")
