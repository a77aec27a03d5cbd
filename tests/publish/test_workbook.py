"""``处置候选清单.xlsx``: the figures of the tables, no formula from data, the same bytes twice."""

import csv
import dataclasses
import datetime as dt
import io
import math
import os
import re
import shutil
import subprocess
import warnings
import zipfile
from urllib.parse import unquote

import openpyxl
import pandas as pd
import pytest
from builders import HOSTILE, make_result
from openpyxl.utils import get_column_letter

from landeval.project import Placing, as_settings
from landeval.publish.cells import clean
from landeval.publish.frames import STRUCTURE_FIRST, candidates, parcel_table
from landeval.publish.links import write_links
from landeval.publish.names import dossier_name
from landeval.publish.stamp import run_id, stamp
from landeval.publish.tables import write_tables
from landeval.publish.workbook import sheet as sheet_module
from landeval.publish.workbook import (
    write_candidate_list,
    write_grading_book,
    write_places_book,
    write_values_copy,
)
from landeval.publish.workbook.settings_told import settings_told
from landeval.publish.workbook.sheet import lines, text_width
from landeval.publish.workbook.sources import unsure_rules
from landeval.publish.workbook.styles import FILLS
from landeval.publish.workbook.summary import notes
from landeval.reconciliation import KINDS
from landeval.settings.load import load_project
from landeval.standards.grading import shipped_scheme
from landeval.vocabulary.fields import TABLES

SHEETS = [
    "汇总",
    "处置候选",
    "闲置",
    "低效",
    "关注与预警",
    "待核实",
    "上次审核未再列入",
    "办理日程",
    "豁免",
    "全部宗地",
    "逐条判定",
    "企业",
    "三级汇总",
    "数据问题",
    "对账",
    "依据",
    "参数与运行记录",
]
RATIOS = ("亩均投资(万元/亩)", "亩均产值(万元/亩)", "亩均税收(万元/亩)")
LIVE = ("汇总", "处置候选", "低效", "关注与预警", "豁免", "全部宗地", "企业", "三级汇总")
"""Sheets with per-mu cells: all of them formulas."""
KEYS = {
    "全部宗地": ("parcels", "宗地标识"),
    "企业": ("enterprises", "企业标识"),
    "三级汇总": ("zones", "分区名称"),
}
"""Sheet → the table that its figures stand in, and the column that tells its rows apart."""
N = 30


def load(path, **options):
    return openpyxl.load_workbook(io.BytesIO(path.read_bytes()), **options)


def rows_of(sheet, header_row=2):
    lines = list(sheet.iter_rows(min_row=header_row))
    headers = [str(box.value or "").replace("\n", "") for box in lines[0]]
    return [dict(zip(headers, line, strict=True)) for line in lines[1:]]


def table(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def unescaped(text):
    """Undo the escape of what looks like an escape (ECMA-376 22.9.2.19), which openpyxl leaves as it stands."""
    return text.replace("_x005F", "")


def same(cell, text):
    """Tell whether a cell shows what the table's text says."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat() == text
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return text != "" and math.isclose(cell, float(text), rel_tol=1e-12)
    shown = "" if cell is None else unescaped(str(cell))
    return shown in (text, text.removeprefix("'"))


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    folder = tmp_path_factory.mktemp("workbook")
    result = make_result(N)
    write_tables(result, folder)
    return folder, write_candidate_list(result, folder / "处置候选清单.xlsx")


def test_the_first_and_the_second_workbook_of_a_process_are_the_same(tmp_path):
    result = make_result()
    first, other, second = (tmp_path / f"{n}.xlsx" for n in "abc")
    write_candidate_list(result, first)
    write_candidate_list(make_result(5, 3), other)
    write_candidate_list(result, second)
    assert first.read_bytes() == second.read_bytes()


def test_sheets_in_order(written):
    assert load(written[1]).sheetnames == SHEETS


def test_numbers_equal_the_tables(written):
    folder, path = written
    book = load(path)
    for name, source, key in (("全部宗地", "parcels", "宗地标识"), ("企业", "enterprises", "企业标识")):
        known = {row[key]: row for row in table(folder, source)}
        shown = rows_of(book[name])
        assert len(shown) == len(known)
        for row in shown:
            expected = known[row[key].value]
            for header, box in row.items():
                if header not in RATIOS:
                    assert same(box.value, expected[header]), (name, header, box.value, expected[header])


def test_cached_ratios_equal_the_tables(written):
    folder, path = written
    known = {row["宗地标识"]: row for row in table(folder, "parcels")}
    for row in rows_of(load(path, data_only=True)["全部宗地"]):
        for header in RATIOS:
            assert same(row[header].value, known[row["宗地标识"].value][header])


def test_only_the_ratios_are_formulas(written):
    book = load(written[1])
    found = 0
    for sheet in book:
        for line in sheet.iter_rows():
            for box in line:
                if box.data_type == "f":
                    assert sheet.title in LIVE
                    header = str(sheet.cell(2, box.column).value).replace("\n", "")
                    assert header in RATIOS or sheet.title == "汇总"
                    assert box.value.startswith("=IF(OR($")
                    found += 1
                if box.hyperlink is not None:  # never out of the run's own folder
                    target = box.hyperlink.target
                    assert target is None or re.fullmatch(
                        r"(links|一宗一档)\\\\[^\\\\/:]+\.(html|docx)", target
                    )
    assert found >= 6 * N


def test_candidates_lead_to_the_map_and_to_dossiers_that_are_there(tmp_path):
    result = make_result(12)
    table = parcel_table(result)
    write_links(table, tmp_path)
    first = candidates(table).iloc[0]
    (tmp_path / "一宗一档").mkdir()
    (tmp_path / "一宗一档" / dossier_name(str(first.name), clean(first["holder_name"]))).touch()
    rows = rows_of(load(write_candidate_list(result, tmp_path / "a.xlsx"))["处置候选"])
    for row in rows:
        page = tmp_path / row["地图"].hyperlink.target.replace("\\", "/")
        assert f"#zd={row['宗地标识'].value}" in page.read_text("utf-8")
    assert [row["一宗一档"].value for row in rows] == ["一宗一档", *[None] * (len(rows) - 1)]
    assert (tmp_path / unquote(rows[0]["一宗一档"].hyperlink.target).replace("\\", "/")).is_file()


def test_the_copy_of_values_shows_the_same_without_a_formula(written, tmp_path):
    live, plain = load(written[1], data_only=True), load(write_values_copy(written[1], tmp_path / "a.xlsx"))
    assert plain.sheetnames == live.sheetnames
    for sheet in plain:
        for line, shown in zip(sheet.iter_rows(), live[sheet.title].iter_rows(), strict=True):
            assert not [box.coordinate for box in line if box.data_type == "f"]
            assert [box.value or None for box in line] == [box.value or None for box in shown]


def test_the_run_and_its_inputs_are_named_on_the_last_sheet_and_at_every_foot(written):
    book = load(written[1])
    texts = {row[0]: row for row in book["参数与运行记录"].iter_rows(values_only=True) if row[0]}
    assert texts["运行编号"][1] == run_id(make_result(N))
    assert texts["宗地.shp"][7] == "0" * 64
    assert texts["项目　评价基准日"][1] == "2024-12-31"
    assert texts["读取"][1:3] == (N, N)
    assert all(run_id(make_result(N)) in sheet.oddFooter.center.text for sheet in book)
    assert stamp(make_result(N)) == book.properties.description


def test_another_input_rule_or_day_is_another_run():
    result = make_result(9)
    rules = result.rules.assign(
        value=result.rules["value"].where(result.rules["rule_id"] != "dongkou.tax", "16")
    )
    meta = {**result.meta, "inputs": [{"file": "宗地.shp", "sha256": "1" * 64}]}
    others = [
        make_result(9, rules=rules),
        make_result(9, meta=meta),
        make_result(9, as_of=dt.date(2025, 1, 1)),
    ]
    assert len({run_id(one) for one in (result, *others)}) == 4
    assert run_id(make_result(9)) == run_id(result)


def test_the_exempt_are_listed_with_all_their_exemptions_and_figures(written):
    folder, path = written
    known = {row["宗地代码"]: row for row in table(folder, "parcels")}
    held = [row for row in table(folder, "exemptions") if row["豁免是否适用"] == "是"]
    wanted = {row["宗地代码"] for row in known.values() if row["评价结论"] == "豁免"}
    wanted |= {
        row["宗地代码"] for row in known.values() if row["宗地标识"] in {one["宗地标识"] for one in held}
    }
    shown = rows_of(load(path, data_only=True)["豁免"])
    assert {unescaped(str(row["宗地代码"].value)) for row in shown} == wanted
    ends = [row["实际截止日期"].value for row in shown if row["实际截止日期"].value]
    assert ends == sorted(ends)
    assert ends
    for row in shown:
        parcel = known[row["宗地代码"].value]
        mine = [one for one in held if one["宗地标识"] == parcel["宗地标识"]]
        assert all(one["豁免依据"] in row["豁免依据"].value for one in mine)
        assert all(same(row[header].value, parcel[header]) for header in RATIOS)


def test_hostile_names_stand_literally(written):
    shown = [row["权利人"].value for row in rows_of(load(written[1])["全部宗地"])]
    assert [unescaped(name) for name in shown[: len(HOSTILE)]] == [clean(name) for name in HOSTILE]


def test_candidates_are_in_order_and_leave_room_for_the_reviewer(written):
    folder, path = written
    sheet = load(path)["处置候选"]
    rows = rows_of(sheet)
    wanted = [row for row in table(folder, "parcels") if row["是否处置候选"] == "是"]
    wanted.sort(key=lambda row: float(row["处置顺序"]))
    assert [row["宗地代码"].value or "" for row in rows] == [row["宗地代码"] for row in wanted]
    assert [row["序号"].value for row in rows] == list(range(1, len(wanted) + 1))
    assert list(rows[0])[-4:] == ["审核意见", "处置方式", "责任人", "进展"]
    assert rows[0]["审核意见"].value is None
    assert rows[0]["审核意见"].fill.fgColor.rgb == "FFFFF9C4"
    choice, other = sheet.data_validations.dataValidation
    assert choice.formula1 == '"同意,不同意,待核实"'
    assert other.formula1.startswith('"延长动工开发期限,')
    assert str(choice.sqref).split(":")[0].endswith("3")
    assert sheet.freeze_panes == "D3"
    assert sheet.auto_filter.ref.startswith("A2:")
    assert sheet.page_setup.paperSize == 8
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.print_title_rows == "$1:$2"


def test_classes_wear_the_colours_of_the_map(written):
    for row in rows_of(load(written[1])["全部宗地"]):
        box = row["评价结论"]
        assert box.fill.fgColor.rgb == "FF" + FILLS[box.value][1:].upper()


def test_summary_counts_every_class(written):
    sheet = load(written[1])["汇总"]
    counts = {row[0]: row[1] for row in sheet.iter_rows(values_only=True) if row[0] in {*FILLS, "合计"}}
    assert counts["合计"] == N == sum(count for name, count in counts.items() if name != "合计")
    text = "\n".join(str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0])
    unsure = unsure_rules(make_result(N).rules)
    assert f"{len(unsure)} 条规则尚无文件依据、未核实或经本单位改动" in text
    assert "2024 年入库税收(万元)：未匹配到宗地 12.50，未计入任何宗地" in text


def test_ledger_is_in_numbers_that_balance(written):
    rows = list(load(written[1])["对账"].iter_rows(min_row=4, max_row=6, max_col=8, values_only=True))
    assert [row[0] for row in rows] == ["固定资产投资(万元，累计)", "工业总产值(万元)", "入库税收(万元)"]
    for _, year, total, allocated, unmatched, excluded, repeated, difference in rows:
        assert (year, difference) == (2024, 0)
        assert total == pytest.approx(allocated + unmatched + excluded, abs=1e-6)
        assert 0 <= repeated <= excluded


def test_money_of_no_year_is_said_to_have_none(tmp_path):
    result = make_result(9)
    ledger = result.ledger.assign(year=[None, *[2024] * (len(result.ledger) - 1)])
    path = write_candidate_list(dataclasses.replace(result, ledger=ledger), tmp_path / "a.xlsx")
    years = [
        row[1] for row in load(path)["对账"].iter_rows(min_row=4, max_row=5, max_col=2, values_only=True)
    ]
    assert years == ["未写年度", 2024]


def test_a_remark_of_the_run_comes_first(tmp_path):
    path = write_candidate_list(
        make_result(9, meta={"remark": "没有一家企业对应到宗地"}), tmp_path / "a.xlsx"
    )
    texts = [row[0] for row in load(path)["汇总"].iter_rows(values_only=True)]
    assert "1. 没有一家企业对应到宗地" in texts


def test_unsure_rules_are_marked(written):
    sheet = load(written[1])["依据"]
    marked = {sheet.cell(row, 1).value for row in range(1, sheet.max_row + 1)
              if sheet.cell(row, 1).fill.fgColor.rgb == "FFFFE0B2"}  # fmt: skip
    assert "lowuse.tax" in marked
    assert "idle.not_started" not in marked
    assert [sheet.cell(row, 5).value for row in (4, 5, 6)] == [250, 300, 15]


def test_a_ratio_that_the_run_did_not_find_is_no_formula(tmp_path):
    result = make_result(12)
    parcels = result.parcels.copy()
    parcels.loc["P000001", "tax_wan_yuan_per_mu"] = None
    parcels.loc["P000002", "tax_wan_yuan_per_mu"] = 1.0
    path = write_candidate_list(make_result(12, parcels=parcels), tmp_path / "a.xlsx")
    boxes = [row["亩均税收(万元/亩)"] for row in rows_of(load(path)["全部宗地"])]
    assert boxes[0].value is None
    assert boxes[1].value == 1.0


def test_rows_beyond_the_limit_are_announced(tmp_path, monkeypatch):
    monkeypatch.setattr(sheet_module, "ROW_LIMIT", 10)
    sheet = load(write_candidate_list(make_result(N), tmp_path / "a.xlsx"))["全部宗地"]
    assert sheet.max_row == 10
    assert f"只列出前 8 行，共 {N} 行，全部见 tables/parcels.csv" in str(sheet["D1"].value)


def test_texts_beyond_the_limit_say_where_the_rest_is(tmp_path):
    result = make_result(9)
    status = result.status.assign(reasons="长" * 40000)
    sheet = load(write_candidate_list(make_result(9, status=status), tmp_path / "a.xlsx"))["全部宗地"]
    text = rows_of(sheet)[0]["理由"].value
    assert len(text) == 32767
    assert text.endswith("全文见 tables 文件夹）")


def test_land_that_nobody_knows_is_not_zero(tmp_path):
    parcels = make_result(18).parcels.assign(area_mu=float("nan"))
    sheet = load(write_candidate_list(make_result(18, parcels=parcels), tmp_path / "a.xlsx"))["汇总"]
    rows = [row for row in sheet.iter_rows(values_only=True) if row[0] in {*FILLS, "合计"}]
    assert all(row[2] is None and row[3] is None for row in rows if row[1])
    assert sum(row[4] for row in rows) == 2 * 18
    assert "宗地 18 宗，面积未知" in str(sheet["A2"].value)


def test_no_paragraph_is_taller_than_a_row_may_be(tmp_path):
    rules = make_result(9).rules
    many = pd.concat([rules] * 6, ignore_index=True).assign(override="已由本单位改动（试）")
    sheet = load(write_candidate_list(make_result(9, rules=many), tmp_path / "a.xlsx"))["汇总"]
    assert (
        max(one.height for one in sheet.row_dimensions.values() if one.height) < 200
    )  # Excel shows 409 at most
    text = "".join(str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0])
    names = [f"{row['rule_label']}（{row['rule_state']}）" for _, row in unsure_rules(many).iterrows()]
    assert "、".join(names) in text


def test_a_note_beside_the_title_ends_within_the_first_page(written):
    for sheet in load(written[1]):
        if sheet.page_setup.fitToWidth in (None, 1):
            continue
        widths = [
            sheet.column_dimensions[get_column_letter(at)].width for at in range(1, sheet.max_column + 1)
        ]
        first = next(at for at, box in enumerate(sheet[1]) if at and box.value)
        merged = [one for one in sheet.merged_cells.ranges if one.min_row == 1]
        last = merged[0].max_col if merged else len(widths)
        room = sum(widths[first:last])
        assert not merged or sum(widths[:last]) <= sum(widths) / sheet.page_setup.fitToWidth
        note = str(sheet.cell(1, first + 1).value)
        assert merged or text_width(note) * 1.06 < sum(widths) / sheet.page_setup.fitToWidth - sum(
            widths[:first]
        )
        assert sheet.row_dimensions[1].height >= 13.5 * lines(note, room)


def test_every_kind_of_input_has_a_chinese_name():
    assert {*TABLES, "imagery"} <= set(KINDS)
    assert not [name for name in KINDS.values() if name.isascii()]


def test_other_currency(tmp_path):
    book = load(write_candidate_list(make_result(9, currency="美元"), tmp_path / "a.xlsx"))
    headers = [str(box.value).replace("\n", "") for box in book["全部宗地"][2]]
    assert "入库税收(万美元)" in headers
    assert not [header for header in headers if "万元" in header]


def test_empty_lists_say_so(tmp_path):
    result = make_result(9)
    status = result.status.assign(status="达标", is_candidate=False, missing=None, questions=None)
    book = load(write_candidate_list(make_result(9, status=status), tmp_path / "a.xlsx"))
    assert book["处置候选"]["A3"].value == "本次没有处置候选宗地。"
    assert book["待核实"]["A3"].value == "本次没有待核实的宗地。"


def test_same_result_same_bytes(tmp_path, monkeypatch):
    first = write_candidate_list(make_result(12), tmp_path / "a.xlsx").read_bytes()
    monkeypatch.setenv("TZ", "America/New_York")
    assert write_candidate_list(make_result(12), tmp_path / "b.xlsx").read_bytes() == first


def graded(result):
    """Return a result with a grade of every enterprise, its tax a mu over land of its own."""
    firms = result.enterprises
    grades = pd.DataFrame(
        {
            "enterprise_id": firms.index, "name": firms["name"].to_numpy(), "credit_code": firms["credit_code"].to_numpy(),
            "grade_list": "规上", "grade_state": "已定级",
            "enterprise_grade": [["A", "B", "C", "D"][at % 4] for at in range(len(firms))],
            "grade_rank": range(1, len(firms) + 1),
            **{name: firms[name].to_numpy() for name in ("area_mu", "tax_wan_yuan", "tax_wan_yuan_per_mu")},
        }
    )  # fmt: skip
    return dataclasses.replace(result, scheme=shipped_scheme("dongkou"), grades=grades)


def without_results(path, target):
    """Copy a workbook without the result of any formula, so that whoever opens it must calculate them; return how many."""
    count = 0
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            data = source.read(name)
            if name.startswith("xl/worksheets/"):
                data, found = re.subn(rb"(</f>)<v>[^<]*</v>", rb"\1", data)
                count += found
            copy.writestr(name, data)
    return count


@pytest.fixture(scope="module")
def recalculated(tmp_path_factory):
    """Return the tables, the list as LibreOffice calculates it, the list as written, and how many formulas it has."""
    office = shutil.which("soffice")
    if office is None:
        if os.environ.get("LANDEVAL_REQUIRE_DOCUMENT") == "1":
            pytest.fail("需要 LibreOffice（soffice），但没有找到")
        pytest.skip("没有 LibreOffice（soffice），不能重算工作簿")
    folder = tmp_path_factory.mktemp("recalculated")
    result = graded(make_result(N))
    write_tables(result, folder)
    path = write_candidate_list(result, folder / "处置候选清单.xlsx")
    count = without_results(path, folder / "清单.xlsx")
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [office, profile, "--headless", "--convert-to", "xlsx", "--outdir", str(folder / "重算"), str(folder / "清单.xlsx")]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".* extension is not supported")  # LibreOffice adds its own
        book = load(folder / "重算" / "清单.xlsx", data_only=True)
    return folder, book, load(path), count


@pytest.mark.document
def test_libreoffice_calculates_every_formula_to_the_tables_last_digit(recalculated):
    folder, book, written, count = recalculated
    keys = {**KEYS, "企业评价": ("grades", "企业名称")}
    tables = {name: table(folder, name) for name in ("parcels", "enterprises", "zones", "grades")}
    found = 0
    for name in (*LIVE[1:], "企业评价"):
        source, key = keys.get(name, ("parcels", "宗地代码"))
        known = {row[key].removeprefix("'"): row for row in tables[source] if row[key]}
        formulas = rows_of(written[name])
        for row, formula in zip(rows_of(book[name]), formulas, strict=True):
            wanted = known.get(unescaped(str(row[key].value or "")))
            for header in RATIOS:
                if header not in formula or formula[header].data_type != "f":
                    continue
                found += 1
                value = row[header].value
                if wanted is None:  # a parcel without code: what it was written with
                    continue
                text = wanted[header]
                if text == "":
                    assert value in (None, ""), (name, header)
                else:  # as many digits as are shown, and as the table has
                    assert f"{value:.2f}" == f"{float(text):.2f}", (name, header)
                    assert f"{value:.6f}" == f"{float(text):.6f}", (name, header)
    [park] = [row for row in tables["zones"] if row["层级"] == "园区"]
    shown = {row[0].value: row for row in written["汇总"].iter_rows() if row[0].value in RATIOS}
    assert list(shown) == list(RATIOS)
    for header, row in shown.items():
        assert row[1].data_type == "f"
        found += 1
        assert f"{book['汇总'][row[1].coordinate].value:.6f}" == f"{float(park[header]):.6f}", header
    assert found == count > 8 * N


@pytest.mark.document
def test_libreoffice_shows_no_error(recalculated):
    for sheet in recalculated[1]:
        for line in sheet.iter_rows(values_only=True):
            assert not [value for value in line if isinstance(value, str) and value.startswith(("#", "Err:"))]


@pytest.mark.document
def test_libreoffice_calculates_zones_and_grades_as_the_run_did(recalculated, tmp_path):
    """Take the results out of two more workbooks and have them calculated: each is what was written beside its formula."""
    made = graded(make_result(N))
    structure = pd.DataFrame(columns=list(STRUCTURE_FIRST))
    result = dataclasses.replace(
        made, grade_items=pd.DataFrame(columns=["enterprise_id"]), structure=structure
    )
    books = [
        write_grading_book(result, result.scheme, tmp_path / "等级.xlsx"),
        write_places_book(result, Placing(), tmp_path / "分区.xlsx"),
    ]
    counts = [without_results(path, tmp_path / f"{path.stem}_空.xlsx") for path in books]
    profile = f"-env:UserInstallation=file://{recalculated[0]}/profile"
    sources = [str(tmp_path / f"{path.stem}_空.xlsx") for path in books]
    command = [str(shutil.which("soffice")), profile, "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "重算"), *sources]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    for path, count in zip(books, counts, strict=True):
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=".* extension is not supported")
            again = load(tmp_path / "重算" / f"{path.stem}_空.xlsx", data_only=True)
        formulas, values = load(path), load(path, data_only=True)
        found = 0
        for sheet in formulas:
            for line in sheet.iter_rows():
                for box in line:
                    if box.data_type == "f":
                        found += 1
                        cached, value = (book[sheet.title][box.coordinate].value for book in (values, again))
                        assert (value or None) == (cached or None) or f"{value:.6f}" == f"{cached:.6f}"
        assert found == count > 5


def test_settings_are_told_in_the_words_of_the_table_without_a_key():
    project = load_project("data")
    rows = dict(settings_told(as_settings(project)))
    assert rows["本县　县名"] == "洞口县"
    assert rows["评判　中止开发的面积和投资条件"] == "任一"
    assert rows["影像 2　拍摄日期"] == "2024-10-15"
    assert rows["企业综合评价　方案"].startswith("洞口县企业综合评价(建议稿)")
    assert len(rows) < 100
    keys = [text for text in (*rows, *rows.values()) if re.search(r"[a-z]_[a-z]|[a-z]{4,} [a-z]{4,}", text)]
    assert keys == []


def test_a_changed_rule_and_named_columns_are_told_among_the_settings():
    told = {
        "rules": {"dongkou.tax": {"value": 20, "reason": "县长办公会", "basis": "general knowledge"}},
        "sources": [
            {"table": "parcels", "file": "甲.shp", "columns": {"parcel_code": "ZDDM_NEW"}, "swap_axes": True}
        ],
    }
    rows = dict(settings_told(told))
    assert (rows["规则 dongkou.tax　值"], rows["规则 dongkou.tax　可靠程度"]) == ("20", "据通行文本")
    assert (rows["宗地图层　列名对应：宗地代码"], rows["宗地图层　横纵坐标互换"]) == ("ZDDM_NEW", "是")


def test_the_rules_that_land_fails_are_named_among_those_that_are_not_sure():
    result = make_result(9)
    found = result.findings.assign(
        rule_id="lowuse.tax", verdict=["不达标", *["达标"] * (len(result.findings) - 1)]
    )
    told = "".join(notes(dataclasses.replace(result, findings=found)))
    assert "其中本次有宗地不达标的 1 条：税收不足（建议稿）" in told
    assert "产出不足" not in told
