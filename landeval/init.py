"""``landeval init``: what the command line says of a new project, checked, and its folder."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

from landeval.configuration import wrong_value
from landeval.publish.starter import Start, write_project

_COMMAND = "landeval init"


def init_project(
    folder: Path,
    *,
    title: str,
    county: str,
    code: str,
    bounds: str,
    year: str | None = None,
    as_table: bool = False,
) -> list[Path]:
    """Make a project folder; return its files, settings first.

    Parameters
    ----------
    folder : Path
        New, or empty.
    title, county : str
        Names of the park and of the county.
    code : str
        六位行政区代码.
    bounds : str
        West, south, east, north of the county [°], separated by commas.
    year : str, optional
        Data year; the last full one where not given.
    as_table : bool
        Settings as 参数表.xlsx in place of landeval.toml.

    Raises
    ------
    ConfigurationError
        A value that cannot be used.
    OutputError
        See ``write_project``.
    """
    if not re.fullmatch(r"[1-9]\d{5}", code):
        raise wrong_value("--code", code, "六位行政区代码，如 430525", _COMMAND)
    if year is not None and not re.fullmatch(r"(?:19|20)\d\d", year):
        raise wrong_value("--year", year, "四位年份，如 2024", _COMMAND)
    chosen = dt.date.today().year - 1 if year is None else int(year)
    return write_project(folder, Start(title, county, code, _box(bounds), chosen), as_table=as_table)


def _box(text: str) -> tuple[float, float, float, float]:
    told = wrong_value("--bounds", text, "西,南,东,北四个经纬度，如 110.0,26.75,111.0,27.45", _COMMAND)
    try:
        west, south, east, north = (float(part) for part in re.split("[,，]", text))
    except ValueError:
        raise told from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise told
    return west, south, east, north
