"""Frames handed over in memory give what the same content gives as files; what cannot be read is refused or told."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from bureau import (
    FIRM_HEADER,
    FIRM_ROWS,
    PARCEL_FIELDS,
    assert_same_figures,
    check,
    delivery,
    states,
)

from landeval import evaluate, load_project
from landeval.errors import ConfigurationError, InputRefusedError, LandevalError
from landeval.read.frame import read_frame
from landeval.sources import Source


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return delivery(tmp_path_factory.mktemp("资料"))


@pytest.fixture(scope="module")
def land(files):
    return gpd.read_file(files["parcels"], encoding="gbk")


@pytest.fixture(scope="module")
def firms():
    return pd.DataFrame(FIRM_ROWS, columns=FIRM_HEADER)


def test_frames_give_what_the_files_give(files, land, firms):
    clean = check(**files)
    found = check(parcels=land, enterprises=firms)
    assert_same_figures(found, clean)
    assert found.status["status"].tolist() == clean.status["status"].tolist()
    assert states(found, "宗地（数据框）") == states(clean, "宗地.shp")
    assert list(states(found, "企业表（数据框）").values()) == list(states(clean, "企业.xlsx").values())


def test_fields_may_be_called_by_their_own_names_and_carry_their_unit(files, land):
    clean = check(**files)
    names = dict(
        zip(
            [name for name, *_ in PARCEL_FIELDS],
            ["parcel_code", "holder_name", "area_registered_m2", "land_use"],
            strict=True,
        )
    )
    firms = pd.DataFrame(
        FIRM_ROWS, columns=["name", "year", "investment_wan_yuan", "output_wan_yuan", "tax_wan_yuan"]
    )
    found = check(parcels=land.rename(columns=names), enterprises=firms)
    assert_same_figures(found, clean)
    assert "E208" not in set(found.issues["code"])
    assert "E233" not in set(found.issues["code"])


def test_a_frame_is_not_changed_and_called_as_its_attrs_say(land, firms):
    land, firms = land.copy(), firms.copy()
    firms.attrs["name"] = "统计局 2024"
    kept, asked = land.copy(), firms.copy()
    found = check(parcels=land, enterprises=firms)
    pd.testing.assert_frame_equal(land, kept)
    pd.testing.assert_frame_equal(firms, asked)
    assert set(states(found, "统计局 2024").values()) == {"采用"}
    told = {one["file"]: one for one in found.meta["inputs"]}
    assert told["统计局 2024"]["format"] == "数据框"
    assert len(told["统计局 2024"]["sha256"]) == 64


def test_several_frames_of_a_table_are_told_apart(land, firms):
    found = check(parcels=land, enterprises=[firms[firms["年度"] == 2024].iloc[:2], firms.iloc[2:]])
    assert set(states(found, "企业表（数据框 1）")) == {1, 2}
    assert set(states(found, "企业表（数据框 2）")) == {1}


def test_settings_say_units_and_columns_of_a_frame(files, land):
    clean = check(**files)
    firms = pd.DataFrame(
        [[n, y, i, o, t * 1e4] for n, y, i, o, t in FIRM_ROWS], columns=[*FIRM_HEADER[:4], "甲栏"]
    )
    settings = {"enterprises": {"columns": {"tax_wan_yuan": "甲栏"}, "units": {"tax_wan_yuan": "元"}}}
    assert_same_figures(check(parcels=land, enterprises=firms, settings=settings), clean)


def test_settings_go_over_those_of_a_file(files, tmp_path):
    (tmp_path / "landeval.toml").write_text(
        f'title = "甲"\nyear = 2024\n[parcels]\npath = "{files["parcels"].as_posix()}"\n[judge]\nidle = false\n',
        "utf-8",
    )
    project = load_project(tmp_path, settings={"title": "乙", "judge": {"low_use": False}})
    assert (project.title, project.switches.idle, project.switches.low_use) == ("乙", False, False)
    assert [source.table for source in project.sources] == ["parcels"]


def test_what_settings_name_without_a_toml_is_obeyed_or_refused(land, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_project(parcels=land, settings={"grading": {"scheme": "dongkou"}}).grading is not None
    for settings in (
        {"grading": {"scheme": "没有"}},
        {"rules_file": "没有.toml"},
        {"supply_tiers": "没有.toml"},
        {"report": {"template": "没有.docx"}},
        {"index": {"scheme": "没有.toml"}},
        {"没有": 1},
    ):
        with pytest.raises(ConfigurationError):
            load_project(parcels=land, settings=settings)


def test_every_kind_of_missing_value_is_blank_and_kinds_of_values_are_pythons_own():
    frame = pd.DataFrame(
        {
            "甲": pd.Series([1, pd.NA], dtype="Int64"),
            "乙": [np.nan, 2.5],
            "丙": [pd.NaT, pd.Timestamp("2021-09-24", tz="Asia/Shanghai")],
            "丁": pd.Categorical(["工业", None]),
            "戊": [Decimal("1.25"), None],
            "己": pd.Series([True, None], dtype="boolean"),
            "庚": [dt.date(2024, 1, 2), b"\xe7\x94\xb2"],
            "辛": [pd.Period("2024-01", "M"), shapely.Point(1, 2)],
        },
    ).set_axis(pd.Index(["a", "b"], name="编号"))
    raw = read_frame(Source("enterprises", path=Path("甲"), frame=frame))
    assert raw.headers == ("编号", *"甲乙丙丁戊己庚辛")
    rows = raw.frame[[f"c{at}" for at in range(9)]].to_numpy(dtype=object).tolist()
    assert rows[0] == ["a", 1, None, None, "工业", "1.25", True, dt.date(2024, 1, 2), "2024-01"]
    assert rows[1] == ["b", None, 2.5, dt.datetime(2021, 9, 24), None, None, None, "甲", "POINT (1 2)"]
    assert [type(one) for one in rows[0][:2]] == [str, int]


def test_the_digest_follows_the_content(land, firms):
    def digest(frame):
        return read_frame(Source("parcels", path=Path("甲"), frame=frame)).facts["sha256"]

    moved = land.copy()
    moved.geometry = moved.geometry.translate(0.001)
    other = land.copy()
    other.loc[0, "权利人"] = "另一家"
    assert digest(land) == digest(land.copy())
    assert len({digest(land), digest(moved), digest(other), digest(land.to_crs(4490))}) == 4


def test_land_in_another_system_comes_to_the_same_place(files, land, firms):
    assert_same_figures(check(parcels=land.to_crs(4490), enterprises=firms), check(**files), rel=2e-4)


def test_land_without_a_system_is_told_like_a_file_without_one(land, firms):
    bare = land.set_crs(None, allow_override=True)
    found = check(parcels=bare, enterprises=firms)
    assert (found.parcels["area_mu"] > 0).all()  # found out from its coordinates, and told
    assert {"E211", "E210"} & set(found.issues["code"]) or len(found.issues)


def test_what_no_frame_can_be_is_refused(land, firms):
    twice = pd.DataFrame([[1, 2]], columns=pd.MultiIndex.from_tuples([("a", "b"), ("a", "c")]))
    points = land.set_geometry(land.geometry.centroid)
    for options, code in (
        ({"parcels": land, "enterprises": twice}, "E176"),
        ({"parcels": land, "enterprises": firms.iloc[:0]}, "E133"),
        ({"parcels": points}, "E135"),
        ({"parcels": land.iloc[:0]}, "E133"),
    ):
        with pytest.raises(InputRefusedError) as refused:
            evaluate(load_project(as_of="2024-12-31", **options))
        assert refused.value.code == code
    with pytest.raises(LandevalError):
        load_project(parcels=land, imagery=firms)


def test_two_columns_of_one_name_that_differ_are_refused(land, firms):
    twice = pd.concat([firms, firms[["入库税收（万元）"]] + 1], axis=1)
    with pytest.raises(InputRefusedError) as refused:
        check(parcels=land, enterprises=twice)
    assert refused.value.code == "E175"
