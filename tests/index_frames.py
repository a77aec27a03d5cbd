"""Small tables for the tests of the intensive-use index: name only what the test is about."""

import datetime as dt

import numpy as np
import pandas as pd

from landeval.index import index_of
from landeval.project import Indexing
from landeval.standards.intensive_use import changed, shipped_index
from landeval.standards.rules import rulebook
from landeval.vocabulary.land_status import MAIN, REGIONS, items

AS_OF = dt.date(2024, 12, 31)
GOOD = {
    "A": 100, "A1": 10, "A2": 60, "B11": 2, "B12": 3, "B21": 20, "B22": 5, "D": 110, "D22": 1, "E1": 2, "E21": 10,
    "E22": 3, "G": 2.2, "G1": 0.5, "J1": 912_000, "J2": 336_000, "J3": 588_000, "J4": 150_000, "J5": 10_000, "J6": 20_000,
    "J7": 0, "Z1": 180_000, "Z2": 10_800, "Z3": 14_000, "P1": 9_000, "S1": 4, "S2": 5, "S3": 6, "S4": 10, "S5": 2,
}  # fmt: skip


def make_written(main, growth=None):
    """Build the figures as ``tidy.land_status`` would hand them over; what is not said is blank."""
    given = dict(zip(REGIONS, (main, growth or {}), strict=True))
    rows = [
        {
            "index_region": region,
            "status_code": code,
            "status_written": given[region].get(code, np.nan),
            "status_why": "" if code in given[region] else "空白",
            "is_filled": code in given[region],
            "status_origin": None,
            "source_file": "数据表.xlsx",
            "source_layer": "表",
            "source_row": 3,
        }
        for region in REGIONS
        for code in items()
    ]
    return pd.DataFrame(rows)


def make_index(main, growth=None, *, changes=(), land=None, as_of=AS_OF, **setting):
    """Score figures by the shipped scheme, with changes; return the index and its issues."""
    indexing = Indexing(changed(shipped_index(), list(changes)), **setting)
    return index_of(
        indexing,
        make_written(main, growth),
        rulebook(as_of),
        file="数据表.xlsx",
        land=land,
        year=2024,
        as_of=as_of,
    )


def node(index, name, region=MAIN):
    """Return one node's row by its code or name; the empty code is the whole of the region."""
    rows = index.nodes[index.nodes["index_region"] == region]
    return rows[(rows["index_node"] == name) | ((rows["index_name"] == name) & (name != ""))].iloc[0]
