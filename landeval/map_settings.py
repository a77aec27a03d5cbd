"""``[map]`` of ``landeval.toml``: what lies under the parcels on the map. Nothing does unless it is asked for."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from landeval.configuration import known, wrong_value
from landeval.errors import ConfigurationError

SETTINGS = {"imagery", "basemap", "tiles", "tiles_zoom", "tianditu_key"}
LOCAL, TIANDITU, TIANDITU_IMAGE, AMAP = BASEMAPS = ("本地瓦片", "天地图", "天地图影像", "高德")
_PLACES = ("{z}", "{x}", "{y}")
_KEY = re.compile(r"[0-9A-Za-z]{8,64}")


@dataclass(frozen=True)
class MapSettings:
    """What lies under the parcels.

    Attributes
    ----------
    imagery : bool
        Put the project's images into the page.
    basemap : str
        One of ``BASEMAPS``; empty: none, and the page asks nothing of any network.
    tiles : str
        Pattern of a folder of tiles, relative to the page: 瓦片/{z}/{x}/{y}.png.
    tiles_zoom : int
        Largest zoom of these tiles.
    tianditu_key : str
        The user's own key: written into the page, so given here only where that is wanted; else the page asks.
    """

    imagery: bool = False
    basemap: str = ""
    tiles: str = ""
    tiles_zoom: int = 18
    tianditu_key: str = ""


def map_settings(section: Mapping[str, Any], where: str) -> MapSettings:
    """Read ``[map]`` strictly.

    Raises
    ------
    ConfigurationError
        A key or value that cannot be used; a basemap without what it needs, or what it needs without it.
    """
    known(section, SETTINGS, where)
    usual = MapSettings()
    imagery, basemap = section.get("imagery", False), section.get("basemap", "")
    if not isinstance(imagery, bool):
        raise wrong_value("map.imagery", imagery, " true 或 false", where)
    if basemap not in ("", *BASEMAPS):
        raise wrong_value(
            "map.basemap", basemap, "、".join(f'"{name}"' for name in BASEMAPS) + " 之一", where
        )
    tiles = section.get("tiles", "")
    if (basemap == LOCAL or "tiles" in section) and not _is_pattern(tiles):
        raise wrong_value("map.tiles", tiles, '相对于地图文件的写法，如 "瓦片/{z}/{x}/{y}.png"', where)
    zoom = section.get("tiles_zoom", usual.tiles_zoom)
    if isinstance(zoom, bool) or not isinstance(zoom, int) or not 1 <= zoom <= 22:
        raise wrong_value("map.tiles_zoom", zoom, "1 到 22 之间的整数，如 18", where)
    key = section.get("tianditu_key", "")
    if "tianditu_key" in section and not (isinstance(key, str) and _KEY.fullmatch(key)):
        raise wrong_value("map.tianditu_key", "（不显示）", "天地图发给本单位的密钥，字母和数字", where)
    for name, wanted in (
        ("tiles", (LOCAL,)),
        ("tiles_zoom", (LOCAL,)),
        ("tianditu_key", (TIANDITU, TIANDITU_IMAGE)),
    ):
        if name in section and basemap not in wanted:
            raise ConfigurationError(
                f"写了 {name}，但底图不是{'或'.join(wanted)}",
                where=where,
                remedy=f'请写明 basemap = "{wanted[0]}"，或删去 {name}',
                code="E611",
            )
    return MapSettings(imagery, str(basemap), str(tiles), zoom, str(key))


def as_told(settings: MapSettings) -> dict[str, Any]:
    """Return the settings for ``run.json``: of the key only whether there is one.

    Examples
    --------
    >>> as_told(MapSettings(basemap="天地图", tianditu_key="0123456789abcdef"))["tianditu_key"]
    True
    """
    return asdict(settings) | {"tianditu_key": bool(settings.tianditu_key)}


def _is_pattern(text: Any) -> bool:
    """Tell whether a text names tiles beside the page: no address of a network, no way out of a drive."""
    return (
        isinstance(text, str)
        and all(text.count(place) == 1 for place in _PLACES)
        and not re.match(r"^([a-zA-Z][a-zA-Z0-9+.-]*:|[\\/])", text)
    )
