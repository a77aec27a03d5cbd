"""``landeval.toml`` and options: a typing mistake is named, never ignored."""

import datetime as dt

import pytest

from landeval.errors import ConfigurationError
from landeval.project import as_settings, check_units
from landeval.settings.load import load_project


def project(tmp_path, text="", encoding="utf-8", **options):
    (tmp_path / "宗地.shp").touch()
    path = tmp_path / "landeval.toml"
    path.write_bytes(text.encode(encoding))
    return load_project(path, **options)


def refused(tmp_path, text, said, **options):
    with pytest.raises(ConfigurationError, match=said) as caught:
        project(tmp_path, text, **options)
    assert caught.value.exit_code == 3
    return caught.value


def test_a_whole_project(tmp_path):
    found = project(tmp_path, '''
title = "虚构园区"
year = 2024
as_of = 2024-12-31
out = "成果"
[region]
name = "某县"
code = "430523"
bounds = [110, 26, 112, 28]
[crs]
accept_ballpark = true
towgs84 = [1, 2, 3]
[money]
currency = "美元"
[judge]
idle = false
suspended_logic = "all"
industrial_words = ["工业", "0601"]
[rules."dongkou.tax"]
value = 12
reason = "试算"
[[parcels]]
path = "宗地.shp"
crs = "EPSG:4525"
columns = { holder_name = "业主" }
units = { area_registered_m2 = "亩" }
where = { "状态" = ["在用", 1], "类别" = "工业" }
''')  # fmt: skip
    (source,) = found.sources_of("parcels")
    assert source.path == tmp_path / "宗地.shp"
    assert source.where == {"状态": ("在用", "1"), "类别": ("工业",)}
    assert (found.year, found.as_of, found.out) == (2024, dt.date(2024, 12, 31), tmp_path / "成果")
    assert (found.county_code, found.towgs84, found.currency) == ("430523", (1, 2, 3), "美元")
    assert not found.switches.idle
    assert found.switches.industrial_words == ("工业", "0601")
    assert found.overrides["dongkou.tax"]["value"] == 12
    assert str(tmp_path) not in str(as_settings(found))


@pytest.mark.parametrize("written", ["2025-01-31", "2025年1月31日", "2025/1/31", "2025.01.31", "20250131"])
def test_a_day_is_read_as_people_write_it(written, tmp_path):
    (tmp_path / "landeval.toml").write_text('title = "甲"\n', encoding="utf-8")
    assert load_project(tmp_path, as_of=written).as_of == dt.date(2025, 1, 31)


def test_the_folder_will_do_and_options_win(tmp_path):
    project(tmp_path, 'year = 2023\ntitle = "甲"\n')
    found = load_project(tmp_path, year=2024, as_of="2025-01-31", title=None)
    assert (found.year, found.as_of, found.title) == (2024, dt.date(2025, 1, 31), "甲")


def test_options_alone(tmp_path, monkeypatch):
    (tmp_path / "a.csv").touch()
    monkeypatch.chdir(tmp_path)
    found = load_project(enterprises=["a.csv"], parcels=None)
    assert [source.path for source in found.sources] == [tmp_path / "a.csv"]


def test_an_option_keeps_the_settings_of_the_source_it_replaces(tmp_path):
    (tmp_path / "新.shp").touch()
    found = project(
        tmp_path, '[parcels]\npath = "宗地.shp"\ncrs = "EPSG:4525"\n', parcels=str(tmp_path / "新.shp")
    )
    assert [(source.path.name, source.crs) for source in found.sources] == [("新.shp", "EPSG:4525")]


@pytest.mark.parametrize(
    ("text", "key", "near"),
    [
        ("titel = 'x'", "titel", "title"), ("[judge]\nlowuse = true", "lowuse", "low_use"), ("[region]\nbound = []", "bound", "bounds"),
        ("[parcels]\npath = '宗地.shp'\nsheet = 'x'\nlayr = 'x'", "(sheet|layr)", ""), ("[crs]\ntowgs = []", "towgs", "towgs84"),
        ("[parcels]\npath = '宗地.shp'\ncolumns = { holder = 'x' }", "holder", "holder_name"), ("[parcel]\npath = 'x'", "parcel", "parcels"),
        ("[parcels]\npath = '宗地.shp'\nunits = { area_m2 = '亩' }", "area_m2", "area_tax_m2"),
    ],
)  # fmt: skip
def test_an_unknown_key_is_refused_with_the_nearest(tmp_path, text, key, near):
    error = refused(tmp_path, text, f"不认识的(配置项|数据项) {key}")
    assert "是不是" in str(error)
    assert near in str(error)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("year = '2024'", "year 的值不可用"), ("year = 24", "year 的值不可用"), ("year = true", "year 的值不可用"), ("year = 2024.0", "year 的值不可用"),
        ("as_of = 'gestern'", "as_of 的值不可用"), ("as_of = '2024-02-30'", "as_of 的值不可用"), ("title = 5", "title 的值不可用"),
        ("[judge]\nidle = 'yes'", "judge.idle 的值不可用"), ("[judge]\nidle = 1", "judge.idle 的值不可用"),
        ("[judge]\nsuspended_logic = 'or'", "suspended_logic 的值不可用"), ("[judge]\nindustrial_words = '工业'", "industrial_words 的值不可用"),
        ("[judge]\nindustrial_words = ['']", "industrial_words 的值不可用"), ("[region]\nbounds = [110, 26, 112]", "region.bounds 的值不可用"),
        ("[region]\nbounds = [112, 26, 110, 28]", "region.bounds 的值不可用"), ("[region]\nbounds = [nan, 26, 110, 28]", "region.bounds 的值不可用"),
        ("[region]\ncode = 430525", "region.code 的值不可用"), ("[region]\ncode = \"43059\"", "region.code 的值不可用"),
        ("region = 5", "region 的值不可用"), ("[crs]\ntowgs84 = [1, 2]", "towgs84 的值不可用"),
        ("[crs]\ntowgs84 = ['a', 'b', 'c']", "towgs84 的值不可用"), ("[crs]\ntowgs84 = [nan, 1, 2]", "towgs84 的值不可用"),
        ("parcels = '宗地.shp'", "parcels 的值不可用"), ("[parcels]\npath = 5", "path 的值不可用"), ("rules = 5", "rules 的值不可用"),
        ("[rules]\n'dongkou.tax' = 15", "rules 的值不可用"), ("[parcels]\npath = '宗地.shp'\nwhere = '工业'", "where 的值不可用"),
        ("[parcels]\npath = '宗地.shp'\ncolumns = '权利人'", "columns 的值不可用"), ("[parcels]\nlayer = 'x'", "没有写明文件路径(.|\n)*path"),
        ("[parcels]\npath = '宗地.shp'\ncolumns = { holder_name = 5 }", "holder_name 的值不可用"),
    ],
)  # fmt: skip
def test_values_of_the_wrong_kind_are_refused(tmp_path, text, said):
    assert refused(tmp_path, text, said).remedy


@pytest.mark.parametrize(
    ("text", "place"),
    [("year = 2024\ntitle = “甲”\n", "第 2 行"), ("year：2024", "第 1 行"), ("year = 2024\n\nyear = 2023\n", "第 3 行"), ("year = 017", "第 1 行"),
     ("title = 'x", "第 1 行|文件末尾"), ("data_folder = \"C:\\data\"", "第 1 行")],
)  # fmt: skip
def test_a_slip_of_syntax_gives_the_line(tmp_path, text, place):
    assert "引号" in refused(tmp_path, text, f"配置文件写法有误(.|\n)*landeval.toml ({place})").remedy


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_any_chinese_encoding_is_read(tmp_path, encoding):
    assert project(tmp_path, 'title = "洞口经济开发区"', encoding).title == "洞口经济开发区"


@pytest.mark.parametrize(
    "path",
    [
        "https://example.com/a.shp",
        "http:a.shp",
        "/vsicurl/http://x/a.shp",
        "/vsizip/a.zip",
        "CSV:/etc/passwd",
        "WFS:x",
        "s3://b/a",
        "\\\\?\\C:\\a",
    ],
)
def test_an_address_is_no_path(tmp_path, path):
    refused(tmp_path, f"[parcels]\npath = '{path}'", "不读取网址或特殊路径")


def test_a_missing_file_is_named_with_its_whole_path(tmp_path):
    refused(tmp_path, "[parcels]\npath = '资料/无.shp'", f"找不到文件(.|\n)*{tmp_path}/资料/无.shp")
    with pytest.raises(ConfigurationError, match=f"找不到项目配置文件(.|\n)*{tmp_path}/无.toml"):
        load_project(tmp_path / "无.toml")


def test_home_and_data_folder(tmp_path, monkeypatch):
    (tmp_path / "资料").mkdir()
    (tmp_path / "资料" / "a.shp").touch()
    monkeypatch.setenv("HOME", str(tmp_path))
    assert (
        project(tmp_path, "[parcels]\npath = '~/资料/a.shp'").sources[0].path == tmp_path / "资料" / "a.shp"
    )
    assert (
        project(tmp_path, "data_folder = '资料'\n[parcels]\npath = 'a.shp'").sources[0].path
        == tmp_path / "资料" / "a.shp"
    )


def test_units_are_checked_before_anything_is_read(tmp_path):
    text = "[parcels]\npath = '宗地.shp'\nunits = { area_registered_m2 = '%s' }"
    check_units(project(tmp_path, text % "亩"))
    for unit in ("方丈", "万元", ""):
        with pytest.raises(ConfigurationError, match="不认识的单位"):
            check_units(project(tmp_path, text % unit))


def test_a_project_cannot_be_changed(tmp_path):
    with pytest.raises(AttributeError):
        project(tmp_path).year = 2020


def test_two_files_of_one_name_are_told_apart(tmp_path):
    for year in ("2023", "2024"):
        (tmp_path / year).mkdir()
        (tmp_path / year / "企业.xlsx").touch()
    paths = [tmp_path / year / "企业.xlsx" for year in ("2023", "2024")]
    assert [source.name for source in load_project(enterprises=paths).sources] == [
        "2023/企业.xlsx",
        "2024/企业.xlsx",
    ]
    assert load_project(enterprises=paths[:1]).sources[0].name == "企业.xlsx"


def test_the_same_file_twice_is_refused(tmp_path):
    (tmp_path / "企业.xlsx").touch()
    with pytest.raises(ConfigurationError, match="同一个文件给了两次"):
        load_project(enterprises=[tmp_path / "企业.xlsx", tmp_path / "企业.xlsx"])


def test_a_file_that_an_option_names_in_vain_is_told_by_the_option(tmp_path):
    (tmp_path / "landeval.toml").write_text("year = 2024\n", "utf-8")
    for option, said in (("decisions", "--review"), ("parcels", "--parcels")):
        with pytest.raises(ConfigurationError) as refused:
            load_project(tmp_path, **{option: str(tmp_path / "没有.xlsx")})
        assert refused.value.code == "E605"
        assert said in refused.value.where
        assert "landeval.toml" not in refused.value.where
