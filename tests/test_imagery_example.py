"""The example of docs/影像.md is run as it stands there; its thresholds are those of the rules."""

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from landeval.image_evidence import cover_of
from landeval.imagery import Grid, Pixels
from landeval.measure.imagery import measure
from landeval.measure.spectral import covers, normalised
from landeval.standards.rules import shipped

PAGE = (Path(__file__).resolve().parents[1] / "docs" / "影像.md").read_text("utf-8")
NAMES = {"红": "red", "绿": "green", "蓝": "blue", "近红外": "nir"}
COVERS = {"植被": "vegetated", "水面": "water", "裸土": "bare", "建设": "built"}


def tables(text):
    found = []
    for block in re.findall(r"(?:^\|.*\|\n)+", text, flags=re.M):
        header, _, *rows = (
            [cell.strip() for cell in line.strip("|").split("|")] for line in block.splitlines()
        )
        found.append(pd.DataFrame(rows, columns=header))
    return found


class Drawn:
    """The pixels of the page, in a row."""

    def __init__(self, bands):
        self.arrays = {name: values[None, :] for name, values in bands.items()}
        self.bands = {name: number for number, name in enumerate(bands, start=1)}
        self.grid = Grid(len(next(iter(bands.values()))), 1, (1.0, 0.0, 0.0, 0.0, -1.0, 0.0), "")
        self.scales = dict.fromkeys(bands, (1.0, 0.0))
        self.brightest = 255.0

    def read(self, row, column, rows, columns):
        here = np.s_[row : row + rows, column : column + columns]
        whole = np.ones((rows, columns), dtype=bool)
        return Pixels({name: values[here] for name, values in self.arrays.items()}, whole, ~whole)


def test_example():
    pixels, told = tables(PAGE.split("### 算例")[1].split("\n## ")[0])
    bands = {name: pixels[said].astype(np.uint8).to_numpy() for said, name in NAMES.items()}
    wide = {name: values.astype(float) for name, values in bands.items()}
    assert normalised(wide["nir"], wide["red"]).round(3).tolist() == pixels["NDVI"].astype(float).tolist()
    classes = covers(wide, cover_of(shipped()))
    for said, name in COVERS.items():
        assert (classes[name] == 1).tolist() == (pixels["类"] == said).tolist()
    shares = pixels["覆盖比例"].astype(float)
    land = shapely.union_all([shapely.box(at, 0, at + 1, share) for at, share in enumerate(shares)])
    (found,) = measure(
        np.array([land], dtype=object),
        [Drawn(bands)],
        cover_of(shipped()),
        least_pixels=20.0,
        least_valid=0.8,
    )
    row = told.iloc[0]
    assert found["image_pixels"][0] == pytest.approx(float(row["有效像元"]))
    assert found["ndvi_mean"][0] == pytest.approx(float(row["NDVI平均值"]), abs=5e-4)
    for said, name in COVERS.items():
        assert f"{found[f'image_{name}_share'][0]:.1%}" == row[said]
    assert found["image_state"][0] == row["影像状态"]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("ndvi_vegetated", "NDVI ≥ 0.2"), ("ndwi_water", "≥ 0.3 |"), ("redness_bare", "≥ 0.1 |"), ("height_built", "高于 2.5 米"),
        ("least_pixels", "不足 20 个"), ("least_valid", "不足 80%"), ("unbuilt_most", "建设 ≤ 10%"), ("built_least", "建设 ≥ 30%"),
        ("tall_least", "的 ≥ 10%"), ("change_least", "不少于 20 个百分点"), ("night_drop", "减弱 50% 以上"),
    ],
)  # fmt: skip
def test_every_threshold_of_the_page_is_the_rules(rule, said):
    value = float(shipped()[f"imagery.{rule}"].number)
    number = float(re.search(r"[\d.]+", said)[0])
    assert said in PAGE
    assert number in (value, value * 100)
    assert shipped()[f"imagery.{rule}"].basis == "proposal"
