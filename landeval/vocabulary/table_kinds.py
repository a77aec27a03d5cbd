"""Which kind of table a row of headers is: handed in as one kind, it may by its headers be another."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from landeval.errors import InputRefusedError
from landeval.units import split_header, without_year
from landeval.vocabulary.fields import alias_index, normalise_header


class Kind(NamedTuple):
    """What a table is called, and how it is given."""

    name: str
    given: str


KINDS = {
    "parcels": Kind("宗地表", "--parcels 或参数表“宗地图层”一节（landeval.toml 的 [parcels]）"),
    "contracts": Kind("供地台账", "--contracts 或参数表“供地台账”一节（landeval.toml 的 [contracts]）"),
    "enterprises": Kind("企业表", "--enterprises 或参数表“企业表”一节（landeval.toml 的 [enterprises]）"),
    "exemptions": Kind("豁免登记表", "--exemptions 或参数表“豁免登记”一节（landeval.toml 的 [exemptions]）"),
    "supply": Kind("储备与供地表", "--supply 或参数表“储备与供地表”一节（landeval.toml 的 [supply]）"),
    "index": Kind("指数数据表", "参数表“集约利用指数”一节（landeval.toml 的 [index]）"),
    "targets": Kind("指标实绩表", "--targets 或参数表“指标实绩表”一节（landeval.toml 的 [targets]）"),
    "projects": Kind("准入项目表", "landeval admit"),
}
LAYERS = {
    "parcels": Kind("宗地图层", KINDS["parcels"].given),
    "layout": Kind("三级布局图层", "--layout 或参数表“三级布局”一节（landeval.toml 的 [layout]）"),
    "buildings": Kind("建筑物图层", "--buildings 或参数表“建筑物”一节（landeval.toml 的 [buildings]）"),
    "boundary": Kind("园区范围图层", "--boundary 或参数表“园区范围”一节（landeval.toml 的 [boundary]）"),
}
"""Layers of shapes. One laid over the parcels may be any of them."""
HANDED_BACK = {
    "corrections": Kind("更正表", "--corrections"),
    "decisions": Kind("填好的匹配复核、处置候选清单", "--review"),
    "reviews": Kind("填好的处置候选清单", "--review"),
}
"""What the program gives out and people hand back."""
FILLED_IN = {"corrections": "new_value", "decisions": "decision"}
"""The column without which nothing is handed back; a crosswalk alone does without."""
CARRIERS = ("enterprises", "contracts")
"""Tables that a crosswalk may be taken from as they are: each row a pair."""
ALIKE = {"parcels", "contracts"}
"""A ledger may stand for the land, and a table of parcels may hold its ledger."""
LEAST = 3
"""So many headers that only the other table has are no chance."""


def known(headers: Sequence[str], kind: str) -> set[int]:
    """Return the positions of the headers that one kind of table knows, unit and year aside.

    Examples
    --------
    >>> known(["入库税收（2024年，万元）", "合同编号", "随便"], "enterprises")
    {0}
    """
    names = alias_index(kind)
    forms = ((text, split_header(text)[0], split_header(without_year(text)[0])[0]) for text in headers)
    return {
        at
        for at, three in enumerate(forms)
        if three[0] and any(normalise_header(one) in names for one in three)
    }


def seems(headers: Sequence[str], own: str, *, is_layer: bool = False) -> str | None:
    """Return which other table headers are of; None where they may be of the table they were given as.

    They are another's where it knows every header that this table knows, and ``LEAST`` more. A layer of shapes is
    held against the other layers, a table against the other tables.

    Examples
    --------
    >>> seems(["宗地代码", "合同编号", "约定动工日期", "约定竣工日期"], "enterprises")
    'contracts'
    >>> seems(["宗地代码", "合同编号", "约定动工日期", "约定竣工日期", "入库税收"], "enterprises")
    """
    mine = known(headers, own)
    if is_layer:
        return _best(headers, mine, [kind for kind in LAYERS if kind != own]) if own in LAYERS else None
    if own not in (*KINDS, *FILLED_IN) or is_filled_in(headers, own):
        return None
    others = [kind for kind in KINDS if kind not in (own, "parcels") and not {own, kind} <= ALIKE]
    if own == "decisions" and is_crosswalk(headers):
        others = [kind for kind in others if kind not in CARRIERS]
    return _best(headers, mine, others)


def _best(headers: Sequence[str], mine: set[int], others: Sequence[str]) -> str | None:
    best = max(others, key=lambda kind: len(known(headers, kind) - mine))
    theirs = known(headers, best)
    return best if mine <= theirs and len(theirs - mine) >= LEAST else None


def is_crosswalk(headers: Sequence[str]) -> bool:
    """Tell whether a table names parcels and enterprises, and so may say which belongs to which."""
    names = alias_index("decisions")
    told = {names.get(normalise_header(text)) for text in headers}
    return "decided_parcel" in told and bool(told & {"decided_name", "decided_code"})


def is_filled_in(headers: Sequence[str], own: str) -> bool:
    """Tell whether a table that is handed back has the column that people fill in."""
    names = alias_index(own)
    return any(names.get(normalise_header(text)) == FILLED_IN.get(own, "") for text in headers)


def another(
    headers: Sequence[str], own: str, other: str, path: Path, *, is_layer: bool = False
) -> InputRefusedError:
    """Say (E293) which table was handed in instead of which, and how to give it."""
    heads = [headers[at] for at in sorted(known(headers, other) - known(headers, own))]
    named = LAYERS if is_layer else {**KINDS, **HANDED_BACK}
    mine, theirs = named[own], named[other]
    told = f"给的不是{mine.name}，看表头像是{theirs.name}（有 {'、'.join(heads[:4])} 等 {len(heads)} 列）"
    if own in HANDED_BACK:
        return InputRefusedError(
            told, where=f"{path}（{mine.given}）", code="E293",
            remedy=f"{mine.given} 交回的是{mine.name}；如是{theirs.name}，请用 {theirs.given} 给",
        )  # fmt: skip
    return InputRefusedError(
        told,
        where=f"{path}（当作{mine.name}）",
        remedy=f"如是{theirs.name}，请用 {theirs.given} 给；确是{mine.name}的，请在参数表该节加“列名对应：数据项”（landeval.toml 的 [{own}.columns]）写明对应的列名",
        code="E293",
    )


def not_handed_back(tables: Sequence[Sequence[str]], own: str, path: Path) -> InputRefusedError | None:
    """Say (E293) that a file is not what people hand back under its option: corrections, or decisions; None where it may be."""
    is_correction = any(is_filled_in(headers, "corrections") for headers in tables)
    if own == "decisions" and is_correction and not any(is_filled_in(headers, own) for headers in tables):
        return corrections_as_decisions(path)
    if own != "corrections" or is_correction:
        return None
    return InputRefusedError(
        "没有“更正值”一列，不是更正表",
        where=f"{path}（{HANDED_BACK[own].given}）",
        remedy="请给填好的 数据问题.xlsx，或有 来源文件、行号、列、更正值、更正人、更正依据 的表；填好的清单和匹配复核用 --review 交回",
        code="E293",
    )


def corrections_as_decisions(path: Path) -> InputRefusedError:
    """Say (E293) that corrections were handed back under the option of decisions."""
    return InputRefusedError(
        "这是更正表，不是匹配复核或处置候选清单",
        where=f"{path}（{HANDED_BACK['decisions'].given}）",
        remedy="填好的 数据问题.xlsx 用 --corrections 交回",
        code="E293",
    )
