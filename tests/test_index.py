"""``landeval index``: the blank form, a form filled in alone, the sample park, and the workbook that is made of them."""

import csv
import json
import zipfile
from pathlib import Path

import openpyxl
import pytest

from landeval.cli import main
from landeval.vocabulary.land_status import REGIONS, items

ROOT = Path(__file__).resolve().parent.parent
HAND = {"A": 100, "A1": 10, "A2": 60, "B21": 20, "D": 110, "G": 2.2, "J1": 912000, "J2": 336000, "J3": 588000, "J4": 150000,
        "J5": 10000, "J6": 20000, "J7": 0, "Z1": 180000, "Z2": 10800, "K1": 96.5}  # fmt: skip


def table(folder, name):
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def texts(sheet):
    return [str(cell) for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None]


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """Fill in a form as landeval writes it, for a project that has nothing else."""
    folder = tmp_path_factory.mktemp("form")
    assert main(["index", "--form", str(folder / "指数数据表.xlsx")]) == 0
    book = openpyxl.load_workbook(folder / "指数数据表.xlsx")
    sheet = book["指数数据表"]
    heads = {cell.value: at for at, cell in enumerate(sheet[1], start=1)}
    for row in range(2, sheet.max_row + 1):
        code = sheet.cell(row, heads["代码"]).value
        if code in HAND:
            sheet.cell(row, heads["主区"]).value = HAND[code]
        if code == "K1":
            sheet.cell(row, heads["出处"]).value = "虚构〔2024〕9号"
    book.save(folder / "指数数据表.xlsx")
    text = 'title = "虚构园区"\nyear = 2024\n[index]\npath = "指数数据表.xlsx"\n'
    (folder / "landeval.toml").write_text(text, encoding="utf-8")
    assert main(["index", str(folder), "--out", str(folder / "结果")]) == 0
    return folder


def test_the_form_has_every_item_and_is_never_written_over(filled, capsys):
    sheet = openpyxl.load_workbook(filled / "指数数据表.xlsx")["指数数据表"]
    codes = [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert codes == list(items())
    assert main(["index", "--form", str(filled / "指数数据表.xlsx")]) == 4
    assert main(["index", "--form", str(filled / "指数数据表.csv")]) == 3
    assert "E643" in (said := capsys.readouterr().err)
    assert "E644" in said


def test_a_form_alone_makes_the_index(filled):
    out = filled / "结果"
    (whole,) = [row for row in table(out, "index") if row["层次"] == "指数"]
    assert (whole["区域"], whole["指数得分"]) == ("主区", "88.5354")
    assert {row["处理状态"] for row in table(out, "reconciliation")} == {"采用"}
    assert table(out, "parcel_potentials") == []
    assert {row["代码"] for row in table(out, "issues")} == {"E110", "E513", "E515"}
    record = json.loads((out / "run.json").read_text("utf-8"))
    assert record["index"] == {"formula": "内部测算，公式版本 2014-试行/1", "official": 96.5, "score": 88.5354, "type": "工业主导型",
                               "verdict": "未达到"}  # fmt: skip


def test_titles_say_that_it_is_internal_and_the_official_value_stands_beside(filled):
    book = openpyxl.load_workbook(filled / "结果" / "土地集约利用指数.xlsx")
    assert book.sheetnames == ["说明", "逐项", "潜力", "基础数据", "图"]
    said = "".join(texts(book["说明"]))
    for words in (
        "内部测算",
        "2014-试行/1",
        "不是官方数值",
        "上级公布的指数：96.5（虚构〔2024〕9号）",
        "没有写明算法",
        "88.54",
    ):
        assert words in said
    for name in ("逐项", "潜力", "图"):
        assert "内部测算" in "".join(texts(book[name])[:2])
    with zipfile.ZipFile(filled / "结果" / "土地集约利用指数.xlsx") as parts:
        assert sum(name.startswith("xl/charts/chart") for name in parts.namelist()) == 2


def test_a_project_without_the_section_is_refused(tmp_path, capsys):
    (tmp_path / "landeval.toml").write_text('title = "虚构园区"\n', encoding="utf-8")
    assert main(["index", str(tmp_path), "--out", str(tmp_path / "结果")]) == 3
    (tmp_path / "landeval.toml").write_text("[index]\n", encoding="utf-8")
    assert main(["index", str(tmp_path), "--out", str(tmp_path / "结果")]) == 3
    assert capsys.readouterr().err.count("E500") == 2
    assert not (tmp_path / "结果").exists()


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    out = tmp_path_factory.mktemp("sample") / "结果"
    assert main(["index", str(ROOT / "data" / "landeval.toml"), "--out", str(out)]) == 0
    return out


def test_the_sample_park_has_a_believable_index_all_of_it_explained(sample):
    rows = table(sample, "index")
    (whole,) = [row for row in rows if row["层次"] == "指数"]
    assert 80 <= float(whole["指数得分"]) <= 95
    last = [row for row in rows if row["层次"] == "指标"]
    assert all(row["现状值"] and row["理想值"] and row["理想值依据"] and row["算式"] for row in last)
    assert float(whole["指数得分"]) == pytest.approx(sum(float(row["计入总分"]) for row in last), abs=2e-3)
    assert all(row["怎么来的"] for row in table(sample, "index_figures"))


def test_the_sample_form_agrees_with_the_sample_parcels(sample):
    rows = {row["代码"]: row for row in table(sample, "index_figures")}
    for code in ("G", "G1"):
        assert float(rows[code]["采用数"]) == pytest.approx(float(rows[code]["按宗地汇总数"]), abs=1e-3)
    assert float(rows["A2"]["采用数"]) == pytest.approx(float(rows["A2"]["宗地汇总已知部分"]), rel=1e-3)
    assert not [row for row in table(sample, "issues") if "指数数据表与按宗地汇总" in "".join(row.values())]


def test_what_a_parcel_lacks_lifts_it_over_the_line_and_nothing_less_does(sample):
    rows = table(sample, "parcel_potentials")
    known = [row for row in rows if row["差额"]]
    assert len(known) > 900
    for row in known:
        lacking, present, least = (float(row[name]) for name in ("差额", "现有数额", "达标的最少数额"))
        assert lacking == pytest.approx(max(least - present, 0), abs=1e-6)
        assert (row["说明"] == "已达到") == (lacking == 0)
    assert all(
        "未知" in row["说明"] or "没有约定容积率下限" in row["说明"] for row in rows if not row["差额"]
    )


def test_every_sheet_of_the_sample_is_there(sample):
    book = openpyxl.load_workbook(sample / "土地集约利用指数.xlsx")
    assert book.sheetnames == ["说明", "逐项", "潜力", "宗地潜力", "基础数据", "图"]
    assert set(REGIONS) & set(texts(book["逐项"])) == {"主区"}


def test_corrections_need_land_to_correct(filled, capsys):
    words = [
        "index",
        str(filled),
        "--out",
        str(filled / "再算"),
        "--corrections",
        str(filled / "指数数据表.xlsx"),
    ]
    assert main(words) in (2, 3)
    told = capsys.readouterr().err
    assert "更正" in told
    assert not (filled / "再算").exists()
