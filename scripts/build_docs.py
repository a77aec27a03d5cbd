"""Write the generated pages of ``docs/``: 问题代码.md, 数据字典.md, 方法与依据.md, 参数表.md and 命令.md, from the code itself.

python scripts/build_docs.py [--check]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from landeval.cli import command_help
from landeval.errors import REFUSALS
from landeval.issues import CATALOGUE
from landeval.settings_table import CHANGE, EXAMPLES, HEADERS, RULE, SECTIONS
from landeval.standards.rule import BASES, KINDS, UNSURE, Rule
from landeval.standards.rules import shipped, shown
from landeval.tidy.values import MISSING, NOT_YET
from landeval.vocabulary.fields import TABLES, fields, label

DOCS = Path(__file__).resolve().parents[1] / "docs"
TABLE_NAMES = {
    "corrections": "更正",
    "decisions": "匹配决定",
    "reviews": "审核记录",
    "projects": "准入项目",
    "exemptions": "豁免登记",
    "index": "指数数据",
    "supply": "储备与供地",
    "boundary": "园区范围",
    "targets": "指标实绩",
    "overlays": "叠加图层",
    "parcels": "宗地",
    "contracts": "供地台账",
    "enterprises": "企业",
    "layout": "布局",
    "buildings": "建筑",
}


def codes_page() -> str:
    """Return ``问题代码.md``."""
    lines = [
        "# 问题代码",
        "",
        "本页由 `python scripts/build_docs.py` 从程序生成，请勿手改。",
        "",
        "## 数据问题（逐条列在 tables/issues.csv，不中断评价）",
        "",
        "| 代码 | 级别 | 含义 | 怎么办 | 通常由谁处理 |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {code} | {kind.level} | {kind.what} | {kind.remedy} | {kind.responsible} |"
        for code, kind in sorted(CATALOGUE.items())
    ]
    lines += ["", "## 中断评价的问题（什么也不写出）", "", "| 代码 | 含义 |", "|---|---|"]
    lines += [f"| {code} | {what} |" for code, what in sorted(REFUSALS.items())]
    return "\n".join(lines) + "\n"


def fields_page() -> str:
    """Return ``数据字典.md``."""
    lines = ["# 数据字典", "", "本页由 `python scripts/build_docs.py` 从词表生成，请勿手改。", ""]
    blank = "、".join(f"`{word}`" for word in sorted(MISSING - {""}, key=lambda word: (len(word), word)))
    later = "、".join(f"`{word}`" for word in sorted(NOT_YET))
    lines += [
        "## 当作空白的写法", "",
        f"数字、日期列里写下列词的，与没有填一样（未知，不是零）：{blank}。",
        f"日期列里另有：{later}（还没有发生）。写了别的、读不出的，列为 E203、E204，不当作空白。", "",
    ]  # fmt: skip
    for table in TABLES:
        lines += [
            f"## {TABLE_NAMES[table]}表认得的列",
            "",
            "| 中文名 | 英文名 | 单位 | 也认得的列名 | 通常由谁掌握 |",
            "|---|---|---|---|---|",
        ]
        lines += [
            f"| {field.label} | {field.name} | {field.unit} | {'、'.join(field.aliases_in(table))} | {field.office} |"
            for field in fields().values()
            if table in field.tables
        ]
        lines.append("")
    lines += ["## 评价得出的列", "", "| 中文名 | 英文名 | 单位 |", "|---|---|---|"]
    lines += [
        f"| {field.label} | {field.name} | {field.unit} |" for field in fields().values() if not field.tables
    ]
    return "\n".join(lines) + "\n"


_METHODS = """# 方法与依据

本页由 `python scripts/build_docs.py` 从随程序的规则生成，请勿手改。某一天有效的规则、连同本单位的改动：`landeval rules --on 日期 项目`。

## 怎样算

| 量 | 算法 |
|---|---|
| 1 亩 | 2000/3 ㎡ |
| 面积 | 依次取证载面积、合同面积、图形面积（椭球面）；都没有的未知 |
| 亩均投资、产值、税收 | 金额（万元）÷ 面积（亩），先求和再相除：几宗地、一个园区都是 Σ金额 ÷ Σ面积 |
| 一家企业有几宗地 | 没有分宗地填报的，按面积分摊 |
| 一宗地有几家企业 | 按各自填报的用地面积；没有填报的按户均分并提示 |
| 与标准比较 | 先按规则写明的小数位四舍五入，再比较；“超过”“低于”不含本数，“以上”“以下”“达”含本数 |
| 未知 | 缺任何一项，结果就是未知：不当作 0，不算好也不算差；合计中有一项未知，合计未知 |
| 满一年 | 次年对应日的次日起成立（可改，见 [评判方法](评判方法.md)） |

## 把握有多大

| 写法 | 意思 |
|---|---|
| 见原文 | 条文原文已看到，照引 |
| 据通行文本 | 按该文件的通行内容，未见盖章原件 |
| ※ 未核实 | 数值没有找到可靠来源，使用前须由县自然资源局确认 |
| ※ 建议稿，无文件依据 | 没有文件依据，是本程序的建议，由本单位决定用不用 |

"""


def methods_page() -> str:
    """Return ``方法与依据.md``: every shipped rule with formula, clause, quote and how sure it is."""
    by_document: dict[str, list[Rule]] = {}
    for rule in shipped().values():
        by_document.setdefault(rule.document, []).append(rule)
    lines = [_METHODS.rstrip()]
    for document, rules in by_document.items():
        lines += ["", f"## {document}"]
        for rule in rules:
            lines += ["", *_rule_lines(rule)]
    return "\n".join(lines) + "\n"


def _rule_lines(rule: Rule) -> list[str]:
    unsure = "※ " if rule.basis in UNSURE else ""
    said = f"{rule.operator} {shown(rule.value)} {rule.unit}".strip()
    lines = [
        f"### {rule.label} `{rule.rule_id}`",
        "",
        f"- **标准**：{label(rule.quantity)} {said}（比较前保留 {rule.decimals} 位小数）",
        f"- **适用**：{rule.scope}；{KINDS[rule.kind]}",
        f"- **依据**：{rule.clause}：“{rule.quote}”",
        f"- **把握**：{unsure}{BASES[rule.basis]}；{rule.valid_from} 起"
        + (f"，至 {rule.valid_to}" if rule.valid_to else ""),
    ]
    return [*lines, f"- **读法**：{rule.reading}"] if rule.reading else lines


def commands_page() -> str:
    """Return ``命令.md``: the help of the program and of every command, as it prints it."""
    lines = [
        "# 命令",
        "",
        "本页由 `python scripts/build_docs.py` 从程序生成，与 `landeval 命令 --help` 相同，请勿手改。",
    ]
    for name, text in command_help().items():
        lines += ["", f"## landeval {name}".rstrip(), "", "```text", text.strip(), "```"]
    return "\n".join(lines) + "\n"


def settings_page() -> str:
    """Return ``参数表.md``: how to write it, rows to copy, and every row that there is."""
    header = "| " + " | ".join(HEADERS[:3]) + " |"
    lines = [
        "# 参数表",
        "",
        "本页由 `python scripts/build_docs.py` 从程序生成，请勿手改。",
        "",
        "`landeval init 文件夹 --table` 建立的项目用 `参数表.xlsx` 写设置，与 `landeval.toml` 说的是同样的事，两者只留一个（E618）。",
        "",
        "- “参数”表一行一项设置：节、设置、值。只改“值”；不写的留空，按默认。",
        "- 平常用不到的行折叠着：点左上角的 2 全部展开，点 1 收起。",
        "- 节、设置的名称写错的，程序指出第几行，并写明最相近的名称（E619）；所有的错一次列出。",
        "- 不在表里的行可以自己加，加在最后一行的下面，次序不限。",
        "",
        "## 可以照抄的行",
        "",
        "`参数表.xlsx` 的“填表说明”里也有；把“节、设置、值”三格复制到“参数”表最后一行的下面。节名后的数字照自己的表：只有一份的不写。",
    ]
    for example in EXAMPLES:
        lines += ["", f"### {example.title}", "", example.told, "", header, "|---|---|---|"]
        lines += [f"| {section} | {setting} | {value} |" for section, setting, value in example.rows]
    lines += [
        "",
        "## 全部设置",
        "",
        "| 节 | 设置 | 单位 | 说明 | 值怎么写 | landeval.toml 的写法 |",
        "|---|---|---|---|---|---|",
    ]
    for section in (*SECTIONS, CHANGE, RULE):
        rows = [(one.label, one) for one in section.settings]
        rows += [(f"{head}：……", one) for head, one in section.maps.items()]
        place = {"rules": '[rules."编号"]', "change": "[[index.change]]", "": ""}.get(
            section.key, f"[{section.key}]"
        )
        name = "规则 编号" if section is RULE else section.name
        lines += [
            f"| {name} | {label} | {one.unit} | {one.told} | {one.wanted} | {f'{place} {one.key}'.strip()} |"
            for label, one in rows
        ]
    return "\n".join(lines) + "\n"


PAGES = {
    "问题代码.md": codes_page,
    "数据字典.md": fields_page,
    "方法与依据.md": methods_page,
    "命令.md": commands_page,
    "参数表.md": settings_page,
}


def main() -> int:
    """Write the pages, or with ``--check`` tell which are out of date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare")
    check = parser.parse_args().check
    stale = []
    for name, page in PAGES.items():
        path, text = DOCS / name, page()
        if not path.is_file() or path.read_text("utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, encoding="utf-8", newline="\n")
    print(("out of date: " if check else "written: ") + (", ".join(stale) or "none"))
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
