"""The attribute table of a shapefile: the bytes that fiona writes of the same fields."""

import datetime as dt

import fiona
import pytest

from landeval.publish.gis.dbf import DAY, INTEGER, REAL, Field, write_dbf

AS_OF = dt.date(2024, 12, 31)
TEXTS = ["虚构第一厂", None, "a〓b", "末字 ", "界" * 127]
REALS = [0.1, -999_999_999_999.9, None, 0.0, 123456.7890125]
WHOLES = [1, None, -999_999_999_999, 0, 18]
DAYS = [dt.date(2020, 2, 29), None, dt.date(1899, 1, 2), dt.date(9999, 12, 31), None]


@pytest.mark.parametrize("times", [1, 2000])
def test_bytes_are_those_of_fiona(tmp_path, times):
    columns = {"WZ": TEXTS * times, "XS": REALS * times, "ZS": WHOLES * times, "RQ": DAYS * times}
    schema = {"WZ": "str:254", "XS": "float:20.6", "ZS": "int:18", "RQ": "date"}
    records = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    with fiona.open(
        tmp_path / "甲.shp", "w", driver="ESRI Shapefile", encoding="GBK",
        schema={"geometry": "Polygon", "properties": schema},
    ) as sink:  # fmt: skip
        sink.writerecords(
            {"type": "Feature", "geometry": None, "properties": record | {"RQ": record["RQ"] and record["RQ"].isoformat()}}
            for record in records
        )  # fmt: skip
    kinds = {"WZ": ("text", 254), "XS": ("real", REAL), "ZS": ("integer", INTEGER), "RQ": ("date", DAY)}
    fields = [Field(name, *kinds[name], values) for name, values in columns.items()]
    write_dbf(tmp_path / "乙.dbf", fields, len(records), AS_OF)
    wanted = bytearray((tmp_path / "甲.dbf").read_bytes())
    wanted[1:4] = bytes((124, 12, 31))  # there the day of writing
    wanted[29] = 0  # there a mark of the code page, which the .cpg tells
    assert (tmp_path / "乙.dbf").read_bytes() == bytes(wanted)
