"""What a template of the disposal plan may ask for: each placeholder with what it stands for, and its value."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pandas as pd

from landeval import __version__
from landeval.publish.documents.paper import UNKNOWN
from landeval.publish.frames import agenda, by_priority, calendar_table, parcel_table
from landeval.publish.labels import labelled, labels, money_unit
from landeval.publish.land import known_sum
from landeval.publish.map.palette import LOOKS
from landeval.publish.report.section import amount, table_of
from landeval.publish.workbook.sources import low_use_standard
from landeval.publish.workbook.summary import attention, notes
from landeval.result import CANDIDATES, IDLE, Result
from landeval.standards.rule import OFF

LOW_USE = ("低效候选",)
PLAN = "dongkou.low_use_plan"
"""The rule that asks for a plan."""


@dataclass(frozen=True)
class Facts:
    """What the values are taken from."""

    result: Result
    table: pd.DataFrame

    def of(self, *classes: str) -> pd.DataFrame:
        """Return the parcels of some classes, most urgent first."""
        return by_priority(self.table[self.table["status"].isin(classes)])


@dataclass(frozen=True)
class Placeholder:
    """One placeholder: what it stands for in Chinese, how its value is made, the widths of a table's columns."""

    meaning: str
    value: Callable[[Facts], str] | None = None
    table: Callable[[Facts], pd.DataFrame] | None = None
    lines: Callable[[Facts], list[str]] | None = None
    widths: tuple[float, ...] = ()


def _count(*classes: str) -> Callable[[Facts], str]:
    return lambda facts: str(len(facts.of(*classes)))


def _land(*classes: str) -> Callable[[Facts], str]:
    """Sum the known land [亩]; say before it of how many parcels it is unknown: the template's unit follows."""

    def told(facts: Facts) -> str:
        land = facts.of(*classes)["area_mu"]
        unknown = int(land.isna().sum())
        if unknown and unknown == len(land):
            return UNKNOWN
        return (f"（面积未知的 {unknown} 宗未计入）" if unknown else "") + amount(float(land.sum()))

    return told


def _fees(facts: Facts) -> str:
    fees = facts.of(*IDLE)["fee_wan_yuan"].dropna()
    return (
        f"{amount(float(fees.sum()))} {money_unit(facts.result.currency)}" if len(fees) else "没有能够测算的"
    )


def _shown(rows: pd.DataFrame, columns: tuple[str, ...], currency: str) -> pd.DataFrame:
    """Return numbered rows of texts, amounts with two decimals: unknown where it is, — where there is nothing to say."""
    rows = rows.reindex(columns=list(columns)).reset_index(drop=True)
    shown = labelled(rows, columns, currency)
    for name, header in zip(columns, shown.columns, strict=True):
        if name in _AMOUNTS:
            shown[header] = rows[name].map(amount)
        shown[header] = [
            text or (_NOTHING if name in _IF_ANY else UNKNOWN) for text in shown[header].fillna("")
        ]
    shown.insert(0, "序号", pd.Series([str(at) for at in range(1, len(shown) + 1)], dtype="object"))
    return shown.astype(str)


def _listed(classes: tuple[str, ...], columns: tuple[str, ...]) -> Callable[[Facts], pd.DataFrame]:
    return lambda facts: _shown(facts.of(*classes), columns, facts.result.currency)


def _lacking(facts: Facts) -> pd.DataFrame:
    rows = facts.of(*CANDIDATES)
    asked = (rows["missing"].fillna("") != "") | (rows["questions"].fillna("") != "")
    return _shown(rows[asked], _LACKING, facts.result.currency)


def _classes(facts: Facts) -> pd.DataFrame:
    rows = [
        (
            look.name,
            str(len(mine)),
            amount(known_sum(mine["area_mu"])) or UNKNOWN,
            str(int(mine["area_mu"].isna().sum())),
        )
        for look in LOOKS
        if len(mine := facts.of(look.name))
    ]
    return table_of(("评价结论", "宗数", "面积(亩)", "面积未知(宗)"), rows)


def _routes(facts: Facts) -> pd.DataFrame:
    rows = facts.of(*CANDIDATES)
    paths = calendar_table(facts.result)
    named: dict[str, str] = {}
    if len(paths):
        first = paths.drop_duplicates("parcel_id")
        named = dict(zip(first["parcel_id"].astype(str), first["procedure_path"].astype(str), strict=True))
    kinds = [named.get(str(name)) or "未定" for name in rows.index]
    groups = rows.assign(path=kinds).groupby("path", sort=True)
    told = [
        (str(name), str(len(mine)), amount(known_sum(mine["area_mu"])) or UNKNOWN, str(int(mine["area_mu"].isna().sum())))
        for name, mine in groups
    ]  # fmt: skip
    return table_of(("处置程序", "宗数", "面积(亩)", "面积未知(宗)"), told)


def _agenda(facts: Facts) -> pd.DataFrame:
    still = agenda(calendar_table(facts.result))
    columns = ("due_on", "parcel_id", "holder_name", "action", "responsible", "clause")
    if still.empty:
        return pd.DataFrame(columns=labels(columns, facts.result.currency))
    shown = labelled(still, columns, facts.result.currency).reset_index(drop=True)
    first = shown.columns[0]
    return shown.assign(**{first: shown[first].fillna("无法定期限")}).fillna("").astype(str)


def _plan(facts: Facts) -> str:
    """Cite the document that asks for the plan: the county's, else the order on idle land."""
    rules = facts.result.rules
    for name in (PLAN, "idle.negotiated"):
        row = rules[(rules["rule_id"] == name) & (rules["rule_state"] != OFF)]
        if len(row):
            return f"{row['document'].iloc[0]}{row['clause'].iloc[0]}“{row['quote'].iloc[0]}”"
    return UNKNOWN


def _rules(facts: Facts) -> pd.DataFrame:
    rules = facts.result.rules
    used = set(facts.result.findings.loc[facts.result.findings["verdict"] == "不达标", "rule_id"])
    shown = rules[rules["rule_id"].isin(used)]
    rows = [
        (f"{row['document']}{row['clause']}", str(row["quote"]), str(row["basis"]))
        for row in shown.drop_duplicates(["document", "clause", "quote"]).to_dict("records")
    ]
    return table_of(("条款", "原文", "可靠程度"), rows)


_IDLE_COLUMNS = (
    "parcel_code",
    "holder_name",
    "area_mu",
    "status",
    "due_start",
    "fee_wan_yuan",
    "next_action",
)
_LOW_COLUMNS = ("parcel_code", "holder_name", "area_mu", "low_use_hit_rules", "route")
_LACKING = ("parcel_code", "holder_name", "missing", "questions")

_AMOUNTS = ("area_mu", "fee_wan_yuan")
_IF_ANY = ("fee_wan_yuan", "next_action", "low_use_hit_rules", "missing", "questions")
"""Items that a parcel may rightly lack."""
_NOTHING = "—"

PLACEHOLDERS: Mapping[str, Placeholder] = {
    "园区名称": Placeholder("园区名称", lambda facts: facts.result.title),
    "县名": Placeholder("县（市、区）名称", lambda facts: _county(facts.result)),
    "数据年度": Placeholder("数据年度", lambda facts: UNKNOWN if facts.result.year is None else str(facts.result.year)),
    "评价基准日": Placeholder("评价基准日", lambda facts: facts.result.as_of.isoformat()),
    "宗地总数": Placeholder("全部宗地的宗数", lambda facts: str(len(facts.table))),
    "宗地总面积": Placeholder("全部宗地的评价面积（亩）", _land(*(look.name for look in LOOKS))),
    "候选宗数": Placeholder("处置候选（闲置、涉嫌闲置、低效候选）的宗数", _count(*CANDIDATES)),
    "候选面积": Placeholder("处置候选的面积（亩）", _land(*CANDIDATES)),
    "闲置宗数": Placeholder("闲置和涉嫌闲置的宗数", _count(*IDLE)),
    "闲置面积": Placeholder("闲置和涉嫌闲置的面积（亩）", _land(*IDLE)),
    "已认定宗数": Placeholder("已出具认定书的宗数", _count("闲置(已认定)")),
    "低效宗数": Placeholder("低效候选的宗数", _count(*LOW_USE)),
    "低效面积": Placeholder("低效候选的面积（亩）", _land(*LOW_USE)),
    "预警宗数": Placeholder("逾期未动工预警的宗数", _count("逾期未动工预警")),
    "资料不足宗数": Placeholder("资料不足、没有结论的宗数", _count("资料不足")),
    "闲置费合计": Placeholder("能够测算的土地闲置费合计", _fees),
    "制定依据": Placeholder("要求制定处置方案的文件和原文", _plan),
    "低效标准": Placeholder("低效标准的可靠程度", lambda facts: low_use_standard(facts.result.rules)),
    "软件版本": Placeholder("landeval 的版本", lambda facts: f"landeval {__version__}"),
    "表:各类宗地": Placeholder("各类结论的宗数、面积", table=_classes),
    "表:处置程序": Placeholder("处置候选按程序的宗数、面积", table=_routes),
    "表:闲置清单": Placeholder("闲置和涉嫌闲置的宗地", table=_listed(IDLE, _IDLE_COLUMNS), widths=(0.8, 3.8, 2.0, 1.55, 1.6, 2.25, 1.55, 2.05)),
    "表:低效清单": Placeholder("低效候选的宗地", table=_listed(LOW_USE, _LOW_COLUMNS), widths=(0.8, 3.8, 2.6, 1.55, 2.0, 4.85)),
    "表:缺少的资料": Placeholder("处置候选缺少的资料和待核问题", table=_lacking, widths=(0.8, 3.8, 2.6, 4.2, 4.2)),
    "表:办理日程": Placeholder("未办的环节，按日期", table=_agenda, widths=(2.3, 3.8, 2.3, 3.2, 1.9, 2.1)),
    "表:依据": Placeholder("判为不达标的规则的条款、原文、可靠程度", table=_rules, widths=(3.8, 9.2, 2.6)),
    "段:需要注意": Placeholder("需要注意的事项，一事一段", lines=lambda facts: list(attention(facts.result, facts.table))),
    "段:说明": Placeholder("读这些数要知道的，一事一段", lines=lambda facts: list(notes(facts.result, names_rules=False))),
}  # fmt: skip
"""By the name that stands between the braces."""


def facts_of(result: Result) -> Facts:
    """Return what the values are taken from."""
    return Facts(result, parcel_table(result))


def _county(result: Result) -> str:
    region = dict(result.meta.get("settings", {})).get("region") or {}
    return str(region.get("name") or UNKNOWN)
