"""第四步：只出处置候选清单。用法：python scripts/04_处置清单.py [landeval.toml] [处置候选清单.xlsx]"""

import sys
from pathlib import Path

import landeval

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "landeval.toml"

book = Path(sys.argv[2] if len(sys.argv) > 2 else "处置候选清单.xlsx")
try:
    result = landeval.evaluate(landeval.load_project(sys.argv[1] if len(sys.argv) > 1 else SAMPLE))
    landeval.write_candidate_list(result, book)
except landeval.LandevalError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
print(result.status.loc[result.status["is_candidate"], ["status", "route"]].to_string())
print("清单：", book.resolve())
