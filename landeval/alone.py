"""One measure or one rule by itself, on any GeoDataFrame: for notebooks, checks by hand, and other programs.

The same code as in a run, without its reading, linking and accounting: who calls these vouches for the figures.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landeval import issues
from landeval.basis import Basis
from landeval.errors import ConfigurationError
from landeval.judge.added import operand_of
from landeval.judge.status import judge
from landeval.link.evidence import OPERANDS
from landeval.measure.built import built_on
from landeval.measure.footprints import only
from landeval.measure.intensity import of_written
from landeval.measure.operation import operation_of
from landeval.measure.per_mu import per_mu
from landeval.measure.unused import unused_land
from landeval.project import Switches
from landeval.read.frame import read_frame
from landeval.result import MONEY, RATIOS
from landeval.settings.load import load_project
from landeval.sources import SOURCE_COLUMNS
from landeval.standards.rules import Overrides, holds_from, rulebook
from landeval.tidy.buildings import tidy_buildings
from landeval.tidy.geometry import ellipsoid_area, planar
from landeval.tidy.land_use import is_industrial, is_new_industrial, is_state_owned
from landeval.tidy.table import unknown
from landeval.units import M2_PER_MU
from landeval.vocabulary.fields import Field, fields_of, label

_DERIVED = ("is_industrial", "is_new_industrial", "is_state_owned", "operation", "is_operating")
_EVERYWHERE = {"bounds": [-180.0, -90.0, 180.0, 90.0]}


def ground_area(parcels: gpd.GeoDataFrame) -> pd.Series:
    """Measure polygons on the CGCS2000 ellipsoid.

    Parameters
    ----------
    parcels : GeoDataFrame
        Polygons in any coordinate system that pyproj knows.

    Returns
    -------
    Series
        [m²], index of ``parcels``; NaN where there is no polygon or an invalid one (repair it first:
        of a figure of eight nobody can say which land is meant).

    Raises
    ------
    ConfigurationError
        E671: no shapes, or no coordinate system.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> land = gpd.GeoDataFrame(geometry=[shapely.box(500000, 3000000, 500100, 3000100)], crs="EPSG:4546")
    >>> ground_area(land).round(1).tolist()
    [10000.0]
    """
    return pd.Series(ellipsoid_area(_lon_lat(parcels)), index=parcels.index, name="area_measured_m2")


def building_figures(
    parcels: gpd.GeoDataFrame,
    buildings: gpd.GeoDataFrame,
    *,
    setback_m: float = 6.0,
    least_width_m: float = 20.0,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measure how densely parcels are built on.

    Parameters
    ----------
    parcels : GeoDataFrame
        Polygons; ``area_mu`` [亩] where the land is known otherwise than from its shape, ``yard_m2`` (structures and open yards).
    buildings : GeoDataFrame
        Footprints, with 层数 (``storeys``), 高度 (``height_m``) or 建筑面积 (``floor_area_m2``) under any header that a
        building layer may have.
    setback_m, least_width_m : float
        Ground on every side that belongs to a building, and how wide left-over land is at least [m] (a proposal: rule L9).

    Returns
    -------
    DataFrame, DataFrame
        Index of ``parcels``: ``footprint_m2``, ``floor_area_m2``, ``tall_floor_area_m2`` (storeys over 8 m), ``unused_most_m2`` [m²],
        ``plot_ratio``, ``plot_ratio_doubled``, ``building_density_percent``, ``building_factor_percent`` [%] (needs ``yard_m2``), and ``footprint_basis``,
        ``floor_area_basis``, ``buildings``: from which rows, or why unknown. Then the problems of the building layer.

    Raises
    ------
    ConfigurationError
        E671: no shapes, or no coordinate system.

    Examples
    --------
    >>> import geopandas as gpd, shapely
    >>> land = gpd.GeoDataFrame(geometry=[shapely.box(500000, 3000000, 500100, 3000100)], crs="EPSG:4546")
    >>> halls = gpd.GeoDataFrame({"层数": [2]}, geometry=[shapely.box(500000, 3000000, 500050, 3000100)], crs="EPSG:4546")
    >>> figures, problems = building_figures(land, halls)
    >>> figures[["footprint_m2", "floor_area_m2", "plot_ratio"]].round(2).values.tolist()
    [[5000.0, 10000.0, 1.0]]
    """
    shapes = _lon_lat(parcels)
    own = pd.Series(ellipsoid_area(shapes), index=parcels.index) / float(M2_PER_MU)
    land = pd.DataFrame(
        {
            "area_mu": _numbers(parcels, "area_mu").fillna(own),
            "yard_m2": _numbers(parcels, "yard_m2"),
            "stack": np.nan,
            "is_operating": None,
            "actual_completion": pd.NaT,
            **_place(parcels),
        },
        index=parcels.index,
    ).set_axis(pd.Index(np.arange(len(parcels)).astype(str)))
    _with_system(buildings)  # beside land of a known system nobody should guess
    project = load_project(buildings=buildings, settings={"region": _EVERYWHERE})
    standing = tidy_buildings([read_frame(project.sources[0])], project)
    flat, drawn = planar(shapes, np.asarray(standing.frame.geometry, dtype=object))
    built = built_on(land, flat, standing.frame, drawn)
    unused = unused_land(flat, built.pieces, setback_m=setback_m, least_width_m=least_width_m)
    figures = built.figures.assign(unused_most_m2=np.where(built.is_measurable, unused, np.nan))
    blank = pd.Series(np.nan, index=land.index)
    told = of_written(
        land.assign(
            **{str(name): figures[name] for name in ("footprint_m2", "floor_area_m2", "tall_floor_area_m2")},
            contract_plot_ratio_min=blank,
            unused_separable_m2=blank,
        )
    )
    ratios = ("plot_ratio", "plot_ratio_doubled", "building_density_percent", "building_factor_percent")
    figures = figures.assign(**{name: told[name] for name in ratios}).set_axis(parcels.index)
    return figures, issues.gather([*standing.issues, built.issues])


def verdicts(
    parcels: pd.DataFrame,
    rules: Sequence[str] | None = None,
    *,
    as_of: dt.date | str,
    last_year: pd.DataFrame | None = None,
    overrides: Overrides | None = None,
    switches: Switches | None = None,
) -> pd.DataFrame:
    """Judge land by some rules alone, or by all.

    Parameters
    ----------
    parcels : DataFrame or GeoDataFrame
        One row a parcel; the index names it. Columns are fields of 数据字典 by their English names, in the unit of the name:
        dates of the contract, ``production_status``, ``land_use`` … What is not there is unknown, never zero. Land is
        ``area_mu``, else ``area_registered_m2``, else that of the shape; what is not above zero is no area. Ratios are as given, else money ÷ land.
    rules : sequence of str, optional
        Rule ids, as ``rulebook`` gives them; all by default.
    as_of : date or str
        Day of judgement; its year is the data year.
    last_year : DataFrame, optional
        Same index: the three ratios of the year before, or its money, for rules that ask for two years running.
    overrides : Mapping, optional
        Rule id → changes with a reason, as for ``rulebook``.
    switches : Switches, optional

    Returns
    -------
    DataFrame
        As ``Result.findings``: one row a parcel × rule with value, operator, threshold, verdict, reason, document, clause;
        ``evidence`` is the row of ``parcels`` and its column.

    Raises
    ------
    ConfigurationError
        E602: no such rule, or not in force on the day. E671: an index that names two parcels alike, a value of another kind than its
        field. E611: a day before the law on idle land.

    Examples
    --------
    >>> import pandas as pd
    >>> land = pd.DataFrame({"area_mu": [20.0], "tax_wan_yuan": [300.0], "land_use": ["工业用地"]}, index=["甲"])
    >>> found = verdicts(land, ["dongkou.tax"], as_of="2024-12-31")
    >>> found[["value", "operator", "threshold", "verdict", "clause"]].values.tolist()
    [['15', '>', '15', '不达标', '三-2-④']]
    """
    day = dt.date.fromisoformat(as_of) if isinstance(as_of, str) else as_of
    book = rulebook(day, overrides)
    for name in rules or ():
        if name not in book:
            raise ConfigurationError(
                f"没有规则 {name}，或它在 {day} 不适用",
                where="rules",
                remedy=f"可用：{'、'.join(book)}",
                code="E602",
            )
    if not parcels.index.is_unique:
        twice = parcels.index[parcels.index.duplicated()][0]
        raise ConfigurationError(
            f"两行的索引都是 {twice}", where="数据框", remedy="索引是宗地的名称，请各不相同", code="E671"
        )
    switches = switches or Switches()
    land = _canonical(parcels, switches, overrides)
    before = _ratios(last_year.reindex(parcels.index), land["area_mu"]) if last_year is not None else None
    ratios = {day.year: land[list(RATIOS)]}
    if before is not None:
        ratios[day.year - 1] = before
    wanted = (*OPERANDS, *(operand_of(rule.quantity) for rule in book.values() if rule.effect))
    basis = Basis(land, ratios, _places(parcels, last_year, wanted), day.year, day, switches, overrides or {})
    found = judge(**basis.asked(book)).findings
    return found if rules is None else found[found["rule_id"].isin(list(rules))].reset_index(drop=True)


def _place(frame: pd.DataFrame) -> dict[str, Any]:
    """Return where each row stands, as for a frame that was read."""
    return dict(zip(SOURCE_COLUMNS, ("宗地（数据框）", "", np.arange(1, len(frame) + 1)), strict=True))


def _with_system(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return a frame that has shapes and a coordinate system; another is refused."""
    if getattr(frame, "_geometry_column_name", None) is None or frame.crs is None:
        raise ConfigurationError(
            "数据框没有图形，或没有坐标系",
            where="数据框",
            remedy='请用 GeoDataFrame，并用 set_crs 写明坐标系，如 set_crs("EPSG:4546")',
            code="E671",
        )
    return frame


def _lon_lat(frame: gpd.GeoDataFrame) -> Any:
    """Return sound polygons in CGCS2000 lon/lat, None where there is none."""
    shapes = np.asarray(_with_system(frame).geometry.to_crs("EPSG:4490"), dtype=object)
    is_area = np.isin(shapely.get_type_id(shapes), (3, 6)) & shapely.is_valid(shapes)
    return only(shapes, is_area)


def _numbers(frame: pd.DataFrame, name: str) -> pd.Series:
    if name not in frame:
        return pd.Series(np.nan, index=frame.index)
    try:
        numbers = pd.to_numeric(frame[name]).astype("float64")
    except (ValueError, TypeError) as error:
        raise _wrong(name, frame[name], "数") from error
    if np.isinf(numbers).any():
        raise _wrong(name, frame[name][np.isinf(numbers)].astype(str), "有限的数")
    return numbers


def _wrong(name: str, values: pd.Series, wanted: str) -> ConfigurationError:
    kinds = sorted({str(value) for value in values.dropna()})[:3]
    return ConfigurationError(
        f"{name}（{label(name)}）的值不是{wanted}：{'、'.join(kinds)}",
        where=f"数据框的 {name} 列",
        remedy="单独使用规则时按数据字典的类型给值；原样的表请用 load_project 和 evaluate",
        code="E671",
    )


def _typed(frame: pd.DataFrame, field: Field) -> pd.Series:
    """Return a column as its field's kind, unknown where the frame has none."""
    blank = unknown(field, frame.index)
    if field.name not in frame:
        return blank
    given = frame[field.name]
    if field.kind == "date":
        try:
            return pd.Series(
                pd.to_datetime(given, format="ISO8601").astype("datetime64[s]"), index=frame.index
            )
        except (ValueError, TypeError) as error:
            raise _wrong(field.name, given, "日期") from error
    if blank.dtype == "float64":
        return _numbers(frame, field.name)
    return given.astype("object").where(given.notna(), None)


def _canonical(parcels: pd.DataFrame, switches: Switches, overrides: Overrides | None) -> pd.DataFrame:
    """Return the columns that judging reads, typed by the vocabulary; what is not given is unknown."""
    every = {field.name: field for table in ("parcels", "contracts") for field in fields_of(table)}
    known = pd.DataFrame({name: _typed(parcels, field) for name, field in every.items()}, index=parcels.index)
    area = _numbers(parcels, "area_mu").fillna(known["area_registered_m2"] / float(M2_PER_MU))
    area = area.where(area > 0)
    if area.isna().any() and isinstance(parcels, gpd.GeoDataFrame) and parcels.crs is not None:
        area = area.fillna(ground_area(parcels) / float(M2_PER_MU))
    given = {name: _typed(parcels, Field(name, name, "text")) for name in _DERIVED if name in parcels}
    rest: dict[str, Any] = {
        "area_mu": area,
        **{name: _numbers(parcels, name) for name in MONEY},
        "unsure_dates": _typed(parcels, Field("unsure_dates", "unsure_dates", "text")),
        **_place(parcels),
    }
    land = known.assign(**rest)
    land = land.assign(**_ratios(parcels, area))
    land = land.assign(**(given | {"is_industrial": given.get("is_industrial", is_industrial(land["land_use"], switches.industrial_words))}))  # fmt: skip
    if "is_new_industrial" not in given:
        since = holds_from("dongkou.tax", overrides)
        land = land.assign(is_new_industrial=is_new_industrial(land.assign(is_new_industrial=None), since))
    if "is_state_owned" not in given:
        land = land.assign(is_state_owned=is_state_owned(land))
    if "operation" not in given:
        land = land.assign(operation=operation_of(land["production_status"]))
    if "is_operating" not in given:
        land = land.assign(is_operating=(land["output_wan_yuan"] > 0) | (land["tax_wan_yuan"] > 0))
    told = of_written(land)
    said = {name: _typed(parcels, Field(name, name, "number" if column.dtype == "float64" else "text"))
            for name, column in told.items() if name in parcels}  # fmt: skip
    return land.assign(**(told | said))


def _ratios(frame: pd.DataFrame, area_mu: pd.Series) -> pd.DataFrame:
    """Return the three ratios: as given, else money ÷ land."""
    return pd.DataFrame(
        {
            ratio: _numbers(frame, ratio).fillna(per_mu(_numbers(frame, money), area_mu))
            for money, ratio in zip(MONEY, RATIOS, strict=True)
        },
        index=frame.index,
    )


def _places(parcels: pd.DataFrame, last_year: pd.DataFrame | None, wanted: Sequence[str]) -> pd.DataFrame:
    """Name the row and column that each figure is from, nothing where the frame has no such column."""
    rows = pd.Series(
        [f"数据框第 {at} 行（{name}）" for at, name in enumerate(parcels.index, start=1)], index=parcels.index
    )

    def place(frame: pd.DataFrame | None, *names: str) -> pd.Series:
        for name in names:
            if frame is not None and name in frame:
                return rows + f"「{name}」"
        return pd.Series("", index=parcels.index)

    found = {name: place(parcels, name) for name in dict.fromkeys(wanted)}
    for money, ratio in zip(MONEY, RATIOS, strict=True):
        found[ratio] = place(parcels, ratio, money)
        found[f"{ratio}_last_year"] = place(last_year, ratio, money).where(rows != "", "")
    found["due_start"] = place(parcels, "extended_start", "agreed_start", "delivered_on")
    return pd.DataFrame(found, index=parcels.index).astype("str")
