"""Errors that end a run, each with an exit code; data problems are rows, not errors (see ``issues``)."""

from __future__ import annotations


class LandevalError(Exception):
    """A reason to stop, told in Chinese: what is wrong, where, and what to do.

    Parameters
    ----------
    what : str
        The problem, one sentence.
    where : str
        File, sheet or layer, row, column: as far as known.
    remedy : str
        What the analyst can do about it.
    code : str
        Stable code, listed in ``docs/问题代码.md``.
    """

    exit_code = 5

    def __init__(self, what: str, *, where: str = "", remedy: str = "", code: str = "") -> None:
        self.what, self.where, self.remedy, self.code = what, where, remedy, code
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [f"【{self.code}】{self.what}" if self.code else self.what]
        if self.where:
            lines.append(f"  位置：{self.where}")
        if self.remedy:
            lines.append(f"  怎么办：{self.remedy}")
        return "\n".join(lines)


class InputRefusedError(LandevalError):
    """An input file that cannot be read safely; nothing has been written."""

    exit_code = 2


class ConfigurationError(LandevalError):
    """``landeval.toml``, a rule file or an option that cannot be obeyed."""

    exit_code = 3


class OutputError(LandevalError):
    """The output folder cannot be written, or holds something that is not ours."""

    exit_code = 4


class InternalError(LandevalError):
    """A broken promise of our own (a lost record, money that does not add up)."""

    exit_code = 5
