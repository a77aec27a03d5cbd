"""What may become of a spoiled delivery: refused with a message that helps, or read with every record accounted for."""

from __future__ import annotations

import traceback
from pathlib import Path

import numpy as np
import pandas as pd
from fuzz.counts import promised
from fuzz.published import published

from landeval import evaluate, load_project
from landeval.errors import InternalError, LandevalError
from landeval.project import Project
from landeval.result import MONEY, RATIOS, Result
from landeval.run import _read
from landeval.sources import RawTable
from landeval.tidy.contracts import tidy_contracts
from landeval.tidy.enterprises import tidy_enterprises
from landeval.tidy.parcels import tidy_parcels


def verdict(folder: Path, given: dict[str, str], *, depth: str) -> str:
    """Run one delivery and return what is wrong with the outcome; empty where nothing is.

    Parameters
    ----------
    folder : Path
        Holds the inputs and nothing else.
    given : dict
        Table → file name.
    depth : str
        ``tidied``: read and tidied only; ``evaluated``, four times as long; ``published``: the command line with
        all its outputs, ten times as long.
    """
    before = _listing(folder)
    try:
        if depth == "published":
            found = published(folder, given)
        else:
            project = load_project(
                as_of="2024-12-31", **{table: str(folder / name) for table, name in given.items()}
            )
            found = _evaluated(project) if depth == "evaluated" else _tidied(project)
    except InternalError:
        found = f"程序内部错误\n{traceback.format_exc()}"
    except LandevalError as error:
        silent = [part for part in ("what", "where", "remedy", "code") if not getattr(error, part)]
        found = f"拒绝时没有说明 {silent}：{error}" if silent else ""
    except Exception:
        found = traceback.format_exc()
    if not found and (now := _listing(folder)) != before:
        found = f"输入文件夹有变化：{sorted(set(now.items()) ^ set(before.items()))}"
    return found


def _listing(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _tidied(project: Project) -> str:
    raws = _read(project)
    land, firms = raws["land"], raws["enterprises"]
    every = [*land, *firms, *raws["contracts"]]
    problem = _short(every, _places([frame for raw in every for frame in (raw.frame, raw.set_aside)]))
    frames: list[pd.DataFrame] = []
    if land:
        parcels, tables, *_ = tidy_parcels(land, project)
        frames += [pd.DataFrame(parcels.drop(columns="geometry")), *(table.frame for table in tables)]
    if raws["contracts"]:
        frames.append(tidy_contracts(raws["contracts"], project)[0])
    if firms:
        enterprises = tidy_enterprises(firms, project)
        frames += [enterprises.records, enterprises.years]
    return problem or next(filter(None, map(_not_finite, frames)), "")


def _evaluated(project: Project) -> str:
    result = evaluate(project)
    accounted = _places([result.reconciliation])
    told = {str(one["file"]): one for one in result.meta["inputs"]}
    problem = ""
    for source in project.sources:
        inputs = [one for one in result.meta["inputs"] if one["file"] == source.name]
        for one in inputs or [told[source.name]]:
            lost = promised(source.path, one) - accounted.get((source.name, str(one["layer"])), set())
            problem = problem or (f"{source.name} 的记录 {sorted(lost)[:10]} 没有去向" if lost else "")
    frames = [
        result.parcels,
        result.enterprises,
        result.years,
        result.parcel_years,
        result.zones,
        result.ledger,
    ]
    return problem or next(filter(None, [*map(_not_finite, frames), _ratio_without_area(result)]), "")


def _places(frames: list[pd.DataFrame]) -> dict[tuple[str, str], set[int]]:
    """Return the rows that are spoken of, by file and layer."""
    found: dict[tuple[str, str], set[int]] = {}
    for frame in frames:
        for file, layer, row in zip(
            frame["source_file"], frame["source_layer"], frame["source_row"], strict=True
        ):
            found.setdefault((str(file), str(layer)), set()).add(int(row))
    return found


def _short(raws: list[RawTable], spoken: dict[tuple[str, str], set[int]]) -> str:
    for raw in raws:
        layer = str(raw.frame["source_layer"].iloc[0]) if len(raw.frame) else raw.source.layer
        lost = promised(raw.source.path, raw.facts) - spoken.get((raw.source.name, layer), set())
        if lost and len(raw.frame):
            return f"{raw.source.name}［{layer}］的记录 {sorted(lost)[:10]} 没有读到，也没有列出"
    return ""


def _not_finite(frame: pd.DataFrame) -> str:
    numbers = frame.select_dtypes("number")
    endless = np.isinf(numbers.to_numpy(dtype="float64", na_value=np.nan))
    return f"有无穷大的数：{list(numbers.columns[endless.any(axis=0)])}" if endless.any() else ""


def _ratio_without_area(result: Result) -> str:
    parcels = result.parcels
    for ratio, money in zip(RATIOS, MONEY, strict=True):
        known = parcels[ratio].notna()
        if (known & ~(parcels["area_mu"] > 0)).any() or (known & parcels[money].isna()).any():
            return f"{ratio} 在面积或金额未知时仍有值"
    return ""
