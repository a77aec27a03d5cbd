"""The list of very many parcels: it holds what is worked on, says what it leaves out, and that stands whole in the tables."""

import csv
import re

import openpyxl
import pytest
from builders import make_result

from landeval.publish.frames import candidates, open_questions, parcel_table
from landeval.publish.tables import write_tables
from landeval.publish.workbook import short, write_candidate_list

N = 30
RATIOS = ("亩均投资(万元/亩)", "亩均产值(万元/亩)", "亩均税收(万元/亩)")


def sheet_of(path, name):
    sheet = openpyxl.load_workbook(path, data_only=True)[name]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    headers = [str(text or "").replace("\n", "") for text in rows[1]]
    head = " ".join(str(text) for text in rows[0] if text is not None)
    return head, [dict(zip(headers, row, strict=True)) for row in rows[2:]]


def table(folder, name):
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def written(tmp_path, monkeypatch):
    monkeypatch.setattr(short, "MOST", N - 1)
    result = make_result(N)
    write_tables(result, tmp_path / "tables")
    return result, tmp_path, write_candidate_list(result, tmp_path / "清单.xlsx")


def test_one_parcel_fewer_and_nothing_is_left_out(tmp_path, monkeypatch):
    plain = write_candidate_list(make_result(N), tmp_path / "甲.xlsx").read_bytes()
    monkeypatch.setattr(short, "MOST", N)
    assert write_candidate_list(make_result(N), tmp_path / "乙.xlsx").read_bytes() == plain


def test_parcels_left_out_are_counted_and_stand_in_the_table(written):
    result, folder, path = written
    head, rows = sheet_of(path, short.SHORT)
    known = {row["宗地标识"]: row for row in table(folder, "parcels")}
    everything = parcel_table(result)
    wanted = set(candidates(everything).index) | set(open_questions(everything).index)
    wanted |= set(everything.index[everything["status"].isin(("关注", "逾期未动工预警"))])
    listed = {row["宗地标识"] for row in rows}
    assert listed == wanted
    assert len(rows) == len(listed)
    assert set(known) == set(everything.index)
    assert 0 < len(listed) < N
    assert re.findall(r"共 (\d+) 宗.*只列要办的 (\d+) 宗.*其余 (\d+) 宗见 tables/parcels.csv", head) == [
        (str(N), str(len(listed)), str(N - len(listed)))
    ]
    left = set(known) - listed
    assert {known[parcel]["评价结论"] for parcel in left} <= {"达标", "豁免"}
    columns = set(rows[0])
    for parcel in known:  # every column of the sheet, and more, in the table
        assert columns <= set(known[parcel])
    assert len(known[next(iter(left))]) > len(columns)


def test_figures_listed_are_those_of_the_table(written):
    _, folder, path = written
    known = {row["宗地标识"]: row for row in table(folder, "parcels")}
    for row in sheet_of(path, short.SHORT)[1]:
        for name in (*RATIOS, "评价面积(亩)"):
            told = known[row["宗地标识"]][name]
            assert (row[name] in (None, "")) == (told == "")
            assert told == "" or row[name] == pytest.approx(float(told), rel=1e-9)


def test_enterprises_and_problems_left_out_stand_in_their_tables(written):
    result, folder, path = written
    head, rows = sheet_of(path, "企业")
    known = {row["企业标识"] for row in table(folder, "enterprises")}
    parcels = {row["宗地标识"] for row in sheet_of(path, short.SHORT)[1]}
    links = result.links[result.links["state"].isin(("自动", "已确认"))]
    tied = set(links.loc[links["parcel_id"].isin(parcels), "enterprise_id"])
    assert {row["企业标识"] for row in rows if row["企业标识"] in known} == tied & known
    assert f"共 {len(known)} 家" in head
    assert "tables/enterprises.csv" in head
    head, rows = sheet_of(path, "数据问题")
    levels = [row["级别"] for row in table(folder, "issues")]
    assert f"共 {len(levels)} 条" in head
    assert f"提示 {levels.count('提示')} 条" in head
    assert [row["级别"] for row in rows if row["级别"] in levels] == [
        level for level in levels if level != "提示"
    ]


def test_the_summary_counts_all_and_leads_to_sheets_that_are_there(written):
    _, _, path = written
    book = openpyxl.load_workbook(path)
    summary = book["汇总"]
    texts = [[box.value for box in row] for row in summary.iter_rows()]
    total = next(row for row in texts if row[0] == "合计")
    assert total[1] == N
    assert total[5] == "tables/parcels.csv"
    assert sum(row[1] for row in texts[texts.index(total) - 9 : texts.index(total)]) == N
    for row in summary.iter_rows():
        for box in row:
            if box.hyperlink is not None:
                assert box.hyperlink.location.split("!")[0].strip("'") in book.sheetnames


def test_same_bytes_twice(written):
    result, folder, path = written
    assert write_candidate_list(result, folder / "又.xlsx").read_bytes() == path.read_bytes()
