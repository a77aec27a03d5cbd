"""The console in Chinese: an argument parser whose help and messages an analyst can read, and safe printing."""

from __future__ import annotations

import argparse
import difflib
import io
import os
import re
import sys
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from typing import Any, NoReturn

from landeval.errors import ConfigurationError
from landeval.guide import GUIDES

QUIET, USUAL, VERBOSE = range(3)
"""How much is said: only what needs attention; what came out; also each step with its files."""
_loudness: ContextVar[int] = ContextVar("loudness", default=USUAL)


def _no_choice(found: re.Match[str]) -> str:
    """Say what may be written, the nearest first."""
    allowed = re.findall(r"[^\s,']+", found[2])
    near = difflib.get_close_matches(found[1], allowed, n=1)
    guess = f"，是不是 {near[0]}？" if near else "，"
    return f"没有 {found[1]}{guess}可用：{'、'.join(allowed)}"


_MESSAGES: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"the following arguments are required: (.*)", r"缺少：\1"),
    (r"argument (.*?): expected (?:one|at least one) argument", r"\1 后面要写内容"),
    (r"argument .*?: invalid choice: '?(.*?)'? \(choose from (.*)\)", _no_choice),
    (r"ambiguous option: (.*?) could match (.*)", r"\1 不明确，可能是：\2"),
    (r"argument (.*?): ignored explicit argument (.*)", r"\1 后面不写内容"),
    (r"argument (.*?): not allowed with argument (.*)", r"\1 和 \2 不能同时写"),
)


@contextmanager
def speaking(loudness: int) -> Iterator[None]:
    """Say so much within the block: ``QUIET``, ``USUAL`` or ``VERBOSE``."""
    before = _loudness.set(loudness)
    try:
        yield
    finally:
        _loudness.reset(before)


def is_quiet() -> bool:
    """Tell whether only what needs attention is said."""
    return _loudness.get() == QUIET


def is_verbose() -> bool:
    """Tell whether every step and file is told of."""
    return _loudness.get() == VERBOSE


def say(text: str = "") -> None:
    """Print what came out, whatever the console's encoding (㎡ and rare characters never crash); not under ``QUIET``."""
    if not is_quiet():
        _write(sys.stdout, text)


def insist(text: str) -> None:
    """Print what needs attention, or is itself what was asked for, however quiet."""
    _write(sys.stdout, text)


def say_error(text: str) -> None:
    """Print to the error stream, however quiet."""
    _write(sys.stderr, text)


def report(text: str) -> None:
    """Tell on the error stream how far the work is; not under ``QUIET``."""
    if not is_quiet():
        _write(sys.stderr, text)


def detail(text: str) -> None:
    """Tell on the error stream what only ``VERBOSE`` asks for."""
    if is_verbose():
        _write(sys.stderr, text)


def show_anything() -> None:
    """Let no text end a command because a console has no such character: help and progress bars print by themselves."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def tell(notes: Iterable[str]) -> None:
    """Print remarks to the error stream, one a line."""
    for note in notes:
        say_error(f"注意：{note}")


def _write(stream: Any, text: str) -> None:
    encoding = getattr(stream, "encoding", None) or "utf-8"
    try:
        print(text.encode(encoding, errors="replace").decode(encoding), file=stream, flush=True)
    except OSError:  # its reader has gone, or its disk is full: the work goes on without words
        _mute(stream)


def _mute(stream: Any) -> None:
    """Lead a stream that takes nothing any more to nowhere, with what it still holds."""
    with suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
        stream.flush()


_COLUMNS = 96
"""Of a console's line; a Chinese character takes two."""


def wrapped(text: str, columns: int) -> list[str]:
    """Break a text into lines of at most so many columns.

    Examples
    --------
    >>> wrapped("宗地图层 shp", 8)
    ['宗地图层', 'shp']
    """
    lines, line, used = [], "", 0
    for piece in re.findall(r"[ -~]+?(?: |(?![ -~]))|.", text):
        size = sum(1 + (unicodedata.east_asian_width(one) in "WF") for one in piece)
        if line and used + size > columns and piece not in "，。；：、）”":
            lines.append(line.rstrip())
            line, used, piece = "", 0, piece.lstrip()
        line, used = line + piece, used + size
    return [*lines, line.rstrip()] if line.strip() else lines


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help below each option: Chinese characters are two columns wide, so columns beside would not align."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, max_help_position=6, width=88)

    def _split_lines(self, text: str, width: int) -> list[str]:
        return wrapped(text, _COLUMNS - 6)

    def _format_action(self, action: argparse.Action) -> str:
        """Leave out the line above the commands, which says once more that they are commands."""
        text = super()._format_action(action)
        return text.partition("\n")[2] if isinstance(action, argparse._SubParsersAction) else text

    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：")


def _alike(word: str, options: list[str]) -> list[str]:
    """Return the option that a word was likely meant for: shortened, lengthened or misspelt."""
    bare = word.lower().replace("_", "-").lstrip("-")
    parts = [
        one
        for one in options
        if bare and (one.lstrip("-").startswith(bare) or bare.startswith(one.lstrip("-")))
    ]
    return (parts or difflib.get_close_matches(f"--{bare}", options, n=1))[:1]


class _Arguments(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        for pattern, chinese in _MESSAGES:
            if re.match(pattern, message):
                message = re.sub(pattern, chinese, message)
                break
        raise ConfigurationError(message, where="命令行", remedy=f"请看 {self.prog} --help", code="E616")


class Command:
    """One command and its options."""

    def __init__(self, parser: _Arguments) -> None:
        self._parser = parser
        self._options = parser.add_argument_group("选项")
        self._options.add_argument("-h", "--help", action="help", help="显示本说明")
        loudness = self._options.add_mutually_exclusive_group()
        for name, value, told in (
            ("--quiet", QUIET, "少说：只显示需要注意的和错误"),
            ("--verbose", VERBOSE, "多说：每一步的记录数和秒数、每个文件的编码和坐标系"),
        ):
            loudness.add_argument(
                name, dest="loudness", action="store_const", const=value, default=USUAL, help=told
            )

    def option(
        self, name: str, text: str, *, metavar: str, default: str | None = None, many: bool = False
    ) -> None:
        """Add an option with a value; one with ``many`` may be given several times."""
        told = text + (f"（默认 {default}）" if default else "") + ("；可重复给出" if many else "")
        told = told.replace("%", "%%")  # argparse fills in what follows a single one
        if many:
            self._options.add_argument(name, help=told, metavar=metavar, action="append", default=None)
        else:
            self._options.add_argument(name, help=told, metavar=metavar, default=default)

    def flag(self, name: str, text: str) -> None:
        """Add a switch."""
        self._options.add_argument(name, help=text, action="store_true")

    def positional(self, name: str, text: str, *, optional: bool, metavar: str = "项目") -> None:
        """Add an argument without a name."""
        group = self._parser.add_argument_group("参数")
        group.add_argument(name, help=text, nargs="?" if optional else None, metavar=metavar)
        shown = f"[{metavar}]" if optional else metavar
        self._parser.usage = str(self._parser.usage).replace(" [选项]", f" {shown} [选项]")


class Parser:
    """The program's commands."""

    def __init__(self, prog: str, description: str, epilog: str) -> None:
        self._parser = _Arguments(
            prog=prog,
            description=description,
            epilog=epilog,
            formatter_class=_Help,
            add_help=False,
            allow_abbrev=False,
        )
        general = self._parser.add_argument_group("选项")
        general.add_argument("-h", "--help", action="help", help="显示本说明")
        self._general = general
        self._commands = self._parser.add_subparsers(
            title="命令", metavar="命令", required=True, parser_class=_Arguments, prog=prog
        )

    def version(self, text: str) -> None:
        """Add ``--version``."""
        self._general.add_argument("--version", action="version", version=text, help="显示版本")

    def command(self, name: str, text: str, run: Callable[[argparse.Namespace], int]) -> Command:
        """Add a command that calls ``run`` with the parsed options; its help tells what ``GUIDES`` says of it."""
        guide = GUIDES[name]
        lines = ["例："]
        for words, told in guide.examples:
            lines += [f"  {words}", f"      {told}"]
        for head, body in (("写出：", guide.outputs), ("退出代码：", guide.ends())):
            lines += [head, *(f"  {line}" for line in wrapped(body, _COLUMNS - 2))]
        parser = self._commands.add_parser(
            name,
            help=text,
            description="\n".join(wrapped(f"{text}。{guide.about}", _COLUMNS)),
            epilog="\n".join(lines),
            formatter_class=_Help,
            add_help=False,
            allow_abbrev=False,
        )
        parser.usage = f"landeval {name} [选项]"
        parser.set_defaults(command=run)
        return Command(parser)

    def help_texts(self) -> dict[str, str]:
        """Return the help of the program (under no name) and of every command."""
        named = {name: parser.format_help() for name, parser in self._commands.choices.items()}
        return {"": self._parser.format_help(), **named}

    def parse_args(self, argv: Any) -> argparse.Namespace:
        """Parse, or raise a ConfigurationError in Chinese."""
        found, rest = self._parser.parse_known_args(argv)
        if rest:
            raise self._not_understood(sys.argv[1:] if argv is None else list(argv), rest)
        return found

    def _not_understood(self, argv: list[str], rest: list[str]) -> ConfigurationError:
        """Say what of a command line nobody asked for, and what was likely meant."""
        named = next((word for word in argv if word in self._commands.choices), "")
        parser = self._commands.choices[named] if named else self._parser
        options = [name for action in parser._actions for name in action.option_strings if name[:2] == "--"]
        unknown = [word.partition("=")[0] for word in rest if word.startswith("-")]
        near = dict.fromkeys(one for word in unknown for one in _alike(word, options))
        what = f"不认识的选项：{' '.join(rest)}" if unknown else f"多写了：{' '.join(rest)}"
        guess = f"是不是 {'、'.join(near)}？" if near else ""
        command = f"landeval {named}".strip()
        if not unknown:
            names = "、".join(
                str(one.metavar) for one in parser._actions if not one.option_strings and one.metavar
            )
            guess = f"{command} 后面只写 {names or '选项'}；其余的用选项写明，如 --parcels 宗地.shp。"
        return ConfigurationError(
            what, where="命令行", remedy=f"{guess}{command} 的全部选项见 {command} --help", code="E616"
        )
