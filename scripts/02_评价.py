"""第二步：评价，写出全部成果。用法：python scripts/02_评价.py [landeval.toml]"""

import sys
from pathlib import Path

import landeval

SAMPLE = Path(__file__).resolve().parents[1] / "data" / "landeval.toml"

try:
    project = landeval.load_project(sys.argv[1] if len(sys.argv) > 1 else SAMPLE, out="成果")
    result = landeval.evaluate(project)
    inputs = [source.path for source in project.sources]
    folder = landeval.write_outputs(result, project.out, inputs=inputs)
except landeval.LandevalError as error:
    print(error, file=sys.stderr)
    sys.exit(error.exit_code)
print(result.status["status"].value_counts().to_string())
print("成果：", folder)
