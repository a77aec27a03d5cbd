"""Fields of a .dbf that are stored in binary (dBase 7, FoxPro): numbers and times to text, memos named as absent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

NAMES = {
    "I": "32 位整数", "+": "自动编号", "O": "双精度数", "B": "双精度数", "Y": "货币（四位小数）", "@": "日期时间",
    "T": "日期时间",
}  # fmt: skip
"""Types whose content stands in the record, little-endian."""

ELSEWHERE = {
    "M": "备注的内容在另一个文件（.dbt/.fpt）中", "G": "嵌入对象", "P": "图片", "W": "大对象", "Q": "二进制内容",
    "V": "变长字段", "0": "系统字段", "B": "备注的内容在另一个文件（.dbt）中",
}  # fmt: skip
"""Types whose content is not in the record, or is no value."""

_SIZES = {"I": 4, "+": 4, "O": 8, "B": 8, "Y": 8, "@": 8, "T": 8}
_EVE = 1_721_425
"""Julian day number of the day before 0001-01-01."""


def is_binary(kind: str, size: int) -> bool:
    """Tell whether a field holds its value in binary.

    Examples
    --------
    >>> is_binary("I", 4), is_binary("N", 4), is_binary("B", 10)
    (True, False, False)
    """
    return _SIZES.get(kind) == size


def texts(column: npt.NDArray[np.void], kind: str, size: int) -> tuple[list[str], list[int]]:
    """Return the values of a binary field as text, and the rows whose bytes are no value of its kind.

    Parameters
    ----------
    column : ndarray of void
        Contiguous, ``size`` bytes each.
    kind : str
        A key of ``NAMES``.
    size : int
        Bytes of a value.
    """
    raw = np.frombuffer(column.tobytes(), dtype="u1").reshape(-1, size)
    # a field that was never set is spaces (all kinds) or zeros (times)
    blank = (raw == 0x20).all(axis=1)
    if kind in "I+":
        return _shown(raw.view("<i4")[:, 0].tolist(), blank), []
    if kind in "OB":
        numbers = raw.view("<f8")[:, 0]
        bad = ~np.isfinite(numbers) & ~blank
        return _shown([repr(float(n)) for n in numbers], blank | bad), np.flatnonzero(bad).tolist()
    if kind == "Y":
        units = raw.view("<i8")[:, 0].tolist()
        return _shown(
            [f"{'-' if n < 0 else ''}{abs(n) // 10_000}.{abs(n) % 10_000:04d}" for n in units], blank
        ), []
    days, thousandths = raw.view("<i4")[:, 0], raw.view("<i4")[:, 1]
    blank = blank | (days == 0)
    sound = (days > _EVE) & (days <= _EVE + 3_652_059) & (thousandths >= 0) & (thousandths < 86_400_000)
    bad = ~sound & ~blank
    found = [
        dt.date.fromordinal(day - _EVE).isoformat() if good else ""
        for day, good in zip(days.tolist(), sound.tolist(), strict=True)
    ]
    return _shown(found, blank | bad), np.flatnonzero(bad).tolist()


def _shown(values: Sequence[object], blank: npt.NDArray[np.bool_]) -> list[str]:
    return ["" if empty else str(value) for value, empty in zip(values, blank.tolist(), strict=True)]
