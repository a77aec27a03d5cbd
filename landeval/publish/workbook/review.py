"""``匹配复核.xlsx``: every doubtful pair of parcel and enterprise, for a person to decide; it is handed back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd

from landeval.publish.cells import cell, clean
from landeval.publish.labels import label_of
from landeval.publish.workbook.book import new_book
from landeval.publish.workbook.sheet import Column, Sheet, opening_sheet, write_cell, write_sheet
from landeval.publish.workbook.styles import Styles
from landeval.result import DECISIONS, MONEY, TIED, WAITING, Result

FILE_NAME = "匹配复核.xlsx"
BY_MONEY = ["tax_wan_yuan", "output_wan_yuan", "investment_wan_yuan"]
_HOW = (
    "一、“复核”表每行是一宗地与一家企业，程序拿不准是不是同一家，没有自动匹配，金额也没有计入该宗地。",
    "二、在黄色的“决定”一栏选 确认、否决 或 待定，写上决定人（必填）和依据，保存后交回：landeval run … --review 匹配复核.xlsx。",
    "    确认：今后按此匹配；否决：今后不再提出；待定：仍列在下次的复核表中。留空的行不起作用，下次仍列出；",
    "    只是同一宗地已经确认给一家企业后，这宗地其余留空的候选不再列出。",
    "三、决定记在项目文件夹的 匹配决定.csv 中（谁、何时），以后不再询问；资料变了而不再适用的决定会说明。",
    "四、几家企业共用一宗地而已约定比例的，可在“分摊比例”写明，同一宗地各家合计须为 100%。",
    "五、行可以排序、删除，列可以增加，也可另存为 xls 或 csv；请勿改动宗地标识、企业名称、企业信用代码三列。",
)


def write_review_book(result: Result, path: Path) -> Path:
    """Write the workbook: how to use it, coverage, pairs to review, what is left over on both sides, decisions.

    Parameters
    ----------
    result : Result
        Rendered as it is.
    path : Path
        Of the file; its folder is made if it is not there.

    Returns
    -------
    Path
        The file written.
    """
    land, firms = unmatched_parcels(result), unmatched_enterprises(result)
    with new_book(path, result) as (book, styles):
        _write_overview(book, styles, result)
        for frame, spec in (
            (to_review(result), _pairs_sheet(result.year)),
            (land, _land_sheet()),
            (firms, _firms_sheet(result.year)),
            (result.decisions, _decisions_sheet()),
        ):
            write_sheet(book, styles, frame, spec, currency=result.currency)
    return path


def to_review(result: Result) -> pd.DataFrame:
    """Return the pairs that wait for a decision, those with most money first.

    Returns
    -------
    DataFrame
        The pair of ``links`` with the names and codes of both sides, the parcel's area and the enterprise's
        money of the data year.
    """
    pairs = result.links[result.links["state"].isin(WAITING)]
    land = pd.DataFrame(result.parcels[["holder_name", "credit_code", "area_mu"]])
    land = land.rename(columns={"credit_code": "parcel_credit_code"})
    firms = result.enterprises[["name", "credit_code", *MONEY]]
    table = pairs[["parcel_id", "enterprise_id", "method", "score", "state", "review_reason"]]
    table = table.join(land, on="parcel_id", validate="m:1").join(firms, on="enterprise_id", validate="m:1")
    order = [*BY_MONEY, "score", "parcel_id", "enterprise_id"]
    falling = [False] * (len(BY_MONEY) + 1) + [True, True]
    return table.sort_values(order, ascending=falling, na_position="last").reset_index(drop=True)


def unmatched_parcels(result: Result) -> pd.DataFrame:
    """Return the parcels that no enterprise is tied to, the largest first."""
    tied = result.links.loc[result.links["state"].isin(TIED), "parcel_id"]
    left = pd.DataFrame(result.parcels[~result.parcels.index.isin(tied)].drop(columns="geometry"))
    table = left.rename_axis("parcel_id").reset_index()
    return table.sort_values(["area_mu", "parcel_id"], ascending=[False, True])


def unmatched_enterprises(result: Result) -> pd.DataFrame:
    """Return the enterprises that no parcel is tied to, those with most tax first."""
    tied = result.links.loc[result.links["state"].isin(TIED), "enterprise_id"]
    left = result.enterprises[~result.enterprises.index.isin(tied)]
    table = left.rename_axis("enterprise_id").reset_index()
    return table.sort_values([*BY_MONEY, "enterprise_id"], ascending=[False] * 3 + [True])


def _pairs_sheet(year: int | None) -> Sheet:
    return Sheet(
        "复核",
        "待复核的匹配",
        (
            Column("parcel_id", 23, label="宗地标识"),
            Column("holder_name", 30, label="权利人", wrap=True),
            Column("parcel_credit_code", 22, label="宗地表信用代码"),
            Column("name", 30, label="企业名称", wrap=True),
            Column("credit_code", 22, label="企业信用代码"),
            Column("review_reason", 26, label="待复核原因", wrap=True),
            Column("method", 13, label="线索"),
            Column("score", 7, label="得分"),
            Column("state", 8, label="现状"),
            Column("area_mu", 9),
            Column("tax_wan_yuan", 12),
            Column("output_wan_yuan", 13),
            Column("investment_wan_yuan", 13),
            Column("", 9, label="决定", choices=DECISIONS),
            Column("", 9, label="分摊比例"),
            Column("", 10, label="决定人"),
            Column("", 12, label="决定日期"),
            Column("", 24, label="决定依据", wrap=True),
        ),
        note=f"金额为企业 {year or '数据'} 年的全部金额，按税收、产值、投资从大到小；黄色各栏可填写后交回",
        full_table="tables/links.csv",
        empty="没有待复核的匹配。",
    )


def _land_sheet() -> Sheet:
    return Sheet(
        "未匹配的宗地",
        "没有对应企业的宗地",
        (
            Column("parcel_id", 23, label="未匹配宗地"),
            Column("holder_name", 34, label="权利人名称", wrap=True),
            Column("credit_code", 20),
            Column("location", 30, wrap=True),
            Column("land_use", 12),
            Column("area_mu", 10),
        ),
        note="按面积从大到小；亩均指标未知，没有据此认定任何低效用地",
        empty="每宗地都有对应的企业。",
        frozen=1,
    )


def _firms_sheet(year: int | None) -> Sheet:
    return Sheet(
        "未匹配的企业",
        "没有对应宗地的企业",
        (
            Column("enterprise_id", 24, label="企业标识"),
            Column("name", 34, label="未匹配企业", wrap=True),
            Column("former_names", 26, wrap=True),
            Column("tax_wan_yuan", 13),
            Column("output_wan_yuan", 14),
            Column("investment_wan_yuan", 14),
        ),
        note=f"按 {year or '数据'} 年税收从大到小；金额在 tables/ledger.csv 中列为未匹配",
        full_table="tables/enterprises.csv",
        empty="每家企业都有对应的宗地。",
        frozen=2,
    )


def _decisions_sheet() -> Sheet:
    return Sheet(
        "已有决定",
        "已作出的决定（本次采用的和记住的）",
        (
            Column("decided_parcel", 23),
            Column("decided_holder", 28, wrap=True),
            Column("decided_name", 30, wrap=True),
            Column("decided_code", 20),
            Column("decision", 8),
            Column("decided_share", 10),
            Column("decided_by", 10),
            Column("decided_on", 12),
            Column("decision_reason", 30, wrap=True),
            Column("source_file", 20, wrap=True),
            Column("source_row", 7),
        ),
        note="没有采用的见 数据问题.xlsx（E331），不再需要的见 E332",
        full_table="tables/decisions.csv",
        empty="还没有作出过决定。",
    )


def _write_overview(book: Any, styles: Styles, result: Result) -> None:
    waiting = int(result.links["state"].isin(WAITING).sum())
    sheet, row = opening_sheet(
        book,
        styles,
        "说明",
        (f"{clean(result.title)}　匹配复核", f"基准日 {result.as_of}，待复核 {waiting} 对"),
        _HOW,
        (("匹配率：项目", 26), ("线索", 20), ("数量", 18), ("占比", 12), ("结论", 12)),
    )
    items: list[dict[Any, Any]] = result.coverage.to_dict("records")
    for item in items:
        row += 1
        shown = label_of(str(item["measure"]), result.currency)
        look = {"bold": bool(item["grade"])}
        write_cell(sheet, row, 0, shown, styles.body("text", **look))
        write_cell(sheet, row, 1, item["method"], styles.body("text", **look))
        write_cell(sheet, row, 2, cell(item["amount"], "money"), styles.body("money", **look))
        write_cell(sheet, row, 3, cell(item["of_total"], "share"), styles.body("share", **look))
        write_cell(sheet, row, 4, item["grade"], styles.body("text", **look))
