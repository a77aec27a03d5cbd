"""Raw enterprise tables, one or several, of one year or many, to ``enterprises`` and ``years``."""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy.codes import name_key
from landeval.tidy.table import Typed, content_of, typed
from landeval.vocabulary.fields import fields_of, label
from landeval.wording import joined

MONEY_COLUMNS = tuple(field.name for field in fields_of("enterprises") if field.kind == "money")
FIGURES = tuple(field.name for field in fields_of("enterprises") if field.kind in ("money", "number"))
IDENTITY = ("credit_code", "name", "former_names", "industry_code", "is_above_scale", "production_started_on")
_YEAR_IN_TEXT = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年?")


class Enterprises(NamedTuple):
    """Enterprises and their years.

    ``records`` has every input row with ``enterprise_id`` (None where it has no identity), ``year``,
    ``record_state`` (采用, 重复, 矛盾, 无年度, 无法识别) and the money as written; ``enterprises`` one row an
    enterprise; ``years`` one row an enterprise, year and parcel code, fit for allocation.
    """

    records: pd.DataFrame
    enterprises: pd.DataFrame
    years: pd.DataFrame
    tables: list[Typed]
    issues: list[pd.DataFrame]


def tidy_enterprises(raws: list[RawTable], project: Project) -> Enterprises:
    """Stack the tables of several offices and years, give each row its enterprise and year.

    Rows of one enterprise and year from different tables complete one another; two different figures for
    one thing are a conflict: unknown, and the money is accounted for as excluded.
    """
    tables = [typed(raw, project.currency, project.county_code) for raw in raws]
    problems = [table.issues for table in tables]
    frames = []
    for raw, table in zip(raws, tables, strict=True):
        frame, noted = _with_year(raw, table.frame, project)
        frames.append(frame)
        problems.append(noted)
    records = pd.concat(frames, ignore_index=True)
    records["name_key"] = records["name"].map(name_key)
    records["enterprise_id"] = _enterprise_ids(records)
    place = list(SOURCE_COLUMNS)
    records["record_state"] = "采用"
    nobody = records["enterprise_id"].isna()
    problems.append(issues.report("E224", records.loc[nobody, place]))
    has_money = records[list(FIGURES)].notna().any(axis=1)
    undated = ~nobody & records["year"].isna() & has_money
    problems.append(
        issues.report("E223", records.loc[undated, place], key=records.loc[undated, "name"].fillna(""))
    )
    records.loc[undated, "record_state"] = "无年度"
    records.loc[nobody, "record_state"] = "无法识别"
    years, states, noted = _by_year(records[records["record_state"] == "采用"])
    records.loc[states.index, "record_state"] = states
    problems.append(noted)
    return Enterprises(records, _identities(records[~nobody]), years, tables, problems)


def _with_year(raw: RawTable, frame: pd.DataFrame, project: Project) -> tuple[pd.DataFrame, pd.DataFrame]:
    if frame["year"].notna().all() or not len(frame):
        return frame, issues.empty()
    layer = str(frame["source_layer"].iloc[0])
    for text, place in ((layer, "工作表名"), (raw.title, "标题"), (raw.source.path.stem, "文件名")):
        if found := _YEAR_IN_TEXT.search(text):
            guessed, said = int(found[1]), place
            break
    else:
        if project.year is None:
            return frame, issues.empty()
        guessed, said = project.year, "评价年度"
    note = issues.report_file("E222", raw.source.path.name, layer, detail=f"按{said}为 {guessed} 年")
    return frame.assign(year=frame["year"].fillna(guessed)), note


def _enterprise_ids(records: pd.DataFrame) -> pd.Series:
    """Name each row's enterprise: credit code, else the one code its name goes with, else its name, else its place."""
    code = records["credit_code"]
    named = records[(records["name_key"] != "") & code.notna()]
    codes = named.drop_duplicates(["name_key", "credit_code"]).drop_duplicates("name_key", keep=False)
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
    latest = records.sort_values(["enterprise_id", "year", "name_key", "source_row"], na_position="first")
    grouped = latest.groupby("enterprise_id", sort=True)
    frame = grouped[[*IDENTITY, "production_status", "name_key"]].last()
    names = joined(latest["enterprise_id"], latest["former_names"]).reindex(frame.index)
    return frame.assign(former_names=names.astype("object").where(names.notna(), None))


def _by_year(records: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series, pd.DataFrame]:
    keys = ["enterprise_id", "year", "parcel_code"]
    columns = [*FIGURES, "area_used_m2", "production_status"]
    ordered = records[records["year"].notna()].assign(
        parcel_code=lambda frame: frame["parcel_code"].fillna("")
    )
    ordered = ordered.sort_values([*keys, *SOURCE_COLUMNS])
    states = pd.Series("采用", index=ordered.index, dtype="object")
    problems: list[pd.DataFrame] = []
    identical = ordered[keys].assign(content=content_of(ordered[columns])).duplicated()
    states[identical] = "重复"
    place = list(SOURCE_COLUMNS)
    problems.append(
        issues.report("E220", ordered.loc[identical, place], key=ordered.loc[identical, "enterprise_id"])
    )
    kept = ordered[~identical]
    grouped = kept.groupby(keys, sort=True)
    years = grouped[[*columns, *place]].first()
    spread = grouped[list(FIGURES)].nunique()
    clash = spread > 1
    if clash.to_numpy().any():
        years[list(FIGURES)] = years[list(FIGURES)].mask(clash)
        hit = pd.MultiIndex.from_frame(kept[keys])
        for column in FIGURES:
            rows = kept[
                pd.Series(clash[column].reindex(hit).to_numpy(), index=kept.index) & kept[column].notna()
            ]
            if len(rows):
                states[rows.index] = "矛盾"
                problems.append(
                    issues.report("E221", rows[place], column=column, raw=rows[column].map("{:.10g}".format), used="未知",
                                  key=rows["enterprise_id"])
                )  # fmt: skip
    problems_frame = issues.gather(problems)
    problems_frame["column"] = problems_frame["column"].map(lambda name: label(name) if name else name)
    return years.reset_index().astype({"year": "int64"}), states, problems_frame


def no_enterprises(project: Project) -> Enterprises:
    """Return the frames of a run without an enterprise table, typed and empty."""
    columns = {field.name: _typed_empty(field.kind) for field in fields_of("enterprises")}
    blank = pd.DataFrame({**columns, **{name: pd.Series(dtype="object") for name in SOURCE_COLUMNS}})
    records = blank.assign(name_key="", enterprise_id=pd.Series(dtype="object"), record_state="采用")
    years, _, _ = _by_year(records)
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
