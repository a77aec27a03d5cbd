"""``run.json``: complete, readable, and repeatable but for ``timing``."""

import datetime as dt
import hashlib
import json
from pathlib import Path

from builders import make_result

from landeval.publish.json_values import jsonable
from landeval.publish.run_record import digests, run_record, write_run_record
from landeval.result import STATUSES


def test_two_records_differ_only_inside_timing(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "甲.csv").write_text("a", "utf-8")
    records = []
    for _ in range(2):
        path = write_run_record(make_result(), tmp_path)
        records.append(json.loads(path.read_text("utf-8")))
        assert set(records[-1].pop("timing")) == {"finished_at", "steps", "seconds", "peak_memory_mb"}
    assert records[0] == records[1]
    assert records[0]["outputs"] == {"tables/甲.csv": hashlib.sha256(b"a").hexdigest()}


def test_what_a_record_says():
    record = run_record(make_result(18), {})
    assert record["tool"] == "landeval"
    assert record["counts"]["status"] == dict.fromkeys(STATUSES, 2)
    assert record["issues"]["E203"] == 3
    assert record["settings"] == {"year": 2024, "as_of": "2024-12-31"}
    assert record["inputs"][0]["encoding"] == "GBK"
    assert record["steps"][0] == {"name": "读取", "rows_in": 18, "rows_out": 18}
    assert record["timing"]["steps"] == [["读取", 0.25], ["评价", 0.125]]
    assert {"python", "landeval", "geopandas", "shapely", "pyogrio", "GDAL", "PROJ", "pandas"} <= set(
        record["versions"]
    )


def test_the_file_is_sorted_chinese_text(tmp_path):
    text = write_run_record(make_result(), tmp_path).read_text("utf-8")
    assert '"title": "洞口经济开发区（演示）"' in text
    keys = list(json.loads(text))
    assert keys == sorted(keys)
    assert "run.json" not in digests(tmp_path)


def test_anything_can_be_recorded():
    assert jsonable({"p": Path("a") / "b", "s": {2, 1}, "d": dt.datetime(2024, 1, 1), "i": float("inf")}) == {
        "p": str(Path("a") / "b"), "s": [1, 2], "d": "2024-01-01T00:00:00", "i": None}  # fmt: skip
    assert json.dumps(jsonable("\ud800"))
