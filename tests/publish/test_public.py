"""The edition for publication: names and grades; no money, no suspicion, no person, in no part of any file."""

import dataclasses
import io
import zipfile

import docx
import numpy as np
import openpyxl
import pandas as pd
import pytest
from builders import make_result

from landeval.publish.public import BOOK, NOTE, NOTICE, write_public
from landeval.publish.public.masking import is_person, public_code, public_name, public_text
from landeval.result import MONEY, RATIOS
from landeval.standards.grading import shipped_scheme

PERSONS = (
    "虚构张三",
    "虚构欧阳小四",
    "虚构阿依·买买提",
    "虚构李四 13800001111",
    "虚构王五430525199001010011",
    "李某",
)
FIRM = "虚构平溪食品有限公司"
N = 30


def unpacked(folder):
    """Return every byte of every file as text: zipped parts unpacked, whatever their encoding."""
    told = {}
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        data = path.read_bytes()
        if zipfile.is_zipfile(io.BytesIO(data)):
            with zipfile.ZipFile(io.BytesIO(data)) as parts:
                told |= {
                    f"{path.name}/{name}": parts.read(name).decode("utf-8", "replace")
                    for name in parts.namelist()
                }
        else:
            told[path.name] = data.decode("utf-8-sig", "replace")
    return told


def as_written(number):
    """Return the ways in which a sum may stand in a file: 万元 or 元, rounded or not, with separators."""
    ways = {f"{number:.2f}", f"{number:,.2f}", f"{number:.4f}", f"{number:.6f}", repr(number), f"{number:g}"}
    ways |= {f"{number * 10_000:.0f}", f"{number * 10_000:,.2f}", f"{number * 10_000:.2f}"}
    return {way for way in ways if len(way.replace(",", "").replace(".", "").lstrip("-0")) >= 5}


@pytest.fixture(scope="module")
def result():
    """Return a result with persons among firms and holders, and sums that nothing else equals."""
    made = make_result(N)
    odd = 70001.23 + 111.37 * np.arange(N)
    parcels, enterprises = made.parcels.copy(), made.enterprises.copy()
    for at, name in enumerate((*MONEY, *RATIOS, "price_wan_yuan")):
        parcels[name] = odd + at * 10_000.0191
        if name in enterprises:
            enterprises[name] = odd + at * 10_000.0383
    status = made.status.copy()
    status["fee_wan_yuan"] = odd + 90_000.0557
    recognised = status.index[status["status"] == "闲置(已认定)"]
    parcels.loc[recognised[:3], "holder_name"] = list(PERSONS[:3])
    parcels.loc[recognised[0], "location"] = "虚构路 1 号，联系 13911112222"
    grades = pd.DataFrame(
        {
            "enterprise_id": enterprises.index, "name": [*PERSONS, FIRM, *(f"虚构雪峰机械{at}有限公司" for at in range(N - len(PERSONS) - 1))],
            "credit_code": ["430525199001010011", *enterprises["credit_code"][1:]],
            "grade_list": "规上", "grade_state": "已定级", "enterprise_grade": [["A", "B", "C", "D"][at % 4] for at in range(N)],
            "grade_rank": range(1, N + 1), "grade_score": odd + 80_000.0777, "grade_why": "亩均税收 98765.43 万元",
            "tax_wan_yuan": odd + 95_000.0888,
        }
    )  # fmt: skip
    changes = {"parcels": parcels, "enterprises": enterprises, "status": status, "grades": grades}
    return dataclasses.replace(made, scheme=shipped_scheme("dongkou"), **changes)


@pytest.fixture(scope="module")
def folder(result, tmp_path_factory):
    folder = tmp_path_factory.mktemp("公开版")
    write_public(result, folder)
    return folder


def test_no_sum_of_money_is_left_anywhere(result, folder):
    frames = (result.parcels, result.enterprises, result.status, result.years, result.grades)
    columns = (*MONEY, *RATIOS, "price_wan_yuan", "fee_wan_yuan", "grade_score")
    sums = {value for frame in frames for name in columns if name in frame for value in frame[name].dropna()}
    sums |= {value for name in (*MONEY, *RATIOS) for value in result.zones[name].dropna()}
    masked = {way for value in sums for way in as_written(float(value))} | {"98765.43"}
    assert len(masked) > 1000
    for part, text in unpacked(folder).items():
        assert not [way for way in masked if way in text], part


def test_no_person_and_no_number_of_one_is_left_anywhere(result, folder):
    masked = {
        *PERSONS,
        "张三",
        "欧阳",
        "买买提",
        "李四",
        "王五",
        "13800001111",
        "13911112222",
        "430525199001010011",
    }
    for part, text in unpacked(folder).items():
        assert not [word for word in masked if word in text], part


def test_no_suspicion_no_file_name_and_no_reason_is_left_anywhere(result, folder):
    masked = {
        "企业.xlsx",
        "宗地.shp",
        "亩均税收 ",
        "逾期",
        *(str(text) for text in result.status["reasons"].dropna()),
    }
    listed = set(result.parcels["parcel_code"].dropna())
    recognised = result.status.index[result.status["status"] == "闲置(已认定)"]
    masked |= listed - set(result.parcels.loc[recognised, "parcel_code"].dropna())
    for part, text in unpacked(folder).items():
        if part != NOTE:  # which says in words what is left out
            assert not [word for word in masked if word in text], part


def test_nothing_is_hidden_or_said_beside(folder):
    book = openpyxl.load_workbook(folder / BOOK)
    assert [sheet.sheet_state for sheet in book] == ["visible"] * 3
    assert not [cell.comment for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    assert not [column for sheet in book for column in sheet.column_dimensions.values() if column.hidden]
    assert book.properties.creator == "landeval"
    assert not list(book.defined_names)
    assert not [
        name
        for name in unpacked(folder)
        if "comments" in name or "customXml" in name or "externalLink" in name
    ]


def test_firms_stand_with_their_grades_and_persons_as_somebody(result, folder):
    rows = list(openpyxl.load_workbook(folder / BOOK)["企业评价结果"].iter_rows(min_row=3, values_only=True))
    assert len(rows) == N
    by_rank = {row[5]: row for row in rows}
    assert [by_rank[at + 1][1] for at in range(len(PERSONS))] == ["某某"] * len(PERSONS)
    assert by_rank[len(PERSONS) + 1][1] == FIRM
    assert by_rank[1][2] is None
    cells = [cell.text for row in docx.Document(str(folder / NOTICE)).tables[0].rows for cell in row.cells]
    assert FIRM in cells
    assert cells.count("某某") == len(PERSONS)


def test_recognised_idle_land_is_listed_and_no_other(result, folder):
    rows = list(openpyxl.load_workbook(folder / BOOK)["闲置土地"].iter_rows(min_row=3, values_only=True))
    assert len(rows) == int((result.status["status"] == "闲置(已认定)").sum())
    assert rows[0][1] == "某某"
    assert any("＊＊＊" in str(row[3]) for row in rows)


def test_a_scheme_that_is_a_proposal_says_that_it_may_not_be_published(result, folder):
    assert result.scheme.basis == "proposal"
    document = docx.Document(str(folder / NOTICE))
    assert document.sections[0].header.paragraphs[0].text == "草稿（方案未定，不得公示）"
    assert "方案未定，不得公示" in (folder / NOTE).read_text("utf-8-sig")


def test_without_a_scheme_there_is_no_notice(tmp_path):
    names = [path.name for path in write_public(make_result(9), tmp_path)]
    assert names == [BOOK, NOTE]


def test_the_same_result_gives_the_same_bytes(result, folder, tmp_path):
    write_public(result, tmp_path)
    for path in folder.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("虚构机械有限公司", False), ("虚构机械有限公司第二分公司", False), ("虚构食品厂", False), ("虚构农民专业合作社", False),
        ("洞口县虚构镇人民政府", False), ("虚构张三", True), ("张厂", True), ("虚构机械有限公司（张三）", False), ("虚构张三（虚构机械厂）", True),
    ],
)  # fmt: skip
def test_a_name_is_a_persons_unless_it_says_otherwise(name, expected):
    assert is_person(name) is expected


@pytest.mark.parametrize(
    "text",
    [
        "联系 86-138-0000-1111", "联系 138 0000 1111", "微信 138–0000–1111", "卡号 6222020000001111222", "卡号 6222 0200 0000 1111 222",
        "身份证 430525 19900101 0011", "(0739)7220000", "电话7220000-801转", "电话：722 0000",
    ],
)  # fmt: skip
def test_no_way_of_writing_a_number_gets_through(text):
    shown = public_text(text)
    assert "＊＊＊" in shown
    assert not any(character.isdigit() for character in shown)


@pytest.mark.parametrize(
    "text",
    ["洞口县经开区平梅路 128 号", "430525001001GB00001", "洞闲认〔2024〕1 号", "2024-12-31", "共 1,234.5 亩"],
)
def test_numbers_that_are_nobodys_stay(text):
    assert public_text(text) == text


def test_a_person_beside_a_firm_is_masked_alone():
    assert public_name("虚构张三、虚构机械有限公司；虚构李四") == "某某、虚构机械有限公司"
    assert [public_code(code) for code in ("93430525XG0000877G", "110101199003070011", None)] == [
        "93430525XG0000877G",
        "",
        "",
    ]


@pytest.mark.parametrize(
    "told",
    [
        "１３８００００１１１１", "+86 13800001111", "8613800001111", "0086-138-0000-1111", "430525 19900101 0011", "43052519900101001Ｘ",
        "（0739）7221234", "0739-7221234", "zhang.san@mail.example", "联系人：虚构张三", "法定代表人为虚构李四",
    ],
)  # fmt: skip
def test_no_way_of_writing_a_persons_number_gets_through(result, tmp_path, told):
    text = f"虚构路 1 号，{told}（虚构）"
    parcels = result.parcels.assign(location=text, holder_name=f"虚构机械有限公司{told}")
    write_public(dataclasses.replace(result, parcels=parcels, title=f"虚构园区 {told}"), tmp_path)
    for part, shown in unpacked(tmp_path).items():
        assert told not in shown, part
        assert told[-8:] not in shown, part


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("虚构机械有限公司（虚构张三）", "虚构机械有限公司（某某）"), ("虚构机械有限公司(法人李四)", "虚构机械有限公司（某某）"),
        ("虚构机械厂（普通合伙）", "虚构机械厂（普通合伙）"), ("虚构机械有限公司（洞口）", "虚构机械有限公司（洞口）"),
        ("虚构机械有限公司（二期）", "虚构机械有限公司（二期）"), ("虚构（湖南）机械有限公司", "虚构（湖南）机械有限公司"),
    ],
)  # fmt: skip
def test_a_person_in_brackets_after_a_firm_is_masked(name, expected):
    assert public_name(name) == expected
