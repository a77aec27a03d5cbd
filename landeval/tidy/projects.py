"""Raw tables of proposed projects to one row a project; examples of the form and repeats are set aside and told."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.admission import PLANNED
from landeval.errors import InputRefusedError
from landeval.project import Project
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.tidy.form_rows import with_known_land, without_examples, written
from landeval.tidy.requirements import require
from landeval.tidy.table import Typed, content_of, typed
from landeval.units import to_mu
from landeval.vocabulary.fields import fields_of

LAND = "proposed_area_m2"


class Projects(NamedTuple):
    """``frame``: one row a project, index ``project_id``; ``states``: what became of every row."""

    frame: pd.DataFrame
    tables: list[Typed]
    issues: list[pd.DataFrame]
    states: pd.DataFrame


def tidy_projects(raws: list[RawTable], project: Project) -> Projects:
    """Type every table, name every project, and withhold what cannot be believed.

    Land without a written unit is unknown (㎡ and 亩 differ 667 times), as is land of zero. Tall storeys larger than
    the whole building, and buildings larger than the land they stand on, are unknown too.

    Parameters
    ----------
    raws : list of RawTable
    project : Project

    Returns
    -------
    Projects
        ``frame`` has every field of the vocabulary's ``projects``, ``area_mu`` [亩] and ``SOURCE_COLUMNS``.

    Raises
    ------
    InputRefusedError
        No name and no investor among the columns, or no project among the rows.
    """
    tables: list[Typed] = []
    problems: list[pd.DataFrame] = []
    for raw in raws:
        table = typed(raw, project.currency, project.county_code)
        require(raw, table, ("project_name", "investor_name"), code="E440",
                what="准入项目表缺少必需的列：项目名称、投资主体至少要有一列")  # fmt: skip
        table, noted = without_examples(table, "project_name", "E445")
        table, doubts = _believed(raw, with_known_land(raw, table, LAND, "E441"))
        tables.append(table)
        problems += [table.issues, noted, *doubts]
    rows = pd.concat([table.frame for table in tables], ignore_index=True)
    if not len(rows):
        raise InputRefusedError(
            "准入项目表中没有项目（示例行不计入）",
            where="、".join(str(raw.source.path) for raw in raws),
            remedy="请逐行填写项目后重新运行",
            code="E449",
        )
    repeated = _content(rows).duplicated()
    rows, more = _named(rows, repeated)
    problems += more
    frame = rows[~repeated].set_index("project_id")
    return Projects(frame, tables, problems, _states(rows, repeated))


def _believed(raw: RawTable, table: Typed) -> tuple[Typed, list[pd.DataFrame]]:
    """Withhold land of zero, and areas that cannot be part of what they are part of."""
    rows = table.frame
    land = rows[LAND].mask(rows[LAND] == 0)
    over = rows["tall_floor_area_m2"] > rows["floor_area_m2"]
    doubts = {"E442": {LAND: rows[LAND] == 0}, "E443": {"tall_floor_area_m2": over},
              "E444": {name: rows[name] > land for name in ("footprint_m2", "office_land_m2")}}  # fmt: skip
    told = []
    for code, hits in doubts.items():
        for name, hit in hits.items():
            header, cells = written(raw, table, name)
            place, key = rows.loc[hit, list(SOURCE_COLUMNS)], rows.loc[hit, "project_name"].fillna("")
            told.append(
                issues.report(code, place, column=header, raw=cells[hit].map(str), used="未知", key=key)
            )
    changed = {name: rows[name].mask(hit) for hits in doubts.values() for name, hit in hits.items()}
    changed["floor_area_m2"] = rows["floor_area_m2"].mask(over)
    return replace(table, frame=rows.assign(**changed, area_mu=to_mu(land))), told


def _content(rows: pd.DataFrame) -> pd.Series:
    return content_of(rows[[field.name for field in fields_of("projects")]])


def _named(rows: pd.DataFrame, repeated: pd.Series) -> tuple[pd.DataFrame, list[pd.DataFrame]]:
    """Give every project its name as key, numbered where several have it; the order is that of the content.

    So the key does not hang on the order of the rows.
    """
    by_row = "第 " + rows["source_row"].astype(str) + " 行"
    name = rows["project_name"].where(rows["project_name"].notna(), rows["investor_name"])
    nobody = name.isna()
    name = name.where(~nobody, by_row).astype(str)
    kept = rows[~repeated].assign(name=name, content=_content(rows)).sort_values(["name", "content"])
    number = kept.groupby("name").cumcount() + 1
    several = kept.groupby("name")["content"].transform("size") > 1
    key = (kept["name"] + ("#" + number.astype(str)).where(several, "")).reindex(rows.index)
    first = pd.Series(key.to_numpy(), index=_content(rows)).dropna()
    key = key.where(~repeated, _content(rows).map(first[~first.index.duplicated()]))
    several = several.reindex(rows.index, fill_value=False)
    place = list(SOURCE_COLUMNS)
    return rows.assign(project_id=key.astype("object")), [
        issues.report("E446", rows.loc[nobody, place], key=key[nobody]),
        issues.report("E447", rows.loc[several, place], raw=name[several], key=key[several]),
        issues.report("E220", rows.loc[repeated, place], key=key[repeated]),
    ]


def _states(rows: pd.DataFrame, repeated: pd.Series) -> pd.DataFrame:
    """State of every row: taken or a repeat, with its land and money as compared."""
    land = rows["area_mu"].map("用地 {:.4f} 亩".format).where(rows["area_mu"].notna(), "用地未知")
    for name, word in zip(PLANNED, ("投资", "产值", "税收"), strict=True):
        land = land + ("；" + word + " " + rows[name].map("{:.6f}".format)).where(
            rows[name].notna(), f"；{word}未知"
        )
    return rows[list(SOURCE_COLUMNS)].assign(
        record_key=rows["project_id"],
        record_state=repeated.map({True: "重复", False: "采用"}),
        destination=repeated.map({True: "与另一记录完全相同", False: "admission.csv"}),
        amounts=land,
    )
