"""The canonical parcels: ids that do not depend on the order of rows, duplicates counted once."""

import random

import pandas as pd
import pytest
import shapely
from writers import PROJECT, moved, read, shapefile, square, told, workbook

from landeval.issues import gather
from landeval.sources import SOURCE_COLUMNS
from landeval.tidy.area import legal_area
from landeval.tidy.parcels import tidy_parcels

FIELDS = [("ZDDM", "C", 19), ("QLR", "C", 40), ("ZDMJ", "C", 12)]
A, B, C = (f"430525001001GB0000{i}" for i in (1, 2, 3))


def tidied(tmp_path, *records, name="宗地.shp"):
    """Write records of (code, holder, area, place of the square) and tidy them."""
    rows = [(code, holder, area) for code, holder, area, _ in records]
    shapes = [None if at is None else square(at) for *_, at in records]
    return tidy([read(shapefile(tmp_path / name, FIELDS, rows, shapes))])


def tidy(raws):
    parcels, _, problems, _ = tidy_parcels(raws, PROJECT)
    return parcels, gather(problems)


def test_ids_are_the_parcel_codes(tmp_path):
    parcels, _ = tidied(tmp_path, (B, "乙", "1", 1), (A, "甲", "1", 0))
    assert parcels.index.tolist() == [A, B]
    assert parcels["holder_name"].tolist() == ["甲", "乙"]
    assert parcels.crs.to_epsg() == 4490


def test_the_frame_does_not_depend_on_the_order_of_rows(tmp_path):
    records = [
        (A, "甲", "10000", 0),
        (B, "乙", "9000", 1),
        (B, "丙", "8000", 2),
        (B, "乙", "9000", 1),
        (C, "丁", "", 3),
        (A, "甲", "1", None),
    ]
    frames = []
    for seed in range(6):
        random.Random(seed).shuffle(records)
        parcels, _ = tidied(tmp_path / str(seed), *records)
        frames.append(parcels.drop(columns="source_row"))
    for frame in frames[1:]:
        pd.testing.assert_frame_equal(pd.DataFrame(frame), pd.DataFrame(frames[0]))
    assert frames[0].index.tolist() == [A, f"{A}#2", B, f"{B}#2", C]


def test_a_code_that_stands_twice_is_numbered_and_told(tmp_path):
    parcels, issues = tidied(tmp_path, (A, "甲", "1", 0), (A, "乙", "2", 1))
    assert parcels.index.tolist() == [A, f"{A}#2"]
    found = issues[issues["code"] == "E212"]
    assert sorted(found["source_row"]) == [1, 2]


def test_a_numbered_id_never_meets_a_written_one(tmp_path):
    parcels, _ = tidied(tmp_path, ("7", "甲", "1", 0), ("7", "乙", "2", 1), ("7#2", "丙", "3", 2))
    assert parcels.index.is_unique
    assert len(parcels) == 3


def test_identical_records_count_once(tmp_path):
    parcels, issues = tidied(tmp_path, (A, "甲", "1", 0), (A, "甲", "1", 0), (B, "乙", "1", 1))
    assert parcels.index.tolist() == [A, B]
    assert issues.loc[issues["code"] == "E220", "source_row"].tolist() == [2]
    assert "E212" not in set(issues["code"])


def test_of_one_code_and_shape_the_first_record_is_kept(tmp_path):
    records = [(A, "乙", "2", 0), (A, "甲", "", 0), (A, "乙", "2", 0), (A, "丙", "3", 1), (B, "丁", "4", None), (B, "戊", "4", None)]  # fmt: skip
    parcels, issues = tidied(tmp_path, *records)
    assert sorted(parcels["source_row"]) == [
        1,
        4,
        5,
        6,
    ]  # without a shape nothing is known to be the same land
    found = issues[issues["code"] == "E286"]
    assert found[["level", "source_row", "record_key"]].values.tolist() == [["错误", 2, A]]
    assert "权利人 乙 / 甲；证载面积(㎡) 2 / 空" in found["what"].item()
    assert issues.loc[issues["code"] == "E220", "source_row"].tolist() == [3]
    assert "E227" not in set(issues["code"])


def test_one_shape_under_two_codes_is_told(tmp_path):
    _, issues = tidied(tmp_path, (A, "甲", "1", 0), (B, "乙", "1", 0))
    assert sorted(issues.loc[issues["code"] == "E227", "record_key"]) == [A, B]


def test_a_parcel_without_code_is_named_by_its_row(tmp_path):
    parcels, _ = tidied(tmp_path, (A, "甲", "1", 0), ("", "乙", "1", 1), ("—", "丙", "1", 2))
    assert parcels.index.tolist() == [A, "宗地-00002", "宗地-00003"]
    assert parcels["parcel_code"].isna().tolist() == [False, True, True]


def test_parcels_outside_the_county_are_flagged(tmp_path):
    shapes = [square(0), square(1), square(0, east=857_400.0)]
    path = shapefile(tmp_path / "p.shp", FIELDS, [(A, "甲", "", ), (B, "乙", ""), (C, "丙", "")], shapes)  # fmt: skip
    _, issues = tidy([read(path)])
    assert issues.loc[issues["code"] == "E216", "record_key"].tolist() == [C]


def test_layers_in_two_systems_stand_together(tmp_path):
    one = read(shapefile(tmp_path / "a.shp", FIELDS, [(A, "甲", "")], [square(0)]))
    other = read(shapefile(tmp_path / "b.shp", FIELDS, [(B, "乙", "")], [moved(square(1), 4525)], prj=4525))
    parcels, _ = tidy([one, other])
    together, _ = tidied(tmp_path / "c", (A, "甲", "", 0), (B, "乙", "", 1))
    for one, other in zip(parcels.geometry, together.geometry, strict=True):
        assert shapely.hausdorff_distance(one, other) < 1e-10
    assert parcels["area_measured_m2"].tolist() == pytest.approx(
        together["area_measured_m2"].tolist(), rel=1e-9
    )


def test_a_ledger_without_shapes_gives_parcels_without_area(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {"台账": [["宗地代码", "合同编号", "出让面积（亩）"], [A, "H1", 15], [None, "H2", 3]]},
    )
    parcels, _ = tidy([read(path, "contracts")])
    assert parcels.index.tolist() == [A, "H2"]
    assert parcels.geometry.isna().all()
    assert parcels["area_contract_m2"].tolist() == pytest.approx([10_000, 2_000])


def test_nothing_is_lost(tmp_path):
    records = [
        (A, "甲", "1", 0),
        (A, "甲", "1", 0),
        (A, "乙", "1", 1),
        ("", "丙", "1", None),
        (B, "丁", "x", 3),
    ]
    parcels, issues = tidied(tmp_path, *records)
    rows = set(parcels["source_row"]) | set(issues.loc[issues["code"] == "E220", "source_row"])
    assert rows == {1, 2, 3, 4, 5}
    assert list(parcels[list(SOURCE_COLUMNS)].drop_duplicates().index) == list(parcels.index)


@pytest.mark.parametrize(
    ("registered", "contract", "measured", "mu", "basis", "code"),
    [
        (10_000, 9_900, 10_020, 15, "证载面积", "E282"), (None, 10_000, 10_020, 15, "合同面积", None), (None, None, 10_000, 15, "图形面积", None),
        (None, None, None, None, "未知", "E219"), (0, None, 10_000, 15, "图形面积", None), (10_000, None, 10_150, 15, "证载面积", "E217"),
        (100_000, None, 100_060, 150, "证载面积", "E217"), (10_000, None, 10_600, 15, "证载面积", "E218"), (15, None, 10_000, None, "未知（面积矛盾）", "E242"),
        (10_000, None, 14_900, 15, "证载面积", "E218"),
        (10_000, None, None, 15, "证载面积", None),
    ],
)  # fmt: skip
def test_which_area_counts(registered, contract, measured, mu, basis, code):
    parcels = pd.DataFrame(
        {"area_registered_m2": [registered], "area_contract_m2": [contract], "area_measured_m2": [measured],
         "source_file": "a.shp", "source_layer": "a", "source_row": 1}, index=["P"]).astype(
        dict.fromkeys(["area_registered_m2", "area_contract_m2", "area_measured_m2"], "float64"))  # fmt: skip
    found, issues = legal_area(parcels)
    assert found["area_basis"].tolist() == [basis]
    assert found["area_mu"].tolist() == (
        [pytest.approx(mu)] if mu else [pytest.approx(float("nan"), nan_ok=True)]
    )
    assert issues["code"].tolist() == ([code] if code else [])
    if code in ("E217", "E218"):
        assert "采用证载面积" in told(issues, code)


def test_an_area_written_in_mu_but_read_as_square_metres_is_unknown_not_a_verdict():
    parcels = pd.DataFrame(
        {
            "area_registered_m2": [30.0, 20_000.0, 20_000.0, 31_000.0],
            "area_contract_m2": [20_000.0, None, None, None],
            "area_measured_m2": [20_000.0, 20_000.0, None, 20_000.0],
            "source_file": "宗地.shp",
            "source_layer": "宗地",
            "source_row": [1, 2, 3, 4],
        },
        index=["a", "b", "c", "d"],
    )
    found, issues = legal_area(parcels)
    assert found["area_mu"].isna().tolist() == [True, False, False, True]
    assert issues["code"].tolist() == ["E242", "E242"]
    assert "证载面积 30.00 ㎡，图形 20,000.00 ㎡" in issues["what"].iloc[0]


def test_parcels_drawn_as_one_polygon_without_other_area_have_its_land_once(tmp_path):
    rows = ((A, "甲", "", 0), (B, "乙", "", 0), ("430525001001GB00009", "丙", "9000", 0))
    parcels, _ = tidied(tmp_path, *rows)
    found = legal_area(parcels)[0]
    drawn = found["area_measured_m2"].iloc[0] * 3 / 2000
    assert found["area_mu"].tolist() == pytest.approx([drawn / 2, drawn / 2, 13.5], rel=1e-9)
