"""The commands: exit codes, Chinese help and messages, no traceback for a user's mistake."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from bureau import CODES, FIRM_HEADER, FIRM_ROWS, NAMES, delivery
from writers import workbook

from landeval import evaluate, load_project, shipped
from landeval.cli import main
from landeval.cli.commands import parser
from landeval.closing import files
from landeval.guide import GUIDES

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = str(ROOT / "data" / "landeval.toml")
PARCELS, BUILDINGS = (str(ROOT / "data" / name) for name in ("parcels/宗地.shp", "buildings/建筑物.shp"))


def run(*arguments, capsys):
    code = main(list(arguments))
    captured = capsys.readouterr()
    assert "Traceback" not in captured.out + captured.err
    return code, captured.out, captured.err


def test_demo_writes_everything_and_says_where(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("demo", capsys=capsys)
    assert code == 0
    for name in ("地图.html", "处置候选清单.xlsx", "tables", "gis", "run.json"):
        assert (tmp_path / "演示成果" / name).exists()
        assert name in out
    assert "[13/13]" in err
    assert "涉嫌闲置(未动工)" in out
    assert out.index("先看这些") < out.index("最要紧的") < out.index("按这个次序打开")
    assert re.search(r"1\. 处置候选 \d+ 宗", out)
    told = [line.strip() for line in out.splitlines() if line.strip()]
    assert len(told) == len(set(told)) <= 32


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Return the project of a park of three parcels, with an error in its table."""
    folder = tmp_path_factory.mktemp("小园区")
    delivery(folder)
    rows = [FIRM_HEADER, *FIRM_ROWS[1:], [NAMES[0], 2024, 4500, "约六千", 300.25]]
    workbook(folder / "企业.xlsx", {"2024": rows})
    shutil.copy(ROOT / "data" / "targets" / "指标实绩表.xlsx", folder)
    toml = folder / "landeval.toml"
    toml.write_text(
        'as_of = "2024-12-31"\n[parcels]\npath = "宗地.shp"\n[enterprises]\npath = "企业.xlsx"\n[targets]\npath = "指标实绩表.xlsx"\n',
        "utf-8",
    )
    return str(toml)


def test_check_writes_only_what_concerns_the_data(small, tmp_path, capsys):
    code, out, _ = run("check", small, "--out", str(tmp_path / "查"), capsys=capsys)
    assert code == 0
    assert sorted(path.name for path in (tmp_path / "查" / "tables").iterdir()) == [
        "exemptions.csv", "issues.csv", "ledger.csv", "links.csv", "reconciliation.csv",
        "run.csv",
    ]  # fmt: skip
    assert "最要紧的" in out


def test_quiet_says_only_what_needs_attention(small, tmp_path, capsys):
    code, out, err = run("check", small, "--quiet", "--out", str(tmp_path / "查"), capsys=capsys)
    assert (code, err) == (0, "")
    assert "最要紧的" in out
    assert "明细" not in out
    assert (tmp_path / "查" / "run.json").is_file()


@pytest.mark.parametrize("command", ["check", "link", "targets"])
def test_verbose_tells_steps_and_files_and_so_does_the_log(small, tmp_path, capsys, command):
    log = tmp_path / "日志.txt"
    words = [command, small, "--verbose", "--log", str(log), "--out", str(tmp_path / "出")]
    code, _, err = run(*words, capsys=capsys)
    assert code == 0
    assert re.search(r"\[2/6\] 整理　[\d,]+ 条记录，整理出参加评价的 [\d,]+ 条　\d+\.\d 秒", err)
    line = "读入 宗地.shp：宗地，记录 3，编码 gb18030，坐标系 EPSG:4546"
    assert line in err
    assert line in log.read_text("utf-8")


def test_quiet_and_verbose_exclude_each_other(capsys):
    code, _, err = run("check", "--quiet", "--verbose", capsys=capsys)
    assert code == 3
    assert "不能同时写" in err


def test_strict_ends_with_one_where_there_are_errors(small, tmp_path, capsys):
    assert run("check", small, "--strict", "--out", str(tmp_path / "o"), capsys=capsys)[0] == 1
    assert (tmp_path / "o" / "run.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run", "没有的文件夹", "--out", "x"], 3, "找不到项目配置文件"),
        (["run", SAMPLE, "--nonsense", "--out", "x"], 3, "不认识的选项"),
        (["run", SAMPLE], 3, "没有写明输出文件夹"),
        (["run", str(ROOT / "data/期望.csv"), "--out", "x"], 3, "不是项目配置"),
        (["run", SAMPLE, "--year", "二四", "--out", "x"], 3, "年度不可用"),
        (["run", SAMPLE, "--year", "2019", "--out", "x"], 3, "没有 2019 年"),
        (["run", SAMPLE, "--as-of", "2024-13-01", "--out", "x"], 3, "位置：--as-of"),
        (["run", SAMPLE, "--parcels", "https://x/y.shp", "--out", "x"], 3, "不读取网址"),
        (["run", SAMPLE, "--parcels", __file__, "--out", "x"], 2, "不认识的文件格式"),
        (
            ["run", "--parcels", PARCELS, "--enterprises", BUILDINGS, "--out", "x"],
            2,
            "不是表格",
        ),
        (["run", SAMPLE, "--parcels", str(ROOT / "data"), "--out", "x"], 2, "文件夹"),
        (["run", "--out", "x"], 3, "没有宗地，也没有供地台账"),
        (["rules", "--on", "昨天"], 3, "日期不可用"),
        ([], 3, "缺少"),
    ],
)
def test_a_mistake_gets_a_message_and_a_code_and_nothing_is_written(
    arguments, code, words, tmp_path, capsys, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    got, _, err = run(*arguments, capsys=capsys)
    assert got == code, err
    assert words in err
    assert "怎么办" in err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_ours_is_refused_before_any_work(tmp_path, capsys):
    (tmp_path / "我的资料.txt").write_text("x", encoding="utf-8")
    code, _, err = run("run", SAMPLE, "--out", str(tmp_path), capsys=capsys)
    assert code == 4
    assert "[1/" not in err
    assert [path.name for path in tmp_path.iterdir()] == ["我的资料.txt"]


def test_an_error_of_our_own_ends_with_five_and_a_log(tmp_path, capsys, monkeypatch):
    def broken(*_arguments, **_options):
        raise ZeroDivisionError

    monkeypatch.setattr("landeval.run.evaluate", broken)
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(tmp_path))
    code, _, err = run("run", SAMPLE, "--out", str(tmp_path / "o"), capsys=capsys)
    assert code == 5
    assert "程序内部错误" in err
    assert "ZeroDivisionError" in (tmp_path / "landeval-错误日志.txt").read_text("utf-8")
    assert not (tmp_path / "o").exists()


def test_an_interrupt_ends_with_130_and_leaves_nothing(small, tmp_path, capsys, monkeypatch):
    def stopped(*_arguments, **_options):
        raise KeyboardInterrupt

    monkeypatch.setattr("landeval.publish.gis.write_gis", stopped)
    code, _, err = run("run", small, "--out", str(tmp_path / "o"), capsys=capsys)
    assert code == 130
    assert "已中断" in err
    assert not (tmp_path / "o").exists()


def test_rules_prints_clause_and_quote(capsys):
    code, out, _ = run("rules", "--on", "2024-12-31", capsys=capsys)
    assert code == 0
    assert "洞政办发〔2021〕60号" in out
    assert "亩均税收超过 15 万元/亩" in out
    assert "建议稿，无文件依据" in out


def test_rules_before_the_plan_leave_its_lines_out(capsys):
    out = run("rules", "--on", "2020-04-15", capsys=capsys)[1]
    assert "dongkou.tax" not in out
    assert "idle.not_started" in out


def test_explain_tells_why_and_writes_nothing(tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    given = delivery(tmp_path / "园区")
    (tmp_path / "园区" / "landeval.toml").write_text(
        'as_of = "2024-12-31"\n[parcels]\npath = "宗地.shp"\n[enterprises]\npath = "企业.xlsx"\n', "utf-8"
    )
    before = sorted(tmp_path.rglob("*"))
    code, out, _ = run("explain", CODES[0], "园区", capsys=capsys)
    assert code == 0
    assert out.startswith(f"宗地 {CODES[0]}")
    assert "逐条判定" in out
    code, _, err = run("explain", CODES[0][:-1] + "9", "园区", capsys=capsys)
    assert code == 3
    assert "E670" in err
    assert "相近的有：" in err
    assert CODES[0] in err
    assert sorted(tmp_path.rglob("*")) == before
    assert given["parcels"].is_file()


@pytest.mark.parametrize("words", [[], ["."]])
def test_explain_without_a_parcel_says_how_to_ask_and_where_else_to_look(words, capsys):
    code, _, err = run("explain", *words, capsys=capsys)
    assert code == 3
    for said in ("E616", "landeval explain 宗地代码", "逐条判定", "一宗一档"):
        assert said in err


def test_a_run_ends_with_where_its_reasons_are_told(tmp_path, monkeypatch):
    settings = tmp_path / "园区" / "landeval.toml"
    delivery(settings.parent)
    settings.write_text(
        'as_of = "2024-12-31"\n[parcels]\npath = "宗地.shp"\n[enterprises]\npath = "企业.xlsx"\n', "utf-8"
    )
    project = load_project(settings, out=tmp_path / "成果")
    result = evaluate(project)
    [told] = [line for line in files(result, project) if "为什么这样判" in line]
    assert told.endswith(f"landeval explain 宗地代码 {settings.parent}")
    assert "逐条判定" in told
    monkeypatch.chdir(settings.parent)
    [told] = [line for line in files(result, project) if "为什么这样判" in line]
    assert told.endswith("landeval explain 宗地代码")


def help_of(command, capsys):
    with pytest.raises(SystemExit) as stop:
        main([*command, "--help"])
    assert stop.value.code == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("command", [[], *([name] for name in GUIDES)], ids=" ".join)
def test_help_has_no_english_sentence(command, capsys):
    text = help_of(command, capsys)
    assert not re.search(
        r"[A-Za-z]+ [a-z]+ [a-z]+", text.replace("landeval what-if", "").replace("landeval ", "")
    )
    assert not re.search(r"usage|option|argument|error|default", text)
    assert "用法：landeval" in text
    assert max(len(line) for line in text.splitlines()) <= 100


@pytest.mark.parametrize("name", list(GUIDES))
def test_help_tells_what_for_examples_outputs_and_exit_codes(name, capsys):
    text = help_of([name], capsys)
    for head in ("例：", "写出：", "退出代码："):
        assert f"\n{head}" in text
    for words, told in GUIDES[name].examples:
        assert words in text
        assert told in text
        program, command, *rest = words.split()
        assert (program, command) == ("landeval", name)
        parsed = parser().parse_args([command, *rest])
        assert callable(parsed.command)


@pytest.mark.parametrize("name", list(GUIDES))
def test_what_a_command_is_for_is_not_said_twice(name, capsys):
    listed = dict(re.findall(r"(?m)^ {4}([a-z][a-z-]+)\n {6}(.+)$", help_of([], capsys)))
    text, about = listed[name], GUIDES[name].about
    twice = {text[at : at + 6] for at in range(len(text) - 5)} & {
        about[at : at + 6] for at in range(len(about) - 5)
    }
    assert not twice


def test_the_list_of_commands_has_one_heading(capsys):
    assert re.findall(r"(?m)^ *命令[:：]?$", help_of([], capsys)) == ["命令:"]


def test_every_command_has_its_guide_and_every_guide_its_command(capsys):
    listed = re.findall(r"(?m)^ {2,4}([a-z][a-z-]+)\b", help_of([], capsys))
    assert set(GUIDES) <= set(listed)
    assert set(listed) - set(GUIDES) <= {"landeval"}


@pytest.mark.parametrize(
    "arguments",
    [["nonsense"], ["run", "--out"], ["init"], ["run", "a", "b"], ["run", "--strict=1"], ["check", "--quiet", "--verbose"], ["--nonsense"],
     ["run", "--ou", "x"], ["compare", "a"], []],
    ids=" ".join,
)  # fmt: skip
def test_a_wrong_command_line_is_told_in_chinese(arguments, capsys):
    code, _, err = run(*arguments, capsys=capsys)
    assert code == 3
    words = re.sub(r"--?[a-z-]+|landeval( [a-z-]+)?", "", err)
    assert not re.search(r"\b(argument|expected|invalid|choose|unrecognized|required|ambiguous|ignored|one|from)\b", words)  # fmt: skip


def test_help_and_import_stay_quick_and_light():
    code = (
        "import sys; from landeval.cli import main\n"
        "try: main(['--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'pandas', 'geopandas', 'numpy', 'shapely', 'folium', 'openpyxl', 'rich'} & set(sys.modules)\n"
        "sys.exit(1 if heavy else 0)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=False).returncode == 0


def test_a_console_that_cannot_show_a_character_does_not_crash(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "landeval", "rules", "--on", "2024-12-31"],
        capture_output=True, check=False, env={"PYTHONIOENCODING": "ascii", "PATH": ""}, cwd=tmp_path,
    )  # fmt: skip
    assert done.returncode == 0


def test_the_sample_is_where_the_demo_looks_for_it():
    assert shipped.sample() == ROOT / "data" / "landeval.toml"
    assert shipped.docs() == ROOT / "docs"


def test_an_installed_sample_comes_first_and_a_missing_one_is_told(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(shipped, "HOME", tmp_path / "landeval")
    code, _, err = run("demo", "--out", str(tmp_path / "o"), capsys=capsys)
    assert code == 3
    assert "E605" in err
    assert "重新安装" in err
    for folder in ("data", "landeval/sample"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "landeval.toml").touch()
        assert shipped.sample() == tmp_path / folder / "landeval.toml"
