"""Small consistent frames for tests."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from hostile import HOSTILE as HOSTILE

from landeval import issues
from landeval.judge.exemption_rows import COLUMNS as EXEMPTION_COLUMNS
from landeval.result import LEVELS, MONEY, OUTSIDE, RATIOS, STATUSES, Result, Step
from landeval.standards.rules import as_frame, rulebook

AS_OF = dt.date(2024, 12, 31)
IDLE = ("涉嫌闲置(未动工)", "涉嫌闲置(中止开发)", "闲置(已认定)")
IDLE_CLAUSE = "《闲置土地处置办法》（国土资源部令第53号）第二条"
LOW_USE_CLAUSE = "低效工业用地评估默认规则(建议稿) L6、L7"
WEST, SOUTH = 110.57, 27.06
STEP = 0.0012


def make_result(n: int = 12, seed: int = 0, **changes: Any) -> Result:
    """Build a small Result whose frames agree with one another.

    Every status occurs (n ≥ 9), with hostile names (``HOSTILE``), unknown money, null geometry, three
    levels of zones and their buckets. ``changes`` replace fields of the Result.
    """
    random = np.random.default_rng(seed)
    parcels, enterprises = _parcels(n, random), _enterprises(n, random)
    for column in MONEY:
        parcels[column] = enterprises[column].to_numpy()
    parcels = _with_ratios(parcels)
    parcels["is_operating"] = (parcels["output_wan_yuan"] > 0) | (parcels["tax_wan_yuan"] > 0)
    enterprises = _with_ratios(enterprises.assign(area_mu=parcels["area_mu"].to_numpy()))
    status = _status(parcels)
    result = Result(
        parcels=parcels,
        enterprises=enterprises,
        years=_years(enterprises),
        parcel_years=_parcel_years(parcels),
        links=_links(parcels, enterprises),
        findings=_findings(parcels),
        status=status,
        zones=_zones(parcels, status),
        issues=_issues(parcels),
        reconciliation=_reconciliation(parcels, enterprises),
        ledger=_ledger(enterprises),
        coverage=_coverage(parcels),
        decisions=_decisions(parcels),
        calendar=_calendar(parcels, status),
        exemptions=_exemptions(parcels, status),
        rules=as_frame(rulebook(AS_OF).values()),
        year=2024,
        as_of=AS_OF,
        title="洞口经济开发区（演示）",
        steps=(Step("读取", n, n, 0.25), Step("评价", n, n, 0.125)),
        meta={
            "title": "洞口经济开发区（演示）",
            "run_id": "demo",
            "settings": {"year": 2024, "as_of": AS_OF},
            "inputs": [{"file": "宗地.shp", "sha256": "0" * 64, "encoding": "GBK", "crs": "EPSG:4525"}],
        },
    )
    return dataclasses.replace(result, **changes)


def _with_ratios(frame: Any) -> Any:
    ratios = {ratio: frame[money] / frame["area_mu"] for ratio, money in zip(RATIOS, MONEY, strict=True)}
    return frame.assign(**ratios)


def _names(n: int) -> list[str]:
    plain = [
        f"湖南{word}{number}有限公司" for number in range(n) for word in ("雪峰机械", "平溪食品", "回龙电子")
    ]
    return [HOSTILE[i] if i < len(HOSTILE) and i < n else plain[i] for i in range(n)]


def _parcels(n: int, random: np.random.Generator) -> gpd.GeoDataFrame:
    index = pd.Index([f"P{number:06d}" for number in range(1, n + 1)], name="parcel_id")
    side = int(np.ceil(np.sqrt(n))) or 1
    rows, columns = np.divmod(np.arange(n), side)
    shapes: list[Any] = [
        shapely.box(x, y, x + STEP * 0.9, y + STEP * 0.9)
        for x, y in zip(WEST + columns * STEP, SOUTH + rows * STEP, strict=True)
    ]
    for number in range(4, n, 7):
        shapes[number] = None
    if n > 1:
        shapes[1] = shapely.MultiPolygon(
            [shapes[1], shapely.box(WEST - 0.01, SOUTH, WEST - 0.009, SOUTH + 0.001)]
        )
    area_m2 = np.round(random.uniform(3000, 90000, n), 2)
    area_mu = area_m2 * 3 / 2000
    area_mu[5::9] = np.nan
    community = np.arange(n) % 3
    starts = [dt.date(2019 + number % 5, 1 + number % 12, 1 + number % 28) for number in range(n)]
    frame = pd.DataFrame(
        {
            "parcel_code": [None if i % 11 == 10 else f"430525001001GB{i:05d}" for i in range(n)],
            "holder_name": _names(n),
            "enterprise_names": [
                f"{name}、分厂{i}" if i % 4 == 0 else name for i, name in enumerate(_names(n))
            ],
            "credit_code": [f"91430525MA4L{i:06d}" for i in range(n)],
            "location": [f"洞口县经开区平梅路{i + 1}号" for i in range(n)],
            "land_use": ["工业用地" if i % 5 else "物流仓储用地" for i in range(n)],
            "is_industrial": [i % 5 != 3 for i in range(n)],
            "is_new_industrial": pd.Series(
                [[True, False, None][i % 3] for i in range(n)], dtype="object"
            ).tolist(),
            "industry_group": [["先进装备制造及配套", "农副产品加工", "电子信息"][i % 3] for i in range(n)],
            "production_status": [["在产", "停产", None][i % 3] for i in range(n)],
            "area_mu": area_mu,
            "area_basis": ["证载面积" if i % 2 else "合同面积" for i in range(n)],
            "area_registered_m2": area_m2,
            "area_contract_m2": np.where(np.arange(n) % 3 == 0, np.nan, area_m2),
            "area_measured_m2": area_m2 * 1.0004,
            "supply_method": "挂牌出让",
            "price_wan_yuan": np.round(area_mu * 16.8, 6),
            "agreed_start": pd.to_datetime(pd.Series(starts)).to_numpy(),
            "actual_start": [
                None if i % 9 in (1, 2, 4) else start + dt.timedelta(90) for i, start in enumerate(starts)
            ],
            "suspended_on": [dt.date(2022, 6, 1) if i % 9 == 2 else None for i in range(n)],
            "due_start": starts,
            "due_start_basis": "合同约定",
            "months_overdue": [i % 30 if i % 9 in (1, 4) else None for i in range(n)],
            "cluster_name": "洞口产业集群",
            "base_name": ["雪峰基地" if i == 0 else "平溪基地" for i in community],
            "community_name": [None if i == 2 else f"第{i + 1}社区" for i in community],
            "community_code": [None if i == 2 else f"S{i + 1}" for i in community],
            "base_code": [f"J{min(i, 1) + 1}" for i in community],
            "cluster_code": "Q1",
            "zone_share": [0.5 + (i % 50) / 100 for i in range(n)],
            "is_straddling": [i % 6 == 0 for i in range(n)],
            "source_file": "宗地.shp",
            "source_layer": "宗地",
            "source_row": np.arange(1, n + 1),
        },
        index=index,
    )
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(shapes, index=index, crs="EPSG:4490"))


def _enterprises(n: int, random: np.random.Generator) -> pd.DataFrame:
    known = np.arange(n) % 6 != 3
    columns = {
        "name": _names(n),
        "credit_code": [f"91430525MA4L{i:06d}" for i in range(n)],
        "former_names": [None if i % 4 else f"曾用{i}" for i in range(n)],
        "industry_code": [f"{3411 + i % 40}" for i in range(n)],
        "industry_group": [["先进装备制造及配套", "农副产品加工", "电子信息"][i % 3] for i in range(n)],
        "is_above_scale": [i % 2 == 0 for i in range(n)],
        "production_status": [["在产", "停产", None][i % 3] for i in range(n)],
        "employees": [float(10 * i) if i % 3 else np.nan for i in range(n)],
        "investment_wan_yuan": np.where(known, np.round(random.uniform(0, 20000, n), 6), np.nan),
        "output_wan_yuan": np.where(known, np.round(random.uniform(0, 30000, n), 6), np.nan),
        "tax_wan_yuan": np.where(np.arange(n) % 7 != 2, np.round(random.uniform(-5, 900, n), 6), np.nan),
    }
    return pd.DataFrame(columns, index=pd.Index([f"E{i:06d}" for i in range(1, n + 1)], name="enterprise_id"))


def _years(enterprises: pd.DataFrame) -> pd.DataFrame:
    parts = [
        pd.DataFrame(
            {
                "enterprise_id": enterprises.index,
                "year": year,
                **{c: enterprises[c].to_numpy() for c in MONEY},
            }
        )
        for year in (2023, 2024)
    ]
    frame = pd.concat(parts, ignore_index=True).sort_values(["enterprise_id", "year"], ignore_index=True)
    return frame.assign(source_file="企业.xlsx", source_layer="企业", source_row=np.arange(2, len(frame) + 2))


def _parcel_years(parcels: gpd.GeoDataFrame) -> pd.DataFrame:
    data = {column: parcels[column].to_numpy() for column in (*MONEY, *RATIOS)}
    return pd.DataFrame({"parcel_id": parcels.index, "year": 2024, **data})


def _links(parcels: gpd.GeoDataFrame, enterprises: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "parcel_id": parcels.index,
            "enterprise_id": enterprises.index,
            "share": 1.0,
            "link_area_mu": parcels["area_mu"].to_numpy(),
            "mode": "自有",
            "method": "统一社会信用代码",
            "score": 1.0,
            "state": "自动",
            "review_reason": "",
            "allocation_rule": "按面积",
        }
    )


def _coverage(parcels: gpd.GeoDataFrame) -> pd.DataFrame:
    count = float(len(parcels))
    rows = [("tied_parcels", "统一社会信用代码", count, 1.0, ""), ("tied_parcels", "未匹配", 0.0, 0.0, ""),
            ("tied_parcels", "合计匹配", count, 1.0, "通过")]  # fmt: skip
    return pd.DataFrame(rows, columns=["measure", "method", "amount", "of_total", "grade"])


def _decisions(parcels: gpd.GeoDataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "decided_parcel": parcels.index[:1],
            "decided_name": "=虚构（公式）厂",
            "decision": "确认",
            "decided_share": 0.5,
            "decided_on": pd.Timestamp("2024-12-01"),
            "is_review": True,
        }
    )


def _calendar(parcels: gpd.GeoDataFrame, status: pd.DataFrame) -> pd.DataFrame:
    """One step that is due and one that waits for it, for every idle parcel."""
    idle = parcels.index[status["status"].isin(IDLE)]
    late = [number % 2 == 1 for number in range(len(idle))]
    days = [-9.0 if is_late else 30.0 for is_late in late]
    due = pd.DataFrame(
        {
            "parcel_id": idle,
            "procedure_path": "原因待认定",
            "step_order": 10,
            "step": "notice",
            "step_label": "调查核实",
            "action": "调查核实，发出《闲置土地调查通知书》",
            "paper": "闲置土地调查通知书",
            "step_state": ["已逾期" if is_late else "待办" for is_late in late],
            "done_on": pd.NaT,
            "due_on": pd.to_datetime([AS_OF + dt.timedelta(day) for day in days]),
            "days_left": days,
            "horizon": ["已逾期" if is_late else "30 日内" for is_late in late],
            "due_basis": "发现线索日期的次日起 30 天",
            "responsible": "自然资源局",
            "duty": "配合调查",
            "step_note": "",
            "rule_id": "procedure.investigation_days",
            "document": "《闲置土地处置办法》（国土资源部令第53号）",
            "clause": "第五条第一款",
            "basis": "见原文",
        }
    )
    wait = due.assign(step_order=20, step="material", step_label="权利人提交材料", action="督促提交材料", paper="",
                      step_state="前序未完成", due_on=pd.NaT, days_left=np.nan, horizon="")  # fmt: skip
    return pd.concat([due, wait]).sort_values(["parcel_id", "step_order"], ignore_index=True)


def _exemptions(parcels: gpd.GeoDataFrame, status: pd.DataFrame) -> pd.DataFrame:
    """Return two exemptions of every parcel of class 豁免, one of a watched parcel, one expired, one of no parcel."""
    exempt = parcels.index[status["status"] == "豁免"].tolist()
    other = parcels.index[status["status"] == "关注"].tolist()[:1]
    low = parcels.index[status["status"] == "低效候选"].tolist()[:1]
    ids = [*exempt, *exempt, *other, *low, None]
    holds = [True] * (len(ids) - len(low) - 1) + [False] * (len(low) + 1)
    until = pd.to_datetime([AS_OF + dt.timedelta(30 + number) for number in range(len(ids))])
    frame = pd.DataFrame(
        {
            "parcel_id": ids,
            "exemption_kind": "研发",
            "rule_label": ["研发机构"] * len(exempt) + ["=虚构（公式）"] * (len(ids) - len(exempt)),
            "exemption_evidence": [f"虚构文{number}号" for number in range(len(ids))],
            "exemption_holds": holds,
            "exemption_why": ["适用" if one else "已到期" for one in holds],
            "exemption_effect": ["低效、亩均" if one else "" for one in holds],
            "exemption_ends_on": until,
            "exemption_days_left": [30.0 + number for number in range(len(ids))],
            "exemption_due": ["30 日内到期" if number == 0 else "" for number in range(len(ids))],
            "exemption_source": "豁免登记",
            "source_file": "豁免登记.xlsx",
            "source_layer": "豁免登记",
            "source_row": range(3, len(ids) + 3),
        }
    )
    return frame.reindex(columns=list(EXEMPTION_COLUMNS))


def _findings(parcels: gpd.GeoDataFrame) -> pd.DataFrame:
    known = parcels["tax_wan_yuan_per_mu"].to_numpy()
    return pd.DataFrame(
        {
            "unit_kind": "宗地",
            "unit_id": parcels.index,
            "rule_id": "dongkou.tax",
            "rule_label": "亩均税收",
            "value": np.round(known, 4),
            "operator": ">",
            "threshold": "15",
            "measure_unit": "万元/亩",
            "verdict": np.where(np.isnan(known), "无法判定", np.where(known > 15, "达标", "不达标")),
            "reason": "对标参考",
            "document": "《洞口县创建“五好”园区行动方案》（洞政办发〔2021〕60号）",
            "clause": "三-2-④",
            "rule_kind": "目标",
            "basis": "见原文",
            "evidence": "企业.xlsx 企业 第 2 行",
        }
    )


def _status(parcels: gpd.GeoDataFrame) -> pd.DataFrame:
    n = len(parcels)
    names = [STATUSES[i % len(STATUSES)] for i in range(n)]
    idle = [name in IDLE for name in names]
    low = [name == "低效候选" for name in names]
    unknown = [name == "资料不足" for name in names]
    candidate = [a or b for a, b in zip(idle, low, strict=True)]
    rank = pd.Series(np.cumsum(candidate)[::-1].copy(), index=parcels.index).where(candidate)
    due = [start if flag else None for start, flag in zip(parcels["due_start"], idle, strict=True)]
    days = [None if start is None else (AS_OF - start).days for start in due]
    reason = "约定动工日期 {}，至基准日已逾期 {} 天，未见动工记录；未见延期批准文件"
    return pd.DataFrame(
        {
            "status": names,
            "reasons": [
                reason.format(start, late)
                if start
                else "亩均产值、亩均税收连续两年低于约定的一半（两项）；建成三年以上"
                if is_low
                else "缺少动工日期与企业数据，不能判定"
                if is_unknown
                else None
                for start, late, is_low, is_unknown in zip(due, days, low, unknown, strict=True)
            ],
            "clause": [
                IDLE_CLAUSE if a else LOW_USE_CLAUSE if b else None
                for a, b in zip(idle, low, strict=True)
            ],
            "missing": ["实际动工日期（执法监察）；入库税收（税务局）" if a else None for a in unknown],
            "cause": ["待认定" if a else "" for a in idle],
            "questions": ["是否存在政府原因造成的延迟？" if a else None for a in idle],
            "route": [
                "征缴土地闲置费或无偿收回，须先调查认定" if a else "嫁接招商、转让盘活" if b else None
                for a, b in zip(idle, low, strict=True)
            ],
            "route_clause": [
                "第十四条" if a else "四-4、四-15" if b else None for a, b in zip(idle, low, strict=True)
            ],
            "fee_wan_yuan": [round(price * 0.2, 6) if a else np.nan
                             for a, price in zip(idle, parcels["price_wan_yuan"], strict=True)],
            "next_action": ["发出《闲置土地调查通知书》" if a else "纳入低效用地处置方案" if b else None
                            for a, b in zip(idle, low, strict=True)],
            "next_deadline": [AS_OF + dt.timedelta(30) if a else None for a in idle],
            "days_overdue": days,
            "priority": rank,
            "is_candidate": candidate,
        },
        index=parcels.index,
    )  # fmt: skip


def _zones(parcels: gpd.GeoDataFrame, status: pd.DataFrame) -> gpd.GeoDataFrame:
    named = {"产业集群": "cluster", "产业基地": "base", "产业社区": "community"}
    rows = [_zone("园区", "", "洞口经济开发区", None, parcels, status)]
    for level in LEVELS:
        code, name = parcels[f"{named[level]}_code"], parcels[f"{named[level]}_name"]
        for value in sorted(code.dropna().unique()):
            inside = parcels[code == value]
            rows.append(_zone(level, value, str(name[inside.index[0]]), "Q1", inside, status))
        rows.append(
            _zone(level, "", OUTSIDE.format(level=level), None, parcels[code.isna()], status, bucket=True)
        )
    frame = pd.DataFrame(rows)
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries(frame["geometry"].tolist(), crs="EPSG:4490"))


def _zone(
    level: str,
    code: str,
    name: str,
    parent: str | None,
    inside: Any,
    status: pd.DataFrame,
    bucket: bool = False,
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "zone_level": level,
        "zone_code": code,
        "zone_name": name,
        "parent_code": parent,
        "leading_industry": None if bucket else "先进装备制造",
        "zone_parcels": len(inside),
        "area_mu": float(inside["area_mu"].sum()),
    }
    for money, ratio in zip(MONEY, RATIOS, strict=True):
        known = inside[inside[money].notna() & inside["area_mu"].notna()]
        land = float(known["area_mu"].sum())
        row[money] = float(known[money].sum(min_count=1))  # as the roll-up: no money without land
        row[f"area_known_{money.removesuffix('_wan_yuan')}_mu"] = land
        row[ratio] = float(known[money].sum()) / land if land else np.nan
    found = status.loc[inside.index, "status"].value_counts()
    row |= {f"parcels_{name}": int(found.get(name, 0)) for name in STATUSES}
    hull = shapely.union_all([shape for shape in inside.geometry if shape is not None])
    row["geometry"] = None if bucket or hull.is_empty else shapely.convex_hull(hull)
    return row


def _issues(parcels: gpd.GeoDataFrame) -> pd.DataFrame:
    nowhere = parcels[parcels.geometry.isna()]
    odd = parcels.iloc[:3]
    return issues.gather(
        [
            issues.report("E213", nowhere, key=nowhere.index.to_series()),
            issues.report("E203", odd, column="入库税收", raw="=1+1", key=odd.index.to_series()),
            issues.report_file("E101", "宗地.shp", "宗地"),
        ]
    )


def _reconciliation(parcels: gpd.GeoDataFrame, enterprises: pd.DataFrame) -> pd.DataFrame:
    def part(kind: str, file: str, keys: pd.Index[Any]) -> pd.DataFrame:
        state = ["采用" if i % 5 else "采用有提示" for i in range(len(keys))]
        return pd.DataFrame(
            {
                "table_kind": kind,
                "source_file": file,
                "source_layer": kind,
                "source_row": range(1, len(keys) + 1),
                "record_key": keys,
                "record_state": state,
                "destination": "tables/parcels.csv",
                "issue_codes": ["" if word == "采用" else "E213" for word in state],
                "amounts": "",
            }
        )

    parts = [part("宗地", "宗地.shp", parcels.index), part("企业", "企业.xlsx", enterprises.index)]
    return pd.concat(parts, ignore_index=True)


def _ledger(enterprises: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "quantity": column,
                "year": 2024,
                "input_total": f"{float(enterprises[column].sum()) + 12.5:.6f}",
                "allocated": f"{float(enterprises[column].sum()):.6f}",
                "unmatched": "12.500000" if number else "0.000000",
                "excluded": "0.000000" if number else "12.500000",
                "repeated": "0.000000",
                "difference": "0.000000",
            }
            for number, column in enumerate(MONEY)
        ]
    )
