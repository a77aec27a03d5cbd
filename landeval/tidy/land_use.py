"""Is a parcel industrial land, and is it 新增工业用地: three-valued, unknown stays unknown."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from landeval.standards.land_use_codes import is_code


def is_industrial(land_use: pd.Series, words: tuple[str, ...]) -> pd.Series:
    """Tell industrial land by the words of its use; None where the use is unknown.

    A bare code is unknown unless one of ``words`` is a code: 0601 and 1001 change meaning between systems. Codes
    that ``with_names`` has understood carry their name.

    Examples
    --------
    >>> import pandas as pd
    >>> is_industrial(pd.Series(["工业用地", "其他普通商品住房用地", None]), ("工业",)).tolist()
    [True, False, None]
    """
    known = land_use.notna()
    text = land_use.fillna("").astype(str)
    hit = pd.Series(False, index=land_use.index)
    for word in words:
        hit |= text.str.contains(word, regex=False)
    if not any(map(is_code, words)):
        known &= ~text.isin([use for use in text.unique() if is_code(use)])
    return hit.astype("object").where(known, None)


def is_new_industrial(parcels: pd.DataFrame, since: dt.date | None) -> pd.Series:
    """Tell 新增工业用地: as written, else industrial land whose contract was signed on or after ``since``.

    Parameters
    ----------
    parcels : DataFrame
        ``is_new_industrial`` as written, ``signed_on``, ``is_industrial``.
    since : date or None
        The day from which the county's lines hold; None leaves the unwritten ones unknown.
    """
    written = parcels["is_new_industrial"].astype("object")
    if since is None:
        return written
    dated = parcels["signed_on"].notna() & (parcels["is_industrial"] == True)  # noqa: E712
    derived = (parcels["signed_on"] >= pd.Timestamp(since)).astype("object").where(dated, None)
    return written.where(written.notna(), derived)


def is_state_owned(parcels: pd.DataFrame) -> pd.Series:
    """Tell 国有 from 集体 land by the type of right and by the thirteenth character of the parcel code (G, J).

    None where neither says, or where they contradict one another (Z, disputed, says nothing).

    Parameters
    ----------
    parcels : DataFrame
        ``right_type``, ``parcel_code`` (宗地代码 of GB/T 37346: 12 digits, then G, J or Z).

    Examples
    --------
    >>> import pandas as pd
    >>> rights = ["国有建设用地使用权", "集体建设用地使用权", None, None]
    >>> codes = [None, None, "430525001001JB00001", "430525001001ZB00001"]
    >>> is_state_owned(pd.DataFrame({"right_type": rights, "parcel_code": codes})).tolist()
    [True, False, False, None]
    """
    right = parcels["right_type"].fillna("").astype(str)
    code = parcels["parcel_code"].fillna("").astype(str)
    mark = code.str.extract(r"^\d{12}([GJ])[A-Z]", expand=False)
    state = right.str.contains("国有") | (mark == "G")
    collective = right.str.contains("集体|宅基地") | (mark == "J")
    return state.astype("object").where(state != collective, None)
