"""Names of the files of a run; those made from data are readable, safe on every system, never two alike for different parcels."""

from __future__ import annotations

import hashlib
import re

from landeval.publish.cells import clean

LIST_VALUES = "处置候选清单_数值.xlsx"
MAP, LIST, PROBLEMS, REVIEW = "地图.html", "处置候选清单.xlsx", "数据问题.xlsx", "匹配复核.xlsx"
AGENDA, GRADING, INDEX, SUPPLY = "办理日程.ics", "企业综合评价.xlsx", "土地集约利用指数.xlsx", "供地盘子.xlsx"
TARGETS, PLACES, REPORT, PICTURES = "目标进度.xlsx", "分区与连片.xlsx", "评价报告.docx", "图表"
SIDES, CHIPS, PLAN, PUBLIC = "对比.html", "影像", "处置方案.docx", "公开版"
DOSSIERS, LINKS = "一宗一档", "links"
"""Folders of the dossiers and of the pages that lead from the list to the map."""
_MOST_BYTES = 160
"""Of a name without its ending: with the folders above it stays below Windows' 260 characters, and 255 bytes elsewhere."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*%#\x00-\x1f\u200c-\u200f\u202a-\u202e\u2060-\u206f]')
_DEVICE = re.compile(r"(?:CON|PRN|AUX|NUL|COM\d|LPT\d)(?:\..*)?", re.IGNORECASE)


def file_stem(text: str) -> str:
    """Return a text as the name of a file without its ending.

    What a system forbids, and ``%`` and ``#`` (which break links), becomes ``_``; a long one is cut. A name that
    had to be changed ends with a mark of the whole text, so that two texts never share a name.

    Examples
    --------
    >>> file_stem("430525001001GB00001 虚构机械有限公司")
    '430525001001GB00001 虚构机械有限公司'
    >>> file_stem("../a:b"), file_stem("CON"), file_stem("430525001001GB00006#2")
    ('_a_b_7b2665', '_CON_a3dbc4', '430525001001GB00006_2_46c66f')
    """
    wanted = _FORBIDDEN.sub("_", clean(text)).strip(" .") or "_"
    short = wanted.encode()[:_MOST_BYTES].decode(errors="ignore").strip(" .")
    if is_device(short):
        short = f"_{short}"
    if short == text:
        return short
    mark = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:6]
    return f"{short}_{mark}"


def is_device(name: str) -> bool:
    """Tell whether Windows takes a name for a device, whatever its ending.

    Examples
    --------
    >>> is_device("con"), is_device("COM1.txt"), is_device("成果")
    (True, True, False)
    """
    return _DEVICE.fullmatch(name) is not None


def dossier_name(code: str, holder: str | None) -> str:
    """Return the file name of a parcel's dossier in ``DOSSIERS``.

    Parameters
    ----------
    code : str
        The parcel's ``parcel_id``: its 宗地代码, numbered where a code stands twice.
    holder : str or None
        Its 权利人, where known.

    Examples
    --------
    >>> dossier_name("430525001001GB00001", "虚构机械有限公司"), dossier_name("430525001001GB00001", None)
    ('430525001001GB00001 虚构机械有限公司.docx', '430525001001GB00001.docx')
    """
    return f"{file_stem(f'{code} {holder}' if holder else code)}.docx"


def link_name(code: str) -> str:
    """Return the file name of the page in ``LINKS`` that opens the map at a parcel (``parcel_id``).

    Examples
    --------
    >>> link_name("430525001001GB00001")
    '430525001001GB00001.html'
    """
    return f"{file_stem(code)}.html"
