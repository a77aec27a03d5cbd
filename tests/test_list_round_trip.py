"""The list comes back: whatever the offices did to the file, over several rounds, with a new year; it changes no verdict."""

from __future__ import annotations

import io
import os
import shutil
import subprocess

import openpyxl
import pandas as pd
import pytest
from bureau import CODES, NAMES, PARCEL_FIELDS, check
from writers import codes, shapefile, square, text_file, workbook, xls

from landeval import evaluate, issues, load_project
from landeval.cli import main
from landeval.link.reviews import tie_reviews
from landeval.project import Project
from landeval.publish.reviews import review_table
from landeval.publish.workbook import short, write_candidate_list
from landeval.read.source import read_source
from landeval.sources import Source
from landeval.tidy.reviews import NOTES, tidy_reviews

LEDGER = [
    "宗地代码",
    "受让人",
    "土地用途",
    "供地面积（㎡）",
    "成交价款（万元）",
    "约定动工日期",
    "实际动工日期",
]
FIELDS = {
    "审核意见": "review_opinion", "处置方式": "review_disposal", "责任人": "review_person", "进展": "review_progress",
}  # fmt: skip
SAID = {"审核意见": "同意", "处置方式": "限期整改", "责任人": "虚构张", "进展": "-3月约谈\n+4月复函"}


def inputs_of(folder, *, started=(), gone=()):
    """Write three parcels that are idle, or started in time, or gone, and return the inputs."""
    folder.mkdir(exist_ok=True)
    kept = [at for at in range(3) if at not in gone]
    land = [(CODES[at], NAMES[at], "10000.00", "工业用地") for at in kept]
    rows = [
        [CODES[at], NAMES[at], "工业用地", 10000, 500, "2020-03-01", "2020-02-01" if at in started else ""] for at in kept
    ]  # fmt: skip
    return {
        "parcels": shapefile(folder / "宗地.shp", PARCEL_FIELDS, land, [square(at) for at in kept]),
        "contracts": workbook(folder / "台账.xlsx", {"台账": [LEDGER, *rows]}),
    }


def filled(result, path, said=SAID, sheet="处置候选"):
    """Write the list, fill in the first parcel's cells as a person would, and return the sheet's rows."""
    book = openpyxl.load_workbook(write_candidate_list(result, path))
    rows = [list(row) for row in book[sheet].iter_rows(values_only=True)]
    headers = [str(name or "").replace("\n", "") for name in rows[1]]
    for row in rows[2:]:
        if row[headers.index("宗地代码")] == CODES[0]:
            for name, text in said.items():
                row[headers.index(name)] = text
    return rows


def shown(result, path, sheet):
    book = openpyxl.load_workbook(write_candidate_list(result, path))
    rows = list(book[sheet].iter_rows(min_row=2, values_only=True))
    return pd.DataFrame(rows[1:], columns=[str(name).replace("\n", "") for name in rows[0]])


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    """Return the inputs, the first run, and the rows of its list with the first parcel filled in."""
    folder = tmp_path_factory.mktemp("list")
    inputs = inputs_of(folder / "资料")
    result = check(**inputs)
    assert set(result.status["status"]) == {"涉嫌闲置(未动工)"}
    return inputs, result, filled(result, folder / "清单.xlsx")


@pytest.mark.parametrize(
    "habit",
    [
        "as it is",
        "re-sorted",
        "a row above",
        "columns deleted",
        "as xls",
        "gbk csv",
        "whole book",
        "whole short book",
    ],
)
def test_the_list_survives_what_offices_do_to_it(tmp_path, monkeypatch, first, habit):
    _, result, rows = first
    if habit == "whole short book":
        monkeypatch.setattr(short, "MOST", 0)
    path = tmp_path / "某局意见.xlsx"
    if habit == "re-sorted":
        rows = [*rows[:2], *rows[:1:-1]]
    if habit == "a row above":
        rows = [["请于月底前填好", *[None] * 5], [None], *rows]
    if habit == "columns deleted":
        headers = [str(name).replace("\n", "") for name in rows[1]]
        kept = [headers.index(name) for name in ("宗地代码", "权利人", *SAID)]
        rows = [[row[at] for at in kept] for row in rows[1:]]
    if habit == "as xls":
        path = xls(path.with_suffix(".xls"), {"处置候选": rows})
    elif habit == "gbk csv":
        quoted = [",".join('"' + str("" if cell is None else cell) + '"' for cell in row) for row in rows]
        path = text_file(path.with_suffix(".csv"), "\r\n".join(quoted), "gb18030")
    elif habit.startswith("whole"):
        book = openpyxl.load_workbook(write_candidate_list(result, path))
        assert ("要办宗地" in book.sheetnames) == ("short" in habit)
        for at, row in enumerate(rows, start=1):
            for column, cell in enumerate(row, start=1):
                book["处置候选"].cell(at, column).value = cell
        book.save(path)
    else:
        workbook(path, {"处置候选": rows})
    raws = read_source(Source("decisions", path))
    assert {raw.source.table for raw in raws} == {"reviews"}
    reviews = tidy_reviews(raws, Project())
    tied = tie_reviews(reviews.frame, result.parcels, NOTES)
    [note] = tied.frame.to_dict("records")
    assert {name: note[field] for name, field in FIELDS.items()} == SAID
    assert note["parcel_id"] == CODES[0]
    assert not codes(issues.gather([*reviews.issues, tied.issues]))
    assert set(reviews.states["record_state"]) <= {"采用", "未填审核内容"}


def test_a_list_that_names_no_holder_is_taken(first):
    _, result, _ = first
    record = {"reviewed_code": CODES[0], "review_progress": "已约谈"}
    raws = read_source(
        Source(
            "decisions",
            text_file(first[0]["parcels"].with_name("意见.csv"), f"宗地代码,进展\n{CODES[0]},已约谈\n"),
        )
    )
    tied = tie_reviews(tidy_reviews(raws, Project()).frame, result.parcels, NOTES)
    assert tied.frame[list(record)].to_dict("records") == [record]
    assert tied.frame["parcel_id"].tolist() == [CODES[0]]
    assert not codes(tied.issues)


def project(folder, inputs):
    lines = [f'[{name}]\npath = "{path.relative_to(folder).as_posix()}"\n' for name, path in inputs.items()]
    return text_file(folder / "landeval.toml", 'as_of = "2024-12-31"\n' + "\n".join(lines))


def csv(path):
    return pd.read_csv(io.StringIO(path.read_text("utf-8-sig")), dtype=str, keep_default_na=False)


def test_nothing_is_lost_over_three_rounds_and_dropped_parcels_are_listed(tmp_path, first, capsys):
    """Round 1 fills in; round 2 is another year, one parcel started and one gone; round 3 adds a second office's words."""
    _, _, rows = first
    headers = [str(name).replace("\n", "") for name in rows[1]]
    rows = [list(row) for row in rows]
    for row in rows[3:]:
        row[headers.index("责任人")] = "虚构李"
    given = workbook(tmp_path / "交回.xlsx", {"处置候选": rows})
    toml = project(tmp_path, inputs_of(tmp_path / "资料"))
    assert main(["link", str(toml), "--review", str(given), "--out", str(tmp_path / "一")]) == 0
    memory = tmp_path / "审核记录.csv"
    assert f"审核内容已记住，新增 3 条：{memory}" in capsys.readouterr().out
    assert len(csv(memory)) == 3

    inputs_of(tmp_path / "资料", started=(0,), gone=(1,))
    second = evaluate(load_project(toml, as_of="2025-12-31"))
    left = shown(second, tmp_path / "新清单.xlsx", "上次审核未再列入").set_index("宗地代码")
    assert sorted(left.index) == sorted(CODES[:2])
    assert left.loc[CODES[0], list(SAID)].to_dict() == SAID
    assert left.loc[CODES[0], "未再列入的原因"].startswith("不在“处置候选”：现为“")
    assert left.loc[CODES[1], "责任人"] == "虚构李"
    assert left.loc[CODES[1], "未再列入的原因"] == "宗地已不在资料中，或分不清是哪一宗"
    assert left["上次结论"].tolist() == ["涉嫌闲置(未动工)"] * 2
    still = shown(second, tmp_path / "新清单.xlsx", "处置候选").set_index("宗地代码")
    assert still.loc[CODES[2], "责任人"] == "虚构李"
    assert len(review_table(second)) == 3
    assert "E683" in codes(second.issues)
    assert not second.review_record["reviewed_on"].isna().any()

    rows = [["宗地代码", "进展"], [CODES[0], "已动工，销号"], [CODES[2], "+待约谈"]]
    raws = [
        *read_source(Source("reviews", memory)),
        *read_source(Source("decisions", workbook(given, {"意见": rows}))),
    ]
    third = tidy_reviews(raws, Project()).frame.set_index("key")
    assert third.loc[CODES[0], "review_progress"] == "已动工，销号"
    assert third.loc[CODES[0], "review_opinion"] == "同意"
    assert third.loc[CODES[1], "review_person"] == "虚构李"
    assert third.loc[CODES[2], ["review_person", "review_progress"]].tolist() == ["虚构李", "+待约谈"]


def test_what_was_written_of_a_step_and_has_no_place_names_its_parcel(tmp_path):
    inputs = inputs_of(tmp_path / "资料")
    agenda = [["宗地标识", "权利人", "办理事项", "进展"], [CODES[0], NAMES[0], "早已办结的事项", "已约谈"]]
    given = workbook(tmp_path / "交回.xlsx", {"办理日程": agenda})
    result = check(**inputs, decisions=given)
    left = shown(result, tmp_path / "新清单.xlsx", "上次审核未再列入")
    assert left[["宗地代码", "办理事项", "进展"]].to_numpy().tolist() == [
        [CODES[0], "早已办结的事项", "已约谈"]
    ]


@pytest.mark.document
def test_a_list_that_libreoffice_saved_comes_back_whole(tmp_path, first):
    """Fill in the list itself, save it as xls, xlsx and csv, and read the same words from each."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("LANDEVAL_REQUIRE_DOCUMENT") == "1":
            pytest.fail("需要 LibreOffice（soffice），但没有找到")
        pytest.skip("没有 LibreOffice（soffice），不能另存清单")
    _, result, _ = first
    path = write_candidate_list(result, tmp_path / "清单.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["处置候选"]
    headers = [str(box.value or "").replace("\n", "") for box in sheet[2]]
    said = {**SAID, "责任人": "𠮷虚构㐱", "审核意见": "@同意 {{7*7}}"}
    for name, text in said.items():
        sheet.cell(3, headers.index(name) + 1).value = text
    code = sheet.cell(3, headers.index("宗地代码") + 1).value
    book.save(path)
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    as_csv = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,2"
    for kind in ("xls", "xlsx", as_csv):
        command = [office, profile, "--headless", "--convert-to", kind, "--outdir", str(tmp_path / "另存"), str(path)]  # fmt: skip
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    saved = sorted((tmp_path / "另存").iterdir())
    assert [one.suffix for one in saved] == [".csv", ".xls", ".xlsx"]
    for one in saved:
        told = tidy_reviews(read_source(Source("decisions", one)), Project()).frame
        assert told["key"].tolist() == [code]
        assert told.loc[0, [FIELDS[name] for name in said]].tolist() == list(said.values())
