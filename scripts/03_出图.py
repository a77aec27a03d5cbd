"""第三步：只出地图。用法：python scripts/03_出图.py [项目文件夹或 landeval.toml] [地图.html]"""

from numbered import SAMPLE, beside, refusals_told, word

import landeval

project = word(1, SAMPLE)
with refusals_told():
    result = landeval.evaluate(landeval.load_project(project))
    page = landeval.write_map(result, word(2, beside(project) / "地图.html"))
print("地图：", page.resolve())
