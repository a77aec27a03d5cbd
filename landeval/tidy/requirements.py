"""Columns without which a table says nothing: refused at once, with the columns there are and the nearest names."""

from __future__ import annotations

import difflib

from landeval.errors import InputRefusedError
from landeval.sources import RawTable
from landeval.tidy.table import Typed
from landeval.vocabulary.fields import alias_index, fields, normalise_header


def require(raw: RawTable, table: Typed, wanted: tuple[str, ...], *, code: str, what: str) -> None:
    """Refuse a table that has none of the wanted fields, as columns or as constants of the project.

    Parameters
    ----------
    raw : RawTable
    table : Typed
        What was recognised of it.
    wanted : tuple of str
        Fields of which one is enough.
    code, what : str
        Of the refusal.

    Raises
    ------
    InputRefusedError
    """
    if {*table.columns["field"], *raw.source.constants} & set(wanted):
        return
    headers = [header for header in raw.headers if header]
    aliases = {alias: name for alias, name in alias_index(raw.source.table).items() if name in wanted}
    near = []
    for header in headers:
        if found := difflib.get_close_matches(normalise_header(header), aliases, n=1, cutoff=0.5):
            near.append(f"“{header}”像是{fields()[aliases[found[0]]].label}")
    hint = f"相近的列：{'、'.join(near)}。" if near else ""
    raise InputRefusedError(
        what,
        where=raw.spot,
        remedy=f"现有列：{'、'.join(headers)}。{hint}请核对表头，或在参数表该节加一行“列名对应：数据项”，值写原表的列名（landeval.toml 的 [{raw.source.table}.columns] 中写明）",
        code=code,
    )
