"""``gis/landeval.gpkg``: every field, Chinese names, null where unknown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio
import pyogrio.raw
import shapely

from landeval.publish.gis.storage import Layer, as_array, check_count

STYLES, RUN = "layer_styles", "运行信息"
"""Tables of the GeoPackage beside the layers: how QGIS draws them (its own name for it), and what run they are of."""


def write_geopackage(
    layers: Mapping[str, Layer],
    path: Path,
    *,
    as_of: dt.date,
    styles: Mapping[str, str],
    facts: Mapping[str, str],
) -> None:
    """Write every layer into a fresh GeoPackage and check it by reading back.

    Parameters
    ----------
    layers : Mapping
        Name → ``Layer``.
    path : Path
        Replaced where it is there.
    as_of : date
        Stands where GDAL would write the time of day.
    styles : Mapping
        Layer name → QML.
    facts : Mapping
        What identifies the run.
    """
    path.unlink(missing_ok=True)
    with _fixed_date(as_of):
        for name, layer in layers.items():
            _write_layer(path, name, layer)
        told = {name: qml for name, qml in styles.items() if name in layers}
        _write_plain(path, STYLES, _style_columns(told, as_of))
        _write_plain(path, RUN, {"项目": list(facts), "内容": list(facts.values())})
    for name, layer in layers.items():
        found = int(pyogrio.read_info(path, layer=name, force_feature_count=True)["features"])
        check_count(path, name, found, len(layer.table))


def gdal_version() -> str:
    """Return the version of GDAL that writes GeoPackages."""
    return str(pyogrio.__gdal_version_string__)


@contextmanager
def _fixed_date(as_of: dt.date) -> Iterator[None]:
    """Let GDAL write the as-of date where it would write the time of day; the setting is put back."""
    before = pyogrio.get_gdal_config_option("OGR_CURRENT_DATE")
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": f"{as_of.isoformat()}T00:00:00.000Z"})
    try:
        yield
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": before})


def _write_layer(path: Path, name: str, layer: Layer) -> None:
    arrays = [as_array(column.kind, column.values) for column in layer.columns]
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(layer.shapes),
        [data for data, _ in arrays],
        np.array([column.header for column in layer.columns], dtype=object),
        field_mask=[mask for _, mask in arrays],
        layer=name,
        driver="GPKG",
        geometry_type="MultiPolygon",
        crs=str(layer.crs),
        encoding="UTF-8",
        append=False,
    )


def _style_columns(styles: Mapping[str, str], as_of: dt.date) -> dict[str, list[Any]]:
    """Return the columns that QGIS looks for, one row a layer, each its default style."""
    count = len(styles)
    blank = [""] * count
    return {
        "f_table_catalog": blank,
        "f_table_schema": blank,
        "f_table_name": list(styles),
        "f_geometry_column": ["geom"] * count,
        "styleName": ["评价结论"] * count,
        "styleQML": list(styles.values()),
        "styleSLD": blank,
        "useAsDefault": [1] * count,
        "description": ["landeval"] * count,
        "owner": blank,
        "ui": blank,
        "update_time": [np.datetime64(as_of, "s")] * count,
    }


def _write_plain(path: Path, name: str, columns: Mapping[str, list[Any]]) -> None:
    """Write a table without shapes."""
    arrays = [
        np.array(values) if values and not isinstance(values[0], str) else np.array(values, dtype=object)
        for values in columns.values()
    ]
    pyogrio.raw.write(
        str(path),
        None,
        arrays,
        np.array(list(columns), dtype=object),
        layer=name,
        driver="GPKG",
        geometry_type=None,
        encoding="UTF-8",
        append=False,
    )
