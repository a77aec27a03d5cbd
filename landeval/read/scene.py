"""An image opened for measuring: windows of its named bands, with what holds data and what cannot be read."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from landeval.imagery import Grid, Pixels
from landeval.read.raster import has_mask
from landeval.sources import Raster, Source


@contextmanager
def open_scene(source: Source, raster: Raster) -> Iterator[OpenScene]:
    """Open an image that ``inspect_raster`` has seen.

    Parameters
    ----------
    source : Source
        Its ``nodata``, ``scale`` and ``offset`` go before those of the file.
    raster : Raster
        Its bands by name, and its CRS.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(source.path, driver="GTiff") as image:
            yield OpenScene(image, source, raster)


class OpenScene:
    """A ``landeval.imagery.Scene`` over an open GeoTIFF."""

    def __init__(self, image: Any, source: Source, raster: Raster) -> None:
        self._image = image
        self._nodata = raster.facts["nodata"]
        self.bands: Mapping[str, int] = raster.bands
        m = image.transform
        self.grid = Grid(image.width, image.height, (m.a, m.b, m.c, m.d, m.e, m.f), raster.crs)
        self.scales = {
            name: (
                float(image.scales[band - 1]) if source.scale is None else source.scale,
                float(image.offsets[band - 1]) if source.offset is None else source.offset,
            )
            for name, band in self.bands.items()
        }
        kinds = [np.dtype(image.dtypes[band - 1]) for band in self.bands.values()]
        is_plain = all(kind.kind in "ui" for kind in kinds) and all(
            scale == (1.0, 0.0) for scale in self.scales.values()
        )
        self.brightest = max(float(np.iinfo(kind).max) for kind in kinds) if is_plain and kinds else 1.0
        self._has_mask = has_mask(image)

    def read(self, row: int, column: int, rows: int, columns: int) -> Pixels:
        """Read the named bands of a window; what cannot be read is marked block by block."""
        window = Window(column, row, columns, rows)
        lost = np.zeros((rows, columns), dtype=bool)
        values = {name: self._band(band, window, lost) for name, band in self.bands.items()}
        valid = self._mask(window, lost) if self._has_mask else np.ones((rows, columns), dtype=bool)
        valid &= ~lost
        for name, found in values.items():
            if name == "cloud":
                continue
            if found.dtype.kind == "f":
                valid &= np.isfinite(found)
            if self._nodata is not None and not np.isnan(self._nodata):
                valid &= found != self._nodata
        return Pixels(values, valid, lost)

    def _band(self, band: int, window: Window, lost: npt.NDArray[np.bool_]) -> npt.NDArray[Any]:
        def read(part: Window) -> npt.NDArray[Any]:
            return np.asarray(self._image.read(band, window=part))

        return self._whole_or_by_blocks(read, band, window, lost)

    def _mask(self, window: Window, lost: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
        def read(part: Window) -> npt.NDArray[Any]:
            return np.asarray(self._image.dataset_mask(window=part) > 0)

        return self._whole_or_by_blocks(read, 1, window, lost)

    def _whole_or_by_blocks(
        self,
        read: Callable[[Window], npt.NDArray[Any]],
        band: int,
        window: Window,
        lost: npt.NDArray[np.bool_],
    ) -> npt.NDArray[Any]:
        """Read a window at once, else block by block of a band's blocks; what cannot be read is marked in ``lost``."""
        try:
            return read(window)
        except RasterioError:
            found: npt.NDArray[Any] | None = None
        high, wide = self._image.block_shapes[band - 1]
        top, left = window.row_off // high * high, window.col_off // wide * wide
        for row in range(top, window.row_off + window.height, high):
            for column in range(left, window.col_off + window.width, wide):
                first, last = max(row, window.row_off), min(row + high, window.row_off + window.height)
                start, end = max(column, window.col_off), min(column + wide, window.col_off + window.width)
                here = np.s_[
                    first - window.row_off : last - window.row_off,
                    start - window.col_off : end - window.col_off,
                ]
                try:
                    part = read(Window(start, first, end - start, last - first))
                except RasterioError:
                    lost[here] = True
                    continue
                if found is None:
                    found = np.zeros(lost.shape, dtype=part.dtype)
                found[here] = part
        return np.zeros(lost.shape, dtype=bool) if found is None else found
