"""第二步：评价，写出全部成果。用法：python scripts/02_评价.py [项目文件夹或 landeval.toml]"""

import sys

from numbered import SAMPLE, beside, refusals_told, word

import landeval
from landeval.cli import main

project = word(1, SAMPLE)
with refusals_told():
    named = landeval.load_project(project).out  # the folder that the settings name goes first
sys.exit(main(["run", project, *([] if named else ["--out", str(beside(project) / "成果")])]))
