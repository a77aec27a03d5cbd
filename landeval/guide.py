"""What ``--help`` tells of each command: what it is for and when, examples that run as written, outputs, exit codes."""

from __future__ import annotations

from dataclasses import dataclass

_ENDS = {
    0: "完成",
    1: "有“错误”级数据问题（只在加 --strict 时）",
    2: "资料不能读",
    3: "设置或命令写错",
    4: "成果不能写",
    5: "程序内部错误",
    6: "内存不足",
    130: "已中断",
}
STRICT = tuple(_ENDS)
PLAIN = tuple(code for code in _ENDS if code != 1)


@dataclass(frozen=True)
class Guide:
    """What is told of one command; ``more`` says of exit codes what holds only here."""

    about: str
    examples: tuple[tuple[str, str], ...]
    outputs: str
    codes: tuple[int, ...] = PLAIN
    more: str = ""

    def ends(self) -> str:
        """Tell the exit codes."""
        told = [f"{code} {_ENDS[code]}" for code in self.codes] + ([self.more] if self.more else [])
        return "；".join(told) + "。"


GUIDES = {
    "demo": Guide(
        "装好后先运行它，看看成果长什么样；资料随程序附带。",
        (("landeval demo", "成果写到 演示成果"), ("landeval demo --out D:\\试看 --no-dossiers", "换个位置，不写一宗一档")),
        "与 landeval run 相同。",
    ),
    "init": Guide(
        "开始一个新园区时用。已有文件的文件夹不覆盖。",
        (
            ("landeval init 我的园区 --title 虚构工业园", "设置写成 landeval.toml"),
            ("landeval init 我的园区 --table", "设置写成 参数表.xlsx，用 Excel 改"),
        ),
        "设置（landeval.toml 或 参数表.xlsx）、使用说明.txt、“输入”文件夹里的空表。",
    ),
    "run": Guide(
        "资料齐了、check 没有大问题后用；改正、复核后再运行一次。",
        (
            ("landeval run 我的园区 --out 成果", "按项目设置评价"),
            ("landeval run 我的园区 --out 成果 --corrections 检查结果/数据问题.xlsx", "采用填好的更正值"),
            ("landeval run 我的园区 --out 成果 --review 输入/匹配复核.xlsx", "采用填好的匹配决定（先从成果里复制出来）"),
            ("landeval run --parcels 宗地.shp --enterprises 企业表.xlsx --as-of 2024-12-31 --out 成果", "不建项目，直接给资料"),
        ),
        "地图.html、处置候选清单.xlsx、数据问题.xlsx、匹配复核.xlsx、评价报告.docx、一宗一档、办理日程.ics、tables、gis、run.json。",
        STRICT,
    ),
    "check": Guide(
        "收到资料后先用它，把问题发回各单位；不写评价成果。",
        (
            ("landeval check 我的园区", "结果写到 检查结果"),
            ("landeval check 我的园区 --out 检查2 --verbose", "同时显示每个文件的编码和坐标系"),
        ),
        "数据问题.xlsx（按责任单位分表）、tables 里的数据问题、去向、对账。",
        STRICT,
    ),
    "link": Guide(
        "评价之前用：看够不够，先把拿不准的对定下来。",
        (
            ("landeval link 我的园区", "结果写到 匹配结果"),
            ("landeval link 我的园区 --review 匹配结果/匹配复核.xlsx --out 匹配2", "采用填好的决定后再看"),
        ),
        "匹配复核.xlsx、数据问题.xlsx、tables 里的匹配、匹配率、金额对账。",
        STRICT,
    ),
    "explain": Guide(
        "有人问起时用：另有结论和理由、每个数写在哪个文件哪一行、企业和金额、数据问题。结果显示在屏幕上；资料要重读一遍。",
        (
            ("landeval explain 430525001011GB00012 我的园区", "项目里的一宗地"),
            ("landeval explain 430525001011GB00012", "在项目文件夹里运行"),
        ),
        "不写文件。",
    ),
    "admit": Guide(
        "招商签约前用。",
        (
            ("landeval admit --template 项目准入申报表.xlsx", "生成空白申报表"),
            ("landeval admit 项目准入申报表.xlsx --out 准入结果", "审查填好的表"),
        ),
        "准入审查.xlsx、tables、run.json；加 --template 时只有空白表。",
        STRICT,
    ),
    "index": Guide(
        "内部测算，不代替正式评价。没有指数数据表时先生成空表。",
        (
            ("landeval index --form 指数数据表.xlsx", "生成空白表"),
            ("landeval index 我的园区 --out 指数结果", "填好并写入设置后测算"),
        ),
        "土地集约利用指数.xlsx、tables、run.json；加 --form 时只有空白表。",
        STRICT,
    ),
    "supply": Guide(
        "不评价宗地；手上只有这张表时用。",
        (
            ("landeval supply --template 储备与供地表.xlsx", "生成空白表"),
            ("landeval supply 储备与供地表.xlsx --out 供地结果 --as-of 2024-12-31", "按填好的表计算"),
        ),
        "供地盘子.xlsx、tables、run.json；加 --template 时只有空白表。",
        STRICT,
    ),
    "targets": Guide(
        "看是超前还是落后，每年还要多少。",
        (
            ("landeval targets --form 指标实绩表.xlsx", "生成空白表"),
            ("landeval targets 我的园区 --targets 指标实绩表.xlsx --out 目标进度", "按填好的表对照"),
        ),
        "目标进度.xlsx、数据问题.xlsx、tables、run.json；加 --form 时只有空白表。",
        STRICT,
    ),
    "rules": Guide(
        "查标准时用：也列出数值、可靠程度和本单位的改动。结果显示在屏幕上。",
        (
            ("landeval rules --on 2024-12-31", "当日有效的规则"),
            ("landeval rules 我的园区", "连同项目里的改动"),
        ),
        "不写文件。",
    ),
    "what-if": Guide(
        "评价完成后用。试算不是结论。",
        (
            ("landeval what-if 成果 --set dongkou.tax=18 --out 试算", "税收标准改为 18"),
            ("landeval what-if 成果 --as-of 2025-12-31 --out 试算", "过一年再看"),
            ("landeval what-if 成果 --grid dongkou.tax=10:20:1 --out 试算", "依次取 10 到 20"),
        ),
        "试算.xlsx、tables（csv）。",
    ),
    "compare": Guide(
        "有了两年的成果后用。",
        (("landeval compare 成果2023 成果2024 --out 年度比较", "先写较早的一年"),),
        "年度比较.xlsx、tables（csv）。",
    ),
    "province": Guide(
        "单位很多时用：每个单位一个子文件夹，各有 landeval.toml 或 参数表.xlsx；中断后可以续跑。",
        (
            ("landeval province 全省 --out 全省成果", "逐个单位评价再汇总"),
            ("landeval province 全省 --out 全省成果 --resume", "续跑，只补没有完成的"),
            ("landeval province 全省 --out 全省成果 --engine dask --workers 4", "四个进程"),
        ),
        "全省汇总的工作簿、tables（csv）、parquet、run.json；每个单位的分片在旁边。",
        more="7 有单位没有完成",
    ),
    "doctor": Guide(
        "装好后、换电脑后、出了怪问题时用：逐项检查程序、坐标换算、文件格式、字体、内存、磁盘、权限；给了项目的，也逐份打开看看、查谁占用着。",
        (
            ("landeval doctor", "检查这台电脑"),
            ("landeval doctor 我的园区", "也检查项目的资料"),
            ("landeval doctor --quiet", "只显示要注意的"),
        ),
        "不写文件；检查用的临时文件当即删去。",
        (0, 3, 130),
        more="1 有一项不能用",
    ),
    "template": Guide(
        "要改格式时用：用 Word 改好后在设置的报告（[report]）一节写明。",
        (("landeval template 处置方案模板.docx", "写出模板"),),
        "所写的 docx 文件；已有的不覆盖。",
    ),
}  # fmt: skip
