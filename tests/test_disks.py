"""Whole commands where the machine has no room: full and read-only disks, memory, consoles of another encoding."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from bureau import delivery

from landeval import cli
from landeval.errors import InputRefusedError
from landeval.publish.folder import refuse_unsafe
from landeval.publish.own import is_untouched

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture
def disk(tmp_path):
    """Return a function that mounts a small disk of so many KB, or skip where that is not permitted."""
    place = tmp_path / "小盘"
    place.mkdir()
    mounted = []

    def mount(kilobytes: int | None, *more: str) -> Path:
        options = ",".join([*([f"size={kilobytes}k"] if kilobytes else []), *more])
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True, check=False
        )
        if done.returncode:
            pytest.skip("不许挂载小盘（需要 root）")
        mounted.append(place)
        return place

    if os.name != "posix":
        pytest.skip("不能挂载小盘")
    yield mount
    if mounted:
        subprocess.run(["umount", str(place)], check=True)


def words(tmp_path: Path, out: Path, command: str = "check") -> list[str]:
    given = delivery(tmp_path / "资料")
    return [command, "--parcels", str(given["parcels"]), "--enterprises", str(given["enterprises"]),
            "--as-of", "2024-12-31", "--out", str(out)]  # fmt: skip


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_disk_that_fills_up_is_told_and_keeps_only_what_was_whole(tmp_path, disk, capsys):
    """1,400 KB hold one result of a whole run and no second; what is beside it goes."""
    place = disk(160)
    arguments = words(tmp_path, place / "成果")
    assert cli.main(arguments) == 0
    (place / "占着").write_bytes(b"x" * 1024 * (160 - used(place) - 24))
    assert cli.main(arguments) == 4
    told = capsys.readouterr().err
    assert "【E705】磁盘空间不足" in told
    assert names(place) == ["占着", "成果"]
    assert is_untouched(place / "成果")


def used(place: Path) -> int:
    """Return the KB in use."""
    found = os.statvfs(place)
    return (found.f_blocks - found.f_bfree) * found.f_frsize // 1024


def test_a_disk_that_cannot_be_written_is_told_before_any_work(tmp_path, disk, capsys):
    place = disk(None, "ro")
    assert cli.main(words(tmp_path, place / "甲" / "成果")) == 4
    told = capsys.readouterr().err
    assert "【E704】输出位置不能写入" in told
    assert "[1/" not in told
    assert names(place) == []
    refuse_unsafe(place / "成果")  # what is refused is the disk, not the name


@pytest.mark.parametrize(
    ("error", "code", "text"),
    [
        (MemoryError(), 6, "【E801】内存不足"),
        (RuntimeError("std::bad_alloc"), 6, "【E801】"),
        (ImportError("DLL load failed: The paging file is too small"), 6, "【E801】"),
        (OSError(28, "No space left on device"), 4, "【E705】磁盘空间不足"),
        (RuntimeError("database or disk is full"), 4, "【E705】"),
        (InputRefusedError("读不出", where="out of memory.shp", remedy="无", code="E125"), 2, "【E125】"),
        (ValueError("x"), 5, "程序内部错误"),
    ],
)
def test_what_a_library_says_of_a_lack_is_told_in_chinese(tmp_path, capsys, monkeypatch, error, code, text):
    def fail(*_arguments, **_named):
        raise error

    monkeypatch.setattr("landeval.run.evaluate", fail)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    assert cli.main(words(tmp_path, tmp_path / "成果")) == code
    told = capsys.readouterr().err
    assert text in told
    assert "Traceback" not in told
    assert not {name for name in names(tmp_path) if "成果" in name}


def test_a_refusal_that_hides_a_lack_of_memory_is_seen_through(tmp_path, capsys, monkeypatch):
    def fail(*_arguments, **_named):
        try:
            raise MemoryError
        except MemoryError as error:
            raise InputRefusedError("空间数据打不开", where="甲", remedy="乙", code="E136") from error

    monkeypatch.setattr("landeval.run.evaluate", fail)
    assert cli.main(words(tmp_path, tmp_path / "成果")) == 6
    assert "E801" in capsys.readouterr().err


@pytest.mark.parametrize("encoding", ["gbk:strict", "ascii:strict"])
def test_a_console_of_another_encoding_gets_every_line(tmp_path, encoding):
    """The title has characters that cp936 does not; help prints by itself."""
    environment = {
        **os.environ,
        "PYTHONIOENCODING": encoding,
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    for arguments in (
        [*words(tmp_path, tmp_path / "成果😀"), "--title", "𬭚〇😀㎡园区"],
        ["run", "--help"],
        ["run", "没有𬭚😀"],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "landeval", *arguments], capture_output=True, check=False, env=environment, cwd=tmp_path
        )  # fmt: skip
        told = (done.stdout + done.stderr).decode(encoding.partition(":")[0], "replace")
        assert done.returncode == (3 if "没有𬭚😀" in arguments else 0), told
        assert "Traceback" not in told
        assert "UnicodeEncodeError" not in told
