"""One unit's task: the same ``evaluate`` as a single run, its frames written as a part; runs in any process."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landeval import __version__
from landeval.errors import InputRefusedError, LandevalError
from landeval.province import FAILED, IN_PROVINCE, KEPT, MADE, Outcome, Unit
from landeval.shortage import is_full, is_out_of_memory

if TYPE_CHECKING:
    from landeval.project import Project

FORM = 3
"""Of what a unit leaves behind; a part of another form is made again."""


@dataclass(frozen=True)
class Order:
    """What is asked of a task.

    Attributes
    ----------
    unit : Unit
    common : Mapping
        Settings that hold for every unit.
    scope : str or None
        ``SCOPES``.
    place : Path
        Where the part shall stand.
    keeps : str
        A part that a run of this name wrote, and of the same inputs, still holds.
    resumes : bool
        A part of any earlier run of the same inputs still holds.
    """

    unit: Unit
    common: Mapping[str, Any]
    scope: str | None
    place: Path
    keeps: str
    resumes: bool


def make_part(order: Order) -> Outcome:
    """Evaluate a unit and write its part, unless the part stands there already; what goes wrong is told, not raised."""
    from landeval.read.part import digest_of, record_of_part

    begun = time.perf_counter()
    try:
        state = _made(order)
    except LandevalError as error:
        return Outcome(order.unit.name, FAILED, str(error))
    except Exception as error:
        return Outcome(order.unit.name, FAILED, _said(error, order))
    record = record_of_part(order.place)
    assert record is not None
    return Outcome(
        order.unit.name, state, "", order.place, digest_of(record), round(time.perf_counter() - begun, 3)
    )


def _made(order: Order) -> str:
    from landeval.read.part import is_whole, record_of_part
    from landeval.settings.load import load_project

    project = load_project(order.unit.settings, common=order.common)
    key = key_of(project, order.scope)
    there = record_of_part(order.place)
    if there is not None and there.get("key") == key and is_whole(order.place, there):
        if there.get("timing", {}).get("run") == order.keeps:  # this task was given out twice
            return MADE
        if order.resumes:
            return KEPT
    _evaluate(order, project, key)
    return MADE


def _evaluate(order: Order, project: Project, key: str) -> None:
    from landeval.publish.part import part_folder, write_part
    from landeval.run import evaluate
    from landeval.scores import figures_of_run

    begun = time.perf_counter()
    scheme = project.grading
    over_all = scheme is not None and order.scope == IN_PROVINCE
    result = evaluate(replace(project, grading=None) if over_all else project)
    if key_of(project, order.scope) != key:
        raise InputRefusedError(
            "评价过程中输入资料变了，结果作废",
            where=str(order.unit.settings.parent),
            remedy="请等资料复制完、不再改动后，用 --resume 重新运行",
            code="E669",
        )
    about = {
        "key": key,
        "program": __version__,
        "county_code": project.county_code,
        "scheme": None if scheme is None else [scheme.title, _digest(repr(scheme))],
        "limits": [project.linking.pass_share, project.linking.explain_share],
        "timing": {
            "run": order.keeps,
            "seconds": round(time.perf_counter() - begun, 3),
            "steps": [[step.name, round(step.seconds, 3)] for step in result.steps],
            "process": os.getpid(),
        },
    }
    with part_folder(order.place) as folder:
        write_part(result, figures_of_run(result) if over_all else {}, order.unit.name, folder, about)


def key_of(project: Project, scope: str | None) -> str:
    """Return the digest of all that a unit's part is made from: program, settings, bytes of the inputs, scope."""
    from landeval.read.opening import sha256
    from landeval.writing import Writing

    inputs = [
        (repr(replace(source, path=Path(source.path.name))), sha256(source.path))
        for source in project.sources
    ]
    plain = replace(
        project,
        sources=(),
        out=None,
        configured_in=None,
        writing=Writing(),
        linking=replace(project.linking, memory=None),
    )
    told = [repr(getattr(plain, one.name)) for one in dataclasses.fields(plain)]
    return _digest(repr((__version__, FORM, scope, told, inputs)))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _said(error: Exception, order: Order) -> str:
    """Say what stopped a unit: memory, the disk, or a mistake of ours and where, for the developers."""
    import traceback

    if is_out_of_memory(error):
        return "内存不足。请减少 --workers、加大 --memory，或把这个单位拆成几个单位"
    if is_full(error) or isinstance(error, OSError):
        what = "磁盘空间不足" if is_full(error) else "读写出错"
        return f"{what}：{error}（{order.place}）。请检查磁盘空间、权限和网络盘，再用 --resume 重新运行"
    spot = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(spot.filename).name}:{spot.lineno}"
    return f"程序内部错误（{type(error).__name__}：{error}，{where}）。请把资料和本信息一并反馈给开发人员"
