"""Layers laid over the parcels: areas or lines, sound or told; the effect is never guessed."""

import pytest
from writers import EAST, NORTH, PROJECT, read, shapefile, square

from landeval.errors import ConfigurationError, InputRefusedError
from landeval.issues import gather
from landeval.settings.load import load_project
from landeval.tidy.overlays import tidy_overlays

LINE = [[(EAST, NORTH), (EAST + 300, NORTH), (EAST + 300, NORTH + 50)]]
TIE = [[(EAST, NORTH), (EAST + 100, NORTH + 100), (EAST + 100, NORTH), (EAST, NORTH + 100), (EAST, NORTH)]]
FIELDS = [("用地性质", "C", 20), ("OBJECTID", "C", 9)]


def tidied(tmp_path, rows, shapes, effect, *, kind=5, **settings):
    path = shapefile(tmp_path / "图层.shp", FIELDS, rows, shapes, kind=kind)
    made = tidy_overlays([read(path, "overlays", effect=effect, overlay="虚构图层", **settings)], PROJECT)
    return made.frame, gather(made.issues)


def test_a_road_may_be_lines_with_a_width(tmp_path):
    frame, told = tidied(tmp_path, [("", "1")], [LINE], "道路", kind=3, width_m=9.0)
    assert frame.geometry.iloc[0].geom_type == "LineString"
    assert frame[["overlay_name", "overlay_effect", "width_m", "is_reliable"]].values.tolist() == [
        ["虚构图层", "道路", 9.0, True]
    ]
    assert told["code"].tolist() == ["E101"] or told.empty


def test_lines_where_areas_are_needed_are_refused(tmp_path):
    with pytest.raises(InputRefusedError, match="线图层"):
        tidied(tmp_path, [("", "1")], [LINE], "永久基本农田", kind=3)


def test_parcels_still_may_not_be_lines(tmp_path):
    with pytest.raises(InputRefusedError, match="不是面图层"):
        read(shapefile(tmp_path / "宗地.shp", FIELDS, [("", "1")], [LINE], kind=3), "parcels")


def test_a_broken_or_missing_shape_is_told_and_not_used(tmp_path):
    frame, told = tidied(
        tmp_path, [("工业", "1"), ("工业", "2"), ("", "3")], [square(0), TIE, None], "规划用途"
    )
    assert frame["is_reliable"].tolist() == [True, False, False]
    assert told.loc[told["code"] == "E713", "source_row"].tolist() == [2, 3]
    assert "E201" not in set(told["code"])


def test_a_planned_use_that_is_not_written_is_told(tmp_path):
    frame, told = tidied(tmp_path, [("公园绿地", "1"), ("", "2")], [square(0), square(1)], "规划用途")
    assert frame["overlay_use"].fillna("").tolist() == ["公园绿地", ""]
    assert told.loc[told["code"] == "E716", "source_row"].tolist() == [2]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[overlays]]\npath = "a.shp"', "effect"),
        ('[[overlays]]\npath = "a.shp"\neffect = "基本农田"', "基本农田"),
        ('[[overlays]]\npath = "a.shp"\neffect = "道路"\nwidth = 3', "不认识的配置项 width"),
        ('[[overlays]]\npath = "a.shp"\neffect = "道路"\nwidth_m = -3', "width_m"),
        ("[blocks]\ngap_m = 80", "gap_m"),
        ('[blocks]\nmin_mu = "三十"', "min_mu"),
        ('[[layout]]\npath = "a.shp"\nsplit = true\n[[layout]]\npath = "b.shp"\nsplit = false', "split"),
        ('[parcels]\npath = "a.shp"\nsplit = true', "不认识的配置项 split"),
    ],
)
def test_a_mistake_in_the_settings_is_named(tmp_path, text, said):
    for name in ("a.shp", "b.shp"):
        (tmp_path / name).touch()
    (tmp_path / "landeval.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=said):
        load_project(tmp_path)


def test_settings_are_read(tmp_path):
    (tmp_path / "a.shp").touch()
    text = '[layout]\npath = "a.shp"\nsplit = true\n[blocks]\ngap_m = 2\n'
    (tmp_path / "landeval.toml").write_text(text, "utf-8")
    placing = load_project(tmp_path).placing
    assert (placing.split, placing.gap_m, placing.min_mu) == (True, 2.0, 30.0)
