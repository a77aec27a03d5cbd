"""A tiny layer written and read back, to learn whether a machine's GIS libraries work."""

from __future__ import annotations

from pathlib import Path

TEXT = "虚构宗地〇一"
_SQUARE = (110.5, 27.0, 110.51, 27.01)
LAYERS = {
    "shapefile（GBK）": ("ESRI Shapefile", "一.shp", "GBK"),
    "GeoPackage": ("GPKG", "一.gpkg", "UTF-8"),
    "GeoJSON": ("GeoJSON", "一.geojson", "UTF-8"),
}
"""What is tried: driver, file, encoding."""
_READ = ("ESRI Shapefile", "GPKG", "GeoJSON", "OpenFileGDB")


def missing_drivers() -> list[str]:
    """Name the formats that the libraries here cannot read."""
    import pyogrio
    import rasterio.drivers

    found = pyogrio.list_drivers(read=True)
    missing = [name for name in _READ if name not in found]
    return missing + ([] if "tif" in rasterio.drivers.raster_driver_extensions() else ["GeoTIFF"])


def round_trip(folder: Path, name: str) -> bool:
    """Write one square with a Chinese name in a format of ``LAYERS``, and tell whether it comes back the same."""
    import geopandas as gpd
    import pyogrio
    from shapely import box

    driver, file, encoding = LAYERS[name]
    path = folder / file
    layer = gpd.GeoDataFrame({"权利人": [TEXT]}, geometry=[box(*_SQUARE)], crs="EPSG:4490")
    try:
        pyogrio.write_dataframe(layer, path, driver=driver, encoding=encoding)
        back = pyogrio.read_dataframe(path)
    except (OSError, RuntimeError, ValueError):
        return False
    return (
        list(back["权利人"]) == [TEXT]
        and back.crs == layer.crs
        and bool(back.geometry.iloc[0].equals(box(*_SQUARE)))
    )
