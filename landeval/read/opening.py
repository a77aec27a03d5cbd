"""Look at a file's first bytes before any library opens it: what it is, its hash, whether it may be read."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

from landeval.errors import InputRefusedError

MAX_BYTES = 2 * 1024**3
MAX_UNPACKED_BYTES = 1024**3
MAX_RATIO = 200


def kind_of(path: Path) -> str:
    """Return the format by content: shapefile, geopackage, geojson, xlsx, or text.

    Raises
    ------
    InputRefusedError
        Not a file, empty, too large, or of a format that is not read.
    """
    if path.is_dir():
        inside = sorted(
            item.name for item in path.iterdir() if item.suffix.lower() in (".shp", ".gpkg", ".xlsx", ".csv")
        )
        listed = "、".join(inside[:10]) or "没有可读的文件"
        raise InputRefusedError(
            "给的是文件夹，不是文件", where=str(path), remedy=f"请指定其中一个文件：{listed}", code="E120"
        )
    size = path.stat().st_size
    if size == 0:
        raise InputRefusedError("文件是空的", where=str(path), remedy="请重新复制或导出该文件", code="E121")
    if size > MAX_BYTES:
        raise InputRefusedError(
            "文件超过 2 GB", where=str(path), remedy="请按乡镇或片区拆分，或改用 GeoPackage", code="E122"
        )
    with path.open("rb") as file:
        head = file.read(512)
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "shapefile"
    if head.startswith(b"SQLite format 3\x00"):
        return "geopackage"
    if head.startswith(b"PK\x03\x04"):
        return _zip_kind(path)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        raise InputRefusedError(
            "旧格式工作簿（.xls）或有密码的工作簿",
            where=str(path),
            remedy="请用 Excel 或 WPS 另存为不加密的 .xlsx",
            code="E123",
        )
    suffix = path.suffix.lower()
    if suffix == ".shp":
        raise InputRefusedError(
            "扩展名是 .shp，内容不是 shapefile", where=str(path), remedy="请重新导出", code="E124"
        )
    if suffix in (".xlsx", ".xlsm"):
        raise InputRefusedError(
            "工作簿损坏或未复制完整", where=str(path), remedy="请重新复制该文件", code="E125"
        )
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if text.startswith(b"{") and suffix in (".json", ".geojson"):
        return "geojson"
    if text.startswith(b"<"):
        raise InputRefusedError(
            "是 XML 或网页文件，不是数据表", where=str(path), remedy="请另存为 .xlsx 或 .csv", code="E124"
        )
    if suffix in (".csv", ".tsv", ".txt"):
        return "text"
    raise InputRefusedError(
        "不认识的文件格式",
        where=str(path),
        remedy="可读：shp、gpkg、geojson、xlsx、csv；请转换后再试",
        code="E124",
    )


def _zip_kind(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except zipfile.BadZipFile:
        raise InputRefusedError(
            "文件损坏或未复制完整", where=str(path), remedy="请重新复制该文件", code="E125"
        ) from None
    unpacked = sum(member.file_size for member in members)
    packed = max(1, sum(member.compress_size for member in members))
    if unpacked > MAX_UNPACKED_BYTES or (unpacked > 50_000_000 and unpacked / packed > MAX_RATIO):
        raise InputRefusedError(
            f"展开后有 {unpacked / 1e6:,.0f} MB，超过限制",
            where=str(path),
            remedy="请删除空白行列后另存，或拆分",
            code="E126",
        )
    if any(member.filename.startswith("xl/") for member in members):
        return "xlsx"
    raise InputRefusedError(
        "是压缩包，不是数据文件", where=str(path), remedy="请先解压，再指定其中的 .shp 或 .xlsx", code="E127"
    )


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file, and for a shapefile of all its parts in the order of their names."""
    parts = [path]
    if path.suffix.lower() == ".shp":
        parts = [item for item in sorted(path.parent.iterdir())
                 if item.stem == path.stem and item.suffix.lower() in (".shp", ".shx", ".dbf", ".prj", ".cpg")]  # fmt: skip
    digest = hashlib.sha256()
    for part in parts:
        with part.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
