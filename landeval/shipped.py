"""What landeval brings along: the sample park and the docs, in the package where a wheel was installed, beside it in a source tree."""

from __future__ import annotations

from pathlib import Path

HOME = Path(__file__).resolve().parent


def sample() -> Path | None:
    """Return the settings of the sample park; None where it is missing."""
    return _first(HOME / "sample" / "landeval.toml", HOME.parent / "data" / "landeval.toml")


def docs() -> Path | None:
    """Return the folder of the docs (Markdown); None where it is missing."""
    codes = _first(HOME / "docs" / "问题代码.md", HOME.parent / "docs" / "问题代码.md")
    return codes.parent if codes else None


def _first(*places: Path) -> Path | None:
    return next((place for place in places if place.is_file()), None)
