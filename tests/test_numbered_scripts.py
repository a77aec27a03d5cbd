"""The numbered scripts: from any folder, for the sample or a project; runs found and chosen; mistakes told in Chinese."""

import datetime as dt
import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bureau import FIRM_HEADER, NAMES, delivery
from writers import workbook

from landeval import evaluate, load_project, write_outputs
from landeval.result import Result

ROOT = Path(__file__).resolve().parent.parent
SCRIPTS = sorted(path.stem for path in (ROOT / "scripts").glob("[0-9][0-9]_*.py"))


def loaded(name):
    """Import one of the modules that the scripts share, as they do: by its bare name."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


loaded("environment")
numbered, finished_runs, trial_questions = map(loaded, ("numbered", "finished_runs", "trial_questions"))
on_windows = pytest.mark.skipif(
    sys.platform == "win32", reason="the folder of documents is the registry's there"
)


def start(script, *words, folder, home=None):
    mine = {} if home is None else {"HOME": str(home)}
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / f"{script}.py"), *map(str, words)],
        cwd=folder, capture_output=True, check=False, encoding="utf-8", stdin=subprocess.DEVNULL,
        env={**os.environ, "PYTHONUTF8": "1", **mine},
    )  # fmt: skip
    assert "Traceback" not in done.stdout + done.stderr
    return done.returncode, done.stdout + done.stderr


def record(folder, day, *, title="虚构园区", **more):
    folder.mkdir(parents=True)
    told = {"tool": "landeval", "title": title, "year": int(day[:4]), "as_of": day, "outputs": {"底稿/parcels.parquet": "x"}, **more}  # fmt: skip
    (folder / "run.json").write_text(json.dumps(told), "utf-8")
    return folder


@pytest.fixture(scope="module")
def years(tmp_path_factory):
    """Two years of a park, evaluated: a folder of a project with both results."""
    place = tmp_path_factory.mktemp("园区")
    for year, tax in ((2023, 100), (2024, 300)):
        given = delivery(place / "资料" / str(year))
        workbook(given["enterprises"], {"表": [FIRM_HEADER, [NAMES[0], year, 4500, 6000, tax]]})
        project = load_project(**given, title="虚构园区", year=year, as_of=f"{year}-12-31")
        result = evaluate(project)
        assert isinstance(result, Result)
        write_outputs(result, place / f"成果{year}", inputs=list(given.values()))
    return place


def test_two_runs_of_a_folder_are_compared_in_the_right_order(years, tmp_path):
    code, told = start("05_年度比较", folder=years)  # as by a double click, where the results lie
    assert code == 0, told
    assert told.index("上次") < told.index("成果2023") < told.index("本次") < told.index("成果2024")
    assert (years / "年度比较" / "run.json").is_file()
    first = json.loads((years / "年度比较" / "run.json").read_text("utf-8"))["inputs"]
    code, told = start("05_年度比较", years / "成果2024", years / "成果2023", folder=tmp_path)
    assert code == 0, told  # dropped the other way round
    assert json.loads((years / "年度比较" / "run.json").read_text("utf-8"))["inputs"] == first
    assert f"成果：{years / '年度比较' / '年度比较.xlsx'}" in told  # the whole path
    assert list(tmp_path.iterdir()) == []  # where the script was started is nobody's place


@pytest.mark.parametrize("words", [[], ["--as-of", "2025年6月30日"], ["--out", "另一处"]], ids=" ".join)
def test_a_run_is_tried(years, tmp_path, words):
    code, told = start("06_试算", years, *words, folder=tmp_path)
    assert code == 0, told
    assert "成果2024" in told
    place = tmp_path / "另一处" if "--out" in words else years / "试算"
    assert f"成果：{place / '试算.xlsx'}" in told
    assert (place / "run.json").is_file()
    assert [path.name for path in tmp_path.iterdir()] == (["另一处"] if "--out" in words else [])


@pytest.mark.parametrize("script", ["05_年度比较", "06_试算"])
def test_without_a_run_it_is_told_what_is_missing(script, tmp_path):
    work = tmp_path / "空"
    work.mkdir()
    code, told = start(script, work, folder=work)
    assert code == 3
    assert "没有找到" in told
    assert str(work) in told
    assert "怎么办" in told
    assert list(work.iterdir()) == []


def test_one_run_alone_is_told_of_and_how_to_get_the_other(tmp_path):
    record(tmp_path / "成果", "2024-12-31")
    code, told = start("05_年度比较", tmp_path, folder=tmp_path)
    assert code == 3
    assert "基准日 2024-12-31" in told
    assert "--out 成果2023" in told


@pytest.mark.parametrize("script", ["01_检查数据", "02_评价", "03_出图", "04_处置清单"])
def test_a_wrong_project_is_a_message_and_a_code(script, tmp_path):
    code, told = start(script, tmp_path / "没有", folder=tmp_path)
    assert code == 3
    assert "E605" in told
    assert list(tmp_path.iterdir()) == []


@on_windows
def test_the_sample_is_found_from_any_folder_and_goes_to_the_documents(tmp_path):
    work, home = tmp_path / "别处", tmp_path / "家"
    work.mkdir()
    (home / "文档").mkdir(parents=True)
    code, told = start("01_检查数据", folder=work, home=home)
    assert code == 0, told
    made = home / "文档" / "landeval成果" / "检查结果"
    assert (made / "数据问题.xlsx").is_file()
    assert str(made / "数据问题.xlsx") in told
    assert list(work.iterdir()) == []


def test_the_results_of_a_project_lie_beside_it(tmp_path, years):
    park = tmp_path / "我的园区"
    park.mkdir()
    inputs = delivery(park / "输入")
    lines = [f"[{name}]\npath = '输入/{path.name}'\n" for name, path in inputs.items()]
    (park / "landeval.toml").write_text('as_of = "2024-12-31"\n' + "\n".join(lines), "utf-8")
    work = tmp_path / "别处"
    work.mkdir()
    code, told = start("01_检查数据", park, folder=work)
    assert code == 0, told
    code, told = start("04_处置清单", park / "landeval.toml", folder=work)
    assert code == 0, told
    assert f"清单： {park / '处置候选清单.xlsx'}" in told
    assert {path.name for path in park.iterdir()} == {
        "landeval.toml",
        "输入",
        "检查结果",
        "处置候选清单.xlsx",
    }
    assert list(work.iterdir()) == []


@on_windows
def test_nothing_goes_into_the_programs_own_folders(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    for folder in (ROOT, ROOT / "data", ROOT / "scripts", ROOT / "data" / "landeval.toml"):
        assert numbered.beside(folder) == tmp_path / "Documents" / "landeval成果"
    mine = ROOT / "我的园区"
    assert numbered.beside(mine / "landeval.toml") == mine  # somebody's project may lie in it


@pytest.mark.parametrize("script", SCRIPTS)
def test_no_script_depends_on_the_current_folder(script):
    text = (ROOT / "scripts" / f"{script}.py").read_text("utf-8")
    assert '"data/' not in text
    assert text.startswith(f'"""第{"一二三四五六七八九"[int(script[:2]) - 1]}步：')
    assert f"用法：python scripts/{script}.py" in text


def test_only_whole_runs_count(tmp_path):
    record(tmp_path / "乙", "2024-12-31")
    record(tmp_path / "甲", "2023-12-31")
    record(tmp_path / "试算", "2024-12-31", kind="试算")
    record(tmp_path / "检查", "2024-12-31", outputs={"数据问题.xlsx": "x"})
    record(tmp_path / "别家", "2024-12-31", tool="别的程序")
    record(tmp_path / "坏日期", "2024-13-31")
    record(tmp_path / "深" / "再深" / "丙", "2022-12-31")
    (tmp_path / "破").mkdir()
    (tmp_path / "破" / "run.json").write_text("{", "utf-8")
    found = finished_runs.runs_in([tmp_path, tmp_path / "乙", tmp_path / "没有"])
    assert [run.folder.name for run in found] == ["甲", "乙"]
    assert found[0].as_of == dt.date(2023, 12, 31)


def answers(*given):
    left = list(given)
    return lambda question: left.pop(0)


def test_a_pair_is_of_one_park_and_in_order(tmp_path):
    for name, day, title in (("a", "2022-12-31", "虚构甲园"), ("b", "2023-12-31", "虚构甲园"), ("c", "2024-12-31", "虚构甲园"), ("d", "2025-12-31", "虚构乙园")):  # fmt: skip
        record(tmp_path / name, day, title=title)
    runs = finished_runs.runs_in([tmp_path])

    def names(found):
        return [run.folder.name for run in found]

    assert names(finished_runs.pair(runs, None)) == ["b", "c"]
    assert names(finished_runs.pair(runs, answers("", ""))) == ["b", "c"]
    assert names(finished_runs.pair(runs, answers("九", "7", "2", "1"))) == ["a", "c"]
    assert names(finished_runs.pair(runs, answers("1"))) == ["a", "b"]
    assert finished_runs.pair(runs[-1:], None) is None
    same_day = [runs[1], runs[1]._replace(folder=Path("e"))]
    assert finished_runs.pair(same_day, None) is None


def test_nobody_at_the_console_is_asked_nothing(monkeypatch):
    monkeypatch.setattr(sys, "stdin", None)  # as under pythonw
    assert finished_runs.asker() is None


def test_full_width_answers_are_taken(monkeypatch):
    class Console:
        @staticmethod
        def isatty():
            return True

    monkeypatch.setattr(sys, "stdin", Console())
    monkeypatch.setattr("builtins.input", lambda question: " ２０２５-06-30 ")
    assert finished_runs.asker()("日期：") == "2025-06-30"


@pytest.mark.parametrize("end", [EOFError, KeyboardInterrupt])
def test_an_ended_input_and_ctrl_c_end_politely(monkeypatch, capsys, end):
    class Console:
        @staticmethod
        def isatty():
            return True

    def ended(question):
        raise end

    monkeypatch.setattr(sys, "stdin", Console())
    monkeypatch.setattr("builtins.input", ended)
    with pytest.raises(SystemExit) as stop:
        finished_runs.asker()("日期：")
    assert stop.value.code == 130
    assert "已结束，没有写出任何成果" in capsys.readouterr().err


def test_a_slip_of_the_pen_is_asked_again_and_enter_changes_nothing(years, capsys):
    run = years / "成果2024"
    given = ("明年", "1990-01-01", "2025年12月31日", "dongkou.taxx=18", "dongkou.tax", "dongkou.tax=18")
    assert trial_questions.asked(run, answers(*given)) == [
        "--as-of", "2025-12-31", "--set", "dongkou.tax=18",
    ]  # fmt: skip
    said = capsys.readouterr().out
    assert said.count(trial_questions.AGAIN) == 4
    assert "相近的有：dongkou.tax" in said
    assert trial_questions.asked(run, answers("", "")) == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_without_an_environment_a_script_says_what_to_do(script, tmp_path):
    bare = [
        sys.executable,
        "-S",
        "-E",
        str(ROOT / "scripts" / f"{script}.py"),
    ]  # -S: nothing installed is found
    done = subprocess.run(bare, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 1
    assert (
        done.stdout + done.stderr
        == (ROOT / "scripts" / "no_environment.txt").read_text("utf-8").strip() + "\n"
    )
