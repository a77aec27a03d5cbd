"""Frames of a Result brought into the form that tables, workbook and GIS files share."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from landeval.result import DONE, LEVELS, MONEY, PENDING, RATIOS, STATUSES, Result
from landeval.spots import COLD, HOT

_UNKNOWN = STATUSES[-1]
IDENTITY = ("parcel_id", "parcel_code", "holder_name", "credit_code", "enterprise_names", "location")
PLACE = ("cluster_name", "base_name", "community_name")
PARCEL_FIRST = (
    *IDENTITY, *PLACE, "status", "is_candidate", "priority", "explanation", "reasons", "clause", "missing",
    "questions", "route", "route_clause", "fee_wan_yuan", "next_action", "next_deadline", "next_days",
    "due_start", "due_start_basis", "months_overdue",
    "days_overdue", "land_use", "is_industrial", "is_new_industrial", "industry_group", "production_status",
    "area_mu", "area_basis", "area_registered_m2", "area_contract_m2", "area_tax_m2",
    "area_measured_m2", "area_plane_m2", "area_spread_percent", "plot_ratio", "plot_ratio_doubled",
    "building_density_percent", "building_factor_percent",
    "unused_separable_m2", "unused_most_m2", "unused_basis", "floor_area_m2", "tall_floor_area_m2", "floor_area_basis", "footprint_m2",
    "footprint_basis", "buildings",
    "investment_wan_yuan", "output_wan_yuan", "tax_wan_yuan",
    "investment_wan_yuan_per_mu", "output_wan_yuan_per_mu", "tax_wan_yuan_per_mu",
)  # fmt: skip


STRUCTURE_FIRST = (
    "zone_level", "zone_code", "zone_name", "structure_kind", "structure_item", "zone_parcels", "zone_enterprises",
    "area_mu", "structure_percent", *MONEY, *RATIOS, "plot_ratio",
)  # fmt: skip


def with_key(frame: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return a frame whose index stands as its first column, unless it is a column already."""
    if key in frame.columns:
        return pd.DataFrame(frame.reset_index(drop=True))
    return pd.DataFrame(frame.rename_axis(key).reset_index())


def without_geometry(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the attributes of a frame."""
    kept = [
        column for column, kind in frame.dtypes.items() if column != "geometry" and str(kind) != "geometry"
    ]
    return pd.DataFrame(frame[kept])


def ordered(columns: Sequence[str], first: Sequence[str]) -> list[str]:
    """Return the columns with those of ``first`` in front, the others in the order they had.

    Examples
    --------
    >>> ordered(["b", "c", "a"], ["a", "x", "b"])
    ['a', 'b', 'c']
    """
    front = [column for column in first if column in columns]
    return front + [column for column in columns if column not in front]


def parcel_table(result: Result) -> pd.DataFrame:
    """Return one row a parcel: canonical columns, figures of the year and the verdict, without geometry.

    Returns
    -------
    DataFrame
        Index ``parcel_id`` in the order of ``result.parcels``; of a column that both frames
        have, the verdict's is taken. What layers ask of candidates stands among the questions.
    """
    parcels = without_geometry(result.parcels)
    status = result.status.drop(columns="parcel_id", errors="ignore")
    own = parcels.drop(columns=[column for column in parcels.columns if column in status.columns])
    joined = own.join(status, how="left", validate="1:1")
    if has_layers(result):
        joined = joined.assign(questions=_with_layers(joined)).drop(columns="overlay_questions")
    table = with_key(joined, "parcel_id").set_index("parcel_id", drop=False)
    return table[ordered(list(table.columns), PARCEL_FIRST)]


def _with_layers(parcels: pd.DataFrame) -> pd.Series:
    """Return the questions of judging, then those that layers ask."""
    judged, laid = (parcels[name].fillna("") for name in ("questions", "overlay_questions"))
    gap = pd.Series("；", index=parcels.index).where((judged != "") & (laid != ""), "")
    return judged + gap + laid


def calendar_table(result: Result) -> pd.DataFrame:
    """Return one row a step of every case, with who holds the parcel and what it is classed as."""
    calendar = result.calendar
    if calendar.empty:
        return calendar
    named = parcel_table(result)[["parcel_code", "holder_name", "location", "status"]]
    return calendar.merge(named, left_on="parcel_id", right_index=True, how="left", validate="m:1")[
        ordered([*named.columns, *calendar.columns], ("parcel_id", *named.columns))
    ]


def agenda(table: pd.DataFrame) -> pd.DataFrame:
    """Return what is still to be done of a ``calendar_table``: by day, then what has no term, in a fixed order."""
    if table.empty:
        return table
    still = table[~table["step_state"].isin((DONE, PENDING))]
    return still.sort_values(["due_on", "parcel_id", "step_order"], na_position="last", kind="stable")


def zone_table(result: Result) -> pd.DataFrame:
    """Return one row a zone or bucket without geometry; counts a class in the order of ``STATUSES``."""
    zones = without_geometry(result.zones).reset_index(drop=True)
    classes = [f"parcels_{status}" for status in STATUSES]
    plain = [column for column in zones.columns if column not in classes]
    return zones[[*plain, *(column for column in classes if column in zones.columns)]]


def has_layers(result: Result) -> bool:
    """Tell whether layers were laid over the parcels."""
    return "overlay_flags" in result.parcels.columns


def structure_table(result: Result) -> pd.DataFrame:
    """Return one row a zone and item of its structure; counts a class last."""
    table = result.structure
    classes = [column for column in table.columns if column.startswith("parcels_")]
    return table[ordered([name for name in table.columns if name not in classes], STRUCTURE_FIRST) + classes]


def large_blocks(result: Result) -> pd.DataFrame:
    """Return the blocks that are listed and drawn: large ones, and those of which it cannot be said."""
    blocks = result.blocks
    if blocks.empty:
        return blocks
    return blocks[[value is not False for value in blocks["is_block_large"].tolist()]]


def spots(result: Result) -> pd.DataFrame:
    """Return the parcels of hot spots, then those of cold spots, the clearest first; empty where none were asked for."""
    if "hot_spot" not in result.parcels:
        return pd.DataFrame()
    table = parcel_table(result)
    found = table[table["hot_spot"].isin((HOT, COLD))]
    order = found.assign(cold=found["hot_spot"] == COLD, id=found.index)
    return order.sort_values(["cold", "hot_spot_p", "id"]).drop(columns=["cold", "id"])


def park_row(result: Result) -> pd.Series | None:
    """Return the row of the whole park: the first zone that is of no level, or None."""
    zones = result.zones
    if "zone_level" not in zones.columns:
        return None
    whole = zones[~zones["zone_level"].isin(LEVELS)]
    return None if whole.empty else pd.Series(whole.iloc[0])


def candidates(table: pd.DataFrame) -> pd.DataFrame:
    """Return the candidates for disposal of a ``parcel_table``, most urgent first."""
    return by_priority(table[flags(table, "is_candidate")])


def by_priority(table: pd.DataFrame) -> pd.DataFrame:
    """Sort parcels by priority, those without one last, then by their id."""
    if "priority" not in table.columns:
        return table.sort_index()
    rank = pd.to_numeric(table["priority"], errors="coerce")
    order = pd.DataFrame({"rank": rank, "id": table.index}, index=table.index).sort_values(["rank", "id"])
    return table.loc[order.index]


def open_questions(table: pd.DataFrame) -> pd.DataFrame:
    """Return the parcels that cannot be judged, or about which something must be asked."""
    asked = table["status"] == _UNKNOWN
    for column in ("missing", "questions"):
        asked |= filled(table, column)
    found = table[asked]
    unknown = found["status"] == _UNKNOWN
    return pd.concat([by_priority(found[unknown]), by_priority(found[~unknown])])


def filled(table: pd.DataFrame, column: str) -> pd.Series:
    """Return True where a text is written; never where there is no such column."""
    if column not in table.columns:
        return pd.Series(False, index=table.index, dtype="bool")
    return table[column].map(lambda text: isinstance(text, str) and bool(text.strip())).astype(bool)


def flags(table: pd.DataFrame, column: str) -> pd.Series:
    """Return True where a flag is set; unknown is not set."""
    if column not in table.columns:
        return pd.Series(False, index=table.index, dtype="bool")
    return pd.Series(
        [value is True or value == 1 for value in table[column].tolist()], index=table.index, dtype="bool"
    )
