"""Where the tiles of a basemap come from, and what the page's policy must allow for them: that and nothing else."""

from __future__ import annotations

from typing import Any

from landeval.map_settings import AMAP, LOCAL, TIANDITU, TIANDITU_IMAGE, MapSettings

_TIANDITU = (
    "https://t{s}.tianditu.gov.cn/{layer}_w/wmts?service=WMTS&request=GetTile&version=1.0.0&layer={layer}"
    "&style=default&tilematrixset=w&format=tiles&tilematrix={z}&tilecol={x}&tilerow={y}&tk={key}"
)
_TIANDITU_LAYERS = {TIANDITU: ("vec", "cva"), TIANDITU_IMAGE: ("img", "cia")}
_AMAP = "https://webrd0{s}.is.autonavi.com/appmaptile?lang=zh_cn&size=1&scale=1&style=8&x={x}&y={y}&z={z}"
_SERVERS = {TIANDITU: "01234567", TIANDITU_IMAGE: "01234567", AMAP: "1234"}
_MOST_ZOOM = 18
_NOTES = {
    LOCAL: "地图文件旁的瓦片文件夹，示意",
    TIANDITU: "需联网；示意，非法定",
    TIANDITU_IMAGE: "需联网；示意，非法定",
    AMAP: "需联网；已按 GCJ-02 公式移回，误差数米；示意，非法定",
}


def basemap(settings: MapSettings) -> dict[str, Any] | None:
    """Return what the page needs to show a basemap; None where none is asked for.

    Examples
    --------
    >>> basemap(MapSettings()), basemap(MapSettings(basemap="高德"))["is_shifted"]
    (None, True)
    """
    name = settings.basemap
    if not name:
        return None
    return {
        "name": name,
        "note": _NOTES[name],
        "addresses": _addresses(settings),
        "subdomains": _SERVERS.get(name, ""),
        "most_zoom": settings.tiles_zoom if name == LOCAL else _MOST_ZOOM,
        "is_shifted": name == AMAP,
        "wants_key": name in _TIANDITU_LAYERS and not settings.tianditu_key,
    }


LOCAL_FILES = " file: 'self'"
"""Of ``img-src``: pictures in files beside the page."""


def image_sources(settings: MapSettings) -> str:
    """Return what ``img-src`` must allow besides pictures within the page.

    Examples
    --------
    >>> image_sources(MapSettings(basemap="本地瓦片", tiles="a/{z}/{x}/{y}.png")), image_sources(MapSettings())
    (" file: 'self'", '')
    """
    name = settings.basemap
    if name == LOCAL:
        return LOCAL_FILES
    if not name:
        return ""
    host = "/".join((_AMAP if name == AMAP else _TIANDITU).split("/")[:3])
    return "".join(f" {host.replace('{s}', server)}" for server in _SERVERS[name])


def _addresses(settings: MapSettings) -> list[str]:
    if settings.basemap == LOCAL:
        return [settings.tiles.replace("\\", "/")]
    if settings.basemap == AMAP:
        return [_AMAP]
    found = [_TIANDITU.replace("{layer}", layer) for layer in _TIANDITU_LAYERS[settings.basemap]]
    return (
        [address.replace("{key}", settings.tianditu_key) for address in found]
        if settings.tianditu_key
        else found
    )
