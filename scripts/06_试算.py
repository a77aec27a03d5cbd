"""第六步：试算，换标准或基准日看哪些宗地会变。用法：python scripts/06_试算.py [成果或项目文件夹] [landeval what-if 的选项]"""

import sys
from pathlib import Path

from finished_runs import LOOKED_IN, asker, choose, near, results_of, runs_in
from numbered import refusals_told
from trial_questions import asked

from landeval.cli import main
from landeval.console import say, say_error

OUT = "试算"
words = sys.argv[1:]
place = Path(words.pop(0)) if words and not words[0].startswith("-") else None
runs = runs_in([place]) if place else near()
if not runs:
    say_error(
        "没有找到可以试算的成果（landeval run 或 02_评价 写出的完整文件夹）。\n"
        f"  找过：{place.resolve() if place else LOOKED_IN}\n"
        "  怎么办：先双击 02_评价，或把成果文件夹拖到本文件上。"
    )
    sys.exit(3)
ask = asker()
run = choose(runs, "试算哪个成果？", len(runs) - 1, ask)
say(f"试算：{run}")
if not words and ask:
    with refusals_told():
        words = asked(run.folder, ask)
if not any(word == "--out" or word.startswith("--out=") for word in words):
    words += ["--out", str(results_of(run) / OUT)]
sys.exit(main(["what-if", str(run.folder), *words]))
