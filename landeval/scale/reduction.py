"""From the units' parts to the province: sums that are exact and do not depend on the order in which units were done."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from landeval import issues
from landeval.errors import ConfigurationError, InternalError
from landeval.measure.per_mu import with_zone_ratios
from landeval.place.rollup import COUNTS, KNOWN, PARK
from landeval.province import FAILED, IN_PROVINCE, PROVINCE, Outcome, Plan, Province, completeness
from landeval.read.part import read_frame, read_shapes, record_of_part
from landeval.result import BALANCE, MONEY, STATUSES, TIED
from landeval.scale.borders import joined_blocks
from landeval.scale.grading import graded_together
from landeval.scale.repeats import repeats
from landeval.units import CENTS_PER_WAN_YUAN, from_cents, to_cents

UNIT = "unit_name"
LAND = ("area_mu", *KNOWN.values(), "floor_area_m2")


def reduced(plan: Plan, outcomes: Sequence[Outcome], timing: Mapping[str, Any]) -> Province:
    """Put the finished units together.

    Parameters
    ----------
    plan : Plan
    outcomes : sequence of Outcome
        One a unit of the plan, in its order.
    timing : Mapping
        What is told of the run itself.

    Raises
    ------
    ConfigurationError
        E662 the units were not judged alike; E663 grades, and nothing is said of their scope; E667 no unit at all.
    InternalError
        Money that does not balance.
    """
    missing = tuple(one.name for one in outcomes if one.state == FAILED)
    parts = {one.name: one.part for one in outcomes if one.part is not None}
    if not parts:
        first = "\n".join(f"{one.name}：{one.message}" for one in outcomes[:5])
        raise ConfigurationError(
            f"{len(outcomes)} 个单位都没有完成，没有可以汇总的",
            where=first,
            remedy="请先用 landeval run 把一个单位跑通",
            code="E667",
        )
    records = {name: _record(folder) for name, folder in parts.items()}
    alike(records, plan)
    whole = completeness(missing)
    zones, outlines = _zones(parts, whole)
    ledger = _ledger(parts, missing, whole)
    found = repeats(parts)
    gap_m, min_mu = next(iter(records.values()))["placing"]
    blocks, members = joined_blocks(parts, gap_m=gap_m, min_mu=min_mu)
    graded = graded_together(plan, parts, records)
    told = issues.ordered([found.issues, *graded.pop("issues", [])])
    tables = {
        "units": _units(outcomes, records),
        "zones": zones,
        "ledger": ledger,
        "coverage": _coverage(parts, whole),
        "reconciliation_counts": _counted(parts, "reconciliation", ["table_kind", "record_state"], missing),
        "issue_counts": _counted(parts, "issues", ["level", "code", "what"], ()),
        "province_issues": told.assign(**{UNIT: told["source_file"].astype(str).str.split("/").str[0]}),
        "blocks": pd.DataFrame(blocks.drop(columns="geometry")),
        "block_members": members,
        **graded,
    }
    one = next(iter(records.values()))
    return Province(
        title=plan.title,
        year=one["year"],
        as_of=dt.date.fromisoformat(one["as_of"]),
        currency=one["currency"],
        units=tables["units"],
        tables=tables,
        shapes={"zones": outlines, "blocks": blocks},
        parts=parts,
        missing=missing,
        scope=plan.scope,
        facts=records,
        remarks=(*_remarks(whole, records), *found.remarks),
        timing=timing,
    )


def _record(folder: Path) -> dict[str, Any]:
    record = record_of_part(folder)
    assert record is not None
    return record


def alike(records: Mapping[str, Mapping[str, Any]], plan: Plan) -> None:
    """Refuse to add up what was judged on other days, of other years, in other money or by other blocks."""
    for key, text, setting in (
        ("year", "数据年度", "year"),
        ("as_of", "评价基准日", "as_of"),
        ("currency", "币种", "[common.money] currency"),
        ("placing", "连片的间隙和最小面积", "[common.blocks] gap_m、min_mu"),
    ):
        values: dict[str, list[str]] = {}
        for name, record in records.items():
            values.setdefault(str(record[key]), []).append(name)
        if len(values) > 1:
            told = "；".join(f"{value}：{'、'.join(names[:5])}" for value, names in sorted(values.items()))
            raise ConfigurationError(
                f"各单位的{text}不同，不能相加（{told}）",
                where=str(plan.told_in),
                remedy=f"请在 province.toml 的 [common] 中统一写明 {setting}，再用 --resume 重新运行",
                code="E662",
            )
    schemes = {tuple(record["scheme"] or ()) for record in records.values()}
    if schemes != {()} and plan.scope is None:
        raise ConfigurationError(
            "有企业综合评价，没有写明各等级的比例按全省还是按各单位计算",
            where=str(plan.told_in),
            remedy='请在 province.toml 写 [grading]，scope = "province"（全省统一定级）或 "unit"（各单位分别定级）',
            code="E663",
        )
    if plan.scope == IN_PROVINCE and len(schemes) > 1:
        raise ConfigurationError(
            "各单位的企业综合评价方案不同，不能全省统一定级",
            where=str(plan.told_in),
            remedy='请在 province.toml 写 [common.grading] scheme = "方案"，或改为 scope = "unit"',
            code="E663",
        )


def _remarks(whole: str, records: Mapping[str, Mapping[str, Any]]) -> list[str]:
    told = [f"合计{whole}。"]
    versions = {record["rules_version"] for record in records.values()}
    if len(versions) > 1:
        told.append(f"各单位适用的规则有 {len(versions)} 种版本（见“单位”），结论按各单位自己的规则。")
    return told


def _units(outcomes: Sequence[Outcome], records: Mapping[str, Mapping[str, Any]]) -> pd.DataFrame:
    rows = []
    for one in outcomes:
        record = records.get(one.name, {})
        counts = record.get("counts", {})
        rows.append(
            {
                UNIT: one.name,
                "unit_state": FAILED if one.state == FAILED else "完成",
                "unit_message": one.message,
                "unit_title": record.get("title"),
                "unit_code": record.get("county_code"),
                "rules_version": record.get("rules_version"),
                **{f"unit_{name}": counts.get(name) for name in ("parcels", "candidates", "enterprises", "records", "issues", "errors")},
                "unit_digest": one.digest,
            }
        )  # fmt: skip
    return pd.DataFrame(rows).astype("object")


def _zones(parts: Mapping[str, Path], whole: str) -> tuple[pd.DataFrame, gpd.GeoDataFrame]:
    """Return the province's row, then every unit's zones with the unit's name; and those with their shapes."""
    tables, drawn = [], []
    for name, folder in parts.items():
        frame, shapes = read_shapes(folder, "zones")
        tables.append(frame.assign(**{UNIT: name}))
        drawn.append(shapes)
    every = pd.concat(tables, ignore_index=True)
    parks = every[every["zone_level"] == PARK]
    total: dict[str, Any] = {
        UNIT: PROVINCE,
        "zone_level": PROVINCE,
        "zone_code": PROVINCE,
        "zone_name": PROVINCE,
    }
    total |= {name: exactly(parks[name]) for name in LAND}
    total |= {
        name: from_cents(money(parks[name])).item() if parks[name].notna().any() else np.nan for name in MONEY
    }
    total |= {name: int(parks[name].sum()) for name in COUNTS if name != "zone_enterprises"}
    total["zone_enterprises"] = _enterprises(parts)
    first = with_zone_ratios(pd.DataFrame([total]))
    table = pd.concat([first, every], ignore_index=True)
    table = table.assign(completeness=[whole, *([""] * len(every))])
    classes = [f"parcels_{status}" for status in STATUSES]
    leading = [UNIT, "completeness", "zone_level", "zone_code", "zone_name", "parent_code"]
    order = [*leading, *(name for name in table.columns if name not in (*leading, *classes)), *classes]
    table = table[order]
    outline = [None, *(shape for some in drawn for shape in some)]
    outlines = gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(outline, crs="EPSG:4490"), crs="EPSG:4490")
    return table, outlines


def exactly(amounts: pd.Series) -> float:
    """Sum numbers so that their order does not matter; unknown ones are left out, and nothing known is unknown.

    Examples
    --------
    >>> exactly(pd.Series([0.1] * 10)), exactly(pd.Series([None], dtype="float64"))
    (1.0, nan)
    """
    known = amounts.dropna()
    return math.fsum(known.tolist()) if len(known) else float("nan")


def money(amounts: pd.Series) -> int:
    """Sum 万元 to whole 分."""
    return int(to_cents(amounts.dropna()).sum())


def _enterprises(parts: Mapping[str, Path]) -> int:
    """Count the enterprises with land: one with a credit code counts once, however many units it is in."""
    held: set[str] = set()
    for name, folder in parts.items():
        links = read_frame(folder, "links", ["enterprise_id", "state"])
        tied = set(links.loc[links["state"].isin(TIED), "enterprise_id"])
        firms = read_frame(folder, "enterprises", ["enterprise_id", "credit_code"])
        firms = firms[firms["enterprise_id"].isin(tied)]
        own = name + "/" + firms["enterprise_id"].astype(str)
        held |= set(firms["credit_code"].where(firms["credit_code"].notna(), own))
    return len(held)


def _ledger(parts: Mapping[str, Path], missing: Sequence[str], whole: str) -> pd.DataFrame:
    """Add up every unit's balance to the cent; the units that are missing stand in it, with nothing beside them."""
    tables = [read_frame(folder, "ledger").assign(**{UNIT: name}) for name, folder in parts.items()]
    every = pd.concat(tables, ignore_index=True)
    cents = every[list(BALANCE)].map(_cents)
    keys = [every["quantity"], every["year"].astype("float64")]
    sums = cents.groupby(keys, sort=True, dropna=False).sum()
    off = sums["input_total"] - sums["allocated"] - sums["unmatched"] - sums["excluded"]
    if (off != 0).any() or (sums["difference"] != 0).any():
        raise InternalError(
            "全省金额不平", where=str(off[off != 0].to_dict()), remedy="请把资料和本信息一并反馈给开发人员", code="E903"
        )  # fmt: skip
    total = sums.map(_text).reset_index().assign(**{UNIT: PROVINCE, "completeness": whole})
    order = {name: rank for rank, name in enumerate(every["quantity"].drop_duplicates())}
    total = total.sort_values(
        ["quantity", "year"], key=lambda column: column.map(order) if column.name == "quantity" else column
    )
    lost = pd.DataFrame({UNIT: list(missing), "completeness": "没有完成，金额未知"})
    table = pd.concat([total, every.assign(completeness=""), lost], ignore_index=True)
    table["year"] = [None if pd.isna(year) else int(year) for year in table["year"]]
    return table[[UNIT, "completeness", "quantity", "year", *BALANCE]].astype("object")


def _cents(text: Any) -> int:
    """Read 万元 as the ledger writes it: six decimals, which are whole 分."""
    whole, _, part = str(text).lstrip("-").partition(".")
    return (-1 if str(text).startswith("-") else 1) * (
        int(whole) * CENTS_PER_WAN_YUAN + int(part.ljust(6, "0"))
    )


def _text(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // CENTS_PER_WAN_YUAN}.{abs(cents) % CENTS_PER_WAN_YUAN:06d}"


def _coverage(parts: Mapping[str, Path], whole: str) -> pd.DataFrame:
    """Add up what is tied by each method; the share is one of the sums, never a mean of the units' shares."""
    tables = [read_frame(folder, "coverage").assign(**{UNIT: name}) for name, folder in parts.items()]
    every = pd.concat(tables, ignore_index=True)
    if every.empty:
        return every
    order = {name: rank for rank, name in enumerate(every["measure"].drop_duplicates())}
    methods = [*(m for m in dict.fromkeys(sorted(every["method"].unique())) if m not in _LAST), *_LAST]
    total = every.groupby(["measure", "method"])["amount"].agg(exactly).reset_index()
    ends = total[total["method"].isin(_LAST)].groupby("measure")["amount"].agg(exactly)
    share = total["amount"] / total["measure"].map(ends.where(ends > 0))
    total = total.assign(of_total=share, grade="", completeness=whole, **{UNIT: PROVINCE})
    ranks = total.assign(a=total["measure"].map(order), b=total["method"].map(methods.index))
    total = ranks.sort_values(["a", "b"]).drop(columns=["a", "b"])
    table = pd.concat([total, every.assign(completeness="")], ignore_index=True)
    return table[[UNIT, "completeness", "measure", "method", "amount", "of_total", "grade"]]


_LAST = ("未匹配", "合计匹配")
"""Lines of a measure that together are the whole."""


def _counted(parts: Mapping[str, Path], frame: str, by: list[str], missing: Sequence[str]) -> pd.DataFrame:
    """Count the rows of a long table, by unit; the rows themselves stand in the table of that name."""
    tables = []
    for name, folder in parts.items():
        rows = read_frame(folder, frame, by)
        if "what" in by:
            rows = rows.assign(what=rows["what"].astype(str).str.partition("：")[0])
        counts = rows.groupby(by, dropna=False).size().rename("rows_count").reset_index()
        tables.append(counts.assign(**{UNIT: name}))
    lost = pd.DataFrame({UNIT: list(missing), by[-1]: "单位没有完成，记录未读"})
    table = pd.concat([*tables, lost], ignore_index=True)
    return table[[UNIT, *by, "rows_count"]].astype("object")
