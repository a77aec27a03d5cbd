"""第一步：检查资料，列出数据问题和每条记录的去向。用法：python scripts/01_检查数据.py [landeval.toml]"""

import sys

import landeval

project = landeval.load_project(sys.argv[1] if len(sys.argv) > 1 else "data/landeval.toml", out="检查结果")
result = landeval.evaluate(project)
print(result.issues.groupby(["level", "code"]).size().to_string())
print(result.reconciliation.groupby(["table_kind", "record_state"]).size().to_string())
print(
    "明细：", landeval.write_problems(result, project.out, inputs=[source.path for source in project.sources])
)
