"""The log of a run: its steps, records and end; one that cannot be written stops the run before it begins."""

import errno
import io
import os
import re
from pathlib import Path

import pytest
from bureau import delivery

from landeval import cli
from landeval.errors import OutputError
from landeval.publish.run_log import RunLog, run_log


def test_a_run_tells_its_steps_and_its_end(tmp_path, capsys, monkeypatch):
    given = delivery(tmp_path / "资料")
    words = ["run", "--parcels", str(given["parcels"]), "--enterprises", str(given["enterprises"]), "--as-of", "2024-12-31",
             "--no-dossiers", "--out", str(tmp_path / "成果"), "--log", str(tmp_path / "日志.txt")]  # fmt: skip
    assert cli.main(words) == 0
    lines = (tmp_path / "日志.txt").read_text("utf-8").splitlines()
    assert "开始 工业园区" in lines[0]
    assert re.search(r"完成 共 \d+\.\d\d 秒$", lines[-1])
    told = "\n".join(lines)
    assert re.search(r"已完成 读取 \d+\.\d\d 秒", told)
    assert re.search(r"整理 [\d,]+ 条记录，整理出参加评价的 [\d,]+ 条 ", told)
    assert "已完成 运行记录" in told
    assert "数据问题 " in told
    monkeypatch.setattr("landeval.run.evaluate", lambda *_, **__: 1 / 0)
    assert cli.main(words) == 5
    capsys.readouterr()
    later = (tmp_path / "日志.txt").read_text("utf-8").splitlines()
    assert later[: len(lines)] == lines
    assert "没有完成（ZeroDivisionError）" in later[-1]


@pytest.mark.parametrize("spot", ["没有这个文件夹/日志.txt", "成果/日志.txt", "."])
def test_a_log_that_cannot_be_written_ends_the_run_before_it_begins(tmp_path, capsys, spot):
    given = delivery(tmp_path / "资料")
    before = sorted(tmp_path.rglob("*"))
    code = cli.main(
        ["run", "--parcels", str(given["parcels"]), "--out", str(tmp_path / "成果"), "--log", str(tmp_path / spot)]
    )  # fmt: skip
    told = capsys.readouterr().err
    assert code == 4
    assert "E737" in told
    assert "[1/" not in told
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="没有 /dev/full")
def test_a_log_on_a_full_disk_is_refused(tmp_path):
    with (
        pytest.raises(OutputError, match="运行日志不能写入"),
        run_log(Path("/dev/full"), place=tmp_path, title="甲"),
    ):
        pytest.fail("entered")


def test_a_log_whose_disk_fills_up_later_does_not_cost_the_run():
    class Full(io.StringIO):
        def write(self, _text):
            raise OSError(errno.ENOSPC, "full")

    RunLog(Full()).done("读取")


def test_no_log_is_no_file(tmp_path):
    with run_log(None, place=tmp_path, title="甲") as log:
        log.line("乙")
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(OutputError), run_log(tmp_path / "a", place=tmp_path, title="甲"):
        pass
