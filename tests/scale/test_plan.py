"""Which units a province has, and what holds for all of them."""

import tomllib

import pytest
from units import province, unit

from landeval.errors import ConfigurationError
from landeval.publish.starter.settings_form import write_settings_form
from landeval.scale.plan import plan_of
from landeval.settings.load import load_project
from landeval.settings_table import FILE_NAME


def test_units_are_subfolders_with_settings_in_the_order_of_their_names(tmp_path):
    province(tmp_path / "全省", 2)
    (tmp_path / "全省" / "资料").mkdir()
    plan = plan_of(tmp_path / "全省")
    assert [one.name for one in plan.units] == ["虚构1县", "虚构2县"]
    assert (plan.title, plan.scope) == ("全省", None)


def test_a_list_names_folders_and_settings_relative_to_itself(tmp_path):
    unit(tmp_path / "甲", 1)
    unit(tmp_path / "深" / "乙", 2)
    (tmp_path / "名单.txt").write_text("深/乙/landeval.toml  # 乙县\n\n# 没有\n甲\n", "utf-8")
    assert [one.name for one in plan_of(tmp_path / "名单.txt").units] == ["乙", "甲"]


def test_a_unit_that_is_set_up_in_a_table_is_one_too(tmp_path):
    for name, number in (("甲", 1), ("乙", 2)):
        unit(tmp_path / name, number)
    toml = tmp_path / "乙" / "landeval.toml"
    write_settings_form(tmp_path / "乙" / FILE_NAME, tomllib.loads(toml.read_text("utf-8")))
    with pytest.raises(ConfigurationError, match="都有"):
        plan_of(tmp_path)
    toml.unlink()
    (tmp_path / "名单.txt").write_text(f"乙/{FILE_NAME}\n甲\n", "utf-8")
    for place in (tmp_path, tmp_path / "名单.txt"):
        units = plan_of(place).units
        assert [(one.name, one.settings.name) for one in units] == [
            ("乙", FILE_NAME),
            ("甲", "landeval.toml"),
        ]
        assert all(load_project(one.settings).sources for one in units)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ('units = ["虚构9县"]', "E660", "虚构9县"),
        ("unit = 1", "E607", "units"),
        ('[grading]\nscope = "省"', "E611", "province"),
        ("[common]\ntitle = '甲'", "E607", "title"),
        ("[common\n", "E606", "province.toml"),
    ],
)
def test_what_the_settings_cannot_mean_is_refused(tmp_path, text, code, said):
    province(tmp_path, 1)
    (tmp_path / "province.toml").write_text(text, "utf-8")
    with pytest.raises(ConfigurationError, match=said) as refused:
        plan_of(tmp_path)
    assert refused.value.code == code


@pytest.mark.parametrize("name", ["没有", "空"])
def test_nothing_there_is_refused(tmp_path, name):
    (tmp_path / "空").mkdir()
    with pytest.raises(ConfigurationError) as refused:
        plan_of(tmp_path / name)
    assert refused.value.code == {"没有": "E605", "空": "E660"}[name]


def test_two_units_of_one_name_are_refused(tmp_path):
    unit(tmp_path / "甲" / "县", 1)
    unit(tmp_path / "乙" / "县", 2)
    (tmp_path / "名单.txt").write_text("甲/县\n乙/县\n", "utf-8")
    with pytest.raises(ConfigurationError, match="第 2 行"):
        plan_of(tmp_path / "名单.txt")


def test_a_unit_may_not_be_called_as_the_whole(tmp_path):
    unit(tmp_path / "全省", 1)
    with pytest.raises(ConfigurationError, match="全省"):
        plan_of(tmp_path)


def test_common_settings_hold_for_a_unit_and_one_that_differs_is_refused(tmp_path):
    file = unit(tmp_path / "甲", 1, settings="")
    (tmp_path / "规则.toml").write_text("", "utf-8")
    (tmp_path / "province.toml").write_text(
        '[common]\nyear = 2023\nas_of = 2023-12-31\nrules_file = "规则.toml"\n[common.judge]\nidle = false\n',
        "utf-8",
    )
    common = plan_of(tmp_path).common
    project = load_project(file, common=common)
    assert (project.year, project.switches.idle) == (2023, False)
    unit(tmp_path / "甲", 1, settings="year = 2024\n")
    with pytest.raises(ConfigurationError, match="year 与全省共同的设置不同：2024，全省是 2023") as refused:
        load_project(file, common=common)
    assert refused.value.code == "E661"
