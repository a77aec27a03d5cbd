"""``links/``: one small page a candidate that opens the map at its parcel, because Office drops ``#…`` of local files."""

from __future__ import annotations

import html
import json
from pathlib import Path
from urllib.parse import quote

import pandas as pd

from landeval.publish.cells import cells, clean, text_of
from landeval.publish.frames import candidates
from landeval.publish.names import DOSSIERS, LINKS, MAP, dossier_name, link_name

_PAGE = """<!DOCTYPE html>
<html lang="zh-CN">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; script-src 'unsafe-inline'">
<title>{title}</title>
<p>正在打开地图：<a href="{address}">{title}</a></p>
<script>location.replace({script});</script>
</html>
"""


def write_links(table: pd.DataFrame, folder: Path) -> list[Path]:
    """Write the page of each candidate.

    Parameters
    ----------
    table : DataFrame
        A ``frames.parcel_table``.
    folder : Path
        The run's output folder, where the map stands.

    Returns
    -------
    list of Path
        The files written.
    """
    place = folder / LINKS
    place.mkdir(parents=True, exist_ok=True)
    written = []
    for parcel in candidates(table).index.astype(str):
        path = place / link_name(parcel)
        path.write_text(page_of(parcel), encoding="utf-8", newline="\n")
        written.append(path)
    return written


def page_of(parcel: str) -> str:
    """Return the page that opens the map at a parcel; its id goes in escaped for an address, a script and a text.

    Examples
    --------
    >>> "地图.html" in page_of("甲"), "<b>" in page_of("<b>")
    (False, False)
    """
    code = clean(parcel)
    address = f"../{quote(MAP)}#zd={quote(code, safe='')}"
    script = json.dumps(address).replace("<", "\\u003c")
    return _PAGE.format(title=html.escape(f"宗地 {code}"), address=html.escape(address), script=script)


def with_links(table: pd.DataFrame, folder: Path) -> pd.DataFrame:
    """Return a ``parcel_table`` with the page and the dossier of each parcel, where such a file stands in the folder."""
    pages, dossiers = _standing(folder / LINKS), _standing(folder / DOSSIERS)
    parcels = table.index.astype(str).tolist()
    holders = [text_of(value) for value in cells(table["holder_name"])]
    links = map(link_name, parcels)
    files = [dossier_name(parcel, holder) for parcel, holder in zip(parcels, holders, strict=True)]
    where = {
        "map_page": [f"{LINKS}/{name}" if name in pages else None for name in links],
        "dossier_file": [f"{DOSSIERS}/{name}" if name in dossiers else None for name in files],
    }
    return table.join(pd.DataFrame(where, index=table.index, dtype="object"))


def _standing(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()} if folder.is_dir() else set()
