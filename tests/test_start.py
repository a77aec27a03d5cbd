"""What the starter says while pip works: short lines in Chinese, no words of pip's."""

import importlib.util
import re
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parent.parent / "scripts" / "start.py"
spec = importlib.util.spec_from_file_location("start", SCRIPT)
start = importlib.util.module_from_spec(spec)
spec.loader.exec_module(start)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("  Installing build dependencies: started", "安装 构建要用的工具"),
        ("  Installing backend dependencies: started", "安装 构建要用的工具"),
        ("  Building editable for landeval (pyproject.toml): started", "构建 landeval"),
        ("  Building wheel for xlwt (setup.py): started", "构建 xlwt"),
        ("Downloading numpy-2.4.6-cp311.whl (16.9 MB)", "下载 numpy-2.4.6-cp311.whl (16.9 MB)"),
        ("Using cached pandas-3.1.1.whl (12.8 MB)", "使用缓存 pandas-3.1.1.whl (12.8 MB)"),
        ("Installing collected packages: pytz, six, numpy", "安装 3 个包(这一步较慢，请稍候)"),
    ],
)
def test_what_pip_does_is_said_in_chinese(capsys, line, said):
    start.report(line + "\n", 1.0)
    [told] = capsys.readouterr().out.splitlines()
    assert told.strip().endswith(f"秒] {said}")
    assert not re.search(r"build|editable|dependencies|started", told)


@pytest.mark.parametrize(
    "line",
    [
        "  Installing build dependencies: finished with status 'done'",
        "  Getting requirements to build editable: started",
        "Building wheels for collected packages: landeval",
        "Looking in indexes: x",
    ],
)
def test_the_rest_is_left_to_the_log(capsys, line):
    start.report(line + "\n", 1.0)
    assert capsys.readouterr().out == ""
