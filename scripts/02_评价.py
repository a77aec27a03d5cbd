"""第二步：评价，写出全部成果。用法：python scripts/02_评价.py [landeval.toml]"""

import sys

import landeval

project = landeval.load_project(sys.argv[1] if len(sys.argv) > 1 else "data/landeval.toml", out="成果")
result = landeval.evaluate(project)
print(result.status["status"].value_counts().to_string())
print(
    "成果：", landeval.write_outputs(result, project.out, inputs=[source.path for source in project.sources])
)
