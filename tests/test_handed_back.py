"""What was handed back is accounted for in the closing words, and a run that leaves it out says so."""

import json
import shutil

import pytest
from bureau import CODES, NAMES, check, delivery, states
from writers import workbook

from landeval.cli import main
from landeval.closing import first_things
from landeval.handed_back import HandedBack, left_out
from landeval.project import Project

CORRECTIONS = ["来源文件", "工作表", "行号", "列", "更正值", "更正人", "更正依据"]
DECISIONS = ["宗地", "对应企业", "决定", "决定人"]


@pytest.fixture
def inputs(tmp_path):
    return delivery(tmp_path / "资料")


@pytest.fixture
def corrections(tmp_path):
    tax = "入库税收（万元）"
    rows = [
        ["企业.xlsx", "2024", 2, tax, 310, "甲", "纳税证明"],
        ["企业.xlsx", "2024", 3, tax, 160, None, None],  # nobody signed it
        ["企业.xlsx", "2024", 4, tax, None, None, None],
    ]
    return workbook(tmp_path / "更正.xlsx", {"更正": [CORRECTIONS, *rows]})


@pytest.fixture
def decisions(tmp_path):
    rows = [[CODES[0], NAMES[0], "否决", "甲"], ["430525001001GB00099", NAMES[1], "确认", "甲"]]
    return workbook(tmp_path / "复核.xlsx", {"复核": [DECISIONS, *rows]})


def checked(capsys, out, inputs, *more):
    code = main([
        "check", "--parcels", str(inputs["parcels"]), "--enterprises", str(inputs["enterprises"]), "--as-of", "2024-12-31",
        "--out", str(out), *map(str, more),
    ])  # fmt: skip
    assert code == 0
    return capsys.readouterr().out


def test_check_counts_corrections_and_decisions_that_are_taken_and_refused(
    tmp_path, capsys, inputs, corrections, decisions
):
    said = checked(
        capsys, tmp_path / "检查", inputs, "--corrections", corrections, "--review", decisions, "--quiet"
    )
    assert "更正：采用 1 条，未采用 1 条，为什么见成果中 数据问题.xlsx 的“更正情况”表（E247）。" in said
    assert "匹配决定：采用 1 条，未采用 1 条，为什么见成果中 数据问题.xlsx 中代码 E331 的行。" in said


def test_a_decision_that_means_nobody_is_not_accounted_as_taken(inputs, decisions):
    assert states(check(**inputs, decisions=decisions), "复核.xlsx") == {2: "采用", 3: "未采用"}


def test_a_correction_table_nobody_filled_in_is_told(tmp_path, capsys, inputs):
    blank = workbook(tmp_path / "更正.xlsx", {"更正": [CORRECTIONS, ["企业.xlsx", "2024", 2, "名称", None]]})
    said = checked(capsys, tmp_path / "检查", inputs, "--corrections", blank)
    assert "更正：更正.xlsx 中没有一行填了更正值。" in said


def test_a_later_check_without_them_says_that_the_numbers_are_back(
    tmp_path, capsys, inputs, corrections, decisions
):
    out = tmp_path / "检查"
    checked(capsys, out, inputs, "--corrections", corrections, "--review", decisions)
    said = checked(capsys, out, inputs, "--quiet")
    assert "上次运行采用了更正 更正.xlsx（1 条），本次没有给 --corrections" in said
    assert "数字已退回更正前" in said
    assert "上次运行采用了匹配决定 复核.xlsx（1 条），本次没有给 --review" in said
    assert "上次运行" not in checked(capsys, out, inputs, "--quiet")  # the former run had none


def test_an_explanation_without_them_says_so_first(tmp_path, capsys, inputs, corrections):
    toml = tmp_path / "landeval.toml"
    toml.write_text(
        f'as_of = "2024-12-31"\nout = "成果"\n[parcels]\npath = "{inputs["parcels"].as_posix()}"\n'
        f'[enterprises]\npath = "{inputs["enterprises"].as_posix()}"\n',
        "utf-8",
    )
    checked_out = tmp_path / "成果"
    checked(capsys, checked_out, inputs, "--corrections", corrections)
    code = CODES[0]
    assert main(["explain", code, str(toml)]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    assert first.startswith("注意：上次运行采用了更正 更正.xlsx（1 条），本次没有给 --corrections")
    assert main(["explain", code, str(toml), "--corrections", str(corrections)]) == 0
    assert capsys.readouterr().out.startswith(f"宗地 {code}")


def test_the_same_file_from_another_folder_is_no_file_left_out(tmp_path, capsys, inputs, corrections):
    out = tmp_path / "检查"
    checked(capsys, out, inputs, "--corrections", corrections)
    moved = tmp_path / "别处"
    moved.mkdir()
    shutil.copy(corrections, moved)
    assert "上次运行" not in checked(capsys, out, inputs, "--corrections", moved / corrections.name)


def test_another_file_instead_is_told_by_name(tmp_path):
    before = {"handed_back": [{"kind": "更正", "file": "甲.xlsx", "taken": 2, "refused": 0, "known": 0}]}
    [told] = left_out(before, [HandedBack("更正", "乙.xlsx", 5, 0, 0)])
    assert "更正 甲.xlsx（2 条），本次没有给这个文件（给的是 乙.xlsx）" in told


def test_decisions_that_are_remembered_are_not_left_out():
    before = {
        "handed_back": [{"kind": "匹配决定", "file": "复核.xlsx", "taken": 2, "refused": 0, "known": 0}]
    }
    assert list(left_out(before, [HandedBack("匹配决定", "匹配决定.csv", 2, 0, 0)])) == []
    assert len(list(left_out(before, [HandedBack("匹配决定", "匹配决定.csv", 1, 0, 0)]))) == 1
    assert list(left_out({}, [])) == []  # nothing stood there, or an older version wrote it


def test_what_was_left_out_comes_first_of_what_needs_attention(tmp_path, inputs):
    result = check(**inputs)
    lines = list(first_things(result, Project(out=tmp_path), ["上次运行采用了更正"]))
    assert lines[1] == "  1. 上次运行采用了更正"


def test_the_run_record_says_what_was_taken(tmp_path, capsys, inputs, corrections):
    checked(capsys, tmp_path / "检查", inputs, "--corrections", corrections)
    record = json.loads((tmp_path / "检查" / "run.json").read_text("utf-8"))
    assert record["handed_back"] == [
        {"kind": "更正", "file": "更正.xlsx", "taken": 1, "refused": 1, "known": 0}
    ]
