"""Tables of other projects' test suites and of public registers: read whole, or refused with file and remedy."""

import csv
import io
import time

import pytest
from openpyxl import load_workbook

from landeval.errors import LandevalError
from landeval.read.source import read_source
from landeval.sources import Source

pytestmark = pytest.mark.real_data
FILES = 31
PINS = {
    "big-texty-numbers-xlsx.xlsx": ("number as text", "notes"),
    "blanks.xlsx": ("x", "y"),
    "deaths.xls": ("Name", "Profession"),
    "deaths.xlsx": ("Name", "Profession"),
    "empty_fields.csv": ("County", "Precinct"),
    "empty_fields3.csv": ("County", "Precinct"),
    "enterprise_data.xls": ("公司名称", "电话号码"),
    "example1.xls": ("Date", "2014"),
    "missing-values-xlsx.xlsx": ("x", "y"),
    "neeq_placement_企业名单.xlsx": ("名称", "代码"),
    "spreadsheetml2003_全国地址邮编.sql": ("merger_name", "zip_code"),
    "type-me.xlsx": ("maybe boolean?", "description"),
    "utf16_be_bom.csv": ("county_name", "precinct_name"),
    "utf16_le_bom.csv": ("county_name", "precinct_name"),
    "utf8_bom.csv": ("county_name", "precinct_name"),
}


def outcome(path, **settings):
    """Read a file and say in a line what became of it; a refusal must name file, code and remedy."""
    since = time.perf_counter()
    refusal, raws = None, []
    try:
        raws = read_source(Source("enterprises", path, **settings))
    except LandevalError as error:
        refusal = error
    if refusal is not None:
        assert path.name in refusal.where, refusal
        assert refusal.remedy, refusal
        assert refusal.code, refusal
        return f"refused {refusal.code} {refusal.what}"
    assert time.perf_counter() - since < 10
    codes = " ".join(sorted({code for raw in raws for code in raw.issues["code"]}))
    counts = "+".join(f"{len(raw.frame)}/{len(raw.set_aside)}" for raw in raws)
    return f"read {counts} (records/set aside) {codes}".strip()


def rows_of_text(path, delimiter=","):
    """Count the records of a text table with Python's csv module alone, the header not counted."""
    data = path.read_bytes()
    marks = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    encoding = marks.get(data[:2], "")
    for attempt in [encoding] if encoding else ["utf-8-sig", "gb18030"]:
        try:
            text = data.decode(attempt)
            break
        except UnicodeDecodeError:
            continue
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    return sum(any(cell.strip() for cell in row) for row in rows) - 1


def test_every_messy_table_is_read_or_refused(shared_data):
    paths = sorted((shared_data / "messy_tables").iterdir())
    assert len(paths) == FILES
    for path in paths:
        pinned = ""
        if path.name in PINS:
            name, code = PINS[path.name]
            pinned = outcome(path, columns={"enterprise_name": name, "credit_code": code})
        print(f"{path.name} | {outcome(path)} | {pinned}")


@pytest.mark.parametrize("name", [name for name in PINS if name.endswith(".csv")])
def test_messy_text_tables_lose_no_record(shared_data, name):
    path = shared_data / "messy_tables" / name
    pins = {"enterprise_name": PINS[name][0], "credit_code": PINS[name][1]}
    (raw,) = read_source(Source("enterprises", path, columns=pins))
    assert len(raw.frame) + len(raw.set_aside) == rows_of_text(path)


def test_an_old_and_a_new_workbook_of_the_same_table_agree(shared_data):
    folder = shared_data / "messy_tables"
    pins = {"enterprise_name": "Name", "credit_code": "Profession"}
    old, new = (read_source(Source("enterprises", folder / name, columns=pins)) for name in ("deaths.xls", "deaths.xlsx"))  # fmt: skip
    assert len(old) == len(new)
    for a, b in zip(old, new, strict=True):
        assert a.headers == b.headers
        assert a.frame["source_row"].tolist() == b.frame["source_row"].tolist()
        assert a.frame.astype(str).drop(columns="source_file").equals(b.frame.astype(str).drop(columns="source_file"))  # fmt: skip


def test_the_register_of_enterprises_is_read_whole_in_both_forms(shared_data):
    folder = shared_data / "enterprises_cn"
    (text,) = read_source(Source("enterprises", folder / "shandong_enterprise_registry_gb18030.csv"))
    (book,) = read_source(Source("enterprises", folder / "shandong_enterprise_registry.xlsx"))
    assert len(text.frame) + len(text.set_aside) == rows_of_text(
        folder / "shandong_enterprise_registry_gb18030.csv"
    )
    sheet = load_workbook(folder / "shandong_enterprise_registry.xlsx").worksheets[0]
    held = sum(any(cell not in (None, "") for cell in row) for row in sheet.iter_rows(values_only=True)) - 1
    assert len(book.frame) + len(book.set_aside) == held


def test_a_table_of_3749_records_in_spreadsheetml_is_read_whole(shared_data):
    (path,) = (shared_data / "messy_tables").glob("spreadsheetml2003_*")
    pins = {"enterprise_name": "merger_name", "credit_code": "zip_code"}
    (raw,) = read_source(Source("enterprises", path, columns=pins))
    assert len(raw.frame) == path.read_bytes().count(b"<Row") - 1


@pytest.mark.parametrize("at", range(5))
def test_the_land_market_tables_lose_no_record(shared_data, at):
    path = sorted((shared_data / "land_market_cn").glob("*.csv"))[at]
    pins = {}
    if path.name == "DataSupplyResultDetail.csv":
        pins = {"location": "parcelLocation", "signed_on": "signTime"}
    since = time.perf_counter()
    (raw,) = read_source(Source("contracts", path, columns=pins))
    assert time.perf_counter() - since < 10
    assert len(raw.frame) + len(raw.set_aside) == rows_of_text(path)
    print(f"{path.name} | {len(raw.frame)}/{len(raw.set_aside)}")
