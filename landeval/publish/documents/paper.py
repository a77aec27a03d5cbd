"""A paper as plain blocks in order: made where the figures are, handed to whoever writes documents, perhaps elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

UNKNOWN = "未知"
BLANK = "______"
"""Where a person must write."""

Rings: TypeAlias = tuple[npt.NDArray[np.float64], ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Words:
    """A paragraph; a small one is a note."""

    text: str
    is_small: bool = False


@dataclass(frozen=True)
class Line:
    """A line without indent, to one side."""

    text: str
    side: str = "left"


@dataclass(frozen=True)
class Grid:
    """A table of texts; ``head`` empty: its first column is the header."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    caption: str = ""


@dataclass(frozen=True)
class Picture:
    """A finished picture."""

    png: bytes
    caption: str


@dataclass(frozen=True)
class Neighbour:
    """A parcel on the plan: its rings [m from the middle of the plan], its number where it is a neighbour, where to write it."""

    rings: Rings
    number: int
    spot: tuple[float, float]


@dataclass(frozen=True)
class Ground:
    """What a location plan shows; all places in metres from the middle of the plan.

    Attributes
    ----------
    status : str
        The parcel's class.
    label : str
        Written on the parcel.
    rings : Rings
        Its outline.
    spot : tuple of float
        A place within it.
    corners : array
        Its boundary points, a row each.
    others : tuple of Neighbour
    zones : tuple of Rings
        Outlines of communities.
    half : tuple of float
        Half the width and half the height of the plan [m].
    origin : tuple of float
        Plane coordinates (east, north) of the middle [m].
    """

    status: str
    label: str
    rings: Rings
    spot: tuple[float, float]
    corners: npt.NDArray[np.float64]
    others: tuple[Neighbour, ...]
    zones: tuple[Rings, ...]
    half: tuple[float, float]
    origin: tuple[float, float]


@dataclass(frozen=True)
class Plan:
    """A location plan, drawn by whoever writes the document."""

    ground: Ground
    caption: str


@dataclass(frozen=True)
class Panel:
    """Bars of one figure over years, unknown ones NaN, against its line."""

    title: str
    unit: str
    years: tuple[int, ...]
    values: tuple[float, ...]
    line: float | None
    line_label: str


@dataclass(frozen=True)
class Bars:
    """Panels beside one another."""

    panels: tuple[Panel, ...]
    caption: str


@dataclass(frozen=True)
class NewPage:
    """What follows begins on a new page."""


Block: TypeAlias = "Heading | Words | Line | Grid | Picture | Plan | Bars | NewPage"


@dataclass(frozen=True)
class Paper:
    """A document to be written.

    Attributes
    ----------
    file : str
        Path below the folder of the dossiers, with ``/``.
    title, below : str
        Over the text.
    blocks : tuple of Block
    day : str
        As-of date (ISO), the document's date.
    mark : str
        A word over every page; empty: none.
    """

    file: str
    title: str
    below: str
    blocks: tuple[Block, ...]
    day: str
    mark: str = ""
