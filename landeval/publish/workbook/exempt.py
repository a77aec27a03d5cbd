"""The 豁免 sheet: every parcel that is exempt from anything, with its figures, the evidence and the last day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from landeval.publish.workbook.lists import BLANK_IS_UNKNOWN, live_ratios
from landeval.publish.workbook.sheet import Column, Sheet, write_sheet
from landeval.publish.workbook.styles import Styles
from landeval.wording import joined

NAME = "豁免"
_TEXTS = ("rule_label", "exemption_effect", "exemption_evidence", "exemption_approver", "exemption_source")

_SHOWN = (*_TEXTS, "exemption_ends_on", "exemption_days_left", "exemption_due")


def exempt_parcels(table: pd.DataFrame, exemptions: pd.DataFrame) -> pd.DataFrame:
    """Return the parcels of class 豁免 and those that are exempt from a part, the first to end first.

    Parameters
    ----------
    table : DataFrame
        A ``frames.parcel_table``.
    exemptions : DataFrame
        ``Result.exemptions``; of several that hold of a parcel every text is joined, and the first end is shown.
    """
    table = table.drop(columns=[name for name in exemptions.columns if name in table and name in _SHOWN])
    holds = exemptions[exemptions["exemption_holds"].astype(bool)] if len(exemptions) else exemptions
    if not len(holds):
        return table[table["status"] == NAME]
    own = pd.DataFrame(
        {name: joined(holds["parcel_id"], holds[name], by="；", ordered=False) for name in _TEXTS}
    )
    ends = holds.sort_values("exemption_ends_on", kind="stable").drop_duplicates("parcel_id")
    own = own.join(ends.set_index("parcel_id")[list(_SHOWN[len(_TEXTS) :])])
    found = table[(table["status"] == NAME) | table.index.isin(own.index)].join(own, validate="1:1")
    order = found.assign(id=found.index).sort_values(["exemption_ends_on", "id"], kind="stable")
    return found.loc[order.index]


def write_exempt(
    book: Any,
    styles: Styles,
    table: pd.DataFrame,
    exemptions: pd.DataFrame,
    *,
    targets: Mapping[str, str],
    currency: str,
) -> None:
    """Write the sheet."""
    spec = Sheet(
        NAME,
        "豁免宗地",
        (
            Column("number", 5, label="序号"),
            Column("parcel_code", 23),
            Column("holder_name", 24, wrap=True),
            Column("status", 17),
            Column("rule_label", 14, label="豁免类型", wrap=True),
            Column("exemption_effect", 14, wrap=True),
            Column("exemption_evidence", 24, wrap=True),
            Column("exemption_approver", 16, wrap=True),
            Column("exemption_ends_on", 11),
            Column("exemption_days_left", 8),
            Column("exemption_due", 10),
            Column("land_use", 12, wrap=True),
            Column("area_mu", 10),
            *live_ratios(targets),
            Column("reasons", 52, wrap=True),
            Column("exemption_source", 14, wrap=True),
        ),
        note="有豁免的宗地仍列出全部指标；结论不是“豁免”的只豁免了一部分，其余照常评价；"
        f"不予适用的登记见 tables/exemptions.csv；{BLANK_IS_UNKNOWN}",
        pages_wide=2,
        empty="本次没有豁免的宗地。",
    )
    write_sheet(book, styles, exempt_parcels(table, exemptions), spec, currency=currency)
