"""The table of the intensive-use index: land status, buildings, money and supply of the whole park, as the office sums them."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd

from .blemishes import Park
from .cases import AS_OF, OWNER
from .money import Workbook

HEADERS = ("类别", "代码", "数据项", "单位", "主区", "发展方向区", "出处")
HECTARE = 10_000.0
STREETS_AND_GREEN = {"A1": 21.4, "A31": 60.2, "A32": 3.1, "A51": 27.6, "A52": 11.3, "A6": 3.9}
"""Land of the park that is no parcel of the layer [ha]."""
READY, NOT_READY = 21.8, 38.5
"""Land ready for supply beside what is supplied and not yet built, and land that is not ready [ha]."""
UNSUPPLIED = 8.6
"""Built long ago without papers of supply [ha]."""
OTHER_FLOOR, OTHER_FOOTPRINT = 604_000.0, 168_000.0
"""Homes, shops and offices, which are not in the layer of buildings [m2]."""
SURVEY, MONEY, BOOKS = (
    "虚构 2024 年度开发区土地利用现状调查",
    "虚构洞口经开区 2024 年度企业经营情况表汇总",
    "虚构洞口经开区供地台账汇总",
)


def make_land_status(park: Park, buildings: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the rows of the table; its sums follow from parcels, buildings, firms and ledger, without random numbers."""
    land = park.parcels[park.parcels.geometry.notna()]
    area = land["registered_m2"] / HECTARE
    industry = pd.Series(
        [case.land_use in ("工业用地", "仓储用地") for case in land["case"]], index=land.index
    )
    plant = pd.Series([_is_built(case) for case in land["case"]], index=land.index)
    built = {"A2": area[industry & plant].sum(), "A4": area[~industry & plant].sum()} | STREETS_AND_GREEN
    whole = sum(round(part, 4) for part in built.values())
    waiting = area[~plant].sum()
    idle = area[[case.planned == "闲置(已认定)" for case in land["case"]]]
    taken_back = [_is_taken_back(case) for case in land.loc[idle.index, "case"]]
    floors = buildings["floors"].fillna(2).astype(float).clip(lower=1)
    footprint = buildings.geometry.area
    floor = float((footprint * floors).sum())
    money = park.sheets[AS_OF.year]
    signed = pd.Series(
        [case.time.signed.year if case.time.signed else 0 for case in land["case"]], index=land.index
    )
    supply = {
        f"S{ago + 1}": area[signed == AS_OF.year - ago].sum() + (1.6, 2.2, 1.9, 3.4, 2.7)[ago]
        for ago in range(5)
    }
    supplied = whole + waiting - UNSUPPLIED
    granted = round(0.31 * supplied, 4)
    yards = pd.to_numeric(park.ledger["构筑物及露天堆场占地面积(㎡)"], errors="coerce").sum()
    rows = [
        *_land("建设状况", {"A": whole, **{code: built[code] for code in sorted(built)}, "B11": 2.4, "B12": 6.1,
                        "B21": waiting + READY, "B22": NOT_READY}, SURVEY),
        *_land("供应状况", {"D": supplied, "D1": granted, "D21": supplied - granted - 1.3, "D22": 1.3, "E1": 4.2,
                        "E21": 19.7, "E22": 6.4, "F": 3.8, "G": idle.sum(), "G1": idle[taken_back].sum()}, SURVEY),
        *(("建筑", code, name, "㎡", round(value, 1), SURVEY) for code, name, value in (
            ("J1", "总建筑面积", floor + OTHER_FLOOR), ("J2", "建筑基底面积", footprint.sum() + OTHER_FOOTPRINT),
            ("J3", "工矿仓储用地的总建筑面积", 0.985 * floor), ("J4", "工矿仓储用地的建筑基底面积", 0.985 * footprint.sum()),
            ("J5", "工矿仓储用地的构筑物占地面积", 0.35 * yards), ("J6", "工矿仓储用地的露天堆场面积", 0.8 * yards),
            ("J7", "工矿仓储用地的露天操作场地面积", 0.4 * yards))),
        *(("效益", code, name, unit, value, source) for code, name, unit, value, source in (
            ("Z1", "工业企业固定资产投资总额(累计)", "万元", _total(money, "固定资产投资(累计)"), MONEY),
            ("Z2", "工业企业税收总额", "万元", _total(money, "入库税收"), MONEY),
            ("Z3", "二、三产业税收总额", "万元", round(1.18 * _total(money, "入库税收"), 2), MONEY),
            ("P1", "常住人口", "人", 11_840, "虚构洞口经开区统计"))),
        *_land("近五年供地", supply, BOOKS),
        ("上级公布", "K1", "上级公布的土地节约集约利用指数", "%", None, None),
    ]  # fmt: skip
    return pd.DataFrame(
        [(group, code, name, unit, value, None, source) for group, code, name, unit, value, source in rows],
        columns=list(HEADERS), dtype=object,
    )  # fmt: skip


_NAMES = {
    "A": "已建成城镇建设用地", "A1": "住宅用地", "A2": "工矿仓储用地", "A31": "街巷用地", "A32": "其他交通运输用地", "A4": "商服用地",
    "A51": "公园与绿地", "A52": "其他公共管理与公共服务用地", "A6": "其他城镇建设用地", "B11": "已建成农村工矿仓储用地",
    "B12": "其他已建成农村建设用地", "B21": "已达到供地条件的其他土地", "B22": "未达到供地条件的其他土地", "D": "已供应国有建设用地",
    "D1": "划拨土地", "D21": "有偿使用且未到期土地", "D22": "有偿使用且已到期但未处置土地", "E1": "尚可划拨土地",
    "E21": "尚可供应工矿仓储用地", "E22": "其他尚可有偿使用土地", "F": "不可供应土地", "G": "闲置土地", "G1": "其中可收回的闲置土地",
    "S1": "评价年度供地面积", "S2": "前 1 年供地面积", "S3": "前 2 年供地面积", "S4": "前 3 年供地面积", "S5": "前 4 年供地面积",
}  # fmt: skip


def _land(group: str, figures: dict[str, float], source: str) -> list[tuple[str, str, str, str, float, str]]:
    return [
        (group, code, _NAMES[code], "公顷", round(float(value), 4), source) for code, value in figures.items()
    ]


def _is_taken_back(case: object) -> bool:
    """Tell whether recognised idle land may be taken back: two years over, and the owner is the cause."""
    start = case.time.agreed_start  # type: ignore[attr-defined]
    return case.cause == OWNER and start is not None and start.replace(year=start.year + 2) < AS_OF  # type: ignore[attr-defined]


def _is_built(case: object) -> bool:
    time = case.time  # type: ignore[attr-defined]
    done = [day for day in (time.actual_completion, time.production) if day is not None and day <= AS_OF]
    return bool(done) or case.ground == "factory"  # type: ignore[attr-defined]


def _total(sheet: pd.DataFrame, header: str) -> float:
    """Sum a column as an office does: what is blank is not in it."""
    text = sheet[header].astype(str).str.replace(",", "", regex=False)
    return round(float(pd.to_numeric(text, errors="coerce").sum()), 2)


def write_land_status(path: Path, frame: pd.DataFrame) -> None:
    """Write ``指数数据表.xlsx``."""
    workbook = Workbook(path)
    sheet = workbook.book.add_worksheet("指数数据表")
    title = "虚构洞口经开区土地集约利用指数数据表（2024年度，虚构数据）"
    sheet.merge_range(0, 0, 0, len(HEADERS) - 1, title, workbook.title)
    end = workbook.write_table(sheet, 1, HEADERS, frame)
    sheet.set_column(2, 2, 36)
    sheet.set_column(6, 6, 40)
    sheet.write_string(end, 0, "备注：空白为没有或不知道，不是零。本表全部为虚构。", workbook.plain)
    sheet.freeze_panes(2, 3)
    workbook.book.close()
