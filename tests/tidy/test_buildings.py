"""Building layers: fields by any name, odd figures questioned, repeats once, overlaps told."""

import numpy as np
import pytest
from writers import EAST, NORTH, PROJECT, read, shapefile, square, workbook

from landeval.errors import InputRefusedError
from landeval.issues import gather
from landeval.tidy.buildings import tidy_buildings

FIELDS = [("幢号", "C", 10), ("JZMC", "C", 20), ("层数", "N", 6), ("高度(m)", "N", 8), ("JZMJ", "N", 12)]


def tidied(tmp_path, rows, shapes=None, fields=FIELDS, **settings):
    path = shapefile(tmp_path / "建筑.shp", fields, rows, shapes, **settings)
    found = tidy_buildings([read(path, "buildings")], PROJECT)
    return found, gather(found.issues)


def test_storeys_height_and_floor_area_are_read(tmp_path):
    found, told = tidied(tmp_path, [("1", "虚构厂房", "3", "12.6", "29000"), ("2", "", "", "", "")])
    frame = found.frame
    assert frame[["building_no", "storeys", "height_m", "floor_area_m2"]].iloc[0].tolist() == [
        "1",
        3.0,
        12.6,
        29000.0,
    ]
    assert frame[["storeys", "height_m", "floor_area_m2"]].iloc[1].isna().all()
    assert frame["is_reliable"].all()
    assert frame["measured_m2"].tolist() == pytest.approx([10_000.0] * 2, rel=1e-3)
    assert not told["code"].str.startswith("E46").any()


def test_a_height_in_centimetres_is_read_as_such(tmp_path):
    fields = [("幢号", "C", 10), ("高度cm", "N", 8), ("楼高(cm)", "N", 8)]
    found, _ = tidied(tmp_path, [("1", "5", "1260")], fields=fields)
    assert found.frame["height_m"].tolist() == [12.6]


def test_storeys_as_text_are_read_or_told_and_never_guessed(tmp_path):
    fields = [("幢号", "C", 10), ("层数", "C", 12), ("建筑高度", "C", 12)]
    rows = [
        ("1", "3层", "12.6米"),
        ("2", "三层", "约9"),
        ("3", "1-2", "9～12"),
        ("4", "-1", "-3"),
        ("5", "０３", "9"),
    ]
    found, told = tidied(tmp_path, rows, fields=fields)
    assert found.frame["storeys"].fillna(0).tolist() == [3, 0, 0, 0, 3]
    assert found.frame["height_m"].fillna(0).tolist() == [12.6, 0, 0, 0, 9]
    lost = told[told["code"].isin(["E203", "E256"])]
    assert sorted(zip(lost["source_row"], lost["column"], strict=True)) == [
        (row, column) for row in (2, 3, 4) for column in ("层数", "建筑高度")
    ]


def test_what_can_hardly_be_is_questioned_and_left_as_it_is(tmp_path):
    rows = [
        ("1", "", "6", "3", ""),
        ("2", "", "0", "", ""),
        ("3", "", "1", "6", "0"),
        ("4", "", "2", "9", "2000"),
        ("5", "", "2", "9", "20000"),
    ]
    found, told = tidied(tmp_path, rows)
    odd = told[told["code"] == "E461"].sort_values("source_row")
    assert odd["source_row"].tolist() == [1, 2, 3, 4]
    assert odd["column"].tolist() == ["高度(m)", "层数", "总建筑面积(㎡)", "总建筑面积(㎡)"]
    assert "平均每层 0.50 m" in odd["what"].iloc[0]
    assert found.frame["storeys"].tolist() == [6.0, 0.0, 1.0, 2.0, 2.0]
    assert found.frame["height_m"].tolist()[0] == 3.0


def test_what_can_hardly_be_is_marked_not_to_be_reckoned_with(tmp_path):
    rows = [
        ("1", "", "2008", "9", ""),  # a year
        ("2", "", "1", "9000", ""),  # millimetres
        ("3", "", "6", "3", ""),
        ("4", "", "1", "9", "1.2"),  # 万㎡
        ("5", "", "1", "9", "30000"),
        ("6", "", "4", "16", "11000"),  # a low hall with a tower
        ("7", "", "120", "480", ""),
        ("8", "", "1", "2", "5000"),
        ("9", "", "1", "40", "19000"),
    ]
    found, told = tidied(tmp_path, rows)
    frame = found.frame
    assert (frame.index[frame["odd_storeys"]] + 1).tolist() == [1, 3]
    assert (frame.index[frame["odd_height"]] + 1).tolist() == [2, 3]
    assert (frame.index[frame["odd_floor"]] + 1).tolist() == [4, 5]
    odd = told[told["code"] == "E461"].set_index("source_row")["what"]
    assert odd.index.tolist() == [1, 2, 3, 4, 5, 6]
    assert odd[6].endswith("仍采用填报数")


def test_an_exact_repeat_counts_once_and_other_words_make_another_record(tmp_path):
    rows = [("1", "甲", "1", "6", ""), ("1", "甲", "1", "6", ""), ("1", "乙", "1", "6", "")]
    found, told = tidied(tmp_path, rows, [square(0)] * 3)
    assert found.frame["source_row"].tolist() == [1, 3]
    assert found.states["source_row"].tolist() == [2]
    assert told.loc[told["code"] == "E220", "source_row"].tolist() == [2]
    assert found.frame["is_stacked"].tolist() == found.frame["is_twin"].tolist() == [True, True]


def test_overlaps_are_told_of_both_and_only_large_ones_forbid_adding_storeys(tmp_path):
    shapes = [square(0), square(0, east=EAST + 99), square(0, east=EAST + 299), square(0, east=EAST + 349)]
    found, told = tidied(tmp_path, [(str(i), "", "1", "6", "") for i in range(4)], shapes)
    pairs = told[told["code"] == "E463"].sort_values("source_row")
    assert pairs["source_row"].tolist() == [1, 2, 3, 4]
    assert "与 建筑.shp 第 2 行重叠 100.0 ㎡，占本幢 1.0%" in pairs["what"].iloc[0]
    assert found.frame["is_stacked"].tolist() == [False, False, True, True]
    assert not found.frame["is_twin"].any()


def test_missing_and_unsound_shapes_are_told_and_kept(tmp_path):
    tie = [(EAST, NORTH), (EAST + 100, NORTH + 100), (EAST + 100, NORTH), (EAST, NORTH + 100), (EAST, NORTH)]
    found, told = tidied(tmp_path, [(str(i), "", "1", "6", "") for i in range(3)], [square(3), [tie], None])
    assert found.frame["is_reliable"].tolist() == [True, False, False]
    assert found.frame.geometry.isna().tolist() == [False, False, True]
    assert told.loc[told["code"] == "E462", "source_row"].tolist() == [2]
    assert told.loc[told["code"] == "E460", "source_row"].tolist() == [3]
    assert np.isnan(found.frame["measured_m2"]).tolist() == [False, True, True]


def test_a_table_without_shapes_is_refused(tmp_path):
    path = workbook(tmp_path / "建筑.xlsx", {"Sheet1": [["幢号", "层数"], ["1", 2]]})
    with pytest.raises(InputRefusedError, match="建筑表没有图形"):
        tidy_buildings([read(path, "buildings")], PROJECT)
