"""Layout layers of three levels."""

import pytest
from writers import EAST, NORTH, PROJECT, read, shapefile, square, workbook

from landeval.errors import InputRefusedError
from landeval.issues import gather
from landeval.tidy.layout import tidy_layout

FIELDS = [("层级", "C", 10), ("编号", "C", 10), ("名称", "C", 20), ("上级编号", "C", 10)]


def tidied(tmp_path, rows, shapes=None, **settings):
    zones, _, problems, _ = tidy_layout(
        [read(shapefile(tmp_path / "布局.shp", FIELDS, rows, shapes), "layout", **settings)], PROJECT
    )
    return zones, gather(problems)


def test_levels_are_read_in_any_writing_and_ordered(tmp_path):
    zones, _ = tidied(
        tmp_path, [("社区", "S1", "", "B1"), ("2", "B1", "基地一", "C1"), ("产业集群", "C1", "集群", "")]
    )
    assert zones[["zone_level", "zone_code", "zone_name"]].values.tolist() == [
        ["产业集群", "C1", "集群"], ["产业基地", "B1", "基地一"], ["产业社区", "S1", "S1"]]  # fmt: skip


def test_a_level_that_is_none_is_refused_with_its_record(tmp_path):
    with pytest.raises(InputRefusedError, match=r"看不出分区的层级(.|\n)*第 2 条"):
        tidied(tmp_path, [("社区", "S1", "", ""), ("大片", "S2", "", "")])
    zones, _ = tidied(tmp_path, [("", "S1", "", "")], level="产业社区")
    assert zones["zone_level"].tolist() == ["产业社区"]


def test_a_broken_or_missing_shape_is_not_used(tmp_path):
    tie = [(EAST, NORTH), (EAST + 100, NORTH + 100), (EAST + 100, NORTH), (EAST, NORTH + 100), (EAST, NORTH)]
    zones, issues = tidied(tmp_path, [("社区", f"S{i}", "", "") for i in range(3)], [square(0), [tie], None])
    assert zones.geometry.isna().tolist() == [False, True, True]
    assert issues.loc[issues["code"] == "E504", "source_row"].tolist() == [2, 3]


def test_a_filter_leaves_every_zone_its_own_shape(tmp_path):
    rows = [("集群", "C1", "", ""), ("社区", "S1", "", ""), ("集群", "C2", "", ""), ("社区", "S2", "", "")]
    shapes = [square(at) for at in range(4)]
    every, _ = tidied(tmp_path, rows, shapes)
    some, _ = tidied(tmp_path, rows, shapes, where={"层级": ("社区",)})
    assert some["zone_code"].tolist() == ["S1", "S2"]
    whole = every.set_index("zone_code").geometry
    assert [
        shape.equals(whole[code]) for code, shape in zip(some["zone_code"], some.geometry, strict=True)
    ] == [True, True]


def test_a_table_is_no_layout(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"布局": [["层级", "编号"], ["社区", "S1"]]})
    with pytest.raises(InputRefusedError, match="布局"):
        tidy_layout([read(path, "layout")], PROJECT)
