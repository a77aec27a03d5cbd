"""The offline bundle: followed by the target's markers, checked by hash, a parts list that is the same each time, entrances for cmd and sh."""

import hashlib
import importlib.util
import json
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def script(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


bundle, installing = script("build_offline_bundle"), script("install_offline")


def wheel(folder, name, version="1.0", needs=(), licence="MIT"):
    path = folder / f"{name}-{version}-py3-none-any.whl"
    said = [f"Metadata-Version: 2.4\nName: {name}\nVersion: {version}\nLicense-Expression: {licence}"]
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            f"{name}-{version}.dist-info/METADATA",
            "\n".join([*said, *(f"Requires-Dist: {one}" for one in needs)]),
        )
        archive.writestr(f"{name}-{version}.dist-info/licenses/LICENSE", "许可")
    return path


@pytest.mark.parametrize(
    ("platform", "python", "expected"),
    [("windows", "3.11", {"a", "w", "old"}), ("windows", "3.13", {"a", "w"}), ("linux", "3.12", {"a", "l"})],
)
def test_requirements_are_followed_by_the_markers_of_the_target(platform, python, expected):
    needs = ["a>=1", "w; sys_platform == 'win32'", "l; platform_system == 'Linux'", "old; python_version < '3.12'", "x; extra == 'test'"]  # fmt: skip
    assert set(bundle.wanted(needs, bundle.environment(platform, python))) == expected
    more = bundle.wanted(needs, bundle.environment(platform, python), ("", "test"))
    assert set(more) == expected | {"x"}


def test_what_a_part_needs_comes_along_and_a_part_without_a_pin_is_told(tmp_path, monkeypatch):
    needs = {"top": ["middle[fast]"], "middle": ["low; sys_platform == 'win32'", "speed; extra == 'fast'"], "low": ["top"], "speed": []}  # fmt: skip
    asked = []

    def download(folder, names, platform, python):
        asked.append(names)
        for name in (one.partition("==")[0] for one in names):
            wheel(folder, name, needs=needs[name])

    project = '[project]\ndependencies = ["top"]\n[build-system]\nrequires = []\n'
    (tmp_path / "pyproject.toml").write_text(project, "utf-8")
    monkeypatch.setattr(bundle, "ROOT", tmp_path)
    monkeypatch.setattr(bundle, "_download", download)
    for place in ("windows", "linux"):
        (tmp_path / place).mkdir()
    (tmp_path / "constraints.txt").write_text("top==1.0\nmiddle==1.0\nlow==1.0\nspeed==1.0\n", "utf-8")
    found = {place: {path.name.split("-")[0] for path in bundle.collect(tmp_path / place, place, "3.12")} for place in ("windows", "linux")}  # fmt: skip
    assert found == {"windows": {"top", "middle", "low", "speed"}, "linux": {"top", "middle", "speed"}}
    assert [name for names in asked for name in names].count("top==1.0") == 2  # once a platform
    (tmp_path / "constraints.txt").write_text("top==1.0\n", "utf-8")
    with pytest.raises(bundle.MissingError, match="middle"):
        bundle.collect(tmp_path / "windows", "windows", "3.12")


def test_the_parts_list_names_every_part_and_is_the_same_each_time(tmp_path):
    wheels = [wheel(tmp_path, "one"), wheel(tmp_path, "two", licence="BSD-3-Clause")]
    text = bundle.parts_list(wheels, "0.1.0")
    assert text == bundle.parts_list(wheels, "0.1.0")
    told = json.loads(text)
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.5")
    parts = {part["name"]: part for part in told["components"]}
    assert parts["two"]["licenses"][0]["license"]["name"] == "BSD-3-Clause"
    assert parts["one"]["hashes"][0]["content"] == hashlib.sha256(wheels[0].read_bytes()).hexdigest()
    assert parts["leaflet"]["purl"].startswith("pkg:npm/leaflet@")
    assert {"ref", "dependsOn"} <= set(told["dependencies"][0])


def test_wheels_that_changed_are_missing_or_too_many_are_not_installed(tmp_path, capsys, monkeypatch):
    (tmp_path / "wheels").mkdir()
    one, two = wheel(tmp_path / "wheels", "one"), wheel(tmp_path / "wheels", "two")
    bundle.write_sums(tmp_path)
    assert installing.faults(tmp_path) == []
    one.write_bytes(one.read_bytes() + b"x")
    two.unlink()
    wheel(tmp_path / "wheels", "three")
    assert installing.faults(tmp_path) == [
        "缺少 wheels/two-1.0-py3-none-any.whl", "多出 wheels/three-1.0-py3-none-any.whl", "内容不符 wheels/one-1.0-py3-none-any.whl",
    ]  # fmt: skip
    monkeypatch.setattr(installing, "ROOT", tmp_path)
    assert installing.main() == installing.REFUSED
    assert "没有安装" in capsys.readouterr().out
    (tmp_path / "SHA256SUMS").unlink()
    assert installing.faults(tmp_path) == ["没有 SHA256SUMS：安装包不完整"]


def test_licences_of_every_part_are_there(tmp_path):
    bundle.write_licences([wheel(tmp_path, "one")], tmp_path / "licences")
    assert (tmp_path / "licences" / "one-01-LICENSE").read_text("utf-8") == "许可"
    assert "one,1.0,MIT,1" in (tmp_path / "licences" / "清单.csv").read_text("utf-8-sig")


@pytest.mark.parametrize("platform", ["windows", "linux"])
def test_entrances_are_safe_on_every_console(platform, tmp_path):
    bundle.write_entrances(tmp_path, platform, "3.12")
    entrance = (tmp_path / ("install.cmd" if platform == "windows" else "install.sh")).read_bytes()
    assert entrance.isascii()
    assert (b"\r\n" in entrance) == (platform == "windows")
    assert b"install_offline.py" in entrance
    assert "SHA-256" in (tmp_path / bundle.README).read_text("utf-8-sig")


def test_every_numbered_script_has_a_file_to_double_click():
    scripts = ROOT / "scripts"
    numbered = sorted(path.stem for path in scripts.glob("[0-9][0-9]_*.py"))
    assert numbered == sorted(path.stem for path in scripts.glob("*.bat"))
    for path in scripts.glob("*.bat"):
        content = path.read_bytes()
        assert content.isascii(), path.name
        assert content.count(b"\n") == content.count(b"\r\n"), path.name
        assert b'"%~dp0%~n0.py" %*' in content
        assert b'"PY=%~dp0..\\.venv\\Scripts\\python.exe"' in content
        assert b"cd " not in content  # nothing is written where the program is
        assert b"no_environment.txt" in content
    assert (scripts / "no_environment.txt").is_file()
