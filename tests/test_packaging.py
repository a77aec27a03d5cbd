"""The files that describe the package agree with one another, and say nothing of the machine."""

import hashlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
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
