"""``landeval compare``: two finished runs of different years set side by side, like with like, without their inputs."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from landeval.console import say, tell
from landeval.errors import ConfigurationError, InputRefusedError
from landeval.judge.what_if import changed_rules, judged
from landeval.judge.year_classes import (
    causes,
    class_now,
    group_classes,
    new_parcels,
    outcomes,
    transitions,
    what_changed,
)
from landeval.judge.year_progress import progress
from landeval.measure.footprints import only
from landeval.measure.year_figures import compare_figures, totals
from landeval.place.lineage import TOLERANCE_M, Lineage, trace
from landeval.read.run_folder import refuse_other_rules
from landeval.read.year_run import YearRun, read_year
from landeval.tidy.geometry import planar
from landeval.wording import joined
from landeval.year_change import SINGLE, TITLE, YearChange

if TYPE_CHECKING:
    from landeval.judge.status import Judgement

Progress = Callable[[str, int, int], None]
STEPS = ("读取成果", "追踪宗地", "复核结论", "比较", "写出")


class _Verdicts(NamedTuple):
    """A run judged again: what it says, or None where the present program cannot; a remark."""

    judgement: Judgement | None
    remark: str


def compare_runs(
    folder_then: Path | str,
    folder_now: Path | str,
    *,
    tolerance_m: float = TOLERANCE_M,
    step: Progress = lambda name, number, count: None,
) -> YearChange:
    """Compare two finished runs.

    Parameters
    ----------
    folder_then, folder_now : Path or str
        Output folders of ``landeval run``, the earlier first.
    tolerance_m : float
        Mean distance of two drawings of one boundary [m].
    step : callable, optional
        Called after each of ``STEPS`` but the last.

    Raises
    ------
    InputRefusedError
        E580 the same data twice; E581 in the wrong order; E582 other currency; E583 no shapes; or as for ``read_run``.
    """
    begun = time.perf_counter()
    folder_then, folder_now = Path(folder_then), Path(folder_now)
    then, now = read_year(folder_then), read_year(folder_now)
    _refuse(then, now, folder_then, folder_now)
    step(STEPS[0], 1, len(STEPS))
    lineage = _traced(then, now, tolerance_m)
    step(STEPS[1], 2, len(STEPS))
    verdicts = [_judged(run, folder) for run, folder in ((then, folder_then), (now, folder_now))]
    rules = _rules(then, now)
    rejudged = _rejudged(then, now, verdicts[0], has_other=bool(len(rules)))
    step(STEPS[2], 3, len(STEPS))
    found = _compared(then, now, lineage, verdicts, rejudged)
    told = [verdict.remark for verdict in verdicts if verdict.remark]
    if len(rules):
        told.append(
            f"两次适用的规则有 {len(rules)} 条不同，见“说明”；结论因规则而变的已注明。"
            if rejudged is not None
            else f"两次适用的规则有 {len(rules)} 条不同，结论因资料还是因规则而变，不能区分。"
        )
    if then.scheme != now.scheme and len(then.grades) and len(now.grades):
        told.append(f"企业评价方案不同（{then.scheme} → {now.scheme}），等级不宜直接比较。")
    if not len(then.grades) or not len(now.grades):
        told.append("两次成果没有都作企业综合评价，等级不比较。")
    if lineage.slivers:
        told.append(
            f"界线附近的碎片重叠 {lineage.slivers} 处、{lineage.sliver_m2:,.1f} ㎡，小于追踪界限，没有计为分割或合并。"
        )
    step(STEPS[3], 4, len(STEPS))
    return replace(
        found,
        tolerance_m=tolerance_m,
        rules=rules,
        remarks=tuple(told),
        inputs={
            "then": {"run": folder_then.resolve().name, "basis": dict(then.run.digests)},
            "now": {"run": folder_now.resolve().name, "basis": dict(now.run.digests)},
        },
        seconds=time.perf_counter() - begun,
    )


def _refuse(then: YearRun, now: YearRun, folder_then: Path, folder_now: Path) -> None:
    where = f"{folder_then} 与 {folder_now}"
    one, other = then.run, now.run
    if one.digests == other.digests or (
        one.basis.year == other.basis.year
        and all(one.digests.get(name) == other.digests.get(name) for name in ("底稿/parcels.parquet",))
    ):
        raise InputRefusedError(
            "两个成果出自同一份资料，没有变化可比",
            where=where,
            remedy="请指定两个年度的成果；只换标准或基准日请用 landeval what-if",
            code="E580",
        )
    if one.basis.as_of >= other.basis.as_of:
        is_same = one.basis.as_of == other.basis.as_of
        raise InputRefusedError(
            f"两个成果的基准日都是 {one.basis.as_of}，分不出先后"
            if is_same
            else f"先后次序不对：前一个成果的基准日是 {one.basis.as_of}，后一个是 {other.basis.as_of}",
            where=where,
            remedy="请用两个年度各自的基准日（as_of）运行，再比较" if is_same else "请把较早的成果写在前面",
            code="E581",
        )
    if one.currency != other.currency:
        raise InputRefusedError(
            f"币种不同：{one.currency}、{other.currency}",
            where=where,
            remedy="请用同一币种重新运行 landeval run，再比较",
            code="E582",
        )


def _traced(then: YearRun, now: YearRun, tolerance_m: float) -> Lineage:
    import shapely

    usable = [
        only(run.shapes, run.run.basis.parcels["area_measured_m2"].notna().to_numpy(dtype=bool))
        for run in (then, now)
    ]
    drawn = planar(usable[0], usable[1])
    if all(shape is None for shape in usable[0]):
        drawn = planar(usable[1], usable[0])[::-1]
    for shapes in drawn:
        broken = np.flatnonzero(~shapely.is_valid(shapes) & ~shapely.is_missing(shapes))
        shapes[broken] = shapely.make_valid(shapes[broken])
    return trace(then.run.basis.parcels, now.run.basis.parcels, *drawn, tolerance_m=tolerance_m)


def _judged(year: YearRun, folder: Path) -> _Verdicts:
    """Judge a run as it was judged; a run of another version keeps its classes, whatever the present program says."""
    from landeval import __version__

    if year.version == __version__:
        again = judged(year.run.basis)
        refuse_other_rules(year.run, again.status["status"], folder)
        return _Verdicts(again, "")
    told = (
        f"{year.run.basis.as_of} 的成果由 landeval {year.version} 写出，现在是 {__version__}；结论用原成果的"
    )
    try:
        again = judged(year.run.basis)
    except (KeyError, ValueError, TypeError, AttributeError):
        return _Verdicts(None, told + "，逐条判定和办理日程不能复核。")
    theirs = year.run.status
    differing = int((theirs.to_numpy() != again.status["status"].reindex(theirs.index).to_numpy()).sum())
    return _Verdicts(
        again, f"{told}，逐条判定和办理日程按现在的程序（结论与原成果不同的有 {differing} 宗）。"
    )


def _rules(then: YearRun, now: YearRun) -> pd.DataFrame:
    table = changed_rules(then.run.basis.rules, now.run.basis.rules)
    words = {
        "试算改动": "两次不同",
        "试算的基准日适用": "本次才适用",
        "试算的基准日不适用": "本次不再适用",
    }
    return table.rename(
        columns={"value_before": "rule_value_then", "value_after": "rule_value_now"}
    ).assign(trial_note=table["trial_note"].map(words))  # fmt: skip


def _rejudged(then: YearRun, now: YearRun, verdict: _Verdicts, *, has_other: bool) -> pd.Series | None:
    """Judge the earlier data by the later rules; None where the program cannot, or is not the one that judged it."""
    if verdict.judgement is None or verdict.remark:
        return None
    if not has_other:
        return verdict.judgement.status["status"]
    return judged(then.run.basis, now.run.basis.rules, with_cases=False).status["status"]


def _compared(
    then: YearRun,
    now: YearRun,
    lineage: Lineage,
    verdicts: list[_Verdicts],
    rejudged: pd.Series | None,
) -> YearChange:
    links, one, other = lineage.links, then.run, now.run
    groups = links.drop_duplicates("lineage_group").set_index("lineage_group")[
        ["lineage_kind", "group_overlap_share"]
    ]
    of_then, of_now = (
        links[links[name].notna()].drop_duplicates(name).set_index(name)["lineage_group"]
        for name in ("parcel_id_then", "parcel_id_now")
    )
    classes = [group_classes(one.status, of_then), group_classes(other.status, of_now)]
    figures = compare_figures(one.basis.parcels, other.basis.parcels, of_then, of_now, groups)
    outcome = outcomes(groups, *classes)
    changes = _identity(groups, links, one.basis.parcels, other.basis.parcels).assign(
        status_then=classes[0]["classes"].reindex(groups.index),
        status_now=classes[1]["classes"].reindex(groups.index),
        year_outcome=outcome,
    )
    becomes = class_now(links, other.status).reindex(one.status.index)
    cause = causes(one.status, None if rejudged is None else rejudged.reindex(one.status.index), becomes)
    pairs = links[links["lineage_kind"].isin(SINGLE)]
    single = dict(zip(pairs["parcel_id_now"], pairs["parcel_id_then"], strict=True))
    told = pd.Series(dtype="object")
    judgements = [verdict.judgement for verdict in verdicts]
    if judgements[0] is not None and judgements[1] is not None:
        told = what_changed(judgements[0].findings, judgements[1].findings, single)
    parcels = _parcels(then, now, links, becomes, outcome).assign(
        change_cause=lambda frame: frame["parcel_id_then"].map(cause),
        changed_findings=lambda frame: frame["parcel_id_then"].map(told),
    )
    mine = parcels.dropna(subset=["parcel_id_then"]).drop_duplicates("lineage_group", keep=False)
    mine = mine.set_index("lineage_group")
    changes = changes.join(mine[["change_cause", "changed_findings"]]).join(figures).reset_index()
    fresh = new_parcels(links)
    moved = pd.DataFrame()
    if judgements[0] is not None and judgements[1] is not None:
        moved = progress(
            parcels[parcels["parcel_id_then"].notna()], links, judgements[0].status, judgements[1].status,
            judgements[1].calendar, pd.Timestamp(one.basis.as_of), pd.Timestamp(other.basis.as_of),
        )  # fmt: skip
    return YearChange(
        title=other.title,
        currency=other.currency,
        as_of_then=one.basis.as_of,
        as_of=other.basis.as_of,
        year_then=one.basis.year,
        year=other.basis.year,
        tolerance_m=TOLERANCE_M,  # the caller's own is put in
        lineage=links,
        parcels=parcels,
        changes=changes,
        totals=totals(one.basis.parcels, other.basis.parcels, changes),
        transitions=transitions(
            one.status,
            becomes,
            one.basis.parcels["area_mu"],
            other.status.reindex(fresh),
            other.basis.parcels["area_mu"].reindex(fresh),
        ),
        grades=_grades(then.grades, now.grades),
        progress=moved,
        rules=pd.DataFrame(),
        questions=_questions(lineage.questions),
        classes_now={str(name): int(count) for name, count in other.status.value_counts().items()},
    )


def _identity(
    groups: pd.DataFrame, links: pd.DataFrame, one: pd.DataFrame, other: pd.DataFrame
) -> pd.DataFrame:
    """Return each group's kind, its parcels and holders of both years."""
    frame = groups.copy()
    for side, parcels in (("then", one), ("now", other)):
        rows = links[links[f"parcel_id_{side}"].notna()]
        ids = rows[f"parcel_id_{side}"]
        frame[f"lots_{side}"] = (
            ids.groupby(rows["lineage_group"]).nunique().reindex(groups.index).fillna(0).astype("int64")
        )
        frame[f"parcel_id_{side}"] = joined(rows["lineage_group"], ids).reindex(groups.index)
        frame[f"holder_name_{side}"] = joined(rows["lineage_group"], ids.map(parcels["holder_name"])).reindex(groups.index)  # fmt: skip
    return frame


def _parcels(
    then: YearRun, now: YearRun, links: pd.DataFrame, becomes: pd.Series, outcome: pd.Series
) -> pd.DataFrame:
    """Return one row a parcel of the earlier run, then one a parcel that only the later has."""
    one, other = then.run.basis.parcels, now.run.basis.parcels
    heirs = joined(links["parcel_id_then"].fillna(""), links["parcel_id_now"])
    old = links[links["parcel_id_then"].notna()].drop_duplicates("parcel_id_then").set_index("parcel_id_then")
    old = old[["lineage_group", "lineage_kind", "group_overlap_share"]].reindex(one.index)
    frame = old.assign(
        parcel_id_then=one.index,
        parcel_code_then=one["parcel_code"],
        holder_name_then=one["holder_name"],
        area_mu_then=one["area_mu"],
        parcel_id_now=heirs.reindex(one.index),
        status_then=then.run.status,
        status_now=becomes,
    )
    new = links[links["parcel_id_then"].isna()].set_index("parcel_id_now")
    new = new[["lineage_group", "lineage_kind", "group_overlap_share"]].assign(
        parcel_id_now=new.index, status_now=now.run.status.reindex(new.index)
    )
    whole = pd.concat([frame, new], ignore_index=True)
    first = whole["parcel_id_now"].str.split("、").str[0]
    lone = whole["parcel_id_now"].isin(other.index)
    for name in ("parcel_code", "holder_name", "area_mu"):
        whole[f"{name}_now"] = first.where(lone).map(other[name])
    heirs_mu = links["parcel_id_now"].map(other["area_mu"]).groupby(links["parcel_id_then"])
    several = heirs_mu.sum().where(heirs_mu.count() == heirs_mu.size())
    whole["area_mu_now"] = whole["area_mu_now"].where(lone, whole["parcel_id_then"].map(several))
    return whole.assign(year_outcome=whole["lineage_group"].map(outcome))


def _grades(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
    """Count the enterprises by grade then × grade now; who has no grade stands with its state."""
    if not len(then) or not len(now):
        return pd.DataFrame()
    shown = [
        frame.set_index("enterprise_id").pipe(lambda f: f["enterprise_grade"].where(f["enterprise_grade"] != "", f["grade_state"]))
        for frame in (then, now)
    ]  # fmt: skip
    both = pd.concat(shown, axis=1, keys=["enterprise_grade_then", "enterprise_grade_now"])
    both = both.astype("object").where(both.notna(), None)
    both = both.fillna({"enterprise_grade_then": "上次没有", "enterprise_grade_now": "本次没有"})
    return (
        both.groupby(["enterprise_grade_then", "enterprise_grade_now"])
        .size()
        .rename("enterprises_count")
        .reset_index()
    )


def _questions(asked: pd.DataFrame) -> pd.DataFrame:
    from landeval.issues import CATALOGUE

    kinds = asked["code"].map(CATALOGUE)
    return asked.assign(
        what=[kind.what for kind in kinds],
        remedy=[kind.remedy for kind in kinds],
        responsible=[kind.responsible for kind in kinds],
    ).sort_values(["code", "parcel_id_then", "parcel_id_now"], na_position="last").reset_index(drop=True)  # fmt: skip


def run_compare(options: argparse.Namespace, step: Progress) -> None:
    """Compare, write and tell."""
    from landeval.publish.folder import mended, reserved
    from landeval.publish.workbook.year_change import BOOK, summary
    from landeval.publish.year_change import write_year_change

    if options.out is None:
        raise ConfigurationError(
            "没有写明输出文件夹", where="--out", remedy="请加 --out 年度比较", code="E615"
        )
    folders, out = [Path(options.run_then), Path(options.run_now)], Path(options.out).absolute()
    tolerance = _tolerance(options.tolerance)
    for folder in folders:
        tell(mended(folder))
    with reserved(out, inputs=folders) as place:
        tell(place.notes)
        found = compare_runs(folders[0], folders[1], tolerance_m=tolerance, step=step)
        write_year_change(found, out, runs=folders)
    step(STEPS[-1], len(STEPS), len(STEPS))
    say(f"\n{TITLE}：{found.title}")
    for text in summary(found):
        say(f"  {text}")
    say(f"\n成果：{out / BOOK}　{out / 'tables'}（csv）")


def _tolerance(text: str | None) -> float:
    if text is None:
        return TOLERANCE_M
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 < value <= 5:
        raise ConfigurationError(
            f"容差不可用：{text}", where="--tolerance", remedy="请写 0 到 5 之间的米数，如 0.5", code="E611"
        )
    return value
