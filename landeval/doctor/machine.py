"""The machine: memory, disk, write access, console, clock, long paths."""

from __future__ import annotations

import ctypes
import datetime as dt
import locale
import os
import shutil
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

from landeval.doctor.line import BAD, CAUTION, GOOD, Line

GIB = 1 << 30
ENOUGH_MEMORY, ENOUGH_DISK, LEAST_DISK = 2 * GIB, 2 * GIB, GIB // 5
"""A county with images needs less than the first two; a county's outputs alone are about the last."""
_RARE = "宗地㎡〇"
_BUILT = 2025
"""A clock before the year of this program is wrong."""


def memory() -> Iterator[Line]:
    """Tell how much memory is free [GB]."""
    free = free_memory()
    if free is None:
        yield Line(
            "内存", CAUTION, "看不出有多少可用内存", "可用内存最好在 2 GB 以上；各种规模要多少见 docs/限制.md"
        )
    elif free < ENOUGH_MEMORY:
        yield Line(
            "内存", CAUTION, f"可用 {free / GIB:.1f} GB", "请关闭其他程序，或按片区拆分资料；见 docs/限制.md"
        )
    else:
        yield Line("内存", GOOD, f"可用 {free / GIB:.1f} GB")


def free_memory() -> int | None:
    """Return the memory that is free [bytes]; None where the system does not say."""
    if sys.platform == "win32":

        class Status(ctypes.Structure):
            _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [
                (name, ctypes.c_ulonglong)
                for name in ("total", "free", "total_page", "free_page", "total_own", "free_own", "more")
            ]

        status = Status()
        status.length = ctypes.sizeof(Status)
        return int(status.free) if ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)) else None
    try:
        lines = Path("/proc/meminfo").read_text("ascii").splitlines()
    except OSError:
        return None
    found = [int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")]
    return found[0] if found else None


def system() -> Iterator[Line]:
    """Look at clock, language and length of paths."""
    now = dt.datetime.now().astimezone()
    if now.year < _BUILT:
        yield Line("系统", BAD, f"电脑的日期是 {now:%Y-%m-%d}，不对", "请把系统日期调准：不写基准日时用它")
        return
    told = f"日期 {now:%Y-%m-%d}，文字编码 {locale.getpreferredencoding(False)}"
    if has_long_paths():
        yield Line("系统", GOOD, f"{told}，长路径可用")
    else:
        remedy = "成果请放在较短的位置，如 D:\\成果；或请管理员在组策略中启用“Win32 长路径”"
        yield Line("系统", CAUTION, f"{told}，路径最长 260 个字符", remedy)


def has_long_paths() -> bool:
    """Tell whether paths may be longer than 260 characters."""
    if sys.platform == "win32":
        import winreg

        place = r"SYSTEM\CurrentControlSet\Control\FileSystem"
        try:
            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
                return bool(winreg.QueryValueEx(key, "LongPathsEnabled")[0])
        except OSError:
            return False
    return True


def console() -> Iterator[Line]:
    """Tell whether the console can show what is said."""
    encoding = getattr(sys.stdout, "encoding", None) or "未知"
    try:
        _RARE.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        remedy = "有的字会显示为问号，成果不受影响；可先运行 chcp 65001，或设环境变量 PYTHONUTF8=1"
        yield Line("命令行窗口", CAUTION, f"编码 {encoding}，不能显示全部汉字", remedy)
        return
    yield Line("命令行窗口", GOOD, f"编码 {encoding}")


def standing(folder: Path) -> Path:
    """Return a folder, or the nearest above it that is there."""
    place = folder.absolute()
    while not place.is_dir() and place != place.parent:
        place = place.parent
    return place


def writable(folder: Path, name: str) -> Iterator[Line]:
    """Write a file, rename it and take it away again."""
    place = standing(folder)
    trial = place / f".landeval-doctor-{uuid.uuid4().hex}"
    other = trial.with_name(f"{trial.name}-宗地")
    try:
        trial.write_text(_RARE, "utf-8")
        trial.replace(other)
        other.unlink()
    except OSError:
        told = f"{place} 不能写入"
        yield Line(name, BAD, told, "请检查文件夹是否只读、有没有权限、杀毒软件是否拦截，或换一个位置")
        return
    finally:
        for left in (trial, other):
            if left.exists():
                os.unlink(left)
    yield Line(name, GOOD, f"{place} 能写入、改名、删除")


def disk(folder: Path, name: str) -> Iterator[Line]:
    """Tell the room left on a disk [GB]."""
    place = standing(folder)
    free = shutil.disk_usage(place).free
    told = f"{place} 剩余 {free / GIB:.1f} GB"
    if free < LEAST_DISK:
        yield Line(name, BAD, told, "请清理磁盘，或换一个位置")
    elif free < ENOUGH_DISK:
        yield Line(name, CAUTION, told, "一个县的成果约几百 MB，有影像的更多；请留出 2 GB")
    else:
        yield Line(name, GOOD, told)
