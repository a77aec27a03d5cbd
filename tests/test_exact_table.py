"""A frame stored and read back is the same frame: values, types of unknown, dtypes, index, order of columns."""

import datetime as dt

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from landeval.errors import InternalError
from landeval.exact_table import from_arrow, to_arrow

CELL = st.one_of(
    st.none(),
    st.just(float("nan")),
    st.just(pd.NaT),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.text(st.characters(codec=None), max_size=6),
    st.dates(),
    st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1)).map(pd.Timestamp),
)


def there_and_back(frame, path):
    pq.write_table(to_arrow(frame), path)
    return from_arrow(pq.read_table(path))


def kinds(values):
    return [(type(value), repr(value)) for value in values]


@given(cells=st.lists(CELL, max_size=8))
def test_a_column_of_anything_keeps_every_value_and_its_type(cells):
    column = pd.Series(cells, dtype=object)
    back = from_arrow(to_arrow(pd.DataFrame({"x": column})))["x"]
    assert back.dtype == object
    assert kinds(back) == kinds(column)


def test_every_dtype_of_a_run_survives_the_file(tmp_path):
    index = pd.Index(["P2", "P1", "=甲"], name="parcel_id")
    frame = pd.DataFrame(
        {
            "text": pd.Series(["甲", None, float("nan")], dtype=object),
            "word": pd.Series(["甲", None, ""], dtype="str"),
            "flag": pd.Series([True, None, False], dtype=object),
            "sure": [True, False, True],
            "number": [0.1 + 0.2, float("nan"), -0.0],
            "row": np.array([1, 2, 2**62], dtype="int64"),
            "day": pd.to_datetime(["2024-02-29", None, "1899-12-31"]).astype("datetime64[s]"),
            "none": pd.Series([None, None, None], dtype=object),
            "nan": pd.Series([float("nan")] * 3, dtype=object),
            "broken": pd.Series(["\ud800", "a\x00b", "\n"], dtype=object),
        }
    ).set_axis(index)
    back = there_and_back(frame, tmp_path / "a.parquet")
    assert_frame_equal(back, frame, check_exact=True)
    for name in frame:
        assert kinds(back[name]) == kinds(frame[name]), name


def test_no_rows_and_no_columns_survive(tmp_path):
    empty = pd.DataFrame({"a": pd.Series([], dtype="float64"), "b": pd.Series([], dtype=object)})
    bare = pd.DataFrame(
        index=pd.Index(["P1"], name="parcel_id", dtype="str"), columns=pd.Index([], dtype="str")
    )
    for frame in (empty.set_axis(pd.Index([], dtype=object)), bare):
        assert_frame_equal(there_and_back(frame, tmp_path / "a.parquet"), frame)


def test_what_could_not_be_read_back_is_refused_at_once():
    with pytest.raises(InternalError, match="底稿不能保存的值：x 列的 dict"):
        to_arrow(pd.DataFrame({"x": [{"a": 1}]}))
    with pytest.raises(InternalError, match="底稿不能保存的列：x"):
        to_arrow(pd.DataFrame({"x": pd.Categorical(["a"])}))


def test_a_table_of_somebody_else_is_no_frame():
    with pytest.raises(KeyError):
        from_arrow(pa.table({"a": [1]}))
