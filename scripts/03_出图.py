"""第三步：只出地图。用法：python scripts/03_出图.py [landeval.toml] [地图.html]"""

import sys
from pathlib import Path

import landeval

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "landeval.toml"

page = Path(sys.argv[2] if len(sys.argv) > 2 else "地图.html")
try:
    result = landeval.evaluate(landeval.load_project(sys.argv[1] if len(sys.argv) > 1 else SAMPLE))
    landeval.write_map(result, page)
except landeval.LandevalError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
print("地图：", page.resolve())
