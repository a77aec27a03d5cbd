"""第六步：试算，换标准或基准日看哪些宗地会变。用法：python scripts/06_试算.py [成果或项目文件夹] [landeval what-if 的选项]"""

import sys
from pathlib import Path

from finished_runs import asker, choose, near, runs_in

from landeval.cli import main
from landeval.console import say, say_error

OUT = "试算"
words = sys.argv[1:]
place = Path(words.pop(0)) if words and not words[0].startswith("-") else None
runs = runs_in([place]) if place else near()
if not runs:
    say_error(
        "没有找到可以试算的成果（landeval run 或 02_评价 写出的完整文件夹）。\n"
        f"  找过：{place.resolve() if place else '当前文件夹和程序文件夹'}\n"
        "  怎么办：先双击 02_评价，或把成果文件夹拖到本文件上。"
    )
    sys.exit(3)
ask = asker()
run = choose(runs, "试算哪个成果？", len(runs) - 1, ask)
say(f"试算：{run}")
if not words and ask:
    day = ask("换到哪一天再看？如 2025-06-30；不换的直接回车：")
    rules = ask("改哪条标准？如 dongkou.tax=18，几条用空格隔开（编号见 landeval rules）；不改的直接回车：")
    words = [
        *(["--as-of", day] if day else []),
        *(part for rule in rules.split() for part in ("--set", rule)),
    ]
if not any(word == "--out" or word.startswith("--out=") for word in words):
    words += ["--out", OUT]
sys.exit(main(["what-if", str(run.folder), *words]))
