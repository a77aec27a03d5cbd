"""The land supply ledger: one row a contract, dates in the several styles of office tables."""

from __future__ import annotations

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd

from .cases import Case
from .firms import PLAN
from .papers import FILES
from .papers import HEADERS as PAPERS

FIRST_ROW = 3  # of the data in the sheet, after the title and the header
DATES = {
    "合同签订日期": "signed",
    "约定交地日期": "agreed_delivery",
    "实际交地日期": "delivered",
    "约定动工日期": "agreed_start",
    "批准延期动工日期": "extended_start",
    "实际动工日期": "actual_start",
    "约定竣工日期": "agreed_completion",
    "实际竣工日期": "actual_completion",
    "中止开发日期": "suspended",
}
YARD = "构筑物及露天堆场占地面积(㎡)"
HEADERS = (
    *("序号", "宗地代码", "电子监管号", "合同编号", "受让人", "土地用途", "供应方式"),
    *("供地面积(公顷)", "成交价款(万元)", *DATES),
    *(
        "已动工面积(㎡)",
        "应动工面积(㎡)",
        "已投资额(万元)",
        "总投资额(万元)",
        "闲置原因",
        "未动工原因依据",
        "认定书文号",
        *PAPERS,
    ),
    *("约定投资强度(万元/亩)", "约定亩均产值(万元/亩)", "约定亩均税收(万元/亩)"),
    YARD,
    *("豁免事由", "豁免依据", "豁免截止日期", "备注"),
)


def make_ledger(parcels: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Return the ledger in order of contract date, one row a parcel, true dates as dates.

    Parameters
    ----------
    parcels
        Settled parcels (:func:`sample.holders.settle`).
    rng
        Source of prices, numbers and date styles.
    """
    known = parcels[[case.has_ledger for case in parcels["case"]]]
    order = sorted(known.index, key=lambda index: known["case"][index].time.signed or date(2016, 1, 1))
    rows = [_row(number, known.loc[index], rng) for number, index in enumerate(order, start=1)]
    rows += [_stray(len(rows) + number, number) for number in (1, 2)]
    return pd.DataFrame(rows, columns=list(HEADERS), dtype=object)


def _row(number: int, parcel: pd.Series, rng: np.random.Generator) -> dict[str, object]:
    case: Case = parcel["case"]
    is_public = parcel["right_type"] == "划拨"
    year = case.time.signed.year if case.time.signed else 2016
    investment, output, tax = parcel["terms"] or (None, None, None)
    price = {"仓储用地": 16.0, "商服用地": 62.0}.get(case.land_use, float(rng.uniform(10, 18)))
    style = str(rng.choice(["date", "chinese", "dots", "digits"], p=[0.82, 0.07, 0.07, 0.04]))
    reason, evidence, until = case.exemption or (None, None, None)
    return {
        "序号": number,
        "宗地代码": parcel["parcel_code"],
        "电子监管号": f"430525{year}{'A' if is_public else 'B'}{number:05d}",
        "合同编号": f"虚构洞土合〔{year}〕{number}号",
        "受让人": parcel["holder"],
        "土地用途": case.land_use,
        "供应方式": "划拨"
        if is_public
        else str(rng.choice(["挂牌出让", "挂牌出让", "挂牌出让", "协议出让"])),
        "供地面积(公顷)": round(parcel["registered_m2"] / 10_000, 4),
        "成交价款(万元)": 0 if is_public else round(price * parcel["area_mu"], 1),
        **{header: written(getattr(case.time, name), style) for header, name in DATES.items()},
        **_progress(case, parcel),
        "闲置原因": case.cause,
        "未动工原因依据": case.cause_evidence,
        "认定书文号": case.decision_no,
        **_papers(case, style),
        "约定投资强度(万元/亩)": investment,
        "约定亩均产值(万元/亩)": output,
        "约定亩均税收(万元/亩)": tax,
        YARD: _yard(number, case, parcel),
        "豁免事由": reason,
        "豁免依据": evidence,
        "豁免截止日期": written(until, style),
        "备注": "标准厂房，多家企业承租" if case.money == "tenants" else None,
    }


def _progress(case: Case, parcel: pd.Series) -> dict[str, object]:
    """Return the footprint begun and due, and money spent and planned; exact at 1/3 and 25 percent."""
    if case.built is None or case.invested is None:
        return {}
    part, whole = case.built
    buildable = round(0.42 * parcel["registered_m2"] / whole) * whole
    planned = round((parcel["terms"] or PLAN)[0] * parcel["area_mu"] / 100) * 100
    return {
        "已动工面积(㎡)": buildable // whole * part,
        "应动工面积(㎡)": buildable,
        "已投资额(万元)": round(planned * case.invested, 2),
        "总投资额(万元)": planned,
    }


def _yard(number: int, case: Case, parcel: pd.Series) -> int | None:
    """Return the open yard of a plant [m²]: none where half of the land is left over; one office in three has not asked."""
    if case.ground != "factory" or (number % 3 == 0 and case.shape == "any"):
        return None
    return 0 if case.shape == "half used" else round((0.04 + 0.02 * (number % 4)) * parcel["registered_m2"])


def _papers(case: Case, style: str) -> dict[str, object]:
    """Return what the case file says, dates in the row's own style."""
    said = FILES.get(case.file, {})
    values = {header: said.get(name) for header, name in PAPERS.items()}
    return {
        header: written(value, style) if isinstance(value, date) else value
        for header, value in values.items()
    }


def written(day: date | None, style: str) -> object:
    """Return a date the way an office writes it.

    Examples
    --------
    >>> written(date(2021, 9, 24), "chinese"), written(date(2021, 9, 24), "dots")
    ('2021年9月24日', '2021.9.24')
    """
    if day is None or style == "date":
        return day
    if style == "digits":
        return f"{day:%Y%m%d}"
    return (
        f"{day.year}年{day.month}月{day.day}日" if style == "chinese" else f"{day.year}.{day.month}.{day.day}"
    )


def _stray(number: int, serial: int) -> dict[str, object]:
    """Return a row whose parcel is not drawn anywhere."""
    return {
        "序号": number,
        "宗地代码": f"430525001099GB0000{serial}",
        "电子监管号": f"4305252023B9000{serial}",
        "合同编号": f"虚构洞土合〔2023〕90{serial}号",
        "受让人": f"虚构待落地项目{serial}号有限公司",
        "土地用途": "工业用地",
        "供应方式": "挂牌出让",
        "供地面积(公顷)": 1.2 + serial / 10,
        "成交价款(万元)": 240.0 + 20 * serial,
        "合同签订日期": date(2023, 11, 5 + serial),
        "约定动工日期": date(2025, 5, 5 + serial),
    }
