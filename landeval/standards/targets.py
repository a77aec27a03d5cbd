"""The plan's targets: quantities, whose figure each is, kind, value, year, clause and quote; loaded strictly."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from typing import Any

from landeval.standards.rule import BASES, OPERATORS
from landeval.units import factor

FILE = "targets_dongkou.toml"
LEVEL, GROWTH, AVERAGE, TOTAL, RATIO, REDUCTION, DONE_BY, TRACKED = (
    "level", "growth", "average", "total", "ratio", "reduction", "done_by", "tracked",
)  # fmt: skip
KINDS = {
    LEVEL: "目标年水平",
    GROWTH: "年均增速",
    AVERAGE: "年均新增",
    TOTAL: "累计",
    RATIO: "逐年标准",
    REDUCTION: "累计降低",
    DONE_BY: "限期完成",
    TRACKED: "跟踪",
}
COMPOUND, LINEAR, EVEN, CONSTANT, NONE = "compound", "linear", "even", "constant", "none"
PARK, COUNTY = "园区", "全县"
SUMMED = (AVERAGE, TOTAL)
"""Kinds whose table has the addition of each year."""
_MEASURES = ("money", "dollar", "percent", "count", "per_mu", "listed")
_PERCENT = {"%": Fraction(1), "百分点": Fraction(1), "个百分点": Fraction(1), "百分比": Fraction(1), "‰": Fraction(1, 10)}  # fmt: skip
_COUNT = ("", "家", "个", "户", "名", "位", "项", "处", "座", "家次", "项次")
_QUANTITY = {"label", "measure", "unit", "units", "path", "better", "aliases", "office", "own"}
_TARGET = {
    "kind", "quantity", "objects", "operator", "value", "year", "by", "label", "clause", "quote", "reading",
    "offices", "offices_clause", "year_basis",
}  # fmt: skip
_DOCUMENT = {"title", "number", "issuer", "date", "basis", "checked_on", "base_year", "base_note"}
_MARKS = re.compile(r"[\s,，、。；;:：·.“”\"'（）()\[\]【】-]+")


@dataclass(frozen=True)
class Quantity:
    """What is counted: its unit, how a path to a level runs, who keeps the figure, and which figure of a run is like it."""

    name: str
    label: str
    measure: str
    unit: str
    path: str
    is_less_better: bool
    aliases: tuple[str, ...]
    office: str
    own: str
    units: Mapping[str, Fraction]

    def scale(self, unit: str) -> Fraction | None:
        """Return how many of the quantity's own units one ``unit`` is; None where it is no unit of it.

        Examples
        --------
        >>> book = targets()
        >>> book.quantities["income"].scale("万元"), book.quantities["foreign_capital"].scale("亿美元")
        (Fraction(1, 10000), Fraction(10000, 1))
        >>> book.quantities["income"].scale("万美元") is None, book.quantities["above_scale"].scale("")
        (True, Fraction(1, 1))
        >>> book.quantities["foreign_capital"].scale("亿元") is None
        True
        """
        text = unicodedata.normalize("NFKC", unit).replace(" ", "")
        if self.measure == "percent":
            return _PERCENT.get(text)
        if self.measure == "count":
            return Fraction(1) if text in _COUNT else None
        if self.measure == "listed":
            return self.units.get(text)
        kind, currency = _AS[self.measure]
        if currency != "元" and currency not in text:
            return None  # 万元 is no 万美元
        own, other = factor(self.unit, kind, currency), factor(text, kind, currency) if text else None
        return other / own if other and own else None


_AS = {"money": ("money", "元"), "dollar": ("money", "美元"), "per_mu": ("per_mu", "元")}


@dataclass(frozen=True)
class Target:
    """One target as the plan has it; ``value`` is None where the plan has no figure."""

    target_id: str
    label: str
    kind: str
    quantity: Quantity
    objects: tuple[str, ...]
    operator: str
    value: Fraction | None
    year: int
    by: dt.date | None
    clause: str
    quote: str
    reading: str
    offices: tuple[str, ...]
    offices_clause: str
    year_basis: str

    @property
    def stated_unit(self) -> str:
        """The unit of the figure in the plan: per cent for a growth or a cut, else the quantity's."""
        if self.value is None:
            return ""
        return {GROWTH: "%/年", REDUCTION: "%", AVERAGE: f"{self.quantity.unit}/年"}.get(self.kind, self.quantity.unit)  # fmt: skip

    @property
    def offices_note(self) -> str:
        """How far the plan itself names the offices."""
        if not self.offices:
            return "方案未写明"
        same = self.offices_clause == self.clause
        return f"方案{self.clause}" if same else f"方案未写明，按{self.offices_clause}的责任单位推定（建议）"


@dataclass(frozen=True)
class Book:
    """Every target of a plan with its document."""

    document: str
    clause_date: dt.date
    basis: str
    base_year: int
    base_note: str
    quantities: Mapping[str, Quantity]
    targets: tuple[Target, ...]
    objects: Mapping[str, str]

    def quantity_of(self, text: str) -> Quantity | None:
        """Return the quantity that a table calls so; a unit in brackets behind the name does not matter.

        Examples
        --------
        >>> targets().quantity_of("技工贸总收入（亿元）").name, targets().quantity_of("财政收入") is None
        ('income', True)
        """
        names = _names(self)
        plain = re.sub(r"[（(\[【][^（(\[【]*[)）\]】]\s*$", "", text)
        return names.get(name_key(text)) or names.get(name_key(plain))

    def object_of(self, text: str, title: str = "") -> str | None:
        """Return 园区, 全县 or an industry group for what a table calls it; ``title`` is the park's own name."""
        key = name_key(text)
        return PARK if title and key == name_key(title) else self.objects.get(key)


def name_key(text: str) -> str:
    """Fold width, white space and punctuation of a name.

    Examples
    --------
    >>> name_key("新引进、新培育 高新技术企业")
    '新引进新培育高新技术企业'
    """
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).upper()


@cache
def _named() -> dict[str, Quantity]:
    named: dict[str, Quantity] = {}
    for one in targets().quantities.values():
        for text in (one.label, *one.aliases):
            if named.setdefault(name_key(text), one) is not one:
                raise ValueError(f"{FILE}: {text} names {named[name_key(text)].name} and {one.name}")
    return named


def _names(book: Book) -> Mapping[str, Quantity]:
    return _named() if book is targets() else {name_key(q.label): q for q in book.quantities.values()}


@cache
def targets() -> Book:
    """Return the targets of 洞政办发〔2021〕60号.

    Raises
    ------
    ValueError
        A key, kind, quantity, object, operator or unit that is not known, or a figure that is missing.
    """
    return book_of(tomllib.loads(files(__package__).joinpath(FILE).read_text("utf-8")))


def book_of(raw: Mapping[str, Any]) -> Book:
    """Return the targets of a parsed file, checked.

    Raises
    ------
    ValueError
        As for ``targets``.
    """
    if set(raw) != {"document", "object", "quantity", "target"} or set(raw["document"]) != _DOCUMENT:
        raise ValueError(f"{FILE}: only [document], [object.*], [quantity.*], [target.*], with every key")
    document = raw["document"]
    if document["basis"] not in BASES:
        raise ValueError(f"{FILE}: basis not known")
    objects: dict[str, str] = {}
    for name, body in raw["object"].items():
        for text in (name, *body["aliases"]):
            if objects.setdefault(name_key(text), name) != name:
                raise ValueError(f"{FILE}: {text} names two objects")
    quantities = {name: _quantity(name, body) for name, body in raw["quantity"].items()}
    told = tuple(_target(name, body, quantities, set(raw["object"])) for name, body in raw["target"].items())
    return Book(
        document=f"《{document['title']}》（{document['number']}）",
        clause_date=document["date"],
        basis=document["basis"],
        base_year=document["base_year"],
        base_note=document["base_note"],
        quantities=quantities,
        targets=told,
        objects=objects,
    )


def _quantity(name: str, body: Mapping[str, Any]) -> Quantity:
    if set(body) - _QUANTITY or not {"label", "measure", "unit", "aliases", "office"} <= set(body):
        raise ValueError(f"{FILE}: quantity {name}: unknown or missing key")
    path = body.get("path", NONE)
    if body["measure"] not in _MEASURES or path not in (COMPOUND, LINEAR, NONE):
        raise ValueError(f"{FILE}: quantity {name}: measure or path not known")
    if body.get("better", "up") not in ("up", "down"):
        raise ValueError(f"{FILE}: quantity {name}: better must be up or down")
    one = Quantity(
        name=name,
        label=body["label"],
        measure=body["measure"],
        unit=body["unit"],
        path=path,
        is_less_better=body.get("better") == "down",
        aliases=tuple(body["aliases"]),
        office=body["office"],
        own=body.get("own", ""),
        units={text: Fraction(str(worth)) for text, worth in body.get("units", {}).items()},
    )
    if one.scale(one.unit) != 1:
        raise ValueError(f"{FILE}: quantity {name}: its own unit is none of its measure")
    return one


def _target(
    name: str, body: Mapping[str, Any], quantities: Mapping[str, Quantity], objects: set[str]
) -> Target:
    needed = {"kind", "quantity", "objects", "year", "clause", "quote", "offices"}
    if set(body) - _TARGET or not needed <= set(body):
        raise ValueError(f"{FILE}: target {name}: unknown or missing key")
    kind = body["kind"]
    if kind not in KINDS or body["quantity"] not in quantities or not set(body["objects"]) <= objects:
        raise ValueError(f"{FILE}: target {name}: kind, quantity or object not known")
    has_figure = kind not in (DONE_BY, TRACKED)
    if has_figure != ("value" in body) or has_figure != (body.get("operator") in OPERATORS):
        raise ValueError(f"{FILE}: target {name}: value and operator go with a figure")
    if (kind == DONE_BY) != ("by" in body) or (kind == TRACKED) != ("label" in body):
        raise ValueError(f"{FILE}: target {name}: done_by has a day, tracked has a label")
    if bool(body["offices"]) != bool(body.get("offices_clause")):
        raise ValueError(f"{FILE}: target {name}: offices go with the clause that names them")
    quantity = quantities[body["quantity"]]
    return Target(
        target_id=name,
        label=body.get("label", quantity.label),
        kind=kind,
        quantity=quantity,
        objects=tuple(body["objects"]),
        operator=body.get("operator", ""),
        value=Fraction(str(body["value"])) if has_figure else None,
        year=body["year"],
        by=body.get("by"),
        clause=body["clause"],
        quote=body["quote"],
        reading=body.get("reading", ""),
        offices=tuple(body["offices"]),
        offices_clause=body.get("offices_clause", ""),
        year_basis=body.get("year_basis", ""),
    )
