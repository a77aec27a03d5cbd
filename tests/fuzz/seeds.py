"""Sound deliveries to spoil: each a dict of file name → bytes, small, with Chinese text in every encoding read."""

from __future__ import annotations

import json
import tempfile
from datetime import date
from functools import cache
from pathlib import Path
from typing import NamedTuple

import shapely
from bureau import FIRM_HEADER, FIRM_ROWS, PARCEL_FIELDS, PARCEL_ROWS, delivery
from writers import gbk_zip, geopackage, moved, shapefile, square, workbook, xls

CONTRACT_HEADER = ["宗地代码", "权利人", "合同面积（㎡）", "合同签订日期", "约定动工日期", "实际动工日期", "成交价款（万元）"]  # fmt: skip
CONTRACT_ROWS = [
    [code, name, "10000", "2019-03-01", "2020-03-01", started, "300.5"]
    for (code, name, *_), started in zip(PARCEL_ROWS, ("2020-02-01", "", "2021年1月5日"), strict=True)
]


class Seed(NamedTuple):
    """A delivery: its files, and which of them is given as which table."""

    files: dict[str, bytes]
    given: dict[str, str]


def _csv(header: list[str], rows: list[list[object]], mark: str, encoding: str) -> bytes:
    text = "\r\n".join(mark.join(map(str, row)) for row in [header, *rows]) + "\r\n"
    return text.encode(encoding)


@cache
def seeds() -> dict[str, Seed]:
    """Return every seed by name."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        delivery(folder)
        clean = _taken(folder, "宗地")
        rows, shapes = PARCEL_ROWS, [square(at) for at in range(3)]
        shapefile(folder / "u8" / "宗地.shp", PARCEL_FIELDS, rows, shapes, encoding="utf-8", cpg="UTF-8")
        multi = [[*square(0), *square(1)], square(2), None]
        shapefile(folder / "multi" / "宗地.shp", PARCEL_FIELDS, rows, multi, kind=15, deleted=[1], cpg="GBK")
        ledger = workbook(folder / "台账.xlsx", {"台账": [["供地台账"], CONTRACT_HEADER, *CONTRACT_ROWS]})
        firms = workbook(
            folder / "企业两年.xlsx",
            {"2023": [FIRM_HEADER, *FIRM_ROWS], "2024": [["单位：万元"], FIRM_HEADER, *FIRM_ROWS, ["合计", "", 1, 1, 1]]},
        )  # fmt: skip
        xlsx = (folder / "企业.xlsx").read_bytes()
        old_ledger = xls(
            folder / "台账.xls", {"台账": [["供地台账"], CONTRACT_HEADER, *_dated(CONTRACT_ROWS)]}
        ).read_bytes()
        old_firms = xls(
            folder / "企业两年.xls",
            {"2023": [FIRM_HEADER, *FIRM_ROWS], "2024": [["单位：万元"], FIRM_HEADER, *FIRM_ROWS]},
            hidden=["2023"],
        ).read_bytes()
        zipped_land = gbk_zip(
            folder / "宗地.zip", [(f"导出/{name}", data) for name, data in clean.items()]
        ).read_bytes()
        zipped_firms = gbk_zip(
            folder / "企业.zip", [("年报/企业.xls", old_firms), ("说明.txt", b"1")]
        ).read_bytes()
        columns = [(name, "TEXT" if kind == "C" else "REAL") for name, kind, _ in PARCEL_FIELDS]
        wkb = [shapely.Polygon(shape[0]).wkb for shape in shapes]
        records = [[blob, *row] for blob, row in zip(wkb, rows, strict=True)]
        gpkg = geopackage(folder / "宗地.gpkg", {"宗地": (columns, records)}).read_bytes()
        utf8, multipart = _taken(folder / "u8", "宗地"), _taken(folder / "multi", "宗地")
        ledger_xlsx, two_years = ledger.read_bytes(), firms.read_bytes()
    layer = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": dict(zip((name for name, *_ in PARCEL_FIELDS), row, strict=True)),
                "geometry": {"type": "Polygon", "coordinates": moved(shape, 4326)},
            }
            for row, shape in zip(rows, shapes, strict=True)
        ],
    }
    geojson = json.dumps(layer, ensure_ascii=False).encode()
    firm_csv = {
        "gbk": _csv(FIRM_HEADER, FIRM_ROWS, ",", "gb18030"),
        "utf8": _csv(FIRM_HEADER, FIRM_ROWS, ";", "utf-8-sig"),
        "utf16": _csv(FIRM_HEADER, FIRM_ROWS, "\t", "utf-16"),
    }
    contract_csv = _csv(CONTRACT_HEADER, CONTRACT_ROWS, ",", "gb18030")
    land = {"parcels": "宗地.shp"}
    return {
        "shp-xlsx": Seed({**clean, "企业.xlsx": xlsx}, {**land, "enterprises": "企业.xlsx"}),
        "utf8-shp": Seed({**utf8, "企业.csv": firm_csv["gbk"]}, {**land, "enterprises": "企业.csv"}),
        "multi-shp": Seed({**multipart, "企业.xlsx": xlsx}, {**land, "enterprises": "企业.xlsx"}),
        "geojson": Seed(
            {"宗地.geojson": geojson, "企业.csv": firm_csv["utf8"]},
            {"parcels": "宗地.geojson", "enterprises": "企业.csv"},
        ),
        "gpkg-csv": Seed(
            {"宗地.gpkg": gpkg, "企业.csv": firm_csv["gbk"]},
            {"parcels": "宗地.gpkg", "enterprises": "企业.csv"},
        ),
        "zip-shp": Seed(
            {"宗地.zip": zipped_land, "企业.xlsx": xlsx}, {"parcels": "宗地.zip", "enterprises": "企业.xlsx"}
        ),
        "zip-xls": Seed({**clean, "企业.zip": zipped_firms}, {**land, "enterprises": "企业.zip"}),
        "xls": Seed(
            {"台账.xls": old_ledger, "企业.xls": old_firms},
            {"contracts": "台账.xls", "enterprises": "企业.xls"},
        ),
        "ledger-csv": Seed(
            {"台账.csv": contract_csv, "企业.csv": firm_csv["utf16"]},
            {"contracts": "台账.csv", "enterprises": "企业.csv"},
        ),
        "ledger-xlsx": Seed(
            {"台账.xlsx": ledger_xlsx, "企业.xlsx": two_years},
            {"contracts": "台账.xlsx", "enterprises": "企业.xlsx"},
        ),
    }


def _dated(rows: list[list[str]]) -> list[list[object]]:
    """Write the dates of signing, fourth of each row, as dates."""
    return [[*row[:3], date.fromisoformat(row[3]), *row[4:]] for row in rows]


def _taken(folder: Path, stem: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob(f"{stem}.*"))}
