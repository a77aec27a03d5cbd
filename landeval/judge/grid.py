"""Classes over a grid of values of one or two rules, judging again only the parcels that can differ."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval.basis import Basis
from landeval.judge.what_if import judged, tally
from landeval.standards.rules import Rule, shown
from landeval.trial import Axis, Trial, tried

Codes = npt.NDArray[np.object_]
Box = tuple[int, int, int, int]


def grids(
    basis: Basis, axes: Sequence[Axis], former: Mapping[str, Rule]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Count the classes at every step of each grid, and the candidates at every pair of steps of two.

    Parameters
    ----------
    basis : Basis
        Of the trial: each grid changes one rule more.
    axes : sequence of Axis
        None, one or two.
    former : Mapping
        Rules of the run, to mark the step that is its own.

    Returns
    -------
    DataFrame, DataFrame
        One row a step: ``rule_id``, ``rule_label``, ``trial_value``, ``grid_note``, and as ``tally``;
        one row a pair: ``value_row``, ``value_column``, ``candidates``, ``candidates_area_mu``.
    """
    rules, land = basis.rules, basis.parcels["area_mu"]
    steps = []
    for axis in axes:
        at = classes(basis, axis, None)
        rule = rules.get(axis.rule_id)
        label = rule.label if rule else axis.rule_id
        steps += [
            {
                "rule_id": axis.rule_id,
                "rule_label": label,
                "trial_value": shown(value),
                "grid_note": _note(value, former.get(axis.rule_id), rule),
                **tally(pd.Series(at[:, step, 0], index=land.index), land),
            }
            for step, value in enumerate(axis.values)
        ]
    pairs = []
    if len(axes) == 2:
        at = classes(basis, *axes)
        for row, one in enumerate(axes[0].values):
            for column, other in enumerate(axes[1].values):
                count = tally(pd.Series(at[:, row, column], index=land.index), land)
                kept = {name: count[name] for name in ("candidates", "candidates_area_mu")}
                pairs.append({"value_row": shown(one), "value_column": shown(other), **kept})
    columns = ["value_row", "value_column", "candidates", "candidates_area_mu"]
    return pd.DataFrame(steps), pd.DataFrame(pairs, columns=columns)


def _note(value: Fraction, former: Rule | None, present: Rule | None) -> str:
    if former is not None and former.value == value:
        return "原值"
    return "试算所设值" if present is not None and present.value == value else ""


def classes(basis: Basis, first: Axis, second: Axis | None) -> Codes:
    """Return each parcel's class at every step, or pair of steps.

    Every comparison with a rule's value turns at most once as the value rises. So a parcel for which the class
    and all verdicts agree at the corners of a box of values has that class in the whole box; only the others
    are judged within it.

    Returns
    -------
    array
        parcels × steps of ``first`` × steps of ``second`` (1 without it).
    """
    inner = second.values if second else (Fraction(0),)
    made = np.full((len(basis.parcels), len(first.values), len(inner)), None, dtype=object)
    seen: dict[tuple[int, int], Codes] = {}

    def look(rows: npt.NDArray[np.intp], row: int, column: int) -> Codes:
        """Return class and verdicts of some parcels at one pair of steps."""
        known = seen.get((row, column))
        missing = rows if known is None else rows[pd.isna(known[rows, 0])]
        if len(missing):
            values: dict[str, Fraction] = {first.rule_id: first.values[row]}
            if second:
                values[second.rule_id] = inner[column]
            found = _signature(replace(basis, parcels=basis.parcels.iloc[missing]), values)
            if known is None:
                known = seen[row, column] = np.full((len(made), found.shape[1]), None, dtype=object)
            known[missing] = found
        assert known is not None
        return known[rows]

    if not len(made):
        return made
    boxes: list[tuple[npt.NDArray[np.intp], Box]] = [
        (np.arange(len(made)), (0, len(first.values) - 1, 0, len(inner) - 1))
    ]
    while boxes:
        rows, box = boxes.pop()
        top, bottom, left, right = box
        corners = [look(rows, *spot) for spot in dict.fromkeys(
            [(top, left), (top, right), (bottom, left), (bottom, right)])]  # fmt: skip
        same = np.logical_and.reduce([(corner == corners[0]).all(axis=1) for corner in corners])
        made[rows[same], top : bottom + 1, left : right + 1] = corners[0][same, 0][:, None, None]
        rest = rows[~same]
        if len(rest):
            boxes += [(rest, part) for part in _halves(box)]
    return made


def _halves(box: Box) -> Iterator[Box]:
    """Cut a box across its longer side; a side of one step is never cut."""
    top, bottom, left, right = box
    if bottom - top >= right - left:
        middle = (top + bottom) // 2
        yield top, middle, left, right
        yield middle + 1, bottom, left, right
    else:
        middle = (left + right) // 2
        yield top, bottom, left, middle
        yield top, bottom, middle + 1, right


def _signature(basis: Basis, values: dict[str, Fraction]) -> Codes:
    found = judged(tried(basis, values, Trial(), "--grid"), with_cases=False)
    size = len(basis.parcels)
    verdicts = found.findings["verdict"].to_numpy(dtype=object).reshape(-1, size).T
    return np.column_stack([found.status["status"].to_numpy(dtype=object), verdicts])
