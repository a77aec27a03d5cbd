"""One run of a project whose every text field is hostile: each text stands in every output as it was written, and none runs."""

import csv
import html
import io
import json
import re
import sqlite3

import docx
import fiona
import openpyxl
import pyarrow.parquet
import pytest
from docx.oxml.ns import qn
from hostile import NOTES, ROWS, hostile_project, hostile_projects, wicked

from landeval.cli import main
from landeval.errors import InputRefusedError
from landeval.project import Project
from landeval.publish.cells import clean, guard
from landeval.publish.gis.shapefile import LOSS_TABLE
from landeval.publish.public.masking import public_text
from landeval.read.source import read_source
from landeval.sources import Source
from landeval.tidy.codes import clean_code
from landeval.tidy.layout import tidy_layout
from landeval.tidy.reviews import tidy_reviews
from landeval.tidy.values import note, text

MARK = re.compile(r"〔([a-z]\d+\.\d+)〕", re.IGNORECASE)
_CODES = {"p": (0, 1, 3, 7), "c": (0, 6), "e": (2,), "z": (0,), "s": (0, 4), "b": (0,), "j": (2, 5)}
"""Fields of codes: their width and case are folded, quotes and blanks taken out, and E225 tells it."""


def forms(mark):
    """Return how the text of a mark may stand: blanks for control characters, as a note by lines, as a code, as it was written."""
    table, row, field = re.fullmatch(r"([a-z])(\d+)\.(\d+)", mark.lower()).groups()
    raw = wicked(table, int(row), int(field))
    if table == "r":
        return (note(raw),)
    known = text(raw)
    return (known, clean_code(known)) if int(field) in _CODES.get(table, ()) else (known,)


def as_written(mark):
    """Return how a text stands where it is quoted: control characters out, NUL as a sign; of lists the items."""
    table, row, field = re.fullmatch(r"([a-z])(\d+)\.(\d+)", mark.lower()).groups()
    raw = wicked(table, int(row), int(field))
    return clean(raw), clean(raw.replace("\x00", "␀")), re.sub("[;,]", "、", text(raw))


def book_texts(path):
    for sheet in openpyxl.load_workbook(path):
        for row in sheet.iter_rows():
            for box in row:
                if isinstance(box.value, str):
                    assert box.data_type in "sf"
                    yield f"{sheet.title}!{box.coordinate}", box.value, box.data_type == "f"


def csv_texts(path):
    for at, row in enumerate(csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline="")), start=1):
        for value in row:
            yield f"第 {at} 行", value, False


def word_texts(path):
    document = docx.Document(str(path))
    for paragraph in document.element.body.iter(qn("w:p")):
        parts = paragraph.iter(qn("w:t"), qn("w:br"))
        yield "正文", "".join("\n" if node.tag == qn("w:br") else node.text or "" for node in parts), False
    assert not list(document.element.body.iter(qn("w:fldSimple"), qn("w:object"), qn("w:hyperlink")))
    yield "属性", document.core_properties.title, False


def package_texts(path):
    base = sqlite3.connect(path)
    names = [name for (name,) in base.execute("select name from sqlite_master where type = 'table'")]
    for name in names:
        if not name.startswith(("rtree", "gpkg_extensions", "sqlite")):
            for row in base.execute(f'select * from "{name}"'):
                yield from ((name, value, False) for value in row if isinstance(value, str))
    base.close()


def json_texts(path):
    waiting = [json.loads(path.read_text("utf-8"))]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            yield "", value, False
        elif isinstance(value, dict):
            waiting += [*value, *value.values()]
        elif isinstance(value, list):
            waiting += value


def parquet_texts(path):
    for column in pyarrow.parquet.read_table(path).columns:
        yield from (("", value, False) for value in column.to_pylist() if isinstance(value, str))


def calendar_texts(path):
    for line in path.read_bytes().decode().replace("\r\n ", "").split("\r\n"):
        yield "", re.sub(r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], line), False


def page_texts(path):
    page = path.read_text("utf-8")
    assert len(re.findall("<script", page)) == 1
    yield "", html.unescape(re.search("<title>(.*?)</title>", page, re.DOTALL)[1]), False


READERS = {
    ".xlsx": book_texts, ".csv": csv_texts, ".docx": word_texts, ".gpkg": package_texts, ".geojson": json_texts,
    ".parquet": parquet_texts, ".ics": calendar_texts,
}  # fmt: skip


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """Return the folder of the run, and its texts as (file, place, text, whether it is a formula)."""
    place = tmp_path_factory.mktemp("hostile")
    toml = hostile_project(place / "资料")
    out = place / "成果"
    assert (
        main(["run", str(toml), "--review", str(place / "资料" / "审核.csv"), "--public", "--out", str(out)])
        == 0
    )
    projects = str(hostile_projects(place / "资料"))
    admitted = out / "准入"
    assert main(["admit", projects, "--as-of", "2024-12-31", "--out", str(admitted)]) == 0
    found = [
        (path.relative_to(out).as_posix(), where, value, is_formula)
        for path in sorted(out.rglob("*"))
        if path.suffix in READERS
        for where, value, is_formula in READERS[path.suffix](path)
    ]
    found += [
        (f"links/{path.name}", where, value, False)
        for path in sorted((out / "links").glob("*.html"))
        for where, value, _ in page_texts(path)
    ]
    return place / "资料", out, found


def stands(shown, mark, allowed):
    """Tell whether one of the forms of a text stands before its mark, whole."""
    before = shown[: mark.end()].upper()
    return any(before.endswith(form.upper()) for form in allowed)


def test_every_text_stands_literally_wherever_it_stands(run):
    wrong = []
    for file, place, value, _ in run[2]:
        if file.startswith("gis/shp/") or "文书草稿/" in value:  # their own test; the name of a file
            continue
        shown = value.replace("_x005F", "") if file.endswith(".xlsx") else value
        is_quoted = (
            "数据问题" in file + place or file.endswith("tables/issues.csv") or file.startswith("数据问题")
        )
        for mark in MARK.finditer(shown):
            allowed = (*forms(mark[1]), *(as_written(mark[1]) if is_quoted else ()))
            if file.startswith("公开版/"):  # which leaves addresses of mail out
                allowed = tuple(map(public_text, allowed))
            if not stands(shown, mark, allowed):
                wrong.append((file, place, shown[: mark.end()][-80:], allowed[0][-80:]))
    assert not wrong, wrong[:5]


ON_THE_LAND = "p2 p4 p5 p6 p9 c2 c3 c4 c5 c7 c8 c9 c10 c11 e0 x1 x2 z1"
"""What is said of a parcel: table and field."""
WANTED = {
    "tables/parcels.csv": ON_THE_LAND + " q0",
    "gis/landeval.gpkg": ON_THE_LAND + " z2 q0",
    "gis/geojson/宗地.geojson": ON_THE_LAND + " q0",
    "gis/parquet/宗地.parquet": ON_THE_LAND,
    "gis/geojson/分区.geojson": "z1 z2",
    "gis/parquet/分区.parquet": "z1 z2",
    "tables/enterprises.csv": "e0 e1 e3 e4",
    "tables/years.csv": "e5 e6 e7 e8 e9",
    "tables/exemptions.csv": "x1 x2 x4 x5 x6 y0 y1",
    "tables/zones.csv": "z0 z1 z2",
    "tables/reviews.csv": "r0 r1 r2 r3 r4 r5 r6",
    "处置候选清单.xlsx": "p2 p4 p9 e0 e1 x1 x2 x4 z1 z2 r0 r1 r2 r3 r4 r5 r6",
    "处置候选清单_数值.xlsx": "p2 p4 p9 e0 e1 x1 x2 x4 z1 z2 r0 r1 r2 r3 r4 r5 r6",
    "企业综合评价.xlsx": "e0 e5 e6 e7",
    "分区与连片.xlsx": "z1",
    "tables/supply.csv": "s0 s1 s2 s3 s4 s5 s6",
    "供地盘子.xlsx": "s0 s1 s3 s4",
    "tables/reconciliation.csv": "b0 b1 b2 t0 t2 t3 t4 u3 u4 c12 e10",
    "tables/issues.csv": "b0 t0 y0",
    "准入/tables/projects.csv": "j0 j1 j3 j4 j6",
    "准入/准入审查.xlsx": "j0 j1 j2 j3 j4 j5 j6",
}
"""Where every row of a field must be found."""


def told(table, row, field):
    """Tell whether a text can be known: a csv with NUL in a cell loses it with E143, and what hangs on a lost code."""
    hangs_on = [wicked(table, row, field)] + ([wicked("p", row, 0)] if table not in "psqybtuj" else [])
    is_listed = table != "x" or row % 3 == 2
    return is_listed and not (table in "cexrsytuj" and any("\x00" in one for one in hangs_on))


@pytest.mark.parametrize("file", WANTED)
def test_every_text_of_every_field_is_there(run, file):
    there = {mark.lower() for name, _, value, _ in run[2] if name == file for mark in MARK.findall(value)}
    wanted = {
        f"{name[0]}{row}.{name[1:]}"
        for name in WANTED[file].split()
        for row in range(ROWS)
        if told(name[0], row, int(name[1:]))
    }
    assert len(wanted) >= 9
    assert sorted(wanted - there) == []


def test_papers_name_every_candidate_and_what_is_said_of_it(run):
    papers = list((run[1] / "一宗一档").glob("*.docx"))
    assert len(papers) >= ROWS // 3
    for path in papers:
        mine = {mark for _, value, _ in word_texts(path) for mark in MARK.findall(value) if mark[0] == "p"}
        texts = {mark[1:].split(".")[1] for mark in mine}
        assert {"2", "4", "5", "6"} <= texts, path.name
    assert len({path.name.casefold() for path in papers}) == len(papers)
    plan = {mark for _, value, _ in word_texts(run[1] / "处置方案.docx") for mark in MARK.findall(value)}
    assert len({mark for mark in plan if mark.endswith(".2")}) >= ROWS // 3


def test_nothing_from_the_data_is_a_formula_or_an_order(run):
    formulas = [value for _, _, value, is_formula in run[2] if is_formula]
    assert len(formulas) > ROWS
    assert not [value for value in formulas if not value.startswith("=IF(OR($") or "〔" in value]
    cells = [value for file, _, value, _ in run[2] if file.endswith(".csv")]
    assert not [value for value in cells if guard(value) != value]
    books = list(run[1].rglob("*.xlsx"))
    assert len(books) >= 6
    for path in books:
        for sheet in openpyxl.load_workbook(path):
            for target in (box.hyperlink.target for row in sheet.iter_rows() for box in row if box.hyperlink):
                assert target is None or re.match(r"(links|一宗一档)\\[^\\/]+$", target), (
                    path.name,
                    sheet.title,
                    target,
                )


def test_what_a_shapefile_cannot_hold_is_listed_whole(run):
    folder = run[1] / "gis" / "shp"
    losses = list(csv.DictReader(io.StringIO((folder / LOSS_TABLE).read_text("utf-8-sig"), newline="")))
    listed = {(row["图层"], row["序号"], row["短名"]): row["原文"] for row in losses}
    found = 0
    for path in folder.glob("*.shp"):
        with fiona.open(path, encoding="GBK") as layer:
            for at, record in enumerate(layer, start=1):
                for name, value in record["properties"].items():
                    whole = listed.get((path.stem, str(at), name), str(value))
                    for mark in MARK.finditer(whole):
                        found += 1
                        assert stands(whole, mark, forms(mark[1])), (path.stem, at, name, value, whole)
    assert found > 8 * ROWS
    assert len(listed) > 8


def test_what_offices_said_is_remembered_as_they_said_it(run):
    raws = read_source(Source("reviews", run[0] / "审核记录.csv"))
    frame = tidy_reviews(raws, Project()).frame
    names = ["review_opinion", "review_disposal", "review_person", "review_progress", "review_supplement",
             "review_checker", "review_checked_on"]  # fmt: skip
    assert len(names) == len(NOTES)
    codes = {text(wicked("p", row, 0)) for row in range(ROWS) if told("r", row, 0)}
    assert set(frame["reviewed_code"].dropna()) == codes
    for at, name in enumerate(names):
        wanted = {note(wicked("r", row, at)) for row in range(ROWS) if told("r", row, at)}
        assert set(frame[name].dropna()) == wanted


def test_links_carry_the_code_into_the_map_as_a_text(run):
    pages = list((run[1] / "links").glob("*.html"))
    assert len(pages) >= ROWS // 3
    for path in pages:
        page = path.read_text("utf-8")
        script = re.search(r"location\.replace\((.*)\);</script>", page)[1]
        assert json.loads(script).startswith("../")
        assert "<" not in script


@pytest.mark.parametrize("row", range(ROWS))
def test_a_level_that_is_none_is_refused_in_its_own_words(tmp_path, row):
    said = wicked("w", row, 0)
    record = {"type": "Feature", "properties": {"层级": said, "分区名称": "虚构社区"}, "geometry": None}
    layout = tmp_path / "布局.geojson"
    layout.write_text(
        json.dumps({"type": "FeatureCollection", "features": [record]}, ensure_ascii=False), "utf-8"
    )
    raws = read_source(Source("layout", layout))
    with pytest.raises(InputRefusedError) as refused:
        tidy_layout(raws, Project())
    assert f"第 1 条（{text(said)}）" in refused.value.where
