"""Commands, each a few lines: settings in, Result out, exit code. Heavy imports happen only when used."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from landeval.cli.commands import parser
from landeval.cli.outcome import DONE, INTERRUPTED
from landeval.console import say_error, show_anything, speaking
from landeval.errors import InternalError, LandevalError
from landeval.interrupts import EndedError, ended_by_signals
from landeval.shortage import disk_full, is_full, is_out_of_memory, out_of_memory

_STOPPED = "已中断，没有留下不完整的结果；原有的成果没有动。"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; a user's mistake never shows a traceback.

    Exit codes: 0 done, 1 done with errors under ``--strict``, 2 input refused, 3 configuration refused,
    4 output not writable, 5 internal error, 6 out of memory, 7 some units of a province not done, 130 interrupted (143, 129 where it was told to end).
    """
    show_anything()
    try:
        with ended_by_signals():
            options = parser().parse_args(argv)
            with speaking(options.loudness):
                return int(options.command(options))
    except EndedError as ended:
        say_error(_STOPPED)
        return 128 + ended.number
    except KeyboardInterrupt:
        say_error(_STOPPED)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stdout = None  # the reader has gone: nothing more to say, and nothing wrong
        return DONE
    except Exception as error:
        told = _told(error)
        say_error(str(told) if isinstance(told, LandevalError) else _internal(error))
        return told.exit_code if isinstance(told, LandevalError) else InternalError.exit_code


def _told(error: Exception) -> Exception:
    """Return what to say of an error: a lack of memory or room on the disk, however a library put it, else itself."""
    if is_out_of_memory(error):
        return out_of_memory()
    if not isinstance(error, LandevalError) and is_full(error):
        import tempfile

        return disk_full(tempfile.gettempdir())
    return error


def command_help() -> dict[str, str]:
    """Return the help of the program (under no name) and of every command, for the docs."""
    return parser().help_texts()


def _internal(error: Exception) -> str:
    """Write the details of our own mistake to a log file, and tell where it is."""
    import tempfile
    import traceback

    log = Path(tempfile.gettempdir()) / "landeval-错误日志.txt"
    text = "".join(traceback.format_exception(error))
    try:
        log.write_text(text, encoding="utf-8")
        told = f"详细信息已写入 {log}，请发给开发人员。"
    except OSError:
        told = "详细信息无法写入日志文件。"
    return f"程序内部错误（{type(error).__name__}），没有写出任何成果。\n  {told}"
