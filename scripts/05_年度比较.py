"""第五步：年度比较，两个年度的成果放在一起。用法：python scripts/05_年度比较.py [成果或项目文件夹] [另一个成果]"""

import sys
from pathlib import Path

from finished_runs import LOOKED_IN, asker, near, pair, results_of, run_of, runs_in

from landeval.cli import main
from landeval.console import say, say_error

OUT = "年度比较"
places = [Path(word) for word in sys.argv[1:]]
named = [run_of(place) for place in places]
if len(places) == 2 and all(named):
    chosen = tuple(sorted(run for run in named if run))  # dropped on the .bat in any order
else:
    runs = runs_in(places) if places else near()
    chosen = pair(runs, asker())
    if chosen is None:
        told = "".join(f"\n    {run}" for run in runs) or "\n    （没有）"
        say_error(
            "年度比较要同一园区、基准日不同的两个成果（landeval run 或 02_评价 写出的完整文件夹），没有找到这样的两个。\n"
            f"  找过：{'、'.join(str(place.resolve()) for place in places) or LOOKED_IN}；找到的成果：{told}\n"
            "  怎么办：把去年的成果文件夹和今年的放在一起，再把两个成果文件夹一起拖到本文件上；没有去年的成果的，用去年的资料再评价一次，如\n"
            "    landeval run 我的园区 --year 2023 --as-of 2023-12-31 --out 成果2023\n"
            "  以后每年评价之前，先把旧的“成果”文件夹改名（如 成果2023），就不会被新的换掉。"
        )
        sys.exit(3)
then, now = chosen
say(f"上次：{then}\n本次：{now}")
sys.exit(main(["compare", str(then.folder), str(now.folder), "--out", str(results_of(now) / OUT)]))
