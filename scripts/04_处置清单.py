"""第四步：只出处置候选清单。用法：python scripts/04_处置清单.py [项目文件夹或 landeval.toml] [处置候选清单.xlsx]"""

from numbered import SAMPLE, beside, refusals_told, word

import landeval

project = word(1, SAMPLE)
with refusals_told():
    result = landeval.evaluate(landeval.load_project(project))
    book = landeval.write_candidate_list(result, word(2, beside(project) / "处置候选清单.xlsx"))
candidates = result.status[result.status["is_candidate"]].sort_values("priority")
for parcel, row in zip(candidates.index, candidates.to_dict("records"), strict=True):
    print(f"{parcel}　{row['status']}　{row['route']}")
print("清单：", book.resolve())
