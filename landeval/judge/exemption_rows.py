"""Whether each exemption holds on the day of judgement, from what and until when; why the others do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from landeval import issues
from landeval.errors import ConfigurationError
from landeval.judge.findings import Texts, dates
from landeval.sources import SOURCE_COLUMNS
from landeval.standards.rules import Rule, shown
from landeval.timeline import add_years, days_past
from landeval.vocabulary.exemptions import OTHER, kind_of
from landeval.vocabulary.fields import label

SCOPES = IDLE, LOW_USE, LINES, OUTPUT, TAX = ("闲置", "低效", "亩均", "产值", "税收")
"""What can be exempted from: the law on idle land, low-use, the three lines, one quantity of both."""
EVERYTHING = ("全部", "全部豁免", "所有", "全免")
REGISTER, BESIDE = "豁免登记", "宗地或台账中的豁免列"
WRITTEN = (
    "parcel_code", "supervision_no", "contract_no", "holder_name", "credit_code", "exemption_kind",
    "exemption_reason", "exemption_evidence", "exemption_from", "exemption_until", "exemption_scope",
    "exemption_approver", "exemption_by", "remark", "unsure_dates", "name_key", *SOURCE_COLUMNS,
)  # fmt: skip
COLUMNS = (
    *WRITTEN[:14], "exemption_source", "parcel_id", "exemption_tied_by", "rule_id", "rule_label", "exemption_holds",
    "exemption_why", "exemption_effect", "exemption_ends_on", "exemption_days_left", "exemption_due",
    "document", "clause", "basis", *SOURCE_COLUMNS,
)  # fmt: skip
_ASKED = ("idle_decision_no", "production_started_on")
_SPLIT = re.compile(r"[、，,；;/／+＋\s]|以?及|和|与")


class Rows(NamedTuple):
    """``table``: one row an exemption × parcel, with ``scopes`` (array, rows × ``SCOPES``) of those that hold."""

    table: pd.DataFrame
    scopes: np.ndarray
    issues: pd.DataFrame


def scopes_in(text: str) -> frozenset[str] | None:
    """Return the scopes that a text names, or None where it names anything else.

    Examples
    --------
    >>> sorted(scopes_in("低效、亩均")), len(scopes_in("全部")), scopes_in("部分")
    (['亩均', '低效'], 5, None)
    """
    found: set[str] = set()
    for part in filter(None, _SPLIT.split(text.strip())):
        word = part.removeprefix("不评价").removesuffix("评价").removesuffix("指标").removesuffix("用地")
        if word in EVERYTHING:
            found |= set(SCOPES)
        elif word in SCOPES:
            found.add(word)
        else:
            return None
    return frozenset(found) or None


def judge_rows(
    parcels: pd.DataFrame, as_of: pd.Timestamp, rules: Mapping[str, Rule], register: pd.DataFrame | None
) -> Rows:
    """Judge the rows of the register and the exemptions written beside the parcels alike.

    An exemption holds with evidence, from its first day up to and including its last; one of a kind that must
    have an end does not hold without it. A row may narrow or widen what its kind exempts from, but never to the
    law on idle land, unless its kind does.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; ``exemption_reason``, ``exemption_evidence``, ``exemption_until``, ``unsure_dates``,
        ``idle_decision_no``, ``production_started_on``.
    as_of : Timestamp
    rules : Mapping
        ``exemption.*`` and ``lowuse.ramp_up_years``.
    register : DataFrame, optional
        As made by ``tie_exemptions``; rows of other parcels are left out.
    """
    if register is not None:
        register = register[register["parcel_id"].isna() | register["parcel_id"].isin(parcels.index)]
    if (register is None or register.empty) and parcels["exemption_reason"].isna().all():
        none = _none()
        return none._replace(table=none.table.copy())
    return _judged(_gathered(parcels, register), parcels, as_of, rules)


@cache
def _none() -> Rows:
    """Return what a park without any exemption has."""
    blank = pd.DataFrame({name: pd.Series(dtype="object") for name in (*WRITTEN, *_ASKED)})
    return _judged(_gathered(blank, None), blank, pd.Timestamp(0), {})


def _judged(
    rows: pd.DataFrame, parcels: pd.DataFrame, as_of: pd.Timestamp, rules: Mapping[str, Rule]
) -> Rows:
    known = rows["rule_id"] != ""
    rows["rule_id"] = "exemption." + rows["rule_id"].where(known, OTHER)
    used = {name: rules[name] for name in rows["rule_id"].unique() if name in rules}
    rows["rule_label"] = _of_rule(rows, used, lambda rule: rule.label).replace("", "未施行")
    until, produced = _ends(rows, parcels, rules)
    given = _text(rows["exemption_scope"])
    written = given.map(lambda text: scopes_in(text) if text else frozenset())
    by_kind = {name: _scopes_of(rule) for name, rule in used.items()}
    own = rows["rule_id"].map(lambda name: by_kind.get(name, frozenset()))
    tied = rows["parcel_id"].notna()
    recognised = rows["parcel_id"].map(parcels["idle_decision_no"]).notna()
    wanted = [set(said or kind) if kind else set() for said, kind in zip(written, own, strict=True)]
    barred = [IDLE in want and (IDLE not in kind or done)
              for want, kind, done in zip(wanted, own, recognised, strict=True)]  # fmt: skip
    effect = [want - {IDLE} if bar else want for want, bar in zip(wanted, barred, strict=True)]
    unsure = _text(rows["unsure_dates"])
    backwards = rows["exemption_from"] > rows["exemption_until"]
    endless = rows["rule_label"].isin(_listed(rules, "needs_end")) & until.isna()
    said = _text(rows["exemption_evidence"])
    law = np.where(recognised, "宗地已有闲置土地认定书", "《闲置土地处置办法》没有这类豁免")
    none = np.where([bool(kind) for kind in own], law, "该类豁免没有施行")
    day = dates(until)
    cases = (
        ("", ~tied, rows["exemption_why"]),
        ("E406", said == "", "没有依据文号；" + _of_rule(rows, used, _wants)),
        ("E412", unsure.str.contains("exemption_until|exemption_from") | backwards,
         np.where(backwards, "起始日期晚于截止日期", "起始或截止日期无法识别")),
        ("E427", pd.Series([one is None for one in written], index=rows.index), "豁免范围无法识别：" + given),
        ("E405", until < as_of, np.where(produced, "投产过渡期已于 ", "已于 ") + day + " 到期"),
        ("E423", rows["exemption_from"] > as_of, "自 " + dates(rows["exemption_from"]) + " 起，尚未生效"),
        ("E425", endless, rows["rule_label"] + "须有截止日期"),
        ("E426", pd.Series([not one for one in effect], index=rows.index), none),
    )  # fmt: skip
    holds = pd.Series(True, index=rows.index)
    why = pd.Series("适用", index=rows.index, dtype="object")
    code = pd.Series("", index=rows.index, dtype="object")
    for number, applies, reason in cases:
        hit = holds & applies
        why = why.mask(hit, pd.Series(reason, index=rows.index))
        code, holds = code.mask(hit, number), holds & ~applies
    bar = pd.Series(barred, index=rows.index)
    why = why.mask(holds & bar, pd.Series(law, index=rows.index).map("适用，不及于闲置：{}".format))
    left = (-days_past(until, as_of)).where(holds)
    steps = sorted(_days(text) for text in _listed(rules, "expiry_days"))
    rows = rows.assign(
        exemption_holds=holds,
        exemption_why=why,
        exemption_effect=pd.Series(
            ["、".join(s for s in SCOPES if s in one) for one in effect], index=rows.index, dtype="object"
        ).where(holds, ""),
        exemption_ends_on=until,
        exemption_days_left=left,
        exemption_due=_due(left, steps),
        document=_of_rule(rows, used, lambda rule: rule.document),
        clause=_of_rule(rows, used, lambda rule: rule.clause),
        basis=_of_rule(rows, used, lambda rule: rule.caveat),
    )
    scopes = np.array([[s in one for s in SCOPES] for one in effect], dtype=bool).reshape(
        len(rows), len(SCOPES)
    )
    problems = [_told(number, rows[code == number], why) for number in sorted(set(code) - {""})]
    problems.append(_told("E424", rows[~known & tied], holds.map({True: "适用", False: "未适用"})))
    problems.append(_told("E426", rows[holds & bar], why))
    return Rows(rows, scopes & holds.to_numpy()[:, None], issues.gather(problems))


def _gathered(parcels: pd.DataFrame, register: pd.DataFrame | None) -> pd.DataFrame:
    """Put the exemptions beside the parcels and those of the register into one table, in order of place."""
    asked = parcels["exemption_reason"].notna()
    beside = pd.DataFrame(parcels.loc[asked, [name for name in WRITTEN if name in parcels.columns]])
    beside = beside.rename_axis("parcel_id").reset_index()
    beside = beside.assign(exemption_source=BESIDE, exemption_tied_by="该宗地", exemption_why="")
    parts = [beside] if register is None else [beside, register.assign(exemption_source=REGISTER)]
    parts = [part for part in parts if len(part)] or [beside]
    rows = pd.concat([part.astype("object") for part in parts], ignore_index=True)
    rows = rows.reindex(
        columns=[*WRITTEN, "parcel_id", "exemption_source", "exemption_tied_by", "exemption_why"]
    )
    for name in ("exemption_from", "exemption_until"):
        rows[name] = pd.to_datetime(rows[name]).astype("datetime64[s]")
    named = rows["exemption_kind"].where(rows["exemption_kind"].notna(), rows["exemption_reason"])
    rows["rule_id"] = named.map(lambda text: kind_of(text) or "").astype("object")
    return rows.sort_values(["exemption_source", *SOURCE_COLUMNS, "parcel_id"], kind="stable").reset_index(
        drop=True
    )


def _ends(
    rows: pd.DataFrame, parcels: pd.DataFrame, rules: Mapping[str, Rule]
) -> tuple[pd.Series, pd.Series]:
    """Return the last day of each exemption, and whether it is the last of the ramp-up years since production."""
    until, ramp = rows["exemption_until"], rules.get("lowuse.ramp_up_years")
    if ramp is None:
        return until, pd.Series(False, index=rows.index)
    begun = parcels["production_started_on"].reindex(rows["parcel_id"]).set_axis(rows.index)
    last = add_years(begun, ramp.whole) - pd.Timedelta(days=1)
    last = last.where(rows["rule_id"] == "exemption.ramp_up")
    produced = last.notna() & ~(until <= last)
    return until.mask(produced, last), produced


def _scopes_of(rule: Rule) -> frozenset[str]:
    found = scopes_in(shown(rule.value))
    if found is None:
        raise ConfigurationError(
            f"规则 {rule.rule_id} 的值不是豁免范围：{shown(rule.value)}",
            remedy=f"请写 {'、'.join(SCOPES)} 中的一项或几项，以顿号隔开",
            code="E601",
        )
    return found


def _listed(rules: Mapping[str, Rule], name: str) -> list[str]:
    rule = rules.get(f"exemption.{name}")
    return shown(rule.value).split("、") if rule else []


def _of_rule(rows: pd.DataFrame, used: Mapping[str, Rule], said: Callable[[Rule], str]) -> pd.Series:
    """Return what each row's rule says; empty where it is not in force."""
    texts = {name: said(rule) for name, rule in used.items()}
    return pd.Series([texts.get(name, "") for name in rows["rule_id"]], index=rows.index, dtype="object")


def _text(column: pd.Series) -> pd.Series:
    return column.astype("object").where(column.notna(), "").astype(str).astype("object")


def _days(text: str) -> int:
    if not text.isdecimal():
        raise ConfigurationError(
            f"规则 exemption.expiry_days 的值不是天数：{text}",
            remedy="请写天数，以顿号隔开，如 30、60、90",
            code="E601",
        )
    return int(text)


def _wants(rule: Rule) -> str:
    """Return what a kind's reading says of its evidence."""
    return rule.reading.rpartition("；")[2]


def _due(left: pd.Series, steps: list[int]) -> Texts:
    if not steps:
        return np.full(len(left), "", dtype=object)
    limits = [left <= step for step in steps]
    return np.select(limits, [f"{step} 日内到期" for step in steps], default="").astype(object)


def _told(code: str, rows: pd.DataFrame, why: pd.Series) -> pd.DataFrame:
    """Report rows, each row of the register once however many parcels it means for one reason."""
    place, about = list(SOURCE_COLUMNS), issues.CATALOGUE[code].about
    is_kind = rows["exemption_kind"].notna()
    said = rows["exemption_kind"].where(is_kind, rows["exemption_reason"]).fillna("")
    named = is_kind.map({True: label("exemption_kind"), False: label("exemption_reason")}).astype("object")
    rows = rows[place].assign(
        raw=said.astype("object"),
        key=rows["parcel_id"].fillna("").astype("object"),
        detail=why.reindex(rows.index),
        column=label(about) if about else named if code == "E424" else "",
    )
    once = rows.drop_duplicates([*place, "detail"])
    more = rows.groupby([*place, "detail"], sort=False, dropna=False)["key"].transform("size")[once.index]
    key = once["key"] + np.where(more > 1, " 等 " + more.astype(str) + " 宗", "")
    if about and len(once):  # what is written stands in another cell than the one to be mended
        beside = ("（" + once["raw"] + "）").where(once["raw"] != "", "")
        once = once.assign(raw="", detail=once["detail"] + beside)
    return issues.report(
        code, once[place], column=once["column"], raw=once["raw"], detail=once["detail"], key=key
    )
