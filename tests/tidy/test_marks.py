"""A cell that holds a dash, a stroke or dots only says nothing, whatever its column: unknown, and told."""

import pandas as pd
import pytest
from bureau import CODES, FIRM_HEADER, FIRM_ROWS, assert_told, check, delivery, figures, states
from writers import text_file, workbook

LEDGER = ["宗地代码", "合同编号", "约定动工日期", "实际动工日期", "闲置原因", "豁免事由", "抵押权人", "是否新增工业用地"]  # fmt: skip


@pytest.fixture
def inputs(tmp_path):
    return delivery(tmp_path)


@pytest.mark.parametrize("mark", ["—", "－", "――", " / ", "…", "**", "−"])
def test_a_figure_that_is_a_mark_is_unknown_and_told(tmp_path, inputs, mark):
    rows = [[*FIRM_ROWS[0][:4], mark], *FIRM_ROWS[1:]]
    workbook(inputs["enterprises"], {"2024": [FIRM_HEADER, *rows]})
    result = check(**inputs)
    assert figures(result)["tax_wan_yuan"].isna().tolist() == [True, False, False]
    assert_told(result.issues, "E264", file="企业.xlsx", column=FIRM_HEADER[4], what="第 2 行", remedy="写 0")
    assert mark.strip() in result.issues.loc[result.issues["code"] == "E264", "what"].iloc[0]
    assert "E203" not in set(result.issues["code"])


@pytest.mark.parametrize("mark", ["—", "－", "/"])
def test_marks_in_every_cell_of_a_ledger_judge_as_blanks_do(tmp_path, inputs, mark):
    def judged(cell):
        rows = [[code, f"HT{at}", "2020-01-01", *[cell] * 5] for at, code in enumerate(CODES)]
        path = workbook(tmp_path / f"台账{'空' if cell is None else '符'}.xlsx", {"台账": [LEDGER, *rows]})
        return check(**inputs, contracts=path)

    blank, marked = judged(None), judged(mark)
    pd.testing.assert_frame_equal(
        marked.findings[["unit_id", "rule_id", "verdict", "value"]],
        blank.findings[["unit_id", "rule_id", "verdict", "value"]],
    )
    assert marked.status["status"].tolist() == blank.status["status"].tolist()
    told = marked.issues[marked.issues["code"] == "E264"]
    assert sorted(told["column"]) == sorted(LEDGER[3:])  # each column once
    assert told["what"].str.contains("3 处").all()
    rest = marked.issues[marked.issues["code"] != "E264"]
    assert rest["code"].tolist() == blank.issues["code"].tolist()


def test_words_and_signs_that_mean_something_are_left_alone(tmp_path, inputs):
    rows = [[*row, word] for row, word in zip(FIRM_ROWS, ("是", "√", "否"), strict=True)]
    workbook(inputs["enterprises"], {"2024": [[*FIRM_HEADER, "是否规上"], *rows]})
    result = check(**inputs)
    assert "E264" not in set(result.issues["code"])
    assert result.enterprises["is_above_scale"].tolist().count(True) == 2


def test_a_correction_to_a_dash_still_says_that_nobody_knows(tmp_path, inputs):
    path = text_file(
        tmp_path / "更正.csv",
        "来源文件,行号,列,更正值,更正人,更正依据\n企业.xlsx,2,入库税收（万元）,—,甲,税务局更正\n",
    )
    result = check(**inputs, corrections=path)
    assert states(result, "更正.csv") == {2: "采用"}
    assert figures(result)["tax_wan_yuan"].isna().tolist() == [True, False, False]
