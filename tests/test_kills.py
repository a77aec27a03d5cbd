"""Whole runs killed over an old result: the old one is intact or the new one complete."""

import os

import pytest
from bureau import delivery

from benchmarks.kills import BROKEN, INTACT, measure, state


@pytest.mark.skipif(os.name != "posix", reason="SIGKILL 只在 POSIX 系统上")
def test_a_killed_run_costs_nothing(tmp_path):
    given = delivery(tmp_path / "资料")
    words = ["--parcels", str(given["parcels"]), "--enterprises", str(given["enterprises"])]
    found = measure(
        [*words, "--as-of", "2024-12-31", "--no-dossiers"], kills=2, is_aimed=False, seed=3, place=tmp_path
    )
    assert found["random"]["unsound"] == []
    assert found["random"]["sound"] == 2


def test_the_measure_sees_a_broken_result(tmp_path):
    from landeval.publish.run_record import TOOL, digests, write_record

    out = tmp_path / "成果"
    out.mkdir()
    (out / "甲.csv").write_text("1", "utf-8")
    write_record({"tool": TOOL, "title": "旧", "outputs": digests(out)}, out)
    assert state(out) == INTACT
    (out / "甲.csv").write_text("2", "utf-8")
    assert state(out) == BROKEN
