"""Files of settings written by hand: read as text, parsed as TOML, unknown keys refused with the nearest known one."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from landeval.errors import ConfigurationError


def read_text(path: Path) -> str:
    """Return the text of a settings file, in UTF-8 or GB18030.

    Raises
    ------
    ConfigurationError
        The file is not there, or is no text.
    """
    if not path.is_file():
        raise ConfigurationError("找不到文件", where=str(path), remedy="请核对路径和文件名", code="E605")
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ConfigurationError("配置文件不是文本", where=str(path), remedy="请用 UTF-8 保存", code="E606")


def read_toml(path: Path) -> dict[str, Any]:
    """Return a parsed TOML file.

    Raises
    ------
    ConfigurationError
        The file is not there, is no text, or is not TOML (with line and column).
    """
    text = read_text(path)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+), column (\d+)", str(error))
        spot = f"第 {place[1]} 行第 {place[2]} 列" if place else "文件末尾"
        raise ConfigurationError(
            "配置文件写法有误", where=f"{path} {spot}",
            remedy="请检查引号、等号是否为半角，同一个键是否写了两次，路径中的 \\ 请改为 /", code="E606",
        ) from None  # fmt: skip


def wrong_value(key: str, value: Any, expected: str, where: str) -> ConfigurationError:
    """Return the error of a setting whose value cannot be used."""
    return ConfigurationError(
        f"{key} 的值不可用：{value!r}", where=where, remedy=f"应为{expected}", code="E611"
    )


def known(section: Mapping[str, Any], keys: Collection[str], where: str) -> None:
    """Refuse a key that is none of ``keys``.

    Raises
    ------
    ConfigurationError
    """
    for key in section:
        if key not in keys:
            near = difflib.get_close_matches(key, keys, n=1, cutoff=0.0)
            raise ConfigurationError(
                f"不认识的配置项 {key}",
                where=where,
                remedy=f"是不是 {near[0]}？可用：{'、'.join(sorted(keys))}",
                code="E607",
            )


def read_settings(
    path: Path,
) -> tuple[dict[str, Any], Mapping[Any, Any], list[tuple[str, ConfigurationError]]]:
    """Return the settings of a toml, or of a 参数表 with the cell that each stands in and what is wrong with its rows.

    Raises
    ------
    ConfigurationError
        The file is not there, or cannot be understood.
    """
    if path.suffix.lower() != ".xlsx":
        return read_toml(path), {}, []
    from landeval.read.settings_book import read_rows
    from landeval.settings_table import HEADERS, SHEET, settings_of

    section, setting, value = HEADERS[:3]
    return settings_of(read_rows(path, SHEET, (section, setting, value)), path)
