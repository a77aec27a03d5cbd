"""What lies beside the map, as paths relative to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Beside:
    """Files that the page points to; what a run does not write has no link.

    Attributes
    ----------
    list_file : str
        The workbook of candidates; empty where there is none.
    compare : str
        The page with two maps side by side; empty where there is none.
    dossiers : Mapping
        ``parcel_id`` → path of its dossier, with ``/``.
    chips : Mapping
        ``parcel_id`` → path of its pictures, with ``/``.
    """

    list_file: str = ""
    compare: str = ""
    dossiers: Mapping[str, str] = field(default_factory=dict)
    chips: Mapping[str, str] = field(default_factory=dict)
