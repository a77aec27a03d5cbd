"""Read a GeoPackage with SQLite alone: values as stored (a whole number stays one beside an empty cell)."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from landeval.errors import InputRefusedError
from landeval.read import encoding as text_encoding
from landeval.read.layer import Layer, choose, from_wkb, raw_table
from landeval.sources import RawTable, Source

_ENVELOPES = {0: 0, 1: 32, 2: 48, 3: 48, 4: 64}
"""Bytes of the box before the WKB, by the code in the flags."""


def read_geopackage(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read one feature layer.

    Raises
    ------
    InputRefusedError
        Damaged, no GeoPackage, no such layer, or several.
    """
    try:
        with _opened(source.path) as base:
            return [raw_table(_layer(base, source), source, facts)]
    except (sqlite3.Error, UnicodeError) as error:  # UnicodeError: scrambled column names
        raise InputRefusedError(
            "GeoPackage 打不开，文件损坏或未复制完整",
            where=str(source.path),
            remedy=f"请重新复制，或在 ArcGIS/QGIS 中重新导出（{error}）",
            code="E136",
        ) from error


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """Open without touching the input: SQLite would else make -wal and -shm files beside it.

    What another program has written but not yet merged stands in ``-wal``: then both are read as a scratch copy.
    """
    waiting = path.with_name(path.name + "-wal")
    with contextlib.ExitStack() as stack:
        if waiting.is_file() and waiting.stat().st_size:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="landeval-"))
            copy = Path(folder) / "layer.gpkg"
            shutil.copyfile(path, copy)
            shutil.copyfile(waiting, copy.with_name(copy.name + "-wal"))
            address = f"file:{quote(copy.as_posix())}"
        else:
            address = f"file:{quote(path.absolute().as_posix())}?mode=ro&immutable=1"
        base = sqlite3.connect(address, uri=True)
        stack.callback(base.close)
        base.text_factory = bytes
        yield base


def _layer(base: sqlite3.Connection, source: Source) -> Layer:
    tables = {row[0] for row in base.execute("select name from sqlite_master")}
    if not {b"gpkg_contents", b"gpkg_geometry_columns", b"gpkg_spatial_ref_sys"} <= tables:
        raise InputRefusedError(
            "是 SQLite 数据库，但不是 GeoPackage",
            where=str(source.path),
            remedy="请在 ArcGIS/QGIS 中另存为 GeoPackage（.gpkg）或 shapefile",
            code="E124",
        )
    names = [
        row[0].decode("utf-8", "replace")
        for row in base.execute(
            "select table_name from gpkg_contents where data_type = 'features' order by rowid"
        )
    ]
    name = choose(source, names)
    drawn = base.execute(
        "select column_name, srs_id from gpkg_geometry_columns where table_name = ?", (name,)
    ).fetchone()
    if drawn is None:
        raise InputRefusedError(
            "GeoPackage 没有登记该图层的图形列",
            where=f"{source.path}［{name}］",
            remedy="请在 ArcGIS/QGIS 中重新导出",
            code="E136",
        )
    _refuse_torn(base, name)
    column, srs = drawn
    told = base.execute(
        "select organization, organization_coordsys_id, definition from gpkg_spatial_ref_sys where srs_id = ?",
        (srs,),
    ).fetchone()
    table = _quoted(name)
    keys = {row[1] for row in base.execute(f"pragma table_info({table})") if row[5]}
    cursor = base.execute(f"select * from {table}")
    headers = [item[0] for item in cursor.description]
    rows = cursor.fetchall()
    (counted,) = base.execute(f"select count(*) from {table}").fetchone()
    columns = dict(zip(headers, zip(*rows, strict=True) if rows else [()] * len(headers), strict=True))
    if column.decode() not in columns:
        raise sqlite3.DatabaseError(f"no column {column.decode()}")
    shapes, trouble = from_wkb([_wkb(blob) for blob in columns[column.decode()]])
    kept = [
        header
        for header in headers
        if header != column.decode()
        and not (header.encode() in keys and len(keys) == 1 and _is_number(columns[header]))
    ]
    encoding = _encoding([columns[header] for header in kept], source)
    return Layer(
        name=name,
        headers=kept,
        columns=[[_value(value, encoding) for value in columns[header]] for header in kept],
        shapes=shapes,
        trouble=trouble,
        crs=_crs(told),
        counted=counted,
        encoding=encoding,
    )


def _refuse_torn(base: sqlite3.Connection, name: str) -> None:
    """Have SQLite look at how a table's pages hang together: it reads around a damaged count without a word.

    Half a second for 400 MB. What it says of values (null where none may be) is no damage.

    Raises
    ------
    sqlite3.DatabaseError
    """
    with contextlib.suppress(sqlite3.OperationalError):  # an index by a function that only a GIS knows
        said = [
            row[0].decode("utf-8", "replace") for row in base.execute(f"pragma quick_check({_quoted(name)})")
        ]
        torn = next((text for text in said if text.startswith("*** in database")), "")
        if torn:
            raise sqlite3.DatabaseError(torn.splitlines()[-1])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _is_number(values: Any) -> bool:
    """Tell whether a key is the row number that the format asks for, not data of the bureau."""
    return all(isinstance(value, int) for value in values)


def _wkb(blob: Any) -> bytes | None:
    """Cut the GeoPackage header off a shape.

    Examples
    --------
    >>> _wkb(b"GP" + bytes(6) + b"wkb")
    b'wkb'
    """
    if blob is None:
        return None
    if not isinstance(blob, bytes) or len(blob) < 8 or blob[:2] != b"GP":
        return b""
    return blob[8 + _ENVELOPES.get(blob[3] >> 1 & 7, 0) :]


def _encoding(columns: list[Any], source: Source) -> str:
    texts = {value for column in columns for value in column if isinstance(value, bytes)}
    if source.encoding:
        return text_encoding.named(source.encoding, str(source.path))
    # other content than text (pictures) is no reason to doubt: then UTF-8, as the format says
    return text_encoding.of_pairs((text, False) for text in texts) or "utf-8"


def _value(value: Any, encoding: str) -> Any:
    return value.decode(encoding, "replace") if isinstance(value, bytes) else value


def _crs(told: tuple[bytes, int, bytes] | None) -> str:
    if told is None or told[1] in (-1, 0):
        return ""
    organization = told[0].decode("utf-8", "replace").upper()
    definition = told[2].decode("utf-8", "replace")
    return f"EPSG:{told[1]}" if organization == "EPSG" else definition
