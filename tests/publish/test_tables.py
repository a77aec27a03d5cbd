"""``tables/*.csv``: whole, readable by Excel, harmless, the same bytes twice."""

import csv
import dataclasses

import numpy as np
import pandas as pd
import pytest
from builders import HOSTILE, make_result

from landeval.publish import tables as tables_module
from landeval.publish.cells import cells, clean, guard, text_of
from landeval.publish.labels import labels
from landeval.publish.tables import write_table, write_tables

NAMES = ("parcels", "enterprises", "years", "parcel_years", "links", "findings", "zones", "issues", "reconciliation",
         "ledger", "coverage", "decisions", "rules", "calendar", "exemptions")  # fmt: skip


def read(folder, name):
    with (folder / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def folder(tmp_path):
    write_tables(make_result(30), tmp_path)
    return tmp_path


def test_one_row_a_record(folder):
    result = make_result(30)
    assert {path.stem for path in folder.iterdir()} == {*NAMES, "run", "reviews"}
    for name in NAMES:
        assert len(read(folder, name)) == len(getattr(result, name)), name


def test_bytes_that_excel_reads(folder):
    for path in folder.iterdir():
        raw = path.read_bytes()
        assert raw.startswith(b"\xef\xbb\xbf")
        assert raw.count(b"\n") == raw.count(b"\r\n")
        assert b"\x00" not in raw


def test_parcels_carry_figures_and_verdict(folder):
    result, rows = make_result(30), read(folder, "parcels")
    for (key, parcel), row in zip(result.parcels.iterrows(), rows, strict=True):
        assert row["宗地标识"] == key
        assert row["评价结论"] == result.status.loc[key, "status"]
        for column, header in (
            ("tax_wan_yuan", "入库税收(万元)"),
            ("tax_wan_yuan_per_mu", "亩均税收(万元/亩)"),
        ):
            if np.isnan(parcel[column]):
                assert row[header] == ""
            else:
                assert float(row[header]) == round(parcel[column], 6)
        assert row["是否处置候选"] == ("是" if result.status.loc[key, "is_candidate"] else "否")
        assert row["约定动工日期"] == parcel["agreed_start"].date().isoformat()
    assert rows[0]["宗地代码"] == "430525001001GB00000"


def test_hostile_names_survive_literally_behind_an_apostrophe(folder):
    shown = [row["权利人"] for row in read(folder, "parcels")][: len(HOSTILE)]
    dangerous = ("=", "@", "+", "-")
    assert shown == [f"'{clean(n)}" if n.startswith(dangerous) else clean(n) for n in HOSTILE]


def test_no_cell_of_any_table_is_a_formula(folder):
    for name in NAMES:
        for row in read(folder, name):
            for text in row.values():
                assert not text.startswith(("=", "@", "\t", "\r")), (name, text)
                if text.startswith(("+", "-")):
                    float(text)


def test_ledger_names_its_quantities_and_balances_as_printed(folder):
    rows = read(folder, "ledger")
    assert rows[0]["指标"] == "固定资产投资(万元，累计)"
    for row in rows:
        parts = [float(row[name]) for name in ("已分摊", "未匹配", "已排除")]
        assert float(row["输入合计"]) == pytest.approx(sum(parts), abs=1e-6)


def test_same_result_same_bytes(tmp_path):
    result = make_result(20)
    for name in ("a", "b"):
        write_tables(result, tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes()


def test_empty_frames_keep_their_headers(tmp_path):
    result = make_result(9)
    empty = dataclasses.replace(result, links=result.links.iloc[:0], issues=result.issues.iloc[:0])
    write_tables(empty, tmp_path)
    assert read(tmp_path, "links") == []
    assert "宗地标识" in (tmp_path / "links.csv").read_text("utf-8-sig")


def test_the_result_is_not_changed(tmp_path):
    result = make_result(12)
    before = result.parcels.copy(deep=True), result.status.copy(deep=True)
    write_tables(result, tmp_path)
    pd.testing.assert_frame_equal(pd.DataFrame(result.parcels), pd.DataFrame(before[0]))
    pd.testing.assert_frame_equal(result.status, before[1])


@pytest.mark.parametrize("piece", [7, 16_384])
def test_bytes_are_those_of_the_csv_module(tmp_path, monkeypatch, piece):
    monkeypatch.setattr(tables_module, "_PIECE", piece)
    texts = [*HOSTILE, 'a,"b"', "一\r\n二", "三\n四", " 五 ", "'六", "", None, "-7", "=八"] * 3
    count = len(texts)
    frame = pd.DataFrame(
        {
            "reasons": texts,
            "status": pd.Categorical([(None, "=甲,乙", "丙")[number % 3] for number in range(count)]),
            "area_mu": [None if number % 4 == 0 else number / 7 for number in range(count)],
            "is_candidate": pd.Series([(True, None, False)[number % 3] for number in range(count)], dtype=object),
            "due_start": pd.to_datetime(["2020-05-01", None] * count)[:count],
            "zone_parcels": range(count),
            "remark": [(1, True, 1.0, "1")[number % 4] for number in range(count)],
        }
    )  # fmt: skip
    for columns in (list(frame.columns), ["reasons"]):
        path = write_table(frame[columns], tmp_path / "甲.csv")
        rows = zip(*([_plainly(value) for value in cells(frame[name])] for name in columns), strict=True)
        with (tmp_path / "乙.csv").open("w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\r\n")
            writer.writerows([labels(columns), *rows])
        assert path.read_bytes() == (tmp_path / "乙.csv").read_bytes()


def _plainly(value):
    return guard(value) if isinstance(value, str) else text_of(value)
