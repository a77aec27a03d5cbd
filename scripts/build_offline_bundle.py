"""Collect all that a machine without a network needs: wheels for its platform, checked by hash, licences, parts list, docs, sample.

python scripts/build_offline_bundle.py --platform windows --python 3.12 --out 离线安装包

Needs pip and its configured index, here and now; the bundle needs neither. The dependencies are followed by the target's own
markers, not this machine's (pip would leave out what only Windows needs).
"""

from __future__ import annotations

import argparse
import csv
import email
import email.message
import hashlib
import io
import json
import re
import shutil
import subprocess
import sys
import tomllib
import uuid
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename

ROOT = Path(__file__).resolve().parents[1]
PATCH = {"3.11": "3.11.9", "3.12": "3.12.8", "3.13": "3.13.1"}
"""The lowest patch release of Python that the bundle is made for."""
TAGS = {
    "windows": ["win_amd64"],
    "linux": [*(f"manylinux_2_{glibc}_x86_64" for glibc in (28, 27, 26, 24, 17, 12, 5)), "manylinux2014_x86_64", "manylinux2010_x86_64"],
}  # fmt: skip
MARKERS = {
    "windows": {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
    "linux": {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
}  # fmt: skip
LEFT_OUT = ("tests/", "benchmarks/", ".ci/", ".git")
"""What a bureau's machine has no use for."""
WHEELS, LICENCES, PARTS, SUMS = "wheels", "licences", "sbom.cdx.json", "SHA256SUMS"
README = "离线安装说明.txt"
_INSTALL = "scripts/install_offline.py"


class MissingError(Exception):
    """A part has no wheel for the platform."""


def pins() -> dict[str, str]:
    """Return the version of every package in ``constraints.txt``, by canonical name."""
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pairs = (line.split("==") for line in lines if "==" in line and not line.startswith("#"))
    return {canonicalize_name(name): version for name, version in pairs}


def environment(platform: str, python: str) -> dict[str, str]:
    """Return what markers of requirements are evaluated with on the target."""
    here = {name: str(value) for name, value in default_environment().items()}
    return {**here, **MARKERS[platform], "python_version": python, "python_full_version": PATCH[python],
            "implementation_name": "cpython", "platform_python_implementation": "CPython", "extra": ""}  # fmt: skip


def wanted(
    requirements: Iterable[str], target: Mapping[str, str], extras: Iterable[str] = ("",)
) -> dict[str, set[str]]:
    """Return the packages that requirements ask for on a target, each with its extras.

    >>> wanted(["colorama; sys_platform == 'win32'", "rich"], environment("windows", "3.12"))
    {'colorama': set(), 'rich': set()}
    >>> wanted(["colorama; sys_platform == 'win32'", "rich"], environment("linux", "3.12"))
    {'rich': set()}
    """
    found: dict[str, set[str]] = {}
    for text in requirements:
        one = Requirement(text)
        if one.marker is None or any(one.marker.evaluate({**target, "extra": extra}) for extra in extras):
            found.setdefault(canonicalize_name(one.name), set()).update(one.extras)
    return found


def metadata(wheel: Path) -> email.message.Message:
    """Return the metadata of a wheel."""
    with zipfile.ZipFile(wheel) as archive:
        name = next(one for one in archive.namelist() if re.fullmatch(r"[^/]+\.dist-info/METADATA", one))
        return email.message_from_bytes(archive.read(name))


def collect(folder: Path, platform: str, python: str) -> list[Path]:
    """Download the wheels of landeval's dependencies, and theirs, for a platform.

    Raises
    ------
    MissingError
        One of them has no wheel there, or no pinned version.
    """
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    target, known = environment(platform, python), pins()
    open_ = wanted([*project["project"]["dependencies"], *project["build-system"]["requires"]], target)
    done: dict[str, set[str]] = {}
    while open_:
        if unpinned := sorted(set(open_) - set(known)):
            raise MissingError(f"constraints.txt 中没有版本：{'、'.join(unpinned)}")
        _download(
            folder, [f"{name}=={known[name]}" for name in sorted(open_) if name not in done], platform, python
        )
        there = {canonicalize_name(parse_wheel_filename(path.name)[0]): path for path in folder.glob("*.whl")}
        following: dict[str, set[str]] = {}
        for name, extras in open_.items():
            done[name] = done.get(name, set()) | extras
            needs = metadata(there[name]).get_all("Requires-Dist") or []
            for needed, more in wanted(needs, target, ("", *done[name])).items():
                if needed not in done or more - done[needed]:
                    following.setdefault(needed, set()).update(more)
        open_ = following
    return sorted(folder.glob("*.whl"))


def _download(folder: Path, names: list[str], platform: str, python: str) -> None:
    if not names:
        return
    tags = [word for tag in TAGS[platform] for word in ("--platform", tag)]
    abis = [word for abi in (f"cp{python.replace('.', '')}", "abi3", "none") for word in ("--abi", abi)]
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", "--implementation", "cp",
               "--python-version", PATCH[python], *tags, *abis, "-d", str(folder), *names]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        told = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise MissingError("\n".join(told) or done.stderr)


def licence_of(said: email.message.Message) -> str:
    """Return the licence that a wheel's metadata states, in its own words, short."""
    if expression := said.get("License-Expression"):
        return str(expression)
    kinds = [
        one.rsplit(" :: ", 1)[-1] for one in said.get_all("Classifier") or [] if one.startswith("License ::")
    ]
    return "; ".join(kinds) or str(said.get("License") or "见 licences 文件夹").splitlines()[0][:80]


def write_licences(wheels: list[Path], folder: Path) -> None:
    """Write every wheel's licence files, and a table of name, version, licence."""
    folder.mkdir(parents=True)
    rows = []
    for wheel in wheels:
        said = metadata(wheel)
        name = str(said["Name"])
        files = 0
        with zipfile.ZipFile(wheel) as archive:
            for one in archive.namelist():
                if ".dist-info/" in one and re.search(r"licen[cs]e|copying|notice|authors", one.rsplit("dist-info/", 1)[1], re.I) and not one.endswith("/"):  # fmt: skip
                    files += 1
                    (folder / f"{name}-{files:02d}-{Path(one).name}").write_bytes(archive.read(one))
        rows.append([name, said["Version"], licence_of(said), files])
    with (folder / "清单.csv").open("w", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows([["名称", "版本", "许可", "许可文件数"], *rows])


def parts_list(wheels: list[Path], version: str) -> str:
    """Return the software bill of materials (CycloneDX 1.5, JSON); the same wheels give the same text."""
    parts = []
    for wheel in wheels:
        said, digest = metadata(wheel), hashlib.sha256(wheel.read_bytes()).hexdigest()
        name = canonicalize_name(str(said["Name"]))
        reference = f"pkg:pypi/{name}@{said['Version']}"
        parts.append(
            {"type": "library", "bom-ref": reference, "name": name, "version": said["Version"], "purl": reference,
             "licenses": [{"license": {"name": licence_of(said)}}], "hashes": [{"alg": "SHA-256", "content": digest}]}
        )  # fmt: skip
    assets = json.loads((ROOT / "landeval" / "publish" / "assets" / "manifest.json").read_text("utf-8"))
    for asset in assets if isinstance(assets, list) else assets.get("assets", []):
        if "name" in asset and "version" in asset:
            reference = f"pkg:npm/{asset['name']}@{asset['version']}"
            if reference not in {part["bom-ref"] for part in parts}:
                parts.append({"type": "library", "bom-ref": reference, "name": asset["name"], "version": asset["version"], "purl": reference})  # fmt: skip
    main = {
        "type": "application",
        "bom-ref": f"pkg:pypi/landeval@{version}",
        "name": "landeval",
        "version": version,
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(parts, sort_keys=True))
    whole = {"bomFormat": "CycloneDX", "specVersion": "1.5", "serialNumber": f"urn:uuid:{serial}", "version": 1,
             "metadata": {"component": main}, "components": parts,
             "dependencies": [{"ref": main["bom-ref"], "dependsOn": [part["bom-ref"] for part in parts]}]}  # fmt: skip
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def copy_tree(out: Path) -> None:
    """Copy landeval's own files, without what only developers use."""
    listed = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
        .stdout.decode()
        .split("\0")
    )
    for name in filter(None, listed):
        if not name.startswith(LEFT_OUT):
            (out / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, out / name)


def write_entrances(out: Path, platform: str, python: str) -> None:
    """Write the script to start from, for cmd and for sh, and the guide."""
    if platform == "windows":
        script = _INSTALL.replace("/", "\\")
        lines = ["@echo off", "chcp 65001 >nul", 'cd /d "%~dp0"', f"set PY=py -{python}", '%PY% -c "" >nul 2>&1',
                 "if errorlevel 1 set PY=python", f"%PY% {script} %*", "pause"]  # fmt: skip
        (out / "install.cmd").write_bytes("\r\n".join([*lines, ""]).encode("ascii"))
        start, where = "双击 install.cmd", r".venv\Scripts\landeval"
    else:
        text = f'#!/bin/sh\ncd "$(dirname "$0")" && exec "${{PYTHON:-python{python}}}" {_INSTALL} "$@"\n'
        (out / "install.sh").write_bytes(text.encode("ascii"))
        (out / "install.sh").chmod(0o755)
        start, where = "在终端运行 sh install.sh", ".venv/bin/landeval"
    guide = f"""landeval 离线安装

适用：{"Windows 64 位" if platform == "windows" else "Linux x86_64（glibc 2.28 以上）"}，Python {PATCH[python]} 以上的 {python}。不需要互联网。

1. 先装 Python {python}（安装程序须另备）。Windows 请勾选 “Add python.exe to PATH”。
2. 把整个文件夹放到固定的位置，如 D:\\landeval。路径不要太长。
3. {start}。先核对全部安装文件的 SHA-256（{SUMS}），不符的不安装；再建立 .venv 并安装；最后用样例园区走一遍，成果在 演示成果。
4. 以后用 {where}，先看 docs 中的 快速上手。

文件夹里：wheels 安装文件；licences 各部分的许可；{PARTS} 组成清单（CycloneDX 1.5）；data 样例（全部虚构）；docs 文档。
"""
    (out / README).write_bytes(guide.replace("\n", "\r\n").encode("utf-8-sig"))


def write_sums(out: Path) -> None:
    """Write the SHA-256 of every wheel."""
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {WHEELS}/{path.name}"
        for path in sorted((out / WHEELS).glob("*.whl"))
    ]
    (out / SUMS).write_text("\n".join(lines) + "\n", "utf-8", newline="\n")


def build(out: Path, platform: str, python: str) -> list[Path]:
    """Make the bundle in an empty folder and return its wheels."""
    copy_tree(out)
    (out / WHEELS).mkdir()
    wheels = collect(out / WHEELS, platform, python)
    write_licences(wheels, out / LICENCES)
    version = re.search(r'__version__ = "(.*?)"', (ROOT / "landeval" / "__init__.py").read_text("utf-8"))
    (out / PARTS).write_text(parts_list(wheels, version[1] if version else ""), "utf-8", newline="\n")
    write_sums(out)
    write_entrances(out, platform, python)
    return wheels


def main() -> int:
    """Build one bundle and tell its size."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--platform", choices=sorted(TAGS), default="windows")
    parser.add_argument("--python", choices=sorted(PATCH), default="3.12")
    parser.add_argument("--out", required=True, help="an empty or new folder")
    options = parser.parse_args()
    out = Path(options.out)
    if out.exists() and any(out.iterdir()):
        print(f"文件夹不为空：{out}")
        return 3
    out.mkdir(parents=True, exist_ok=True)
    try:
        wheels = build(out, options.platform, options.python)
    except MissingError as error:
        print(f"缺少 {options.platform}、Python {options.python} 的安装文件：\n{error}")
        return 3
    size = sum(path.stat().st_size for path in wheels) / 1e6
    print(f"{len(wheels)} 个安装文件，{size:.0f} MB：{out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
