"""``tables/*.csv``: every frame of a Result as a table for Excel and for other programs."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Mapping
from pathlib import Path

import pandas as pd

from landeval.board import Board
from landeval.imagery import Imagery
from landeval.intensive_use import IntensiveUse
from landeval.issues import COLUMNS as ISSUE_COLUMNS
from landeval.land_supply import LandSupply
from landeval.publish.cells import cells, guard, guarded
from landeval.publish.frames import (
    calendar_table,
    has_layers,
    ordered,
    parcel_table,
    structure_table,
    with_key,
    without_geometry,
    zone_table,
)
from landeval.publish.labels import label_of, labels
from landeval.publish.reviews import review_table
from landeval.publish.stamp import facts
from landeval.result import Result

RUN = "run"
"""The table that says of which run the others are."""
_QUOTE = '"'
_SPECIAL = re.compile('[",\r\n]')
_PIECE = 16_384
"""Rows that are put together at once: every text of a column is looked at once, so this is faster than ``csv``."""
RULE_LABELS = {"value": "标准值"}
PLOT_COLUMNS = (
    "plot_id", "plot_name", "parcel_code", "parcel_id", "cluster_name", "base_name", "community_name", "location", "supply_stage",
    "stage_reason", "stage_source", "plot_area_mu", "plot_unused_mu", "land_use", "planned_industry", "plot_ratio_need",
    "approval_no", "approved_on", "days_since_approval", "years_since_approval", "age_band", "unsupplied_verdict", "clause",
    "basis", "is_acquired", "acquired_on", "services_count", "is_turnover", "supplied_on", "supply_method",
    "days_since_supply", "years_since_supply", "actual_start", "actual_completion", "supply_tier", "tier_reason",
    "tier_caveat", "quota_year", "quota_kind", "is_in_park", "remark", "source_file", "source_layer", "source_row",
)  # fmt: skip
"""Columns of ``supply.csv``, in order."""


def _frames(result: Result) -> dict[str, pd.DataFrame]:
    issues = result.issues
    graded = {} if result.scheme is None else {"grades": result.grades, "grade_items": result.grade_items}
    return {
        RUN: pd.DataFrame(facts(result).items(), columns=["项目", "内容"]),
        "parcels": parcel_table(result),
        "enterprises": with_key(without_geometry(result.enterprises), "enterprise_id"),
        "years": result.years,
        "parcel_years": result.parcel_years,
        "links": result.links,
        "findings": result.findings,
        "calendar": calendar_table(result),
        "zones": zone_table(result),
        **_on_the_ground(result),
        "issues": issues[ordered(list(issues.columns), ISSUE_COLUMNS)],
        "reconciliation": result.reconciliation,
        "ledger": with_labels(result.ledger, "quantity", result.currency),
        "coverage": with_labels(result.coverage, "measure", result.currency),
        "decisions": result.decisions,
        "reviews": review_table(result),
        "exemptions": result.exemptions,
        "rules": with_labels(result.rules, "quantity", result.currency),
        **graded,
        **({} if result.index is None else index_frames(result.index)),
        **({} if result.supply is None else supply_frames(result.supply)),
        **({} if result.board is None else target_frames(result.board)),
        **({} if result.imagery is None else image_frames(result.imagery)),
    }


def image_frames(seen: Imagery) -> dict[str, pd.DataFrame]:
    """Return the tables of images: parcel × image, parcel × pair of dates."""
    return {"imagery": seen.figures} | ({"imagery_change": seen.changes} if len(seen.changes) else {})


def index_frames(index: IntensiveUse) -> dict[str, pd.DataFrame]:
    """Return the tables of the intensive-use index by name."""
    return {
        "index": index.nodes,
        "index_figures": index.figures,
        "potentials": index.potentials,
        "parcel_potentials": index.parcel_potentials,
    }


def supply_frames(board: LandSupply) -> dict[str, pd.DataFrame]:
    """Return the tables of the land supply board: plots, stages with ages, terms, quota, boundary."""
    plots = with_key(board.plots, "plot_id")
    return {
        "supply": plots[[name for name in PLOT_COLUMNS if name in plots.columns]],
        "supply_stages": board.stages,
        "supply_ages": board.ages,
        "supply_terms": board.terms,
        "quota": board.quota,
        "boundary": board.boundary,
    }


def target_frames(board: Board) -> dict[str, pd.DataFrame]:
    """Return the tables of the targets board: targets, their years, industry groups, land structure."""
    return {
        "targets": board.targets,
        "target_years": board.years,
        "industry_groups": board.industries,
        "land_structure": board.land,
    }


def _on_the_ground(result: Result) -> dict[str, pd.DataFrame]:
    """Return the tables of levels, blocks and layers, where the run made them."""
    if result.placing is None:
        return {}
    laid = {"overlays": result.overlays} if has_layers(result) else {}
    return {"zone_structure": structure_table(result), "blocks": without_geometry(result.blocks), **laid}


def with_labels(frame: pd.DataFrame, column: str, currency: str) -> pd.DataFrame:
    """Return a frame whose column holds the labels of fields instead of their English names."""
    if column not in frame.columns:
        return frame
    named = frame[column].map(lambda name: label_of(str(name), currency) if isinstance(name, str) else name)
    return frame.assign(**{column: named})


def write_tables(result: Result, folder: Path, *, only: Collection[str] | None = None) -> list[Path]:
    """Write every frame as CSV: UTF-8 with BOM, Chinese headers, CRLF.

    Unknown is empty, booleans are 是/否, dates ISO. Texts that a spreadsheet would run as a formula get an
    apostrophe in front; control characters are taken out.

    Parameters
    ----------
    result : Result
        Rendered as it is.
    folder : Path
        Made if it is not there.
    only : collection of str, optional
        Names of the tables wanted beside ``run``; all of them by default.

    Returns
    -------
    list of Path
        The files written, in the order of the frames.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, frame in _frames(result).items():
        if only is not None and name not in only and name != RUN:
            continue
        names = RULE_LABELS if name == "rules" else None
        written.append(write_table(frame, folder / f"{name}.csv", currency=result.currency, names=names))
    return written


def write_frames(
    frames: Mapping[str, pd.DataFrame], folder: Path, *, currency: str, names: Mapping[str, str] | None = None
) -> None:
    """Write each frame to a CSV of its name in a new folder, as ``write_table`` does."""
    folder.mkdir()
    for name, frame in frames.items():
        write_table(frame, folder / f"{name}.csv", currency=currency, names=names)


def write_table(
    frame: pd.DataFrame, path: Path, *, currency: str = "元", names: Mapping[str, str] | None = None
) -> Path:
    """Write one frame (all its columns, no index) and return its path."""
    columns = [str(column) for column in frame.columns]
    data = [_quoted(texts_of(frame[column])) for column in columns]
    if len(data) == 1:  # a line without anything would be no record
        data = [[text or '""' for text in data[0]]]
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n", quoting=csv.QUOTE_MINIMAL)
        writer.writerow([guard(header) for header in labels(columns, currency, names=names)])
        for start in range(0, len(frame) if columns else 0, _PIECE):
            rows = zip(*(texts[start : start + _PIECE] for texts in data), strict=True)
            stream.write("\r\n".join(map(",".join, rows)) + "\r\n")
    return path


def texts_of(column: pd.Series) -> list[str]:
    """Return a column's values as they stand in a table, before quotes; a category's text is made once."""
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return guarded(cells(column))
    kinds = pd.Series(column.cat.categories, dtype="object", name=column.name)
    texts = [*guarded(cells(kinds)), ""]  # the last is that of code -1: unknown
    return [texts[code] for code in column.cat.codes.tolist()]


def _quoted(texts: list[str]) -> list[str]:
    """Put quotes around what has a comma, a quote or a line in it, as ``csv.QUOTE_MINIMAL`` does."""
    special = {text: f'"{text.replace(_QUOTE, _QUOTE * 2)}"' for text in set(texts) if _SPECIAL.search(text)}
    return [special.get(text, text) for text in texts] if special else texts
