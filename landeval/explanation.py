"""Why a parcel got its class, on one page: its figures and where they stand, each rule, its money, what is missing."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from landeval.console import wrapped
from landeval.errors import ConfigurationError
from landeval.publish.dossier.case import records
from landeval.publish.dossier.facts import facts, place_of, text_for, written_in
from landeval.publish.dossier.verdicts import NOT_APPLICABLE, ORDER, line_of
from landeval.publish.frames import parcel_table
from landeval.publish.labels import label_of
from landeval.result import MONEY, RATIOS, TIED, Result
from landeval.sources import SOURCE_COLUMNS, spot_of
from landeval.units import fixed
from landeval.vocabulary.names import name_key

NOWHERE = "没有可查的单元格（没有一张表有这一项，或没有匹配到企业、合同）"
_PARTS = re.compile("[；：]")
"""Between the cells of an evidence, and behind what is said of one: 面积：宗地.shp［宗地］第 1 行「ZDMJ」."""
_MOST = 12
"""Parcels of one holder that are named."""
_COLUMNS = 110
"""Of a line; a Chinese character takes two."""


@dataclass(frozen=True)
class Explanation:
    """What a run knows of one parcel, and why it judged it so. ``print`` it to read it, in Chinese.

    Every frame is a part of that of ``Result`` with the same name and columns; none is computed anew.

    Attributes
    ----------
    parcel_id, status : str
    facts : DataFrame
        ``item`` (Chinese label with unit), ``value`` as shown, ``where``: file, row and column.
    findings : DataFrame
        One row a rule: first those not met, then those nobody could judge, met, not applicable.
    links : DataFrame
        Enterprises of the parcel with name, share and why they were tied.
    years : DataFrame
        Its money and ratios by year, newest first [万元, 万元/亩].
    calendar : DataFrame
        Steps of its procedure, as far as it has one.
    issues : DataFrame
        Data problems of its own record, its ledger row and its enterprises' rows.
    text : str
        All of it to read.
    """

    parcel_id: str
    status: str
    facts: pd.DataFrame
    findings: pd.DataFrame
    links: pd.DataFrame
    years: pd.DataFrame
    calendar: pd.DataFrame
    issues: pd.DataFrame
    text: str = field(repr=False, default="")

    def __str__(self) -> str:
        """Return the page to read."""
        return self.text


def explain(result: Result, parcel: str) -> Explanation:
    """Gather what a run knows of a parcel.

    Parameters
    ----------
    result : Result
    parcel : str
        宗地标识 (``parcel_id``) or 宗地代码; or name or credit code of the only holder or enterprise called so.

    Raises
    ------
    ConfigurationError
        E670: no parcel is called so, or several are (one code drawn twice): the message names the nearest, or all.
    """
    parcel_id = _found(result, str(parcel).strip())
    alone = replace(
        result, parcels=result.parcels.loc[[parcel_id]], status=result.status.loc[[parcel_id]]
    )  # one row of the table is made, not all
    row = records(parcel_table(alone))[0]
    made = result.findings[result.findings["unit_id"] == parcel_id]
    order = {verdict: at for at, verdict in enumerate((*ORDER, NOT_APPLICABLE))}
    place = made["verdict"].astype(str).map(order)
    made = made.loc[place.sort_values(kind="stable").index].reset_index(drop=True)
    links = result.links[result.links["parcel_id"] == parcel_id]
    named = result.enterprises[["name"]] if "name" in result.enterprises else pd.DataFrame(columns=["name"])
    links = links.join(named, on="enterprise_id").reset_index(drop=True)
    years = result.parcel_years[result.parcel_years["parcel_id"] == parcel_id]
    years = years.sort_values("year", ascending=False).reset_index(drop=True)
    steps = result.calendar
    if len(steps):
        steps = steps[steps["parcel_id"] == parcel_id].reset_index(drop=True)
    told = _issues_of(result, parcel_id, row, links)
    known = pd.DataFrame(
        facts(result, parcel_id, row, written_in(result.issues)), columns=["item", "value", "where"]
    )
    lines = _page(result, parcel_id, row, made, links, years, told)
    return Explanation(
        parcel_id, text_for(row, "status"), known, made, links, years, steps, told, "\n".join(lines)
    )


def _found(result: Result, name: str) -> str:
    if name in result.parcels.index:
        return name
    codes = result.parcels["parcel_code"].astype("object")
    same = [str(one) for one in codes.index[codes.astype(str).str.upper() == name.upper()]]
    if len(same) == 1:
        return same[0]
    if same:
        raise ConfigurationError(
            f"有 {len(same)} 宗地的代码都是 {name}", where="宗地代码", remedy=f"请写宗地标识：{'、'.join(same)}", code="E670"
        )  # fmt: skip
    held = _held(result, name)
    if len(held) == 1:
        return held[0]
    if held:
        shown = "、".join(held[:_MOST]) + (f" 等 {len(held)} 宗" if len(held) > _MOST else "")
        raise ConfigurationError(
            f"{name} 名下或在用的有 {len(held)} 宗地", where="宗地代码", remedy=f"请写其中一宗的宗地标识：{shown}", code="E670"
        )  # fmt: skip
    if _called(result, name).any():
        raise ConfigurationError(
            f"企业 {name} 没有对应的宗地，它的金额列为未匹配（E301）", where="宗地代码",
            remedy="请在 匹配复核.xlsx 中看有没有待定的宗地，或在企业表补充宗地代码、信用代码后重新评价；它的记录见 数据问题.xlsx、tables/enterprises.csv",
            code="E670",
        )  # fmt: skip
    near = difflib.get_close_matches(name, [str(one) for one in result.parcels.index], n=3, cutoff=0.6)
    raise ConfigurationError(
        f"没有宗地 {name}", where="宗地代码",
        remedy=(f"相近的有：{'、'.join(near)}。" if near else "") + f"共 {len(result.parcels)} 宗，见清单的宗地代码，或 tables/parcels.csv 的宗地标识、宗地代码",
        code="E670",
    )  # fmt: skip


def _held(result: Result, name: str) -> list[str]:
    """Return the parcels whose holder or whose enterprise is called so, or has this credit code."""
    key, code = name_key(name), name.upper()
    if not code:
        return []
    holder = result.parcels["holder_name"].map(name_key) == key
    tied = result.links[result.links["state"].isin(TIED)]
    named = _called(result, name)
    used = set(tied.loc[tied["enterprise_id"].isin(named.index[named]), "parcel_id"])
    mine = holder & (key != "") | (result.parcels["credit_code"].fillna("").astype(str).str.upper() == code)
    return [str(one) for one in result.parcels.index[mine | result.parcels.index.isin(used)]]


def _called(result: Result, name: str) -> pd.Series:
    """Tell which enterprises are or were called so, or have this credit code."""
    key, code, firms = name_key(name), name.upper(), result.enterprises
    named = pd.Series(False, index=firms.index)
    for column in ("name", "former_names"):
        if column in firms:
            said = firms[column].fillna("").astype(str)
            named |= said.map(
                lambda text: key in {name_key(part) for part in text.split("、")} - {""}
            ).astype(bool)
    if "credit_code" in firms and code:
        named |= firms["credit_code"].fillna("").astype(str).str.upper() == code
    return named


def _issues_of(result: Result, parcel_id: str, row: Mapping[str, Any], links: pd.DataFrame) -> pd.DataFrame:
    """Return the problems of the parcel's own records and of those of its enterprises, by key or by place."""
    told = result.issues
    firms = result.enterprises.reindex(links["enterprise_id"])
    mine = {parcel_id, row.get("parcel_code"), *links["enterprise_id"]}
    mine |= {name for column in ("name", "credit_code") if column in firms for name in firms[column]}
    keys = {str(one) for one in mine if isinstance(one, str) and one}
    own = told["record_key"].astype(str).isin(keys)
    here = pd.Series(True, index=told.index)
    for name in SOURCE_COLUMNS:
        here &= told[name].astype(str) == str(row.get(name))
    return told[own | here | _cited(result, parcel_id, told)].reset_index(drop=True)


def _cited(result: Result, parcel_id: str, told: pd.DataFrame) -> pd.Series:
    """Tell the problems of the records that the parcel's evidence cites."""
    if result.basis is None or parcel_id not in result.basis.evidence.index:
        return pd.Series(False, index=told.index)
    cells = {text for proof in result.basis.evidence.loc[parcel_id] for text in _PARTS.split(str(proof))}
    cited = {cell.partition("「")[0] for cell in cells}
    places = (told["source_file"], told["source_layer"].fillna(""), told["source_row"])
    spots = (spot_of(*place) for place in zip(*places, strict=True))
    return pd.Series([spot in cited for spot in spots], index=told.index, dtype="bool")


def _page(
    result: Result,
    parcel_id: str,
    row: Mapping[str, Any],
    made: pd.DataFrame,
    links: pd.DataFrame,
    years: pd.DataFrame,
    told: pd.DataFrame,
) -> Iterator[str]:
    def said(name: str, before: str = "", behind: str = "") -> str:
        text = text_for(row, name)
        return f"{before}{text}{behind}" if text else ""

    yield f"宗地 {parcel_id}　{text_for(row, 'status')}　（数据年度 {result.year or '无'}，基准日 {result.as_of}）"
    land, basis = said("area_mu", "面积 ", " 亩"), text_for(row, "area_basis")
    if not land:  # the basis of an unknown area begins with 未知 itself
        land, basis = "面积未知", basis.removeprefix("未知").strip("（）")
    land += f"（{basis}）" if basis else ""
    yield "　".join(
        part for part in (said("holder_name", "权利人 "), land, said("enterprise_names", "企业 ")) if part
    )
    yield f"记录在 {place_of(row)}"
    for name, title in (
        ("reasons", "理由"), ("clause", "依据"), ("route", "途径"), ("route_clause", "途径依据"), ("fee_wan_yuan", "土地闲置费(万元)"),
        ("next_action", "下一步"), ("next_deadline", "期限"), ("missing", "所缺资料"), ("questions", "待核问题"),
    ):  # fmt: skip
        if text := said(name):
            yield from _wrapped(text, f"{title}：")
    yield "\n逐条判定"
    for one in records(made[made["verdict"].astype(str) != NOT_APPLICABLE]):
        value = text_for(one, "value")
        figure = f"{value} {text_for(one, 'measure_unit')}".strip() if value else "未知"
        yield f"  【{one['verdict']}】{text_for(one, 'rule_label')}：{figure}，标准 {line_of(one)}"
        yield from _wrapped(text_for(one, "reason"), "      理由：")
        yield from _wrapped(
            f"{one['document']}{one['clause']}（{one['rule_kind']}，{one['basis']}）", "      条款："
        )
        yield from _wrapped(text_for(one, "evidence") or NOWHERE, "      出处：")
    if rest := [str(name) for name in made.loc[made["verdict"].astype(str) == NOT_APPLICABLE, "rule_label"]]:
        yield from _wrapped("、".join(rest), "  【不适用】")
    yield "\n企业和金额"
    yield from _firms(result, links, years)
    yield f"\n数据问题 {len(told)} 条"
    for one in records(told):
        spot = "　".join(part for part in (place_of(one), text_for(one, "column")) if part)
        yield from _wrapped(f"{one['what']}（{spot}）。{one['remedy']}", f"  【{one['code']}】")


def _firms(result: Result, links: pd.DataFrame, years: pd.DataFrame) -> Iterator[str]:
    if not len(links):
        yield "  没有匹配到企业，金额未知"
    tied = result.links[result.links["state"].isin(TIED)]
    for one in records(links):
        share = one["share"]
        part = (
            f"，使用本宗 {share * 100:.4g}%（{text_for(one, 'allocation_rule')}）" if share == share else ""
        )
        name = text_for(one, "name") or one["enterprise_id"]
        yield from _wrapped(
            f"{text_for(one, 'state')}，按{text_for(one, 'method')}{part}{_elsewhere(one, tied)}",
            f"  {name}：",
        )
    for one in records(years):
        figures = (
            f"{label_of(name, result.currency)} {text_for(one, name) or '未知'}" for name in (*MONEY, *RATIOS)
        )
        yield from _wrapped("，".join(figures), f"  {one['year']} 年：")


def _elsewhere(link: Mapping[str, Any], tied: pd.DataFrame) -> str:
    """Say what part of an enterprise's money comes to this parcel, where it uses several."""
    land = tied.loc[tied["enterprise_id"] == link["enterprise_id"], "link_area_mu"].astype("float64")
    if link["state"] not in TIED or len(land) < 2:
        return ""
    head = f"；该企业共用 {len(land)} 宗"
    if land.isna().any():
        return f"{head}，其中有宗地面积未知，没有写明宗地的金额无法分摊"
    mine, whole = float(link["link_area_mu"]), float(land.sum())
    if not whole > 0:
        return head
    share = f"本宗 {fixed(mine)} 亩，占 {mine / whole * 100:.4g}%"
    return f"{head} {fixed(whole)} 亩，没有写明宗地的金额按用地面积分摊，{share}"


def _wrapped(text: str, head: str) -> list[str]:
    """Break a long text under its head."""
    space = " " * (len(head) - len(head.lstrip()))
    lines = wrapped(head.lstrip() + text, _COLUMNS - len(space))
    return [space + ("　" if at else "") + line for at, line in enumerate(lines)]
