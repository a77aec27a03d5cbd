"""The self-check: quiet where all is well, and each planted fault is told with what to do, by exit code too."""

import datetime as dt
import io
import shutil
import sys
from importlib import metadata
from types import SimpleNamespace

import pytest
from bureau import delivery

from landeval.cli import main
from landeval.doctor import machine, program
from landeval.doctor.formats import formats
from landeval.doctor.inputs import inputs, opened_by
from landeval.doctor.line import BAD, CAUTION, GOOD, guarded
from landeval.publish.hold import held


def only(lines):
    (line,) = lines
    assert line.remedy or line.state == GOOD
    return line


@pytest.fixture
def project(tmp_path):
    given = delivery(tmp_path / "资料")
    (tmp_path / "landeval.toml").write_text(
        f'out = "成果"\n[parcels]\npath = "资料/{given["parcels"].name}"\n'
        f'[enterprises]\npath = "资料/{given["enterprises"].name}"\n',
        "utf-8",
    )
    return tmp_path, given


def test_a_sound_machine_and_project_end_with_zero_and_leave_nothing(project, capsys, monkeypatch):
    folder, given = project
    monkeypatch.setattr(machine, "free_memory", lambda: 8 * machine.GIB)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=50 * machine.GIB))
    before = sorted(folder.rglob("*"))
    assert main(["doctor", str(folder), "--out", str(folder / "新" / "成果")]) == 0
    out = capsys.readouterr().out
    assert "[有问题]" not in out
    for name in (
        "程序库",
        "坐标换算",
        "文件格式",
        "字体",
        "内存",
        "命令行窗口",
        "输出位置",
        given["parcels"].name,
    ):
        assert name in out
    assert sorted(folder.rglob("*")) == before


def test_what_does_not_work_ends_with_one_and_is_said_even_when_quiet(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1))
    assert main(["doctor", "--quiet", "--out", str(tmp_path)]) == 1
    out = capsys.readouterr().out
    assert "[有问题] 输出位置空间" in out
    assert "怎么办" in out
    assert "[正常]" not in out


def test_an_old_library_and_a_lost_one_are_named(monkeypatch):
    real = metadata.version

    def version(name):
        if name == "xlrd":
            raise metadata.PackageNotFoundError(name)
        return "1.5.0" if name == "pandas" else real(name)

    monkeypatch.setattr(metadata, "version", version)
    line = only(program.libraries())
    assert line.state == BAD
    assert "pandas 是 1.5.0，需要 >=3.0" in line.told
    assert "没有 xlrd" in line.told


def test_a_library_whose_parts_do_not_load_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "fiona", None)
    assert "fiona 装了但不能启用" in only(program.libraries()).told


@pytest.mark.parametrize(("version", "state"), [((3, 10, 1), BAD), ((3, 12, 0), GOOD), ((3, 99, 0), CAUTION)])
def test_a_python_that_was_never_tried_is_told(monkeypatch, version, state):
    monkeypatch.setattr(sys, "version_info", version)
    assert only(program.versions()).state == state


def test_coordinates_that_come_out_elsewhere_are_told(monkeypatch):
    assert only(program.projection()).state == GOOD
    monkeypatch.setattr(program, "_POINT", (111.0, 27.000001))
    assert only(program.projection()).state == BAD


def test_a_lost_coordinate_library_is_told(monkeypatch):
    from pyproj import Transformer
    from pyproj.exceptions import ProjError

    def lost(*_arguments, **_options):
        raise ProjError("no database context specified")

    monkeypatch.setattr(Transformer, "from_crs", lost)
    line = only(program.projection())
    assert line.state == BAD
    assert "PROJ_LIB" in line.remedy


def test_a_missing_driver_and_a_spoilt_text_are_told(monkeypatch):
    import pyogrio

    assert only(formats()).state == GOOD
    real = pyogrio.read_dataframe
    monkeypatch.setattr(
        pyogrio,
        "read_dataframe",
        lambda path, **more: real(path, **more).replace("虚构", "铏氭瀯", regex=True),
    )
    line = only(formats())
    assert line.state == BAD
    assert "shapefile（GBK）" in line.told
    monkeypatch.setattr(pyogrio, "list_drivers", lambda **_: {"GPKG": "rw"})
    assert "ESRI Shapefile、GeoJSON、OpenFileGDB" in only(formats()).told


@pytest.mark.parametrize(
    ("free", "state"), [(machine.GIB, CAUTION), (8 * machine.GIB, GOOD), (None, CAUTION)]
)
def test_little_memory_is_told(monkeypatch, free, state):
    monkeypatch.setattr(machine, "free_memory", lambda: free)
    assert only(machine.memory()).state == state


def test_a_folder_that_takes_no_file_is_told(tmp_path, monkeypatch):
    from pathlib import Path

    def refused(*_arguments, **_options):
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "write_text", refused)
    line = only(machine.writable(tmp_path / "没有" / "成果", "输出位置"))
    assert line.state == BAD
    assert str(tmp_path) in line.told
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("encoding", "state"), [("utf-8", GOOD), ("gbk", GOOD), ("cp437", CAUTION)])
def test_a_console_without_chinese_is_told(monkeypatch, encoding, state):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert only(machine.console()).state == state


def test_a_clock_that_stands_wrong_and_short_paths_are_told(monkeypatch):
    monkeypatch.setattr(machine, "has_long_paths", lambda: False)
    assert only(machine.system()).state == CAUTION

    class Past(dt.datetime):
        @classmethod
        def now(cls, tz=None):
            return cls(1980, 1, 1, tzinfo=tz)

    monkeypatch.setattr(machine.dt, "datetime", Past)
    assert only(machine.system()).state == BAD


def test_a_browser_on_the_path_is_found_without_a_screen(monkeypatch):
    import webbrowser

    def nothing():
        raise webbrowser.Error

    monkeypatch.setattr(webbrowser, "get", nothing)
    monkeypatch.setattr(program.shutil, "which", lambda name: f"/opt/{name}" if name == "chromium" else None)
    found = only(program.browser())
    assert found.state == GOOD
    assert found.told.startswith("chromium；")


def test_a_system_without_chinese_fonts_or_browser_is_told(monkeypatch):
    import webbrowser

    def nothing(*_arguments):
        raise webbrowser.Error

    monkeypatch.setattr("landeval.publish.charts.canvas.fonts", lambda: ("随程序的", "DejaVu Sans"))
    monkeypatch.setattr(webbrowser, "get", nothing)
    monkeypatch.setattr(program.shutil, "which", lambda name: None)
    assert only(program.fonts()).state == only(program.browser()).state == CAUTION


def test_a_check_that_breaks_is_a_finding_and_stops_no_other():
    assert only(guarded("甲", lambda: 1 / 0)).state == BAD


def test_an_input_that_cannot_be_read_and_one_that_is_open_elsewhere_are_told(project):
    folder, given = project
    given["parcels"].write_bytes(b"")
    name = "张三".encode("gb18030")
    book = given["enterprises"]
    book.with_name(f"~${book.name}").write_bytes(bytes([len(name)]) + name + b" " * 50)
    told = {line.name: line for line in inputs(str(folder))}
    assert told[f"资料 {given['parcels'].name}"].state == BAD
    assert told[f"资料 {book.name}"].state == CAUTION
    assert "张三" in told[f"资料 {book.name}"].told
    assert opened_by(given["parcels"]) == ""


def test_a_mistake_in_the_settings_and_a_result_that_is_being_written_are_told(project):
    folder, _ = project
    with held(folder / "成果"):
        (line,) = (line for line in inputs(str(folder)) if line.name == "成果文件夹")
    assert line.state == BAD
    assert "另一次运行" in line.told
    (folder / "landeval.toml").write_text("titel = 1", "utf-8")
    line = only(inputs(str(folder)))
    assert line.state == BAD
    assert "是不是 title" in line.remedy


def test_docs_and_sample_that_are_missing_are_told(tmp_path, monkeypatch):
    from landeval import shipped

    assert only(program.shipped()).state == GOOD
    monkeypatch.setattr(shipped, "HOME", tmp_path / "landeval")
    line = only(program.shipped())
    assert line.state == CAUTION
    assert "没有文档、样例" in line.told


def test_in_a_projects_folder_its_inputs_are_looked_at_without_being_named(
    project, capsys, monkeypatch, tmp_path
):
    monkeypatch.chdir(project[0])
    main(["doctor"])
    assert "资料 宗地.shp" in capsys.readouterr().out
    (tmp_path / "空").mkdir()
    monkeypatch.chdir(tmp_path / "空")
    main(["doctor"])
    assert "资料 " not in capsys.readouterr().out.replace("资料文件夹", "")
