"""Look at a file's first bytes before any library opens it: what it is, its hash, whether it may be read."""

from __future__ import annotations

import hashlib
import struct
import zipfile
from pathlib import Path

from landeval.errors import InputRefusedError
from landeval.read.encoding import looks_like_utf16

MAX_BYTES = 2 * 1024**3
"""Where .dbf and .shp end: programs cut or misread what lies beyond."""
MAX_UNPACKED_BYTES = 1024**3
"""What a scratch folder or the memory of an office machine holds with ease."""
MAX_SHEET_BYTES = 150_000_000
"""One sheet of a workbook: some three million cells; beyond, office machines run out of memory."""
MAX_RATIO = 200
"""Real tables and layers stay below 100; a bomb is above 1,000."""
MAX_MEMBERS = 10_000
"""A File Geodatabase has some hundred files."""


WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".xlt")
"""Names under which systems also export text and web pages."""
XLS_MARKS = (b"\xd0\xcf\x11\xe0", b"\x09\x00\x04\x00", b"\x09\x02\x06\x00", b"\x09\x04\x06\x00")
"""Of an OLE container, and of the workbooks before it (BIFF 2 to 4)."""
READABLE = (".shp", ".gpkg", ".gdb", ".geojson", ".json", ".parquet", ".xlsx", ".xls", ".csv", ".zip")
"""What a folder is searched for when one is given instead of a file."""


def kind_of(path: Path) -> str:
    """Return the format by content, whatever the name says.

    One of shapefile, geopackage, geojson, filegdb, parquet, xlsx, xls, spreadsheetml, html, zip, or text.

    Raises
    ------
    InputRefusedError
        Not a file, empty, too large, or of a format that is not read.
    """
    if path.is_dir():
        if path.suffix.lower() == ".gdb" and any(item.suffix == ".gdbtable" for item in path.iterdir()):
            for item in path.iterdir():
                inside_its_folder(item)
            return "filegdb"
        raise InputRefusedError(
            "给的是文件夹，不是文件",
            where=str(path),
            remedy=f"请指定其中一个文件：{_choices(path)}",
            code="E120",
        )
    if not path.is_file():
        raise InputRefusedError(
            "是管道或设备，不是文件", where=str(path), remedy="请把内容存为文件后再指定", code="E124"
        )
    if path.name.startswith(("~$", ".~")):
        raise InputRefusedError(
            "是办公软件打开文件时留下的临时文件，不是工作簿",
            where=str(path),
            remedy=f"请关闭该文件的编辑窗口，并指定 {path.name.removeprefix('~$').removeprefix('.~') or '原文件'}",
            code="E171",
        )
    if path.stat().st_size == 0:
        raise InputRefusedError("文件是空的", where=str(path), remedy="请重新复制或导出该文件", code="E121")
    check_size(path)
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "shapefile"
    if head.startswith(b"SQLite format 3\x00"):
        return "geopackage"
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip_kind(path)
    if head.startswith((b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b")):
        raise InputRefusedError(
            "是 RAR、7z 或 gz 压缩包",
            where=str(path),
            remedy="请先解压，再指定其中的文件；或改用 zip",
            code="E127",
        )
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(XLS_MARKS):
        return "xls"
    suffix = path.suffix.lower()
    if suffix in (".dbf", ".shx", ".prj", ".cpg", ".sbn", ".sbx"):
        raise InputRefusedError(
            f"是 shapefile 的组成文件（{suffix}），不是图层",
            where=str(path),
            remedy="请指定同名的 .shp；单独的属性表请另存为 .xlsx",
            code="E124",
        )
    if suffix == ".shp":
        raise InputRefusedError(
            "扩展名是 .shp，内容不是 shapefile", where=str(path), remedy="请重新导出", code="E124"
        )
    start = _start(head)
    if start.startswith("<") and "urn:schemas-microsoft-com:office:spreadsheet" in start:
        return "spreadsheetml"
    if start.startswith("<") and suffix in (*WORKBOOKS, ".htm", ".html"):
        return "html"
    if suffix in WORKBOOKS:
        if _looks_like_text(head):
            return "text"
        raise InputRefusedError(
            "工作簿损坏或未复制完整", where=str(path), remedy="请重新复制该文件", code="E125"
        )
    if suffix in (".json", ".geojson", ".topojson") and _is_json(head):
        return "geojson"
    if start.startswith("<"):
        raise InputRefusedError(
            "是 XML 或网页文件，不是数据表", where=str(path), remedy="请另存为 .xlsx 或 .csv", code="E124"
        )
    if suffix in (".csv", ".tsv", ".txt"):
        return "text"
    raise InputRefusedError(
        "不认识的文件格式",
        where=str(path),
        remedy="可读：shp、gpkg、gdb、geojson、parquet、xlsx、csv，或装有其一的 zip；请转换后再试",
        code="E124",
    )


def check_size(path: Path) -> None:
    """Refuse a file of more than 2 GB: shapefiles end there, and what is beyond is lost without a word.

    Raises
    ------
    InputRefusedError
    """
    if path.stat().st_size > MAX_BYTES:
        other = "，或改用 GeoPackage" if path.suffix.lower() in (".shp", ".shx", ".dbf") else ""
        raise InputRefusedError(
            "文件超过 2 GB", where=str(path), remedy=f"请按乡镇或片区拆分{other}", code="E122"
        )


def inside_its_folder(path: Path) -> str:
    """Follow a link only within the folder that it stands in; return where it leads, or nothing.

    Raises
    ------
    InputRefusedError
        The link leads elsewhere (or nowhere): no file is read that was not put there.
    """
    if not path.is_symlink():
        return ""
    target, home = path.resolve(), path.parent.resolve()
    if not target.is_relative_to(home) or not target.exists():
        raise InputRefusedError(
            "是指向文件夹之外的链接" if target.exists() else "是链接，所指的文件不存在",
            where=str(path),
            remedy="请把文件本身复制到资料文件夹，或直接指定原文件的路径",
            code="E160",
        )
    return str(target.relative_to(home))


def _choices(folder: Path) -> str:
    """List what can be read in a folder and one level below, by names that can be copied."""
    near = sorted(folder.iterdir())
    below = [
        item
        for sub in near
        if sub.is_dir() and sub.suffix.lower() != ".gdb"
        for item in sorted(sub.iterdir())
    ]
    found = [
        item.relative_to(folder).as_posix()
        for item in (*near, *below)
        if item.suffix.lower() in READABLE and not item.name.startswith((".", "~$"))
    ]
    more = f" 等 {len(found)} 个" if len(found) > 10 else ""
    return "、".join(found[:10]) + more if found else "没有可读的文件"


def _start(head: bytes) -> str:
    """Return the first characters, so far as marks of markup are concerned: bytes of UTF-16 are put together."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", "replace").lstrip()
    return head.removeprefix(b"\xef\xbb\xbf").decode("latin-1").lstrip()


def _looks_like_text(head: bytes) -> bool:
    """Tell whether bytes may be a text table: no control characters, UTF-16 aside."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or looks_like_utf16(head):
        return True
    return not any(byte < 32 and byte not in b"\t\n\v\f\r" for byte in head)


def _is_json(head: bytes) -> bool:
    for mark, encoding in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"\xef\xbb\xbf", "utf-8-sig")):
        if head.startswith(mark):
            return head[: len(head) // 2 * 2].decode(encoding, "ignore").lstrip().startswith("{")
    return head.lstrip().startswith(b"{")


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, UnicodeError, struct.error):
        raise InputRefusedError(
            "文件损坏或未复制完整", where=str(path), remedy="请重新复制该文件", code="E125"
        ) from None
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if len(members) > MAX_MEMBERS:
        raise InputRefusedError(
            f"压缩包里有 {len(members)} 个文件，超过限制",
            where=str(path),
            remedy="请只保留需要的文件",
            code="E126",
        )
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > 50_000_000 and unpacked / packed > MAX_RATIO):
        raise InputRefusedError(
            f"展开后有 {unpacked / 1e6:,.0f} MB，超过限制",
            where=str(path),
            remedy="请删除空白行列后另存，或拆分",
            code="E126",
        )
    names = {member.filename for member in members}
    if "xl/workbook.bin" in names or {"content.xml", "mimetype"} <= names:
        kind = "二进制工作簿（.xlsb）" if "xl/workbook.bin" in names else " ods 表格"
        raise InputRefusedError(
            f"是{kind}", where=str(path), remedy="请用 Excel 或 WPS 另存为 .xlsx", code="E172"
        )
    if not any(name.startswith("xl/") for name in names):
        return "zip"
    largest = max(members, key=lambda member: member.file_size)
    if largest.filename.endswith(".xml") and largest.file_size > MAX_SHEET_BYTES:
        raise InputRefusedError(
            f"工作表展开后有 {largest.file_size / 1e6:,.0f} MB，超过限制",
            where=f"{path}（{largest.filename}）",
            remedy="请删除表外的空白行列后另存，或按年度、乡镇拆分",
            code="E126",
        )
    return "xlsx"


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, of a shapefile's parts, or of a folder's files, in the order of names."""
    parts = [path]
    if path.is_dir():
        parts = sorted(item for item in path.iterdir() if item.is_file() and item.suffix != ".lock")
    elif path.suffix.lower() == ".shp":
        parts = sorted(
            item
            for item in path.parent.iterdir()
            if item.is_file()
            and item.stem.casefold() == path.stem.casefold()
            and item.suffix.lower() in (".shp", ".shx", ".dbf", ".prj", ".cpg")
        )
    digest = hashlib.sha256()
    for part in parts:
        inside_its_folder(part)
        with part.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
