"""第一步：检查资料，列出数据问题和每条记录的去向。用法：python scripts/01_检查数据.py [项目文件夹或 landeval.toml]"""

import sys

from numbered import SAMPLE, beside, word

from landeval.cli import main

project = word(1, SAMPLE)
sys.exit(main(["check", project, "--out", str(beside(project) / "检查结果")]))
