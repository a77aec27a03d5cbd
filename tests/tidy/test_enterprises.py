"""Enterprises and years from tables of several offices: once each, conflicts unknown, nobody merged by guess."""

import dataclasses
import random

import pandas as pd
import pytest
from writers import PROJECT, read, read_all, workbook

from landeval.issues import gather
from landeval.tidy.enterprises import former_keys, no_enterprises, tidy_enterprises

HEADER = ["企业名称", "统一社会信用代码", "年度", "税收（万元）", "产值（万元）"]
CODE, OTHER = "913702816143139252", "91370200797522673R"


def tidied(tmp_path, *sheets, project=PROJECT, header=HEADER, title=None):
    raws = []
    for number, rows in enumerate(sheets):
        named = rows if isinstance(rows, dict) else {f"表{number}": rows}
        top = [[title]] if title else []
        path = workbook(
            tmp_path / f"第{number}份.xlsx", {name: [*top, header, *body] for name, body in named.items()}
        )
        raws += read_all(path, "enterprises")
    firms = tidy_enterprises(raws, project)
    return firms, gather(firms.issues)


def years(firms):
    frame = firms.years[["enterprise_id", "year", "tax_wan_yuan", "output_wan_yuan"]]
    return [tuple(None if value != value else value for value in row) for row in frame.to_numpy().tolist()]


def test_identical_rows_count_once(tmp_path):
    firms, issues = tidied(tmp_path, [["甲", CODE, 2024, 5, 50], ["甲", CODE, 2024, 5, 50]])
    assert years(firms) == [(CODE, 2024, 5, 50)]
    assert firms.records["record_state"].tolist() == ["采用", "重复"]
    assert issues.loc[issues["code"] == "E220", "source_row"].tolist() == [3]


def test_conflicting_figures_are_unknown_and_excluded(tmp_path):
    firms, issues = tidied(
        tmp_path, [["甲", CODE, 2024, 5, 50], ["甲", CODE, 2024, 6, 50], ["乙", OTHER, 2024, 1, 1]]
    )
    assert years(firms) == [(OTHER, 2024, 1, 1), (CODE, 2024, None, 50)]
    assert firms.records["record_state"].tolist() == ["矛盾", "矛盾", "采用"]
    found = issues[issues["code"] == "E221"]
    assert found[["source_row", "column", "raw_value", "used_value"]].values.tolist() == [
        [2, "入库税收(万元)", "5", "未知"], [3, "入库税收(万元)", "6", "未知"]]  # fmt: skip


def test_two_tables_complete_one_another(tmp_path):
    firms, issues = tidied(tmp_path, [["甲", CODE, 2024, 5, None]], [["甲", CODE, 2024, None, 50]])
    assert years(firms) == [(CODE, 2024, 5, 50)]
    assert not {"E220", "E221"} & set(issues["code"])
    first = firms.years.iloc[0]
    assert (first["source_file"], first["source_row"], first["also_in"]) == (
        "第0份.xlsx",
        2,
        "第1份.xlsx［表1］第 2 行",
    )


def test_rows_of_which_nothing_could_be_read_are_no_repeats(tmp_path):
    firms, issues = tidied(
        tmp_path, [["甲", CODE, 2024, "约120万", None]], [["甲", CODE, 2024, None, "六千余"]]
    )
    assert years(firms) == [(CODE, 2024, None, None)]
    assert (issues["code"] == "E203").sum() == 2
    assert "E220" not in set(issues["code"])
    assert firms.records["record_state"].tolist() == ["采用", "采用"]


def test_a_row_of_one_table_is_from_nowhere_else(tmp_path):
    firms, _ = tidied(tmp_path, [["甲", CODE, 2024, 5, None]], [["乙", OTHER, 2024, None, 50]])
    assert firms.years["also_in"].isna().tolist() == [True, True]


def test_a_blank_is_not_a_conflict_with_zero_nor_zero_a_blank(tmp_path):
    firms, _ = tidied(tmp_path, [["甲", CODE, 2024, 0, None]], [["甲", CODE, 2024, None, None]])
    assert years(firms) == [(CODE, 2024, 0, None)]


@pytest.mark.parametrize(
    ("sheet", "title", "header", "year", "said"),
    [
        ("2023", None, "税收（万元）", 2023, "工作表名"), ("2023年", None, "税收（万元）", 2023, "工作表名"), ("Sheet1", "2023年度企业表", "税收（万元）", 2023, "标题"),
        ("Sheet1", "2023年度企业表（2024年3月填）", "税收（万元）", 2024, "评价年度"), ("Sheet1", None, "税收（2023年，万元）", 2023, "表头"),
        ("导出20231231", None, "税收（万元）", 2023, "工作表名"), ("共20000家", None, "税收（万元）", 2024, "评价年度"), ("2022-2023", None, "税收（万元）", 2024, "评价年度"),
    ],
)  # fmt: skip
def test_a_year_that_is_not_in_a_column(tmp_path, sheet, title, header, year, said):
    project = dataclasses.replace(PROJECT, year=2024)
    firms, issues = tidied(
        tmp_path,
        {sheet: [["甲", CODE, 5]]},
        header=["企业名称", "信用代码", header],
        title=title,
        project=project,
    )
    assert firms.records["year"].tolist() == [year]
    assert f"按{said}为 {year} 年" in issues.loc[issues["code"] == "E222", "what"].iloc[0]


def test_a_year_column_wins_and_its_blanks_and_slips_are_not_filled(tmp_path):
    project = dataclasses.replace(PROJECT, year=2024)
    rows = [["甲", CODE, "2023年", 5, 1], ["乙", OTHER, "2O24", 6, 1], ["丙", None, None, 7, 1]]
    firms, issues = tidied(tmp_path, {"2024": rows}, project=project)
    assert firms.records["year"].fillna(0).tolist() == [2023, 0, 0]
    assert firms.records["record_state"].tolist() == ["采用", "无年度", "无年度"]
    assert issues.loc[issues["code"] == "E223", "source_row"].tolist() == [3, 4]
    assert "E222" not in set(issues["code"])
    only, _ = tidied(tmp_path, {"2024": rows[1:2]}, project=project)
    assert only.records["year"].isna().all()


def test_a_row_without_identity_is_listed(tmp_path):
    firms, issues = tidied(tmp_path, [[None, None, 2024, 5, 1], ["甲", CODE, 2024, 6, 1]])
    assert firms.records["record_state"].tolist() == ["无法识别", "采用"]
    assert issues.loc[issues["code"] == "E224", "source_row"].tolist() == [2]
    assert years(firms) == [(CODE, 2024, 6, 1)]


def test_blank_names_never_meet(tmp_path):
    header = [*HEADER, "宗地代码"]
    rows = [[None, None, 2024, 5, 1, "P1"], ["—", None, 2024, 6, 1, "P1"], [" ", None, 2024, 7, 1, "P2"]]
    firms, _ = tidied(tmp_path, rows, header=header)
    assert firms.records["enterprise_id"].nunique() == 3
    assert sorted(firms.years["tax_wan_yuan"]) == [5, 6, 7]


def test_a_name_without_code_joins_the_only_code_of_that_name(tmp_path):
    firms, _ = tidied(
        tmp_path, [["甲（洞口）厂", CODE, 2024, 5, None]], [["甲(洞口) 厂", None, 2024, None, 50]]
    )
    assert years(firms) == [(CODE, 2024, 5, 50)]


def test_a_name_of_two_codes_stays_apart(tmp_path):
    rows = [["甲厂", CODE, 2024, 5, 1], ["甲厂", OTHER, 2024, 6, 1], ["甲厂", None, 2024, 7, 1]]
    firms, _ = tidied(tmp_path, rows)
    assert [year[0] for year in years(firms)] == [OTHER, CODE, "名称:甲厂"]


def test_a_renamed_enterprise_is_one(tmp_path):
    firms, _ = tidied(tmp_path, [["旧厂", CODE, 2023, 5, 1], ["新厂", CODE, 2024, 6, 1]])
    assert firms.enterprises["name"].to_dict() == {CODE: "新厂"}
    assert len(firms.years) == 2


@pytest.mark.parametrize("dummy", ["办理中", "000000000000000000", "91", "9.14305E+17"])
def test_a_dummy_code_makes_nobody_one_enterprise(tmp_path, dummy):
    firms, _ = tidied(tmp_path, [["甲厂", dummy, 2024, 5, 1], ["乙厂", dummy, 2024, 6, 1]])
    assert sorted(firms.records["enterprise_id"]) == ["名称:乙厂", "名称:甲厂"]
    assert sorted(firms.years["tax_wan_yuan"]) == [5, 6]


def test_a_wrong_code_of_one_name_still_holds_its_rows_together(tmp_path):
    wrong = CODE[:-1] + "3"
    firms, _ = tidied(tmp_path, [["甲厂", wrong, 2023, 5, 1], ["甲厂", wrong, 2024, 6, 1]])
    assert set(firms.records["enterprise_id"]) == {wrong}


def test_years_do_not_depend_on_the_order_of_rows(tmp_path):
    rows = [["甲", CODE, 2024, 5, 50], ["甲", CODE, 2024, 5, None], ["乙", None, 2024, 1, 1], ["乙", OTHER, 2023, 2, 1], ["甲", CODE, 2023, 9, 1],
            ["丙", None, 2024, 3, 3], ["丙", None, 2024, 4, 3]]  # fmt: skip
    seen = []
    for seed in range(5):
        random.Random(seed).shuffle(rows)
        (tmp_path / str(seed)).mkdir()
        seen.append(years(tidied(tmp_path / str(seed), rows)[0]))
    assert all(found == seen[0] for found in seen)


def test_a_total_beside_its_parts_is_not_counted_twice(tmp_path):
    header = [*HEADER, "宗地代码"]
    rows = [
        ["甲", CODE, 2024, 11, None, None],
        ["甲", CODE, 2024, 4, None, "P1"],
        ["甲", CODE, 2024, 7, 60, "P2"],
    ]
    firms, issues = tidied(tmp_path, rows, header=header)
    assert (firms.years["tax_wan_yuan"].sum(), firms.years["output_wan_yuan"].sum()) == (11, 60)
    assert firms.records["record_state"].tolist() == ["重复", "采用", "采用"]
    assert "等于该企业各宗地之和" in issues.loc[issues["code"] == "E220", "what"].iloc[0]


def test_a_total_that_is_not_the_sum_of_its_parts_is_a_conflict(tmp_path):
    header = [*HEADER, "宗地代码"]
    rows = [
        ["甲", CODE, 2024, 12, 99, None],
        ["甲", CODE, 2024, 4, None, "P1"],
        ["甲", CODE, 2024, 7, None, "P2"],
    ]
    firms, issues = tidied(tmp_path, rows, header=header)
    assert firms.years["tax_wan_yuan"].isna().all()
    assert firms.years["output_wan_yuan"].sum() == 99
    assert sorted(issues.loc[issues["code"] == "E221", "source_row"]) == [2, 3, 4]


def test_former_names(tmp_path):
    firms, _ = tidied(tmp_path, [["新厂", CODE, 2024, 5, "旧厂、老（旧）厂"]], header=[*HEADER[:4], "曾用名"])
    assert former_keys(firms.enterprises)["name_key"].tolist() == ["旧厂", "老(旧)厂"]


def test_no_table_at_all():
    firms = no_enterprises(PROJECT)
    assert len(firms.enterprises) == len(firms.years) == len(firms.records) == 0
    assert str(firms.years["tax_wan_yuan"].dtype) == "float64"


def test_a_certificate_number_stands_for_the_parcel_code(tmp_path):
    path = workbook(
        tmp_path / "企业.xlsx",
        {"2024": [
            ["企业名称", "不动产权证号", "宗地代码", "入库税收（万元）"],
            ["虚构甲厂", "湘（2019）洞口县不动产权第0000001号", None, 1],
            ["虚构乙厂", "湘（2019）洞口县不动产权第0000002号", None, 2],
            ["虚构丙厂", "湘（2019）洞口县不动产权第0000001号", "C", 3],
        ]},
    )  # fmt: skip
    land = pd.DataFrame(
        {
            "certificate_no": [
                "湘(2019)洞口县不动产权第0000001号",
                *["湘(2019)洞口县不动产权第0000002号"] * 2,
            ],
            "parcel_code": ["A", "B", "B2"],
        }
    )
    records = tidy_enterprises([read(path, "enterprises")], PROJECT, land).records.set_index("name")
    assert records["parcel_code"].fillna("").to_dict() == {"虚构甲厂": "A", "虚构乙厂": "", "虚构丙厂": "C"}
    assert records["sited_by"].to_dict() == {
        "虚构甲厂": "不动产权证号",
        "虚构乙厂": "",
        "虚构丙厂": "宗地代码",
    }
