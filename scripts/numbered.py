"""What the numbered scripts share: the project that was dropped on them, where results go, and how a refusal ends them."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NoReturn

import environment  # noqa: F401  (first: it ends where there is no landeval)

import landeval
from landeval.console import say_error

ROOT = Path(__file__).resolve().parents[1]
SAMPLE = ROOT / "data" / "landeval.toml"
RESULTS = "landeval成果"
STOPPED = "已结束，没有写出任何成果；原有的成果没有动。"


def word(number: int, default: Path | str) -> str:
    """Return what was written or dropped in a place of the command line, else the default."""
    return sys.argv[number] if len(sys.argv) > number else str(default)


def beside(project: Path | str) -> Path:
    """Return the folder where the results of a project go: the project's own, never the program's."""
    folder = Path(project).absolute()
    folder = folder if folder.is_dir() else folder.parent
    return documents() / RESULTS if is_program(folder) else folder


def is_program(folder: Path) -> bool:
    """Tell whether a folder is the program's, its sample's or its scripts', where nobody looks for results."""
    return folder.resolve() in (ROOT, ROOT / "data", ROOT / "scripts")


def documents() -> Path:
    """Return the folder of documents of whoever sits here, on Windows wherever it has been moved to."""
    if sys.platform == "win32":
        import winreg

        key = r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders"
        with suppress(OSError), winreg.OpenKey(winreg.HKEY_CURRENT_USER, key) as found:
            return Path(os.path.expandvars(winreg.QueryValueEx(found, "Personal")[0]))
    named = [Path.home() / name for name in ("文档", "Documents")]
    return next((place for place in named if place.is_dir()), named[-1])


@contextmanager
def refusals_told() -> Iterator[None]:
    """End with what a refusal says and its exit code, without a traceback; so does Ctrl-C."""
    try:
        yield
    except landeval.LandevalError as error:
        say_error(str(error))
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        stopped()


def stopped() -> NoReturn:
    """End as somebody who is asked no more wants it."""
    say_error(f"\n{STOPPED}")
    sys.exit(130)
