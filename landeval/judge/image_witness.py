"""Which images speak of a parcel: pairs of dates to compare, and the latest sound image before the as-of date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from landeval.imagery import BUILT, DIMMED, HEIGHT, KINDS, NIGHT, OFF, PART, SPECTRAL, WHOLE
from landeval.judge.imagery import is_usable, last_days, suggestion
from landeval.standards.rule import Rule

Image: TypeAlias = Mapping[str, Any]
"""What is said of an image: ``image_file``, ``image_taken``, ``image_kind`` (several joined by 、) …"""


def dated_pairs(images: Sequence[Image]) -> list[tuple[int, int]]:
    """Pair every dated image with the next one of its kind; two of one day are parts of one picture, never compared.

    Examples
    --------
    >>> days = ("2020", "2022-10-15", "", "2022-10-15", "2024")
    >>> dated_pairs([{"image_kind": "光谱", "image_taken": day} for day in days])
    [(0, 1), (0, 3), (1, 4), (3, 4)]
    """
    pairs = []
    for kind in KINDS:
        taken = {at: image["image_taken"] for at, image in enumerate(images) if kind in image["image_kind"]}
        for before, after in pairwise(sorted({day for day in taken.values() if day})):
            if after.startswith(before):  # 2024 and 2024-10-15: which came first is unknown
                continue
            pairs += [
                (one, other)
                for one, day in taken.items()
                if day == before
                for other, later in taken.items()
                if later == after
            ]
    return list(dict.fromkeys(pairs))


def witness(
    images: Sequence[Image],
    figures: Sequence[pd.DataFrame],
    pairs: Sequence[tuple[int, int]],
    changes: Sequence[pd.DataFrame],
    rules: Mapping[str, Rule],
    as_of: dt.date,
) -> pd.DataFrame:
    """Take each parcel's latest sound image that is not after the as-of date, and what changed up to it.

    Parameters
    ----------
    images : sequence of Mapping
        In the order of their dates.
    figures : sequence of DataFrame
        Of each image, index ``parcel_id``.
    pairs, changes
        ``dated_pairs``, and ``image_changes`` with ``image_change`` of each.
    rules : Mapping
        ``imagery.*``.
    as_of : date

    Returns
    -------
    DataFrame
        Index ``parcel_id``: the figures, ``image_file``, ``image_taken``, ``image_change``, ``image_evidence``,
        ``image_reason``. Texts are empty where no image speaks.
    """
    index = figures[0].index
    nothing, never = pd.Series("", index=index, dtype="object"), np.zeros(len(index), dtype=bool)
    latest = figures[0].assign(image_file=nothing, image_taken=nothing, image_state=nothing)
    numbers = [name for name in latest.columns if name not in ("image_file", "image_taken", "image_state")]
    latest[numbers] = np.nan
    change, was_built = nothing.copy(), never
    usable = [is_usable(image["image_taken"], as_of) for image in images]
    for number, (image, mine) in enumerate(zip(images, figures, strict=True)):
        if not usable[number] or not {SPECTRAL, HEIGHT} & set(image["image_kind"].split("、")):
            continue
        take = mine["image_state"].isin((WHOLE, PART))
        take |= (latest["image_file"] == "") & (mine["image_state"] != OFF)
        values = mine.assign(image_file=image["image_file"], image_taken=image["image_taken"])
        latest = pd.DataFrame({name: latest[name].mask(take, values[name]) for name in latest.columns})
        change, was_built = change.mask(take, ""), was_built & ~take.to_numpy()  # those up to an older image
        for (one, other), frame in zip(pairs, changes, strict=True):
            if other == number:
                known = take & (frame["image_change"] != "")
                before, _ = suggestion(figures[one], nothing, never, rules)
                change = change.mask(known, frame["image_change"])
                was_built = np.where(known, before == BUILT, was_built)
    said, _ = suggestion(latest, change, was_built, rules)
    lights, seen_on = nothing.copy(), nothing.copy()
    for (one, other), frame in zip(pairs, changes, strict=True):
        if NIGHT in images[one]["image_kind"] and usable[other]:
            known = frame["image_change"] != ""
            lights = lights.mask(known, frame["image_change"])
            seen_on = seen_on.mask(known, images[other]["image_taken"])
    dark = (lights == DIMMED) & (said == BUILT) & (last_days(seen_on) >= last_days(latest["image_taken"]))
    change, was_built = change.mask(dark, DIMMED), was_built | dark.to_numpy()
    said, why = suggestion(latest, change, was_built, rules)
    return latest.assign(image_change=change, image_evidence=said, image_reason=why)
