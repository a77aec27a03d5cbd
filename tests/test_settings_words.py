"""Texts name a setting as the project's own settings file does: a 参数表 by section and row, a toml by key."""

import ast
import re
import tomllib
from pathlib import Path

import pytest

from landeval import evaluate, load_project
from landeval.cli import main
from landeval.errors import ConfigurationError, LandevalError
from landeval.issues import CATALOGUE
from landeval.publish.starter.settings_form import write_settings_form
from landeval.settings_table import CHANGE, FILE_NAME, RULE, SECTIONS, settings_of
from landeval.settings_words import PHRASE, worded

PACKAGE = Path(__file__).resolve().parents[1] / "landeval"
FILES_THEMSELVES = (
    "cli/commands.py", "guide.py", "settings_words.py", "settings/load.py", "publish/starter/__init__.py", "shipped.py",
    "scale/plan.py", "cli/matching.py", "errors.py", "standards/rules.py",
)  # fmt: skip
"""Where the file of settings is meant, not what is said in it (``rules.py``: the place, which ``load`` turns into a row)."""
TABLE, TOML = Path("参数表.xlsx"), Path("landeval.toml")


def texts():
    """Every text in the code, an f-string with {} for what is put in."""
    for path in sorted(PACKAGE.rglob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        parts = {id(one) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for one in node.values}
        told = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
            and node.body
            and isinstance(node.body[0], ast.Expr)
        }
        told |= {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        name = path.relative_to(PACKAGE).as_posix()
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr):
                yield (
                    name,
                    "".join(one.value if isinstance(one, ast.Constant) else "{}" for one in node.values),
                )
            elif (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and id(node) not in parts | told
            ):
                yield name, node.value


def test_a_text_that_names_a_setting_names_it_as_both_files_do():
    labels = {one.label for section in (*SECTIONS, CHANGE, RULE) for one in section.settings}
    heads = {head for section in SECTIONS for head in section.maps}
    sections = {section.name for section in (*SECTIONS, CHANGE)}
    seen, wrong = 0, []
    for name, text in texts():
        if "landeval.toml" not in text or name in FILES_THEMSELVES or text == "landeval.toml":
            continue
        bare = PHRASE.sub("", text)
        if "landeval.toml" in bare:
            wrong.append((name, text))
        for said in PHRASE.findall(text):
            seen += 1
            for quoted in re.findall("“([^”]+)”", said[0]):
                head = re.split("[：:]", quoted)[0]
                if not (
                    {quoted} & (labels | sections)
                    or head in heads
                    or quoted in ("是", "规则 编号")
                    or "{" in quoted
                    or quoted.startswith("规则 ")
                ):
                    wrong.append((name, quoted))
    assert not wrong
    assert seen > 50


@pytest.mark.parametrize("code", sorted(CATALOGUE))
def test_no_remedy_of_a_table_speaks_of_toml(code):
    for text in (CATALOGUE[code].what, CATALOGUE[code].remedy):
        told = worded(text, TABLE, "企业表 2")
        assert "toml" not in told
        assert not re.search(r"\[\[?[a-z]|\b(columns|units|encoding|swap_axes|as_of|towgs84|bands)\b", told)
        assert "参数表" not in worded(text, TOML)


LEDGER = "宗地代码,证载面积(亩),土地用途,看不懂的列\nP1,30,工业用地,甲\n"
FIRMS = "企业名称,年度,入库税收,谁也不认识\n虚构厂,2024,5,乙\n"
SETTINGS = """
year = 2024
[contracts]
path = "台账.csv"
[[enterprises]]
path = "企业一.csv"
[[enterprises]]
path = "企业二.csv"
"""


def project_folder(folder, text=SETTINGS, *, is_table, **files):
    """Make a folder with its settings in either file, and small tables."""
    folder.mkdir(exist_ok=True)
    given = {"台账.csv": LEDGER, "企业一.csv": FIRMS, "企业二.csv": FIRMS.replace("虚构厂", "虚构坊")} | files
    for name, content in given.items():
        (folder / name).write_text(content, encoding="utf-8")
    if is_table:
        write_settings_form(folder / FILE_NAME, tomllib.loads(text))
    else:
        (folder / "landeval.toml").write_text(text, encoding="utf-8")
    return folder


def test_problems_of_the_data_name_the_row_of_the_table_that_mends_them(tmp_path, capsys):
    told = {
        is_table: evaluate(load_project(project_folder(tmp_path / str(is_table), is_table=is_table))).issues
        for is_table in (True, False)
    }
    unread = dict(told[True].query("code == 'E201'")[["source_file", "remedy"]].to_numpy())
    assert "参数表.xlsx 工作表“参数”中“企业表 2”一节加一行“列名对应：数据项”" in unread["企业二.csv"]
    assert "“供地台账”一节" in unread["台账.csv"]
    assert not told[True].map(str).apply(lambda column: column.str.contains("toml")).to_numpy().any()
    assert (
        told[False]
        .query("code == 'E201'")["remedy"]
        .str.fullmatch("如需采用，请在 landeval.toml 的 columns 中对应")
        .all()
    )
    of_day = told[True].query("code == 'E235'").iloc[0]
    assert (of_day["source_file"], of_day["source_layer"]) == (FILE_NAME, "参数")
    assert main(["check", str(tmp_path / "True"), "--out", str(tmp_path / "查")]) == 0
    said = capsys.readouterr().out
    assert "没有认出的列" in said
    assert "“列名对应：数据项”" in said
    assert "toml" not in said


@pytest.mark.parametrize(
    ("name", "content", "code", "row"),
    [
        ("企业二.csv", "甲,乙,丙\n1,2,3\n", "E130", "“企业表 2”一节加一行“列名对应：数据项”"),
        ("企业二.csv", "税收,年度\n5,2024\n", "E290", "“企业表 2”一节加一行“列名对应：数据项”"),
        ("台账.csv", "宗地代码,证载面积(亩),土地用途,权利人\n", "E133", "“供地台账”一节“文件”的值"),
    ],
)
def test_a_refused_file_names_the_row_of_the_table_that_mends_it(tmp_path, name, content, code, row):
    for is_table in (True, False):
        place = project_folder(tmp_path / str(is_table), is_table=is_table, **{name: content})
        with pytest.raises(LandevalError) as caught:
            evaluate(load_project(place))
        assert caught.value.code == code
        assert ("landeval.toml" in str(caught.value)) is not is_table
        assert (row in caught.value.remedy) is is_table


WRONG = """
year = 2024
[contracts]
path = "台帐.csv"
columns = { holder = "权利人" }
[[enterprises]]
path = "企业一.csv"
columns = { credit = "代码" }
[[enterprises]]
path = "企业三.csv"
[judge]
suspended_logic = "any"
[link]
pass_share = 3
[rules."dongkou.tax"]
value = 20
[rules."dongkou.tacks"]
value = 20
reason = "虚构"
"""


def test_every_mistake_of_the_settings_is_told_at_once_with_its_row(tmp_path):
    place = project_folder(tmp_path / "表", WRONG, is_table=True)
    with pytest.raises(ConfigurationError) as caught:
        load_project(place)
    told = str(caught.value)
    assert told.startswith("【E605】有 6 处设置须改正")
    parts = dict.fromkeys(told.split("【"), True)
    for code, row, remedy in (
        ("E605", "（供地台账，文件），所写：台帐.csv", "同一处有相近的：台账.csv"),
        ("E607", "（企业表 1，列名对应：credit），所写：代码", "“统一社会信用代码”"),
        ("E605", "（企业表 2，文件），所写：企业三.csv", "相近的：企业二.csv、企业一.csv；"),
        ("E611", "（匹配，匹配率通过线），所写：3", "应为0 到 1 之间的数"),
        ("E604", "（规则 dongkou.tax，值），所写：20", "“规则 dongkou.tax”一节加一行“理由”"),
        ("E602", "（规则 dongkou.tacks，", "dongkou.tax"),
    ):  # fmt: skip
        assert [part for part in parts if part.startswith(code) and row in part and remedy in part], (
            code,
            told,
        )
    assert "toml" not in told
    assert "link.pass_share" not in told


def test_every_mistake_of_a_toml_is_told_at_once(tmp_path):
    place = project_folder(tmp_path / "字", WRONG, is_table=False)
    with pytest.raises(ConfigurationError) as caught:
        load_project(place)
    told = str(caught.value)
    assert "有 6 处设置须改正" in told
    for said in (
        "台帐.csv",
        "不认识的数据项 credit",
        "企业三.csv",
        "link.pass_share",
        '[rules."dongkou.tax"]',
        "没有这条规则",
    ):
        assert said in told


def test_a_wrong_row_of_the_table_does_not_hide_the_mistakes_of_the_others(tmp_path):
    text = '[[overlays]]\npath = "台账.csv"\neffect = "乱写"\n' + WRONG.replace('"any"', '"或"')
    with pytest.raises(ConfigurationError) as caught:
        load_project(project_folder(tmp_path / "表", text, is_table=True))
    assert "有 8 处设置须改正" in str(caught.value)
    assert "None" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("台帐.csv", "同一处有相近的：台账.csv"), ("台账.xlsx", "同一处有相近的：台账.csv"),
        ("资料/台账.csv", "没有文件夹“资料”"), ("毫不相干.gpkg", "怎么办：请核对路径和文件名"),
    ],
)  # fmt: skip
def test_a_file_that_is_not_there_brings_the_nearest_that_is(tmp_path, written, said):
    text = f'[contracts]\npath = "{written}"\n'
    with pytest.raises(ConfigurationError, match=said):
        load_project(project_folder(tmp_path / "字", text, is_table=False))


@pytest.mark.parametrize(
    ("section", "setting", "near"),
    [
        ("供地台帐", "文件", "是不是“供地台账”？"),
        ("项目", "评价年份", "是不是“评价年度”？"),
        ("规责 dongkou.tax", "值", "是不是“规则”？"),
    ],
)
def test_an_unknown_section_or_setting_brings_the_nearest(section, setting, near):
    *_, wrong = settings_of([(2, section, setting, "x")], FILE_NAME)
    assert [near in error.remedy for _, error in wrong] == [True]


def test_what_leaving_a_mistake_out_would_bring_about_is_no_mistake(tmp_path):
    text = (
        '[contracts]\npath = "台账.csv"\n[index]\n[[index.change]]\nindicator = "综合容积率"\nideal = 1.2\nreason = "虚构"\n'
        '[board]\nland_shares = { "工业用地" = 60 }\n[report]\ntemplate = "没有.docx"\n'
    )
    for is_table in (True, False):
        with pytest.raises(ConfigurationError) as caught:
            load_project(project_folder(tmp_path / str(is_table), text, is_table=is_table))
        assert "有 2 处设置须改正" in str(caught.value)
        assert "E518" not in str(caught.value)
