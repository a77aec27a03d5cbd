"""The last words of a run: what came out, what needs attention first, which file to open in which order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from landeval.project import Project
from landeval.publish.frames import parcel_table
from landeval.publish.land import land_words
from landeval.publish.names import (
    AGENDA,
    CHIPS,
    GRADING,
    INDEX,
    LIST,
    MAP,
    PLACES,
    PLAN,
    PROBLEMS,
    PUBLIC,
    REPORT,
    REVIEW,
    SIDES,
    SUPPLY,
    TARGETS,
)
from landeval.publish.workbook.summary import attention
from landeval.result import STATUSES, WAITING, Result

WHY = f"地图上点宗地，{LIST} 的“逐条判定”“待核实”“依据”，一宗一档"
"""Where an analyst reads why a parcel got its class."""


def heading(result: Result) -> Iterator[str]:
    """Tell the parcels of every class, and the index where there is one."""
    counts, land = result.status["status"].value_counts(), result.parcels["area_mu"]
    yield f"\n{result.title}　数据年度 {result.year or '无'}　基准日 {result.as_of}　共 {len(result.status)} 宗"
    for name in STATUSES:
        if name in counts:
            mine = land[(result.status["status"] == name).reindex(land.index)]
            yield f"  {name}　{counts[name]} 宗　{land_words(mine, places=1)}"
    if result.index is not None:
        from landeval.publish.workbook.index import score_words

        yield f"  集约利用（{result.index.formula}）：{score_words(result.index)}"


def first_things(result: Result, project: Project, left: Sequence[str] = ()) -> Iterator[str]:
    """Tell what somebody has to do or decide, most urgent first; data problems are told by kind elsewhere.

    ``left``: what the former result had been given back and this one was not, a sentence each.
    """
    told = list(left)
    told += [text for text in attention(result, parcel_table(result)) if not text.startswith("数据问题：")]
    waiting = int(result.links["state"].isin(WAITING).sum())
    if waiting:
        told.append(f"{waiting} 对企业与宗地的匹配待复核，在 {REVIEW} 里选好，复制到别处再用 --review 交回。")
    if project.writing.dossiers_of:
        from landeval.publish.dossier import wanted_parcels

        nobody = wanted_parcels(result, project.writing.dossiers_of)[1]
        if nobody:
            told.append(
                f"没有这些宗地，没有写一宗一档：{'、'.join(nobody)}。请核对 --dossiers 后的宗地代码。"
            )
    if told:
        yield f"\n先看这些（引号里是 {LIST} 中的表）："
    for number, text in enumerate(told, start=1):
        yield f"  {number}. {text}"


def files(result: Result, project: Project) -> Iterator[str]:
    """Tell where the outputs are, those to open first, and the names of the rest."""
    yield f"\n成果在 {project.out}，按这个次序打开："
    yield f"  1. {MAP}　双击用浏览器打开，不需联网"
    yield f"  2. {LIST}　候选、待核实、办理日程、依据；黄色各列填好，复制到别处再用 --review 交回"
    yield f"  3. {PROBLEMS}　按责任单位分表；填好更正值，复制到别处再用 --corrections 交回"
    yield f"  4. {REPORT}　结论、图和图后的表"
    yield f"  一宗地为什么这样判：{WHY}{_asking(project)}"
    others = (
        (REVIEW, True),
        ("一宗一档", project.writing.has_dossiers),
        (PLAN, True),
        (AGENDA, True),
        (PLACES, result.placing is not None),
        (GRADING, result.scheme is not None),
        (INDEX, result.index is not None),
        (SUPPLY, result.supply is not None),
        (TARGETS, result.board is not None),
        (CHIPS, result.imagery is not None),
        (PUBLIC, project.writing.is_public),
        (SIDES, True),
        ("tables（csv）", True),
        ("gis", True),
        ("run.json（运行记录）", True),
    )
    yield f"  另有 {'、'.join(name for name, is_there in others if is_there)}"


def _asking(project: Project) -> str:
    """Return how to ask of a parcel on the command line; nothing where the inputs were given without a project."""
    if project.configured_in is None:
        return ""
    folder = project.configured_in.parent
    name = f'"{folder}"' if " " in str(folder) else str(folder)
    same = "，本次的 --corrections 照写" if project.sources_of("corrections") else ""
    return "；或运行 landeval explain 宗地代码" + ("" if folder == Path.cwd() else f" {name}") + same
