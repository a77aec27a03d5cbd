"""The cells of 参数表: sheet found, header checked, each row with its number; what they mean is not decided here."""

from __future__ import annotations

import warnings
import zipfile
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from landeval.errors import ConfigurationError


def read_rows(path: Path, sheet: str, headers: tuple[str, str, str]) -> list[tuple[int, str, str, Any]]:
    """Return row number, section, setting and value of every row below the header.

    Parameters
    ----------
    path : Path
    sheet : str
        Its name; where there is no such sheet, the first is taken.
    headers : tuple of str
        Of the three columns, in whatever order they stand.

    Raises
    ------
    ConfigurationError
        E606 no workbook that can be opened; E619 no such header.
    """
    try:
        with warnings.catch_warnings(), path.open("rb") as file:
            warnings.simplefilter("ignore")
            book = load_workbook(file, data_only=True)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile, InvalidFileException) as error:
        raise ConfigurationError(
            "参数表打不开",
            where=str(path),
            remedy="请用 Excel 打开，去掉密码，另存为 .xlsx 后再试",
            code="E606",
        ) from error
    page = book[sheet] if sheet in book.sheetnames else book.worksheets[0]
    places: dict[str, int] = {}
    found = []
    for number, row in enumerate(page.iter_rows(values_only=True), start=1):
        words = ["" if cell is None else str(cell).strip() for cell in row]
        if not places:
            if set(headers) <= set(words):
                places = {header: words.index(header) for header in headers}
            continue
        section, setting, value = (row[places[header]] for header in headers)
        if setting is not None:
            found.append(
                (number, "" if section is None else str(section).strip(), str(setting).strip(), value)
            )
    if not places:
        raise ConfigurationError(
            "参数表里找不到表头",
            where=f"{path} 工作表“{page.title}”",
            remedy=f"应有一行写着：{'、'.join(headers)}；空白参数表用 landeval init 文件夹 --table 生成",
            code="E619",
        )
    return found
