"""``办理日程.ics``: every open day of the calendar as an all-day entry that any calendar program takes (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

from landeval.publish.cells import Cell, cells, clean, text_of
from landeval.publish.frames import agenda, calendar_table
from landeval.publish.stamp import stamp
from landeval.result import OVERDUE, Result

WIDEST = 75
"""Octets of a line, without its end (RFC 5545 3.1)."""
REMIND = "-P7D"
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_COLUMNS = (
    "parcel_id", "parcel_code", "holder_name", "location", "status", "procedure_path", "step", "action", "paper",
    "due_on", "step_state", "due_basis", "responsible", "duty", "document", "clause", "basis", "step_note",
)  # fmt: skip


def write_agenda_file(result: Result, path: Path) -> Path:
    """Write the days that are due or overdue; an empty calendar is a file without entries.

    Entries of the same parcel and step keep their identity from run to run, so that a program that takes the file
    again moves them instead of doubling them. The time stamp is the as-of date: same Result, same bytes.

    Returns
    -------
    Path
        The file written.
    """
    table = agenda(calendar_table(result))
    due = table[table["due_on"].notna()] if len(table) else table
    columns = [cells(due[name]) for name in _COLUMNS] if len(due) else []
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//landeval//agenda//ZH", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{escaped(f'{result.title} 办理日程')}")
    lines.append(f"X-WR-CALDESC:{escaped(stamp(result))}")
    for row in zip(*columns, strict=True):
        lines += _entry(dict(zip(_COLUMNS, row, strict=True)), result.as_of)
    lines.append("END:VCALENDAR")
    data = b"".join(folded(line) for line in lines)
    path.write_bytes(data)
    return path


def escaped(text: str) -> str:
    r"""Escape a text value: control characters become spaces, but for the line breaks that are meant.

    Examples
    --------
    >>> print(escaped("甲,乙;丙\\丁\n戊"))
    甲\,乙\;丙\\丁\n戊
    """
    return "\n".join(clean(line) for line in text.split("\n")).translate(_ESCAPES)


def folded(line: str) -> bytes:
    r"""Return a line as UTF-8, folded at 75 octets between characters, with its CRLF.

    Examples
    --------
    >>> folded("X:" + "地" * 25).split(b"\r\n")[1].decode()
    ' 地'
    """
    parts: list[str] = []
    current: list[str] = []
    size = 0
    for character in line:
        width = len(character.encode())
        if size + width > WIDEST:
            parts.append("".join(current))
            current, size = [" "], 1
        current.append(character)
        size += width
    parts.append("".join(current))
    return ("\r\n".join(parts) + "\r\n").encode()


def _entry(row: dict[str, Cell], as_of: dt.date) -> Iterator[str]:
    told = {name: text_of(value) for name, value in row.items()}
    day = row["due_on"]
    if not isinstance(day, dt.date):
        return
    identity = hashlib.sha256(f"{told['parcel_id']}\n{told['step']}".encode()).hexdigest()[:32]
    late = "【已逾期】" if told["step_state"] == OVERDUE else ""
    who = told["holder_name"] or told["parcel_code"] or told["parcel_id"]
    summary = f"{late}{clean(who)}：{told['action']}"
    parts = (
        ("宗地", told["parcel_code"] or told["parcel_id"]),
        ("评价结论", told["status"]),
        ("程序", told["procedure_path"]),
        ("文书", told["paper"]),
        ("责任", told["responsible"]),
        ("权利人须做", told["duty"]),
        ("期限", told["due_basis"]),
        ("依据", f"{told['document']}{told['clause']}" + (f"（{told['basis']}）" if told["basis"] else "")),
        ("说明", told["step_note"]),
    )
    yield "BEGIN:VEVENT"
    yield f"UID:{identity}@landeval"
    yield f"DTSTAMP:{as_of:%Y%m%d}T000000Z"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(summary)}"
    yield f"DESCRIPTION:{escaped(chr(10).join(f'{name}：{clean(text)}' for name, text in parts if text))}"
    if told["location"]:
        yield f"LOCATION:{escaped(clean(told['location']))}"
    yield "TRANSP:TRANSPARENT"
    yield "BEGIN:VALARM"
    yield "ACTION:DISPLAY"
    yield f"DESCRIPTION:{escaped(summary)}"
    yield f"TRIGGER:{REMIND}"
    yield "END:VALARM"
    yield "END:VEVENT"
