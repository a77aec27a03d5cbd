"""A ledger handed in as the enterprise table is refused, and the other way round; a table of both is not."""

import shutil

import pytest
from bureau import CODES, FIRM_HEADER, FIRM_ROWS, PARCEL_FIELDS, PARCEL_ROWS, check, delivery
from writers import shapefile, square, workbook

from landeval import load_project
from landeval.cli import main
from landeval.errors import ConfigurationError, InputRefusedError

LEDGER = ["宗地代码", "合同编号", "受让人", "约定动工日期", "约定竣工日期", "出让价款（万元）"]
SIGNED = [[code, f"HT{at}", "洞口虚构机械有限公司", "2020-01-01", "2022-01-01", 100] for at, code in enumerate(CODES)]  # fmt: skip


@pytest.fixture
def inputs(tmp_path):
    return delivery(tmp_path)


def refused(**inputs):
    with pytest.raises(InputRefusedError) as error:
        check(**inputs)
    assert error.value.code == "E293"
    return error.value


def test_a_ledger_as_enterprises_is_refused_and_named(tmp_path, inputs):
    inputs["enterprises"] = workbook(tmp_path / "台账.xlsx", {"台账": [LEDGER, *SIGNED]})
    error = refused(**inputs)
    assert "给的不是企业表，看表头像是供地台账" in error.what
    assert "合同编号" in error.what
    assert "台账.xlsx" in error.where
    assert "--contracts" in error.remedy


def test_enterprises_as_a_ledger_are_refused_and_named(tmp_path, inputs):
    error = refused(**inputs, contracts=shutil.copy(inputs["enterprises"], tmp_path / "台账.xlsx"))
    assert "给的不是供地台账，看表头像是企业表" in error.what
    assert "--enterprises" in error.remedy


def test_a_ledger_that_has_two_headers_of_both_is_refused_as_well(tmp_path, inputs):
    sheet = [[*LEDGER, "备注"], *([*row, "无"] for row in SIGNED)]
    inputs["enterprises"] = workbook(tmp_path / "台账.xlsx", {"台账": sheet})
    refused(**inputs)


def test_an_enterprise_table_as_proposed_projects_is_refused(tmp_path, inputs, capsys):
    header = [*FIRM_HEADER, "从业人数", "曾用名", "综合能耗（吨标准煤）"]
    rows = [[*row, 10, "", 5] for row in FIRM_ROWS]
    file = workbook(tmp_path / "项目.xlsx", {"表": [header, *rows]})
    assert main(["admit", str(file), "--as-of", "2024-12-31", "--out", str(tmp_path / "准入")]) == 2
    assert "看表头像是企业表" in capsys.readouterr().err


def test_a_table_of_both_is_what_it_was_given_as(tmp_path, inputs):
    header = [*FIRM_HEADER, *LEDGER[:2], *LEDGER[3:]]
    rows = [[*row, *signed[:2], *signed[3:]] for row, signed in zip(FIRM_ROWS, SIGNED, strict=True)]
    inputs["enterprises"] = workbook(tmp_path / "都有.xlsx", {"2024": [header, *rows]})
    assert len(check(**inputs).enterprises) == 3


def test_columns_that_the_project_names_are_believed(tmp_path, inputs):
    file = workbook(tmp_path / "台账.xlsx", {"台账": [LEDGER, *SIGNED]})
    settings = tmp_path / "landeval.toml"
    settings.write_text(
        '[parcels]\npath = "宗地.shp"\n[enterprises]\npath = "台账.xlsx"\ncolumns = { name = "受让人" }\n',
        "utf-8",
    )
    result = check(path=settings)
    assert result.enterprises["name"].tolist() == ["洞口虚构机械有限公司"]
    assert file.is_file()


def test_one_right_sheet_of_several_is_enough(tmp_path, inputs):
    sheets = {"2024": [FIRM_HEADER, *FIRM_ROWS], "台账": [LEDGER, *SIGNED]}
    inputs["enterprises"] = workbook(tmp_path / "合.xlsx", sheets)
    assert len(check(**inputs).enterprises) >= 3


def test_a_ledger_handed_back_is_refused_and_named(tmp_path, inputs):
    error = refused(**inputs, decisions=workbook(tmp_path / "台账.xlsx", {"台账": [LEDGER, *SIGNED]}))
    assert "给的不是填好的匹配复核、处置候选清单，看表头像是供地台账" in error.what
    assert error.where.endswith("台账.xlsx（--review）")
    assert "请用 --contracts" in error.remedy


def test_what_is_handed_back_under_the_other_option_is_refused(tmp_path, inputs):
    matched = workbook(
        tmp_path / "匹配.xlsx",
        {"匹配": [["宗地代码", "企业名称", "决定", "决定人"], [CODES[0], "甲厂", "确认", "某科"]]},
    )
    mended = workbook(
        tmp_path / "更正.xlsx",
        {"更正": [["来源文件", "行号", "列", "更正值"], ["企业.xlsx", 2, "年度", 2024]]},
    )
    assert "没有“更正值”一列" in refused(**inputs, corrections=matched).what
    assert "--corrections" in refused(**inputs, decisions=mended).remedy


def test_a_crosswalk_without_the_column_of_decisions_is_taken(tmp_path, inputs):
    crosswalk = workbook(
        tmp_path / "对照.xlsx", {"对照": [["宗地代码", "企业名称"], [CODES[0], FIRM_ROWS[0][0]]]}
    )
    assert len(check(**inputs, decisions=crosswalk).decisions) == 1
    wide = ["宗地代码", "企业名称", "合同编号", "约定动工日期", "约定竣工日期"]
    rows = [CODES[0], FIRM_ROWS[0][0], "H1", "2020-01-01", "2022-01-01"]
    assert (
        len(check(**inputs, decisions=workbook(tmp_path / "对照2.xlsx", {"对照": [wide, rows]})).decisions)
        == 1
    )


def test_an_option_that_nobody_knows_is_refused_with_the_nearest():
    with pytest.raises(ConfigurationError) as error:
        load_project(enterprise="企业.xlsx")
    assert "不认识的配置项 enterprise" in error.value.what
    assert "是不是 enterprises？" in error.value.remedy


ZONES = [("CJ", "C", 10), ("BH", "C", 10), ("MC", "C", 40), ("SJBH", "C", 10)]


def zones(folder):
    rows = [["集群", "A", "虚构集群", ""], ["基地", "A1", "虚构基地", "A"]]
    return shapefile(folder / "三级布局.shp", ZONES, rows, [square(0), square(1)])


@pytest.mark.parametrize(
    ("option", "given", "said"),
    [
        ("parcels", "zones", "给的不是宗地图层，看表头像是三级布局图层"),
        ("layout", "parcels", "给的不是三级布局图层，看表头像是宗地图层"),
        ("buildings", "parcels", "给的不是建筑物图层，看表头像是宗地图层"),
        ("boundary", "parcels", "给的不是园区范围图层，看表头像是宗地图层"),
    ],
)
def test_a_layer_given_as_another_is_refused_and_named(tmp_path, inputs, option, given, said):
    file = zones(tmp_path) if given == "zones" else shapefile(
        tmp_path / "另一份.shp", PARCEL_FIELDS, PARCEL_ROWS, [square(i) for i in range(3)])  # fmt: skip
    error = refused(**{**inputs, option: file})
    assert said in error.what
    assert error.where.startswith(str(file))


def test_parcels_may_be_laid_over_parcels(tmp_path, inputs):
    settings = tmp_path / "landeval.toml"
    settings.write_text(
        '[parcels]\npath = "宗地.shp"\n[[overlays]]\nname = "虚构道路"\neffect = "道路"\npath = "虚构道路.shp"\n',
        "utf-8",
    )
    shapefile(tmp_path / "虚构道路.shp", PARCEL_FIELDS, PARCEL_ROWS, [square(i) for i in range(3)])
    assert len(check(path=settings).parcels) == 3


def test_a_file_given_as_two_things_is_told_as_what(tmp_path, inputs):
    settings = tmp_path / "landeval.toml"
    settings.write_text('[parcels]\npath = "宗地.shp"\n[layout]\npath = "三级布局.shp"\n', "utf-8")
    file = zones(tmp_path)
    with pytest.raises(ConfigurationError) as error:
        load_project(settings, parcels=file)
    assert error.value.code == "E617"
    assert "当作“宗地图层”，又当作“三级布局”" in error.value.what
