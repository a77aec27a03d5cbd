"""One HTML page out of folium's parts, the vendored assets, the panel's own files and the data."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

import numpy as np

from landeval.errors import InternalError
from landeval.map_settings import MapSettings
from landeval.publish.cells import clean
from landeval.publish.map import assets, layers, pack, payload
from landeval.publish.map.basemap import LOCAL_FILES, basemap, image_sources
from landeval.publish.map.beside import Beside
from landeval.publish.map.overlays import overlays
from landeval.publish.map.pictures import pictures
from landeval.result import Result

POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:{images}; "
    "font-src data:; connect-src 'none'; base-uri 'none'; form-action 'none'"
)
_SCRIPTS = (
    "unpack.js", "data.js", "years.js", "schemes.js", "look.js", "boxes.js", "tiles.js", "paths.js", "chart.js", "bars.js",
    "card.js", "labels.js", "filter.js", "legend.js", "panel.js", "search.js", "export.js", "paper.js", "measure.js",
    "overlays.js", "ground.js", "switches.js", "pointer.js", "compare.js", "start.js",
)  # fmt: skip
_STYLES = ("panel.css", "switches.css")
_PACKED = '<script type="text/plain" id="landeval-packed" data-drawing="{}">{}</script>\n'
_SLOT = re.compile(r"<!--slot:(\w+)-->")


def render_map(result: Result, beside: Beside | None = None) -> str:
    """Render the map of a run as one HTML page that asks nothing of any network.

    Parameters
    ----------
    result : Result
        The frozen outcome of a run. Names, codes and figures go to the page as one JSON block and
        never pass a template engine; folium sees shapes and integers only.
    beside : Beside, optional
        What lies beside the map.

    Returns
    -------
    str
        The page. The same result gives the same text.

    Raises
    ------
    InternalError
        A reference out of the page that no vendored file stands for.
    """
    settings = result.map_settings or MapSettings()
    shapes, zones = layers.drawable(result.parcels), layers.drawable(result.zones)
    drawing = layers.drawing_of(len(shapes))
    folium_head, body, script = layers.folium_parts(shapes, zones, drawing)
    data = payload.payload(result, shapes, zones, beside) | {
        "drawing": drawing,
        "basemap": basemap(settings),
        "pictures": pictures(result.pictures),
        "overlays": overlays(result, np.concatenate([shapes, zones])),
    }
    packed = ""
    if drawing != layers.SVG:
        packed = pack.packed(shapes, pack.tables(data), compress=drawing == layers.PACKED)
    sources = image_sources(settings)
    if beside and beside.chips and LOCAL_FILES not in sources:
        sources += LOCAL_FILES
    slots = {
        "head": head(POLICY.format(images=sources), result.title),
        "folium_head": assets.inline(folium_head),
        "folium_body": body,
        "folium_script": script,
        "panel_css": "\n".join(static(name) for name in _STYLES),
        "panel_html": static("panel.html"),
        "guard_js": static("guard.js"),
        "panel_js": "\n".join(static(name) for name in _SCRIPTS),
        "data": payload.as_json(data),
        "packed": _PACKED.format(drawing, packed) if packed else "",
    }
    page = filled("page.html", slots)
    if outside := assets.external_refs(page):
        raise InternalError(f"地图页面仍引用外部资源：{'、'.join(outside[:5])}", code="E902")
    return page


def write_map(result: Result, path: Path | str, beside: Beside | None = None) -> Path:
    """Write the map of a run to one file, UTF-8 with LF line ends on every system, and return its path."""
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render_map(result, beside), encoding="utf-8", newline="\n")
    return path


def head(policy: str, title: str) -> str:
    """Return what every page of ours begins its head with."""
    return filled(
        "head.html", {"policy": html.escape(policy, quote=False), "title": html.escape(clean(title))}
    ).rstrip("\n")


def static(name: str) -> str:
    """Return one of the page's own files."""
    return files(__package__).joinpath("static", name).read_text("utf-8").replace("\r\n", "\n")


def filled(name: str, slots: Mapping[str, str]) -> str:
    """Return a page of ours with its slots filled, each text put in once and never read again."""
    return _SLOT.sub(lambda slot: slots[slot[1]], static(name))
