"""The files that describe the package agree with one another, and say nothing of the machine."""

import hashlib
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
REQUIREMENTS = [
    Requirement(line) for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]
]
BUILD = [
    Requirement(line)
    for line in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
]
CONDA_NAMES = {
    "playwright": "playwright-python",
    "matplotlib": "matplotlib-base",
}  # PyPI name -> conda-forge name, where they differ
NOT_ON_CONDA_FORGE = {"types-shapely"}


def constraint_lines():
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def environment():
    """Read environment.yml with its own small grammar: scalars, lists of scalars, and one list ``pip:``."""
    found, key = {}, ""
    for line in (ROOT / "environment.yml").read_text("utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        if match := re.fullmatch(r"(\w+):\s*(.*)", line):
            key, value = match.groups()
            found[key] = value or []
        elif line == "  - pip:":
            key = "pip"
            found[key] = []
        elif match := re.fullmatch(r" +- (\S+)", line):
            found[key].append(match[1])
        else:
            pytest.fail(f"environment.yml 中无法识别的一行:{line!r}")
    return found


def test_environment_agrees_with_pyproject():
    found = environment()
    assert (found["name"], found["channels"]) == ("landeval", ["conda-forge"])
    expected = {f"python{PROJECT['requires-python']}", "pip"}
    for wanted in REQUIREMENTS + BUILD:
        if wanted.name not in NOT_ON_CONDA_FORGE:
            expected.add(f"{CONDA_NAMES.get(wanted.name, wanted.name)}{wanted.specifier}")
    assert sorted(found["dependencies"]) == sorted(expected)
    assert sorted(found["pip"]) == sorted(str(r) for r in REQUIREMENTS if r.name in NOT_ON_CONDA_FORGE)


@pytest.mark.parametrize("wanted", REQUIREMENTS + BUILD, ids=str)
def test_every_dependency_has_a_pin_that_satisfies_it(wanted):
    pins = {
        canonicalize_name(name): version
        for name, _, version in (c.partition("==") for c in constraint_lines())
    }
    assert canonicalize_name(wanted.name) in pins
    assert wanted.specifier.contains(pins[canonicalize_name(wanted.name)])


def test_tests_have_what_the_distributed_engine_needs():
    extras = PROJECT["optional-dependencies"]
    assert set(extras["scale"]) <= set(extras["test"])


def test_constraints_hold_pins_only():
    lines = constraint_lines()
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line)] == []
    names = [canonicalize_name(line.partition("==")[0]) for line in lines]
    assert len(names) == len(set(names))
    assert "landeval" not in names
    assert "://" not in (ROOT / "constraints.txt").read_text("utf-8")


def test_licence_is_the_standard_text():
    text = (ROOT / "LICENSE").read_bytes().replace(b"\r\n", b"\n")
    assert (
        hashlib.sha256(text).hexdigest() == "cfc7749b96f63bd31c3c42b5c471bf756814053e847c10f3eb003417bc523d30"
    )
    assert PROJECT["license"] == "Apache-2.0"


@pytest.mark.parametrize(
    "entry",
    ["landeval", "data/parcels", "notebooks", "scripts", "tests", "environment.yml", "README.md"],
)
def test_top_level_has_what_the_design_names(entry):
    assert (ROOT / entry).exists()


def test_no_file_names_the_machine_or_a_registry():
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("不在 git 工作区内,无法列出文件")
    # Put together here, so that this file does not find itself.
    folders = ["/" + name + "/" for name in ("work", "root")]
    hosts = [".".join(parts) for parts in (("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs"))]
    pattern = re.compile(
        rb"(?<![\w.*-])(?:%s)|(?:%s)"
        % ("|".join(map(re.escape, folders)).encode(), "|".join(map(re.escape, hosts)).encode())
    )
    paths = [ROOT / name.decode() for name in listed.stdout.split(b"\0") if name]
    found = {
        str(path.relative_to(ROOT)): match[0].decode()
        for path in paths
        if path.is_file() and (match := pattern.search(path.read_bytes()))
    }
    assert found == {}


def test_version_is_the_same_everywhere():
    import landeval

    assert PROJECT["version"] == landeval.__version__


def test_import_is_light():
    code = "import sys, landeval; print(sorted({'pandas', 'geopandas', 'numpy'} & set(sys.modules)))"
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


CLASSIFIERS = [one.rpartition(" ")[2] for one in PROJECT["classifiers"] if "Python :: 3." in one]
SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
INSTRUCTIONS = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", DOCKERFILE)).splitlines()


def read_yaml(name):
    return yaml.safe_load((ROOT / name).read_text("utf-8"))


def test_python_versions_agree():
    import landeval.doctor.program as program

    assert [f"{major}.{minor}" for major, minor in program.TESTED] == [CLASSIFIERS[0], CLASSIFIERS[-1]]
    assert PROJECT["requires-python"] == f">={CLASSIFIERS[0]}"
    assert SETTINGS["mypy"]["python_version"] == CLASSIFIERS[0]
    assert SETTINGS["ruff"]["target-version"] == f"py{CLASSIFIERS[0].replace('.', '')}"
    (image,) = re.findall(r"(?m)^ARG BASE=python:(\S+)-slim$", DOCKERFILE)
    assert image in CLASSIFIERS
    told = re.findall(r"python:(\d\.\d+)|--python (\d\.\d+)", DOCKERFILE)
    assert {one or other for one, other in told} == {image}  # the bundle is made for the image's Python


def test_the_image_installs_pinned_versions_and_runs_as_nobody_in_particular():
    installs = [part for line in INSTRUCTIONS for part in line.split(";") if "pip install" in part]
    assert installs
    assert [part for part in installs if "-c constraints.txt" not in part] == []
    assert 'ENTRYPOINT ["landeval"]' in INSTRUCTIONS
    users = [line.split()[1] for line in INSTRUCTIONS if line.startswith("USER ")]
    assert users == ["landeval"]
    assert INSTRUCTIONS.index("USER landeval") < INSTRUCTIONS.index('ENTRYPOINT ["landeval"]')
    assert "fonts-noto-cjk" in DOCKERFILE
    assert "://" not in DOCKERFILE
    assert [line.split()[1] for line in INSTRUCTIONS if line.startswith("FROM ")] == ["${BASE}"] * 2


def test_the_image_gets_what_the_wheel_is_built_of_and_nothing_else():
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    taken = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    needed = {
        "landeval",
        "pyproject.toml",
        "setup.py",
        "constraints.txt",
        PROJECT["readme"],
        "LICENSE",
        "wheels",
    }
    assert needed | set(SETTINGS["setuptools"]["package-dir"].values()) <= taken
    assert [name for name in taken - {"wheels"} if not (ROOT / name).exists()] == []
    assert taken & {"tests", "scripts", ".git", "notebooks"} == set()


def test_hooks_before_a_commit_are_local_and_call_what_is_installed():
    (repo,) = read_yaml(".pre-commit-config.yaml")["repos"]
    assert repo["repo"] == "local"
    names = {canonicalize_name(wanted.name) for wanted in REQUIREMENTS}
    called = []
    for hook in repo["hooks"]:
        assert hook["language"] == "system"
        program, *words = hook["entry"].split()
        called.append(program)
        if program == "python":
            assert (ROOT / words[0]).is_file()
        else:
            assert program in names
        re.compile(hook.get("files", ""))
    assert sorted(called) == ["mypy", "python", "ruff", "ruff"]


@pytest.mark.parametrize("name", ["数字不对", "读不进来", "想要的功能"])
def test_issue_forms_warn_against_real_data(name):
    form = read_yaml(f".github/ISSUE_TEMPLATE/{name}.yml")
    assert form["name"] == name
    assert {"name", "description", "title", "labels", "body"} == set(form)
    first, *fields = form["body"]
    assert first["type"] == "markdown"
    assert "不要附真实资料" in first["attributes"]["value"]
    assert [field["type"] for field in fields][-1] == "checkboxes"
    assert fields[-1]["attributes"]["options"][0]["required"] is True
    ids = [field["id"] for field in fields]
    assert len(ids) == len(set(ids))
    for field in fields:
        assert field["type"] in {"input", "textarea", "checkboxes"}
        assert not re.search(r"[A-Za-z]+ [a-z]+ [a-z]+", field["attributes"]["label"])


def test_only_the_forms_are_offered():
    assert read_yaml(".github/ISSUE_TEMPLATE/config.yml") == {"blank_issues_enabled": False}
    assert len(list((ROOT / ".github" / "ISSUE_TEMPLATE").iterdir())) == 4


def test_security_and_contributing_lead_to_what_is_there():
    for name in ("SECURITY.md", "CONTRIBUTING.md"):
        text = (ROOT / name).read_text("utf-8")
        heads = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in re.findall(r"(?m)^#+ (.*)$", (ROOT / "CONTRIBUTING.md").read_text("utf-8"))}  # fmt: skip
        for target, anchor in re.findall(r"\]\(([^)#]+)(?:#([^)]*))?\)", text):
            assert (ROOT / target).exists(), target
            assert not anchor or anchor in heads
    for script in re.findall(r"python (scripts/\w+\.py)", (ROOT / "CONTRIBUTING.md").read_text("utf-8")):
        assert (ROOT / script).is_file()


def test_the_shown_command_takes_one_version_out_of_the_changelog(tmp_path):
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    (command,) = re.findall(r"awk '(.*?)' CHANGELOG\.md", text)
    if shutil.which("awk") is None:
        pytest.skip("没有 awk")
    log = tmp_path / "CHANGELOG.md"
    log.write_text("# 更新记录\n\n## 0.2.0（2027-01-05）\n\n- 新\n\n### 读入\n\n- 乙\n\n## 0.1.0（2026-12-01）\n\n- 旧\n", "utf-8")  # fmt: skip
    done = subprocess.run(
        ["awk", command.replace(r"x\.y\.z", r"0\.2\.0"), str(log)], capture_output=True, check=True
    )
    assert done.stdout.decode() == "## 0.2.0（2027-01-05）\n\n- 新\n\n### 读入\n\n- 乙\n\n"
    assert re.search(
        rf"(?m)^## {re.escape(PROJECT['version'])}（", (ROOT / "CHANGELOG.md").read_text("utf-8")
    )
