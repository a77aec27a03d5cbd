"""``targets``: the plan's targets against their actuals."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from landeval.cli.outcome import DONE, exit_code, returned
from landeval.cli.pipeline import carried_out, log_of, project_of
from landeval.console import insist, say

if TYPE_CHECKING:
    from landeval.result import Result


def run_targets(options: argparse.Namespace) -> int:
    """Hold the plan's targets against their actuals, or write the blank table of actuals."""
    from landeval.errors import ConfigurationError
    from landeval.publish.names import TARGETS
    from landeval.publish.outputs import write_targets
    from landeval.publish.workbook.targets_form import write_targets_form
    from landeval.settings_words import worded

    if options.form is not None:
        path = write_targets_form(Path(options.form).absolute())
        say(f"空白指标实绩表：{path}")
        say(f"填好后运行：landeval targets 项目 --targets {path.name} --out 目标进度")
        return DONE
    project = project_of(options)
    if not project.sources_of("targets"):
        remedy = "请加 --targets 指标实绩表.xlsx，或在参数表“指标实绩表”一节的“文件”写上文件名（landeval.toml 的 [targets]）；空白表用 landeval targets --form 指标实绩表.xlsx 生成"
        raise ConfigurationError(
            "没有给指标实绩表", where="--targets", remedy=worded(remedy, project.configured_in), code="E531"
        )
    assert project.out is not None
    out = project.out
    result, left = carried_out(
        project, lambda found, inputs, _: write_targets(found, out, inputs=inputs), log=log_of(options)
    )
    for text in left:
        insist(f"注意：{text}")
    _states(result)
    returned(result)
    say(f"\n成果：{out / TARGETS}、{out / 'tables'}、{out / 'run.json'}")
    return exit_code(result, options.strict)


def _states(result: Result) -> None:
    """Tell how many targets stand how, and which are behind."""
    from landeval.board import BEHIND, MISSED, STATES

    assert result.board is not None
    table = result.board.targets
    counts = table["target_state"].value_counts()
    told = "、".join(f"{name} {counts[name]} 项" for name in STATES if name in counts)
    say(f"\n{result.title}　目标进度　基准日 {result.as_of}　共 {len(table)} 项：{told}")
    say(f"  {result.board.base_note}")
    late = table[table["target_state"].isin((BEHIND, MISSED))]
    names = zip(late["clause"], late["target_label"], late["target_object"], late["target_kind"], late["target_state"], late["target_why"], strict=True)  # fmt: skip
    for clause, label, whose, kind, state, why in names:
        say(f"  {state}　{clause} {label}（{whose}，{kind}）：{why}")
