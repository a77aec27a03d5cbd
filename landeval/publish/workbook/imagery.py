"""The 影像 sheet: what the latest image shows of the parcels worth a look, beside their class, questions first."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from landeval.imagery import STEADY, STOPPED, UNBUILT, Imagery
from landeval.publish.frames import flags
from landeval.publish.workbook.sheet import Column, Sheet, write_sheet
from landeval.publish.workbook.styles import Styles

CAVEAT = "影像只作旁证，不决定任何结论；界线是建议稿（见“依据”），“建设”含屋面和硬化地面"


def worth_a_look(table: pd.DataFrame, seen: Imagery) -> pd.DataFrame:
    """Return the parcels with a question, then 疑似停用, 疑似未建设, the changed ones, the other candidates."""
    own = seen.evidence
    found = table.drop(columns=[name for name in own.columns if name in table.columns]).join(own)
    rank = np.select(
        [
            found["image_question"] != "",
            found["image_evidence"] == STOPPED,
            found["image_evidence"] == UNBUILT,
            ~found["image_change"].isin(("", STEADY)),
            flags(found, "is_candidate") & (found["image_state"] != ""),
        ],
        [1, 2, 3, 4, 5],
        9,
    )
    order = pd.DataFrame({"rank": rank, "id": found.index}, index=found.index).sort_values(["rank", "id"])
    return found.loc[order.index[order["rank"] < 9]]


def write_images(book: Any, styles: Styles, table: pd.DataFrame, seen: Imagery, *, currency: str) -> None:
    """Write the sheet."""
    days = "、".join(
        f"{file}（{day or '日期不明'}）"
        for file, day in zip(
            seen.images["image_file"].tolist(), seen.images["image_taken"].tolist(), strict=True
        )
    )
    note = f"{CAVEAT}；影像：{days}"
    if seen.unshown:
        note += f"；另有 {seen.unshown} 宗候选没有裁图"
    spec = Sheet(
        "影像",
        "影像旁证",
        (
            Column("number", 5, label="序号"),
            Column("parcel_code", 23),
            Column("holder_name", 22, wrap=True),
            Column("status", 17),
            Column("image_evidence", 11),
            Column("image_change", 11),
            Column("image_question", 34, wrap=True),
            Column("image_reason", 36, wrap=True),
            Column("image_taken", 11),
            Column("image_file", 14, wrap=True),
            Column("image_state", 10, wrap=True),
            Column("image_pixels", 9, number_format="#,##0"),
            Column("image_valid_share", 9),
            Column("image_built_share", 8),
            Column("image_bare_share", 8),
            Column("image_vegetated_share", 8),
            Column("ndvi_median", 8, number_format="0.000"),
            Column("area_mu", 10),
        ),
        note=note,
        frozen=4,
        full_table="tables/imagery.csv",
        empty="没有需要留意的宗地。",
    )
    write_sheet(book, styles, worth_a_look(table, seen), spec, currency=currency)
