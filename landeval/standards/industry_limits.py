"""Lower limits of plot ratio and investment by industry: any code, any issue of GB/T 4754, never a guessed row."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from landeval.standards.limit_tables import (
    ANY_GRADE,
    CODE_YEARS,
    INDICES,
    INVESTMENT,
    PLOT_RATIO,
    Row,
    Table,
    shipped_tables,
    shipped_text,
)
from landeval.standards.rule import BASES

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("limit", "rule_id", "document", "clause", "basis", "reason", "is_open")
NO_GRADE = "本县土地等别未知（设置中没有写“土地等别” land_grade），没有投资强度控制指标"
_SURE = tuple(BASES)
"""From the surest to the least sure."""


@dataclass(frozen=True)
class _Limit:
    limit: float
    basis: str
    reason: str
    is_open: bool = False


def usual_code_year(year: int) -> int:
    """Return the issue of GB/T 4754 that statistics of a year use.

    Examples
    --------
    >>> usual_code_year(2010), usual_code_year(2015), usual_code_year(2024)
    (2002, 2011, 2017)
    """
    return 2002 if year < 2012 else 2011 if year < 2018 else 2017


def issue_of(written: pd.Series, setting: int | None, year: int) -> pd.Series:
    """Return the issue of GB/T 4754 of each code: as written beside it, else the project's, else that of the year.

    Examples
    --------
    >>> import pandas as pd
    >>> issue_of(pd.Series([2002.0, None]), None, 2024).tolist(), issue_of(pd.Series([None]), 2011, 2024).tolist()
    ([2002.0, 2017.0], [2011.0])
    """
    return written.astype("float64").fillna(setting or usual_code_year(year))


def plot_ratio_limits(
    codes: pd.Series, code_year: pd.Series | int | None, on: dt.date, tables: Sequence[Table] = ()
) -> pd.DataFrame:
    """Return the lower limit of the plot ratio of each industry.

    Parameters
    ----------
    codes : Series of text
        Industry codes: C13, 13, 1371, C1371; several of one parcel joined by 、; unknown where missing.
    code_year : Series, int or None
        Issue of GB/T 4754 (2002, 2011, 2017); None: unknown, and only what holds in every issue is told.
    on : date
        The day on which a table must be in force.
    tables : sequence of Table
        The bureau's own tables, which come before the shipped one.

    Returns
    -------
    DataFrame
        ``codes``' index; ``limit`` [-], NaN where none applies, ``rule_id``, ``document``, ``clause``, ``basis`` (a
        key of ``BASES``) and ``reason``, which also says why there is no limit; ``is_open`` where there may be one
        once the code is known, or known better.

    Notes
    -----
    《工业项目建设用地控制指标》（国土资发〔2008〕24号）: its table goes by GB/T 4754-2002. A division whose groups
    stood in several rows with different limits is unknown until three digits are given.

    Examples
    --------
    >>> import pandas as pd
    >>> found = plot_ratio_limits(pd.Series(["C1371", "29", "292"]), 2017, dt.date(2020, 1, 1))
    >>> found["limit"].tolist()
    [1.0, nan, 1.0]
    """
    return _limits(PLOT_RATIO, codes, code_year, on, ANY_GRADE, tables)


def investment_limits(
    codes: pd.Series,
    code_year: pd.Series | int | None,
    on: dt.date,
    grade: int | None,
    tables: Sequence[Table] = (),
) -> pd.DataFrame:
    """Return the lower limit of fixed investment per 亩 of each industry.

    Parameters
    ----------
    codes, code_year, on, tables
        As of ``plot_ratio_limits``.
    grade : int or None
        土地等别 of the county, 1 to 15; None: unknown, and there is no limit.

    Returns
    -------
    DataFrame
        As of ``plot_ratio_limits``; ``limit`` in 万元/亩 (万元/公顷 ÷ 15). The figure that is compared with it
        includes the price of the land, unlike that of Order 53 Art. 30.

    Examples
    --------
    >>> import pandas as pd
    >>> investment_limits(pd.Series(["C1371"]), 2017, dt.date(2020, 1, 1), 7)["limit"].tolist()
    [75.0]
    """
    return _limits(INVESTMENT, codes, code_year, on, grade, tables)


def _limits(
    index: str,
    codes: pd.Series,
    code_year: pd.Series | int | None,
    on: dt.date,
    grade: int | None,
    tables: Sequence[Table],
) -> pd.DataFrame:
    import pandas as pd

    table = _table(index, on, tables)
    years = code_year if isinstance(code_year, pd.Series) else pd.Series(code_year, index=codes.index)
    years = pd.to_numeric(years, errors="coerce").astype("float64")
    keys = pd.MultiIndex.from_arrays([codes.fillna("").astype(str), years.fillna(0).astype(int)])
    which, pairs = pd.factorize(keys)
    found = [_limit(str(text), int(year), table, index, grade, on) for text, year in pairs]
    each = pd.DataFrame([(one.limit, one.basis, one.reason, one.is_open) for one in found] or None, columns=["limit", "basis", "reason", "is_open"])  # fmt: skip
    result = each.take(which).set_axis(codes.index).astype({"limit": "float64", "is_open": "bool"})
    has = result["limit"].notna()
    for name in ("rule_id", "document", "clause"):
        said = getattr(table, name) if table else ""
        result[name] = pd.Series(said, index=codes.index, dtype="object").where(has, "")
    return result[list(COLUMNS)]


def _table(index: str, on: dt.date, tables: Iterable[Table]) -> Table | None:
    """Return the table in force: the bureau's newest, else the shipped one."""
    for group in (tables, shipped_tables()):
        fit = [table for table in group if table.index == index and table.is_in_force(on)]
        if fit:
            return max(fit, key=lambda table: table.valid_from)
    return None


def _limit(text: str, year: int, table: Table | None, index: str, grade: int | None, on: dt.date) -> _Limit:
    """Return the one limit that all codes of a text agree on, or why there is none."""

    def none(reason: str, *, is_open: bool = False) -> _Limit:
        return _Limit(float("nan"), "", reason, is_open)

    what = INDICES[index]
    if table is None:
        return none(f"{on} 没有有效的{what}控制指标表")
    if grade is None:
        return none(NO_GRADE, is_open=True)
    parts = [part for part in re.split(r"[、,;；\s]+", re.sub(r"\s*等.*$", "", text)) if part]
    if not parts:
        return none("行业代码未知", is_open=True)
    if "等" in text:
        return none("宗地上企业的行业不止所列几个，控制指标无法确定", is_open=True)
    if year and year not in CODE_YEARS:
        return none(f"没有 GB/T 4754-{year} 版，行业代码版本应为 2002、2011 或 2017", is_open=True)
    rows: dict[str, Row] = {}
    for part in parts:
        code = re.sub(r"^[A-T]", "", part.upper())
        if not re.fullmatch(r"[0-9]{2,4}", code):
            return none(f"行业代码写法不明：{part}", is_open=True)
        if part[0].isalpha() and part[0].upper() != "C":
            return none(f"行业 {part} 不是制造业，{what}控制指标没有这一行业")
        of_code: dict[str, Row] = {}
        for issue in (year,) if year else CODE_YEARS:
            places = places_of(code, issue, table.code_year)
            here = _rows(places, table)
            if not places or len(here) < len(places):
                return none(f"{what}控制指标没有行业 {part}（GB/T 4754-{issue}）这一行")
            of_code |= {key: row for found in here.values() for key, row in found.items()}
        if len({row.limits.get(grade) and row.limits[grade][0] for row in of_code.values()}) > 1:
            names = "、".join(f"{key} {row.name}" for key, row in sorted(of_code.items()))
            unsure = (
                "行业代码须写到 3 位" if year else "须写明行业代码是 GB/T 4754 哪一版（industry_code_year）"
            )
            return none(f"行业 {part} 在{what}控制指标表中分属 {names}，下限不同，{unsure}", is_open=True)
        rows |= of_code
    limits = {row.limits.get(grade) for row in rows.values()}
    if None in limits:
        return none(f"{what}控制指标表中该行业没有数值")
    known = [limit for limit in limits if limit is not None]
    names = "、".join(f"{key} {row.name}" for key, row in sorted(rows.items()))
    if len({value for value, _ in known}) > 1:
        return none(f"宗地上企业分属 {names}，{what}下限不同，无法确定", is_open=True)
    basis = max((basis for _, basis in known), key=_SURE.index)
    reason = f"{table.document}{table.clause}：{names}"
    reason += f"，{grade} 等" if grade != ANY_GRADE else ""
    reason += f"（{table.superseded}）" if on.year >= table.superseded_in else ""
    return _Limit(float(known[0][0]), basis, reason + (f"（{table.note}）" if table.note else ""))


def _rows(places: Sequence[str], table: Table) -> dict[str, dict[str, Row]]:
    """Return the rows of each place: that of its longest beginning, else all rows that begin with it."""
    found: dict[str, dict[str, Row]] = {}
    for place in places:
        exact = next((place[:size] for size in range(len(place), 1, -1) if place[:size] in table.rows), None)
        rows = (
            {exact: table.rows[exact]}
            if exact
            else {key: row for key, row in table.rows.items() if key.startswith(place)}
        )
        if rows:
            found[place] = rows
    return found


def places_of(code: str, issue: int, wanted: int) -> tuple[str, ...]:
    """Return where a code of one issue of GB/T 4754 stands in another: several places where its digits do not tell.

    Parameters
    ----------
    code : str
        Two to four digits.
    issue, wanted : int
        2002, 2011 or 2017; 2011 and 2017 agree in their manufacturing divisions.

    Examples
    --------
    >>> places_of("3039", 2017, 2002), places_of("29", 2017, 2002), places_of("2927", 2017, 2002)
    (('31',), ('29', '30'), ('30',))
    >>> places_of("29", 2002, 2017), places_of("13", 2002, 2017), places_of("1371", 2011, 2017)
    (('291',), ('13',), ('1371',))
    """
    is_old, wants_old = issue == min(CODE_YEARS), wanted == min(CODE_YEARS)
    if is_old == wants_old:
        return (code,)
    if is_old:
        return _backwards().get(code[:2], (code[:2],))
    groups = _crosswalk().get(code[:2])
    if groups is None:
        return (code[:2],)
    if len(code) > 2:
        place = groups.get(code[:3], groups.get("rest"))
        return (place,) if place else ()
    return tuple(sorted(set(groups.values())))


@cache
def _crosswalk() -> Mapping[str, Mapping[str, str]]:
    table: Mapping[str, Mapping[str, str]] = shipped_text()["table"]["crosswalk"]
    return table


@cache
def _backwards() -> Mapping[str, tuple[str, ...]]:
    """Return the new divisions and groups that stood in each old division."""
    result: dict[str, list[str]] = {}
    for division, groups in _crosswalk().items():
        for group, old in groups.items():
            result.setdefault(old, []).append(division if group == "rest" else group)
    return {old: tuple(sorted(new)) for old, new in result.items()}
