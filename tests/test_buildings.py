"""Buildings through the whole run: ratios, unused land, evidence, and a state for every record."""

import geopandas as gpd
import numpy as np
import pytest
from bureau import CODES, PARCEL_FIELDS, PARCEL_ROWS, assert_told, check, delivery, states
from writers import EAST, NORTH, shapefile, square, workbook

from landeval import load_project
from landeval.errors import ConfigurationError, InputRefusedError
from landeval.trial import Trial, tried

FIELDS = [("建筑编号", "C", 10), ("层数", "N", 6), ("高度", "N", 8), ("建筑面积", "N", 12)]


def hall(east, north, wide, long):
    """Return the rings of a hall, metres from the corner of the first parcel."""
    x, y = EAST + east, NORTH + north
    return [[(x, y), (x, y + long), (x + wide, y + long), (x + wide, y), (x, y)]]


HALLS = [
    (("A1", "1", "9", ""), hall(0, 0, 50, 40)),
    (("A2", "3", "12", ""), hall(0, 60, 50, 40)),
    (("B1", "", "", ""), hall(210, 10, 50, 50)),
    (("C1", "2", "", "6000"), hall(410, 10, 50, 50)),
    (("外1", "1", "6", ""), hall(160, 0, 20, 20)),
    (("A1", "1", "9", ""), hall(0, 0, 50, 40)),
    (("无形", "1", "6", ""), None),
]
BOW_TIE = [[(EAST + 420, NORTH + 70), (EAST + 440, NORTH + 90), (EAST + 440, NORTH + 70), (EAST + 420, NORTH + 90), (EAST + 420, NORTH + 70)]]  # fmt: skip


def layer(folder, halls=HALLS, **settings):
    return shapefile(
        folder / "建筑.shp", FIELDS, [row for row, _ in halls], [shape for _, shape in halls], **settings
    )


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    folder = tmp_path_factory.mktemp("run")
    return check(**delivery(folder), buildings=layer(folder))


def test_ratios_and_unused_land_of_what_stands_there(run):
    land = run.parcels.loc[CODES[0]]
    assert land["area_mu"] == 15.0
    assert land["footprint_m2"] == pytest.approx(4000, rel=1e-3)
    assert land["floor_area_m2"] == pytest.approx(8000, rel=1e-3)
    assert land["plot_ratio"] == pytest.approx(0.8, rel=1e-3)
    assert land["plot_ratio_doubled"] == pytest.approx(1.0, rel=1e-3)
    assert land["building_density_percent"] == pytest.approx(40, rel=1e-3)
    assert np.isnan(land["building_factor_percent"])  # nobody has written the open yard
    assert land["unused_most_m2"] == pytest.approx(44 * 100, rel=2e-2)  # and the mouth of the lane
    assert np.isnan(land["unused_separable_m2"])
    assert land["floor_area_basis"] == land["footprint_basis"] == "建筑图层"
    assert land["unused_basis"] == "建筑图层推算，退让 6 米、宽 20 米以上，绿化未扣，须核实"
    assert land["buildings"] == "建筑.shp 2 幢：第 1、2 行"


def test_an_unknown_number_of_storeys_leaves_the_plot_ratio_unknown(run):
    land = run.parcels.loc[CODES[1]]
    assert np.isnan(land["floor_area_m2"])
    assert np.isnan(land["plot_ratio"])
    assert land["building_density_percent"] == pytest.approx(25, rel=1e-3)
    assert_told(run.issues, "E464", file="建筑.shp", row=3)
    finding = run.findings[
        (run.findings["unit_id"] == CODES[1]) & (run.findings["rule_id"] == "lowuse.plot_ratio")
    ]
    assert finding["verdict"].tolist() == ["无法判定"]


def test_a_written_floor_area_goes_before_storeys_and_its_high_part_stays_unknown(run):
    land = run.parcels.loc[CODES[2]]
    assert land["floor_area_m2"] == pytest.approx(6000.0, rel=1e-9)
    assert np.isnan(land["plot_ratio_doubled"])


def test_every_building_has_a_state(run):
    assert states(run, "建筑.shp") == {
        1: "采用", 2: "采用", 3: "采用有提示", 4: "采用", 5: "未匹配", 6: "重复", 7: "缺图形",
    }  # fmt: skip
    rows = run.reconciliation.set_index("source_row")[lambda frame: frame["source_file"] == "建筑.shp"]
    assert rows["table_kind"].eq("建筑").all()
    assert rows.loc[1, "destination"] == f"宗地 {CODES[0]}"
    assert rows.loc[5, "destination"] == "不在任何宗地上"
    assert_told(run.issues, "E460", file="建筑.shp", row=7)
    assert_told(run.issues, "E468", file="建筑.shp", what="1 幢")


def test_verdicts_cite_the_rows_of_the_layer(run):
    findings = run.findings.set_index(["unit_id", "rule_id"])
    low = findings.loc[(CODES[1], "lowuse.building_factor")]
    assert (low["verdict"], low["evidence"]) == ("无法判定", "建筑.shp 1 幢：第 3 行")
    assert low["reason"].startswith("建筑物占地 25%，构筑物和露天堆场占地未知")
    high = findings.loc[(CODES[0], "lowuse.building_factor")]
    assert (high["verdict"], high["reason"]) == ("达标", "建筑物占地已有 40%，不低于 30%")
    left = findings.loc[(CODES[0], "lowuse.unused")]
    assert (left["verdict"], left["evidence"]) == ("无法判定", "建筑.shp 2 幢：第 1、2 行")
    assert "建筑图层推算，退让 6 米" in left["reason"]
    assert "露天堆场占地未知" in left["reason"]


def test_without_a_layer_nothing_is_known_and_nothing_is_said(tmp_path):
    found = check(**delivery(tmp_path))
    names = [
        "footprint_m2",
        "floor_area_m2",
        "plot_ratio",
        "building_factor_percent",
        "unused_separable_m2",
        "unused_most_m2",
    ]
    assert found.parcels[names].isna().all(axis=None)
    assert (found.parcels[["floor_area_basis", "footprint_basis", "unused_basis", "buildings"]] == "").all(
        axis=None
    )
    assert not found.issues["code"].str.startswith("E46").any()


def test_an_unsound_building_makes_its_parcel_unknown(tmp_path):
    found = check(
        **delivery(tmp_path), buildings=layer(tmp_path, [*HALLS, (("领结", "1", "6", ""), BOW_TIE)])
    )
    land = found.parcels.loc[CODES[2]]
    assert land[["footprint_m2", "floor_area_m2", "unused_most_m2"]].isna().all()
    assert states(found, "建筑.shp")[8] == "无法判定（图形不可靠）"


@pytest.mark.parametrize(
    ("suffix", "epsg"), [("gpkg", 4490), ("geojson", 4490), ("parquet", 4525), ("gpkg", 4525)]
)
def test_any_format_and_system_gives_the_same_figures(run, tmp_path, suffix, epsg):
    frame = gpd.read_file(layer(tmp_path), encoding="gb18030").to_crs(epsg)
    path = tmp_path / f"建筑2.{suffix}"
    frame.to_parquet(path) if suffix == "parquet" else frame.to_file(path)
    found = check(**delivery(tmp_path), buildings=path)
    names = ["footprint_m2", "floor_area_m2", "plot_ratio", "plot_ratio_doubled", "unused_most_m2"]
    same = found.parcels[names].to_numpy(dtype=float)
    assert same == pytest.approx(run.parcels[names].to_numpy(dtype=float), rel=2e-4, nan_ok=True)


def test_what_the_parcel_layer_writes_stays(tmp_path):
    fields = [*PARCEL_FIELDS, ("总建筑面积", "N", 12)]
    rows = [(*row, written) for row, written in zip(PARCEL_ROWS, ("9000", "7000", ""), strict=True)]
    given = delivery(tmp_path)
    given["parcels"] = shapefile(tmp_path / "宗地.shp", fields, rows, [square(i) for i in range(3)])
    found = check(**given, buildings=layer(tmp_path))
    assert found.parcels["floor_area_m2"].tolist() == pytest.approx([9000, 7000, 6000])
    assert found.parcels["floor_area_basis"].str[:4].tolist() == ["填报", "填报", "建筑图层"]
    told = found.issues[found.issues["code"] == "E465"]
    assert told["source_row"].tolist() == [1]
    assert_told(found.issues, "E465", file="宗地.shp", raw="9000", what="（建筑.shp 2 幢：第 1、2 行）")
    cited = found.findings.set_index(["unit_id", "rule_id"])["evidence"]
    assert cited[CODES[0], "lowuse.plot_ratio"].startswith("宗地.shp［宗地］第 1 行「总建筑面积」")


def test_storeys_can_be_corrected(tmp_path):
    header = ["来源文件", "行号", "列", "原值", "更正值", "更正人", "更正依据"]
    slip = workbook(
        tmp_path / "更正.xlsx", {"更正": [header, ["建筑.shp", 3, "层数", "", "2", "虚构员", "实地核查"]]}
    )
    found = check(**delivery(tmp_path), buildings=layer(tmp_path), corrections=slip)
    assert found.parcels.loc[CODES[1], "floor_area_m2"] == pytest.approx(5000, rel=1e-3)


def test_a_bureau_sets_setback_and_width(tmp_path):
    paths = delivery(tmp_path) | {"buildings": layer(tmp_path)}
    body = "".join(f'[{name}]\npath = "{path.name}"\n' for name, path in paths.items())
    rules = '[rules."lowuse.setback_m"]\nvalue = 10\nreason = "虚构"\nwho = "虚构员"\nwhen = 2024-06-01\n'
    (tmp_path / "landeval.toml").write_text("as_of = 2024-12-31\n" + body + rules, "utf-8")
    from landeval import evaluate

    land = evaluate(load_project(tmp_path)).parcels.loc[CODES[0]]
    assert land["unused_most_m2"] == pytest.approx(40 * 100, rel=2e-2)
    assert "退让 10 米" in land["unused_basis"]


def test_a_table_is_no_building_layer(tmp_path):
    book = workbook(tmp_path / "建筑.xlsx", {"建筑": [["建筑编号", "层数"], ["1", 2]]})
    with pytest.raises(InputRefusedError, match="建筑表没有图形"):
        check(**delivery(tmp_path), buildings=book)


def test_a_trial_cannot_measure_anew(run):
    with pytest.raises(ConfigurationError, match="不重新量算"):
        tried(run.basis, {"lowuse.setback_m": "8"}, Trial())
