"""Industrial or not, new or not: unknown stays unknown."""

import datetime as dt

import pandas as pd
import pytest

from landeval.tidy.land_use import is_industrial, is_new_industrial


@pytest.mark.parametrize(
    ("text", "words", "is_so"),
    [("工业用地", ("工业",), True), ("一类工业", ("工业",), True), ("商服用地", ("工业",), False), (None, ("工业",), None), ("0601", ("工业",), None),
     ("0601", ("工业", "0601"), True), ("0602", ("工业", "0601"), False), ("仓储用地", ("工业", "仓储"), True)],
)  # fmt: skip
def test_industrial_land(text, words, is_so):
    assert is_industrial(pd.Series([text], dtype="object"), words).tolist() == [is_so]


@pytest.mark.parametrize(
    ("written", "signed", "industrial", "is_so"),
    [(None, "2021-09-24", True, True), (None, "2021-09-23", True, False), (None, None, True, None), (None, "2022-01-01", False, None),
     (None, "2022-01-01", None, None), (True, "2000-01-01", True, True), (False, "2024-01-01", True, False)],
)  # fmt: skip
def test_new_industrial_land(written, signed, industrial, is_so):
    parcels = pd.DataFrame(
        {"is_new_industrial": pd.Series([written], dtype="object"), "signed_on": pd.to_datetime([signed]),
         "is_industrial": pd.Series([industrial], dtype="object")})  # fmt: skip
    assert is_new_industrial(parcels, dt.date(2021, 9, 24)).tolist() == [is_so]
    assert is_new_industrial(parcels, None).tolist() == [written]
