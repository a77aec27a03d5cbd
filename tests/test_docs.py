"""Docs cannot drift: generated pages, codes, commands, settings and rules agree with the code."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from bureau import delivery

import landeval
from landeval.cli import command_help
from landeval.cli.commands import parser
from landeval.errors import REFUSALS
from landeval.issues import CATALOGUE
from landeval.vocabulary.fields import fields

ROOT = Path(__file__).resolve().parent.parent
SOURCES = sorted((ROOT / "landeval").rglob("*.py"))


def codes_in(tree, *, name):
    """Codes given as ``code="E…"``, or as the first argument of report functions."""
    found = set()
    for node in ast.walk(tree):
        texts = (
            [item.value for item in ast.walk(node) if isinstance(item, ast.Constant)] if name == "any" else []
        )
        found |= {text for text in texts if isinstance(text, str) and re.fullmatch(r"E\d{3}", text)}
    return found


def all_codes():
    found = set()
    for path in SOURCES:
        if path.name in ("issues.py", "errors.py") and path.parent.name == "landeval":
            continue
        found |= codes_in(ast.parse(path.read_text("utf-8")), name="any")
    return found


def test_generated_pages_are_up_to_date():
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "build_docs.py"), "--check"],
        capture_output=True,
        check=False,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_every_code_is_used_and_every_used_code_is_listed():
    listed = set(CATALOGUE) | set(REFUSALS)
    assert not set(CATALOGUE) & set(REFUSALS)
    assert {kind.about for kind in CATALOGUE.values()} - {""} <= set(fields())
    assert all_codes() == listed


def test_the_table_of_commands_is_that_of_the_help_in_two_languages():
    text = (ROOT / "README.md").read_text("utf-8")
    rows = re.findall(r"(?m)^\| `(landeval [^`]+)` \| (.*?) \| (.*?) \|$", text)
    listed = re.findall(r"(?m)^ {4}([a-z][a-z-]+)\n {6}(.+)$", command_help()[""])
    assert len(listed) == len(command_help()) - 1
    assert [(words.split()[1], chinese) for words, chinese, _ in rows] == listed
    for words, _, english in rows:
        assert re.fullmatch(r"[a-z' ][ -~]{20,}", english), words
        assert not re.search(r"[\u4e00-\u9fff]", english)


@pytest.mark.parametrize(
    "page", ["README.md", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md")))]
)
def test_every_shown_command_line_is_understood(page):
    text = (ROOT / page).read_text("utf-8")
    fenced = "\n".join(re.findall(r"(?s)^```\w*\n(.*?)^```", text, re.M))
    for line in re.findall(r"(?m)^(?:> )?landeval +(.+?)(?: +#.*)?$", fenced):
        assert callable(parser().parse_args(line.split()).command), line
    for name, rest in re.findall(r"`landeval ([a-z][a-z-]*)(.*?)`", text):  # mentioned, not always whole
        assert name in command_help()
        assert [one for one in re.findall(r"--[a-z-]+", rest) if one not in command_help()[name]] == []


@pytest.mark.parametrize(
    "path", [*sorted(ROOT.glob("examples/*/landeval.toml")), ROOT / "data" / "landeval.toml"], ids=str
)
def test_example_settings_have_only_known_keys(path, tmp_path):
    from landeval import load_project

    raw = tomllib.loads(path.read_text("utf-8"))
    for table in (
        "parcels",
        "contracts",
        "enterprises",
        "layout",
        "buildings",
        "exemptions",
        "index",
        "supply",
        "boundary",
        "targets",
        "overlays",
        "imagery",
    ):
        for source in (
            raw[table] if isinstance(raw.get(table), list) else [raw[table]] if table in raw else []
        ):
            (tmp_path / source["path"]).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / source["path"]).touch()
    assert load_project(path, data_folder=tmp_path).title


def test_settings_shown_in_the_readme_are_accepted(tmp_path):
    from landeval import load_project

    blocks = re.findall(r"```toml\n(.*?)```", (ROOT / "README.md").read_text("utf-8"), re.S)
    assert blocks
    for block in blocks:
        for name in re.findall(r'path = "(.*?)"', block):
            (tmp_path / name).touch()
        (tmp_path / "landeval.toml").write_text(block, encoding="utf-8")
        assert load_project(tmp_path).sources


def test_public_names_exist_and_are_documented():
    for name in landeval.__all__:
        thing = getattr(landeval, name)
        assert isinstance(thing, str | tuple) or thing.__doc__, name


def test_links_between_the_pages_lead_somewhere():
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text("utf-8")):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name}: {target}"


@pytest.mark.parametrize("script", ["01_检查数据", "02_评价", "03_出图", "04_处置清单"])
def test_the_numbered_scripts_run(script, tmp_path):
    delivery(tmp_path / "资料")
    settings = tmp_path / "资料" / "landeval.toml"
    text = 'as_of = 2024-12-31\n[parcels]\npath = "宗地.shp"\n[enterprises]\npath = "企业.xlsx"\n'
    settings.write_text(text, encoding="utf-8")
    before = set((tmp_path / "资料").iterdir())
    (tmp_path / "别处").mkdir()
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / f"{script}.py"), str(settings)],
        cwd=tmp_path / "别处", capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    assert len(set((tmp_path / "资料").iterdir()) - before) == 1  # beside the project
    assert list((tmp_path / "别处").iterdir()) == []  # not where the script was started


def test_the_environment_for_the_docs_names_every_stage():
    text = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for stage in ("read", "tidy", "link", "measure", "judge", "place", "publish"):
        assert f"`{stage}/`" in text
