"""``python -m landeval``."""

import sys

from landeval.cli import main

if __name__ == "__main__":
    sys.exit(main())
