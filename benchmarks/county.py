"""Make a county's delivery of any size: parcels, firms, footprints, layout and an image, the same each time."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import rasterio
import shapely
from rasterio.transform import Affine

from benchmarks.cadastre import CELL, MIDDLE, cadastre

CRS = "EPSG:4546"
YEARS = (2023, 2024)
UNSTARTED = 0.08
"""Share of parcels without a day of start: idle, or not known."""
MOST_IN_WORKBOOK = 10_000
"""Up to so many parcels the enterprise table is a workbook, beyond a csv file."""
PIXEL = 10.0
BANDS = ("blue", "green", "red", "nir")
SETTINGS = """title = "虚构县"
year = 2024
as_of = 2024-12-31

[region]
bounds = {bounds}

[parcels]
path = "宗地.shp"
encoding = "gbk"

[enterprises]
path = "{firms}"

[buildings]
path = "建筑物.shp"

[layout]
path = "三级布局.gpkg"

[[imagery]]
path = "影像.tif"
date = 2024-10-15
scale = 0.0001
"""


def county(
    folder: Path,
    parcels: int,
    *,
    seed: int = 430525,
    town: str = "430525001",
    middle: tuple[float, float] = MIDDLE,
) -> Path:
    """Write a delivery and its ``landeval.toml``; return that.

    Parcels are those of ``cadastre``, with its few wrong codes, dates and blanks. A third as many firms, of two years:
    90 % by the holder's name and code, 5 % by name with other brackets and spaces, 5 % of nobody's land; 3 % of the
    figures are blank, 1 % text. Two buildings a parcel on average, some
    across a boundary, 2 % without storeys. One community a hundred parcels, one base ten communities.

    Parameters
    ----------
    folder : Path
    parcels : int
        How many.
    seed : int
        The same seed gives the same tables and shapes.
    town : str
        First nine digits of the parcel codes.
    middle : tuple of float
        The middle of the land, EPSG:4546 [m].
    """
    random = np.random.default_rng(seed + 1)
    shapefile = cadastre(folder, parcels, seed=seed, unstarted=UNSTARTED, town=town, middle=middle)
    land = pyogrio.read_dataframe(shapefile, encoding="gbk").iloc[:, [1, 2, -1]]
    land.columns = pd.Index(["holder", "code", "geometry"])
    firms = _firms(land, random)
    if parcels <= MOST_IN_WORKBOOK:
        table = "企业.xlsx"
        firms.to_excel(folder / table, index=False, engine="xlsxwriter")
    else:
        table = "企业.csv"
        firms.to_csv(folder / table, index=False, encoding="utf-8-sig")
    shapes = np.asarray(land.geometry.array, dtype=object)
    _buildings(shapes, random).to_file(folder / "建筑物.shp", encoding="gbk", engine="pyogrio")
    _layout(shapes).to_file(folder / "三级布局.gpkg", engine="pyogrio")
    _image(folder / "影像.tif", shapes, random)
    west, south, east, north = gpd.GeoSeries(shapes, crs=CRS).to_crs(4490).total_bounds
    bounds = [round(float(value), 3) for value in (west - 0.05, south - 0.05, east + 0.05, north + 0.05)]
    path = folder / "landeval.toml"
    path.write_text(SETTINGS.format(bounds=bounds, firms=table), encoding="utf-8")
    return path


def _firms(land: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    holders = land.groupby("holder", sort=True)["code"].first()
    count = len(holders)
    name = np.array(holders.index, dtype=object)
    kind = random.random(count)
    noisy = kind > 0.95
    name[noisy] = [one.replace("（", " (").replace("）", ") ") for one in name[noisy]]
    absent = (kind > 0.9) & ~noisy
    name[absent] = [f"洞口虚构外来第{number}号有限公司" for number in range(int(absent.sum()))]
    code = holders.fillna("").to_numpy(dtype=object).copy()
    code[noisy | absent] = ""
    parts = []
    for year in YEARS:
        figures = {
            header: np.round(random.lognormal(middle, 1.0, count), 2).astype(object)
            for header, middle in (
                ("累计固定资产投资（万元）", 10.0),
                ("工业总产值（万元）", 10.2),
                ("入库税收（万元）", 7.2),
            )
        }
        for values in figures.values():
            values[random.random(count) < 0.03] = ""
            values[random.random(count) < 0.01] = "待报"
        parts.append(pd.DataFrame({"企业名称": name, "统一社会信用代码": code, "年度": year, **figures}))
    return pd.concat(parts, ignore_index=True)


def _buildings(land: np.ndarray, random: np.random.Generator) -> gpd.GeoDataFrame:
    slots = np.array([[-22.0, -22.0], [-22.0, 22.0], [22.0, -22.0], [22.0, 22.0]])
    on, slot = np.nonzero(random.random((len(land), len(slots))) < 0.5)
    count = len(on)
    middle = (
        shapely.get_coordinates(shapely.centroid(land))[on] + slots[slot] + random.uniform(-3, 3, (count, 2))
    )
    half = random.uniform(4, 17, (count, 2))
    low, high = middle - half, middle + half
    storeys = random.integers(1, 7, count).astype(float)
    return gpd.GeoDataFrame(
        {"层数": np.where(random.random(count) < 0.02, 0, storeys), "高度": storeys * 4.5},
        geometry=shapely.box(low[:, 0], low[:, 1], high[:, 0], high[:, 1]),
        crs=CRS,
    )


def _layout(land: np.ndarray) -> gpd.GeoDataFrame:
    west, south, east, north = shapely.total_bounds(land)
    tables = []
    for level, step, above in (
        ("产业集群", 100 * CELL, ""),
        ("产业基地", 50 * CELL, "JQ"),
        ("产业社区", 10 * CELL, "JD"),
    ):
        corners = np.meshgrid(np.arange(west, east, step), np.arange(south, north, step))
        x, y = (np.ravel(one) for one in corners)
        wide = {"JQ": 100 * CELL, "JD": 50 * CELL}.get(above, step)
        parent = [
            f"{above}{int((one - west) // wide)}-{int((other - south) // wide)}" if above else ""
            for one, other in zip(x, y, strict=True)
        ]
        prefix = {"产业集群": "JQ", "产业基地": "JD", "产业社区": "SQ"}[level]
        code = [
            f"{prefix}{int((one - west) // step)}-{int((other - south) // step)}"
            for one, other in zip(x, y, strict=True)
        ]
        frame = gpd.GeoDataFrame(
            {
                "层级": level,
                "编号": code,
                "名称": [f"虚构{level[2:]}{one[2:]}" for one in code],
                "上级编号": parent,
            },
            geometry=shapely.box(x, y, np.minimum(x + step, east), np.minimum(y + step, north)),
            crs=CRS,
        )
        tables.append(frame)
    return gpd.GeoDataFrame(pd.concat(tables, ignore_index=True), crs=CRS)


def _image(path: Path, land: np.ndarray, random: np.random.Generator) -> None:
    west, south, east, north = shapely.total_bounds(land)
    wide, high = int(np.ceil((east - west) / PIXEL)), int(np.ceil((north - south) / PIXEL))
    profile = {
        "driver": "GTiff", "width": wide, "height": high, "count": len(BANDS), "dtype": "uint16", "crs": CRS, "nodata": 0,
        "transform": Affine(PIXEL, 0, west, 0, -PIXEL, north), "tiled": True, "compress": "deflate", "zlevel": 1,
    }  # fmt: skip
    with rasterio.open(path, "w", **profile) as image:
        for number, name in enumerate(BANDS, start=1):
            image.write(random.integers(200, 4000, (high, wide), dtype=np.uint16), number)
            image.set_band_description(number, name)
