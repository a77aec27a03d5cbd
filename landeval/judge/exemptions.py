"""Exemptions: held only with evidence and until their date; the rest are judged like any parcel."""

from __future__ import annotations

from typing import NamedTuple

import pandas as pd

from landeval import issues
from landeval.sources import SOURCE_COLUMNS


class Exemptions(NamedTuple):
    """Whether each parcel is exempt, why, and what was refused."""

    is_exempt: pd.Series
    reason: pd.Series
    issues: pd.DataFrame


def exempt(parcels: pd.DataFrame, as_of: pd.Timestamp) -> Exemptions:
    """Apply the exemptions written beside the parcels.

    Parameters
    ----------
    parcels : DataFrame
        ``exemption_reason``, ``exemption_evidence``, ``exemption_until``.
    as_of : Timestamp
        An exemption holds up to and including its last day.
    """
    asked = parcels["exemption_reason"].notna()
    bare = asked & parcels["exemption_evidence"].isna()
    expired = asked & ~bare & (parcels["exemption_until"] < as_of)
    unread = asked & ~bare & parcels["unsure_dates"].fillna("").astype(str).str.contains("exemption_until")
    holds = asked & ~bare & ~expired & ~unread
    place = parcels[list(SOURCE_COLUMNS)]
    said = parcels["exemption_reason"].fillna("").astype(str)
    reason = (
        "豁免：" + said + "（依据 " + parcels["exemption_evidence"].fillna("").astype(str) + "）"
    ).where(holds, "")
    problems = [
        issues.report("E406", place[bare], raw=said[bare], key=parcels.index[bare]),
        issues.report("E412", place[unread], raw=said[unread], key=parcels.index[unread]),
        issues.report("E405", place[expired], raw=said[expired], key=parcels.index[expired]),
    ]
    return Exemptions(holds, reason, issues.gather(problems))
