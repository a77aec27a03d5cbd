"""One command from a fresh checkout to a result: make the environment, then run the demo or the tests.

``python scripts/start.py demo`` or ``python scripts/start.py test``. Standard library only.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
STAMP = "landeval-installed.txt"
LOG = "landeval-install.log"
REFUSED = 3  # the exit code of landeval for "configuration refused"
PIP_WORDS = {
    "Downloading": "下载",
    "Using": "使用缓存",
    "Processing": "读取",
    "Building": "构建",
    "Installing": "安装",
}
PIP_THINGS = (
    (r"(?:build|backend) dependencies", "构建要用的工具"),
    (r"(?:editable|wheel) for (\S+).*", r"\1"),
)
HELP = """\
用法：python scripts/start.py demo [选项] [landeval demo 的其他参数]
      python scripts/start.py test [选项] [pytest 的其他参数]

  demo          准备环境，运行示例园区，成果写到 演示成果(可用 --out 另指)
  test          准备环境(含测试工具),运行全部测试
  --venv DIR    环境放在 DIR(默认：仓库根目录下的 .venv)
  --wheels DIR  离线安装：只从 DIR 中的 wheel 文件安装(也可设环境变量 LANDEVAL_WHEELS)
"""


class Refused(Exception):
    """The environment cannot be made; the message says why and what to do."""


class Parser(argparse.ArgumentParser):
    """An argument parser that explains itself in Chinese."""

    def format_help(self) -> str:
        """Return the whole help."""
        return HELP

    def error(self, message: str) -> NoReturn:
        """Stop with the help and the exit code of a refused configuration."""
        raise Refused(f"参数有误：{message}\n\n{HELP}")


def say(text: str) -> None:
    """Print one line at once, so that it stands before what a child prints."""
    print(text, flush=True)


def interpreter(venv: Path) -> Path:
    """Return the Python of an environment."""
    return venv / "Scripts" / "python.exe" if os.name == "nt" else venv / "bin" / "python"


def command(venv: Path, name: str) -> Path:
    """Return a command that was installed into an environment."""
    return interpreter(venv).with_name(f"{name}.exe" if os.name == "nt" else name)


def fingerprint() -> str:
    """Return what the environment depends on: this folder, what to install and its versions."""
    digest = hashlib.sha256(str(ROOT).encode())
    for name in ("pyproject.toml", "constraints.txt"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def is_ready(venv: Path, mode: str) -> bool:
    """Tell whether the environment holds all that the mode needs, in the versions of today."""
    try:
        made_from, modes = (venv / STAMP).read_text("utf-8").split("\n")[:2]
    except (OSError, ValueError):
        return False
    return made_from == fingerprint() and mode in modes.split() and starts(venv)


def starts(venv: Path) -> bool:
    """Tell whether the environment's Python runs (it does not once its base Python is gone)."""
    try:
        return subprocess.run([interpreter(venv), "-c", ""], check=False).returncode == 0
    except OSError:
        return False


def create(venv: Path) -> None:
    """Make the environment where there is none that runs; never empty a folder that is no environment."""
    if venv.exists() and not venv.is_dir():
        raise Refused(f"环境位置被文件占用：{venv}\n怎么办：删除或改名该文件，或用 --venv 另指一个文件夹。")
    if venv.is_dir() and any(venv.iterdir()) and not (venv / "pyvenv.cfg").is_file():
        raise Refused(f"{venv} 不是 Python 环境，且不为空，不敢覆盖。\n怎么办：用 --venv 另指一个空文件夹。")
    if starts(venv):
        return
    say(f"· 建立 Python 环境：{venv}")
    missing = [name for name in ("venv", "ensurepip") if importlib.util.find_spec(name) is None]
    made = missing or subprocess.run([sys.executable, "-m", "venv", "--clear", venv], check=False).returncode
    if made:
        raise Refused(
            f"不能建立 Python 环境(所用 Python:{sys.executable}"
            + (f";缺少模块 {'、'.join(missing)}" if missing else "")
            + ")。\n怎么办：Debian、Ubuntu、麒麟、统信系统请先执行 sudo apt install python3-venv;"
            "Windows 请从官网重新安装 Python(勾选 pip);并确认磁盘未满、文件夹可写。"
        )


def install(venv: Path, mode: str, wheels: str | None) -> None:
    """Install landeval and what it needs, saying what pip is at; the whole of pip's words go to a log."""
    started = time.monotonic()
    arguments = ["-m", "pip", "install", "--no-input", "--disable-pip-version-check", "-c", "constraints.txt"]
    if wheels:
        folder = Path(wheels).expanduser().resolve()
        if not folder.is_dir():
            raise Refused(f"没有离线安装文件夹：{folder}\n怎么办：检查 --wheels 或环境变量 LANDEVAL_WHEELS。")
        arguments += ["--no-index", "--find-links", str(folder)]
    arguments += ["-e", ".[test]" if mode == "test" else "."]
    (venv / STAMP).unlink(missing_ok=True)
    with open(venv / LOG, "w", encoding="utf-8") as log, start_pip(venv, arguments) as pip:
        for line in pip.stdout or ():
            log.write(line)
            report(line, time.monotonic() - started)
    if pip.returncode:
        raise Refused(failure(venv, arguments))
    modes = "demo test" if mode == "test" else "demo"
    (venv / STAMP).write_text(f"{fingerprint()}\n{modes}\n", "utf-8")
    say(f"· 安装完成，用时 {time.monotonic() - started:.0f} 秒")


def start_pip(venv: Path, arguments: list[str]) -> subprocess.Popen[str]:
    """Start the environment's Python in the repository root, its words readable as UTF-8 on any console."""
    return subprocess.Popen(
        [interpreter(venv), *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )


def report(line: str, seconds: float) -> None:
    """Say in one short line what pip is doing, with the seconds since it began."""
    verb, _, rest = line.strip().partition(" ")
    if verb not in PIP_WORDS or "finished" in rest or rest.startswith("wheels for"):
        return
    if rest.startswith("collected packages"):
        rest = f"{len(rest.split(','))} 个包(这一步较慢，请稍候)"
    elif verb == "Processing":
        rest = Path(rest.partition(" (from ")[0]).name
    else:
        rest = rest.removeprefix("cached ").removesuffix(": started").removesuffix("...")
        for pattern, chinese in PIP_THINGS:
            rest = re.sub(pattern, chinese, rest)
    say(f"  [{seconds:5.1f} 秒] {PIP_WORDS[verb]} {rest}")


def failure(venv: Path, arguments: list[str]) -> str:
    """Return what to tell when pip failed: its command, its last words, and the way without a network."""
    words = [str(interpreter(venv)), *arguments]
    shown = subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
    lines = (venv / LOG).read_text("utf-8").splitlines()
    last = [line for line in lines if not line.startswith("WARNING")][-12:]
    return (
        "安装依赖失败。失败的命令(在仓库根目录执行):\n  "
        + shown
        + "\npip 的最后输出：\n  "
        + "\n  ".join(last)
        + f"\n完整日志：{venv / LOG}"
        + "\n怎么办：检查网络、代理和 pip 镜像设置后重试。不能上网的机器请离线安装："
        "先在一台能上网、系统和 Python 版本相同的机器上，于仓库根目录执行\n"
        '  python -m pip download -d wheels -c constraints.txt "setuptools>=77" ".[test]"\n'
        "把 wheels 文件夹拷过来，再执行\n  python scripts/start.py demo --wheels wheels"
    )


def prepare(venv: Path, mode: str, wheels: str | None) -> None:
    """Bring the environment up to date, or leave it alone where it is."""
    if is_ready(venv, mode):
        say(f"· 环境已就绪：{venv}")
        return
    create(venv)
    say("· 安装依赖(首次约需 1 至 10 分钟，取决于网速)")
    install(venv, mode, wheels)


def run(venv: Path, mode: str, rest: list[str]) -> int:
    """Run the demo where the user stands, or the tests in the repository, and return the exit code."""
    words: list[Path | str]
    if mode == "test":
        words = [interpreter(venv), "-m", "pytest", *rest]
    else:
        chosen = any(word == "--out" or word.startswith("--out=") for word in rest)
        words = [command(venv, "landeval"), "demo", *([] if chosen else ["--out", "演示成果"]), *rest]
    say("· 运行：" + " ".join([Path(words[0]).stem, *map(str, words[1:])]))
    return subprocess.run(words, cwd=ROOT if mode == "test" else None, check=False).returncode


def main(words: list[str]) -> int:
    """Do what the command line asks and return the exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a GBK console shows what it can
    if sys.version_info < (3, 11):  # noqa: UP036 - the script is started by whatever Python is there
        say(f"需要 Python 3.11 或更高版本，当前是 {sys.version.split()[0]}({sys.executable})。")
        say("怎么办：安装 Python 3.11 以上版本，再用它运行本脚本。")
        return REFUSED
    parser = Parser(allow_abbrev=False)
    parser.add_argument("mode", nargs="?", default="")
    parser.add_argument("--venv", type=Path, default=ROOT / ".venv")
    parser.add_argument("--wheels", default=os.environ.get("LANDEVAL_WHEELS"))
    try:
        options, rest = parser.parse_known_args(words)
        if options.mode not in ("demo", "test"):
            parser.error(f"第一个参数应是 demo 或 test,而不是「{options.mode}」")
        venv = options.venv.expanduser().absolute()
        prepare(venv, options.mode, options.wheels)
        return run(venv, options.mode, rest)
    except Refused as refused:
        print(refused, file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("已中断。", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
