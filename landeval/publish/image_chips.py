"""``影像/*.png``: a candidate's pictures of every date side by side, with its outline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from landeval.imagery import Chip

SIDE = 260
"""Pixels of the longer side of a picture, about: a cut is enlarged by whole pixels."""
CAPTION, GAP = 16, 6
_OUTLINE, _HALO = (255, 235, 0), (40, 40, 40)
_UNSAFE = re.compile(r"[^\w\-.]+")


def write_chips(chips: Sequence[Chip], folder: Path) -> list[Path]:
    """Write one PNG a parcel, its pictures in the order of their dates. The same chips give the same bytes.

    Returns
    -------
    list of Path
        Named by the parcel's id; what a file name cannot hold becomes _.
    """
    of_parcel: dict[str, list[Chip]] = {}
    for chip in chips:
        of_parcel.setdefault(chip.parcel_id, []).append(chip)
    written: list[Path] = []
    if of_parcel:
        folder.mkdir(parents=True, exist_ok=True)
    for name, found in of_parcel.items():
        path = folder / f"{_UNSAFE.sub('_', name)[:80]}.png"
        number = 2
        while path in written:
            path = folder / f"{_UNSAFE.sub('_', name)[:80]}_{number}.png"
            number += 1
        side_by_side(found).save(path, optimize=False, compress_level=6)
        written.append(path)
    return written


def side_by_side(chips: Sequence[Chip]) -> Image.Image:
    """Draw the pictures of one parcel in a row, each with its date below."""
    drawn = [_drawn(chip) for chip in chips]
    wide = sum(picture.width for picture in drawn) + GAP * (len(drawn) - 1)
    sheet = Image.new("RGB", (wide, max(picture.height for picture in drawn) + CAPTION), "white")
    pen, left = ImageDraw.Draw(sheet), 0
    for chip, picture in zip(chips, drawn, strict=True):
        sheet.paste(picture, (left, 0))
        pen.text((left + 2, picture.height + 2), chip.taken, fill=_HALO)
        left += picture.width + GAP
    return sheet.quantize(128)


def _drawn(chip: Chip) -> Image.Image:
    factor = max(1, SIDE // max(chip.rgb.shape[:2]))
    large = np.repeat(np.repeat(chip.rgb, factor, axis=0), factor, axis=1)
    picture = Image.fromarray(np.ascontiguousarray(large), "RGB")
    pen = ImageDraw.Draw(picture)
    for colour, width in ((_HALO, 4), (_OUTLINE, 2)):
        for ring in chip.rings:
            pen.line([(float(x), float(y)) for x, y in ring * factor], fill=colour, width=width)
    return picture
