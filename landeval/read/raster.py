"""Look at an image before anybody measures from it: a true GeoTIFF, where it lies, whether every block can be read."""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
import rasterio
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError
from rasterio.enums import MaskFlags
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.windows import Window

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.imagery import BANDS, KINDS, SINGLE, SPECTRAL, kinds_of
from landeval.read.opening import sha256
from landeval.sources import Raster, Source

MAGIC = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
MAX_BYTES = 64 * 1024**3
"""Of pixels, as the header claims them: an image of a county at 0.5 m in four bands has some 35 GB."""
MAX_BLOCK_BYTES = 512 * 1024**2
DESCRIBED = {word: name for name, said in BANDS.items() for word in (name, said, f"{said}波段")}
"""Band descriptions that are understood."""
_YEAR = re.compile(r"(?<!\d)(?:19[89]|20[0-4])\d(?=\D|[01]\d[0-3]\d(?!\d)|$)")


def inspect_raster(source: Source) -> Raster:
    """Open an image by its first bytes and one driver only, and read all of it once.

    Parameters
    ----------
    source : Source
        ``crs``, ``nodata`` and ``bands`` override or complete what the file says.

    Returns
    -------
    Raster

    Raises
    ------
    InputRefusedError
        Not a GeoTIFF (a VRT may name any other file), damaged, too large, or without a place on the ground.
    """
    with source.path.open("rb") as file:
        head = file.read(4)
    if head not in MAGIC:
        raise InputRefusedError(
            "不是 GeoTIFF 影像，可能是改了扩展名的 VRT 或其他文件",
            where=str(source.path),
            remedy="请在 ArcGIS/QGIS 中导出为 GeoTIFF（.tif）",
            code="E190",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            with rasterio.open(source.path, driver="GTiff") as image:
                return _inspected(image, source)
    except RasterioError as error:
        raise InputRefusedError(
            "影像打不开或已损坏", where=str(source.path), remedy=f"请重新复制或导出（{error}）", code="E192"
        ) from error


def _inspected(image: Any, source: Source) -> Raster:
    size = image.width * image.height * image.count * np.dtype(image.dtypes[0]).itemsize
    block = int(np.prod(image.block_shapes[0])) * np.dtype(image.dtypes[0]).itemsize
    if size > MAX_BYTES or block > MAX_BLOCK_BYTES:
        raise InputRefusedError(
            f"影像过大（{image.width} × {image.height}，{image.count} 个波段）",
            where=str(source.path),
            remedy="请按园区范围裁剪，并以分块（tiled）方式导出",
            code="E191",
        )
    if image.transform.is_identity or (image.crs is None and not source.crs):
        raise InputRefusedError(
            "影像没有坐标系或没有定位信息",
            where=str(source.path),
            remedy='请用带坐标的 GeoTIFF；只缺坐标系的，请在参数表该节的“坐标系”填 EPSG:4546 一类的代号（landeval.toml 的 [[imagery]] 写 crs = "EPSG:4546"）',
            code="E193",
        )
    for name, band in source.bands.items():
        if not 1 <= band <= image.count:
            raise InputRefusedError(
                f"影像没有第 {band} 波段（{name}）",
                where=str(source.path),
                remedy=f"该影像有 {image.count} 个波段，请改正参数表该节的“波段：……”各行（landeval.toml 的 [[imagery]] bands）",
                code="E194",
            )
    crs = _crs(source.crs or image.crs.to_wkt(), source)
    nodata = image.nodata if source.nodata is None else source.nodata
    lost, blocks, has_data = _read_through(image, nodata)
    bands, taken = _named(image, source), _taken(source)
    notes = []
    for code, is_so, detail in (
        ("E560", not set(kinds_of(bands)) & set(KINDS), ""),
        ("E561", len(taken) == 4, taken),
        ("E562", bool(bands) and not taken, ""),
        ("E574", SPECTRAL in kinds_of(bands) and _is_plain(image, source, bands), ""),
        ("E180", nodata is None, ""),
        ("E181", lost > 0, f"{blocks} 块中有 {lost} 块"),
        ("E182", image.transform.b != 0 or image.transform.d != 0, ""),
        ("E183", not has_data and lost < blocks, f"无数据值 {nodata}"),
    ):
        if is_so:
            notes.append(issues.report_file(code, source.name, detail=detail))
    facts = {
        "table": source.table, "file": source.name, "format": "geotiff", "sha256": sha256(source.path),
        "width": image.width, "height": image.height, "bands": image.count, "dtype": image.dtypes[0],
        "nodata": nodata, "crs": f"EPSG:{crs.to_epsg()}" if crs.to_epsg() else crs.name,
        "named_bands": bands, "taken": taken, "unreadable_blocks": lost,
    }  # fmt: skip
    return Raster(
        source.name, _footprint(image, crs), facts, issues.gather(notes), crs.to_wkt(), bands, taken
    )


def _named(image: Any, source: Source) -> dict[str, int]:
    """Name the bands: as the project says, else as the file describes them; a band of no name is not used."""
    if source.bands:
        return dict(source.bands)
    if image.count == 1 and source.kind in SINGLE:
        return {SINGLE[source.kind]: 1}
    found: dict[str, int] = {}
    for number, said in enumerate(image.descriptions, start=1):
        name = DESCRIBED.get((said or "").strip().lower())
        if name in found:
            return {}  # two bands of one name: nobody knows which is meant
        if name:
            found[name] = number
    return found


def _is_plain(image: Any, source: Source, bands: dict[str, int]) -> bool:
    """Tell whether values are whole numbers that neither the project nor the file brings to a unit."""
    if source.scale is not None or source.offset is not None:
        return False
    return all(
        np.dtype(image.dtypes[band - 1]).kind in "ui"
        and (image.scales[band - 1], image.offsets[band - 1]) == (1, 0)
        for band in bands.values()
    )


def _taken(source: Source) -> str:
    """Return the day the project says, else the only year in the file's name."""
    if source.taken_on:
        return source.taken_on.isoformat()
    years = set(_YEAR.findall(source.path.stem))
    return years.pop() if len(years) == 1 else ""


def _crs(text: str, source: Source) -> CRS:
    try:
        return CRS.from_user_input(text)
    except CRSError:
        raise InputRefusedError(
            "影像的坐标系写法无法识别",
            where=str(source.path),
            remedy='请在参数表该节的“坐标系”填 EPSG:4546 一类的代号（landeval.toml 的 [[imagery]] 写 crs = "EPSG:4546"）',
            code="E195",
        ) from None


def _read_through(image: Any, nodata: float | None) -> tuple[int, int, bool]:
    """Read every block of every band, and of the mask, once; return how many cannot be read, of how many, and whether any holds data."""
    lost = blocks = 0
    has_data = False
    for band in image.indexes:
        for _, window in image.block_windows(band):
            blocks += 1
            found = _block(image, band, window)
            if found is None:
                lost += 1
            elif not has_data:
                is_known = np.isfinite(found) if found.dtype.kind == "f" else np.ones(found.shape, dtype=bool)
                if nodata is not None and not np.isnan(nodata):
                    is_known &= found != nodata
                has_data = bool(is_known.any())
    if has_mask(image):
        for _, window in image.block_windows(1):
            blocks += 1
            lost += _block(image, None, window) is None
    return lost, blocks, has_data


def has_mask(image: Any) -> bool:
    """Tell whether the file has a mask (or an alpha band) that says which pixels mean nothing."""
    return any(MaskFlags.per_dataset in flags for flags in image.mask_flag_enums)


def _block(image: Any, band: int | None, window: Window) -> Any:
    """Read a block of a band, or of the mask; None where that cannot be done."""
    try:
        return image.dataset_mask(window=window) if band is None else image.read(band, window=window)
    except RasterioError:
        return None


def _footprint(image: Any, crs: CRS) -> shapely.Polygon:
    """Return the image's outline in lon/lat, a rotated one as it lies."""
    m, wide, high = image.transform, image.width, image.height
    ends = ((0, 0), (wide, 0), (wide, high), (0, high))
    corners = [(m.a * x + m.b * y + m.c, m.d * x + m.e * y + m.f) for x, y in ends]
    transformer = Transformer.from_crs(crs, 4490, always_xy=True)
    return shapely.Polygon([transformer.transform(*corner) for corner in corners])
