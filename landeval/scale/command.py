"""``landeval province``: evaluate every unit, put them together, write, and tell."""

from __future__ import annotations

import argparse
import datetime as dt
import time
import uuid
from collections.abc import Sequence
from pathlib import Path

from landeval.console import insist, report, say, say_error
from landeval.errors import ConfigurationError
from landeval.province import FAILED, KEPT, Outcome, Plan, Province
from landeval.scale.engines import Told, memory_share, on_dask, one_by_one
from landeval.scale.plan import plan_of
from landeval.scale.unit import Order

LOCAL, DASK = ENGINES = ("local", "dask")
PARTS = "分片"
"""Beside the result: the units' parts, from which a run is resumed."""
INCOMPLETE = 7
"""Exit code where some units have no result."""
MOST_WORKERS = 256


def parts_beside(out: Path) -> Path:
    """Return where the parts of a result are made."""
    return out.with_name(f"{out.name}.{PARTS}")


def evaluate_province(
    plan: Plan,
    out: Path,
    *,
    engine: str = LOCAL,
    workers: int = 2,
    scheduler: str | None = None,
    memory: str | None = None,
    resume: bool = False,
    told: Told = lambda outcome, number, count: None,
) -> Province:
    """Evaluate every unit of a plan, put them together and write the result.

    Parameters
    ----------
    plan : Plan
    out : Path
        Target folder; the parts stand beside it.
    engine : str
        ``ENGINES``: the same parts and the same result.
    workers : int
        Processes of a local cluster.
    scheduler : str, optional
        Address of an existing one.
    memory : str, optional
        Limit of each process of a local cluster, as 4GB.
    resume : bool
        Keep the parts of earlier runs whose inputs, settings and program are the same.
    told : callable
        Called with each unit's outcome, how many are done, and how many there are.

    Raises
    ------
    LandevalError
        What stops the whole; what stops one unit is told of that unit.
    """
    from landeval.publish.folder import refuse_unsafe, reserved
    from landeval.publish.part import sweep
    from landeval.publish.province import write_province
    from landeval.scale.reduction import reduced

    begun = time.perf_counter()
    out = out.resolve()
    inputs = [unit.settings.parent for unit in plan.units]
    refuse_unsafe(out, inputs)
    run = uuid.uuid4().hex
    orders = [
        Order(unit, plan.common, plan.scope, parts_beside(out) / unit.name, run, resume)
        for unit in plan.units
    ]
    with reserved(out) as place:  # each unit watches its own inputs
        tell_all(place.notes)
        outcomes = (
            on_dask(orders, told, workers=workers, scheduler=scheduler, memory=memory)
            if engine == DASK
            else one_by_one(orders, told)
        )
        sweep(parts_beside(out))
        timing = {
            "finished_at": dt.datetime.now().astimezone().isoformat(timespec="seconds"),
            "engine": engine,
            "workers": workers if engine == DASK and scheduler is None else None,
            "units": {one.name: [one.state, one.seconds] for one in outcomes},
            "evaluation_seconds": round(time.perf_counter() - begun, 3),
        }
        found = reduced(plan, outcomes, timing)
        write_province(found, out, inputs=inputs)
    return found


def run_province(options: argparse.Namespace) -> int:
    """Read the options, run, and tell."""
    if options.out is None:
        raise ConfigurationError(
            "没有写明输出文件夹", where="--out", remedy="请加 --out 全省成果", code="E615"
        )
    plan, engine, workers = plan_of(Path(options.province)), _engine(options), _workers(options.workers)
    if engine == DASK and options.scheduler is None:
        report(
            f"{len(plan.units)} 个单位，{workers} 个工作进程，每个内存上限 {_memory(options.memory, workers)}"
        )
    found = evaluate_province(
        plan,
        Path(options.out),
        engine=engine,
        workers=workers,
        scheduler=options.scheduler,
        memory=options.memory,
        resume=options.resume,
        told=tell,
    )
    return _summary(found, Path(options.out).absolute())


def tell_all(notes: Sequence[str]) -> None:
    """Say what was mended of an earlier run."""
    for note in notes:
        say_error(note)


def tell(outcome: Outcome, number: int, count: int) -> None:
    """Say of a unit that it is done, or what is wrong."""
    first = f"：{outcome.message.splitlines()[0]}" if outcome.message else ""
    (say_error if outcome.state == FAILED else report)(
        f"[{number}/{count}] {outcome.name}　{outcome.state}{first}"
    )


def _summary(found: Province, out: Path) -> int:
    from landeval.publish.province import BOOK

    total = found.tables["zones"].iloc[0]
    states = dict.fromkeys((KEPT, FAILED), 0)
    for state, _ in found.timing["units"].values():
        states[state] = states.get(state, 0) + 1
    kept = f"，其中沿用 {states[KEPT]} 个" if states[KEPT] else ""
    say(f"\n{found.title}　数据年度 {found.year or '无'}　基准日 {found.as_of}")
    say(
        f"  {len(found.units)} 个单位，完成 {len(found.parts)} 个{kept}；{int(total['zone_parcels']):,} 宗，{total['area_mu']:,.1f} 亩"
    )
    for text in found.remarks:
        say(f"  {text}")
    if found.missing:
        insist("\n没有完成的单位：")
        lost = found.units[found.units["unit_state"] == FAILED]
        for name, message in zip(lost["unit_name"], lost["unit_message"], strict=True):
            insist(f"  {name}：{message}")
        insist("改好后加 --resume 重新运行，只补没有完成的和资料变了的单位。")
    say(f"\n成果：{out / BOOK}　{out / 'tables'}（csv）　{out / 'parquet'}（GeoParquet）　{out / 'run.json'}")
    say(f"分片：{parts_beside(out)}（--resume 要用；不再补算可以删去）")
    return INCOMPLETE if found.missing else 0


def _engine(options: argparse.Namespace) -> str:
    engine = options.engine or (DASK if options.scheduler else LOCAL)
    if engine not in ENGINES:
        raise ConfigurationError(
            f"没有引擎 {engine}",
            where="--engine",
            remedy="请写 local（逐个单位）或 dask（多进程、多机）",
            code="E611",
        )
    if options.scheduler and engine != DASK:
        raise ConfigurationError(
            "--scheduler 只用于 dask 引擎",
            where="--scheduler",
            remedy="请加 --engine dask，或去掉 --scheduler",
            code="E611",
        )
    return str(engine)


def _workers(text: str | None) -> int:
    if text is None:
        return 2
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_WORKERS):
        raise ConfigurationError(
            f"进程数不可用：{text}",
            where="--workers",
            remedy=f"请写 1 到 {MOST_WORKERS} 的整数，一般等于处理器核数",
            code="E611",
        )
    return int(text)


def _memory(text: str | None, workers: int) -> str:
    from landeval.scale.engines import installed

    installed()
    if text is None:
        return f"{memory_share(workers) / 2**30:.1f} GB"
    from dask.utils import parse_bytes

    try:
        size = parse_bytes(text)
    except (ValueError, TypeError):
        size = 0
    if size < 2**28:
        raise ConfigurationError(
            f"内存上限不可用：{text}",
            where="--memory",
            remedy="请写 4GB、800MB 这样的数，不小于 256MB",
            code="E611",
        )
    return f"{size / 2**30:.1f} GB"
