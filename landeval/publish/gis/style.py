"""How QGIS draws the layers: QML with the colours and hatches of the map's legend, kept inside the GeoPackage."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Mapping

from landeval.publish.labels import label_of
from landeval.publish.map.palette import LOOKS, Look
from landeval.result import LEVELS

_ANGLES = {"cross": (45, 135), "grid": (0, 90), "slash": (45,), "backslash": (135,)}
_PENS = (("#1F3864", 1.0), ("#7030A0", 0.66), ("#595959", 0.36))
"""Colour and width [mm] of the outline of each level, the highest first."""
_OUTLINE = "#404040"


def parcel_style() -> str:
    """Return the QML of the parcels: a fill and a hatch a class."""
    return _categorised("status", {look.name: _class_symbol(look) for look in LOOKS})


def zone_style() -> str:
    """Return the QML of the zones: an outline a level, nothing inside."""
    symbols = {
        level: [_outline(colour, width, "solid")]
        for level, (colour, width) in zip(LEVELS, _PENS, strict=True)
    }
    return _categorised("zone_level", symbols)


def block_style() -> str:
    """Return the QML of the blocks of candidate land: a thick dashed outline."""
    root, renderer = _document("singleSymbol")
    renderer.append(_symbols({"0": [_outline("#C00000", 0.8, "dash")]}))
    return _text(root)


def _document(kind: str, field: str = "") -> tuple[ET.Element, ET.Element]:
    root = ET.Element("qgis", version="3.22.0", styleCategories="Symbology")
    plain = {"type": kind, "forceraster": "0", "enableorderby": "0", "symbollevels": "0"}
    renderer = ET.SubElement(root, "renderer-v2", plain | ({"attr": label_of(field)} if field else {}))
    return root, renderer


def _categorised(field: str, symbols: Mapping[str, list[ET.Element]]) -> str:
    root, renderer = _document("categorizedSymbol", field)
    categories = ET.SubElement(renderer, "categories")
    for number, value in enumerate(symbols):
        ET.SubElement(categories, "category", value=value, label=value, symbol=str(number), render="true")
    renderer.append(_symbols({str(number): layers for number, layers in enumerate(symbols.values())}))
    return _text(root)


def _symbols(symbols: Mapping[str, list[ET.Element]]) -> ET.Element:
    found = ET.Element("symbols")
    for name, layers in symbols.items():
        symbol = ET.SubElement(
            found, "symbol", name=name, type="fill", alpha="1", clip_to_extent="1", force_rhr="0"
        )
        symbol.extend(layers)
    return found


def _class_symbol(look: Look) -> list[ET.Element]:
    pen = "dash" if look.dashed else "solid"
    fill = {"color": _colour(look.fill), "style": "solid"}
    layers = [_layer("SimpleFill", **fill, outline_color=_colour(look.ink if look.dashed else _OUTLINE),
                     outline_style=pen, outline_width="0.26", outline_width_unit="MM")]  # fmt: skip
    layers += [_lines(angle, look.ink) for angle in _ANGLES.get(look.hatch, ())]
    return [*layers, *([_dots(look.ink)] if look.hatch == "dots" else [])]


def _outline(colour: str, width: float, pen: str) -> ET.Element:
    return _layer("SimpleFill", color="0,0,0,0", style="no", outline_color=_colour(colour), outline_style=pen,
                  outline_width=f"{width:g}", outline_width_unit="MM")  # fmt: skip


def _lines(angle: int, ink: str) -> ET.Element:
    layer = _layer("LinePatternFill", angle=str(angle), color=_colour(ink), distance="1.6", distance_unit="MM",
                   line_width="0.3", line_width_unit="MM")  # fmt: skip
    line = ET.SubElement(
        layer, "symbol", name="@0@1", type="line", alpha="1", clip_to_extent="1", force_rhr="0"
    )
    line.append(
        _layer(
            "SimpleLine", line_color=_colour(ink), line_style="solid", line_width="0.3", line_width_unit="MM"
        )
    )
    return layer


def _dots(ink: str) -> ET.Element:
    layer = _layer(
        "PointPatternFill", distance_x="2", distance_y="2", distance_x_unit="MM", distance_y_unit="MM"
    )
    dot = ET.SubElement(
        layer, "symbol", name="@0@1", type="marker", alpha="1", clip_to_extent="1", force_rhr="0"
    )
    dot.append(
        _layer(
            "SimpleMarker", name="circle", color=_colour(ink), outline_style="no", size="0.7", size_unit="MM"
        )
    )
    return layer


def _layer(kind: str, **settings: str) -> ET.Element:
    """Return a symbol layer; its settings in the form of QGIS 3.18 and later, and in that of older ones."""
    layer = ET.Element("layer", {"class": kind, "enabled": "1", "locked": "0", "pass": "0"})
    options = ET.SubElement(layer, "Option", type="Map")
    for name, value in settings.items():
        ET.SubElement(options, "Option", name=name, value=value, type="QString")
    for name, value in settings.items():
        ET.SubElement(layer, "prop", k=name, v=value)
    return layer


def _colour(code: str) -> str:
    red, green, blue = (int(code[at : at + 2], 16) for at in (1, 3, 5))
    return f"{red},{green},{blue},255"


def _text(root: ET.Element) -> str:
    ET.indent(root)
    return "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>\n" + ET.tostring(
        root, encoding="unicode"
    )
