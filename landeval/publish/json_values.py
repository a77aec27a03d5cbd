"""Values as JSON can hold them."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd


def jsonable(value: Any) -> Any:
    """Turn a value into what JSON can hold: dates ISO, paths and fractions text, what is not a number null.

    Examples
    --------
    >>> import datetime as dt
    >>> jsonable({"on": dt.date(2024, 12, 31), "n": float("nan"), 1: (True, None)})
    {'on': '2024-12-31', 'n': None, '1': [True, None]}
    """
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: jsonable(getattr(value, field.name)) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): jsonable(item) for key, item in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((jsonable(item) for item in value), key=str)
    if isinstance(value, list | tuple):
        return [jsonable(item) for item in value]
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    return str(value).encode("utf-8", "replace").decode("utf-8")
