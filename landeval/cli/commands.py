"""Every command with its arguments and options, in the order of the help."""

from __future__ import annotations

from typing import Any

from landeval import __version__
from landeval.cli.afterwards import run_comparison, run_trial, run_units
from landeval.cli.boards import run_admit, run_index, run_supply
from landeval.cli.evaluation import run_check, run_demo, run_evaluation, run_explain
from landeval.cli.matching import run_link
from landeval.cli.preparation import run_doctor, run_init, run_rules, run_template
from landeval.cli.targets import run_targets
from landeval.console import Parser


def parser() -> Parser:
    """Make the parser of every command; each calls its function with the parsed options."""
    commands = Parser(
        "landeval",
        "县域工业用地评价：亩均投资、产值、税收，闲置与低效用地，三级布局地图，处置候选清单。",
        "例：landeval demo            用样例园区走一遍\n"
        "    landeval run 我的项目     按 我的项目 里的设置评价\n"
        "    landeval doctor          这台电脑缺什么\n"
        "每条命令的用法和例子：landeval 命令 --help",
    )
    commands.version(f"landeval {__version__}")
    for family in (_first_steps, _evaluation, _boards, _afterwards, _machine):
        family(commands)
    return commands


def _first_steps(commands: Parser) -> None:
    """Add the sample and a new project."""
    demo = commands.command("demo", "用样例园区（全部虚构）生成全部成果", run_demo)
    demo.option("--out", "输出文件夹", metavar="文件夹", default="演示成果")
    demo.flag("--no-dossiers", "不写一宗一档")
    init = commands.command("init", "新建项目文件夹：设置、发给各单位的空表、使用说明", run_init)
    init.positional("folder", "新文件夹", optional=False, metavar="文件夹")
    init.option("--title", "园区名称", metavar="名称", default="某某经济开发区")
    init.option("--county", "县名", metavar="县", default="洞口县")
    init.option("--code", "六位行政区代码", metavar="代码", default="430525")
    init.option("--bounds", "本县经纬度范围：西,南,东,北", metavar="范围", default="110.0,26.75,111.0,27.45")
    init.option("--year", "评价年度；不写为上一年", metavar="年")
    init.flag("--table", "设置写成 参数表.xlsx（用 Excel 改），不写 landeval.toml")


def _evaluation(commands: Parser) -> None:
    """Add a project evaluated."""
    run = commands.command("run", "评价：读取资料，生成地图、清单和数据表", run_evaluation)
    _project_options(run)
    run.option("--out", "输出文件夹", metavar="文件夹")
    run.option("--dossiers", "处置候选以外也写一宗一档的宗地代码", metavar="代码", many=True)
    run.flag("--no-dossiers", "不写一宗一档和文书草稿")
    run.flag("--public", "另写一份可以公开的成果（公开版），不含金额和个人信息")
    run.flag("--strict", "有“错误”级数据问题时以代码 1 结束")
    check = commands.command("check", "只检查资料：列出数据问题和每条记录的去向", run_check)
    _project_options(check)
    check.option("--out", "输出文件夹", metavar="文件夹", default="检查结果")
    check.flag("--strict", "有“错误”级数据问题时以代码 1 结束")
    link = commands.command("link", "只匹配：企业与宗地怎样对上、匹配率、待复核清单、金额对账", run_link)
    _project_options(link)
    link.option("--out", "输出文件夹", metavar="文件夹", default="匹配结果")
    link.flag("--strict", "有“错误”级数据问题时以代码 1 结束")
    explain = commands.command(
        "explain", "说明一宗地为什么这样判：逐条判定、条款、出处、所缺资料", run_explain
    )
    explain.positional(
        "parcel", "宗地代码或宗地标识；也可写权利人、企业名称或信用代码", optional=True, metavar="宗地代码"
    )
    _project_options(explain)


def _boards(commands: Parser) -> None:
    """Add what stands on a table of its own, and the targets."""
    admit = commands.command("admit", "准入审查：拟准入项目逐项对照门槛，差多少、用多少地才达标", run_admit)
    admit.positional("file", "准入项目表（xlsx、xls、csv）", optional=True, metavar="文件")
    admit.option("--out", "输出文件夹", metavar="文件夹", default="准入结果")
    admit.option("--template", "生成空白申报表，不审查", metavar="文件")
    admit.option(
        "--project", "landeval.toml、参数表.xlsx 或其所在文件夹：改动的规则、币种、列名对应", metavar="项目"
    )
    admit.option("--rules", "本单位的规则文件（toml），见 docs/规则手册.md", metavar="文件")
    admit.option("--as-of", "基准日，如 2024-12-31；默认取项目的，没有则为今天", metavar="日期")
    admit.flag("--strict", "有“错误”级数据问题时以代码 1 结束")
    index = commands.command("index", "集约利用指数：逐项得分、距 95 的差额、潜力、每宗地还差多少", run_index)
    index.positional(
        "project",
        "landeval.toml、参数表.xlsx 或其所在文件夹，其中有集约利用指数（[index]）一节",
        optional=True,
    )
    index.option("--out", "输出文件夹", metavar="文件夹", default="指数结果")
    _handed_back(index)
    index.option("--form", "生成空白指数数据表，不测算", metavar="文件")
    index.flag("--strict", "有“错误”级数据问题时以代码 1 结束")
    supply = commands.command("supply", "供地盘子：只按储备与供地表，列各阶段、到期、新增指标", run_supply)
    supply.positional("file", "储备与供地表（xlsx、xls、csv，或面图层）", optional=True, metavar="文件")
    supply.option("--boundary", "园区范围图层", metavar="文件", many=True)
    supply.option("--out", "输出文件夹", metavar="文件夹", default="供地结果")
    supply.option("--template", "生成空白表，不计算", metavar="文件")
    supply.option(
        "--project", "landeval.toml、参数表.xlsx 或其所在文件夹：改动的规则、分层表、列名对应", metavar="项目"
    )
    supply.option("--as-of", "基准日，如 2024-12-31；默认取项目的，没有则为今天", metavar="日期")
    supply.flag("--strict", "有“错误”级数据问题时以代码 1 结束")
    board = commands.command("targets", "目标进度：方案目标与实绩、路径、按部门、产业、用地结构", run_targets)
    _project_options(board)
    board.option("--out", "输出文件夹", metavar="文件夹", default="目标进度")
    board.option("--form", "生成空白指标实绩表，不评价", metavar="文件")
    board.flag("--strict", "有“错误”级数据问题时以代码 1 结束")


def _afterwards(commands: Parser) -> None:
    """Add the rules, finished runs, and many units."""
    rules = commands.command("rules", "列出当日有效的规则及条款、原文", run_rules)
    rules.positional("project", "landeval.toml、参数表.xlsx 或其所在文件夹：也列出其中的改动", optional=True)
    rules.option("--on", "日期，如 2024-12-31；默认今天", metavar="日期")
    rules.option("--rules", "本单位的规则文件（toml）", metavar="文件")
    what_if = commands.command("what-if", "试算：换标准或基准日，看哪些宗地会变，不重读资料", run_trial)
    what_if.positional("run", "landeval run 的输出文件夹", optional=False, metavar="成果文件夹")
    what_if.option("--set", "改一条规则的值，如 dongkou.tax=18、lowuse.tax=40%", metavar="规则=值", many=True)
    what_if.option("--as-of", "另一个评价基准日，如 2025-12-31", metavar="日期")
    what_if.option(
        "--grid", "一条规则依次取值，如 dongkou.tax=10:20:1；最多两条", metavar="规则=从:到:步长", many=True
    )
    what_if.option("--out", "输出文件夹", metavar="文件夹")
    compare = commands.command("compare", "年度比较：宗地沿革、新增和解决的、处置进展", run_comparison)
    compare.positional("run_then", "较早的 landeval run 输出文件夹", optional=False, metavar="上次成果")
    compare.positional("run_now", "较晚的 landeval run 输出文件夹", optional=False, metavar="本次成果")
    compare.option("--tolerance", "两次图形的界线平均相距多少米以内算同一，默认 0.2", metavar="米")
    compare.option("--out", "输出文件夹", metavar="文件夹")
    province = commands.command("province", "全省：逐个单位评价再汇总，可多进程、多机，可续跑", run_units)
    province.positional(
        "province",
        "文件夹（每个单位一个子文件夹，各有 landeval.toml 或 参数表.xlsx），或名单文件",
        optional=False,
        metavar="全省",
    )
    province.option("--out", "输出文件夹", metavar="文件夹")
    province.option("--engine", "local 逐个单位（默认），dask 多进程、多机；成果相同", metavar="引擎")
    province.option("--workers", "dask 引擎在本机的进程数，默认 2", metavar="个数")
    province.option("--memory", "每个进程的内存上限，如 4GB；默认把本机内存的九成平分", metavar="大小")
    province.option("--scheduler", "已有的 dask 调度器，如 tcp://主机:8786", metavar="地址")
    province.flag("--resume", "续跑：资料、设置、程序都没有变的单位沿用上次的")


def _machine(commands: Parser) -> None:
    """Add the machine, and the template."""
    doctor = commands.command("doctor", "自检：这台电脑缺什么，项目的资料能不能打开", run_doctor)
    doctor.positional(
        "project",
        "landeval.toml、参数表.xlsx 或其所在文件夹：也检查其中的资料；默认当前文件夹的",
        optional=True,
    )
    doctor.option("--out", "要检查的输出位置；默认当前文件夹", metavar="文件夹")
    template = commands.command("template", "写出处置方案的模板，供本单位修改", run_template)
    template.positional("file", "要写的文件，如 处置方案模板.docx", optional=False, metavar="文件")


def _handed_back(command: Any) -> None:
    command.option("--corrections", "更正表（填好的 数据问题.xlsx，或 xlsx、csv）", metavar="文件", many=True)
    command.option(
        "--review",
        "填好的 匹配复核.xlsx、处置候选清单.xlsx（也可另存为 xls、csv）",
        metavar="文件",
        many=True,
    )


def _project_options(command: Any) -> None:
    command.positional("project", "landeval.toml、参数表.xlsx 或其所在文件夹", optional=True)
    command.option("--parcels", "宗地图层（shp、gpkg、geojson）", metavar="文件", many=True)
    command.option("--enterprises", "企业表（xlsx、csv）", metavar="文件", many=True)
    command.option("--contracts", "供地台账（xlsx、csv）", metavar="文件", many=True)
    command.option("--layout", "三级布局图层", metavar="文件", many=True)
    command.option(
        "--buildings", "建筑物图层（shp、gpkg、geojson），用于容积率、建筑系数", metavar="文件", many=True
    )
    _handed_back(command)
    command.option("--rules", "本单位的规则文件（toml），见 docs/规则手册.md", metavar="文件")
    command.option("--exemptions", "豁免登记表（xlsx、xls、csv）", metavar="文件", many=True)
    command.option("--supply", "储备与供地表（xlsx、csv，或面图层），用于供地盘子", metavar="文件", many=True)
    command.option("--boundary", "园区范围图层，用于供地盘子", metavar="文件", many=True)
    command.option("--targets", "填好的指标实绩表（xlsx、xls、csv），用于目标进度", metavar="文件", many=True)
    command.option(
        "--imagery",
        "影像（GeoTIFF），作旁证；波段、日期写在设置的影像（[[imagery]]）一节，见 docs/影像.md",
        metavar="文件",
        many=True,
    )
    command.option("--year", "评价年度，如 2024", metavar="年")
    command.option("--as-of", "评价基准日，如 2024-12-31", metavar="日期")
    command.option("--title", "园区名称", metavar="名称")
    command.option("--data-folder", "配置中相对路径所指的文件夹", metavar="文件夹")
    command.option("--log", "逐步记下时间、记录数、秒数的文件（接着写在后面）", metavar="文件")
