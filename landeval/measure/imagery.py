"""What an image shows of each parcel: exact shares of pixels, indices, land cover, heights, lights. No verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval.imagery import FEW, HUGE, LOST, OFF, PART, SHAPELESS, VEILED, WHOLE, Grid, Pixels, Scene
from landeval.measure.cells import Cells, covered_cells
from landeval.measure.spectral import Cover, covers, indices
from landeval.measure.zonal import means, medians, totals

Shapes = npt.NDArray[np.object_]
Floats = npt.NDArray[np.float64]
TILE = 1024
"""Parcels whose middle lies in one square of so many pixels are measured together."""
LARGEST = 4096
"""Pixels on a side that one parcel may have: what is read at once stays below some 200 MB a band."""
WHOLE_SHARE = 0.999
"""Of a parcel within the image, from which it counts as covered: borders of images and parcels differ by centimetres."""
SHARES = ("image_vegetated_share", "image_bare_share", "image_built_share", "image_water_share")
FIGURES = (
    "image_pixels", "image_covered_share", "image_valid_share", "image_cloud_share", "ndvi_mean", "ndvi_median",
    "ndbi_mean", "brightness_mean", *SHARES, "image_height_mean", "image_tall_share", "image_night_mean",
)  # fmt: skip


def in_pixels(shapes: Shapes, grid: Grid) -> Shapes:
    """Bring shapes of the image's own CRS to its pixels: x the column, y the row. Rotated images too.

    Examples
    --------
    >>> grid = Grid(10, 10, (10.0, 0.0, 500.0, 0.0, -10.0, 900.0), "")
    >>> in_pixels(np.array([shapely.box(510, 880, 520, 890)]), grid)[0].bounds
    (1.0, 1.0, 2.0, 2.0)
    """
    a, b, c, d, e, f = grid.affine
    whole = a * e - b * d

    def inverse(xy: Floats) -> Floats:
        x, y = xy[:, 0] - c, xy[:, 1] - f
        return np.column_stack([(e * x - b * y) / whole, (a * y - d * x) / whole])

    return np.asarray(shapely.transform(shapes, inverse), dtype=object)


def measure(
    shapes: Shapes, scenes: Sequence[Scene], cover: Cover, *, least_pixels: float, least_valid: float
) -> list[pd.DataFrame]:
    """Measure every parcel in images of one grid; the covered shares of pixels are found once for all of them.

    Parameters
    ----------
    shapes : ndarray of Geometry
        Valid polygons in pixels of the grid (``in_pixels``); None where there is none.
    scenes : sequence of Scene
        Of one grid. Read window by window, only where parcels lie.
    cover : Cover
        Thresholds of land cover.
    least_pixels, least_valid : float
        Valid pixels (by covered share) and valid share of the parcel that make a witness.

    Returns
    -------
    list of DataFrame
        One an image, one row a parcel: ``FIGURES`` (shares of the parcel, or of its valid pixels for ``SHARES``) and
        ``image_state``. A parcel that touches a block that cannot be read has no figures at all.
    """
    found = [pd.DataFrame(np.nan, index=range(len(shapes)), columns=list(FIGURES)) for _ in scenes]
    lost = [np.zeros(len(shapes), dtype=bool) for _ in scenes]
    drawn = ~shapely.is_missing(shapes)
    area = np.where(drawn, shapely.area(shapes), np.nan)
    grid = scenes[0].grid
    inside, is_huge = _placed(shapes, grid)
    for which in _groups(shapes, inside & ~is_huge):
        window = _window(shapes[which], grid)
        cells = covered_cells(shapes[which], *window)
        for number, scene in enumerate(scenes):
            pixels = scene.read(*window)
            rows, gone = _figures(cells, pixels, scene, cover, area[which])
            found[number].iloc[which] = rows
            lost[number][which] = gone
    return [
        frame.assign(
            image_state=_states(
                frame, gone, drawn, inside, is_huge, least_pixels=least_pixels, least_valid=least_valid
            )
        )
        for frame, gone in zip(found, lost, strict=True)
    ]


def _placed(shapes: Shapes, grid: Grid) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    """Tell which parcels lie in the image at least in part, and which are too large to be read at once."""
    bounds = shapely.bounds(shapes)
    with np.errstate(invalid="ignore"):
        inside = (
            (bounds[:, 2] > 0)
            & (bounds[:, 3] > 0)
            & (bounds[:, 0] < grid.width)
            & (bounds[:, 1] < grid.height)
        )
        ends = np.minimum(bounds[:, 2:], (grid.width, grid.height)) - np.maximum(bounds[:, :2], 0)
        return inside, inside & (ends > LARGEST).any(axis=1)


def _groups(shapes: Shapes, which: npt.NDArray[np.bool_]) -> Iterator[npt.NDArray[np.intp]]:
    """Yield the parcels of one tile after another, so that a scene of any size is read in order and once."""
    chosen = np.flatnonzero(which)
    bounds = shapely.bounds(shapes[chosen])
    column, row = ((bounds[:, at] + bounds[:, at + 2]) // 2 // TILE for at in (0, 1))
    order = np.lexsort((column, row))
    breaks = np.flatnonzero((np.diff(row[order]) != 0) | (np.diff(column[order]) != 0)) + 1
    yield from (chosen[part] for part in np.split(order, breaks) if len(part))


def _window(shapes: Shapes, grid: Grid) -> tuple[int, int, int, int]:
    """Return row, column, rows and columns of the window that holds the parcels, within the image."""
    left, top, right, bottom = shapely.total_bounds(shapes)
    column, row = max(int(np.floor(left)), 0), max(int(np.floor(top)), 0)
    return (
        row,
        column,
        min(int(np.ceil(bottom)), grid.height) - row,
        min(int(np.ceil(right)), grid.width) - column,
    )


def _figures(
    cells: Cells, pixels: Pixels, scene: Scene, cover: Cover, area: Floats
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return ``FIGURES`` of the parcels of a window, and which of them touch lost pixels."""
    count, at = len(area), (cells.row, cells.column)
    parcel, share = cells.parcel, cells.share
    is_gone = totals(parcel, pixels.is_lost[at].astype(np.float64), count) > 0
    bands = {
        name: _scaled(pixels.values[name][at], scene.scales[name])
        for name in pixels.values
        if name != "cloud"
    }
    valid = pixels.is_valid[at]
    result = dict.fromkeys(FIGURES, np.full(count, np.nan))
    result["image_covered_share"] = totals(parcel, share, count) / area
    if "cloud" in pixels.values:  # marks, not measurements: never brought to a unit
        cloudy = pixels.values["cloud"][at] != 0
        result["image_cloud_share"] = totals(parcel, share * (valid & cloudy), count) / area
        valid = valid & ~cloudy
    parcel, share = parcel[valid], share[valid]
    bands = {name: values[valid] for name, values in bands.items()}
    result["image_pixels"] = totals(parcel, share, count)
    result["image_valid_share"] = result["image_pixels"] / area
    if {"red", "nir"} <= set(bands):
        for name, values in indices(bands, scene.brightest).items():
            result[f"{name}_mean"] = means(parcel, values, share, count)
            if name == "ndvi":
                result["ndvi_median"] = medians(parcel, values, share, count)
        for name, values in covers(bands, cover).items():
            result[f"image_{name}_share"] = means(parcel, values, share, count)
    if "height" in bands:
        result["image_height_mean"] = means(parcel, bands["height"], share, count)
        result["image_tall_share"] = means(
            parcel, (bands["height"] > cover.height_built).astype(np.float64), share, count
        )
    if "night" in bands:
        result["image_night_mean"] = means(parcel, bands["night"], share, count)
    rows = np.column_stack([result[name] for name in FIGURES])
    rows[is_gone] = np.nan
    return rows, is_gone


def _scaled(stored: npt.NDArray[np.number], scale: tuple[float, float]) -> Floats:
    factor, offset = scale
    return stored.astype("float64") * factor + offset


def _states(
    frame: pd.DataFrame,
    is_gone: npt.NDArray[np.bool_],
    drawn: npt.NDArray[np.bool_],
    inside: npt.NDArray[np.bool_],
    is_huge: npt.NDArray[np.bool_],
    *,
    least_pixels: float,
    least_valid: float,
) -> npt.NDArray[np.object_]:
    """Say of every parcel how far its figures can be trusted; the gravest first."""
    part, covered = frame["image_valid_share"].to_numpy(), frame["image_covered_share"].to_numpy()
    return np.asarray(
        np.select(
            [
                ~drawn,
                ~inside | (covered == 0),
                is_huge,
                is_gone,
                part < least_valid,
                frame["image_pixels"].to_numpy() < least_pixels,
                covered < WHOLE_SHARE,
            ],
            [SHAPELESS, OFF, HUGE, LOST, VEILED, FEW, PART],
            WHOLE,
        ),
        dtype=object,
    )
