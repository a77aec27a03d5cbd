"""The inputs that settings and options name: files checked for being there, frames by their table."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landeval.configuration import known, wrong_value
from landeval.errors import ConfigurationError
from landeval.imagery import BANDS, KINDS
from landeval.sources import FRAMES, Source, named_apart
from landeval.standards.overlays import EFFECTS
from landeval.vocabulary.fields import fields_of

if TYPE_CHECKING:
    import pandas as pd
from landeval.settings.values import day_in, existing, flag_in, least_in, number_in, text_in

SOURCE = {"path", "layer", "encoding", "crs", "columns", "units", "constants", "where", "level", "swap_axes"}

IMAGE = {"path", "crs", "nodata", "bands", "date", "kind", "scale", "offset"}

LAYOUT = {*SOURCE, "split"}

OVERLAY = {"name", "effect", "width_m", "path", "layer", "encoding", "crs", "columns", "where", "swap_axes"}

_KEYS_OF = {"imagery": IMAGE, "layout": LAYOUT, "overlays": OVERLAY}


def sources_in(
    table: str, raw: Mapping[str, Any], given: Mapping[str, Any], base: Path, where: str
) -> list[Source]:
    """Return the inputs of one table: those of the options, with the settings of their sections, else those of the settings."""
    entries = raw.get(table, [])
    entries = [entries] if isinstance(entries, Mapping) else entries
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        raise wrong_value(table, entries, f"一节 [{table}] 或多节 [[{table}]]", where)
    if table in given:
        inputs = given[table] if isinstance(given[table], list | tuple) else [given[table]]
        settings = entries if len(entries) == len(inputs) else [{}] * len(inputs)
        return [_framed(table, entry, one, number if len(inputs) > 1 else 0, where) if is_frame(one)
                else _source(table, {**entry, "path": str(one)}, Path.cwd(), where, option=_OPTIONS.get(table, f"--{table}"))
                for number, (entry, one) in enumerate(zip(settings, inputs, strict=True), start=1)]  # fmt: skip
    return [_source(table, entry, base, where) for entry in entries]


_OPTIONS = {"decisions": "--review"}
"""Options that are not called as their table."""


def is_frame(value: Any) -> bool:
    """Tell whether an option is a table in memory, without loading pandas for one that is not."""
    pandas = sys.modules.get("pandas")
    return pandas is not None and isinstance(value, pandas.DataFrame)


def _framed(table: str, entry: Mapping[str, Any], frame: pd.DataFrame, number: int, where: str) -> Source:
    """Make the source of a frame, named by its ``attrs`` or by its table."""
    if table not in FRAMES:
        raise wrong_value(table, "DataFrame", "文件路径", where)
    name = str(frame.attrs.get("name") or f"{FRAMES[table]}（数据框{f' {number}' if number else ''}）")
    given = _read_as(table, {key: value for key, value in entry.items() if key != "path"}, Path(name), where)
    return replace(given, frame=frame)


def _source(table: str, entry: Mapping[str, Any], base: Path, where: str, option: str = "") -> Source:
    spot = f"{where} [{table}]"
    if "path" not in entry:
        known(entry, _KEYS_OF.get(table, SOURCE), spot)
        raise ConfigurationError(
            "没有写明文件路径",
            where=spot,
            remedy='请写参数表该节的“文件”（landeval.toml 的这一节加 path = "文件名"）',
            code="E608",
        )
    return _read_as(table, entry, existing(text_in(entry["path"], "path", spot), base, option or spot), where)


def _read_as(table: str, entry: Mapping[str, Any], path: Path, where: str) -> Source:
    """Return the source of a path, read as its section says."""
    spot = f"{where} [{table}]"
    known(entry, _KEYS_OF.get(table, SOURCE), spot)
    for key in ("columns", "units", "constants"):
        section = entry.get(key, {})
        if not isinstance(section, Mapping):
            raise wrong_value(key, section, "一节", spot)
        _known_fields(section, table, f"{spot} {key}")
    if not isinstance(entry.get("where", {}), Mapping):
        raise wrong_value("where", entry["where"], '一节，如 where = { "土地用途" = ["工业用地"] }', spot)
    return Source(
        table=table,
        path=path,
        layer=text_in(entry.get("layer", ""), "layer", spot),
        encoding=text_in(entry.get("encoding", ""), "encoding", spot),
        crs=text_in(entry.get("crs", ""), "crs", spot),
        columns={key: text_in(value, key, spot) for key, value in entry.get("columns", {}).items()},
        units={key: text_in(value, key, spot) for key, value in entry.get("units", {}).items()},
        constants=dict(entry.get("constants", {})),
        where={key: tuple(map(str, value if isinstance(value, list) else [value]))
               for key, value in entry.get("where", {}).items()},
        level=text_in(entry.get("level", ""), "level", spot),
        nodata=number_in(entry.get("nodata"), "nodata", spot),
        bands=_bands(entry.get("bands", {}), spot),
        taken_on=day_in(entry.get("date"), spot, "date"),
        kind=_kind(entry.get("kind", ""), spot),
        scale=number_in(entry.get("scale"), "scale", spot),
        offset=number_in(entry.get("offset"), "offset", spot),
        swap_axes=flag_in(entry.get("swap_axes", False), "swap_axes", spot),
        **(_laid_over(entry, spot) if table == "overlays" else {}),
    )  # fmt: skip


def _known_fields(section: Mapping[str, Any], table: str, where: str) -> None:
    """Refuse what is no field of a table, with the nearest field by its English name or its label."""
    names = {name: item for item in fields_of(table) for name in (item.name, item.label.partition("(")[0])}
    for key in section:
        if key not in {item.name for item in names.values()}:
            near = names[difflib.get_close_matches(key, names, n=1, cutoff=0.0)[0]]
            raise ConfigurationError(
                f"不认识的数据项 {key}",
                where=where,
                remedy=f"是不是“{near.label}”（{near.name}）？全部数据项见 docs/数据字典.md",
                code="E607",
            )


def _laid_over(entry: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Read what a layer laid over the parcels is: its effect is never guessed from its name."""
    effect = entry.get("effect")
    if effect not in EFFECTS:
        raise wrong_value("effect", effect, "、".join(f'"{name}"' for name in EFFECTS) + " 之一", where)
    name = text_in(entry.get("name", effect), "name", where)
    return {
        "overlay": name,
        "effect": effect,
        "width_m": least_in(entry.get("width_m", 0.0), "width_m", where),
    }


def _kind(value: Any, where: str) -> str:
    if value not in ("", *KINDS):
        raise wrong_value("kind", value, "、".join(f'"{kind}"' for kind in KINDS) + " 之一", where)
    return str(value)


def _bands(value: Any, where: str) -> dict[str, int]:
    is_fit = isinstance(value, Mapping) and all(
        isinstance(number, int) and not isinstance(number, bool) and number > 0 for number in value.values()
    )
    if not is_fit:
        raise wrong_value("bands", value, "波段名和序号，如 bands = { red = 3, nir = 4 }", where)
    if unknown := set(value) - set(BANDS):
        names = "、".join(f"{name}（{said}）" for name, said in BANDS.items())
        raise wrong_value("bands", "、".join(sorted(unknown)), f"下列名称：{names}", where)
    return dict(value)


def distinct(sources: list[Source], where: str) -> tuple[Source, ...]:
    """Refuse the same file and layer given twice: every record of it would count double."""
    seen: dict[tuple[Path, str], str] = {}
    for source in sources:
        one = (source.path, source.layer)
        if one in seen:
            raise ConfigurationError(
                f"同一个文件给了两次{_uses(seen[one], source.table)}",
                where=f"{source.path}（{where}）",
                remedy="请删去一处，或用 layer 指定不同的工作表",
                code="E617",
            )
        seen[one] = source.table
    return named_apart(sources)


def _uses(one: str, other: str) -> str:
    """Say as what a file was given where it was given as two things."""
    from landeval.settings_table import section_named

    if one == other:
        return ""
    uses = ("审核记录" if table == "reviews" else section_named(table) for table in (one, other))
    return "：" + "，又".join(f"当作“{use}”" for use in uses)


def of_source(section: Mapping[str, Any]) -> dict[str, Any]:
    """Return those keys of a section that are of a source."""
    return {key: value for key, value in section.items() if key in SOURCE}
