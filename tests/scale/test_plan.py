"""Which units a province has, and what holds for all of them."""

import pytest
from units import province, unit

from landeval.errors import ConfigurationError
from landeval.scale.plan import plan_of
from landeval.settings.load import load_project


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
