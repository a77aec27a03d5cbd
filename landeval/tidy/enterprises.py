"""Raw enterprise tables, one or several, of one year or many, to ``enterprises`` and ``years``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from landeval import issues
from landeval.firm_year import NEWEST, header_of
from landeval.project import Project
from landeval.result import GRADED, OPERATING
from landeval.sources import SOURCE_COLUMNS, RawTable, spot_of
from landeval.tidy.codes import is_credit_code, name_key
from landeval.tidy.requirements import require
from landeval.tidy.table import Typed, content_of, typed
from landeval.tidy.year_columns import one_a_year, together
from landeval.vocabulary.fields import fields_of, label
from landeval.wording import joined

Wide: TypeAlias = Mapping[tuple[str, str, str], str]
"""File, layer and field → the headers of several years, as ``together`` joins them."""
MONEY_COLUMNS = tuple(field.name for field in fields_of("enterprises") if field.kind == "money")
POINT = ("longitude", "latitude")
FIGURES = tuple(
    field.name
    for field in fields_of("enterprises")
    if field.kind in ("money", "number") and field.name not in POINT
)
AREAS = tuple(field.name for field in fields_of("enterprises") if field.kind == "area")
IDENTITY = (
    "credit_code",
    "name",
    "former_names",
    "industry_code",
    "industry_code_year",
    "is_above_scale",
    "production_started_on",
    "location",
    *POINT,
)
_YEAR_SAID = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年")
_YEAR_IN_TEXT = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:(?:0[1-9]|1[0-2])(?:(?:[0-2]\d|3[01]))?)?(?!\d)")

FALL = 0.01
"""A cumulative investment that falls by more than this is told."""
_INDUSTRY = r"[A-Ta-t]?(?:0[1-9]|[1-8]\d|9[0-8])\d{0,2}"


class Enterprises(NamedTuple):
    """Enterprises and their years.

    ``records`` has every input row with ``enterprise_id`` (None where it has no identity), ``year``,
    ``is_counted_<figure>`` (whether that figure entered ``years``), ``record_state`` (采用, 重复, 矛盾, 无年度,
    无法识别) and the money as written; ``enterprises`` one row an
    enterprise; ``years`` one row an enterprise, year and parcel code, fit for allocation.
    """

    records: pd.DataFrame
    enterprises: pd.DataFrame
    years: pd.DataFrame
    tables: list[Typed]
    issues: list[pd.DataFrame]


def tidy_enterprises(
    raws: list[RawTable], project: Project, certificates: pd.DataFrame | None = None
) -> Enterprises:
    """Stack the tables of several offices and years, give each row its enterprise and year.

    A row that names its land by certificate (``certificates``: ``certificate_no``, ``parcel_code`` of the parcels)
    gets that parcel's code, where one parcel has the certificate; ``sited_by`` says which of the two it was.

    Rows of one enterprise and year from different tables complete one another; two different figures for
    one thing are a conflict: unknown, and the money is accounted for as excluded.
    """
    tables, problems = [], []
    for raw in raws:
        apart, noted = one_a_year(raw, FIGURES)
        problems.append(noted)
        years_of = []
        for part in apart:
            table = typed(part, project.currency, project.county_code)
            frame, noted = _with_year(part, table, project)
            years_of.append(replace(table, frame=frame))
            problems += [table.issues, noted]
        table = together(years_of)
        require(
            raw,
            table,
            ("name", "credit_code", "parcel_code"),
            code="E290",
            what="企业表缺少必需的列：企业名称、统一社会信用代码、宗地代码至少要有一列",
        )
        tables.append(table)
    records = pd.concat([table.frame for table in tables], ignore_index=True)
    records = _sited(records, certificates)
    records["name_key"] = records["name"].map(name_key)
    records["enterprise_id"] = _enterprise_ids(records)
    records["name_votes"] = name_votes(records)
    problems += [_renamed(records), _namesakes(records)]
    problems.append(_without_industry(records))
    place = list(SOURCE_COLUMNS)
    records["record_state"] = "采用"
    nobody = records["enterprise_id"].isna()
    problems.append(issues.report("E224", records.loc[nobody, place]))
    has_money = records[[*FIGURES, *GRADED]].notna().any(axis=1)
    undated = ~nobody & records["year"].isna() & has_money
    problems.append(
        issues.report(
            "E223",
            records.loc[undated, place],
            column=label("year"),
            key=records.loc[undated, "name"].fillna(""),
        )
    )
    records.loc[undated, "record_state"] = "无年度"
    records.loc[nobody, "record_state"] = "无法识别"
    wide = _of_several_years(tables)
    years, states, counted, noted = _by_year(_believed(records[records["record_state"] == "采用"]), wide)
    records.loc[states.index, "record_state"] = states
    records = with_counted(records, counted)
    problems += [noted, _fallen(years, wide), _stopped_before_begun(records)]
    return Enterprises(records, _identities(records[~nobody]), years, tables, problems)


def _sited(records: pd.DataFrame, certificates: pd.DataFrame | None) -> pd.DataFrame:
    """Fill the parcel code of rows that give only the number of a certificate."""
    own = records["parcel_code"].notna()
    if certificates is None or not records["certificate_no"].notna().any():
        return records.assign(sited_by=pd.Series("宗地代码", index=records.index).where(own, ""))
    known = (
        certificates.dropna()
        .drop_duplicates()
        .assign(key=lambda frame: frame["certificate_no"].map(name_key))
    )
    code_of = known.drop_duplicates("key", keep=False).set_index("key")["parcel_code"]
    found = records["certificate_no"].map(name_key).map(code_of)
    code = records["parcel_code"].where(own, found).astype("object")
    by = pd.Series("宗地代码", index=records.index).where(own, "不动产权证号").where(code.notna(), "")
    return records.assign(parcel_code=code, sited_by=by)


def _namesakes(records: pd.DataFrame) -> pd.DataFrame:
    """Report (E267) enterprises of one name and different codes: two firms, or a slip in one of the codes."""
    coded = records[(records["name_key"] != "") & (records["enterprise_id"] == records["credit_code"])]
    firms = coded.drop_duplicates(["name_key", "enterprise_id"])
    others = firms.groupby("name_key")["enterprise_id"].transform("size") > 1
    rows = firms[others]
    every = joined(rows["name_key"], rows["enterprise_id"])
    return issues.report(
        "E267", rows[list(SOURCE_COLUMNS)], column=label("credit_code"), raw=rows["enterprise_id"],
        key=rows["enterprise_id"], detail=rows["name"].astype(str) + "：" + rows["name_key"].map(every).astype(str),
    )  # fmt: skip


def _without_industry(records: pd.DataFrame) -> pd.DataFrame:
    """Report industry codes that are none: two to four digits, the first two from 01 to 98 (as in 2002 at most).

    A column that holds no code at all (names of industries) is told once.
    """
    code = records["industry_code"]
    is_code = code.fillna("").astype(str).str.fullmatch(_INDUSTRY)
    rows = records[code.notna() & ~is_code]
    if rows.empty:
        return issues.empty()
    table = [rows["source_file"], rows["source_layer"].fillna("")]
    is_coded = is_code.groupby([records["source_file"], records["source_layer"].fillna("")]).any()
    apart = is_coded.reindex(pd.MultiIndex.from_arrays(table)).to_numpy(dtype=bool)
    words = rows[~apart].groupby([part[~apart] for part in table], sort=True)["industry_code"]
    found = [
        issues.report_file("E265", str(file), str(layer), column=label("industry_code"),
                           detail=f"整列 {len(said)} 行都不是代码，如“{said.iloc[0]}”")
        for (file, layer), said in words
    ]  # fmt: skip
    told = rows[apart]
    found.append(
        issues.report(
            "E265", told[list(SOURCE_COLUMNS)], column=label("industry_code"), raw=told["industry_code"], used="未知",
            key=told["enterprise_id"].fillna(""),
        )
    )  # fmt: skip
    return issues.gather(found)


def name_votes(records: pd.DataFrame) -> pd.Series:
    """Count for each row how many rows of its enterprise and year say the same name; none where it says none."""
    by = [records[name] for name in ("enterprise_id", "year", "name_key")]
    count = records["name_key"].groupby(by, dropna=False).transform("size")
    return count.where(records["name_key"] != "", 0)


def _renamed(records: pd.DataFrame) -> pd.DataFrame:
    """Report rows whose code stands beside another name in a newer row: they are taken for one enterprise."""
    named = records[
        (records["name_key"] != "")
        & records["enterprise_id"].notna()
        & (records["enterprise_id"] == records["credit_code"])
    ]
    newest = (
        named.sort_values(list(NEWEST), na_position="first")
        .drop_duplicates("enterprise_id", keep="last")
        .set_index("enterprise_id")
    )
    now = named["enterprise_id"].map(newest["name"])
    other = named["name_key"] != named["enterprise_id"].map(newest["name_key"])
    rows = named[other]
    return issues.report(
        "E251",
        rows[list(SOURCE_COLUMNS)],
        column=label("name"),
        raw=rows["name"],
        used=now[other],
        key=rows["enterprise_id"],
        detail=rows["name"].astype(str) + " → " + now[other].astype(str),
    )


def _fallen(years: pd.DataFrame, wide: Wide) -> pd.DataFrame:
    """Report (E268) an investment since the beginning that is smaller than it was the year before."""
    name = "investment_wan_yuan"
    known = years[years[name].notna()].sort_values(["enterprise_id", "parcel_code", "year"])
    of = known.groupby(["enterprise_id", "parcel_code"])
    before, apart = of[name].shift(), of["year"].diff()
    rows = known[(apart == 1) & (known[name] < before * (1 - FALL))]
    if rows.empty:
        return issues.empty()
    said = rows[name].map("{:,.2f}".format) + "，上年 " + before[rows.index].map("{:,.2f}".format)
    detail = rows["year"].astype(str) + " 年 " + said.astype("object")
    return issues.report(
        "E268",
        rows[list(SOURCE_COLUMNS)],
        column=_column_of(rows, name, wide),
        detail=detail,
        key=rows["enterprise_id"],
    )


def _stopped_before_begun(records: pd.DataFrame) -> pd.DataFrame:
    """Report (E269) a stop before the beginning that the same row says, else before any that the enterprise says."""
    begun = records["production_started_on"]
    start = begun.where(
        begun.notna(), records["enterprise_id"].map(begun.groupby(records["enterprise_id"]).min())
    )
    rows = records[records["stopped_production_on"] < start]
    if rows.empty:
        return issues.empty()
    said = rows["stopped_production_on"].dt.strftime("停产 %Y-%m-%d") + start[rows.index].dt.strftime(
        "，投产 %Y-%m-%d"
    )
    return issues.report(
        "E269", rows[list(SOURCE_COLUMNS)], column=label("stopped_production_on"),
        detail=said.astype("object"), key=rows["enterprise_id"],
    )  # fmt: skip


def _believed(records: pd.DataFrame) -> pd.DataFrame:
    """Return the records without figures that cannot be believed: unknown in every year, excluded in the ledger."""
    doubtful = records["doubtful_figures"]
    hit = {name: doubtful.str.contains(f" {name} ", regex=False) for name in (*FIGURES, *AREAS)}
    return records.assign(
        **{name: records[name].mask(mask.astype(bool)) for name, mask in hit.items() if mask.any()}
    )


def _with_year(raw: RawTable, table: Typed, project: Project) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give a table without a year column the one year that its sheet, title or file is named for.

    A blank or unreadable year beside written ones stays unknown: it may be any year.
    """
    frame = table.frame
    unread = (table.issues["code"] == "E203") & table.issues["column"].isin(
        table.columns.loc[table.columns["field"] == "year", "header"]
    )
    if not len(frame) or frame["year"].notna().any() or unread.any():
        return frame, issues.empty()
    layer = str(frame["source_layer"].iloc[0])
    headers = " ".join(table.columns.loc[table.columns["field"].isin(FIGURES), "header"])
    for text, place in (
        (headers, "表头"),
        (layer, "工作表名"),
        (raw.title, "标题"),
        (raw.source.path.stem, "文件名"),
    ):
        if found := _one_year(text):
            guessed, said = found, place
            break
    else:
        if project.year is None:
            return frame, issues.empty()
        guessed, said = project.year, "评价年度"
    note = issues.report_file("E222", raw.source.name, layer, detail=f"按{said}为 {guessed} 年")
    return frame.assign(year=frame["year"].fillna(guessed)), note


def _one_year(text: str) -> int | None:
    """Return the only year a text names; two years leave the choice open."""
    for pattern in (_YEAR_SAID, _YEAR_IN_TEXT):
        if found := {match[1] for match in pattern.finditer(text)}:
            return int(found.pop()) if len(found) == 1 else None
    return None


def _enterprise_ids(records: pd.DataFrame) -> pd.Series:
    """Name each row's enterprise: credit code, else the one code its name goes with, else its name, else its place.

    A code that fails its check and stands beside several names (办理中, a dummy) identifies nobody.
    """
    code = records["credit_code"]
    names_of = records["name_key"].where(records["name_key"] != "").groupby(code).nunique()
    shared = code.map(names_of).fillna(0) > 1
    code = code.mask(shared & ~code.map(lambda text: isinstance(text, str) and is_credit_code(text)))
    named = records[(records["name_key"] != "") & code.notna()]
    codes = (
        named.assign(credit_code=code)
        .drop_duplicates(["name_key", "credit_code"])
        .drop_duplicates("name_key", keep=False)
    )
    codes_of = codes.set_index("name_key")["credit_code"]
    ids = code.where(code.notna(), records["name_key"].map(codes_of))
    ids = ids.where(ids.notna(), ("名称:" + records["name_key"]).where(records["name_key"] != ""))
    at = (
        "记录:"
        + records["source_file"]
        + ":"
        + records["source_layer"]
        + ":"
        + records["source_row"].astype(str)
    )
    return ids.where(ids.notna(), at.where(records["parcel_code"].notna())).astype("object")


def _identities(records: pd.DataFrame) -> pd.DataFrame:
    """Return one row an enterprise: what its newest row says of it, older rows filling the gaps."""
    latest = records.sort_values(["enterprise_id", *NEWEST], na_position="first")
    grouped = latest.groupby("enterprise_id", sort=True)
    frame = grouped[[*IDENTITY, *OPERATING, "name_key"]].last()
    names = joined(latest["enterprise_id"], latest["former_names"]).reindex(frame.index)
    return frame.assign(former_names=names.astype("object").where(names.notna(), None))


def with_counted(records: pd.DataFrame, counted: pd.DataFrame) -> pd.DataFrame:
    """Mark on every record which of its figures entered ``years``: one column ``is_counted_<figure>`` each."""
    marks = counted.reindex(records.index, fill_value=False).add_prefix("is_counted_")
    return pd.concat([records, marks], axis=1)


def _of_several_years(tables: Sequence[Typed]) -> Wide:
    """Return the headers of the fields whose years stand side by side, by file, layer and field."""
    return {
        (str(file), str(layer or ""), str(name)): str(header)
        for table in tables
        for file, layer, name, header in table.columns[
            ["source_file", "source_layer", "field", "header"]
        ].itertuples(index=False)
        if "、" in str(header)
    }


def _column_of(rows: pd.DataFrame, name: str, wide: Wide) -> pd.Series:
    """Name the column of a figure in each row: the label, or the header of the row's year where several stand side by side."""
    places = zip(rows["source_file"], rows["source_layer"].fillna(""), rows["year"], strict=True)
    headers = [(wide.get((file, layer, name)), year) for file, layer, year in places]
    said = [header_of(header, int(year)) if header else label(name) for header, year in headers]
    return pd.Series(said, index=rows.index, dtype="object")


def _by_year(
    records: pd.DataFrame, wide: Wide = MappingProxyType({})
) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame, pd.DataFrame]:
    keys = ["enterprise_id", "year", "parcel_code"]
    columns = [*FIGURES, *AREAS, *OPERATING, *GRADED, "sited_by"]
    ordered = records[records["year"].notna()].assign(
        parcel_code=lambda frame: frame["parcel_code"].fillna("")
    )
    ordered = ordered.sort_values([*keys, *SOURCE_COLUMNS])
    states = pd.Series("采用", index=ordered.index, dtype="object")
    problems: list[pd.DataFrame] = []
    identical = ordered[keys].assign(content=content_of(ordered[columns])).duplicated()
    said = [name for name in columns if name != "sited_by"]
    identical &= ordered[said].notna().any(axis=1)  # two of which nothing could be read are not alike
    states[identical] = "重复"
    place = list(SOURCE_COLUMNS)
    problems.append(
        issues.report("E220", ordered.loc[identical, place], key=ordered.loc[identical, "enterprise_id"])
    )
    kept = ordered[~identical]
    grouped = kept.groupby(keys, sort=True)
    years = grouped[[*columns, *place]].first()
    for name in GRADED:
        if kept[name].notna().any():
            told = joined(grouped.ngroup(), kept[name], ordered=False)
            years[name] = told.reindex(range(len(years))).to_numpy()
    years["also_in"] = _also_in(kept, keys, grouped.ngroup()).reindex(range(len(years))).to_numpy()
    spread = grouped[list(FIGURES)].nunique()
    clash = spread > 1
    unbelieved = _of_refused_wholes(_doubted(kept, keys) & years[list(FIGURES)].isna())
    covered, contrary = _totals_beside_parts(years)
    whole = covered.any(axis=1)
    if whole.any():
        years[list(FIGURES)] = years[list(FIGURES)].mask(covered)
        rows = kept[pd.MultiIndex.from_frame(kept[keys]).isin(years.index[whole])]
        repeated = (
            rows[list(FIGURES)].notna().sum(axis=1)
            <= covered.sum(axis=1).reindex(pd.MultiIndex.from_frame(rows[keys])).to_numpy()
        )
        states[rows.index[repeated]] = "重复"
        problems.append(
            issues.report("E220", rows[place], detail="等于该企业各宗地之和", key=rows["enterprise_id"])
        )
    clash |= contrary
    clash |= _of_refused_wholes(clash) | unbelieved
    if clash.to_numpy().any():
        years[list(FIGURES)] = years[list(FIGURES)].mask(clash)
        hit = pd.MultiIndex.from_frame(kept[keys])
        for column in FIGURES:
            rows = kept[
                pd.Series(clash[column].reindex(hit).to_numpy(), index=kept.index) & kept[column].notna()
            ]
            if len(rows):
                states[rows.index] = "矛盾"
                doubted = unbelieved[column].reindex(pd.MultiIndex.from_frame(rows[keys])).to_numpy()
                problems.append(
                    issues.report("E221", rows[place], column=_column_of(rows, column, wide), raw=rows[column].map("{:.10g}".format), used="未知",
                                  key=rows["enterprise_id"], detail=pd.Series(np.where(doubted, _DOUBTED, ""), index=rows.index))
                )  # fmt: skip
    gone = (covered | clash).reindex(pd.MultiIndex.from_frame(kept[keys])).set_axis(kept.index)
    counted = pd.DataFrame(
        {name: kept[name].notna() & ~kept[kept[name].notna()].duplicated(keys).reindex(kept.index, fill_value=False) & ~gone[name]
         for name in FIGURES}
    )  # fmt: skip
    return years.reset_index().astype({"year": "int64"}), states, counted, issues.gather(problems)


def _also_in(kept: pd.DataFrame, keys: list[str], groups: pd.Series) -> pd.Series:
    """Name the rows, beside the first, that an enterprise's year was put together from: by group, where there are any."""
    rest = kept[kept.duplicated(keys)]
    places = rest[list(SOURCE_COLUMNS)].fillna({"source_layer": ""}).itertuples(index=False, name=None)
    told = pd.Series([spot_of(*place) for place in places], index=rest.index, dtype="object")
    return joined(groups[rest.index], told, by="；", ordered=False)


_DOUBTED = "该企业不分宗地的合计数存疑，按未知处理，分宗地的数无从核对"


def _doubted(records: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Tell the figures that were written for an enterprise, year and parcel and could not be believed."""
    doubts = records.get("doubtful_figures", pd.Series("", index=records.index))
    by = [records[name] for name in keys]
    return pd.DataFrame(
        {name: doubts.str.contains(f" {name} ", regex=False).astype(bool).groupby(by, sort=True).any() for name in FIGURES}
    )  # fmt: skip


def _of_refused_wholes(clash: pd.DataFrame) -> pd.DataFrame:
    """Tell the figures of an enterprise's parcels beside which its whole was refused, which is no blank."""
    wholes = clash[clash.index.get_level_values("parcel_code") == ""].droplevel("parcel_code")
    at = pd.MultiIndex.from_frame(clash.index.to_frame()[["enterprise_id", "year"]])
    return wholes.reindex(at, fill_value=False).set_axis(clash.index)


def _totals_beside_parts(years: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Compare figures of an enterprise's row without parcel code with those of its rows that have one.

    Returns
    -------
    DataFrame, DataFrame of bool
        Where a figure is the sum of the others (counted once already), and where figures with and without a
        parcel stand side by side and do not add up (nobody knows whether one is the total or a part).
    """
    figures = years[list(FIGURES)]
    whole = pd.Series(figures.index.get_level_values("parcel_code") == "", index=figures.index)
    of = ["enterprise_id", "year"]
    parts = figures[~whole].groupby(level=of).sum(min_count=1)
    at = pd.MultiIndex.from_frame(figures.index.to_frame()[of])
    sums = parts.reindex(at).set_axis(figures.index)
    totals = figures[whole].droplevel("parcel_code").reindex(at).set_axis(figures.index)
    both = figures.notna() & sums.notna() & totals.notna()
    same = both & ((sums - totals).abs() < 5e-7)
    return same & whole.to_numpy()[:, None], both & ~same


def no_enterprises(project: Project) -> Enterprises:
    """Return the frames of a run without an enterprise table, typed and empty."""
    columns = {field.name: _typed_empty(field.kind) for field in fields_of("enterprises")}
    blank = pd.DataFrame({**columns, **{name: pd.Series(dtype="object") for name in SOURCE_COLUMNS}})
    records = blank.assign(
        name_key="",
        name_votes=0,
        enterprise_id=pd.Series(dtype="object"),
        record_state="采用",
        sited_by="",
        doubtful_figures="",
    )
    years, _, counted, _ = _by_year(records)
    records = with_counted(records, counted)
    return Enterprises(records, _identities(records), years, [], [])


def _typed_empty(kind: str) -> pd.Series:
    if kind in ("money", "number", "area", "year", "per_mu"):
        return pd.Series(dtype="float64")
    return pd.Series(dtype="datetime64[s]" if kind == "date" else "object")


def former_keys(enterprises: pd.DataFrame) -> pd.DataFrame:
    """Return the normalised former names: ``enterprise_id``, ``name_key``, one row a name."""
    names = enterprises["former_names"].dropna().astype(str).str.split(r"[、;；,，/|]").explode()
    keys = names.map(name_key)
    return keys[keys != ""].rename("name_key").rename_axis("enterprise_id").reset_index().drop_duplicates()
