"""Small frames for the tests of link, measure, judge and place: name only what the test is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from landeval.basis import Basis
from landeval.judge.status import Judgement, judge
from landeval.link.enterprises import Links, tie_enterprises
from landeval.link.evidence import OPERANDS
from landeval.link.keys import keys_of
from landeval.link.money import Money, spread_money
from landeval.measure.actual_land import actual_land
from landeval.measure.intensity import of_written
from landeval.measure.operation import operation_of
from landeval.place.rollup import Level, by_level, roll_up
from landeval.project import Project, Switches
from landeval.result import MONEY, RATIOS, TIED
from landeval.tidy.codes import name_key
from landeval.tidy.enterprises import (
    MONEY_COLUMNS,
    _by_year,
    _enterprise_ids,
    _identities,
    former_keys,
    name_votes,
    no_enterprises,
    with_counted,
)
from landeval.tidy.table import unknown
from landeval.vocabulary.fields import Field, fields_of

AS_OF = dt.date(2024, 12, 31)
NEW, OLD = True, False


def _frame(rows: list[dict[str, Any]], wanted: list[Field], file: str, first: int) -> pd.DataFrame:
    """Type rows by the vocabulary; what a row does not say is unknown."""
    index = pd.RangeIndex(len(rows))
    columns: dict[str, pd.Series] = {}
    for field in wanted:
        column = unknown(field, index)
        values = [row.get(field.name) for row in rows]
        if any(value is not None for value in values):
            if field.kind == "date":
                column = pd.Series(pd.to_datetime(values).astype("datetime64[s]"), index=index)
            elif column.dtype == "float64":
                column = pd.Series(values, index=index, dtype="float64")
            else:
                column = pd.Series(values, index=index, dtype="object")
        columns[field.name] = column
    frame = pd.DataFrame(columns, index=index)
    place = {
        "source_file": [str(row.get("source_file", file)) for row in rows],
        "source_layer": [str(row.get("source_layer", "")) for row in rows],
        "source_row": [int(row.get("source_row", first + number)) for number, row in enumerate(rows)],
    }
    extra = {
        name: [row.get(name) for row in rows]
        for name in sorted({name for row in rows for name in row} - set(frame) - set(place))
    }
    return frame.assign(**place, **extra)


def make_parcels(*rows: dict[str, Any]) -> gpd.GeoDataFrame:
    """Build parcels of 10 亩 unless ``area_mu`` is given; the id is ``parcel_id``, else ``parcel_code``, else P1, P2.

    Ratios follow from money where only money is given; a started industrial parcel unless told otherwise.
    """
    names = {field.name: field for field in (*fields_of("parcels"), *fields_of("contracts"))}
    made = []
    for number, row in enumerate(rows, start=1):
        code = row.get("parcel_code", f"P{number}")
        made.append(
            {
                "parcel_id": code,
                "parcel_code": code,
                "area_mu": 10.0,
                "area_basis": "证载面积",
                "is_industrial": True,
                "is_new_industrial": None,
                "geometry": None,
            }
            | row
        )
    frame = _frame(made, list(names.values()), "宗地.shp", 1)
    for name in ("area_mu", "area_measured_m2"):
        given = [row.get(name) for row in made]
        frame[name] = pd.Series(given, index=frame.index, dtype="float64")
    unset = frame["area_registered_m2"].isna() & ~pd.Series(
        ["area_registered_m2" in row for row in made], index=frame.index, dtype=bool
    )
    frame["area_registered_m2"] = frame["area_registered_m2"].mask(unset, frame["area_mu"] * 2000 / 3)
    for name in (*MONEY, *RATIOS):
        frame[name] = pd.Series([row.get(name) for row in made], index=frame.index, dtype="float64")
    for money, ratio in zip(MONEY, RATIOS, strict=True):
        frame[ratio] = frame[ratio].fillna(frame[money] / frame["area_mu"])
        frame[money] = frame[money].fillna(frame[ratio] * frame["area_mu"])
    frame["is_operating"] = (frame["output_wan_yuan"] > 0) | (frame["tax_wan_yuan"] > 0)
    for name in ("is_industrial", "is_new_industrial", "is_state_owned", "operation"):
        frame[name] = pd.Series([row.get(name) for row in made], index=frame.index, dtype="object")
    frame["operation"] = frame["operation"].where(
        frame["operation"].notna(), operation_of(frame["production_status"])
    )
    derived = of_written(frame)
    told = {name: pd.Series([row.get(name) for row in made], index=frame.index) for name in derived}
    frame = frame.copy().assign(
        **{
            name: said.astype(derived[name].dtype).where(said.notna(), derived[name])
            for name, said in told.items()
        }
    )
    shapes = gpd.GeoSeries(frame.pop("geometry").tolist(), index=frame.index, crs="EPSG:4490")
    land = gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4490")
    return land.sort_values("parcel_id").set_index("parcel_id")


def make_contracts(*rows: dict[str, Any]) -> pd.DataFrame:
    """Build ledger records."""
    return _frame(list(rows), fields_of("contracts"), "台账.xlsx", 3)


def make_register(*rows: dict[str, Any]) -> pd.DataFrame:
    """Build rows of the exemption register as ``tidy`` would hand them over."""
    frame = _frame(list(rows), fields_of("exemptions"), "豁免登记.xlsx", 3)
    return frame.assign(name_key=frame["holder_name"].map(name_key).astype("object"))


class Firms:
    """Enterprise rows as ``tidy`` would hand them over: ``records``, ``enterprises``, ``years``."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.records = _frame(
            [{"year": 2024} | row for row in rows], fields_of("enterprises"), "企业.xlsx", 4
        )
        if not rows:
            empty = no_enterprises(Project())
            self.records, self.enterprises, self.years = empty.records, empty.enterprises, empty.years
            return
        self.records = self.records.assign(
            sited_by=self.records["parcel_code"].notna().map({True: "宗地代码", False: ""})
        )
        self.records["name_key"] = self.records["name"].map(name_key)
        self.records["enterprise_id"] = _enterprise_ids(self.records)
        nobody = self.records["enterprise_id"].isna()
        state = pd.Series("采用", index=self.records.index, dtype="object")
        state = state.mask(self.records["year"].isna(), "无年度").mask(nobody, "无法识别")
        self.records["record_state"] = state
        self.years, states, counted, _ = _by_year(self.records[state == "采用"])
        self.records.loc[states.index, "record_state"] = states
        self.records = with_counted(self.records, counted)
        self.records["name_votes"] = name_votes(self.records)
        self.records["name_votes"] = name_votes(self.records)
        self.enterprises = _identities(self.records[~nobody])


def make_enterprises(*rows: dict[str, Any]) -> Firms:
    """Build enterprise rows; the year is 2024 unless given (None: the row has no year)."""
    return Firms(*rows)


def make_zones(*rows: tuple[str, str, str | None, Any]) -> gpd.GeoDataFrame:
    """Build a layout from (level, code, parent code, shape); the name is the code with 名 behind."""
    frame = pd.DataFrame(rows, columns=["zone_level", "zone_code", "parent_code", "geometry"])
    frame = frame.assign(
        zone_name=frame["zone_code"] + "名",
        leading_industry=None,
        source_file="布局.shp",
        source_layer="",
        source_row=range(1, len(frame) + 1),
    )
    shapes = gpd.GeoSeries(frame.pop("geometry").tolist(), index=frame.index, crs="EPSG:4490")
    return gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4490")


def square(x: float, y: float, side: float = 1.0) -> shapely.Polygon:
    """Return a square in thousandths of a degree from 110.5, 27.0."""
    west, south = 110.5 + x / 1000, 27.0 + y / 1000
    return shapely.box(west, south, west + side / 1000, south + side / 1000)


def decided(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Build applied decisions from (parcel, enterprise, decision[, share])."""
    names = ("parcel_id", "enterprise_id", "decision", "decided_share")
    frame = pd.DataFrame([(*row, None)[:4] for row in rows], columns=list(names))
    return frame.astype({"decided_share": "float64"}).assign(decided_by="虚构员", decided_on=pd.NaT)


def tie(
    parcels: gpd.GeoDataFrame,
    firms: Firms,
    decisions: pd.DataFrame | None = None,
    near_threshold: float | None = None,
) -> Links:
    """Tie enterprises to parcels as ``run`` does."""
    keys = keys_of(
        parcels["holder_name"].map(name_key),
        firms.enterprises,
        former_keys(firms.enterprises),
        firms.years,
    )
    return tie_enterprises(parcels, firms.enterprises, keys, decisions, near_threshold)


def land_of(parcels: gpd.GeoDataFrame, firms: Firms, year: int | None = 2024) -> pd.DataFrame:
    """Tie, then return the enterprises' actual land."""
    links = tie(parcels, firms).links
    tied = links[links["state"].isin(TIED)]
    return actual_land(tied, parcels["area_mu"], firms.years, year, firms.enterprises.index)


def spread(
    parcels: gpd.GeoDataFrame,
    firms: Firms,
    columns: tuple[str, ...] = MONEY_COLUMNS,
    decisions: pd.DataFrame | None = None,
) -> Money:
    """Tie, then spread the money."""
    tied = tie(parcels, firms, decisions)
    return spread_money(firms.years, firms.records, tied.links, parcels["parcel_code"], columns, tied.partly)


def basis_of(
    parcels: gpd.GeoDataFrame,
    as_of: dt.date = AS_OF,
    *,
    last_year: dict[str, list[float | None]] | None = None,
    overrides: dict[str, dict[str, Any]] | None = None,
    added: dict[str, list[dict[str, Any]]] | None = None,
    unwritten: Sequence[str] = (),
    register: pd.DataFrame | None = None,
    **switches: Any,
) -> Basis:
    """Build what judging needs of parcels whose ratios are those of the as-of year; ``last_year`` is the year before.

    ``unwritten`` names fields for which no table has a column; ``register`` is a tied exemption register.
    """
    blank = pd.DataFrame(np.nan, index=parcels.index, columns=list(RATIOS))
    before = blank.assign(**(last_year or {}))
    names = [*RATIOS, *(f"{name}_last_year" for name in RATIOS), "due_start", *OPERANDS]
    proof = pd.DataFrame("企业.xlsx第 4 行", index=parcels.index, columns=names)
    proof[list(unwritten)] = ""
    ratios = {as_of.year: pd.DataFrame(parcels[list(RATIOS)]), as_of.year - 1: before}
    plain = pd.DataFrame(parcels.drop(columns="geometry"))
    return Basis(
        plain, ratios, proof, as_of.year, as_of, Switches(**switches), overrides or {}, added or {}, register
    )


def verdict(parcels: gpd.GeoDataFrame, as_of: dt.date = AS_OF, **more: Any) -> Judgement:
    """Judge parcels as ``basis_of`` takes them."""
    return judge(**basis_of(parcels, as_of, **more).asked())


def codes(problems: pd.DataFrame) -> list[str]:
    """Return the issue codes of a table, sorted."""
    return sorted(problems["code"])


def levels_of(
    land: pd.DataFrame, status: pd.Series, links: pd.DataFrame, parts: Any = None
) -> dict[str, Level]:
    """Make the parts of every level; parcels of a test that names no industry group have none."""
    return by_level(
        land if "industry_group" in land else land.assign(industry_group=None), status, links, parts
    )


def roll_up_of(
    land: pd.DataFrame, status: pd.Series, zones: gpd.GeoDataFrame, links: pd.DataFrame, parts: Any = None
) -> gpd.GeoDataFrame:
    """Roll parcels up to zones."""
    return roll_up(levels_of(land, status, links, parts), zones)
