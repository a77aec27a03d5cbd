"""Load ``fields.toml`` strictly and answer questions about fields."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

KINDS = frozenset(
    {
        "text",
        "name",
        "note",
        "code",
        "date",
        "year",
        "number",
        "integer",
        "share",
        "flag",
        "money",
        "area",
        "per_mu",
        "length",
    }
)
TABLES = (
    "parcels",
    "contracts",
    "enterprises",
    "layout",
    "buildings",
    "corrections",
    "decisions",
    "reviews",
    "projects",
    "exemptions",
    "index",
    "supply",
    "boundary",
    "targets",
    "overlays",
)
_KEYS = frozenset({"label", "kind", "unit", "tables", "aliases", "office", "minimum", "maximum"})
_SPACE = re.compile(r"[\s\u200b-\u200d\ufeff_]+")


@dataclass(frozen=True)
class Field:
    """One field: its English name with unit, what the analyst sees, and where it is read from."""

    name: str
    label: str
    kind: str
    unit: str = ""
    tables: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    office: str = ""
    minimum: float | None = None
    maximum: float | None = None

    def aliases_in(self, table: str) -> list[str]:
        """Return the aliases that hold in ``table``: the bare ones and those written ``table:alias``."""
        pairs = (alias.partition(":") for alias in self.aliases)
        return [rest or head for head, colon, rest in pairs if not colon or head == table]


def normalise_header(text: str) -> str:
    r"""Fold width, case and white space of a header, keeping every letter and Chinese character.

    Examples
    --------
    >>> normalise_header(" 宗地　代码\n")
    '宗地代码'
    >>> normalise_header("ｚｄｄｍ")
    'ZDDM'
    """
    return _SPACE.sub("", unicodedata.normalize("NFKC", str(text))).strip("*:;,。.").upper()


@cache
def fields() -> dict[str, Field]:
    """Every field by its English name, in the order of ``fields.toml``.

    Raises
    ------
    ValueError
        An unknown key, kind or table, or an alias that stands for two fields of one table.
    """
    raw = tomllib.loads(files(__package__).joinpath("fields.toml").read_text("utf-8"))
    result: dict[str, Field] = {}
    for name, body in raw.items():
        if extra := set(body) - _KEYS:
            raise ValueError(f"fields.toml: {name}: unknown key {sorted(extra)}")
        field = Field(
            name=name,
            label=body["label"],
            kind=body["kind"],
            unit=body.get("unit", ""),
            tables=tuple(body.get("tables", ())),
            aliases=tuple(body.get("aliases", ())),
            office=body.get("office", ""),
            minimum=body.get("minimum"),
            maximum=body.get("maximum"),
        )
        if field.kind not in KINDS or not set(field.tables) <= set(TABLES):
            raise ValueError(f"fields.toml: {name}: unknown kind or table")
        result[name] = field
    for table in TABLES:
        _alias_index(table, result)
    return result


def _alias_index(table: str, registry: dict[str, Field]) -> dict[str, str]:
    index: dict[str, str] = {}
    weaker: dict[str, str] = {}
    for field in registry.values():
        if table not in field.tables:
            continue
        own = {normalise_header(t) for t in (field.name, field.label, field.label.split("(")[0])}
        for key in own:
            if index.setdefault(key, field.name) != field.name:
                raise ValueError(f"fields.toml: {table}: {key} names {index[key]} and {field.name}")
        for key in (normalise_header(name) for name in field.aliases_in(table)):
            if weaker.setdefault(key, field.name) != field.name:
                raise ValueError(f"fields.toml: {table}: {key} names {weaker[key]} and {field.name}")
    return weaker | index


@cache
def alias_index(table: str) -> dict[str, str]:
    """Map every normalised header that may stand in ``table`` to its field name."""
    return _alias_index(table, fields())


def label(name: str) -> str:
    """Return the Chinese label of a field; the name itself where the registry has none.

    Examples
    --------
    >>> label("tax_wan_yuan_per_mu")
    '亩均税收(万元/亩)'
    """
    field = fields().get(name)
    return field.label if field else name


def fields_of(table: str) -> list[Field]:
    """Return the fields that may be read from one table, in registry order."""
    return [field for field in fields().values() if table in field.tables]
