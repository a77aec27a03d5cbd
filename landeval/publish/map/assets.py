"""Vendored scripts and styles: read from the manifest, checked, put in place of outside references."""

from __future__ import annotations

import hashlib
import json
import re
from functools import cache
from html.parser import HTMLParser
from importlib.resources import files

from landeval.errors import InternalError

_OUTSIDE_TAG = re.compile(
    r"""<script\b[^>]*?\bsrc\s*=\s*["']?([^"'\s>]+)["']?[^>]*>\s*</script>"""
    r"""|<link\b[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)["']?[^>]*>""",
    re.IGNORECASE,
)
_ADDRESS_ATTRIBUTES = frozenset(
    {
        "src",
        "href",
        "xlink:href",
        "srcset",
        "data",
        "action",
        "formaction",
        "poster",
        "background",
        "ping",
        "manifest",
    }
)
_STYLE_ADDRESS = re.compile(r"""(?:url\(\s*["']?|@import\s+["'])([^"')\s]*)""", re.IGNORECASE)
_INSIDE = ("data:", "#", "blob:")


@cache
def manifest() -> tuple[dict[str, str], ...]:
    """Return the entries of ``assets/manifest.json``."""
    text = files("landeval.publish").joinpath("assets", "manifest.json").read_text("utf-8")
    return tuple(json.loads(text))


@cache
def asset_text(file: str) -> str:
    """Return one vendored file after checking its SHA-256 (line ends as LF).

    Raises
    ------
    InternalError
        The file is not in the manifest, or its content is not what the manifest says.
    """
    entry = next((entry for entry in manifest() if entry["file"] == file), None)
    if entry is None:
        raise InternalError(f"地图资源 {file} 不在资源清单中", remedy="请重新安装 landeval", code="E901")
    text = files("landeval.publish").joinpath("assets", file).read_text("utf-8").replace("\r\n", "\n")
    if hashlib.sha256(text.encode("utf-8")).hexdigest() != entry["sha256"]:
        raise InternalError(
            f"地图资源 {file} 与资源清单的校验值不一致", remedy="请重新安装 landeval", code="E901"
        )
    return text


def inline(html: str) -> str:
    r"""Put vendored text in place of each ``<script src>`` and ``<link href>``.

    Parameters
    ----------
    html : str
        A page or a part of one, as folium renders it, before any data is put in.

    Raises
    ------
    InternalError
        A reference that no vendored file stands for.

    Examples
    --------
    >>> inline('<link rel="stylesheet" href="https://cdn/leaflet@1.9.3/dist/leaflet.css"/>')[:14]
    '<style>\n/* req'
    """

    def replacement(match: re.Match[str]) -> str:
        address = match[1] or match[2]
        for entry in manifest():
            if re.search(entry["stands_for"], address):
                tag = "style" if entry["file"].endswith(".css") else "script"
                return f"<{tag}>\n{asset_text(entry['file'])}</{tag}>"
        raise InternalError(
            f"地图引用了未随软件提供的外部资源：{address}",
            remedy="请把所用 folium 版本告知 landeval 维护者",
            code="E902",
        )

    return _OUTSIDE_TAG.sub(replacement, html)


class _References(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._style = tag == "style"
        for name, value in attrs:
            if name in _ADDRESS_ATTRIBUTES and value and not value.strip().lower().startswith(_INSIDE):
                self.found.append(value)
            if name == "style" and value:
                self._read_style(value)

    def handle_endtag(self, tag: str) -> None:
        self._style = False

    def handle_data(self, data: str) -> None:
        if self._style:
            self._read_style(data)

    def _read_style(self, css: str) -> None:
        self.found += [a for a in _STYLE_ADDRESS.findall(css) if a and not a.lower().startswith(_INSIDE)]


def external_refs(html: str) -> list[str]:
    """List every address in a page that is not inside the page (``http:``, ``//host``, relative files).

    Examples
    --------
    >>> external_refs('<img src="data:image/png;base64,AA"><a href="#a"></a>')
    []
    >>> external_refs('<style>@font-face { src: url(//host/a.woff) }</style><script src="a.js"></script>')
    ['//host/a.woff', 'a.js']
    """
    parser = _References()
    parser.feed(html)
    parser.close()
    return parser.found
