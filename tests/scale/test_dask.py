"""Workers of dask.distributed: the same bytes, killed workers, a unit that kills each of them."""

import logging
import os
import signal
import sys

import pytest
from killers import die_over_the_second
from units import province

from landeval.cli import main
from landeval.errors import ConfigurationError
from landeval.province import FAILED, MADE, Outcome
from landeval.publish.run_record import digests
from landeval.scale import engines
from landeval.scale.command import evaluate_province, parts_beside
from landeval.scale.engines import memory_share, on_dask
from landeval.scale.plan import plan_of
from landeval.scale.unit import Order

pytest.importorskip("distributed", reason="没有安装 dask.distributed，跳过")
pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])  # the workers of this machine, and nobody else


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return province(tmp_path_factory.mktemp("省") / "全省", 4)


@pytest.fixture(scope="module")
def local(root, tmp_path_factory):
    out = tmp_path_factory.mktemp("本机") / "成果"
    evaluate_province(plan_of(root), out)
    return out


@pytest.fixture(scope="module")
def client():
    with engines.cluster(2, None, None) as found:
        yield found
    logging.getLogger("distributed").setLevel(logging.NOTSET)


def orders(root, out):
    plan = plan_of(root)
    return [
        Order(one, plan.common, None, parts_beside(out) / one.name, out.name, resumes=False)
        for one in plan.units
    ]


def test_a_worker_killed_midway_changes_nothing(root, local, client, tmp_path, monkeypatch):
    killed = []

    def kill_one(outcome: Outcome, number: int, count: int) -> None:
        if number == 2:
            killed.append(next(iter(client.run(os.getpid).values())))
            os.kill(killed[-1], signal.SIGKILL)

    monkeypatch.setattr(engines, "cluster", lambda *given: _there(client))
    out = tmp_path / "成果"
    found = evaluate_province(plan_of(root), out, engine="dask", told=kill_one)
    assert len(killed) == 1
    assert [state for state, _ in found.timing["units"].values()] == [MADE] * 4
    assert digests(out) == digests(local)


class _there:
    """A cluster that stays when the run is done."""

    def __init__(self, client):
        self.client = client

    def __enter__(self):
        return self.client

    def __exit__(self, *error):
        return None


def test_a_unit_that_kills_every_worker_is_named_and_the_rest_is_done(root, client, tmp_path):
    told = []
    asked = orders(root, tmp_path / "成果")
    found = on_dask(asked, lambda one, *_: told.append(one.name), client=client, task=die_over_the_second)
    assert [one.state for one in found] == [MADE, FAILED, MADE, MADE]
    assert "每次都被终止" in found[1].message
    assert "landeval run" in found[1].message
    assert sorted(told) == [one.unit.name for one in asked]
    assert told[-1] == "虚构2县"


def test_a_part_that_another_machine_wrote_and_nobody_sees_is_told(tmp_path):
    order = Order(plan_unit("甲"), {}, None, tmp_path / "没有", "r", resumes=False)
    seen = engines.seen(Outcome("甲", MADE, part=order.place), order)
    assert (seen.state, "共享盘" in seen.message) == (FAILED, True)


def plan_unit(name):
    from pathlib import Path

    from landeval.province import Unit

    return Unit(name, Path(name) / "landeval.toml")


def test_without_dask_the_command_says_what_to_install(root, tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["province", str(root), "--out", str(tmp_path / "出"), "--engine", "dask"]) == 3
    said = capsys.readouterr().err
    assert "E664" in said
    assert "pip install landeval[scale]" in said
    assert not (tmp_path / "出").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--engine", "spark"], "没有引擎 spark"),
        (["--engine", "local", "--scheduler", "tcp://127.0.0.1:1"], "--scheduler 只用于"),
        (["--engine", "dask", "--workers", "0"], "进程数不可用：0"),
        (["--engine", "dask", "--memory", "很多"], "内存上限不可用：很多"),
    ],
)
def test_options_that_cannot_be_obeyed_are_refused(root, tmp_path, capsys, words, said):
    assert main(["province", str(root), "--out", str(tmp_path / "出"), *words]) == 3
    assert said in capsys.readouterr().err


def test_a_scheduler_that_is_not_there_is_told(root, tmp_path, monkeypatch):
    monkeypatch.setattr(engines, "WAIT", "1s")
    with pytest.raises(ConfigurationError, match="连不上调度器") as refused:
        on_dask(orders(root, tmp_path / "出"), lambda *_: None, scheduler="tcp://127.0.0.1:9")
    assert refused.value.code == "E665"


def test_the_workers_share_the_memory_of_the_machine():
    assert 0 < 4 * memory_share(4) <= memory_share(1)
