"""Write the generated pages of ``docs/``: 问题代码.md and 数据字典.md, from the code itself.

python scripts/build_docs.py [--check]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from landeval.errors import REFUSALS
from landeval.issues import CATALOGUE
from landeval.vocabulary.fields import TABLES, fields

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


PAGES = {"问题代码.md": codes_page, "数据字典.md": fields_page}


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
