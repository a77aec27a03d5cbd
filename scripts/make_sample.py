"""Make the fictitious sample park in ``data/``: the same bytes every time.

Run ``python scripts/make_sample.py [--out DIR]``.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from sample import (
    cases,
    exemptions,
    farmland,
    land_status,
    ledger,
    money,
    projects,
    readme,
    streets,
    supply,
    targets,
)
from sample.blemishes import Blemishes, Park
from sample.buildings import make_buildings
from sample.holders import settle
from sample.imagery import write_images
from sample.shapefiles import write_shapefile

SEED = 20241231
DATA = Path(__file__).resolve().parents[1] / "data"
SMALL = 12 * streets.MU  # [m2]

PARCEL_COLUMNS = {
    "ZDDM": ("parcel_code", "str:28"),
    "QLR": ("holder", "str:80"),
    "XYDM": ("credit_code", "str:36"),
    "BDCQZH": ("certificate", "str:60"),
    "ZL": ("location", "str:80"),
    "QLLX": ("right_type", "str:20"),
    "TDYT": ("land_use", "str:30"),
    "ZDMJ": ("registered_m2", "float:15.2"),
}
LAYOUT_COLUMNS = {
    "CJ": ("level", "str:20"),
    "BH": ("code", "str:10"),
    "MC": ("name", "str:60"),
    "SJBH": ("parent", "str:10"),
    "ZDCY": ("industry", "str:60"),
}
BOUNDARY_COLUMNS = {"FWLX": ("kind", "str:30")}
ROAD_COLUMNS = {"DLMC": ("name", "str:40"), "LMKD": ("width", "float:8.1")}
FARMLAND_COLUMNS = {"BH": ("number", "str:10"), "ZL": ("kind", "str:20")}
BUILDING_COLUMNS = {
    "JZMC": ("name", "str:40"),
    "层数": ("floors", "int:4"),
    "高度(m)": ("height_m", "float:8.1"),
    "结构": ("structure", "str:20"),
}


def main() -> None:
    """Read the command line and make the sample."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=DATA, help="folder to write into (default: data/)")
    make_sample(parser.parse_args().out)


def make_sample(out: Path, *, seed: int = SEED) -> None:
    """Write every file of the sample park.

    Parameters
    ----------
    out
        Folder to write into; made where it does not exist.
    seed
        One number decides everything.
    """
    # One stream a subject: a change to one of them leaves the others as they were.
    ground, plan, land, books, houses, light, faults, proposals = np.random.default_rng(seed).spawn(8)
    parcels, zones, roads = streets.make_ground(ground)
    parcels = _assign(parcels, plan)
    buildings = make_buildings(parcels, houses)
    parcels, firms = settle(parcels, land)
    park = Park(parcels, firms, money.make_sheets(firms), ledger.make_ledger(parcels, books))
    blemishes = Blemishes(park, faults)
    blemishes.plant()
    proposed = projects.make_projects(proposals)
    register = exemptions.Register(park, blemishes.of_parcel)
    register.fill()
    stock = supply.make_supply(park, list(blemishes.of_parcel))

    (out / "imagery").mkdir(parents=True, exist_ok=True)
    write_shapefile(out / "parcels" / "宗地.shp", park.parcels, PARCEL_COLUMNS, "Polygon")
    write_shapefile(out / "buildings" / "建筑物.shp", buildings, BUILDING_COLUMNS, "Polygon")
    write_shapefile(out / "layout" / "三级布局.shp", zones.to_crs("EPSG:4490"), LAYOUT_COLUMNS, "Polygon")
    money.write_enterprises(out / "enterprises" / "企业经营情况表.xlsx", park.sheets)
    money.write_ledger(out / "contracts" / "供地台账.xlsx", ledger.HEADERS, park.ledger)
    projects.write_projects(out / "projects" / "招商项目表.xlsx", proposed)
    supply.write_supply(out / "supply" / "储备与供地表.xlsx", stock)
    outline = supply.make_boundary(zones.to_crs(streets.CRS)).to_crs("EPSG:4490")
    write_shapefile(out / "boundary" / "园区范围.shp", outline, BOUNDARY_COLUMNS, "Polygon")
    actuals = targets.make_actuals()
    targets.write_actuals(out / "targets" / "指标实绩表.xlsx", actuals)
    exemptions.write_register(out / "exemptions" / "豁免登记.xlsx", register.rows)
    surveyed = land_status.make_land_status(park, buildings)
    land_status.write_land_status(out / "index" / "指数数据表.xlsx", surveyed)
    write_shapefile(out / "overlays" / "道路.shp", roads, ROAD_COLUMNS, "LineString")
    fields = farmland.make_farmland(park, zones)
    write_shapefile(out / "overlays" / "永久基本农田.shp", fields, FARMLAND_COLUMNS, "Polygon")
    write_images(out / "imagery", parcels, buildings, zones, light)
    expected = readme.expected(park, blemishes.of_parcel, register.planned)
    expected.to_csv(out / "期望.csv", index=False, encoding="utf-8-sig", lineterminator="\n")
    notes = [*blemishes.notes, *register.notes, *targets.notes(actuals)]
    text = readme.text(
        park,
        zones,
        buildings,
        expected,
        notes,
        seed,
        projects.described(proposed),
        len(register.rows),
        len(surveyed),
        len(stock),
        len(actuals),
        len(roads),
    )
    (out / "README.md").write_text(text, encoding="utf-8", newline="\n")


def _assign(parcels: gpd.GeoDataFrame, rng: np.random.Generator) -> gpd.GeoDataFrame:
    """Lay the cases over the parcels at random, public utilities on small ones, and vary some shapes."""
    stories = cases.make_cases(len(parcels), rng)
    free = [int(index) for index in rng.permutation(parcels.index)]
    story_of: dict[int, cases.Case] = {}
    for story in sorted(stories, key=lambda story: story.shape != "small"):
        fits = (index for index in free if story.shape != "small" or parcels["area_m2"][index] < SMALL)
        index = next(fits)
        free.remove(index)
        story_of[index] = story
    result = parcels.assign(case=pd.Series(story_of), is_varied=False)
    ordinary = [
        index
        for index, row in result.iterrows()
        if row["case"].money in ("between", "good") and row["area_m2"] > 20 * streets.MU and row["community"]
    ]
    chosen = {"hole": ordinary[3:60:20], "parts": ordinary[9:60:20]}
    result.loc[chosen["hole"] + chosen["parts"], "is_varied"] = True
    return streets.vary_shapes(result, chosen)


if __name__ == "__main__":
    main()
