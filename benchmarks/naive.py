"""The script an analyst would write for the same delivery: the named baseline of ``benchmarks.whole``.

Written as tutorials and course notes teach it, and well enough to be fair: geopandas for reading, overlay for buildings,
rasterstats for the image, a spatial join for the levels, ``iterrows`` for the rules, plain folium for the map, pandas for
the workbook. It tells nothing of what it could not read, keeps no evidence and says no clause.

``python -m benchmarks.naive DELIVERY OUT [--no-raster]`` prints the seconds of its stages as JSON.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path

import folium
import geopandas as gpd
import numpy as np
import pandas as pd
import rasterio
import rasterstats

CRS = "EPSG:4546"
AS_OF = pd.Timestamp(2024, 12, 31)
YEAR = 2024
M2_PER_MU = 10_000 / 15
LINES = {"investment": 250.0, "output": 300.0, "tax": 15.0}
MONEY = {"累计固定资产投资（万元）": "investment", "工业总产值（万元）": "output", "入库税收（万元）": "tax"}
COLOURS = {"闲置": "#B2182B", "低效": "#EF8A62", "达标": "#4D9221", "资料不足": "#CCCCCC"}


def read(folder: Path) -> tuple[gpd.GeoDataFrame, pd.DataFrame, gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Read parcels, firms, buildings and levels."""
    parcels = gpd.read_file(folder / "宗地.shp", encoding="gbk")
    table = folder / "企业.xlsx"
    firms = pd.read_excel(table) if table.exists() else pd.read_csv(folder / "企业.csv")
    buildings = gpd.read_file(folder / "建筑物.shp", encoding="gbk")
    return parcels, firms, buildings, gpd.read_file(folder / "三级布局.gpkg")


def tidy(parcels: gpd.GeoDataFrame, firms: pd.DataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Give plain names, numbers, dates, the plane and the area."""
    names = [
        "code",
        "holder",
        "credit_code",
        "site",
        "use",
        "area_m2",
        "contract",
        "signed",
        "due",
        "begun",
        "price",
        "note",
    ]
    parcels.columns = pd.Index([*names, "geometry"])
    parcels = parcels.to_crs(CRS)
    parcels["geometry"] = parcels.geometry.make_valid()
    parcels["area_mu"] = parcels.geometry.area / M2_PER_MU
    parcels["begun"] = pd.to_datetime(parcels["begun"], format="%Y年%m月%d日", errors="coerce")
    firms = firms.rename(columns=MONEY).rename(columns={"企业名称": "name", "年度": "year"})
    for column in MONEY.values():
        firms[column] = pd.to_numeric(firms[column], errors="coerce")
    return parcels, firms[firms["year"] == YEAR]


def link(parcels: gpd.GeoDataFrame, firms: pd.DataFrame) -> gpd.GeoDataFrame:
    """Join money by name and spread it over the holder's land by area."""
    parcels["key"] = parcels["holder"].str.strip()
    firms = (
        firms.assign(key=firms["name"].str.strip()).groupby("key", as_index=False)[list(MONEY.values())].sum()
    )
    parcels = parcels.merge(firms, on="key", how="left")
    share = parcels["area_mu"] / parcels.groupby("key")["area_mu"].transform("sum")
    for column in MONEY.values():
        parcels[column] = parcels[column] * share
        parcels[f"{column}_per_mu"] = parcels[column] / parcels["area_mu"]
    return parcels


def build(parcels: gpd.GeoDataFrame, buildings: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Cut buildings along parcels; plot ratio and coverage."""
    buildings = buildings.to_crs(CRS)
    cut = gpd.overlay(buildings, parcels[["code", "geometry"]], how="intersection", keep_geom_type=True)
    cut["footprint"] = cut.geometry.area
    cut["floor"] = cut["footprint"] * cut["层数"]
    sums = cut.groupby("code")[["footprint", "floor"]].sum()
    parcels = parcels.merge(sums, left_on="code", right_index=True, how="left")
    parcels["plot_ratio"] = parcels["floor"] / (parcels["area_mu"] * M2_PER_MU)
    parcels["coverage"] = parcels["footprint"] / (parcels["area_mu"] * M2_PER_MU)
    return parcels


def look(parcels: gpd.GeoDataFrame, image: Path) -> gpd.GeoDataFrame:
    """Take the mean and median NDVI of every parcel."""
    with rasterio.open(image) as source:
        red, near = (source.read(band).astype("float32") for band in (3, 4))
        transform = source.transform
    index = (near - red) / (near + red)
    stats = rasterstats.zonal_stats(
        parcels, index, affine=transform, stats=["mean", "median", "count"], nodata=np.nan
    )
    return parcels.join(pd.DataFrame(stats, index=parcels.index).add_prefix("ndvi_"))


def judge(parcels: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Give every parcel a class, row by row."""
    found = []
    for _, row in parcels.iterrows():
        if pd.notna(row["due"]) and pd.isna(row["begun"]) and (AS_OF - row["due"]).days > 365:
            found.append("闲置")
        elif any(pd.isna(row[f"{name}_per_mu"]) for name in LINES):
            found.append("资料不足")
        elif all(row[f"{name}_per_mu"] > line for name, line in LINES.items()):
            found.append("达标")
        else:
            found.append("低效")
    parcels["class"] = found
    return parcels


def place(parcels: gpd.GeoDataFrame, levels: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Find the community of every parcel by its middle, and sum up."""
    communities = levels.to_crs(CRS)
    communities = communities[communities["层级"] == "产业社区"][["编号", "名称", "上级编号", "geometry"]]
    points = gpd.GeoDataFrame(parcels[["code"]], geometry=parcels.representative_point(), crs=CRS)
    inside = gpd.sjoin(points, communities, predicate="within").drop_duplicates("code")
    parcels = parcels.merge(inside[["code", "编号", "名称", "上级编号"]], on="code", how="left")
    sums = parcels.groupby(["上级编号", "编号"])[["area_mu", *LINES]].sum().reset_index()
    for name in LINES:
        sums[f"{name}_per_mu"] = sums[name] / sums["area_mu"]
    return parcels, sums


def publish_tables(parcels: gpd.GeoDataFrame, sums: pd.DataFrame, out: Path) -> None:
    """Write tables, a workbook of the candidates, and GIS files."""
    plain = pd.DataFrame(parcels.drop(columns="geometry"))
    plain.to_csv(out / "parcels.csv", index=False, encoding="utf-8-sig")
    sums.to_csv(out / "zones.csv", index=False, encoding="utf-8-sig")
    wanted = plain[plain["class"].isin(["闲置", "低效"])]
    with pd.ExcelWriter(out / "清单.xlsx", engine="openpyxl") as book:
        wanted.to_excel(book, sheet_name="候选", index=False)
        plain.to_excel(book, sheet_name="全部宗地", index=False)
        sums.to_excel(book, sheet_name="汇总", index=False)


def publish_gis(parcels: gpd.GeoDataFrame, out: Path) -> None:
    """Write a GeoPackage, a shapefile and GeoParquet."""
    lonlat = parcels.to_crs(4326)
    lonlat.to_file(out / "parcels.gpkg", driver="GPKG")
    short = lonlat[["code", "holder", "class", "area_mu", "tax_per_mu", "geometry"]]
    short.to_file(out / "parcels.shp", encoding="gbk")
    lonlat.to_parquet(out / "parcels.parquet")


def publish_map(parcels: gpd.GeoDataFrame, out: Path) -> None:
    """Draw every parcel with a tooltip."""
    shown = parcels.to_crs(4326)[
        ["code", "holder", "class", "area_mu", "tax_per_mu", "output_per_mu", "geometry"]
    ]
    middle = shown.total_bounds
    page = folium.Map(
        [(middle[1] + middle[3]) / 2, (middle[0] + middle[2]) / 2],
        zoom_start=13,
        tiles=None,
        prefer_canvas=True,
    )
    folium.GeoJson(
        shown.to_json(),
        style_function=lambda one: {
            "fillColor": COLOURS[one["properties"]["class"]],
            "weight": 0.5,
            "fillOpacity": 0.7,
        },
        tooltip=folium.GeoJsonTooltip(["code", "holder", "class", "area_mu", "tax_per_mu"]),
    ).add_to(page)
    page.save(out / "map.html")


def run(folder: Path, out: Path, *, has_raster: bool) -> dict[str, float]:
    """Do all of it and return the seconds of each stage."""
    out.mkdir(parents=True, exist_ok=True)
    seconds: dict[str, float] = {}
    since = time.perf_counter()

    def done(name: str) -> None:
        nonlocal since
        now = time.perf_counter()
        seconds[name], since = now - since, now

    parcels, firms, buildings, levels = read(folder)
    done("read")
    parcels, firms = tidy(parcels, firms)
    done("tidy")
    parcels = link(parcels, firms)
    done("link")
    parcels = build(parcels, buildings)
    done("buildings")
    if has_raster:
        parcels = look(parcels, folder / "影像.tif")
        done("image")
    parcels = judge(parcels)
    done("judge")
    parcels, sums = place(parcels, levels)
    done("place")
    publish_tables(parcels, sums, out)
    done("tables")
    publish_gis(parcels, out)
    done("gis")
    publish_map(parcels, out)
    done("map")
    return seconds


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    print(json.dumps(run(Path(sys.argv[1]), Path(sys.argv[2]), has_raster="--no-raster" not in sys.argv)))
