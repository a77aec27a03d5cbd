"""A copy of a workbook in which every formula stands as the value that it gave."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

_FORMULA = re.compile(rb'<c (r="[A-Z]+\d+"(?: s="\d+")?)(?: t="str")?><f>[^<]*</f><v>([^<]*)</v></c>')
_SHEETS = "xl/worksheets/sheet"


def write_values_copy(path: Path, copy: Path) -> Path:
    """Copy a workbook that was written here, its formulas replaced by their numbers; a blank one by a blank cell.

    Parameters
    ----------
    path : Path
        The workbook, as xlsxwriter has written it: the value of each formula stands beside it.
    copy : Path
        The file to write.

    Returns
    -------
    Path
        ``copy``.
    """
    with zipfile.ZipFile(path) as book, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as made:
        for part in book.infolist():
            content = book.read(part)
            if part.filename.startswith(_SHEETS):
                content = _FORMULA.sub(_value, content)
            made.writestr(part, content)
    return copy


def _value(found: re.Match[bytes]) -> bytes:
    place, value = found.groups()
    return b"<c %b><v>%b</v></c>" % (place, value) if value else b"<c %b/>" % place
