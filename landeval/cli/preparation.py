"""``init``, ``doctor``, ``rules`` and ``template``: what is wanted before an evaluation."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from landeval.cli.outcome import DONE, DONE_WITH_ERRORS
from landeval.console import insist, say


def run_init(options: argparse.Namespace) -> int:
    """Make a project folder."""
    from landeval.init import init_project

    written = init_project(
        Path(options.folder), title=options.title, county=options.county, code=options.code, bounds=options.bounds,
        year=options.year, as_table=options.table,
    )  # fmt: skip
    folder = written[0].parent
    say(f"项目文件夹：{folder}")
    for path in written:
        say(f"  {path.relative_to(folder)}")
    say(
        f"下一步：把宗地图层放进“输入”，填好各表，在 {written[0].name} 中写明实际的文件名，"
        "在该文件夹中运行 landeval check；见 使用说明.txt"
    )
    return DONE


def run_doctor(options: argparse.Namespace) -> int:
    """Examine this machine, and the inputs of a project; 1 where something does not work."""
    from landeval.doctor import BAD, examine
    from landeval.doctor.line import GOOD
    from landeval.settings.load import SETTINGS_FILES

    is_here = any(Path(name).is_file() for name in SETTINGS_FILES)
    project = options.project or ("." if is_here else None)
    states = []
    for line in examine(project, Path(options.out or ".")):
        states.append(line.state)
        (say if line.state == GOOD else insist)(str(line))
    bad, unsure = states.count(BAD), len(states) - states.count(BAD) - states.count(GOOD)
    say(
        f"\n共 {len(states)} 项：有问题 {bad} 项，注意 {unsure} 项。" + ("" if bad else "可以运行 landeval。")
    )
    return DONE_WITH_ERRORS if bad else DONE


def run_rules(options: argparse.Namespace) -> int:
    """Print the rules in force."""
    from landeval.errors import ConfigurationError
    from landeval.settings.load import load_project
    from landeval.standards.listing import listing

    try:
        day = dt.date.fromisoformat(options.on) if options.on else dt.date.today()
    except ValueError:
        raise ConfigurationError(
            f"日期不可用：{options.on}", where="--on", remedy="请写 2024-12-31", code="E611"
        ) from None
    project = load_project(options.project, rules=options.rules)
    for line in listing(day, project.overrides, project.added_rules, project.limit_tables):
        insist(line)
    return DONE


def run_template(options: argparse.Namespace) -> int:
    """Write the shipped template of the disposal plan."""
    from landeval.publish.disposal_plan import write_template

    path = write_template(Path(options.file).absolute())
    say(f"处置方案模板：{path}")
    say(
        f'改好后在参数表“报告”一节的“处置方案模板”写上文件名（landeval.toml 中写：[report] 一节，template = "{path.name}"）；占位符见 docs/处置方案.md'
    )
    return DONE
