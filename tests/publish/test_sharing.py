"""Outputs written by several processes, and a process that is asked, lost or left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from landeval.publish import sharing
from landeval.publish.hand import Hand, LostError
from landeval.publish.outputs import STEPS, write_outputs
from landeval.publish.parts import PARTS
from landeval.publish.run_record import digests
from landeval.result import Result
from landeval.run import evaluate
from landeval.settings.load import load_project
from landeval.writing import PLAIN

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def sample() -> Result:
    return evaluate(load_project(ROOT / "data" / "landeval.toml"))


@pytest.fixture(scope="module")
def alone(sample: Result, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return digests(write_outputs(sample, tmp_path_factory.mktemp("一人") / "成果", workers=1))


def test_several_processes_write_the_same_bytes(sample, alone, tmp_path):
    told = []
    out = write_outputs(
        sample, tmp_path / "成果", workers=3, progress=lambda name, number, count: told.append((number, name))
    )
    assert digests(out) == alone
    assert told == list(enumerate(STEPS, start=1))
    assert len(alone) > 60


def test_a_run_beside_really_shares(sample, tmp_path, monkeypatch):
    asked = []
    call = Hand.call
    monkeypatch.setattr(Hand, "call", lambda hand, *words: (asked.append(words[0]), call(hand, *words))[1])
    steps = list(sharing.written(sample, tmp_path, PLAIN, workers=2))
    assert 0 < len(asked) < len(PARTS)
    assert steps == list(STEPS[:-1])


@pytest.mark.parametrize("at", [0, 1])
def test_what_a_lost_process_was_at_is_written_here(at, sample, alone, tmp_path, monkeypatch):
    call, asked = Hand.call, []

    def killed(hand: Hand, *words: object) -> object:
        asked.append(words)
        if len(asked) == at + 1:
            os.kill(hand._process.pid, signal.SIGKILL)
        return call(hand, *words)

    monkeypatch.setattr(Hand, "call", killed)
    assert digests(write_outputs(sample, tmp_path / "成果", workers=2)) == alone
    assert len(asked) == at + 1


def test_without_any_process_all_is_written_here(sample, alone, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "没有的程序"))
    assert digests(write_outputs(sample, tmp_path / "成果", workers=2)) == alone


def test_an_interrupt_ends_every_process_and_clears_the_folder(sample, tmp_path, monkeypatch):
    started = []
    begin = Hand.__init__
    monkeypatch.setattr(Hand, "__init__", lambda hand: (begin(hand), started.append(hand._process))[0])

    def interrupt(name: str, *_: int) -> None:
        if name == "数据表":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_outputs(sample, tmp_path / "成果", workers=2, progress=interrupt)
    assert [process.poll() is not None for process in started] == [True]
    assert list(tmp_path.iterdir()) == []


def test_few_parcels_and_too_many_are_written_by_one(monkeypatch):
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    counts = (sharing.WORTH - 1, sharing.WORTH, sharing.TOO_LARGE, sharing.TOO_LARGE + 1)
    assert [sharing._count(count) for count in counts] == [1, 3, 3, 1]
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    assert sharing._count(sharing.WORTH) == 2


def test_a_hand_keeps_what_it_got_and_prints_of_a_library_do_not_disturb():
    hand = Hand()
    try:
        assert hand.call(abs, -3) == 3
        assert hand.call(print, "不是回答") is None
        hand.keep("甲,乙")
        assert hand.call(str.split, ",") == ["甲", "乙"]
    finally:
        hand.leave()


@pytest.mark.parametrize("words", [(int, "不是数"), (os.abort,), (lambda: 1,)])
def test_a_hand_that_fails_is_lost(words):
    hand = Hand()
    with pytest.raises(LostError):
        hand.call(*words)
    with pytest.raises(LostError):
        hand.call(abs, -3)
    hand.leave()


def test_without_the_memory_to_hand_the_result_over_all_is_written_here(sample, alone, tmp_path, monkeypatch):
    def no_room(*_: object, **__: object) -> None:
        raise MemoryError

    monkeypatch.setattr("landeval.publish.hand.pickle.dump", no_room)
    assert digests(write_outputs(sample, tmp_path / "成果", workers=2)) == alone


def test_a_process_whose_caller_is_gone_ends_in_the_midst_of_its_work():
    hand = Hand()
    process = hand._process
    assert hand.call(abs, -3) == 3
    hand._ask((time.sleep, (60,)))
    process.stdin.close()
    try:
        assert process.wait(timeout=10) == 0
    except subprocess.TimeoutExpired:
        pytest.fail("仍在运行")
    finally:
        hand.leave()
