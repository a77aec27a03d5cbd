"""Many rows' texts to one sentence a key: the wording of lists in reasons, names and evidence."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from landeval.vocabulary.fields import label


def as_written(values: pd.Series) -> pd.Series:
    """Write the values of a column as a person would, what is unknown as None: a day, a number to 15 digits, 是 or 否, a text.

    Examples
    --------
    >>> import pandas as pd
    >>> as_written(pd.Series([14125.000000000002, None])).tolist(), as_written(pd.to_datetime(pd.Series(["2024-06-30"]))).tolist()
    (['14125', None], ['2024-06-30'])
    """
    if pd.api.types.is_datetime64_any_dtype(values):
        text: pd.Series = values.dt.strftime("%Y-%m-%d")
    elif pd.api.types.is_float_dtype(values):
        text = values.map("{:.15g}".format)
    else:
        text = values.astype("object").map(
            lambda one: {True: "是", False: "否"}.get(one, str(one)) if isinstance(one, bool) else str(one)
        )
    shown: pd.Series = text.astype("object").where(values.notna(), None)
    return shown


def joined(
    keys: pd.Series,
    texts: pd.Series,
    *,
    by: str = "、",
    most: int | None = None,
    counter: str = "处",
    ordered: bool = True,
) -> pd.Series:
    """Join the different texts of each key.

    Parameters
    ----------
    keys, texts : Series
        Same index; unknown texts are left out.
    by : str
        What stands between.
    most : int, optional
        Show no more than so many, then say how many there are.
    counter : str
        What they are counted in.
    ordered : bool
        Sort the texts; otherwise keep the order of the rows.

    Returns
    -------
    Series of text, index the keys (sorted) that have any.

    Examples
    --------
    >>> import pandas as pd
    >>> joined(pd.Series(["a", "a", "b"]), pd.Series(["乙", "甲", None])).to_dict()
    {'a': '乙、甲'}
    """
    known = texts.notna().to_numpy()
    if keys[known].is_unique:
        alone = pd.Series(
            texts.to_numpy(dtype=object)[known], index=keys[known].to_numpy(dtype=object), dtype="object"
        )
        return (
            alone.astype(str).astype("object").sort_index() if len(alone) else pd.Series({}, dtype="object")
        )
    lists: dict[object, dict[str, None]] = {}
    for key, text in zip(keys.to_numpy()[known], texts.to_numpy()[known], strict=True):
        lists.setdefault(key, {})[str(text)] = None
    told = {}
    for key in sorted(lists, key=str):
        parts = sorted(lists[key]) if ordered else list(lists[key])
        more = f" 等 {len(parts)} {counter}" if most is not None and len(parts) > most else ""
        told[key] = by.join(parts[:most]) + more
    return pd.Series(told, dtype="object")


def remarks(frame: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    """Put what a record says in some fields into one text, each after its label; empty where it says nothing.

    >>> import pandas as pd
    >>> remarks(pd.DataFrame({"remark": ["停产", None]}), ("remark",)).to_list()
    ['备注：停产', '']
    """
    said = pd.Series("", index=frame.index, dtype="object")
    for name in (name for name in names if name in frame.columns):
        text = frame[name].where(frame[name].notna(), "").astype(str)
        said += ("；" + label(name) + "：" + text).where(text != "", "")
    return said.str.removeprefix("；")
