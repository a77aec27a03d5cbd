"""Texts that name a setting: written once for both kinds of settings file, told in the words of the one at hand.

Such a text says ``参数表…（landeval.toml…）``: first what the 参数表 calls it, then what the toml does. As it stands it is
right for both, and so it is left where no settings file is known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landeval.errors import LandevalError

if TYPE_CHECKING:
    import pandas as pd

    from landeval.project import Project
    from landeval.sources import Source

TOML, SHEET = "landeval.toml", "参数"
PHRASE = re.compile(r"参数表([^（）]*)（landeval\.toml([^（）]*)）")
_THIS = "该节"
"""Stands for the section that names the file which a text is about."""
_CHINESE = r"[一-鿿“”]"


def is_table(settings: Path | None) -> bool:
    """Tell whether a settings file is a 参数表."""
    return settings is not None and settings.suffix.lower() == ".xlsx"


def worded(text: str, settings: Path | None, section: str = "") -> str:
    """Tell a text in the words of a project's settings file.

    Parameters
    ----------
    text : str
    settings : Path or None
        The toml or 参数表; None: a text right for both stays as it is.
    section : str
        What the 参数表 calls the section of the file that the text is about.

    Examples
    --------
    >>> text = "请在参数表该节的“编码”（landeval.toml 的 encoding）中指定"
    >>> print(worded(text, Path("landeval.toml")))
    请在 landeval.toml 的 encoding 中指定
    >>> print(worded(text, Path("参数表.xlsx"), "宗地图层"))
    请在 参数表.xlsx 工作表“参数”中“宗地图层”一节的“编码”中指定
    """
    if settings is None or TOML not in text:
        return text
    this = f"“{section}”一节" if section else "该文件那一节"

    def said(found: re.Match[str]) -> str:
        if not is_table(settings):
            return f" {TOML}{found[2]} "
        name = found[1].strip().replace(_THIS, this)
        return f" {settings.name} 工作表“{SHEET}”中{name}" if name else f" {settings.name} "

    told = re.sub(r"  +", " ", PHRASE.sub(said, text).strip())
    return re.sub(r" (?=[，。；：、）])|(?<=[，。；：（、]) ", "", told)


def section_of(place: str, sources: Sequence[Source]) -> str:
    """Return what the 参数表 calls the section of the file that a place names; empty where it is none or several."""
    named = {source.section for source in sources if str(source.path) in place or source.name == place}
    return named.pop() if len(named) == 1 else ""


@contextmanager
def told_in(project: Project) -> Iterator[None]:
    """Let an error name settings as the project's own settings file does."""
    try:
        yield
    except LandevalError as error:
        section = section_of(error.where, project.sources)
        texts = [
            worded(text, project.configured_in, section) for text in (error.what, error.where, error.remedy)
        ]
        if texts == [error.what, error.where, error.remedy]:
            raise
        what, where, remedy = texts
        raise type(error)(what, where=where, remedy=remedy, code=error.code) from error


def issues_in(table: pd.DataFrame, project: Project) -> pd.DataFrame:
    """Let a table of issues name settings as the project's own settings file does.

    Parameters
    ----------
    table : DataFrame
        Issues.
    project : Project
    """
    settings = project.configured_in
    if settings is None or not len(table):
        return table
    section = {name: section_of(name, project.sources) for name in table["source_file"].unique()}
    sections = table["source_file"].map(section)
    told: dict[str, Any] = {
        column: [worded(text, settings, named) for text, named in zip(table[column], sections, strict=True)]
        for column in ("what", "remedy")
    }
    if is_table(settings):
        of_settings = table["source_file"] == TOML
        told["source_file"] = table["source_file"].mask(of_settings, settings.name)
        told["source_layer"] = table["source_layer"].mask(of_settings, SHEET)
    return table.assign(**told)
