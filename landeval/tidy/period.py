"""Which data year and which day of judgement: as asked, else the newest year and its last day, and it is said."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from landeval import issues
from landeval.errors import ConfigurationError
from landeval.project import Project


def period(project: Project, years: pd.DataFrame) -> tuple[int | None, dt.date, pd.DataFrame]:
    """Return data year, as-of date and what is to be said of the choice.

    Raises
    ------
    ConfigurationError
        Neither is given and no table has a year; or the year asked for has no data.
    """
    known = sorted(int(year) for year in years["year"].unique())
    problems = []
    year = project.year
    if year is None and known:
        year = known[-1]
        problems.append(
            issues.report_file(
                "E226", "landeval.toml", detail=f"{year} 年（表中有 {'、'.join(map(str, known))}）"
            )
        )
    if project.year is not None and known and project.year not in known:
        raise ConfigurationError(
            f"企业表中没有 {project.year} 年的数据",
            where="评价年度（year）",
            remedy=f"现有年度：{'、'.join(map(str, known))}",
            code="E613",
        )
    as_of = project.as_of
    if as_of is None:
        if year is None:
            raise ConfigurationError(
                "没有写明评价基准日，也没有数据年度",
                where="评价基准日（as_of）",
                remedy="请写明参数表“项目”一节的“评价基准日”，如 2024-12-31（landeval.toml 的 as_of = 2024-12-31），或加 --as-of 2024-12-31",
                code="E614",
            )
        as_of = dt.date(year, 12, 31)
        problems.append(issues.report_file("E235", "landeval.toml", detail=as_of.isoformat()))
    if year is not None and known and year != as_of.year:
        problems.append(issues.report_file("E229", "landeval.toml", detail=f"数据 {year} 年，基准日 {as_of}"))
    return year, as_of, issues.gather(problems)
