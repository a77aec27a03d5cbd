"""Images as witnesses: the words used of them, the grid and the pixels handed to ``measure``, the outcome for ``publish``."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    import pandas as pd

BANDS = {
    "red": "红", "green": "绿", "blue": "蓝", "nir": "近红外", "swir": "短波红外", "height": "高度", "night": "夜光",
    "cloud": "云",
}  # fmt: skip
"""Names a band may carry, and what they are called. A band without one of them is not used."""
SPECTRAL, HEIGHT, NIGHT = KINDS = ("光谱", "高度", "夜光")
NATURAL, INFRARED = ("red", "green", "blue"), ("nir", "red", "green")
"""Bands of a picture: true colours, else vegetation in red."""
COLOUR = "彩色"
"""Kind of an image that can be looked at only."""
NEEDED = {SPECTRAL: {"red", "nir"}, HEIGHT: {"height"}, NIGHT: {"night"}}
"""Bands without which an image is not of a kind."""
SINGLE = {HEIGHT: "height", NIGHT: "night"}
"""Kinds of image that have one band, and what it is."""
WHOLE, PART, FEW, VEILED, LOST, OFF, HUGE, SHAPELESS = (
    "正常", "部分覆盖", "像元过少", "无数据过多", "影像损坏", "不在影像内", "宗地过大", "没有图形",
)  # fmt: skip
"""What is said of a parcel in an image. Figures of 正常 and 部分覆盖 stand for the parcel; others are not compared."""
UNBUILT, PARTLY, BUILT, STOPPED = ("疑似未建设", "部分建设", "有建设", "疑似停用")
"""What an image suggests of a parcel; empty: nothing can be said."""
ADDED, CLEARED, REMOVED, OVERGROWN, DIMMED, STEADY = (
    "新增建设", "平整未建", "建设减少", "植被恢复", "灯光减弱", "无明显变化",
)  # fmt: skip
"""How a parcel changed between two dates."""


def kinds_of(bands: Collection[str]) -> list[str]:
    """Return the kinds of an image with these bands; none where nothing can be made of it.

    Examples
    --------
    >>> kinds_of(["red", "nir", "height"]), kinds_of(["red", "green", "blue"]), kinds_of(["red"])
    (['光谱', '高度'], ['彩色'], [])
    """
    found = [kind for kind, needed in NEEDED.items() if needed <= set(bands)]
    return found or ([COLOUR] if set(NATURAL) <= set(bands) else [])


@dataclass(frozen=True)
class Grid:
    """Where an image's pixels lie: ``x = a·col + b·row + c``, ``y = d·col + e·row + f``, in ``crs`` (WKT)."""

    width: int
    height: int
    affine: tuple[float, float, float, float, float, float]
    crs: str


@dataclass(frozen=True)
class Pixels:
    """A window of an image: bands as stored, which pixels hold data in all of them, which could not be read."""

    values: Mapping[str, npt.NDArray[Any]]
    is_valid: npt.NDArray[np.bool_]
    is_lost: npt.NDArray[np.bool_]


class Scene(Protocol):
    """An opened image."""

    @property
    def grid(self) -> Grid:
        """Where its pixels lie."""

    @property
    def bands(self) -> Mapping[str, int]:
        """Name → number of its bands."""

    @property
    def scales(self) -> Mapping[str, tuple[float, float]]:
        """Factor and offset that bring each band to its unit."""

    @property
    def brightest(self) -> float:
        """The largest value its type can hold; 1 where values are not whole numbers, or are scaled."""

    def read(self, row: int, column: int, rows: int, columns: int) -> Pixels:
        """Read a window that lies within the image."""


@dataclass(frozen=True)
class Chip:
    """A small picture of a parcel: RGB, its outline in pixels of the picture, when and from what it was taken."""

    parcel_id: str
    taken: str
    rgb: npt.NDArray[np.uint8]
    rings: tuple[npt.NDArray[np.float64], ...]


def _empty() -> pd.DataFrame:
    import pandas as pd

    return pd.DataFrame()


@dataclass(frozen=True)
class Imagery:
    """What the images of a run show. It never decides a verdict.

    Attributes
    ----------
    images : DataFrame
        One row an image: file, day taken, kind, bands, pixel size [m], what is unsure of it.
    figures : DataFrame
        One row a parcel × image.
    changes : DataFrame
        One row a parcel × pair of consecutive dates of one kind.
    evidence : DataFrame
        Index ``parcel_id``: figures of the latest image, what it suggests, why, and the question it raises.
    chips : tuple of Chip
        Of candidates.
    unshown : int
        Candidates beyond the number of pictures that are made.
    """

    images: pd.DataFrame
    figures: pd.DataFrame
    changes: pd.DataFrame
    evidence: pd.DataFrame
    chips: tuple[Chip, ...] = field(default=())
    unshown: int = 0
