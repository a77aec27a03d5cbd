"""The program and its parts: versions, libraries, coordinates, fonts, and what shows the map."""

from __future__ import annotations

import platform
import re
import shutil
import sys
from collections.abc import Iterator
from importlib import import_module, metadata

from landeval import __version__
from landeval.doctor.line import BAD, CAUTION, GOOD, Line

TESTED = ((3, 11), (3, 13))
"""The versions of Python that landeval is tested with."""
_REINSTALL = "请按安装说明重新安装 landeval 和它的程序库"
_MODULES = {"pillow": "PIL", "python-docx": "docx"}
"""Where a library is not imported by its own name."""
_BROWSERS = ("msedge", "microsoft-edge", "google-chrome", "chrome", "chromium", "chromium-browser", "firefox")
_POINT, _EXPECTED_M, _NEAR_M = (111.0, 27.0), (37_500_000.0, 2_987_630.29), 0.02
"""On the central meridian of the 37th strip the easting is exact, and the northing the arc of the CGCS2000 meridian."""


def versions() -> Iterator[Line]:
    """Tell the versions of landeval and Python."""
    told = f"landeval {__version__}，Python {platform.python_version()}，{platform.system()} {platform.machine()}"
    if sys.version_info[:2] < TESTED[0] or sys.maxsize <= 2**32:
        yield Line("程序", BAD, told, "请安装 64 位的 Python 3.11、3.12 或 3.13")
    elif sys.version_info[:2] > TESTED[1]:
        yield Line("程序", CAUTION, told, "这个版本的 Python 没有测试过；有问题请换 3.11 至 3.13")
    else:
        yield Line("程序", GOOD, told)


def libraries() -> Iterator[Line]:
    """Hold every library against what landeval asks for, and load it."""
    from packaging.requirements import Requirement

    try:
        wanted = [Requirement(text) for text in metadata.requires("landeval") or ()]
    except metadata.PackageNotFoundError:
        yield Line("程序库", CAUTION, "landeval 没有安装，是直接从源代码运行的，无法核对版本", _REINSTALL)
        return
    wrong, count = [], 0
    for one in wanted:
        if one.marker is not None and not one.marker.evaluate({"extra": ""}):
            continue
        count += 1
        try:
            version = metadata.version(one.name)
            if not one.specifier.contains(version, prereleases=True):
                wrong.append(f"{one.name} 是 {version}，需要 {one.specifier}")
            import_module(_MODULES.get(one.name, one.name.replace("-", "_")))
        except metadata.PackageNotFoundError:
            wrong.append(f"没有 {one.name}")
        except (ImportError, OSError) as error:
            wrong.append(f"{one.name} 装了但不能启用（{type(error).__name__}）")
    if wrong:
        yield Line("程序库", BAD, "；".join(wrong), _REINSTALL)
    else:
        yield Line("程序库", GOOD, f"{count} 个都在，版本合适，都能启用")


def shipped() -> Iterator[Line]:
    """Tell where the docs and the sample park lie."""
    from landeval.shipped import docs, sample

    places = {"文档": docs(), "样例": sample()}
    missing = [name for name, place in places.items() if place is None]
    if missing:
        yield Line("文档和样例", CAUTION, f"没有{'、'.join(missing)}，不影响评价", _REINSTALL)
        return
    yield Line("文档和样例", GOOD, "；".join(f"{name}在 {place}" for name, place in places.items()))


def projection() -> Iterator[Line]:
    """Carry a known point to the plane."""
    from pyproj import Transformer
    from pyproj.exceptions import CRSError, ProjError

    name = "坐标换算"
    try:
        east, north = Transformer.from_crs("EPSG:4490", "EPSG:4525", always_xy=True).transform(*_POINT)
    except (CRSError, ProjError):
        remedy = f"{_REINSTALL}；装过 PostGIS、OSGeo4W 的电脑请删去环境变量 PROJ_LIB、PROJ_DATA 后再试"
        yield Line(name, BAD, "坐标系资料库（PROJ）打不开", remedy)
        return
    off = max(abs(east - _EXPECTED_M[0]), abs(north - _EXPECTED_M[1]))
    if not off <= _NEAR_M:
        told = f"东经 111°、北纬 27° 应为 {_EXPECTED_M[0]:.2f}、{_EXPECTED_M[1]:.2f}，算得 {east:.2f}、{north:.2f}"
        yield Line(name, BAD, told, _REINSTALL)
    else:
        yield Line(name, GOOD, f"CGCS2000 经纬度 → 3 度带第 37 带，已知点相差不到 {_NEAR_M * 100:g} 厘米")


def fonts() -> Iterator[Line]:
    """Look for the bundled font, and for a Chinese one of the system for rare characters."""
    from landeval.publish.charts.canvas import fonts as found

    try:
        names = found()
    except (OSError, RuntimeError):
        yield Line("字体", BAD, "随程序的中文字体读不出，图表上的中文会成方框", _REINSTALL)
        return
    system = names[1:-1]
    if system:
        yield Line("字体", GOOD, f"随程序 {names[0]}；系统 {'、'.join(system)}")
    else:
        remedy = "常用字不受影响；企业名称有生僻字的，请安装 微软雅黑 或 Noto Sans CJK"
        yield Line("字体", CAUTION, f"随程序 {names[0]}；系统中没有中文字体", remedy)


def browser() -> Iterator[Line]:
    """Say which browser would open the map."""
    import webbrowser

    name: str | None
    try:
        name = str(getattr(webbrowser.get(), "name", ""))
    except webbrowser.Error:  # without a screen it looks for none
        name = next((path for one in _BROWSERS if (path := shutil.which(one))), None)
    if name is None:
        yield Line(
            "浏览器", CAUTION, "没有找到浏览器", "看 地图.html 要 Edge、Chrome 或 Firefox（近五年的版本）"
        )
        return
    found = re.sub(r"^.*[\\/]", "", name)
    told = "系统默认浏览器" if found in ("", "windows-default") else found
    yield Line("浏览器", GOOD, f"{told}；地图要 Edge、Chrome 或 Firefox，IE 打不开")
