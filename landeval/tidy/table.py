"""A raw table to a typed one: every recognised column parsed by its kind, every failure a row of issues."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from landeval import issues
from landeval.errors import ConfigurationError, InputRefusedError
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy import values
from landeval.tidy.codes import clean_code, correction, is_credit_code, is_damaged, is_parcel_code
from landeval.tidy.columns import Column, recognise
from landeval.tidy.synonyms import contradictory, is_filled, only_filled
from landeval.tidy.synonyms import told as contradictions
from landeval.tidy.totals import compare_totals
from landeval.units import CENTS_PER_WAN_YUAN, round_half_up
from landeval.vocabulary.fields import Field, fields, fields_of, normalise_header

MONEY_DECIMALS = 6
"""万元 to the cent."""
FIRST_OF_MONTH = ("signed_on", "actual_start")
"""Where only the month is known these count from its first day, all others from its last: what spares the holder."""
FEW, APART, BEYOND = 5, 30, 1000
"""A column of money is two when at least FEW rows stay together, the rest are APART times off the next and BEYOND times off the middle."""


@dataclass(frozen=True)
class Typed:
    """A typed table.

    Attributes
    ----------
    frame : DataFrame
        One column a field of the table's vocabulary (missing ones all unknown), ``SOURCE_COLUMNS``, and
        ``geometry`` where the source has it.
    issues : DataFrame
    columns : DataFrame
        ``source_file``, ``source_layer``, ``field``, ``header``, ``unit``: where each figure was written.
    set_aside : DataFrame
        ``SOURCE_COLUMNS`` + ``reason``.
    """

    frame: pd.DataFrame
    issues: pd.DataFrame
    columns: pd.DataFrame
    set_aside: pd.DataFrame


def typed(raw: RawTable, currency: str, county_code: str) -> Typed:
    """Type one raw table.

    Parameters
    ----------
    raw : RawTable
    currency : str
        The project's currency, for units.
    county_code : str
        Six digits that parcel codes should start with.

    Raises
    ------
    InputRefusedError
        A column pinned in the project does not exist, or its filter leaves no record.
    """
    columns, noted = recognise(raw, currency)
    problems = [raw.issues, noted, compare_totals(raw, columns)]
    kept, left_out = _selected(raw)
    problems.append(issues.report("E109", left_out))
    if len(left_out) and not len(kept):
        raise InputRefusedError(
            "筛选后没有剩下任何记录",
            where=f"{raw.spot}（{raw.source.table}.where）",
            remedy="请核对参数表该节“只取：列名”各行（landeval.toml 的 where）的列名和取值",
            code="E133",
        )
    if raw.source.table not in _OF_PERSONS:
        kept, marked = _without_marks(kept, columns, raw)
        problems.append(marked)
    frame = kept[list(SOURCE_COLUMNS)].copy()
    by_field = {column.field: column for column in columns}
    parsers = _parsers(currency, county_code)
    unsure = pd.Series("", index=frame.index, dtype="object")
    doubts: dict[str, pd.Series] = {}
    for field in fields_of(raw.source.table):
        column = by_field.get(field.name)
        if field.name in raw.source.constants:
            frame[field.name] = _constant(raw, field, frame, parsers)
        elif column is None:
            frame[field.name] = unknown(field, frame.index)
        else:
            cells = kept[f"c{column.position}"]
            frame[field.name], found = parsers[field.kind](cells, field, column, frame)
            doubts[field.name] = _doubtful(found, frame, cells)
            if column.beside:
                known, told, differs = _with_synonyms(
                    frame[field.name], kept, field, column, frame, parsers[field.kind]
                )
                frame[field.name] = known
                problems += told
                doubts[field.name] = doubts[field.name] | differs
                if field.kind == "date":
                    unsure = unsure.mask(differs, unsure + field.name + " ")
            problems += found
            if field.kind == "date":  # written but unreadable is not blank, and never judged as blank
                unread = {row for part in found for row in part.loc[part["code"] == "E204", "source_row"]}
                unsure = unsure.mask(frame["source_row"].isin(unread), unsure + field.name + " ")
    frame = _withheld(frame, doubts, raw.source.table)
    if "unsure_dates" in frame:
        frame["unsure_dates"] = unsure.where(unsure != "", None)
    if "geometry" in kept:
        frame["geometry"] = kept["geometry"]
    place = {"source_file": raw.source.name, "source_layer": raw.layer}
    named = pd.DataFrame(
        [
            {**place, "field": column.field, "header": column.header, "unit": column.unit}
            for column in columns
        ],
        columns=["source_file", "source_layer", "field", "header", "unit"],
    )
    aside = pd.concat([raw.set_aside, left_out.assign(reason="按筛选条件排除")], ignore_index=True)
    return Typed(frame.reset_index(drop=True), issues.gather(problems), named, aside)


def _with_synonyms(
    first: pd.Series, kept: pd.DataFrame, field: Field, column: Column, place: pd.DataFrame, parse: Parser
) -> tuple[pd.Series, list[pd.DataFrame], pd.Series]:
    """Fill a column's blanks from others of the same field; return also the issues and what must be withheld."""
    cells = kept[f"c{column.position}"]
    headers = pd.Series(column.header, index=kept.index, dtype="object")
    withheld = pd.Series(False, index=kept.index)
    told: list[pd.DataFrame] = []
    for other in column.beside:
        beside = kept[f"c{other.position}"]
        second, found = parse(beside, field, other, place)
        differs = contradictory(first, second, (cells, beside), (column, other), field)
        told.append(contradictions(differs, (cells, beside), (headers, other.header), place))
        lone = ~is_filled(cells) & is_filled(beside)
        taken = only_filled(found, place, lone)
        told += taken
        withheld |= differs | (lone & _doubtful(taken, place, beside))
        first, cells = first.where(~lone, second), cells.where(~lone, beside)
        headers = headers.where(~lone, other.header)
    return first, told, withheld


def _doubtful(found: list[pd.DataFrame], frame: pd.DataFrame, cells: pd.Series) -> pd.Series:
    """Mark the cells that are no blank and whose figure cannot be read or believed (E203, E256, E258)."""
    told = [part for part in found if len(part) and part["code"].iloc[0] in ("E203", "E256", "E258")]
    spots = {spot for part in told for spot in zip(part["source_row"], part["raw_value"], strict=True)}
    if not spots:
        return pd.Series(False, index=frame.index)
    rows = zip(frame["source_row"], cells, strict=True)
    return pd.Series([(row, str(cell)) in spots for row, cell in rows], index=frame.index)


def _withheld(frame: pd.DataFrame, doubts: dict[str, pd.Series], table: str) -> pd.DataFrame:
    """Make doubtful figures unknown; an enterprise's stay written for the ledger, which counts them as excluded."""
    hit = {name: mask for name, mask in doubts.items() if mask.any()}
    if table != "enterprises":
        return frame.assign(**{name: frame[name].mask(mask) for name, mask in hit.items()})
    names = pd.Series("", index=frame.index, dtype="object")
    figures = [name for name in hit if fields()[name].kind in ("money", "number", "area")]
    frame = frame.assign(**{name: frame[name].mask(hit[name]) for name in hit if name not in figures})
    for name, mask in ((name, hit[name]) for name in figures):
        names = names.mask(mask, names + f" {name} ")
    return frame.assign(doubtful_figures=names)


def _constant(raw: RawTable, field: Field, frame: pd.DataFrame, parsers: dict[str, Parser]) -> pd.Series:
    """Read a value given in the project for every row, as strictly as if it stood in the table."""
    given = raw.source.constants[field.name]
    cells = pd.Series([given] * len(frame), index=frame.index, dtype="object")
    parsed, found = parsers[field.kind](
        cells, field, Column(field.name, -1, field.label, "", Fraction(1)), frame
    )
    if len(parsed) and (
        parsed.isna().all()
        or any(code in ("E203", "E204", "E230") for part in found for code in part["code"])
    ):
        raise ConfigurationError(
            f"constants.{field.name} 的值不可用：{given!r}",
            where=f"{raw.source.path}（{raw.source.table}.constants）",
            remedy=f"请填{field.label}",
            code="E611",
        )
    return parsed


_OF_PERSONS = ("corrections", "decisions", "reviews")
"""What somebody writes into a form of ours means what it says, a dash too."""


def _without_marks(
    kept: pd.DataFrame, columns: list[Column], raw: RawTable
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make cells that hold a mark only blank, and tell it (E264), each column once with its rows."""
    blanked, told = {}, []
    for column in (one for own in columns for one in (own, *own.beside)):
        name = f"c{column.position}"
        mask = kept[name].map(values.is_mark).astype(bool)
        if not mask.any():
            continue
        blanked[name] = kept[name].astype("object").mask(mask, None)
        rows = [str(row) for row in kept.loc[mask, "source_row"]]
        which = "、".join(rows[:SHOWN_ROWS]) + (" 等" if len(rows) > SHOWN_ROWS else "")
        marks = "、".join(sorted({str(cell).strip() for cell in kept.loc[mask, name]})[:4])
        told.append(
            issues.report_file(
                "E264", raw.source.name, raw.layer, column=column.header,
                detail=f"{fields()[column.field].label} {len(rows)} 处写“{marks}”，第 {which} 行",
            )
        )  # fmt: skip
    return kept.assign(**blanked), issues.gather(told)


SHOWN_ROWS = 12


def _selected(raw: RawTable) -> tuple[pd.DataFrame, pd.DataFrame]:
    keep = pd.Series(True, index=raw.frame.index)
    for header, wanted in raw.source.where.items():
        named = [normalise_header(own) for own in raw.headers]
        if (key := normalise_header(header)) not in named:
            raise InputRefusedError(
                f"没有“{header}”这一列，不能按它筛选",
                where=raw.spot,
                remedy=f"请改参数表该节的“只取：{header}”（landeval.toml 的 [{raw.source.table}.where] {header}）。"
                f"现有列：{'、'.join(filter(None, raw.headers))}",
                code="E236",
            )
        cells = raw.frame[f"c{named.index(key)}"]
        keep &= cells.map(lambda cell: values.text(cell) or "").isin(wanted)
    return raw.frame[keep], raw.frame.loc[~keep, list(SOURCE_COLUMNS)]


def unknown(field: Field, index: pd.Index) -> pd.Series:
    """Return a column of a field's type in which nothing is known."""
    if field.kind in ("money", "area", "per_mu", "length", "number", "integer", "share", "year"):
        return pd.Series(np.nan, index=index, dtype="float64")
    if field.kind == "date":
        return pd.Series(pd.NaT, index=index, dtype="datetime64[s]")
    return pd.Series(None, index=index, dtype="object")


def content_of(frame: pd.DataFrame) -> pd.Series:
    """Return each row's values as one text, to find identical rows."""
    text = pd.Series("", index=frame.index, dtype="object")
    for name in frame.columns:
        column = frame[name].astype("object")
        text = text + column.where(column.notna(), "").astype(str) + "\x1f"
    return text


Parser = Callable[[pd.Series, Field, Column, pd.DataFrame], tuple[pd.Series, list[pd.DataFrame]]]


def _parsers(currency: str, county_code: str) -> dict[str, Parser]:
    numbers: Parser = partial(_numbers, currency=currency)
    return {
        "money": numbers, "area": numbers, "per_mu": numbers, "length": numbers, "number": numbers, "integer": numbers,
        "share": _shares, "date": _dates, "year": _years, "flag": _flags, "text": _texts, "name": _texts,
        "note": _notes,
        "code": partial(_codes, county_code=county_code),
    }  # fmt: skip


def _numbers(
    cells: pd.Series, field: Field, column: Column, place: pd.DataFrame, *, currency: str
) -> tuple[pd.Series, list[pd.DataFrame]]:
    parsed, failed = values.parse_each(cells, lambda cell: values.number(cell, field.kind, currency))
    outer = column.scale
    written = np.array(
        [np.nan if item is None or item[0] is None else item[0] for item in parsed], dtype="float64"
    )
    scaled = written * outer.numerator / outer.denominator
    for at, item in enumerate(parsed):
        if item is not None and item[1] is not None:  # the cell's own unit goes before the column's
            scaled[at] = written[at] * item[1].numerator / item[1].denominator
    figures = pd.Series(scaled, index=cells.index)
    absurd = (
        figures.abs() >= values.ABSURD / CENTS_PER_WAN_YUAN
        if field.kind == "money"
        else figures.abs() >= values.ABSURD
    )
    figures, failed = figures.mask(absurd), failed | absurd
    if field.kind == "money":
        figures = pd.Series(round_half_up(figures, MONEY_DECIMALS), index=cells.index)
    noted = (
        pd.Series([item is not None and item[2] for item in parsed], index=cells.index, dtype=bool) & ~absurd
    )
    negative = figures < 0
    impossible = negative if field.minimum is not None else pd.Series(False, index=cells.index)
    noted &= ~impossible
    high = low = pd.Series(False, index=cells.index)
    if field.kind == "money":
        bare = pd.Series([item is not None and item[1] is None for item in parsed], index=cells.index)
        high, low = _in_another_unit(figures, bare)
        noted &= ~high
    outside = pd.Series(False, index=cells.index)
    if field.minimum is not None:
        outside |= figures < field.minimum
    if field.maximum is not None:
        outside |= figures > field.maximum
    outside &= ~impossible & ~high
    return figures, [
        _flagged("E203", failed, cells, column, place, why=_about),
        _flagged("E256", impossible, cells, column, place),
        _flagged(
            "E257", negative & ~impossible, cells, column, place, _told(figures, negative & ~impossible)
        ),
        _flagged("E258", high, cells, column, place),
        _flagged("E259", low, cells, column, place, _told(figures, low)),
        _flagged("E206", noted, cells, column, place, _told(figures, noted)),
        _flagged("E205", outside, cells, column, place, _told(figures, outside)),
    ]


def _in_another_unit(figures: pd.Series, bare: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Find the few rows of a money column that are written in 元 where the others are in 万元, and the reverse.

    A cell that names its own unit is believed.
    """
    known = figures[(figures > 0) & bare].sort_values()
    high = pd.Series(False, index=figures.index)
    low = high.copy()
    if len(known) <= FEW:
        return high, low
    ratio = known.to_numpy()[1:] / known.to_numpy()[:-1]
    at, middle = np.arange(1, len(known)), float(known.median())
    few = max(1, len(known) // 5)
    above = (ratio >= APART) & (len(known) - at <= few) & (known.to_numpy()[1:] >= BEYOND * middle)
    below = (ratio >= APART) & (at <= few) & (known.to_numpy()[:-1] <= middle / BEYOND)
    if above.any():
        high[known.index[int(at[above][0]) :]] = True
    if below.any():
        low[known.index[: int(at[below][-1])]] = True
    return high, low


def _shares(
    cells: pd.Series, field: Field, column: Column, place: pd.DataFrame
) -> tuple[pd.Series, list[pd.DataFrame]]:
    """Read a column of shares with one meaning: a sign in the cell, else what header and column say together."""
    parsed, failed = values.parse_each(cells, values.share)
    written = pd.Series(
        [np.nan if item is None or item[0] is None else item[0] for item in parsed], index=cells.index
    )
    signed = pd.Series([item is not None and item[1] for item in parsed], index=cells.index, dtype=bool)
    bare = written.notna() & ~signed
    above, below = bare & (written > 1), bare & (written > 0) & (written <= 1)
    in_percent = "%" in column.header or "％" in column.header
    doubt = bare & bool(below.any()) & (bool(above.any()) != in_percent)
    by_hundred = signed | (bare & (in_percent | bool(above.any())))
    figures = (written / 100).where(by_hundred, written)
    beyond = (figures < 0) | (figures > 1)
    figures = figures.mask(doubt | beyond)
    guessed = bare & (written > 1) & ~doubt & ~beyond & (not in_percent)
    return figures.astype("float64"), [
        _flagged("E203", failed | (beyond & ~doubt), cells, column, place),
        _flagged("E261", doubt, cells, column, place),
        _flagged("E262", guessed, cells, column, place, figures.map("{:.4%}".format)),
    ]


def _about(cell: object) -> str:
    return "约数，不作准确值" if values.is_about(cell) else ""


def _told(figures: pd.Series, mask: pd.Series) -> pd.Series:
    return figures[mask].map("{:.10g}".format)


def _dates(
    cells: pd.Series, field: Field, column: Column, place: pd.DataFrame
) -> tuple[pd.Series, list[pd.DataFrame]]:
    parsed, failed = values.parse_each(cells, values.date)
    days = pd.Series(np.array(parsed, dtype="datetime64[s]"), index=cells.index)
    if not failed.any():
        return days, []
    which = 0 if field.name in FIRST_OF_MONTH else 1
    meant = cells[failed].map(lambda cell: (values.month(cell) or (pd.NaT, pd.NaT))[which])
    meant = pd.to_datetime(meant).astype("datetime64[s]")
    days = days.where(~failed, meant.reindex(cells.index))
    by_month = failed & days.notna()
    return days, [
        _flagged("E204", failed & ~by_month, cells, column, place, why=values.readings),
        _flagged("E254", by_month, cells, column, place, days.dt.strftime("%Y-%m-%d")),
    ]


def _years(
    cells: pd.Series, field: Field, column: Column, place: pd.DataFrame
) -> tuple[pd.Series, list[pd.DataFrame]]:
    parsed, failed = values.parse_each(cells, values.year)
    return pd.Series(parsed, index=cells.index, dtype="float64"), [
        _flagged("E203", failed, cells, column, place, why=lambda cell: "应是 1900 至 2099 年的年份")
    ]


def _flags(
    cells: pd.Series, field: Field, column: Column, place: pd.DataFrame
) -> tuple[pd.Series, list[pd.DataFrame]]:
    parsed, failed = values.parse_each(cells, values.flag)
    return pd.Series(parsed, index=cells.index, dtype="object"), [
        _flagged("E230", failed, cells, column, place)
    ]


def _texts(
    cells: pd.Series, field: Field, column: Column, place: pd.DataFrame
) -> tuple[pd.Series, list[pd.DataFrame]]:
    parsed, _ = values.parse_each(cells, values.text)
    cleaned = pd.Series(parsed, index=cells.index, dtype="object")
    changed = (cleaned != cells) & cells.notna()
    hidden = changed & cells[changed].map(values.hides).reindex(cells.index, fill_value=False).astype(bool)
    return cleaned, [_flagged("E253", hidden, cells, column, place, cleaned.fillna(""))]


def _notes(
    cells: pd.Series, field: Field, column: Column, place: pd.DataFrame
) -> tuple[pd.Series, list[pd.DataFrame]]:
    """Read what a person wrote freely: every line kept, and nothing to be told."""
    parsed, _ = values.parse_each(cells, values.note)
    return pd.Series(parsed, index=cells.index, dtype="object"), []


def _codes(
    cells: pd.Series, field: Field, column: Column, place: pd.DataFrame, *, county_code: str
) -> tuple[pd.Series, list[pd.DataFrame]]:
    read, _ = values.parse_each(cells, _code)
    series = pd.Series([code for code, _, _ in read], index=cells.index, dtype="object")
    changed = pd.Series([differs for _, differs, _ in read], index=cells.index, dtype=bool)
    damaged = pd.Series([is_lost for _, _, is_lost in read], index=cells.index, dtype=bool)
    present = series.notna()
    found = [
        _flagged("E225", changed, cells, column, place, series),
        _flagged("E241", damaged, cells, column, place),
    ]
    if field.name == "credit_code":
        dummy = present & ~_holds(series, _may_identify)
        found.append(_flagged("E243", dummy, cells, column, place))
        series, present = series.mask(dummy, None), present & ~dummy
        bad = present & ~_holds(series, is_credit_code)
        found.append(_flagged("E209", bad, cells, column, place, series))
        hints = series[bad].map(correction).dropna()
        found.append(
            _flagged(
                "E250", bad & series.index.isin(hints.index), cells, column, place, series,
                why=lambda cell: f"可能是 {correction(clean_code(str(cell)))}",
            )
        )  # fmt: skip
    if field.name == "parcel_code" and _uses_national_codes(series):
        bad = present & ~_holds(series, is_parcel_code)
        found.append(_flagged("E210", bad, cells, column, place, series))
        away = present & ~bad & ~_holds(series, lambda code: code.startswith(county_code))
        found.append(_flagged("E211", away, cells, column, place, series))
    return series, found


def _code(cell: object) -> tuple[str | None, bool, bool]:
    """Return the code of a cell, whether it was written otherwise, and whether it lost its last digits."""
    if is_damaged(cell):
        return None, False, True
    written = values.text(cell)
    code = clean_code(written) if written else ""
    return (None, False, False) if code in values.MISSING else (code, code != written, False)


def _holds(codes: pd.Series, test: Callable[[str], bool]) -> pd.Series:
    """Tell for each code whether a test holds; never of a missing one. Each different code is tested once."""
    known: dict[Any, bool] = {code: bool(code) and test(code) for code in set(codes) if isinstance(code, str)}
    return pd.Series([known.get(code, False) for code in codes], index=codes.index, dtype=bool)


def _may_identify(code: str) -> bool:
    """Tell whether a code can be anybody's: 办理中, 0 or 000000000000000000 stand beside many firms."""
    return bool(re.fullmatch(r"[0-9A-Z]{9,20}", code)) and len(set(code)) > 2


def _uses_national_codes(codes: pd.Series) -> bool:
    """Tell whether a column means 宗地代码 at all, or is a local numbering of its own."""
    sample = codes.dropna().head(200)
    return bool(len(sample)) and sample.map(lambda code: bool(re.match(r"^\d{12}", code))).mean() > 0.2


def _flagged(
    code: str,
    mask: pd.Series,
    cells: pd.Series,
    column: Column,
    place: pd.DataFrame,
    used: pd.Series | None = None,
    why: Callable[[object], str] | None = None,
) -> pd.DataFrame:
    if not mask.any():
        return issues.empty()
    said: str | pd.Series = fields()[column.field].label
    if why is not None:
        reasons = cells[mask].map(why)
        said = said + ("，" + reasons).where(reasons != "", "")
    return issues.report(
        code,
        place.loc[mask, list(SOURCE_COLUMNS)],
        column=column.header,
        raw=cells[mask].map(str),
        used="未知" if used is None else used.loc[mask.index[mask]],
        detail=said,
    )
