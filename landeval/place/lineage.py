"""What became of every parcel between two years: by the land that two parcels share, by code only without a shape.

What hangs together by shared land is one group, so that sums over a group are of the same land in both years.
Nothing is dropped: a parcel that shares land with none is a group of its own.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from landeval.place.lineage_groups import LINK_COLUMNS, Side, grouped
from landeval.place.lineage_questions import doubtful_codes, questions
from landeval.place.tiles import tiled

Shapes = npt.NDArray[np.object_]
Mask = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]

TOLERANCE_M = 0.2
"""How far two drawings of one boundary may lie apart on average [m] (proposal)."""
LINK_SHARE = 0.1
"""Land in common that links: this share of either parcel (proposal); less is a sliver, counted and not followed."""
SAME_OVERLAP = 0.9
"""Least overlap ÷ union of two drawings of one parcel (proposal)."""


class Lineage(NamedTuple):
    """What was traced.

    Attributes
    ----------
    links : DataFrame
        ``LINK_COLUMNS``: one row a pair of parcels, or a parcel that is in no pair, sorted by group.
    questions : DataFrame
        ``code``, ``parcel_id_then``, ``parcel_id_now``, ``lineage_detail``: what a person must look at.
    slivers : int
    sliver_m2 : float
        Overlaps that were not followed, of parcels that are not drawn the same in both years, and their land [m²].
    """

    links: pd.DataFrame
    questions: pd.DataFrame
    slivers: int
    sliver_m2: float


class _Pairs(NamedTuple):
    """Parcels before and after, by position, that share land [m²]."""

    one: Numbers
    other: Numbers
    land: npt.NDArray[np.float64]

    def take(self, chosen: Mask) -> _Pairs:
        return _Pairs(self.one[chosen], self.other[chosen], self.land[chosen])


def trace(
    before: pd.DataFrame,
    after: pd.DataFrame,
    drawn_before: Shapes,
    drawn_after: Shapes,
    *,
    tolerance_m: float = TOLERANCE_M,
) -> Lineage:
    """Trace every parcel of one year to those of another.

    Parameters
    ----------
    before, after : DataFrame
        Index ``parcel_id`` (text, unique); ``parcel_code``, None where unknown.
    drawn_before, drawn_after : ndarray of Geometry
        Valid polygons in one equal-area plane [m]; None where there is none that can be relied upon.
    tolerance_m : float
        Mean distance of two drawings of one boundary [m].

    Returns
    -------
    Lineage
        The order of the input does not matter; swapping the years swaps 分割 and 合并, 新增 and 消失.
    """
    old, new = _side(before, drawn_before), _side(after, drawn_after)

    # one drawing, and one only, in both years: whatever else lies over it is another parcel's story
    near, alike = _alike(old, new, tolerance_m)
    same_code = (old.codes[near.one] == new.codes[near.other]) & (old.codes[near.one] != "")
    certain = _alone(near, alike & same_code)
    certain |= _alone(near, alike & ~_touching(near, near.take(certain)))
    settled = near.take(certain)

    shared = _shared(old, new, settled)
    share = shared.land / np.minimum(old.size[shared.one], new.size[shared.other])
    is_link = share >= LINK_SHARE
    narrow = is_link & (share < 0.5)
    is_link[narrow] = _width(old, new, shared.take(narrow)) > 2 * tolerance_m
    is_over = _touching(shared, settled)
    others, over = shared.take(is_link & ~is_over), shared.take(is_link & is_over)
    slivers = shared.land[~is_link]
    links = _Pairs(*(np.concatenate(parts) for parts in zip(settled, others, strict=True)))
    drawn_twice = set(zip(*near.take(alike)[:2], strict=True))
    is_alike = [pair in drawn_twice for pair in zip(links.one, links.other, strict=True)]

    tied, refused = _by_code(old, new, links)
    pairs = pd.DataFrame(
        {
            "one": np.concatenate([links.one, tied["one"]]),
            "other": np.concatenate([links.other, tied["other"]]),
            "overlap_m2": np.concatenate([links.land, np.full(len(tied), np.nan)]),
            "is_alike": np.concatenate([np.array(is_alike, dtype=bool), np.zeros(len(tied), dtype=bool)]),
        }
    )
    frame = grouped(pairs, old, new, refused)
    asked = questions(frame, pd.DataFrame(over._asdict()), old, new)
    return Lineage(
        frame[list(LINK_COLUMNS)],
        pd.concat([asked, doubtful_codes(refused, old, new)], ignore_index=True),
        len(slivers),
        float(slivers.sum()),
    )


def _side(frame: pd.DataFrame, shapes: Shapes) -> Side:
    """Put a year's parcels in the order of their ids."""
    order = np.argsort(frame.index.to_numpy(dtype=str), kind="stable")
    drawn = np.asarray(shapes, dtype=object)[order]
    codes = frame["parcel_code"].fillna("").to_numpy(dtype=object)[order]
    size = np.where(shapely.is_missing(drawn), np.nan, shapely.area(drawn))
    return Side(frame.index.to_numpy(dtype=object)[order], codes, drawn, size)


def _alike(old: Side, new: Side, tolerance_m: float) -> tuple[_Pairs, Mask]:
    """Find the pairs that may be two drawings of one parcel, and tell which are.

    Overlap ÷ union ≥ 0.9 asks for areas that differ by a tenth at most, and for centroids no farther apart than
    a ninth of the diameter: only such pairs are overlaid.
    """
    at_a, at_b = (np.flatnonzero(~np.isnan(side.size)) for side in (old, new))
    left, right = shapely.STRtree(new.shapes[at_b]).query(old.shapes[at_a])
    one, other = at_a[left], at_b[right]
    size_a, size_b = old.size[one], new.size[other]
    centres = [
        shapely.get_coordinates(shapely.centroid(shapes)) for shapes in (old.shapes[at_a], new.shapes[at_b])
    ]
    apart = np.hypot(*(centres[0][left] - centres[1][right]).T)
    corners = [
        np.reshape(shapely.bounds(side.shapes[at]), (-1, 4)) for side, at in ((old, at_a), (new, at_b))
    ]
    spans = [np.hypot(box[:, 2] - box[:, 0], box[:, 3] - box[:, 1]) for box in corners]
    reach = (1 / SAME_OVERLAP - 1) * np.maximum(spans[0][left], spans[1][right]) + 1e-6
    near = (apart <= reach) & (np.minimum(size_a, size_b) >= SAME_OVERLAP * np.maximum(size_a, size_b))
    one, other, size_a, size_b = one[near], other[near], size_a[near], size_b[near]
    land = _common(old, new, one, other)
    union = size_a + size_b - land
    rim = (shapely.length(old.shapes[one]) + shapely.length(new.shapes[other])) / 2
    return _Pairs(one, other, land), (land >= SAME_OVERLAP * union) & (union - land <= tolerance_m * rim)


def _common(old: Side, new: Side, one: Numbers, other: Numbers) -> npt.NDArray[np.float64]:
    """Return the land in common [m²]; the same drawing point by point is not overlaid."""
    land = old.size[one].copy()
    differ = np.flatnonzero(~shapely.equals_exact(old.shapes[one], new.shapes[other], tolerance=0.0))
    common = shapely.intersection(old.shapes[one[differ]], new.shapes[other[differ]])
    land[differ] = shapely.area(common)
    return land


def _shared(old: Side, new: Side, settled: _Pairs) -> _Pairs:
    """Find every pair that shares land [m²] and has a parcel that is not settled.

    Streets are often drawn as one parcel of many thousand points that touches all others, hence the tiles.
    """
    found = []
    for mine, others, done in ((old, new, settled.one), (new, old, settled.other)):
        left = tiled(mine.shapes, np.setdiff1d(np.flatnonzero(~np.isnan(mine.size)), done))
        right = tiled(others.shapes, np.flatnonzero(~np.isnan(others.size)))
        one, other = shapely.STRtree(right.parts).query(left.parts, predicate="intersects")
        land = shapely.area(shapely.intersection(left.parts[one], right.parts[other]))
        found.append(pd.DataFrame({"one": left.owner[one], "other": right.owner[other], "land": land}))
    found[1] = found[1].rename(columns={"one": "other", "other": "one"})
    sums = [part.groupby(["one", "other"], as_index=False)["land"].sum() for part in found]
    pairs = pd.concat(sums).drop_duplicates(["one", "other"]).sort_values(["one", "other"])
    pairs = pairs[pairs["land"] > 0]
    return _Pairs(*(pairs[name].to_numpy() for name in ("one", "other", "land")))


def _width(old: Side, new: Side, pairs: _Pairs) -> npt.NDArray[np.float64]:
    """Return the mean width of the land in common [m]: twice its area by its rim."""
    common = shapely.intersection(old.shapes[pairs.one], new.shapes[pairs.other])
    return np.asarray(2 * pairs.land / shapely.length(common), dtype="float64")


def _alone(pairs: _Pairs, chosen: Mask) -> Mask:
    """Keep of the chosen pairs those whose parcels stand in no other chosen pair."""
    rows = pairs.take(chosen)
    often = [np.bincount(at, minlength=1)[at] for at in (rows.one, rows.other)]
    result = chosen.copy()
    result[chosen] = (often[0] == 1) & (often[1] == 1)
    return result


def _touching(pairs: _Pairs, others: _Pairs) -> Mask:
    """Tell which pairs have a parcel that stands in one of the others."""
    return np.isin(pairs.one, others.one) | np.isin(pairs.other, others.other)


def _by_code(old: Side, new: Side, links: _Pairs) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Pair what has no shape in either year by a code that each year has once; what cannot be paired so is refused."""
    sides = [
        pd.DataFrame({"code": side.codes, name: np.arange(len(side.codes)), f"bare_{name}": np.isnan(side.size)})
        for side, name in ((old, "one"), (new, "other"))
    ]  # fmt: skip
    met = sides[0][sides[0]["code"] != ""].merge(sides[1], on="code", how="inner")
    met = met[met["bare_one"] | met["bare_other"]]
    met["is_repeated"] = met["code"].duplicated(keep=False)
    met["is_linked_one"], met["is_linked_other"] = met["one"].isin(links.one), met["other"].isin(links.other)
    is_free = ~(met["is_repeated"] | met["is_linked_one"] | met["is_linked_other"])
    return met[is_free], met[~is_free]
