"""``数据问题.xlsx``: a sheet an office, nothing lost, and its filled-in copy is a correction file."""

import openpyxl
import pytest
from builders import make_result
from bureau import NAMES, check, delivery, figures

from landeval.publish.workbook import write_problem_book
from landeval.publish.workbook.problems import sheet_names


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    path = tmp_path_factory.mktemp("problems") / "数据问题.xlsx"
    result = make_result(24)
    write_problem_book(result, path)
    return result, openpyxl.load_workbook(path)


def test_every_problem_stands_on_the_sheet_of_its_office(book):
    result, found = book
    for office, rows in result.issues.groupby("responsible"):
        sheet = found[sheet_names([office])[office]]
        assert sheet.max_row == 2 + len(rows)
        headers = [str(cell.value).replace("\n", "") for cell in sheet[2]]
        assert headers[-3:] == ["更正值", "更正人", "更正依据"]
        assert {row[1].value for row in sheet.iter_rows(min_row=3)} == set(rows["code"])
    summary = found["总览"]
    total = sum(
        cell.value for row in summary.iter_rows(min_row=9) for cell in row[1:4] if isinstance(cell.value, int)
    )
    assert total == len(result.issues)


def test_no_cell_is_a_formula(book):
    _, found = book
    assert not [cell for sheet in found for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]


def test_the_same_result_gives_the_same_bytes(tmp_path):
    result = make_result()
    one, two = (write_problem_book(result, tmp_path / f"{name}.xlsx").read_bytes() for name in "ab")
    assert one == two


def test_filled_in_and_handed_back_it_corrects(tmp_path):
    given = delivery(tmp_path)
    firms = openpyxl.load_workbook(given["enterprises"])
    firms["2024"]["E2"] = "约三百"
    firms.save(given["enterprises"])
    first = check(**given)
    assert figures(first)["tax_wan_yuan"].isna().sum() == 1
    path = write_problem_book(first, tmp_path / "数据问题.xlsx")
    back = openpyxl.load_workbook(path)
    filled = 0
    for sheet in back:
        headers = {str(cell.value).replace("\n", ""): cell.column for cell in sheet[2]}
        for row in sheet.iter_rows(min_row=3):
            if "更正值" in headers and row[headers["原值"] - 1].value == "约三百":
                for name, value in (("更正值", 301), ("更正人", "税源股甲"), ("更正依据", "虚构完税证明")):
                    sheet.cell(row[0].row, headers[name], value)
                filled += 1
    assert filled == 1
    back.save(path)
    second = check(**given, corrections=path)
    assert figures(second)["tax_wan_yuan"].tolist() == [301, 150, 30]
    assert NAMES[0] in set(second.enterprises["name"])
    handed_back = second.reconciliation[second.reconciliation["source_file"] == "数据问题.xlsx"]
    assert (handed_back["record_state"] == "采用").sum() == 1


def test_a_problem_of_a_column_goes_to_the_office_that_keeps_it(tmp_path):
    given = delivery(tmp_path)
    firms = openpyxl.load_workbook(given["enterprises"])
    firms["2024"]["E2"] = "约三百"
    firms.save(given["enterprises"])
    found = check(**given).issues
    assert found.loc[found["raw_value"] == "约三百", "responsible"].tolist() == ["税务局"]
