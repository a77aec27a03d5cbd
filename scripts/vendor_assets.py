"""Make ``landeval/publish/assets`` from npm packages, by name and version (development time only).

    python scripts/vendor_assets.py

Needs ``npm`` and its configured registry; analysts need neither. Pictures named in style sheets become data
URIs, source-map comments go, ``</script`` is escaped, and ``manifest.json`` records name, version, licence,
file, SHA-256 and the registry's integrity value of the package.
"""

from __future__ import annotations

import base64
import hashlib
import json
import mimetypes
import re
import subprocess
import tarfile
import tempfile
from pathlib import Path, PurePosixPath

ASSETS = Path(__file__).parents[1] / "landeval" / "publish" / "assets"

# package, version, licence, its licence file, {file in the package: pattern of the reference it stands for}
PACKAGES: list[tuple[str, str, str, str, dict[str, str]]] = [
    (
        "leaflet",
        "1.9.4",
        "BSD-2-Clause",
        "LICENSE",
        {
            "dist/leaflet.js": r"/leaflet@1\.9\.\d+/dist/leaflet\.js$",
            "dist/leaflet.css": r"/leaflet@1\.9\.\d+/dist/leaflet\.css$",
        },
    ),
]


def fetch(name: str, version: str, folder: Path) -> tuple[dict[str, bytes], str]:
    """Return the files of one npm package and its integrity value."""
    done = subprocess.run(
        ["npm", "pack", f"{name}@{version}", "--json"], cwd=folder, check=True, capture_output=True, text=True
    )
    answer = json.loads(done.stdout)[0]
    found = {}
    with tarfile.open(folder / answer["filename"]) as archive:
        for member in archive:
            if member.isfile() and (handle := archive.extractfile(member)):
                found[member.name.partition("/")[2]] = handle.read()
    return found, answer["integrity"]


def inline_pictures(text: str, css: str, package: dict[str, bytes]) -> str:
    """Turn each relative ``url()`` of a style sheet into a data URI; refuse any other."""

    def data_uri(match: re.Match[str]) -> str:
        target = match[1].strip("'\"")
        if target.startswith(("data:", "#")):
            return match[0]
        content = package[str(PurePosixPath(css).parent / target)]
        kind = mimetypes.guess_type(target)[0]
        return f"url(data:{kind};base64,{base64.b64encode(content).decode()})"

    return re.sub(r"url\(([^)]*)\)", data_uri, text)


def main() -> None:
    """Rebuild the folder of assets."""
    ASSETS.mkdir(parents=True, exist_ok=True)
    entries = []
    for name, version, licence, licence_path, wanted in PACKAGES:
        with tempfile.TemporaryDirectory() as folder:
            package, integrity = fetch(name, version, Path(folder))
        declared = json.loads(package["package.json"])["license"]
        if declared != licence:
            raise SystemExit(f"{name}: the package declares licence {declared}, expected {licence}")
        licence_file = f"{name}-LICENSE.txt"
        (ASSETS / licence_file).write_bytes(package[licence_path].replace(b"\r\n", b"\n"))
        for path, pattern in wanted.items():
            text = package[path].decode("utf-8").replace("\r\n", "\n")
            text = re.sub(r"\n?(//|/\*)[#@] sourceMappingURL=.*$", "", text.rstrip()) + "\n"
            if path.endswith(".css"):
                text = inline_pictures(text, path, package)
            text = re.sub(r"</(script|style)", r"<\\/\1", text, flags=re.IGNORECASE)
            stem, _, ending = PurePosixPath(path).name.rpartition(".")
            file = f"{stem}-{version}.{ending}"
            (ASSETS / file).write_bytes(text.encode("utf-8"))
            entries.append(
                {
                    "name": name,
                    "version": version,
                    "licence": licence,
                    "licence_file": licence_file,
                    "file": file,
                    "sha256": hashlib.sha256(text.encode("utf-8")).hexdigest(),
                    "source": path,
                    "integrity": integrity,
                    "stands_for": pattern,
                }
            )
    manifest = json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
    (ASSETS / "manifest.json").write_bytes(manifest.encode("utf-8"))


if __name__ == "__main__":
    main()
