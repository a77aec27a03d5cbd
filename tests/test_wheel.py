"""A wheel without the source tree has all it needs: built from the source archive, unpacked elsewhere, run there."""

import importlib.metadata
import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

import pytest
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[1]
PLACES = {"landeval/": "landeval/", "data/": "landeval/sample/"}
"""Folders of the tree that go whole into the wheel, and where they lie in it."""
MOST_BYTES = 8_000_000


def listed():
    """Files of the tree, as git has them or would add them."""
    done = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT, capture_output=True, check=False,
    )  # fmt: skip
    if done.returncode:
        pytest.skip("不在 git 工作区内，无法列出文件")
    return [name for name in done.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def backend(hook, folder, out):
    """Call the build backend in a folder, as pip does, and return the path of what it made."""
    code = f"import sys; from setuptools import build_meta; print(build_meta.{hook}(sys.argv[1]), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-W", "error::UserWarning", "-c", code, str(out)],
        cwd=folder, capture_output=True, check=False, encoding="utf-8", env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return out / done.stderr.splitlines()[-1]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """Make the source archive of this tree, and the wheel of that archive."""
    if Version(importlib.metadata.version("setuptools")) < Version("77"):
        pytest.skip("setuptools 低于 77，不能生成安装文件")
    scratch = tmp_path_factory.mktemp("built")
    for name in listed():
        (scratch / "tree" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, scratch / "tree" / name)
    archive = backend("build_sdist", scratch / "tree", scratch)
    with tarfile.open(archive) as opened:
        opened.extractall(scratch / "source", filter="data")
    (source,) = (scratch / "source").iterdir()
    return archive, backend("build_wheel", source, scratch)


def test_the_source_archive_carries_the_tree(built):
    with tarfile.open(built[0]) as opened:
        inside = {str(PurePosixPath(*PurePosixPath(name).parts[1:])) for name in opened.getnames()}
    assert sorted(set(listed()) - inside) == []


def test_the_wheel_carries_package_sample_and_docs(built):
    with zipfile.ZipFile(built[1]) as opened:
        inside = {name: opened.read(name) for name in opened.namelist()}
    expected = {
        f"{there}{name.removeprefix(here)}": name
        for name in listed()
        for here, there in PLACES.items()
        if name.startswith(here)
    }
    assert {name for name in expected if inside.get(name) != (ROOT / expected[name]).read_bytes()} == set()
    for name in ("问题代码.md", "规则手册.md", "images/map.png"):
        assert f"landeval/docs/{name}" in inside
    assert {name.split("/")[0].split("-")[0] for name in inside} == {"landeval"}
    assert [name for name in inside if "__pycache__" in name or name.endswith(".pyc")] == []
    assert built[1].stat().st_size < MOST_BYTES


def test_the_unpacked_wheel_runs_alone(built, tmp_path):
    with zipfile.ZipFile(built[1]) as opened:
        opened.extractall(tmp_path / "site")
    work = tmp_path / "空文件夹"
    work.mkdir()
    environment = {**os.environ, "PYTHONPATH": str(tmp_path / "site"), "PYTHONUTF8": "1"}

    def landeval(*words):
        done = subprocess.run(
            [sys.executable, "-m", "landeval", *words],
            cwd=work, capture_output=True, check=False, encoding="utf-8", env=environment,
        )  # fmt: skip
        return done.returncode, done.stdout + done.stderr

    code, told = landeval("demo", "--no-dossiers")
    assert code == 0, told
    assert (work / "演示成果" / "处置候选清单.xlsx").is_file()
    assert landeval("init", "我的园区")[0] == 0
    assert (work / "我的园区" / "使用说明.txt").is_file()
    assert landeval("rules", "--on", "2024-12-31")[0] == 0
    assert landeval("template", "处置方案模板.docx")[0] == 0
    assert str(tmp_path / "site" / "landeval" / "docs") in landeval("doctor")[1]
    assert sorted(path.name for path in work.iterdir()) == ["处置方案模板.docx", "我的园区", "演示成果"]
