"""Whether layers can be written and read back, in GBK too."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from landeval.doctor.line import BAD, GOOD, Line


def formats() -> Iterator[Line]:
    """Look for the drivers, then write a layer with Chinese names in each format and read it."""
    from landeval.publish.gis.round_trip import LAYERS, missing_drivers, round_trip

    remedy = "请重新安装程序库 pyogrio、fiona、rasterio；装过其他 GIS 软件的电脑请删去环境变量 GDAL_DATA、GDAL_DRIVER_PATH 后再试"
    if missing := missing_drivers():
        yield Line("文件格式", BAD, f"不支持 {'、'.join(missing)}", remedy)
        return
    with tempfile.TemporaryDirectory(prefix="landeval-doctor-") as folder:
        wrong = [name for name in LAYERS if not round_trip(Path(folder), name)]
    if wrong:
        yield Line("文件格式", BAD, f"写出再读回不一致：{'、'.join(wrong)}", remedy)
    else:
        yield Line("文件格式", GOOD, f"{'、'.join(LAYERS)} 写出再读回一致；GeoTIFF、File Geodatabase 可读")
