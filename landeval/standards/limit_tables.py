"""Tables of limits by industry: the shipped control indices of 2008, and a bureau's own csv of the same shape."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from landeval.configuration import known, read_text
from landeval.errors import ConfigurationError
from landeval.standards.loading import RuleFault, day_of
from landeval.standards.rule import BASES
from landeval.units import factor

SHIPPED = "control_indices_2008.toml"
PLOT_RATIO, INVESTMENT = "plot_ratio", "investment"
INDICES = {PLOT_RATIO: "容积率", INVESTMENT: "投资强度"}
GRADES = range(1, 16)
"""土地等别, one to fifteen."""
CODE_YEARS = (2002, 2011, 2017)
"""The issues of GB/T 4754."""
ANY_GRADE = 0
_KEYS = {"index", "csv", "code_year", "document", "clause", "basis", "from"}
_SIGNED = {"reason", "who", "when"}


@dataclass(frozen=True)
class Row:
    """The limits of one industry: ``limits`` by 土地等别 (``ANY_GRADE`` where it does not matter), each with its basis."""

    name: str
    limits: Mapping[int, tuple[Fraction, str]]


@dataclass(frozen=True)
class Table:
    """Lower limits of one index by industry; ``note`` must be told beside every limit taken from it.

    Plot ratios are plain numbers, investment is in 万元/亩.
    """

    index: str
    rule_id: str
    document: str
    clause: str
    code_year: int
    valid_from: dt.date
    valid_to: dt.date | None
    rows: Mapping[str, Row]
    note: str = ""
    superseded: str = ""
    superseded_in: int = 9999

    def is_in_force(self, on: dt.date) -> bool:
        """Tell whether the table holds on a day."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


@cache
def shipped_text() -> Mapping[str, Any]:
    """Return the shipped file as parsed."""
    return tomllib.loads(files(__package__).joinpath(SHIPPED).read_text("utf-8"))


@cache
def shipped_tables() -> tuple[Table, ...]:
    """Return the control indices of 2008: plot ratio, and investment by industry and 土地等别.

    Raises
    ------
    ValueError
        A row with an unknown key or basis, or not one figure a class.
    """
    raw = shipped_text()
    document, table = raw["document"], raw["table"]
    worth = factor(table["investment_unit"], "per_mu")
    assert worth is not None
    classes = [range(first, last + 1) for first, last in table["classes"]]
    if [grade for span in classes for grade in span] != list(GRADES):
        raise ValueError(f"{SHIPPED}: the classes must hold every grade once")
    ratios: dict[str, Row] = {}
    money: dict[str, Row] = {}
    for code, body in table["industry"].items():
        if set(body) != {"name", PLOT_RATIO, "plot_ratio_basis", INVESTMENT, "investment_basis"}:
            raise ValueError(f"{SHIPPED}: {code}: unknown or missing key")
        bases = body["investment_basis"]
        bases = bases if isinstance(bases, list) else [bases] * len(classes)
        if len(bases) != len(classes) or len(body[INVESTMENT]) != len(classes):
            raise ValueError(f"{SHIPPED}: {code}: one figure a class")
        if not {*bases, body["plot_ratio_basis"]} <= set(BASES):
            raise ValueError(f"{SHIPPED}: {code}: basis not known")
        ratio = Fraction(str(body[PLOT_RATIO]))
        ratios[code] = Row(body["name"], {ANY_GRADE: (ratio, body["plot_ratio_basis"])})
        limits = {
            grade: (figure * worth, basis)
            for span, figure, basis in zip(classes, body[INVESTMENT], bases, strict=True)
            for grade in span
        }
        money[code] = Row(body["name"], limits)
    title = f"《{document['title']}》（{document['number']}）"
    return tuple(
        Table(
            index=index,
            rule_id=f"{document['id']}.{index}",
            document=title,
            clause=raw["rule"][index]["clause"],
            code_year=table["code_year"],
            valid_from=raw["rule"][index]["from"],
            valid_to=raw["rule"][index].get("to"),
            rows=rows,
            superseded=table["superseded"],
            superseded_in=table["superseded_in"],
        )
        for index, rows in ((PLOT_RATIO, ratios), (INVESTMENT, money))
    )


def tables_of(given: Any, file: Path, signed: Callable[[Mapping[str, Any], str], None]) -> tuple[Table, ...]:
    """Read the ``[[table]]`` sections of a bureau's rule file, each with a csv beside it.

    Parameters
    ----------
    given : list of Mapping
        ``index`` (plot_ratio, investment), ``csv``, ``code_year``, ``document``, ``clause``, ``basis``, ``from``,
        ``to``; ``unit`` for investment; ``reason``, ``who``, ``when``.
    file : Path
        The rule file; the csv stands relative to it.
    signed : callable
        Refuses a section that nobody signed.

    Raises
    ------
    ConfigurationError
    """
    if not isinstance(given, list) or not all(isinstance(body, Mapping) for body in given):
        raise _wrong("table 应为若干节 [[table]]", file.name)
    result = []
    for number, body in enumerate(given, start=1):
        where = f"{file.name} 第 {number} 个 [[table]]"
        known(body, _KEYS | _SIGNED | {"to", "unit"}, where)
        if missing := _KEYS - set(body):
            raise _wrong(f"缺少 {'、'.join(sorted(missing))}", where)
        signed(body, where)
        for key, allowed in (("index", tuple(INDICES)), ("code_year", CODE_YEARS), ("basis", tuple(BASES))):
            if body[key] not in allowed:
                raise _wrong(f"{key} 不可用：{body[key]!r}，可用：{'、'.join(map(str, allowed))}", where)
        worth = factor(str(body.get("unit", "")), "per_mu") if body["index"] == INVESTMENT else Fraction(1)
        if worth is None:
            raise _wrong('投资强度表须写明单位，如 unit = "万元/公顷"', where)
        try:
            begins, ends = day_of(body["from"], "from"), day_of(body.get("to"), "to", required=False)
        except RuleFault as fault:
            raise _wrong(fault.said, where) from None
        assert begins is not None
        result.append(
            Table(
                index=body["index"],
                rule_id=f"control.{body['index']}",
                document=str(body["document"]),
                clause=str(body["clause"]),
                code_year=body["code_year"],
                valid_from=begins,
                valid_to=ends,
                rows=_rows(file.parent / str(body["csv"]), body["index"], worth, body["basis"]),
                note=f"本单位提供的{INDICES[body['index']]}表（理由：{body['reason']}；经办：{body['who']}；时间：{body['when']}；见：{file.name}）",
            )
        )
    return tuple(result)


def _rows(path: Path, index: str, worth: Fraction, basis: str) -> dict[str, Row]:
    """Read a csv with 行业代码, 行业名称 and 容积率下限, or one column a span of 等别 such as 一类(1-4等)."""
    lines = list(csv.reader(io.StringIO(read_text(path))))
    where = path.name
    if len(lines) < 2:
        raise _wrong("表中没有内容", where)
    header = [name.strip() for name in lines[0]]
    wanted = {"行业代码", "行业名称"} | ({"容积率下限"} if index == PLOT_RATIO else set())
    if missing := wanted - set(header):
        raise _wrong(f"缺少列 {'、'.join(sorted(missing))}，表中有：{'、'.join(header)}", where)
    found = {at: grades_in(name) for at, name in enumerate(header)}
    spans: dict[int, Sequence[int]] = {at: grades for at, grades in found.items() if grades is not None}
    if index == PLOT_RATIO:
        spans = {header.index("容积率下限"): (ANY_GRADE,)}
    graded = sorted(grade for grades in spans.values() for grade in grades)
    if index == INVESTMENT and (not graded or len(set(graded)) != len(graded)):
        raise _wrong("应有写明等别的列，如 一类(1-4等)，每个等别只能在一列", where)
    result: dict[str, Row] = {}
    for number, cells in enumerate(lines[1:], start=2):
        cells = [cell.strip() for cell in cells]
        if not any(cells):
            continue
        spot = f"{where} 第 {number} 行"
        if len(cells) != len(header):
            raise _wrong(f"有 {len(cells)} 格，表头有 {len(header)} 列", spot)
        code = re.sub(r"^[A-T]", "", cells[header.index("行业代码")].upper())
        if not re.fullmatch(r"[0-9]{2,4}", code):
            raise _wrong(f"行业代码不可用：{cells[header.index('行业代码')]}", spot)
        if code in result:
            raise _wrong(f"行业代码 {code} 有两行", spot)
        limits: dict[int, tuple[Fraction, str]] = {}
        for at, grades in spans.items():
            if not cells[at]:
                continue
            try:
                figure = Fraction(cells[at])
            except (ValueError, ZeroDivisionError):
                raise _wrong(f"“{header[at]}”列不是数：{cells[at]}", spot) from None
            if figure < 0:
                raise _wrong(f"“{header[at]}”列为负：{cells[at]}", spot)
            limits |= dict.fromkeys(grades, (figure * worth, basis))
        result[code] = Row(cells[header.index("行业名称")], limits)
    return result


def grades_in(header: str) -> range | None:
    """Read the 土地等别 that a column is of.

    Examples
    --------
    >>> grades_in("一类(1-4等)"), grades_in("七类（15等）"), grades_in("行业名称")
    (range(1, 5), range(15, 16), None)
    """
    found = re.search(r"(\d+)(?:\s*[-—–~至、]\s*(\d+))?\s*等", header)
    if not found:
        return None
    first, last = int(found[1]), int(found[2] or found[1])
    return range(first, last + 1) if 1 <= first <= last <= max(GRADES) else None


def _wrong(what: str, where: str) -> ConfigurationError:
    return ConfigurationError(
        f"控制指标表：{what}", where=where, remedy="请对照 docs/规则手册.md 的样例改正", code="E627"
    )
