"""第三步：只出地图。用法：python scripts/03_出图.py [landeval.toml] [地图.html]"""

import sys
from pathlib import Path

import landeval

result = landeval.evaluate(landeval.load_project(sys.argv[1] if len(sys.argv) > 1 else "data/landeval.toml"))
page = Path(sys.argv[2] if len(sys.argv) > 2 else "地图.html")
landeval.write_map(result, page)
print("地图：", page.resolve())
