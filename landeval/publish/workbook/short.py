"""What a list leaves out where there are too many parcels for a workbook that people open; all of it stands in the tables."""

from __future__ import annotations

import pandas as pd

from landeval.issues import NOTICE
from landeval.publish.frames import flags, open_questions
from landeval.result import CANDIDATES, TIED, Result

MOST = 10_000
"""More parcels, and the list holds only those that somebody has to do with."""
WORKED = (*CANDIDATES, "逾期未动工预警", "关注")
"""Classes that a working sheet lists, beside the open questions."""
ALL, SHORT = "全部宗地", "要办宗地"
"""The sheet of all parcels, and what it is called where it does not hold all."""
PARCELS = "tables/parcels.csv"


def is_short(table: pd.DataFrame) -> bool:
    """Tell whether the list of a ``frames.parcel_table`` leaves parcels out."""
    return len(table) > MOST


def to_work_on(table: pd.DataFrame) -> pd.DataFrame:
    """Return the candidates, those that soon may be, those to watch and those with something unknown or asked, in order."""
    wanted = flags(table, "is_candidate") | table["status"].isin(WORKED)
    return table[wanted | table.index.isin(open_questions(table).index)]


def told(table: pd.DataFrame, shown: pd.DataFrame) -> str:
    """Say at the head of the sheet how many parcels are left out and where they are."""
    return (
        f"全园共 {len(table)} 宗，宗地较多，本表只列要办的 {len(shown)} 宗（处置候选、预警、关注、资料不足、有待核问题的）；"
        f"其余 {len(table) - len(shown)} 宗见 {PARCELS}"
    )


def enterprises_of(
    result: Result, shown: pd.DataFrame, enterprises: pd.DataFrame
) -> tuple[pd.DataFrame, str]:
    """Return the enterprises tied to some of the parcels, and what to say of the others."""
    links = result.links
    mine = links["parcel_id"].isin(shown.index) & links["state"].isin(TIED)
    kept = enterprises[enterprises["enterprise_id"].isin(links.loc[mine, "enterprise_id"])]
    return kept, (
        f"共 {len(enterprises)} 家，本表只列“{SHORT}”各宗地上的 {len(kept)} 家；其余见 tables/enterprises.csv；"
    )


def problems_of(problems: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Return what is more than a notice, and what to say of the notices."""
    kept = problems[problems["level"] != NOTICE]
    return kept, (
        f"共 {len(problems)} 条，本表不列提示 {len(problems) - len(kept)} 条，见 数据问题.xlsx、tables/issues.csv；"
    )
