"""The disposal plan: the bureau's template is checked first and filled with texts that nothing evaluates."""

import io
import re
import zipfile
from pathlib import Path

import docx
import numpy as np
import pytest
from builders import HOSTILE, make_result
from docx.shared import Pt

from landeval.errors import ConfigurationError
from landeval.publish.cells import clean
from landeval.publish.disposal_plan import check_template, write_plan, write_template
from landeval.publish.disposal_plan.placeholders import PLACEHOLDERS
from landeval.publish.disposal_plan.template import shipped_bytes
from landeval.result import CANDIDATES

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def result():
    return make_result(30)


def template(tmp_path, *texts, name="模板.docx"):
    document = docx.Document()
    for text in texts:
        document.add_paragraph(text)
    document.save(tmp_path / name)
    return tmp_path / name


def filled(result, path, tmp_path):
    return docx.Document(str(write_plan(result, tmp_path / "处置方案.docx", path)))


def test_the_shipped_template_leaves_no_placeholder(result, tmp_path):
    document = filled(result, None, tmp_path)
    with zipfile.ZipFile(tmp_path / "处置方案.docx") as parts:
        assert not [name for name in parts.namelist() if b"{{\xe5" in parts.read(name)]
    told = "\n".join(paragraph.text for paragraph in document.paragraphs)
    count = int(result.status["status"].isin(CANDIDATES).sum())
    assert f"列为处置候选的 {count} 宗" in told
    codes = {row.cells[1].text for table in document.tables for row in table.rows if len(row.cells) > 1}
    wanted = result.parcels.loc[result.status["status"].isin(CANDIDATES), "parcel_code"].dropna()
    assert set(wanted) <= codes


def test_the_shipped_template_is_what_the_script_writes(tmp_path, monkeypatch):
    import runpy
    import sys

    monkeypatch.setattr(sys, "argv", ["make_template.py", "--out", str(tmp_path / "a.docx")])
    runpy.run_path(str(ROOT / "scripts" / "make_template.py"), run_name="__main__")

    def parts(data):
        with zipfile.ZipFile(io.BytesIO(data)) as file:
            return {name: file.read(name) for name in file.namelist()}

    assert parts((tmp_path / "a.docx").read_bytes()) == parts(shipped_bytes())


def test_a_placeholder_cut_into_runs_is_filled_in_the_look_of_its_first_letter(result, tmp_path):
    document = docx.Document()
    paragraph = document.add_paragraph("共 ")
    for text in ("{", "{宗地", "总数}", "} 宗"):
        run = paragraph.add_run(text)
        run.font.size = Pt(20 if text == "{" else 8)
    document.save(tmp_path / "模板.docx")
    paragraph = filled(result, tmp_path / "模板.docx", tmp_path).paragraphs[0]
    assert paragraph.text == "共 30 宗"
    assert [run.font.size for run in paragraph.runs if "30" in run.text] == [Pt(20)]


def test_headers_tables_and_spaces_within_braces_are_understood(result, tmp_path):
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "{{ 园区名称 }}"
    document.add_table(1, 1).cell(0, 0).text = "截至{{评价基准日}}，{{数据年度}} 年"
    document.save(tmp_path / "模板.docx")
    document = filled(result, tmp_path / "模板.docx", tmp_path)
    assert document.sections[0].header.paragraphs[0].text == result.title
    assert document.tables[0].cell(0, 0).text == "截至2024-12-31，2024 年"


def test_land_that_nobody_knows_is_not_zero(tmp_path):
    made = make_result(18)
    bare = make_result(18, parcels=made.parcels.assign(area_mu=np.nan))
    document = docx.Document(str(write_plan(bare, tmp_path / "方案.docx")))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    assert "未知" in cells
    assert "0.00" not in cells


@pytest.mark.parametrize("title", [*HOSTILE, "{{候选宗数}}", "{{表:依据}}", "<w:p>&amp;", "\u2028"])
def test_a_value_is_a_text_and_never_read_again(title, tmp_path):
    result = make_result(9, title=title)
    document = filled(result, template(tmp_path, "甲{{园区名称}}乙", "{{段:需要注意}}"), tmp_path)
    assert document.paragraphs[0].text == f"甲{clean(title)}乙"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{园区名}}", "是不是 园区名称？"), ("{{ }}", "不认识的占位符"), ("见 {{表:闲置清单}}", "与其他文字在同一段"),
        ("{{7*191}}", "不认识的占位符"), ("{{result.__class__}}", "不认识的占位符"),
    ],
)  # fmt: skip
def test_a_placeholder_that_cannot_be_filled_is_told_before_anything_runs(text, said, tmp_path):
    with pytest.raises(ConfigurationError, match="E650") as told:
        check_template(template(tmp_path, text))
    assert said in str(told.value)
    assert "模板.docx" in str(told.value)


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", "文字".encode()])
def test_what_is_no_word_document_is_refused(data, tmp_path):
    (tmp_path / "a.docx").write_bytes(data)
    with pytest.raises(ConfigurationError, match="E650"):
        check_template(tmp_path / "a.docx")


def test_the_template_is_written_once(tmp_path):
    path = write_template(tmp_path / "模板.docx")
    check_template(path)
    for wrong in (path, tmp_path / "模板.xlsx"):
        with pytest.raises(ConfigurationError, match="E651"):
            write_template(wrong)


def test_the_page_lists_every_placeholder():
    text = (ROOT / "docs" / "处置方案.md").read_text("utf-8")
    listed = dict(re.findall(r"^\| `\{\{(.+?)\}\}` \| (.+?) \|$", text, re.M))
    assert listed == {name: one.meaning for name, one in PLACEHOLDERS.items()}


def test_the_same_result_gives_the_same_bytes(result, tmp_path):
    first = write_plan(result, tmp_path / "a.docx").read_bytes()
    assert write_plan(result, tmp_path / "b.docx").read_bytes() == first


def test_a_fee_that_is_not_due_is_no_unknown_fee(result, tmp_path):
    status = result.status.copy()
    status["fee_wan_yuan"] = float("nan")
    parcels = result.parcels.assign(area_mu=float("nan"))
    poor = make_result(30, status=status, parcels=parcels)
    document = filled(poor, template(tmp_path, "{{表:闲置清单}}", "{{闲置面积}}"), tmp_path)
    head, first = ([cell.text for cell in row.cells] for row in document.tables[0].rows[:2])
    told = dict(zip(head, first, strict=True))
    assert told["土地闲置费测算(万元)"] == "—"
    assert told["评价面积(亩)"] == "未知"
    assert document.paragraphs[-1].text == "未知"
