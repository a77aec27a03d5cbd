"""``landeval admit``: proposed projects checked against the entry lines, or the blank form they are proposed on."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from landeval.admission import PASSED, RESULTS, Admission
from landeval.admit import admit
from landeval.console import say, tell
from landeval.errors import ConfigurationError
from landeval.publish.admission import write_admission
from landeval.publish.folder import reserved
from landeval.publish.workbook.project_form import write_project_form
from landeval.result import RATIOS
from landeval.settings.load import load_project
from landeval.units import fixed
from landeval.vocabulary.fields import label

_SHOWN = 20
"""Projects that the console names."""


def write_form(path: Path) -> None:
    """Write the blank form, and say what to do with it."""
    say(f"空白申报表：{write_project_form(path.absolute())}")
    say(f"填好后运行：landeval admit {path.name} --out 准入结果")


def check_entry(options: argparse.Namespace) -> tuple[Admission, Path]:
    """Check the projects that the command names, and write everything.

    Raises
    ------
    LandevalError
        An input or setting that cannot be obeyed, an output that cannot be written.
    """
    project = load_project(
        options.project, projects=options.file, rules=options.rules, as_of=options.as_of, out=options.out
    ).dated()
    if project.out is None:
        raise ConfigurationError(
            "没有写明输出文件夹", where="--out", remedy="请加 --out 准入结果", code="E615"
        )
    inputs = [source.path for source in project.sources_of("projects")]
    with reserved(project.out, inputs=inputs) as place:
        tell(place.notes)
        result = admit(project)
        return result, write_admission(result, project.out, inputs=inputs)


def summary(result: Admission) -> Iterator[str]:
    """Tell how many projects may enter, with their land and yield, and which come first."""
    yield f"\n{result.title}　准入审查　基准日 {result.as_of}　共 {len(result.projects)} 个项目"
    totals = {str(row["admission_result"]): row for row in result.totals.to_dict("records")}
    for name in RESULTS:
        land = float(totals[name]["area_mu"])
        yield f"  {name}　{totals[name]['projects_count']} 个" + (
            f"　{fixed(land)} 亩" if land == land else ""
        )
    if totals[PASSED]["projects_count"]:
        known = ((label(name).split("(")[0], float(totals[PASSED][name])) for name in RATIOS)
        ratios = "、".join(f"{word} {fixed(ratio)}" for word, ratio in known)
        yield f"  符合准入的合计：{ratios}（万{result.currency}/亩，Σ金额 ÷ Σ用地）"
    yield "\n排序（按结论、达标项数）："
    shown = result.projects.head(_SHOWN)
    told = zip(shown.index, shown["admission_result"], shown["admission_reason"], strict=True)
    for rank, (name, verdict, reason) in enumerate(told, start=1):
        yield f"  {rank}. {name}　{verdict}　{reason}"
    if len(result.projects) > _SHOWN:
        yield f"  ……其余 {len(result.projects) - _SHOWN} 个见成果"
    changed = result.rules[result.rules["override"] != ""]
    for name, text in zip(changed["rule_label"], changed["override"], strict=True):
        yield f"  标准 {name}：{text}"
