"""Commands, each a few lines: settings in, Result out, exit code. Heavy imports happen only when used."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landeval import __version__
from landeval.console import (
    Parser,
    detail,
    insist,
    is_quiet,
    is_verbose,
    report,
    say,
    say_error,
    show_anything,
    speaking,
    tell,
)
from landeval.errors import InternalError, LandevalError
from landeval.interrupts import EndedError, ended_by_signals
from landeval.shortage import disk_full, is_full, is_out_of_memory, out_of_memory

if TYPE_CHECKING:
    from landeval.admission import Admission
    from landeval.intensive_use import IndexRun
    from landeval.project import Project
    from landeval.publish.supply import SupplyRun
    from landeval.result import Result, Step

DONE, DONE_WITH_ERRORS, INTERRUPTED = 0, 1, 130
_STOPPED = "已中断，没有留下不完整的结果；原有的成果没有动。"


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code; a user's mistake never shows a traceback.

    Exit codes: 0 done, 1 done with errors under ``--strict``, 2 input refused, 3 configuration refused,
    4 output not writable, 5 internal error, 6 out of memory, 7 some units of a province not done, 130 interrupted (143, 129 where it was told to end).
    """
    show_anything()
    try:
        with ended_by_signals():
            options = _parser().parse_args(argv)
            with speaking(options.loudness):
                return int(options.command(options))
    except EndedError as ended:
        say_error(_STOPPED)
        return 128 + ended.number
    except KeyboardInterrupt:
        say_error(_STOPPED)
        return INTERRUPTED
    except BrokenPipeError:
        sys.stdout = None  # the reader has gone: nothing more to say, and nothing wrong
        return DONE
    except Exception as error:
        told = _told(error)
        say_error(str(told) if isinstance(told, LandevalError) else _internal(error))
        return told.exit_code if isinstance(told, LandevalError) else InternalError.exit_code


def _told(error: Exception) -> Exception:
    """Return what to say of an error: a lack of memory or room on the disk, however a library put it, else itself."""
    if is_out_of_memory(error):
        return out_of_memory()
    if not isinstance(error, LandevalError) and is_full(error):
        import tempfile

        return disk_full(tempfile.gettempdir())
    return error


def _parser() -> Parser:
    parser = Parser(
        "landeval",
        "县域工业用地评价：亩均投资、产值、税收，闲置与低效用地，三级布局地图，处置候选清单。",
        "例：landeval demo            用样例园区走一遍\n"
        "    landeval run 我的项目     按 我的项目 里的设置评价\n"
        "    landeval doctor          这台电脑缺什么\n"
        "每条命令的用法和例子：landeval 命令 --help",
    )
    parser.version(f"landeval {__version__}")
    demo = parser.command("demo", "用样例园区（全部虚构）生成全部成果", run_demo)
    demo.option("--out", "输出文件夹", metavar="文件夹", default="演示成果")
    demo.flag("--no-dossiers", "不写一宗一档")
    init = parser.command("init", "新建项目文件夹：设置、发给各单位的空表、使用说明", run_init)
    init.positional("folder", "新文件夹", optional=False, metavar="文件夹")
    init.option("--title", "园区名称", metavar="名称", default="某某经济开发区")
    init.option("--county", "县名", metavar="县", default="洞口县")
    init.option("--code", "六位行政区代码", metavar="代码", default="430525")
    init.option("--bounds", "本县经纬度范围：西,南,东,北", metavar="范围", default="110.0,26.75,111.0,27.45")
    init.option("--year", "评价年度；不写为上一年", metavar="年")
    init.flag("--table", "设置写成 参数表.xlsx（用 Excel 改），不写 landeval.toml")
    run = parser.command("run", "评价：读取资料，生成地图、清单和数据表", run_evaluation)
    _project_options(run)
    run.option("--out", "输出文件夹", metavar="文件夹")
    run.option("--dossiers", "处置候选以外也写一宗一档的宗地代码", metavar="代码", many=True)
    run.flag("--no-dossiers", "不写一宗一档和文书草稿")
    run.flag("--public", "另写一份可以公开的成果（公开版），不含金额和个人信息")
    run.flag("--strict", "有“错误”级数据问题时以代码 1 结束")
    check = parser.command("check", "只检查资料：列出数据问题和每条记录的去向", run_check)
    _project_options(check)
    check.option("--out", "输出文件夹", metavar="文件夹", default="检查结果")
    check.flag("--strict", "有“错误”级数据问题时以代码 1 结束")
    link = parser.command("link", "只匹配：企业与宗地怎样对上、匹配率、待复核清单、金额对账", run_link)
    _project_options(link)
    link.option("--out", "输出文件夹", metavar="文件夹", default="匹配结果")
    link.flag("--strict", "有“错误”级数据问题时以代码 1 结束")
    admit = parser.command("admit", "准入审查：拟准入项目逐项对照门槛，差多少、用多少地才达标", run_admit)
    admit.positional("file", "准入项目表（xlsx、xls、csv）", optional=True, metavar="文件")
    admit.option("--out", "输出文件夹", metavar="文件夹", default="准入结果")
    admit.option("--template", "生成空白申报表，不审查", metavar="文件")
    admit.option(
        "--project", "landeval.toml、参数表.xlsx 或其所在文件夹：改动的规则、币种、列名对应", metavar="项目"
    )
    admit.option("--rules", "本单位的规则文件（toml），见 docs/规则手册.md", metavar="文件")
    admit.option("--as-of", "基准日，如 2024-12-31；默认取项目的，没有则为今天", metavar="日期")
    admit.flag("--strict", "有“错误”级数据问题时以代码 1 结束")
    index = parser.command("index", "集约利用指数：逐项得分、距 95 的差额、潜力、每宗地还差多少", run_index)
    index.positional(
        "project", "landeval.toml、参数表.xlsx 或其所在文件夹，其中有 [index] 一节", optional=True
    )
    index.option("--out", "输出文件夹", metavar="文件夹", default="指数结果")
    index.option("--form", "生成空白指数数据表，不测算", metavar="文件")
    index.flag("--strict", "有“错误”级数据问题时以代码 1 结束")
    supply = parser.command("supply", "供地盘子：只按储备与供地表，列各阶段、到期、新增指标", run_supply)
    supply.positional("file", "储备与供地表（xlsx、xls、csv，或面图层）", optional=True, metavar="文件")
    supply.option("--boundary", "园区范围图层", metavar="文件", many=True)
    supply.option("--out", "输出文件夹", metavar="文件夹", default="供地结果")
    supply.option("--template", "生成空白表，不计算", metavar="文件")
    supply.option(
        "--project", "landeval.toml、参数表.xlsx 或其所在文件夹：改动的规则、分层表、列名对应", metavar="项目"
    )
    supply.option("--as-of", "基准日，如 2024-12-31；默认取项目的，没有则为今天", metavar="日期")
    supply.flag("--strict", "有“错误”级数据问题时以代码 1 结束")
    board = parser.command("targets", "目标进度：方案目标与实绩、路径、按部门、产业、用地结构", run_targets)
    _project_options(board)
    board.option("--out", "输出文件夹", metavar="文件夹", default="目标进度")
    board.option("--form", "生成空白指标实绩表，不评价", metavar="文件")
    board.flag("--strict", "有“错误”级数据问题时以代码 1 结束")
    rules = parser.command("rules", "列出当日有效的规则及条款、原文", run_rules)
    rules.positional("project", "landeval.toml、参数表.xlsx 或其所在文件夹：也列出其中的改动", optional=True)
    rules.option("--on", "日期，如 2024-12-31；默认今天", metavar="日期")
    rules.option("--rules", "本单位的规则文件（toml）", metavar="文件")
    what_if = parser.command("what-if", "试算：换标准或基准日，看哪些宗地会变，不重读资料", run_trial)
    what_if.positional("run", "landeval run 的输出文件夹", optional=False, metavar="成果文件夹")
    what_if.option("--set", "改一条规则的值，如 dongkou.tax=18、lowuse.tax=40%", metavar="规则=值", many=True)
    what_if.option("--as-of", "另一个评价基准日，如 2025-12-31", metavar="日期")
    what_if.option(
        "--grid", "一条规则依次取值，如 dongkou.tax=10:20:1；最多两条", metavar="规则=从:到:步长", many=True
    )
    what_if.option("--out", "输出文件夹", metavar="文件夹")
    compare = parser.command("compare", "年度比较：宗地沿革、新增和解决的、处置进展", run_comparison)
    compare.positional("run_then", "较早的 landeval run 输出文件夹", optional=False, metavar="上次成果")
    compare.positional("run_now", "较晚的 landeval run 输出文件夹", optional=False, metavar="本次成果")
    compare.option("--tolerance", "两次图形的界线平均相距多少米以内算同一，默认 0.2", metavar="米")
    compare.option("--out", "输出文件夹", metavar="文件夹")
    province = parser.command("province", "全省：逐个单位评价再汇总，可多进程、多机，可续跑", run_units)
    province.positional(
        "province",
        "文件夹（每个单位一个子文件夹，各有 landeval.toml），或名单文件",
        optional=False,
        metavar="全省",
    )
    province.option("--out", "输出文件夹", metavar="文件夹")
    province.option("--engine", "local 逐个单位（默认），dask 多进程、多机；成果相同", metavar="引擎")
    province.option("--workers", "dask 引擎在本机的进程数，默认 2", metavar="个数")
    province.option("--memory", "每个进程的内存上限，如 4GB；默认把本机内存的九成平分", metavar="大小")
    province.option("--scheduler", "已有的 dask 调度器，如 tcp://主机:8786", metavar="地址")
    province.flag("--resume", "续跑：资料、设置、程序都没有变的单位沿用上次的")
    doctor = parser.command("doctor", "自检：这台电脑缺什么，项目的资料能不能打开", run_doctor)
    doctor.positional("project", "landeval.toml、参数表.xlsx 或其所在文件夹：也检查其中的资料", optional=True)
    doctor.option("--out", "要检查的输出位置；默认当前文件夹", metavar="文件夹")
    template = parser.command("template", "写出处置方案的模板，供本单位修改", run_template)
    template.positional("file", "要写的文件，如 处置方案模板.docx", optional=False, metavar="文件")
    return parser


def command_help() -> dict[str, str]:
    """Return the help of the program (under no name) and of every command, for the docs."""
    return _parser().help_texts()


def _project_options(command: Any) -> None:
    command.positional("project", "landeval.toml、参数表.xlsx 或其所在文件夹", optional=True)
    command.option("--parcels", "宗地图层（shp、gpkg、geojson）", metavar="文件", many=True)
    command.option("--enterprises", "企业表（xlsx、csv）", metavar="文件", many=True)
    command.option("--contracts", "供地台账（xlsx、csv）", metavar="文件", many=True)
    command.option("--layout", "三级布局图层", metavar="文件", many=True)
    command.option(
        "--buildings", "建筑物图层（shp、gpkg、geojson），用于容积率、建筑系数", metavar="文件", many=True
    )
    command.option("--corrections", "更正表（填好的 数据问题.xlsx，或 xlsx、csv）", metavar="文件", many=True)
    command.option(
        "--review",
        "填好的 匹配复核.xlsx、处置候选清单.xlsx（也可另存为 xls、csv）",
        metavar="文件",
        many=True,
    )
    command.option("--rules", "本单位的规则文件（toml），见 docs/规则手册.md", metavar="文件")
    command.option("--exemptions", "豁免登记表（xlsx、xls、csv）", metavar="文件", many=True)
    command.option("--supply", "储备与供地表（xlsx、csv，或面图层），用于供地盘子", metavar="文件", many=True)
    command.option("--boundary", "园区范围图层，用于供地盘子", metavar="文件", many=True)
    command.option("--targets", "填好的指标实绩表（xlsx、xls、csv），用于目标进度", metavar="文件", many=True)
    command.option(
        "--imagery",
        "影像（GeoTIFF），作旁证；波段、日期写在 [[imagery]]，见 docs/影像.md",
        metavar="文件",
        many=True,
    )
    command.option("--year", "评价年度，如 2024", metavar="年")
    command.option("--as-of", "评价基准日，如 2024-12-31", metavar="日期")
    command.option("--title", "园区名称", metavar="名称")
    command.option("--data-folder", "配置中相对路径所指的文件夹", metavar="文件夹")
    command.option("--log", "逐步记下时间、记录数、秒数的文件（接着写在后面）", metavar="文件")


def _project(options: argparse.Namespace) -> Project:
    from landeval.errors import ConfigurationError
    from landeval.project import load_project, settings_here

    year = options.year
    if year is not None:
        if not (year.isascii() and year.isdigit()):
            raise ConfigurationError(
                f"年度不可用：{year}", where="--year", remedy="请写四位年份，如 2024", code="E611"
            )
        year = int(year)
    project = options.project
    if project is None:
        project = settings_here(Path())
    return load_project(
        project, parcels=options.parcels, enterprises=options.enterprises, contracts=options.contracts,
        layout=options.layout, buildings=options.buildings, imagery=options.imagery, corrections=options.corrections,
        decisions=options.review, exemptions=options.exemptions, supply=options.supply, boundary=options.boundary,
        targets=options.targets, rules=options.rules, year=year, as_of=options.as_of, title=options.title,
        data_folder=options.data_folder, out=options.out, dossiers=getattr(options, "dossiers", None),
        no_dossiers=getattr(options, "no_dossiers", None), public=getattr(options, "public", None),
    )  # fmt: skip


def run_demo(options: argparse.Namespace) -> int:
    """Evaluate the sample park and write everything."""
    from landeval.errors import ConfigurationError
    from landeval.project import load_project
    from landeval.shipped import HOME, sample

    settings = sample()
    if settings is None:
        raise ConfigurationError(
            "找不到样例数据",
            where=str(HOME / "sample"),
            remedy="程序安装得不完整，请重新安装 landeval；样例应在程序文件夹的 sample 或源代码的 data 中",
            code="E605",
        )
    return _evaluate(load_project(settings, out=options.out, no_dossiers=options.no_dossiers), strict=False)


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


def run_evaluation(options: argparse.Namespace) -> int:
    """Evaluate a project and write everything."""
    from landeval.errors import ConfigurationError

    project = _project(options)
    if project.out is None:
        raise ConfigurationError(
            "没有写明输出文件夹",
            where="--out",
            remedy="请加 --out 成果，或在 landeval.toml 中写 out",
            code="E615",
        )
    return _evaluate(project, strict=options.strict, log=_log(options))


def _log(options: argparse.Namespace) -> Path | None:
    return None if options.log is None else Path(options.log)


def _evaluate(project: Project, *, strict: bool, log: Path | None = None) -> int:
    from landeval.publish.outputs import STEPS as WRITTEN
    from landeval.publish.outputs import write_outputs

    def write(result: Result, inputs: Sequence[Path], step: _Bar) -> None:
        assert project.out is not None
        write_outputs(
            result, project.out, inputs=inputs, progress=step, writing=project.writing, papers=step.papers
        )

    result = _carried_out(project, write, more_steps=len(WRITTEN), log=log)
    _summary(result, project)
    _remember(result, project)
    return _exit_code(result, strict)


def _carried_out(
    project: Project,
    write: Callable[[Result, Sequence[Path], _Bar], object],
    *,
    more_steps: int = 0,
    log: Path | None = None,
) -> Result:
    """Keep the output folder, evaluate, write what the command is about; tell every step, and the log too."""
    from landeval.publish.disposal_plan import check_template
    from landeval.publish.folder import reserved
    from landeval.publish.run_log import run_log
    from landeval.run import STEPS, evaluate

    assert project.out is not None
    template = project.writing.template
    inputs = [*(source.path for source in project.sources), *([template] if template else [])]
    with (
        reserved(project.out, inputs=inputs) as place,
        run_log(log, place=project.out, title=project.title) as written,
    ):
        tell(place.notes)
        for note in place.notes:
            written.line(note)
        check_template(template)
        with _bar(len(STEPS) + more_steps, told=written.done) as step:
            result = evaluate(project, step, counted=step.counted)
            written.counts(result.steps)
            for line in _files(result):
                written.line(line)
                detail(f"      {line}")
            levels = result.issues["level"].value_counts()
            written.line("数据问题 " + "、".join(f"{level} {count} 条" for level, count in levels.items()))
            write(result, inputs, step)
    return result


def _files(result: Result) -> Iterator[str]:
    """Tell of every input how it was read: sheet or layer, records, encoding, coordinate system."""
    for one in result.meta["inputs"]:
        records = one.get("rows", one.get("records"))
        told = (
            ("", one.get("layer")),
            ("记录 ", records),
            ("编码 ", one.get("encoding")),
            ("坐标系 ", one.get("crs")),
        )
        parts = "，".join(f"{word}{value}" for word, value in told if value not in (None, ""))
        yield f"读入 {one['file']}" + (f"：{parts}" if parts else "")


def run_check(options: argparse.Namespace) -> int:
    """Look for data problems only."""
    from dataclasses import replace

    from landeval.publish.outputs import write_problems

    project = _project(options)
    if project.as_of is None and project.year is None:
        project = replace(project, as_of=dt.date.today())
    assert project.out is not None
    out = project.out
    result = _carried_out(
        project, lambda found, inputs, _: write_problems(found, out, inputs=inputs), log=_log(options)
    )
    if result.meta.get("remark"):
        insist(f"注意：{result.meta['remark']}")
    _problems(result)
    say(f"明细：{out / '数据问题.xlsx'}（按责任单位分表，可填更正值后交回：--corrections 数据问题.xlsx）")
    say(
        f"　　　{out / 'tables' / 'issues.csv'}（数据问题）、{out / 'tables' / 'reconciliation.csv'}（每条记录的去向）"
    )
    return _exit_code(result, options.strict)


def run_link(options: argparse.Namespace) -> int:
    """Tie enterprises to land, and show how well it went."""
    from landeval.publish.outputs import REVIEW, write_matching

    project = _project(options)
    assert project.out is not None
    out = project.out
    result = _carried_out(
        project, lambda found, inputs, _: write_matching(found, out, inputs=inputs), log=_log(options)
    )
    _coverage(result)
    say(f"\n待复核的匹配、两边未匹配的清单：{out / REVIEW}")
    say(f"每一对匹配的依据和分摊：{out / 'tables' / 'links.csv'}；金额对账：{out / 'tables' / 'ledger.csv'}")
    _remember(result, project)
    return _exit_code(result, options.strict)


def _coverage(result: Result) -> None:
    """Tell how much is tied, by method, and how much money that is."""
    from landeval.publish.labels import label_of
    from landeval.result import WAITING

    if result.meta.get("remark"):
        insist(f"注意：{result.meta['remark']}")
    for measure, rows in result.coverage.groupby("measure", sort=False):
        shown = label_of(str(measure), result.currency)
        *parts, whole = zip(rows["method"], rows["amount"], rows["of_total"], rows["grade"], strict=True)
        if not whole[3]:
            continue
        told = "、".join(
            f"{method} " + f"{amount:,.2f}".removesuffix(".00") for method, amount, _, _ in parts
        )
        say(f"{shown}：匹配 {whole[2]:.1%}　{whole[3]}　（{told}）")
    waiting = int(result.links["state"].isin(WAITING).sum())
    say(f"待复核 {waiting} 对；金额对账差额 {_differences(result)}。")


def _differences(result: Result) -> str:
    return "全部为 0" if (result.ledger["difference"].astype(float) == 0).all() else "不为 0"


def _remember(result: Result, project: Project) -> None:
    """Keep the decisions and notes of a review for the next run, and say where."""
    from landeval.publish.decisions import remember, remember_reviews

    today = dt.date.today()
    given = [source.path for source in project.sources_of("decisions")]
    memory = project.linking.memory
    has_decisions = any(path != memory for path in given) and bool(result.decisions["is_review"].any())
    has_notes = bool(result.review_record["reviewed_on"].isna().any())
    if (has_decisions or has_notes) and project.configured_in is None:
        say(
            "\n本次没有项目文件夹（landeval.toml），复核决定、审核内容只用于本次；要长期记住，请建立项目后再交回。"
        )
        return
    if has_decisions and memory:
        count = remember(result.decisions, memory, today)
        say(f"\n复核决定已记住，共 {count} 条：{memory}（以后自动采用，不再询问）")
    if has_notes and project.review_memory:
        count = remember_reviews(result.review_record, project.review_memory, today)
        say(f"\n审核内容已记住，新增 {count} 条：{project.review_memory}（以后的清单中仍在，不影响结论）")


def run_trial(options: argparse.Namespace) -> int:
    """Judge a finished run again by other rules or on another day."""
    from landeval.what_if import STEPS, run_what_if

    with _bar(len(STEPS)) as step:
        run_what_if(options, step)
    return DONE


def run_comparison(options: argparse.Namespace) -> int:
    """Set two finished runs of different years side by side."""
    from landeval.compare import STEPS, run_compare

    with _bar(len(STEPS)) as step:
        run_compare(options, step)
    return DONE


def run_units(options: argparse.Namespace) -> int:
    """Evaluate many units and put them together."""
    from landeval.scale.command import run_province

    return run_province(options)


def run_rules(options: argparse.Namespace) -> int:
    """Print the rules in force."""
    from landeval.errors import ConfigurationError
    from landeval.project import load_project
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


def run_admit(options: argparse.Namespace) -> int:
    """Check proposed projects, or write the form that they are proposed on."""
    from landeval.entry_check import check_entry, summary, write_form

    if options.template is not None:
        write_form(Path(options.template))
        return DONE
    result, out = check_entry(options)
    for line in summary(result):
        say(line)
    _problems(result, most=5)
    say(f"\n成果：{out / '准入审查.xlsx'}、{out / 'tables'}、{out / 'run.json'}")
    return _exit_code(result, options.strict)


def run_index(options: argparse.Namespace) -> int:
    """Make the intensive-use index, or write the form for its figures."""
    from landeval.index_command import index_run, summary, write_form
    from landeval.project import settings_here

    if options.form is not None:
        write_form(Path(options.form))
        return DONE
    if options.project is None:
        options.project = settings_here(Path())
    result, out = index_run(options.project, options.out)
    for line in summary(result):
        say(line)
    _problems(result, most=5)
    say(f"\n成果：{out / '土地集约利用指数.xlsx'}、{out / 'tables'}、{out / 'run.json'}")
    return _exit_code(result, options.strict)


def run_supply(options: argparse.Namespace) -> int:
    """Make the land supply board of a stock table alone, or write the table's blank form."""
    from landeval.supply_command import run_supply as make
    from landeval.supply_command import summary, write_form

    if options.template is not None:
        write_form(Path(options.template))
        return DONE
    result, out = make(options)
    for line in summary(result):
        say(line)
    _problems(result, most=5)
    say(f"\n成果：{out / '供地盘子.xlsx'}、{out / 'tables'}、{out / 'run.json'}")
    return _exit_code(result, options.strict)


def run_doctor(options: argparse.Namespace) -> int:
    """Examine this machine, and the inputs of a project; 1 where something does not work."""
    from landeval.doctor import BAD, examine
    from landeval.doctor.line import GOOD

    states = []
    for line in examine(options.project, Path(options.out or ".")):
        states.append(line.state)
        (say if line.state == GOOD else insist)(str(line))
    bad, unsure = states.count(BAD), len(states) - states.count(BAD) - states.count(GOOD)
    say(
        f"\n共 {len(states)} 项：有问题 {bad} 项，注意 {unsure} 项。" + ("" if bad else "可以运行 landeval。")
    )
    return DONE_WITH_ERRORS if bad else DONE


def run_template(options: argparse.Namespace) -> int:
    """Write the shipped template of the disposal plan."""
    from landeval.publish.disposal_plan import write_template

    path = write_template(Path(options.file).absolute())
    say(f"处置方案模板：{path}")
    say(f'改好后在 landeval.toml 中写：[report] 一节，template = "{path.name}"；占位符见 docs/处置方案.md')
    return DONE


def run_targets(options: argparse.Namespace) -> int:
    """Hold the plan's targets against their actuals, or write the blank table of actuals."""
    from landeval.errors import ConfigurationError
    from landeval.publish.outputs import TARGETS, write_targets
    from landeval.publish.workbook.targets_form import write_targets_form

    if options.form is not None:
        path = write_targets_form(Path(options.form).absolute())
        say(f"空白指标实绩表：{path}")
        say(f"填好后运行：landeval targets 项目 --targets {path.name} --out 目标进度")
        return DONE
    project = _project(options)
    if not project.sources_of("targets"):
        raise ConfigurationError(
            "没有给指标实绩表",
            where="[targets]",
            remedy="请加 --targets 指标实绩表.xlsx，或写入 landeval.toml；空白表用 landeval targets --form 指标实绩表.xlsx 生成",
            code="E531",
        )
    assert project.out is not None
    out = project.out
    result = _carried_out(
        project, lambda found, inputs, _: write_targets(found, out, inputs=inputs), log=_log(options)
    )
    _states(result)
    say(f"\n成果：{out / TARGETS}、{out / 'tables'}、{out / 'run.json'}")
    return _exit_code(result, options.strict)


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


class _Bar:
    """What a long command calls as it goes on: itself after each step, ``papers`` after each paper written."""

    def __init__(
        self,
        step: Callable[[str], None],
        papers: Callable[[int, int], None],
        told: Callable[[str], None] | None,
    ) -> None:
        self._step, self.papers, self._told = step, papers, told
        self._since = time.perf_counter()
        self._counts = ""

    def counted(self, step: Step) -> None:
        """Keep a step's records in and out for the line that tells it."""
        self._counts = f"　{step.rows_in:,} → {step.rows_out:,} 条"

    def __call__(self, name: str, number: int, count: int) -> None:
        now = time.perf_counter()
        self._step(f"{name}{self._counts}　{now - self._since:.1f} 秒")
        self._since, self._counts = now, ""
        if self._told:
            self._told(name)


def _tell_papers(done: int, of: int) -> None:
    """Tell a fiftieth paper, and the last."""
    if done % 50 == 0 or done == of:
        report(f"      一宗一档和文书草稿 {done}/{of}")


@contextmanager
def _bar(total: int, told: Callable[[str], None] | None = None) -> Iterator[_Bar]:
    """Show a progress bar on the error stream, a line a step where there is no terminal or all is to be told.

    Each step goes to ``told`` too.
    """
    started = [0]
    if is_quiet() or is_verbose() or not sys.stderr.isatty():

        def step(text: str) -> None:
            started[0] += 1
            report(f"[{started[0]}/{total}] {text}")

        yield _Bar(step, _tell_papers, told)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(file=sys.stderr), transient=True) as bar:
        task = bar.add_task("读取资料", total=total)

        def advance(text: str) -> None:
            bar.update(task, advance=1, description=f"已完成：{text}")

        def count(done: int, of: int) -> None:
            if done == 1:
                every.append(bar.add_task("一宗一档", total=of))
            bar.update(every[-1], completed=done)

        every: list[Any] = []
        yield _Bar(advance, count, told)


def _summary(result: Result, project: Project) -> None:
    """Say what came out, what needs attention first, and what to open."""
    from landeval.closing import files, first_things, heading

    for line in heading(result):
        say(line)
    for line in first_things(result, project):
        insist(line)
    _problems(result, most=3)
    for line in files(result, project):
        say(line)


def _problems(result: Result | Admission | IndexRun | SupplyRun, most: int = 10) -> None:
    """Tell how many problems there are, and the kinds that matter most."""
    table = result.issues
    if not len(table):
        say("\n没有发现数据问题。")
        return
    levels = table["level"].value_counts()
    told = "、".join(f"{name} {levels[name]} 条" for name in ("阻断", "错误", "提示") if name in levels)
    from landeval.issues import CATALOGUE

    unread = table.loc[table["code"] == "E201", ["source_file", "column"]].drop_duplicates()
    errors = table[table["level"] != "提示"]
    insist(f"\n数据问题：{told}。" + ("最要紧的：" if len(unread) or len(errors) else ""))
    if len(unread):
        some = "、".join(f"{row.column}（{row.source_file}）" for row in unread.head(6).itertuples())
        more = f" 等 {len(unread)} 列" if len(unread) > 6 else ""
        insist(
            f"  没有认出的列：{some}{more}。如果其中有名称、代码、金额，请在 landeval.toml 的 columns 中对应。"
        )
    for code, count in errors["code"].value_counts().head(most).items():
        first = table[table["code"] == code].iloc[0]
        row = f"第 {int(first['source_row'])} 行" if first["source_row"] is not None else ""
        spot = " ".join(str(part) for part in (first["source_file"], first["source_layer"], row) if part)
        column = f" “{first['column']}”列" if first["column"] else ""
        value = f"：{first['raw_value']}" if first["raw_value"] else ""
        kind = CATALOGUE[str(code)]
        told = f"{kind.what}：{count} 处，如 {spot}{column}{value}" if spot else str(first["what"])
        insist(f"  【{code}】{told}。{kind.remedy}")


def _exit_code(result: Result | Admission | IndexRun | SupplyRun, strict: bool) -> int:
    return DONE_WITH_ERRORS if strict and (result.issues["level"] != "提示").any() else DONE


def _internal(error: Exception) -> str:
    """Write the details of our own mistake to a log file, and tell where it is."""
    import tempfile
    import traceback

    log = Path(tempfile.gettempdir()) / "landeval-错误日志.txt"
    text = "".join(traceback.format_exception(error))
    try:
        log.write_text(text, encoding="utf-8")
        told = f"详细信息已写入 {log}，请发给开发人员。"
    except OSError:
        told = "详细信息无法写入日志文件。"
    return f"程序内部错误（{type(error).__name__}），没有写出任何成果。\n  {told}"
