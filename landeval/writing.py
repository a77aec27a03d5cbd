"""What a run writes beside its tables, map, list and report."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Writing:
    """What is written beside the rest.

    Attributes
    ----------
    has_dossiers : bool
        Whether candidates get a dossier each, with drafts of the papers that are due.
    dossiers_of : tuple of str
        Parcels that get one too, by 宗地代码.
    template : Path or None
        The bureau's own template of the disposal plan; None takes the shipped one.
    is_public : bool
        Whether an edition for publication is written.
    """

    has_dossiers: bool = True
    dossiers_of: tuple[str, ...] = ()
    template: Path | None = None
    is_public: bool = False


PLAIN = Writing(has_dossiers=False)
"""Nothing of it."""
