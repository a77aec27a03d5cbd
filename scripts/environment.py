"""Imported first: where landeval is not installed, say what to do instead of a traceback."""

import importlib.util
import sys
from pathlib import Path

if importlib.util.find_spec("landeval") is None:
    sys.exit(Path(__file__).with_name("no_environment.txt").read_text("utf-8").strip())
