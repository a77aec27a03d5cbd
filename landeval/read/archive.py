"""Take one layer or table out of a zip: into a scratch folder, within limits, gone afterwards."""

from __future__ import annotations

import contextlib
import errno
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from landeval.errors import InputRefusedError
from landeval.read import encoding as text_encoding
from landeval.sources import DRAWN, Source

LAYERS = (".shp", ".gpkg", ".geojson", ".json", ".parquet")
TABLES = (".xlsx", ".xlsm", ".xls", ".csv", ".tsv", ".txt")
PARTS = (".shp", ".shx", ".dbf", ".prj", ".cpg")
DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    UnicodeError,
    ValueError,
    struct.error,
)
"""What the standard library raises for archives that are cut or scrambled."""
NAMES_OF_WINDOWS = frozenset(':*?"<>|')


class Taken(NamedTuple):
    """What was unpacked: its path in the scratch folder, its name in the zip, the names left, the inner layer."""

    path: Path
    name: str
    left: list[str]
    layer: str


@contextlib.contextmanager
def unpacked(source: Source) -> Iterator[Taken]:
    """Unpack the one member that a source means, with its parts, for as long as it is read.

    Raises
    ------
    InputRefusedError
        Unsafe, encrypted or damaged members, nothing readable, or several and none asked for.
    """
    with tempfile.TemporaryDirectory(prefix="landeval-") as folder:
        try:
            taken = _taken(source, Path(folder))
        except (*DAMAGED, OSError) as error:  # OSError: a bad offset, a disk without room
            if isinstance(error, OSError) and error.errno == errno.ENOSPC:
                raise
            raise InputRefusedError(
                "压缩包损坏或未复制完整",
                where=str(source.path),
                remedy="请重新复制或重新压缩（zip 格式）",
                code="E125",
            ) from error
        yield taken


def _taken(source: Source, folder: Path) -> Taken:
    with zipfile.ZipFile(source.path, metadata_encoding=_names_encoding(source.path)) as archive:
        members = _members(archive, source.path)
        chosen, left, layer = _chosen(source, list(members))
        for name in _with_parts(chosen, list(members)):
            _unpack(archive, members[name], folder / name)
        return Taken(folder / chosen, chosen, left, layer)


def _names_encoding(path: Path) -> str:
    """Decide the encoding of member names that are not marked as UTF-8, by their bytes."""
    with zipfile.ZipFile(path) as archive:
        plain = [
            item.orig_filename.encode("cp437") for item in archive.infolist() if not item.flag_bits & 0x800
        ]
    return text_encoding.of_pairs((name, False) for name in plain) or "cp437"


def _members(archive: zipfile.ZipFile, path: Path) -> dict[str, zipfile.ZipInfo]:
    """Return the files of an archive by their safe names, hidden ones left out.

    Every member is looked at, read or not: an archive that tries to write elsewhere is not read at all.
    """
    found: dict[str, zipfile.ZipInfo] = {}
    for item in archive.infolist():
        name = item.orig_filename.split("\x00")[0].replace("\\", "/")
        kind = stat.S_IFMT(item.external_attr >> 16)
        pure = PurePosixPath(name)
        why = ""
        if pure.is_absolute() or ".." in pure.parts or (len(name) > 1 and name[1] == ":"):
            why = "名称指向压缩包之外"
        elif kind not in (0, stat.S_IFREG, stat.S_IFDIR):
            why = "是链接或设备，不是文件"
        elif set(name) & NAMES_OF_WINDOWS or any(ord(character) < 32 for character in name):
            why = "名称中有不能用的字符"
        elif str(pure) in found:
            why = "同名文件出现两次"
        if why:
            raise InputRefusedError(
                f"压缩包里的“{name}”{why}", where=str(path), remedy="请解压核对后重新压缩", code="E161"
            )
        if item.flag_bits & 0x1:
            raise InputRefusedError(
                "压缩包有密码",
                where=f"{path}（{name}）",
                remedy="请用密码解压后再指定其中的文件",
                code="E162",
            )
        hidden = any(part.startswith((".", "~$")) or part == "__MACOSX" for part in pure.parts)
        if not name.endswith("/") and not hidden:
            found[str(pure)] = item
    return found


def _chosen(source: Source, names: list[str]) -> tuple[str, list[str], str]:
    """Pick the member to read; return it, those left, and the layer still to be chosen within it."""
    databases = {
        str(parent)
        for name in names
        for parent in PurePosixPath(name).parents
        if parent.suffix.lower() == ".gdb"
    }
    inside = tuple(f"{database}/" for database in databases)
    layers = sorted(databases) + [
        name for name in names if name.lower().endswith(LAYERS) and not name.startswith(inside)
    ]
    tables = [name for name in names if name.lower().endswith(TABLES) and not name.startswith(inside)]
    notes = [name for name in tables if name.lower().endswith(".txt")]
    if len(notes) < len(layers + tables):  # a 说明.txt beside the data is no choice
        tables = [name for name in tables if name not in notes]
    every = layers + tables
    if not every:
        raise InputRefusedError(
            "压缩包里没有可读的图层或表格" if names else "压缩包是空的",
            where=str(source.path),
            remedy=f"压缩包里有：{_listed(names)}；需要 shp（连同 shx、dbf、prj）、gpkg、geojson、xlsx 或 csv",
            code="E127",
        )
    preferred = layers if source.table in DRAWN and layers else tables
    if source.layer:
        asked = [
            name
            for name in every
            if source.layer in (name, PurePosixPath(name).name, PurePosixPath(name).stem)
        ]
        if len(asked) == 1:
            return asked[0], [name for name in every if name != asked[0]], ""
        if not asked and len(preferred) == 1 and not preferred[0].lower().endswith(".shp"):
            return preferred[0], [name for name in every if name != preferred[0]], source.layer
        raise InputRefusedError(
            f"压缩包里没有“{source.layer}”" if not asked else f"压缩包里有几个“{source.layer}”",
            where=str(source.path),
            remedy=f"请用 layer 写明其中一个：{_listed(asked or every)}",
            code="E131",
        )
    candidates = preferred or every
    if len(candidates) > 1:
        raise InputRefusedError(
            "压缩包里有多个图层或表格",
            where=str(source.path),
            remedy=f"请用 layer 指定一个：{_listed(candidates)}",
            code="E132",
        )
    return candidates[0], [name for name in every if name != candidates[0]], ""


def _listed(names: list[str]) -> str:
    return ("、".join(names[:20]) + (f" 等 {len(names)} 个" if len(names) > 20 else "")) or "（没有文件）"


def _with_parts(chosen: str, names: list[str]) -> list[str]:
    """Return a member with all that belongs to it: a shapefile's parts, a geodatabase's files."""
    pure = PurePosixPath(chosen)
    if pure.suffix.lower() == ".gdb":
        return [name for name in names if name.startswith(f"{chosen}/")]
    if pure.suffix.lower() != ".shp":
        return [chosen]
    stem = pure.with_suffix("")
    return [
        name
        for name in names
        if PurePosixPath(name).suffix.lower() in PARTS
        and str(PurePosixPath(name).with_suffix("")).casefold() == str(stem).casefold()
    ]


def _unpack(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Write a member, never more bytes than it declares: the limits were checked against that."""
    target.parent.mkdir(parents=True, exist_ok=True)
    left = member.file_size
    with archive.open(member) as packed, target.open("wb") as file:
        while block := packed.read(1 << 20):
            left -= len(block)
            if left < 0:
                raise zipfile.BadZipFile("more bytes than declared")
            file.write(block)
