"""The output folder appears whole or not at all, and nobody's work is lost."""

import json
import os
from pathlib import Path

import pytest
from builders import make_result

from landeval.errors import OutputError
from landeval.publish.folder import staged_folder
from landeval.publish.run_record import write_run_record

RESULT = make_result(9)


def publish(target: Path, text: str, **options) -> None:
    with staged_folder(target, **options) as fresh:
        (fresh / "tables").mkdir()
        (fresh / "tables" / "a.csv").write_text(text, "utf-8")
        write_run_record(RESULT, fresh)


def said(target: Path) -> str:
    return (target / "tables" / "a.csv").read_text("utf-8")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_first_result_makes_its_parents(tmp_path):
    publish(tmp_path / "甲" / "成果", "1")
    assert names(tmp_path / "甲") == ["成果"]
    assert said(tmp_path / "甲" / "成果") == "1"


def test_former_result_is_kept_once(tmp_path):
    target = tmp_path / "成果"
    for text in "123":
        publish(target, text)
    assert names(tmp_path) == ["成果", "成果.上一次"]
    assert (said(target), said(tmp_path / "成果.上一次")) == ("3", "2")


def test_empty_folder_is_filled(tmp_path):
    (tmp_path / "成果").mkdir()
    publish(tmp_path / "成果", "1")
    assert names(tmp_path) == ["成果"]


@pytest.mark.parametrize("change", ["edit", "add", "remove"])
def test_work_done_in_a_former_result_is_never_dropped(tmp_path, change):
    target, last = tmp_path / "成果", tmp_path / "成果.上一次"
    publish(target, "1")
    publish(target, "2")
    if change == "edit":
        (last / "tables" / "a.csv").write_text("审核意见", "utf-8")
    elif change == "add":
        (last / "批示.docx").write_text("同意", "utf-8")
    else:
        (last / "tables" / "a.csv").unlink()
    publish(target, "3")
    assert names(tmp_path) == ["成果", "成果.上一次", "成果.上一次2"]
    assert said(target) == "3"
    assert said(last) == "2"
    kept = tmp_path / "成果.上一次2"
    if change == "edit":
        assert said(kept) == "审核意见"
    if change == "add":
        assert (kept / "批示.docx").exists()


def test_somebody_elses_folder_of_that_name_is_kept(tmp_path):
    publish(tmp_path / "成果", "1")
    (tmp_path / "成果.上一次").mkdir()
    (tmp_path / "成果.上一次" / "家.jpg").write_text("x")
    publish(tmp_path / "成果", "2")
    assert names(tmp_path) == ["成果", "成果.上一次", "成果.上一次2"]
    assert (tmp_path / "成果.上一次2" / "家.jpg").exists()


@pytest.mark.parametrize("error", [KeyboardInterrupt, ValueError, OSError])
def test_failure_in_the_middle_leaves_the_former_result(tmp_path, error):
    target = tmp_path / "成果"
    publish(target, "1")

    def fail() -> None:
        with staged_folder(target) as fresh:
            (fresh / "half.csv").write_text("x")
            raise error

    with pytest.raises(error):
        fail()
    assert names(tmp_path) == ["成果"]
    assert said(target) == "1"


def test_failure_without_a_former_result_leaves_nothing(tmp_path):
    with pytest.raises(ValueError, match="x"), staged_folder(tmp_path / "甲" / "乙"):
        raise ValueError("x")
    assert names(tmp_path) == []


def test_full_disk_is_told(tmp_path):
    with pytest.raises(OutputError, match="磁盘空间不足"), staged_folder(tmp_path / "成果"):
        raise OSError(28, "No space left on device")
    assert names(tmp_path) == []


@pytest.mark.parametrize("broken", [1, 2, 3, 4])
@pytest.mark.parametrize("error", [PermissionError(13, "locked"), KeyboardInterrupt()])
def test_failure_of_any_rename_puts_everything_back(tmp_path, monkeypatch, broken, error):
    target = tmp_path / "成果"
    publish(target, "1")
    publish(target, "2")
    real, calls = Path.rename, []

    def rename(self, to):
        calls.append(to)
        if len(calls) == broken:
            raise error
        return real(self, to)

    monkeypatch.setattr(Path, "rename", rename)
    expected = KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else OutputError
    with pytest.raises(expected) as caught:
        publish(target, "3")
    assert names(tmp_path) == ["成果", "成果.上一次"]
    assert (said(target), said(tmp_path / "成果.上一次")) == ("2", "1")
    if expected is OutputError:
        assert "请先关闭" in str(caught.value)


def refused(target, match, inputs=()):
    with pytest.raises(OutputError, match=match) as caught, staged_folder(target, inputs=inputs):
        pytest.fail("entered")
    assert caught.value.exit_code == 4
    assert "位置：" in str(caught.value)
    assert "怎么办：" in str(caught.value)


def test_a_file_is_refused(tmp_path):
    (tmp_path / "成果").write_text("x")
    refused(tmp_path / "成果", "是一个文件")
    assert (tmp_path / "成果").read_text() == "x"


def test_a_folder_that_is_not_ours_is_refused(tmp_path):
    (tmp_path / "a.txt").write_text("x")
    refused(tmp_path, "不是 landeval 的成果")
    (tmp_path / "run.json").write_text(json.dumps({"tool": "other"}))
    refused(tmp_path, "不是 landeval 的成果")
    (tmp_path / "run.json").write_text("[]")
    refused(tmp_path, "不是 landeval 的成果")


def test_a_folder_filled_during_the_run_is_not_replaced(tmp_path):
    target = tmp_path / "成果"

    def fill() -> None:
        with staged_folder(target) as fresh:
            write_run_record(RESULT, fresh)
            target.mkdir()
            (target / "别人的.txt").write_text("x")

    with pytest.raises(OutputError, match="不是 landeval 的成果"):
        fill()
    assert names(tmp_path) == ["成果"]


def test_inputs_are_never_in_the_way(tmp_path):
    data = tmp_path / "资料"
    (data / "宗地.gdb").mkdir(parents=True)
    source = data / "宗地.shp"
    source.write_text("x")
    refused(data, "输入资料", [source])
    refused(tmp_path, "输入资料", [source])
    refused(data / "宗地.gdb", "输入资料", [data / "宗地.gdb"])
    refused(data / "宗地.gdb" / "成果", "输入资料", [data / "宗地.gdb"])
    publish(data / "成果", "1", inputs=[source])
    assert source.read_text() == "x"


def test_an_input_inside_a_former_result_is_refused(tmp_path):
    target = tmp_path / "成果"
    publish(target, "1")
    refused(target, "输入资料", [target / "tables" / "a.csv"])
    assert said(target) == "1"


def test_parent_that_cannot_be_written(tmp_path, monkeypatch):
    def mkdir(self, *args, **kwargs):
        raise PermissionError(13, "read-only")

    monkeypatch.setattr(Path, "mkdir", mkdir)
    refused(tmp_path / "成果", "不能写入")


def test_parent_that_is_a_file(tmp_path):
    (tmp_path / "a").write_text("x")
    refused(tmp_path / "a" / "成果", "不能写入")


@pytest.mark.skipif(os.name != "posix", reason="符号链接")
def test_a_link_leads_to_its_folder(tmp_path):
    (tmp_path / "真").mkdir()
    (tmp_path / "链").symlink_to(tmp_path / "真")
    publish(tmp_path / "链", "1")
    assert said(tmp_path / "真") == "1"
