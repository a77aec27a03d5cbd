"""Build the docs as pages that open from a folder without a network, and check them: every link leads somewhere, nothing is loaded from elsewhere.

python scripts/build_site.py [--out FOLDER]
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

ROOT = Path(__file__).resolve().parents[1]
OUTSIDE = ("benchmarks/", "examples/", "data/", "CONTRIBUTING.md", "CHANGELOG.md", "README.md")
"""What the pages point to in the repository beside ``docs/``: named in words on the site, which stands alone."""
_LOADED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "link": "href",
    "source": "src",
    "video": "src",
    "audio": "src",
}
_IN_STYLE = re.compile(r"(?:url\(|@import\s+)[\"']?(?:https?:)?//")
_POINTER = re.compile(r"\[([^\]]+)\]\((?:\.\./)+([^)]+)\)")


class _Page(HTMLParser):
    """What a page loads, where it leads, and the names in it that can be led to."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loaded: list[str] = []
        self.led: list[str] = []
        self.names: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        self.names |= {at[name] for name in ("id", "name") if name in at}
        target = at.get(_LOADED.get(tag, ""), "")
        if target and not (tag == "link" and at.get("rel") in ("canonical", "next", "prev")):
            self.loaded.append(target)
        if tag == "a" and "href" in at:
            self.led.append(at["href"])


def build(out: Path) -> None:
    """Build the site; pages outside ``docs/`` are named, not linked.

    Raises
    ------
    subprocess.CalledProcessError
        A page is left out of ``nav``, or a link between pages leads nowhere.
    """
    with tempfile.TemporaryDirectory() as place:
        pages = Path(place) / "docs"
        for path in sorted((ROOT / "docs").rglob("*")):
            copy = pages / path.relative_to(ROOT / "docs")
            if path.is_dir():
                continue
            copy.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".md":
                copy.write_text(_alone(path.read_text("utf-8")), "utf-8", newline="\n")
            else:
                copy.write_bytes(path.read_bytes())
        settings = Path(place) / "mkdocs.yml"
        settings.write_text((ROOT / "mkdocs.yml").read_text("utf-8"), "utf-8")
        command = [
            sys.executable,
            "-m",
            "mkdocs",
            "build",
            "--quiet",
            "--strict",
            "--config-file",
            str(settings),
        ]
        subprocess.run([*command, "--site-dir", str(out.resolve())], check=True)
    (out / "404.html").unlink()  # a server's page, of addresses from the root


def _alone(text: str) -> str:
    def named(found: re.Match[str]) -> str:
        is_outside = found[2].startswith(OUTSIDE)
        return f"{found[1]}（程序文件夹中的 `{found[2]}`）" if is_outside else found[0]

    return _POINTER.sub(named, text)


def faults(site: Path) -> list[str]:
    """Return what is wrong with built pages: loaded from elsewhere, or a link to nothing."""
    pages = {path.resolve(): _Page(path.read_text("utf-8")) for path in sorted(site.rglob("*.html"))}
    wrong = [] if pages else ["no page"]
    for path, page in pages.items():
        where = path.relative_to(site.resolve()).as_posix()
        wrong += [
            f"{where}: loads {one}" for one in page.loaded if _is_elsewhere(one) or not _exists(path, one)
        ]
        for one in page.led:
            if _is_elsewhere(one) or one.startswith(("mailto:", "javascript:")):
                wrong.append(f"{where}: leads to {one}")
            elif not _leads(pages, path, one):
                wrong.append(f"{where}: {one} leads nowhere")
    for path in sorted(site.rglob("*.css")):
        if _IN_STYLE.search(path.read_text("utf-8")):
            wrong.append(f"{path.relative_to(site)}: loads from elsewhere")
    return wrong


def _is_elsewhere(target: str) -> bool:
    parts = urlsplit(target)
    return bool(parts.netloc) or parts.scheme in ("http", "https", "ftp")


def _exists(page: Path, target: str) -> bool:
    return target.startswith("data:") or (page.parent / unquote(urlsplit(target).path)).is_file()


def _leads(pages: dict[Path, _Page], page: Path, target: str) -> bool:
    parts = urlsplit(target)
    to = (page.parent / unquote(parts.path)).resolve() if parts.path else page
    if to.is_dir():
        to = to / "index.html"
    if to not in pages:
        return to.is_file()
    fragment = unquote(parts.fragment)
    return not fragment or fragment == "__toc" or fragment in pages[to].names


def main() -> int:
    """Build, check, and tell what is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", default=str(ROOT / "site"), help="folder of the built pages")
    out = Path(parser.parse_args().out)
    build(out)
    wrong = faults(out)
    print("\n".join(wrong) or f"{len(list(out.rglob('*.html')))} pages in {out}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
