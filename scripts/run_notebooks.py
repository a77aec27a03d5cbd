"""Execute every notebook of the repository in its own folder, and fail when one fails or is too slow.

The notebooks on disk are not changed: what they print is only checked, not kept.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

NOTEBOOKS = Path(__file__).resolve().parents[1] / "notebooks"
SECONDS = 60


def execute(path: Path) -> None:
    """Run one notebook from its first cell to its last, within ``SECONDS`` in all."""
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    deadline = time.monotonic() + SECONDS
    client = NotebookClient(
        notebook,
        kernel_name="python3",
        resources={"metadata": {"path": str(path.parent)}},
        timeout_func=lambda cell: max(1, round(deadline - time.monotonic())),
    )
    client.execute()


def main() -> int:
    """Execute all notebooks and return 1 when one of them failed."""
    paths = sorted(NOTEBOOKS.glob("*.ipynb"))
    failed = 0
    for path in paths:
        started = time.monotonic()
        try:
            execute(path)
        except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
            failed += 1
            print(f"FAILED {path.name}\n{error}", flush=True)
        else:
            print(f"ok {path.name} ({time.monotonic() - started:.1f} s)", flush=True)
    print(f"notebooks: {len(paths) - failed} of {len(paths)} executed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
