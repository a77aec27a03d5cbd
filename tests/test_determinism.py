"""The same delivery gives the same tables: whatever the order of its rows, the machine's settings or its processors.

Three runs of one messy park: as it is, with the rows of every table from the last to the first (so that of any two the
other comes first), and in a process with other settings. That one is held to the same bytes. The turned one is held to
the same text of every cell, in the same order of rows, once what speaks of a row's place is blanked: the columns 行号, the
words 第 n 行 and 第 n 条, and the run number, which is made of the inputs' bytes. Two tables are lists of places, in the order
of the rows (``BY_PLACE``): they are compared as sets of lines, and the reconciliation without its problem codes, which
repeat those of the issues at their places (of two rows that contradict one another the first is the place). A record
with no code at all is named by its row; there the order is evidence, and the park has none.
"""

import csv
import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely
from test_metamorphic import CODES, FIRMS, LAND, LEDGER, SHAPES, ZONES, as_xlsx, in_unit
from writers import shapefile, square

from landeval import evaluate, load_project
from landeval.publish.gis import write_gis
from landeval.publish.tables import write_tables

ROOT = Path(__file__).resolve().parents[1]
BY_PLACE = ("issues.csv", "reconciliation.csv")
PLACE = re.compile(r"第 [\d、]+ (?=[行条])")
TWICE = [
    LAND[2],  # the very same record once more
    [*LAND[3][:3], "9999.5", "工业用地"],  # one code, other words
    [LAND[4][0], "洞口虚构第九竹木机械有限公司", "", "2500", "仓储用地"],  # one code, other land
]
MORE_FIRMS = [
    ["洞口虚构第一竹木机械有限公司", "", "", 2024, "100", "50", "1.5"],  # a name without its code
    ["洞口虚构（承租）电子有限公司", "", CODES[1], 2024, "7", "8", "9"],
    ["洞口虚构联建有限公司", "", f"{CODES[4]}、{CODES[5]}", 2024, "33.333333", "66.666667", "0.1"],
]
SETTINGS = {
    "PYTHONHASHSEED": "4305",
    "TZ": "Pacific/Kiritimati",
    "LC_ALL": "C",
    "PYTHONUTF8": "1",
    "OMP_NUM_THREADS": "1",
    "GDAL_NUM_THREADS": "1",
}
ELSEWHERE = """
import locale, os, sys
locale.setlocale(locale.LC_ALL, "")
if hasattr(os, "sched_setaffinity"):
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from test_determinism import run
run(Path(sys.argv[2]), Path(sys.argv[3]))
"""


def delivery(folder: Path, *, is_turned: bool = False) -> Path:
    """Write the park, in the order of its rows or from the last to the first; return its settings."""

    def order(rows: list) -> list:
        return rows[::-1] if is_turned else rows

    folder.mkdir()
    land = order(
        [*zip(LAND[1:], SHAPES, strict=True), *zip(TWICE, (SHAPES[1], SHAPES[2], square(20)), strict=True)]
    )
    rows, shapes = zip(*land, strict=True)
    shapefile(folder / "宗地.shp", [(name, "C", 80) for name in LAND[0]], rows, shapes, prj=4546)
    as_xlsx(folder, [LEDGER[0], *order(LEDGER[1:])], stem="台账")
    as_xlsx(
        folder, in_unit([FIRMS[0], *order([*FIRMS[1:], *MORE_FIRMS])], unit="元", worth="0.0001", kind="万元")
    )
    zones = gpd.GeoDataFrame(
        pd.DataFrame([zone[:4] for zone in ZONES], columns=["层级", "分区编号", "分区名称", "上级编号"]),
        geometry=[shapely.Polygon(square(at, size)[0]).buffer(20) for *_, at, size in ZONES],
        crs=4546,
    )
    zones.iloc[order(list(range(len(zones))))].to_file(folder / "布局.gpkg")
    halls = order([(f"{at}", "2", _part(shape, at)) for at, shape in enumerate([*SHAPES, *SHAPES[:3]])])
    fields = [("编号", "C", 8), ("层数", "C", 8)]
    shapefile(folder / "建筑物.shp", fields, [hall[:2] for hall in halls], [hall[2] for hall in halls])
    text = 'title = "虚构园区"\nyear = 2024\nas_of = 2024-12-31\n'
    names = {"parcels": "宗地.shp", "contracts": "台账.xlsx", "enterprises": "企业.xlsx", "layout": "布局.gpkg",
             "buildings": "建筑物.shp"}  # fmt: skip
    settings = folder / "landeval.toml"
    settings.write_text(
        text + "".join(f'[{table}]\npath = "{name}"\n' for table, name in names.items()), "utf-8"
    )
    return settings


def _part(shape: list, at: int) -> list:
    """Return a building: a third of a parcel and a little of the next one."""
    xs, ys = zip(*shape[0], strict=True)
    left, low, width = min(xs) + 5 * at, min(ys) + 10, (max(xs) - min(xs)) * 0.97
    return [[(left, low), (left, low + 33.3), (left + width, low + 33.3), (left + width, low), (left, low)]]


def run(settings: Path, out: Path) -> None:
    result = evaluate(load_project(settings))
    write_tables(result, out / "tables")
    write_gis(result, out / "gis")


@pytest.fixture(scope="module")
def plain(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("plain")
    run(delivery(folder / "资料"), folder / "成果")
    return folder


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files
    }


def lines(path: Path) -> list[tuple[str, ...]]:
    """Return a table's rows without what speaks of a place; in order, but for lists of places."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        head, *rows = csv.reader(stream)
    apart = ("行号", "问题代码") if path.name == "reconciliation.csv" else ("行号",)
    kept = [at for at, name in enumerate(head) if not any(word in name for word in apart)]
    found = [tuple(PLACE.sub("第 n ", row[at]) for at in kept) for row in rows if row[0] != "运行编号"]
    return [tuple(head[at] for at in kept), *(sorted(found) if path.name in BY_PLACE else found)]


def test_the_order_of_rows_changes_no_cell(plain, tmp_path):
    run(delivery(tmp_path / "资料", is_turned=True), tmp_path / "成果")
    one, other = plain / "成果" / "tables", tmp_path / "成果" / "tables"
    names = sorted(path.name for path in one.iterdir())
    assert names == sorted(path.name for path in other.iterdir())
    different = {
        name: set(lines(one / name)) ^ set(lines(other / name))
        for name in names
        if lines(one / name) != lines(other / name)
    }
    assert different == {}
    assert len(lines(one / "parcels.csv")) == 1 + len(CODES) + 1
    assert len(lines(one / "issues.csv")) > 5


def test_settings_and_processors_of_a_machine_change_no_byte(plain, tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ELSEWHERE, str(Path(__file__).parent), str(plain / "资料" / "landeval.toml"), str(tmp_path)],
        env={**os.environ, **SETTINGS, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    first, second = digests(plain / "成果"), digests(tmp_path)
    assert {name for name in first if first[name] != second.get(name)} == set()
    assert first.keys() == second.keys()


def test_a_changed_cell_or_order_is_seen(plain, tmp_path):
    """What blanks the places of rows leaves every other text, and the order of parcels."""
    text = (plain / "成果" / "tables" / "parcels.csv").read_text("utf-8-sig")
    copy = tmp_path / "parcels.csv"
    copy.write_text(text, "utf-8-sig", newline="")
    rows = lines(copy)
    assert rows == lines(plain / "成果" / "tables" / "parcels.csv")
    copy.write_text(text.replace("9999.5", "9999.6"), "utf-8-sig", newline="")
    assert lines(copy) != rows
    head, first, second, *rest = text.splitlines(keepends=True)
    copy.write_text("".join([head, second, first, *rest]), "utf-8-sig", newline="")
    assert lines(copy) != rows
