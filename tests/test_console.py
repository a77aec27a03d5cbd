"""What cannot be printed ends no command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from landeval.cli import main
from landeval.console import say, say_error

ROOT = Path(__file__).resolve().parents[1]


@pytest.mark.parametrize(("name", "tell"), [("stdout", say), ("stderr", say_error)])
def test_a_reader_that_has_gone_ends_no_run(monkeypatch, name, tell):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, name, stream)
        tell("第一句")
        tell("第二句")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="没有 /dev/full")
@pytest.mark.parametrize("name", ["stdout", "stderr"])
def test_a_full_disk_under_the_words_ends_no_run(monkeypatch, name):
    with open("/dev/full", "w", encoding="utf-8") as stream:
        monkeypatch.setattr(sys, name, stream)
        (say if name == "stdout" else say_error)("一句")


@pytest.mark.parametrize("encoding", ["gbk", "cp936:strict", "ascii:strict"])
def test_a_console_without_the_character_shows_another(encoding):
    """Of help and of messages, with characters beyond GBK."""
    code = (
        "from landeval.cli import main; from landeval.console import say, say_error;"
        "say('𬭚㎡✓–'); say_error('𬭚㎡✓–');"
        "main(['run', '--nothing-𬭚', 'x']);"
        "main(['run', '--help'])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, check=False,
        env={**os.environ, "PYTHONIOENCODING": encoding, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    codec = encoding.partition(":")[0]
    assert "?㎡" in done.stdout.decode(codec) or codec == "ascii"
    assert b"Traceback" not in done.stderr
    assert b"--log" in done.stdout


@pytest.mark.parametrize(
    ("word", "said"),
    [("chekc", "没有 chekc，是不是 check？可用：demo、init、"), ("甲乙", "没有 甲乙，可用：demo、")],
)
def test_a_command_that_there_is_not_is_told_with_the_nearest(capsys, word, said):
    assert main([word]) == 3
    assert said in capsys.readouterr().err
