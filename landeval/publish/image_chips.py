"""``影像/*.png``: a candidate's pictures of every date side by side, with its outline."""

from __future__ import annotations

import re
from collections import defaultdict
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
    files = chip_files(chips)
    of_parcel: dict[str, list[Chip]] = defaultdict(list)
    for chip in chips:
        of_parcel[chip.parcel_id].append(chip)
    if files:
        folder.mkdir(parents=True, exist_ok=True)
    for parcel, name in files.items():
        side_by_side(of_parcel[parcel]).save(folder / name, optimize=False, compress_level=6)
    return [folder / name for name in files.values()]


def chip_files(chips: Sequence[Chip]) -> dict[str, str]:
    """Return the name of each parcel's file, by ``parcel_id``; no two differ by case only.

    Examples
    --------
    >>> import numpy as np
    >>> chip_files([Chip(name, "2024-10-15", np.zeros((2, 2, 3), np.uint8), ()) for name in ("甲/1", "甲:1")])
    {'甲/1': '甲_1.png', '甲:1': '甲_1_2.png'}
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for parcel in dict.fromkeys(chip.parcel_id for chip in chips):
        stem = _UNSAFE.sub("_", parcel)[:80]
        name, number = f"{stem}.png", 2
        while name.lower() in taken:
            name, number = f"{stem}_{number}.png", number + 1
        found[parcel] = name
        taken.add(name.lower())
    return found


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
    return sheet


def _drawn(chip: Chip) -> Image.Image:
    factor = max(1, SIDE // max(chip.rgb.shape[:2]))
    large = np.repeat(np.repeat(chip.rgb, factor, axis=0), factor, axis=1)
    picture = Image.fromarray(np.ascontiguousarray(large), "RGB")
    pen = ImageDraw.Draw(picture)
    for colour, width in ((_HALO, 4), (_OUTLINE, 2)):
        for ring in chip.rings:
            pen.line([(float(x), float(y)) for x, y in ring * factor], fill=colour, width=width)
    return picture
