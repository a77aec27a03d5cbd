"""Two years side by side: the words that lineage, comparison and outputs share, and what a comparison found."""

from __future__ import annotations

KINDS = SAME, RECODED, RESHAPED, SPLIT, MERGED, REGROUPED, ADDED, GONE, BY_CODE, UNTRACED = (
    "同一", "改码", "调整", "分割", "合并", "重组", "新增", "消失", "无图形·按代码", "无图形·未对上",
)  # fmt: skip
"""Kinds of lineage. 无图形·未对上: no shape, and no code to stand for it: nobody knows what became of it."""
UNLIKE = 0.5
"""Where overlap ÷ union of a group's land is less, the figures of the years are of different land (proposal)."""
