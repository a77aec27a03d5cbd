"""Install landeval from the bundle that this file stands in: check every wheel's SHA-256, then make ``.venv`` and run the demo.

Standard library only. ``python scripts/install_offline.py [options of scripts/start.py demo]``.
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SUMS = "SHA256SUMS"
REFUSED = 3


def faults(root: Path) -> list[str]:
    """Return what is wrong with the wheels of a bundle: changed, missing, or not in the list."""
    if not (root / SUMS).is_file():
        return [f"没有 {SUMS}：安装包不完整"]
    lines = (root / SUMS).read_text("utf-8").splitlines()
    listed = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
    there = {f"wheels/{path.name}" for path in (root / "wheels").glob("*")}
    wrong = [f"缺少 {name}" for name in sorted(set(listed) - there)]
    wrong += [f"多出 {name}" for name in sorted(there - set(listed))]
    return wrong + [
        f"内容不符 {name}"
        for name in sorted(there & set(listed))
        if hashlib.sha256((root / name).read_bytes()).hexdigest() != listed[name]
    ]


def main() -> int:
    """Check, then install and run the demo."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    wrong = faults(ROOT)
    if wrong:
        print("安装文件不对，没有安装：\n  " + "\n  ".join(wrong) + "\n怎么办：重新复制整个安装文件夹。")
        return REFUSED
    print("· 安装文件的 SHA-256 全部相符", flush=True)
    command = [sys.executable, str(ROOT / "scripts" / "start.py"), "demo", "--wheels", str(ROOT / "wheels")]
    return subprocess.run([*command, *sys.argv[1:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
