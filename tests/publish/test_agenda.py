"""``办理日程.ics`` reads back as what the calendar says, whatever the names are; the sheet lists the same days."""

import dataclasses
import datetime as dt

import openpyxl
import pandas as pd
from builders import AS_OF, HOSTILE, make_result

from landeval.publish.agenda import escaped, folded, write_agenda_file
from landeval.publish.cells import clean
from landeval.publish.frames import agenda, calendar_table
from landeval.publish.workbook import write_candidate_list

NASTY = [
    *HOSTILE,
    "逗号,分号;反斜杠\\换行\n第二行",
    "👨‍👩‍👧‍👦" * 40,
    "a" * 74 + "字",
    "",
    "END:VEVENT\r\nBEGIN:VEVENT",
]


def parsed(data):
    """Read a calendar as RFC 5545 says: unfold, split, unescape; returns the entries as dictionaries."""
    assert data.endswith(b"\r\n")
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    physical = data.split(b"\r\n")[:-1]
    assert max(map(len, physical)) <= 75
    for line in physical:
        line.decode("utf-8")  # no character is split
    lines = data.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-1] == "END:VCALENDAR"
    assert "VERSION:2.0" in lines
    entries, inside = [], []
    for line in lines:
        name, _, value = line.partition(":")
        if name == "BEGIN":
            inside.append(value)
            if value == "VEVENT":
                entries.append({})
        elif name == "END":
            assert inside.pop() == value
        elif inside[-1] == "VEVENT":
            assert name not in entries[-1]
            entries[-1][name] = unescaped(value)
        elif inside[-1] == "VALARM":
            entries[-1]["alarm " + name] = unescaped(value)
    assert not inside
    return entries


def unescaped(text):
    out, rest = [], iter(text)
    for character in rest:
        if character == "\\":
            after = next(rest)
            assert after in "\\;,nN"
            out.append("\n" if after in "nN" else after)
        else:
            assert character not in ",;"
            out.append(character)
    return "".join(out)


def nasty(n=40):
    result = make_result(n)
    names = [NASTY[number % len(NASTY)] for number in range(n)]
    parcels = result.parcels.assign(holder_name=names, location=names[::-1])
    return dataclasses.replace(result, parcels=parcels)


def test_hostile_names_read_back(tmp_path):
    result = nasty()
    entries = parsed(write_agenda_file(result, tmp_path / "a.ics").read_bytes())
    due = agenda(calendar_table(result))
    due = due[due["due_on"].notna()]
    assert len(entries) == len(due) > 10
    for entry, row in zip(entries, due.to_dict("records"), strict=True):
        who = clean(row["holder_name"]) or row["parcel_code"] or row["parcel_id"]
        late = "【已逾期】" if row["step_state"] == "已逾期" else ""
        assert entry["SUMMARY"] == f"{late}{who}：{row['action']}"
        assert entry["DTSTART;VALUE=DATE"] == f"{row['due_on']:%Y%m%d}"
        assert entry["DTEND;VALUE=DATE"] == f"{row['due_on'] + pd.Timedelta(days=1):%Y%m%d}"
        assert entry["DTSTAMP"] == f"{AS_OF:%Y%m%d}T000000Z"
        assert entry["TRANSP"] == "TRANSPARENT"
        assert entry["alarm TRIGGER"] == "-P7D"
        assert row["clause"] in entry["DESCRIPTION"]
        assert entry.get("LOCATION", "") == clean(row["location"])


def test_an_entry_keeps_its_identity_from_run_to_run(tmp_path):
    result = make_result(30)
    first = parsed(write_agenda_file(result, tmp_path / "a.ics").read_bytes())
    moved = result.calendar.assign(due_on=result.calendar["due_on"] + pd.Timedelta(days=5))
    later = dataclasses.replace(result, calendar=moved, as_of=AS_OF + dt.timedelta(1))
    second = parsed(write_agenda_file(later, tmp_path / "b.ics").read_bytes())
    assert {entry["UID"] for entry in first} == {entry["UID"] for entry in second}
    assert len({entry["UID"] for entry in first}) == len(first)
    assert write_agenda_file(result, tmp_path / "c.ics").read_bytes() == (tmp_path / "a.ics").read_bytes()


def test_a_result_without_a_calendar_is_an_empty_file(tmp_path):
    empty = make_result(9, calendar=pd.DataFrame())
    assert parsed(write_agenda_file(empty, tmp_path / "a.ics").read_bytes()) == []
    book = openpyxl.load_workbook(write_candidate_list(empty, tmp_path / "a.xlsx"))
    assert book["办理日程"]["A3"].value == "没有待办的环节。"


def test_lines_fold_between_characters():
    for text in ("字" * 200, "a" * 75, "a" * 76, "a" * 74 + "😀", "", "😀" * 50):
        data = folded(text)
        assert max(map(len, data.split(b"\r\n"))) <= 75
        assert data.decode("utf-8").replace("\r\n ", "").removesuffix("\r\n") == text
    assert folded("a" * 75) == b"a" * 75 + b"\r\n"
    assert unescaped(escaped("甲,乙;丙\\n丁\n戊")) == "甲,乙;丙\\n丁\n戊"


def test_the_sheet_lists_what_is_open_by_day(tmp_path):
    result = make_result(30)
    sheet = openpyxl.load_workbook(write_candidate_list(result, tmp_path / "a.xlsx"))["办理日程"]
    rows = list(sheet.iter_rows(min_row=3, max_col=9, values_only=True))
    days = [row[1] for row in rows if row[1]]
    assert days == sorted(days)
    assert len(rows) == len(result.calendar) / 2  # the other half waits for these
    count = sum(row[0] == "已逾期" for row in rows)
    assert f"已逾期 {count} 项" in " ".join(str(cell.value) for cell in sheet[1])
