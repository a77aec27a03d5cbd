"""What a source is asked to be, and what was read from it: the hand-over between ``read`` and ``tidy``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    import shapely

SOURCE_COLUMNS = ("source_file", "source_layer", "source_row")
DRAWN = ("parcels", "layout", "buildings", "supply", "boundary", "overlays")
"""Tables that may be vector layers; the others are tables without shapes."""
WITH_LINES = ("overlays",)
"""Tables whose layers may be lines: roads, rivers."""


def spot_of(file: str, layer: str | None, row: object) -> str:
    """Name a record by its place, as every evidence does.

    Examples
    --------
    >>> spot_of("税务.xlsx", "2024年", 7), spot_of("宗地.csv", "", 7)
    ('税务.xlsx［2024年］第 7 行', '宗地.csv第 7 行')
    """
    return f"{file}［{layer}］第 {row} 行" if layer else f"{file}第 {row} 行"


FRAMES = {
    "parcels": "宗地", "contracts": "供地台账", "enterprises": "企业表", "layout": "园区布局", "buildings": "建筑物",
    "corrections": "更正表", "decisions": "匹配决定", "projects": "准入项目", "exemptions": "豁免登记", "index": "指数数据表",
    "supply": "储备与供地表", "boundary": "园区范围", "targets": "指标实绩", "overlays": "叠加图层",
}  # fmt: skip
"""Tables that may be handed over as frames, and what such a frame is called where a file would be named."""


@dataclass(frozen=True)
class Source:
    """One input as the project names it.

    Attributes
    ----------
    table : str
        ``parcels``, ``contracts``, ``enterprises``, ``layout``, ``buildings``, ``imagery``, ``corrections``, ``decisions``,
        ``projects``, ``exemptions``, ``index``, ``supply``, ``boundary``, ``targets`` or ``overlays``.
    path : Path
        Absolute path of the file; of a frame its name.
    layer : str
        Layer or sheet; empty where the file has one, or where content decides.
    encoding, crs : str
        Overrides of what would be found from the bytes.
    swap_axes : bool
        Take a layer's first coordinate for its second: surveyors' tables give X (north) before Y (east).
    columns : Mapping
        Field name → header as written, for columns the vocabulary does not know.
    units : Mapping
        Field name → unit, where no header or title says it.
    constants : Mapping
        Field name → one value for every row (e.g. ``year``).
    where : Mapping
        Header → values to keep; the other rows are accounted for as excluded.
    level : str
        Of a layout source whose polygons are all of one level.
    shown_as : str
        The name in tables where the file's own would stand for two inputs.
    nodata : float or None
        Of an image whose file does not say which value means nothing.
    bands : Mapping
        Name → number of an image's band.
    taken_on : date or None
        Day an image was taken.
    kind : str
        Of an image with one band: 高度 or 夜光; else empty or 光谱.
    scale, offset : float or None
        Of an image whose file does not say them: value = stored × scale + offset.
    overlay, effect, width_m : str, str, float
        Of a layer laid over the parcels: what the user calls it, what it means (``standards.overlays``), and how
        wide its lines are [m]; 0: unknown.
    section : str
        What the 参数表 that names it calls its section (企业表 2); empty where no 参数表 does.
    frame : DataFrame or None
        The table itself, where it was handed over in memory: there is no file then.
    """

    table: str
    path: Path
    layer: str = ""
    encoding: str = ""
    crs: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    units: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, Any] = field(default_factory=dict)
    where: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    level: str = ""
    swap_axes: bool = False
    shown_as: str = ""
    nodata: float | None = None
    bands: Mapping[str, int] = field(default_factory=dict)
    taken_on: dt.date | None = None
    kind: str = ""
    scale: float | None = None
    offset: float | None = None
    overlay: str = ""
    effect: str = ""
    width_m: float = 0.0
    section: str = field(default="", repr=False, compare=False)
    frame: pd.DataFrame | None = field(default=None, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The file's name in every table; with its folder where two inputs have one name."""
        return self.shown_as or self.path.name


def named_apart(sources: Sequence[Source]) -> tuple[Source, ...]:
    """Show as much of the folder as tells inputs of one name apart (2023/企业.xlsx, 2024/企业.xlsx).

    Examples
    --------
    >>> two = [Source("enterprises", Path("/a/2023/企业.xlsx")), Source("enterprises", Path("/a/2024/企业.xlsx"))]
    >>> [source.name for source in named_apart(two)]
    ['2023/企业.xlsx', '2024/企业.xlsx']
    """
    result = []
    for source in sources:
        others = {other.path for other in sources if other.path.name == source.path.name} - {source.path}
        parts = 1
        while any(other.parts[-parts:] == source.path.parts[-parts:] for other in others):
            parts += 1
        result.append(replace(source, shown_as="/".join(source.path.parts[-parts:]) if parts > 1 else ""))
    return tuple(result)


@dataclass(frozen=True)
class RawTable:
    """One layer or sheet as it stands in its file, every value still as written.

    Attributes
    ----------
    source : Source
        What was asked for.
    frame : DataFrame
        Columns named by position ``c0, c1 …`` holding values as written, then ``SOURCE_COLUMNS``
        (``source_row``: Excel row, CSV line or record number, from 1) and, for vector layers, ``geometry``.
    headers : tuple of str
        The header of each position.
    title : str
        What stands above the header row.
    crs : str
        WKT or authority code of the layer as its file says; empty where unknown.
    set_aside : DataFrame
        Rows that are no records (合计, notes, deleted records): ``SOURCE_COLUMNS`` + ``reason``.
    issues : DataFrame
        Problems met while reading.
    facts : Mapping
        What is said of the file in ``run.json``: format, encoding and why, counts, SHA-256.
    totals : DataFrame, optional
        The 合计 rows of a table with their cells as written, to be compared with the sum of the records.
    """

    source: Source
    frame: pd.DataFrame
    headers: tuple[str, ...]
    title: str
    crs: str
    set_aside: pd.DataFrame
    issues: pd.DataFrame
    facts: Mapping[str, Any]
    totals: pd.DataFrame | None = None

    @property
    def layer(self) -> str:
        """The layer or sheet, as its records say; of a table without records as it was asked for."""
        return str(self.frame["source_layer"].iloc[0]) if len(self.frame) else self.source.layer

    @property
    def spot(self) -> str:
        """Where a table stands, for messages: its path, and its layer where it has a name."""
        return f"{self.source.path}［{self.layer}］" if self.layer else str(self.source.path)


@dataclass(frozen=True)
class Raster:
    """An image that was inspected.

    Attributes
    ----------
    name : str
    footprint : Polygon
        Its outline in EPSG:4490.
    facts : dict
        What is said of it in ``run.json``.
    issues : DataFrame
        What is wrong with it.
    crs : str
        WKT.
    bands : Mapping
        Name (``landeval.imagery.BANDS``) → number: as the project says, else as the file describes them.
    taken : str
        Day as 2024-10-15, or the year of the file's name, or empty.
    """

    name: str
    footprint: shapely.Polygon
    facts: dict[str, Any]
    issues: pd.DataFrame
    crs: str = ""
    bands: Mapping[str, int] = field(default_factory=dict)
    taken: str = ""


def places_only(raw: RawTable) -> RawTable:
    """Return a table without its cells: where each record stood and what was found of the file, its memory given back."""
    return replace(raw, frame=raw.frame[list(SOURCE_COLUMNS)].copy(), totals=None)


def as_inputs(
    raws: Sequence[RawTable], crs: Mapping[str, str], columns: pd.DataFrame
) -> list[dict[str, Any]]:
    """Return what was found of every input, for ``run.json``: hash, encoding, CRS, columns and units."""
    told = []
    for raw in raws:
        file = raw.source.name
        layer = raw.layer
        mine = columns[(columns["source_file"] == file) & (columns["source_layer"] == layer)]
        told.append(
            {
                **raw.facts,
                "layer": layer,
                "crs": crs.get(file, ""),
                "columns": dict(zip(mine["field"], mine["header"], strict=True)),
                "units": {row.field: row.unit for row in mine.itertuples() if row.unit},
            }
        )
    return told
