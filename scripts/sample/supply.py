"""The made-up table of land in stock and supplied, and the park's boundary before and after its adjustment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely import affinity
from shapely.geometry import box

from .blemishes import Park
from .money import Workbook

HEADERS = (
    "序号", "地块编号", "宗地代码", "地块名称", "产业集群", "产业基地", "地块面积(亩)", "规划用途", "规划产业", "规划容积率下限",
    "批准文号", "批准日期", "征地是否完成", "通平情况", "是否周转地", "供地日期", "供应方式", "实际动工日期", "建成面积(亩)",
    "出让年限(年)", "租赁年限(年)", "租赁到期日期", "指标年度", "指标类型", "是否在园区内", "备注",
)  # fmt: skip
_ZONES = {
    "先进装备制造": ("虚构先进装备制造及配套产业集群", "虚构整机装备产业基地"),
    "农副产品加工": ("虚构农副产品加工产业集群", "虚构粮油果蔬产业基地"),
    "特色轻工": ("虚构三优产业集群", "虚构特色轻工产业基地"),
    "电子信息": ("虚构三优产业集群", "虚构电子信息产业基地"),
    "新型材料": ("虚构三优产业集群", "虚构新型材料产业基地"),
}
_NEW, _OLD = "新增建设用地指标", "存量建设用地"
_INDUSTRY, _OTHER = "工业用地", "公共设施用地"
_EQUIPMENT, _FOOD, _LIGHT, _CHIPS, _MATTER = _ZONES


def _plot(name: str, land: float, group: str, approved: date | None, **more: object) -> dict[str, object]:
    cluster, base = _ZONES[group]
    row: dict[str, object] = {
        "地块名称": f"虚构{name}地块", "产业集群": cluster, "产业基地": base, "地块面积(亩)": land, "规划用途": _INDUSTRY,
        "规划产业": group, "规划容积率下限": 1.0, "批准日期": approved, "征地是否完成": "是", "是否周转地": "否", "是否在园区内": "是",
        "批准文号": None if approved is None else f"虚构湘政地〔{approved.year}〕{approved.month:02d}{approved.day:02d}号",
        "指标年度": None if approved is None else approved.year, "指标类型": None if approved is None else _NEW,
    }  # fmt: skip
    return row | more


def _in_stock() -> list[dict[str, object]]:
    """Return land that is not supplied: approved, ready, for turnover, and what nobody can tell."""
    return [
        _plot("农机路北", 62.4, _EQUIPMENT, date(2024, 5, 20), 征地是否完成="否", 通平情况="未通平"),
        _plot("创业路西", 35.2, _EQUIPMENT, date(2023, 8, 11), 通平情况="未通平"),
        _plot("茶铺南", 48.7, _FOOD, date(2022, 6, 30), 征地是否完成="否", 通平情况="未通平", 备注="征地补偿未完"),
        _plot("稻香路东", 27.5, _FOOD, date(2022, 12, 31), 通平情况="未通平", 备注="批准恰满两年，没有超过"),
        _plot("精工路南", 56.0, _EQUIPMENT, date(2023, 3, 15), 通平情况="五通一平"),
        _plot("精工路北", 18.6, _EQUIPMENT, date(2023, 3, 15), 通平情况="三通一平", 规划容积率下限=1.2),
        _plot("丰收路西", 41.3, _FOOD, date(2022, 4, 18), 通平情况="七通一平"),
        _plot("轻工北", 33.8, _LIGHT, date(2023, 9, 6), 通平情况="五通一平"),
        _plot("电子东", 24.0, _CHIPS, date(2024, 2, 27), 通平情况="三通一平", 规划容积率下限=None),
        _plot("新材南", 45.5, _MATTER, date(2024, 2, 27), 通平情况="五通一平", 规划容积率下限=0.9),
        _plot("三优临时堆场", 12.0, _LIGHT, date(2021, 11, 3), 通平情况="三通一平", 是否周转地="是"),
        _plot("污水泵站", 6.5, _LIGHT, date(2024, 5, 20), 规划用途=_OTHER, 征地是否完成="否", 通平情况="未通平", 规划产业="其他"),
        _plot("镇区安置", 58.0, _FOOD, date(2024, 9, 12), 规划用途="住宅用地", 征地是否完成="否", 通平情况="未通平",
              规划产业="其他", 是否在园区内="否"),
        _plot("文昌路口", 22.0, _CHIPS, date(2023, 9, 6), 征地是否完成=None, 通平情况=None, 备注="征地、通平没有填报"),
        _plot("雪峰村", 30.0, _MATTER, None, 征地是否完成="否", 通平情况="未通平", 是否在园区内=None, 备注="没有批准文号"),
        _plot("机电路东", 15.5, _EQUIPMENT, date(2023, 3, 15), 通平情况="三通一平", 供应方式="挂牌出让", 备注="有方式而没有供地日期"),
    ]  # fmt: skip


def _supplied() -> list[dict[str, object]]:
    """Return land that is supplied and stands in no layer of parcels."""
    used = {"指标年度": None, "指标类型": _OLD, "通平情况": "五通一平"}
    return [
        _plot("标准厂房三期", 40.0, _CHIPS, date(2019, 5, 8), 供地日期=date(2020, 6, 1), 供应方式="弹性出让", 建成面积=40.0,
              年限=20, **used),
        _plot("冷链二期", 36.6, _FOOD, date(2018, 7, 19), 供地日期=date(2019, 3, 28), 供应方式="挂牌出让", 建成面积=21.96,
              年限=50, **used),
        _plot("调味品扩建", 25.0, _FOOD, date(2021, 5, 14), 供地日期=date(2022, 10, 10), 供应方式="先租后让", 建成面积=0,
              租期=3, **used),
        _plot("竹木家居", 20.0, _LIGHT, date(2014, 4, 2), 供地日期=date(2015, 5, 20), 供应方式="长期租赁", 建成面积=20.0,
              租期=10, **used),
        _plot("智能终端", 30.0, _CHIPS, date(2022, 9, 1), 供地日期=date(2023, 11, 30), 供应方式="租让结合", 动工=date(2024, 4, 8),
              年限=20, 租期=5, **used),
        _plot("金属新材", 28.4, _MATTER, date(2020, 3, 3), 供地日期=date(2021, 2, 2), 供应方式="长期租赁", 建成面积=28.4,
              租期=25, **used, 备注="租期超过二十年"),
    ]  # fmt: skip


def make_supply(park: Park, blemished: Sequence[int]) -> pd.DataFrame:
    """Return the rows of the table, the last of them plots that are parcels of the park as well.

    ``blemished`` are parcels with mistakes of their own, left alone here.
    """
    rows = [*_in_stock(), *_supplied(), *_parcels(park, set(blemished))]
    for number, row in enumerate(rows, start=1):
        row |= {"序号": number, "地块编号": f"虚构CB-{number:03d}"}
        for short, header in (("建成面积", "建成面积(亩)"), ("年限", "出让年限(年)"), ("租期", "租赁年限(年)"),
                              ("动工", "实际动工日期")):  # fmt: skip
            if short in row:
                row[header] = row.pop(short)
    return pd.DataFrame(rows, columns=list(HEADERS), dtype=object)


def _parcels(park: Park, blemished: set[int]) -> list[dict[str, object]]:
    """Take three built parcels of the layer: one that agrees, one called unsupplied here, one with another area."""
    land = park.parcels
    good = [index for index in land.index if index not in blemished and land["case"][index].money == "good"]
    rows = []
    for index, more in zip(
        good[:3],
        (
            {"供地日期": date(2016, 8, 8), "建成比例": 1},
            {"备注": "表中仍作未供"},
            {"供地日期": date(2017, 3, 3), "面积倍数": 1.1},
        ),
        strict=True,
    ):
        area = round(float(land["registered_m2"][index]) * 3 / 2000 * more.pop("面积倍数", 1.0), 4)  # type: ignore[arg-type]
        full = {"建成面积": area} if "供地日期" in more else {}
        more.pop("建成比例", None)
        rows.append(
            _plot(f"在册宗地{index}", area, _EQUIPMENT, date(2015, 6, 1), 宗地代码=land["parcel_code"][index], 通平情况="五通一平",
                  供应方式="挂牌出让" if full else None, 指标年度=None, 指标类型=_OLD, 年限=50 if full else None, **full, **more)
        )  # fmt: skip
    return rows


def write_supply(path: Path, frame: pd.DataFrame) -> None:
    """Write ``储备与供地表.xlsx``."""
    workbook = Workbook(path)
    sheet = workbook.book.add_worksheet("储备与供地")
    title = "虚构洞口经开区土地储备与供应表（截至2024年12月31日，虚构数据）"
    sheet.merge_range(0, 0, 0, len(HEADERS) - 1, title, workbook.title)
    end = workbook.write_table(sheet, 1, HEADERS, frame)
    sheet.write_string(end, 0, "备注：空白为未报，不是零。本表全部为虚构。", workbook.plain)
    sheet.freeze_panes(2, 4)
    workbook.book.close()


def make_boundary(zones: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return the approved boundary, short of the clusters' western edge, and the one proposed around all of them.

    ``zones`` is in metres.
    """
    clusters = zones[zones["level"] == "产业集群"].geometry
    whole = clusters.union_all().buffer(30, join_style="mitre").buffer(0)
    west, south, east, north = whole.bounds
    cut = affinity.rotate(box(west - 500, south - 500, west + (east - west) * 0.14, north + 500), 6)
    shapes = [whole.difference(cut).simplify(0.5), whole.simplify(0.5)]
    return gpd.GeoDataFrame({"kind": ["原批准范围", "拟调整范围"]}, geometry=shapes, crs=zones.crs)
