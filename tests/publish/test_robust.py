"""A result survives kills, other runs, changing inputs, full disks and names that a system cannot keep."""

import errno
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

from landeval.errors import OutputError
from landeval.interrupts import EndedError, ended_by_signals, undisturbed
from landeval.publish import folder as folders
from landeval.publish import swap as swaps
from landeval.publish.folder import mended, refuse_name, reserved, staged_folder
from landeval.publish.hold import held, lock_of
from landeval.publish.own import is_untouched
from landeval.publish.run_record import TOOL, digests, write_record

POSIX = pytest.mark.skipif(os.name != "posix", reason="信号和 fork 只在 POSIX 系统上")


def write(fresh: Path, text: str) -> None:
    (fresh / "tables").mkdir()
    (fresh / "tables" / "a.csv").write_text(text, "utf-8")
    write_record({"tool": TOOL, "outputs": digests(fresh)}, fresh)


def publish(target: Path, text: str, **options) -> None:
    with staged_folder(target, **options) as fresh:
        write(fresh, text)


def said(target: Path) -> str:
    return (target / "tables" / "a.csv").read_text("utf-8")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def refusal(run) -> OutputError:
    with pytest.raises(OutputError) as caught:
        run()
    assert caught.value.exit_code == 4
    assert "位置：" in str(caught.value)
    assert "怎么办：" in str(caught.value)
    return caught.value


# ---- kills ------------------------------------------------------------------------------------------------


def killed(run) -> None:
    """Run something in a child that is killed on its way."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of fork beside threads: the child does little
        child = os.fork()
    if child == 0:
        try:
            run()
        finally:
            os._exit(9)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def die(*_arguments, **_options):
    os.kill(os.getpid(), signal.SIGKILL)


def dying_rename(number: int, *, is_after: bool):
    """Return a rename that kills its process before or after the call of a number."""
    real, calls = Path.rename, []

    def rename(self, to):
        calls.append(to)
        if len(calls) < number:
            return real(self, to)
        if is_after:
            real(self, to)
        return die()

    return rename


@POSIX
@pytest.mark.parametrize("is_after", [False, True])
@pytest.mark.parametrize(
    ("former", "number"), [(former, number) for former in range(3) for number in range(1, 3 + former)]
)
def test_a_kill_at_any_rename_is_mended_by_the_next_command(tmp_path, monkeypatch, former, number, is_after):
    """Renames over two results: fresh is ready, the older one goes out, the former one aside, the new one in."""
    target = tmp_path / "成果"
    for text in "ab"[:former]:
        publish(target, text)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dying_rename(number, is_after=is_after))
        killed(lambda: publish(target, "新"))
    with reserved(target):
        pass
    whole = [path for path in (target, tmp_path / "成果.上一次") if path.exists()]
    assert all(is_untouched(path) for path in whole)
    assert names(tmp_path) == [path.name for path in whole]
    before = ["b", "a"][2 - former :]
    is_place_free = number + is_after > former + 1
    assert [said(path) for path in whole] == (["新", *before[:1]] if is_place_free else before)


@POSIX
@pytest.mark.parametrize("step", ["write", "settle", "rmtree"])
def test_a_kill_while_writing_or_clearing_leaves_a_whole_result(tmp_path, monkeypatch, step):
    target = tmp_path / "成果"
    publish(target, "a")
    publish(target, "b")
    with monkeypatch.context() as patch:
        if step == "write":
            patch.setitem(publish.__globals__, "digests", die)
        elif step == "settle":
            patch.setattr(folders, "settle", die)
        else:
            patch.setattr(shutil, "rmtree", die)
        killed(lambda: publish(target, "新"))
    assert is_untouched(target)
    assert said(target) == ("新" if step == "rmtree" else "b")
    publish(target, "下一次")
    assert names(tmp_path) == ["成果", "成果.上一次"]
    assert (said(target), said(tmp_path / "成果.上一次")) == (
        "下一次",
        "新" if step == "rmtree" else "b",
    )


@POSIX
def test_a_reader_gets_the_result_that_a_kill_left_on_its_way(tmp_path, monkeypatch):
    target = tmp_path / "成果"
    publish(target, "旧")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dying_rename(2, is_after=True))
        killed(lambda: publish(target, "新"))
    assert not target.exists()
    assert "已放到" in mended(target)[0]
    assert said(target) == "新"
    assert mended(target) == []


@POSIX
def test_a_new_result_that_was_damaged_on_its_way_gives_the_former_one_back(tmp_path, monkeypatch):
    target = tmp_path / "成果"
    publish(target, "旧")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dying_rename(2, is_after=True))
        killed(lambda: publish(target, "新"))
    (damaged,) = tmp_path.glob(".成果.landeval-new-*")
    (damaged / "tables" / "a.csv").write_text("坏", "utf-8")
    with reserved(target) as place:
        assert "旧成果已放回" in place.notes[0]
    assert said(target) == "旧"
    assert names(tmp_path) == ["成果"]


def test_a_folder_that_the_user_removed_stays_removed(tmp_path):
    target = tmp_path / "成果"
    publish(target, "a")
    publish(target, "b")
    shutil.rmtree(target)
    with reserved(target) as place:
        assert place.notes == ()
    assert names(tmp_path) == ["成果.上一次"]


# ---- signals ----------------------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_that_ends_leaves_nothing(tmp_path, name):
    def run() -> None:
        with ended_by_signals(), staged_folder(tmp_path / "成果") as fresh:
            (fresh / "半").write_text("x")
            signal.raise_signal(getattr(signal, name))

    former = signal.getsignal(signal.SIGTERM)
    with pytest.raises(EndedError) as caught:
        run()
    assert caught.value.number == getattr(signal, name)
    assert names(tmp_path) == []
    assert signal.getsignal(signal.SIGTERM) is former


@POSIX
def test_a_swap_is_not_cut_in_two(tmp_path, monkeypatch):
    real = Path.rename

    def rename(self, to):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        return real(self, to)

    publish(tmp_path / "成果", "旧")
    monkeypatch.setattr(Path, "rename", rename)
    publish(tmp_path / "成果", "新")
    assert said(tmp_path / "成果") == "新"
    assert said(tmp_path / "成果.上一次") == "旧"


@POSIX
def test_what_was_ignored_before_stays_ignored():
    former = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ended_by_signals(), undisturbed():
            signal.raise_signal(signal.SIGHUP)
        assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, former)


# ---- two runs at once -------------------------------------------------------------------------------------

HOLDER = """
import sys, time
from pathlib import Path
from landeval.publish.hold import held
with held(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_run_on_one_folder_is_refused_until_the_first_is_dead(tmp_path):
    target = tmp_path / "成果"
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(target)], stdout=subprocess.PIPE, text=True, cwd=folders.__file__[: -len("landeval/publish/folder.py")]
    )  # fmt: skip
    try:
        assert first.stdout.readline().strip() == "held"
        told = refusal(lambda: publish(target, "二"))
        assert told.code == "E731"
        assert f"进程 {first.pid}" in told.where
        assert platform.node() in told.where
        assert "开始" in told.where
    finally:
        first.kill()
        first.wait()
        first.stdout.close()
    assert lock_of(target).exists()
    publish(target, "三")
    assert names(tmp_path) == ["成果"]


def test_two_threads_are_two_runs(tmp_path):
    with reserved(tmp_path / "成果"):
        publish(tmp_path / "成果", "一")  # the same run: its own reservation
        assert refusal(lambda: held(tmp_path / "成果").__enter__()).code == "E731"
    assert names(tmp_path) == ["成果"]


def test_a_lock_of_another_computer_is_told_with_what_to_do(tmp_path):
    lock = lock_of(tmp_path / "成果")
    lock.write_text(json.dumps({"pid": 7, "host": "隔壁", "started": "2024-01-02T03:04:05"}), "utf-8")
    told = refusal(lambda: publish(tmp_path / "成果", "一"))
    assert told.code == "E732"
    assert "隔壁" in told.where
    assert str(lock) in told.remedy
    assert names(tmp_path) == [lock.name]


@pytest.mark.parametrize(
    "text",
    ["", "{", "[1]", json.dumps({"pid": 2**22, "host": platform.node()})],
    ids=["blank", "cut", "a list", "dead"],
)
def test_a_lock_that_nobody_holds_is_taken_over(tmp_path, text):
    lock_of(tmp_path / "成果").write_text(text, "utf-8")
    publish(tmp_path / "成果", "一")
    assert names(tmp_path) == ["成果"]


@POSIX
@pytest.mark.parametrize(("process", "is_free"), [(os.getpid(), False), (2**22, True)], ids=["alive", "gone"])
def test_without_locks_of_the_system_the_process_is_looked_for(tmp_path, monkeypatch, process, is_free):
    def no_locks(*_arguments):
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr("landeval.publish.hold.fcntl.flock", no_locks)
    lock_of(tmp_path / "成果").write_text(json.dumps({"pid": process, "host": platform.node()}), "utf-8")
    if is_free:
        publish(tmp_path / "成果", "一")
    else:
        assert refusal(lambda: publish(tmp_path / "成果", "一")).code == "E731"


# ---- inputs that change -----------------------------------------------------------------------------------


@pytest.mark.parametrize("change", ["宗地.dbf", "企业.xlsx", "gone", "new part"])
def test_an_input_changed_during_the_run_is_named_and_nothing_published(tmp_path, change):
    data = tmp_path / "资料"
    data.mkdir()
    for name in ("宗地.shp", "宗地.dbf", "企业.xlsx", "宗地.txt"):
        (data / name).write_text("1")
    inputs, target = [data / "宗地.shp", data / "企业.xlsx"], tmp_path / "成果"
    publish(target, "旧")

    def run() -> None:
        with reserved(target, inputs=inputs):
            (data / "宗地.txt").write_text("not an input")
            if change == "gone":
                (data / "企业.xlsx").unlink()
            elif change == "new part":
                (data / "宗地.prj").write_text("1")
            else:
                (data / change).write_text("12")
            publish(target, "新", inputs=inputs)

    told = refusal(run)
    assert told.code == "E733"
    assert {"gone": "企业.xlsx", "new part": "宗地.prj"}.get(change, change) in told.where
    assert said(target) == "旧"
    assert names(tmp_path) == ["成果", "资料"]


def test_an_input_changed_while_writing_is_noticed_too(tmp_path):
    source = tmp_path / "企业.xlsx"
    source.write_text("1")

    def run() -> None:
        with staged_folder(tmp_path / "成果", inputs=[source]) as fresh:
            write(fresh, "新")
            os.utime(source, ns=(1, 1))  # the same bytes, saved again

    assert refusal(run).code == "E733"
    assert names(tmp_path) == ["企业.xlsx"]


# ---- disks ------------------------------------------------------------------------------------------------


def test_what_does_not_read_back_is_not_published(tmp_path):
    def run() -> None:
        with staged_folder(tmp_path / "成果") as fresh:
            write(fresh, "对")
            (fresh / "tables" / "a.csv").write_text("错", "utf-8")

    told = refusal(run)
    assert told.code == "E734"
    assert "tables/a.csv" in told.where
    assert names(tmp_path) == []


def test_a_library_that_hides_the_full_disk_is_seen_through(tmp_path, monkeypatch):
    def run(error) -> None:
        with staged_folder(tmp_path / "成果"):
            raise error from OSError(errno.ENOSPC, "No space left on device")

    assert refusal(lambda: run(RuntimeError("could not write"))).code == "E705"
    monkeypatch.setattr(folders, "LEAST_FREE_BYTES", 1 << 62)
    with pytest.raises(OutputError, match="磁盘空间不足"), staged_folder(tmp_path / "成果"):
        raise RuntimeError("flush failed")
    assert names(tmp_path) == []


def test_a_virus_scanner_gets_a_moment(tmp_path, monkeypatch):
    real, calls = Path.rename, []

    def rename(self, to):
        calls.append(to)
        if len(calls) % 2:
            raise PermissionError(13, "another process is using it")
        return real(self, to)

    publish(tmp_path / "成果", "旧")
    monkeypatch.setattr(Path, "rename", rename)
    monkeypatch.setattr(swaps, "PATIENCE", (0.0, 0.0))
    publish(tmp_path / "成果", "新")
    assert said(tmp_path / "成果") == "新"


def test_a_result_that_can_neither_go_in_nor_back_is_told_and_mended_later(tmp_path, monkeypatch):
    target, real, calls = tmp_path / "成果", Path.rename, []
    publish(target, "旧")

    def rename(self, to):
        calls.append(to)
        if len(calls) > 2:
            raise PermissionError(13, "in use")
        return real(self, to)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename)
        told = refusal(lambda: publish(target, "新"))
    assert told.code == "E706"
    assert "成果.上一次" in told.remedy
    assert said(tmp_path / "成果.上一次") == "旧"
    with reserved(target):
        pass
    assert (said(target), said(tmp_path / "成果.上一次")) == ("新", "旧")


# ---- names ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "is_windows", "code"),
    [
        ("/甲/成果", True, ""),
        ("/甲/CON", True, "E735"),
        ("/甲/nul.成果", True, "E735"),
        ("/aux/成果", True, "E735"),
        ("/甲/成果.", True, "E735"),
        ("/甲 /成果", True, "E735"),
        ("/甲/CON", False, ""),
        ("/" + "路" * 60 + "/" + "径" * 60, True, "E736"),
        ("/" + "路" * 60 + "/" + "径" * 60, False, ""),
        ("/甲/" + "名" * 67, False, "E736"),
    ],
)
def test_a_name_that_a_system_cannot_keep_is_refused(path, is_windows, code):
    def run() -> None:
        refuse_name(Path(path), is_windows=is_windows)

    if code:
        assert refusal(run).code == code
    else:
        run()
