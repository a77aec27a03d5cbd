"""第一步：检查资料，列出数据问题和每条记录的去向。用法：python scripts/01_检查数据.py [landeval.toml]"""

import sys
from pathlib import Path

import landeval

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "landeval.toml"

try:
    project = landeval.load_project(sys.argv[1] if len(sys.argv) > 1 else SAMPLE, out="检查结果")
    result = landeval.evaluate(project)
    inputs = [source.path for source in project.sources]
    folder = landeval.write_problems(result, project.out, inputs=inputs)
except landeval.LandevalError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
print(result.issues.groupby(["level", "code"]).size().to_string())
print(result.reconciliation.groupby(["table_kind", "record_state"]).size().to_string())
print("明细：", folder)
