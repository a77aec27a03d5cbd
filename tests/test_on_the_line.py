"""Twenty thousand parcels exactly on the county's lines: none passes, whatever the CRS and the units of land and money."""

from decimal import Decimal

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely

from landeval import evaluate, load_project
from landeval.judge.lines import LINES

COUNT = 20_000
# CRS, header of the area and m² a unit, unit of money and 元 a unit
PATHS = (
    (4490, "证载面积(㎡)", Decimal(1), "元", Decimal(1)),
    (4525, "证载面积(亩)", Decimal(2000) / 3, "万元", Decimal(10_000)),
    (4546, "证载面积(公顷)", Decimal(10_000), "亿元", Decimal(100_000_000)),
    (3857, "证载面积(㎡)", Decimal(1), "万元", Decimal(10_000)),
)
YUAN_A_M2 = {"累计固定资产投资": 3750, "工业总产值": 4500, "入库税收": 225}  # 250, 300 and 15 万元/亩


@pytest.fixture(scope="module")
def judged(tmp_path_factory):
    folder = tmp_path_factory.mktemp("恰在线上")
    random = np.random.default_rng(20241231)
    cents = random.integers(200_000, 40_000_000, COUNT)  # hundredths of a m²
    areas = [Decimal(int(number)) / 100 for number in cents]
    side = np.sqrt(cents / 100)
    east, north = 430_000 + 700.0 * (np.arange(COUNT) % 100), 2_980_000 + 700.0 * (np.arange(COUNT) // 100)
    shapes = gpd.GeoSeries(shapely.box(east, north, east + side, north + side), crs=4546)
    codes = [f"430525001001GB{number:05d}" for number in range(COUNT)]
    sources = {"parcels": [], "enterprises": []}
    for part, (crs, header, land, unit, money) in enumerate(PATHS):
        rows = range(part, COUNT, len(PATHS))
        written = [areas[row] * 3 / 2000 if "亩" in header else areas[row] / land for row in rows]
        frame = gpd.GeoDataFrame(
            {"宗地代码": [codes[row] for row in rows], header: [f"{value:f}" for value in written], "土地用途": "工业用地"},
            geometry=shapes.iloc[rows].reset_index(drop=True),
            crs=4546,
        ).to_crs(crs)  # fmt: skip
        frame.to_file(folder / f"宗地{part}.gpkg", layer=f"宗地{part}")
        firms = pd.DataFrame(
            {
                "企业名称": [f"虚构{row}号厂" for row in rows],
                "所在宗地代码": [codes[row] for row in rows],
                "年度": 2024,
            }
        )
        for name, yuan in YUAN_A_M2.items():
            firms[f"{name}（{unit}）"] = [f"{areas[row] * yuan / money:f}" for row in rows]
        firms.to_csv(folder / f"企业{part}.csv", index=False, encoding="gb18030")
        sources["parcels"].append(folder / f"宗地{part}.gpkg")
        sources["enterprises"].append(folder / f"企业{part}.csv")
    return evaluate(load_project(as_of="2024-12-31", **sources))


def test_every_ratio_is_the_line_itself(judged):
    ratios = judged.parcels[["investment_wan_yuan_per_mu", "output_wan_yuan_per_mu", "tax_wan_yuan_per_mu"]]
    assert len(ratios) == COUNT
    np.testing.assert_allclose(ratios.to_numpy(), np.tile([250.0, 300.0, 15.0], (COUNT, 1)), rtol=1e-9)


def test_none_passes_and_none_is_unknown(judged):
    found = judged.findings[judged.findings["rule_id"].isin(LINES)]
    assert found["verdict"].astype("object").value_counts().to_dict() == {"不达标": 3 * COUNT}
