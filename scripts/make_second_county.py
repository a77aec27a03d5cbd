"""Make the fictitious inputs of ``examples/虚构青溪县``: another county's headers, units and grid, the same bytes every time.

Run ``python scripts/make_second_county.py [--out DIR]``.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from sample.codes import ALPHABET, organisation_code
from sample.money import Workbook
from sample.shapefiles import write_shapefile
from shapely import affinity
from shapely.geometry import box

SEED = 20220701
FOLDER = Path(__file__).resolve().parents[1] / "examples" / "虚构青溪县"
COUNTY = "990726"
CRS = "EPSG:4548"
"""CGCS2000 / 3-degree Gauss-Kruger, central meridian 117°E, no zone number before the easting."""
CORNER = (519_000.0, 3_268_000.0)
MU = 2000 / 3  # [m2]
YEARS = (2022, 2023, 2024)
ROADS, LOTS = 12.0, 6  # [m] between rows, lots a row
PARCEL_COLUMNS = {
    "地块流水号": ("code", "str:20"),
    "受让方名": ("holder", "str:60"),
    "用地去向": ("use", "str:30"),
    "批准亩数": ("mu", "float:10.2"),
    "权属": ("right", "str:30"),
    "村组": ("place", "str:40"),
}
LEDGER = (
    "地块流水号", "受让方名称", "电子监管号", "签约日子", "地价", "交地日子", "应开工日子", "真开工日子", "应完工日子", "真完工日子",
    "停下日子", "打桩面积比", "花钱比", "没动的缘由", "缘由文书", "楼面总量", "高挑楼面", "经手人",
)  # fmt: skip
FIRMS = (
    "单位全名", "信用号", "地块流水号", "行业码", "历年投入", "上年产出", "上年实缴", "眼下状态", "停机日子", "开机日子", "填报人",
)  # fmt: skip
REGISTER = ("地块流水号", "豁免类型", "豁免事由", "依据文号", "起始日期", "截止日期", "豁免范围", "批准单位")
STOCK = (
    "储备号", "地块名称", "地块面积(亩)", "规划用途", "规划产业", "规划容积率下限", "批文号", "批准日期", "征地是否完成", "通平情况",
    "是否周转地", "供地日期", "备注",
)  # fmt: skip
PLACES = ("虚构青溪镇一组", "虚构青溪镇二组", "虚构竹坪村", "虚构石桥村", "虚构云岭村")
WORDS = (
    "竹韵", "溪石", "云岭", "青禾", "松涛", "晨溪", "远山", "碧泉", "石桥", "风铃", "长亭", "麦田", "古渡", "星湾", "白鹭", "红枫",
    "静水", "南坪", "北辰", "梧桐", "映山", "清露", "望岳", "听泉", "新芽", "柏林", "春晖", "秋实", "冬青", "夏荷", "云帆", "青岚", "竹影", "晴川", "雨田", "霜叶",
)  # fmt: skip
TRADES = {"13": "食品", "20": "竹木", "30": "建材", "34": "机械", "39": "电子"}


@dataclass
class Lot:
    """A parcel with its story: land [亩], money [万元] by year, and what the ledger says."""

    mu: float
    money: dict[int, tuple[float | None, float | None]] | None = None
    investment: float | None = None
    trade: str = "34"
    use: str = "产业园地"
    signed: date = date(2019, 3, 1)
    price: float = 0.06
    started: date | None = date(2019, 10, 8)
    completed: date | None = date(2020, 9, 30)
    due_start: date | None = date(2019, 12, 31)
    due_completion: date | None = date(2021, 6, 30)
    ratio: float = 1.3
    status: str = "正常生产"
    stopped: date | None = None
    operating: date | None = date(2021, 1, 15)
    told: dict[str, object] = field(default_factory=dict)
    exemption: tuple[object, ...] = ()
    holder: str = ""
    code: str = ""


def _years(*figures: tuple[float | None, float | None]) -> dict[int, tuple[float | None, float | None]]:
    return dict(zip(YEARS, figures, strict=True))


def _same(output: float, tax: float | None) -> dict[int, tuple[float | None, float | None]]:
    return _years((output, tax), (output, tax), (output, tax))


def _waiting(mu: float, due: date, **more: object) -> Lot:
    """Return a lot on which nothing has begun."""
    return Lot(
        mu, signed=due - timedelta(days=365), started=None, completed=None, due_start=due,
        due_completion=due + timedelta(days=730), operating=None, **more,
    )  # type: ignore[arg-type]  # fmt: skip


def worked() -> list[Lot]:
    """Return the twelve lots that README.md works out by hand, in the order of its table."""
    found = date(2026, 12, 31)
    return [
        Lot(30, _same(7500, 360), 9600),
        Lot(24, _same(7680, 396), 6480, trade="39"),
        Lot(30, _same(6600, 300), 9000, trade="20"),
        Lot(36, _same(11520, 576), 11520, trade="13", ratio=1.1),
        Lot(40, _years((3000, 120), (3200, 140), (2800, 100)), 12400, trade="30"),
        Lot(30, _years((3600, 180), (2400, 90), (2100, 75)), 9300),
        Lot(20, _years((5000, 240), (4800, 230), (1800, 60)), 6200, status="停产", stopped=date(2024, 5, 20)),
        Lot(27, _years((8100, 405), (8100, 405), (8100, None)), 8640, trade="39"),
        _waiting(18, date(2023, 6, 30), price=0.09, told={"没动的缘由": "受让方资金没有到位"}),
        _waiting(21, date(2023, 5, 31), told={"没动的缘由": "洪水冲毁进场道路，不可抗力", "缘由文书": "虚构青水函〔2023〕9号"}),
        _waiting(15, date(2023, 3, 31), exemption=("经调查不属闲置", "高压线迁改未完", "虚构青资调〔2024〕3号", date(2024, 2, 1), found, "闲置", "虚构青溪县自然资源局")),
        Lot(33, completed=None, operating=None, due_completion=date(2024, 3, 31), told={"停下日子": date(2023, 10, 1), "打桩面积比": 0.2, "花钱比": 0.3}),
    ]  # fmt: skip


def others(rng: np.random.Generator) -> list[Lot]:
    """Return the rest: ordinary ones at random, and one each of what else a county has."""
    lots = []
    for _ in range(18):
        mu = int(rng.integers(3, 16)) * 3
        invest, output, tax = (float(rng.choice(steps)) for steps in ((210, 260, 310, 350), (150, 230, 280, 340), (6, 9, 12, 18)))  # fmt: skip
        money = _years(*(((output + back) * mu, tax * mu) for back in (-20, -10, 0)))
        lots.append(Lot(mu, money, invest * mu, trade=str(rng.choice(list(TRADES)))))
    return [
        *lots,
        Lot(12, use="研发办公地", ratio=2.0),
        Lot(9, use="产业园地（标准厂房）", money=_same(2700, 126), investment=2970, ratio=1.8),
        _waiting(24, date(2024, 8, 31)),
        _waiting(30, date(2025, 6, 30)),
        Lot(
            45,
            started=date(2024, 3, 1),
            completed=None,
            operating=None,
            due_start=date(2024, 4, 30),
            due_completion=date(2025, 12, 31),
            signed=date(2023, 5, 8),
        ),
        Lot(
            18,
            _same(3600, 90),
            4500,
            exemption=(
                "历史遗留", "改制时的边界没有划定", "虚构青政纪〔2023〕12号", date(2023, 1, 1), date(2025, 12, 31), "亩均、低效",
                "虚构青溪县人民政府",
            ),
        ),
    ]  # fmt: skip


def settle(rng: np.random.Generator) -> list[Lot]:
    """Return every lot with its code and its holder; some holders have two lots."""
    lots = [*worked(), *others(rng)]
    words = [WORDS[at] for at in rng.permutation(len(WORDS))]
    for number, lot in enumerate(lots, start=1):
        lot.code = f"{COUNTY}001001GB{number:05d}"
        lot.holder = f"虚构{words[(number - 1) % len(words)]}{TRADES[lot.trade]}有限公司"
    for first, second in ((13, 31), (14, 32)):
        lots[second].holder, lots[second].trade = lots[first].holder, lots[first].trade
    return lots


def drawn(lots: Sequence[Lot]) -> gpd.GeoDataFrame:
    """Draw each lot as a rectangle of its area, row by row, turned a little."""
    rows, top = [], 0.0
    for start in range(0, len(lots), LOTS):
        left = 0.0
        for lot in lots[start : start + LOTS]:
            width = lot.mu * MU / 120.0
            rows.append(box(left, top, left + width, top + 120.0))
            left += width + (ROADS if lot is lots[start + 2] else 0.0)
        top += 120.0 + ROADS
    shapes = [affinity.translate(affinity.rotate(shape, 7, origin=(0, 0)), *CORNER) for shape in rows]
    frame = pd.DataFrame(
        {
            "code": [lot.code for lot in lots],
            "holder": [lot.holder for lot in lots],
            "use": [lot.use for lot in lots],
            "mu": [float(lot.mu) for lot in lots],
            "right": "国有建设用地使用权",
            "place": [PLACES[number // LOTS % len(PLACES)] for number in range(len(lots))],
        }
    )
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=CRS)


def credit_code(number: int) -> str:
    """Return a code that fits its check characters; 990726 is no county, so no firm has it."""
    head = f"91{COUNTY}" + organisation_code(f"XG{number:06d}")
    total = sum(ALPHABET.index(char) * pow(3, place, 31) for place, char in enumerate(head))
    return head + ALPHABET[(31 - total) % 31]


def ledger(lots: Sequence[Lot]) -> pd.DataFrame:
    """Return the ledger: 地价 in 亿元, as the county writes it."""
    rows = []
    for number, lot in enumerate(lots, start=1):
        rows.append(
            {
                "地块流水号": lot.code,
                "受让方名称": lot.holder,
                "电子监管号": f"{COUNTY}{lot.signed.year}B{number:05d}",
                "签约日子": lot.signed,
                "地价": lot.price,
                "交地日子": lot.signed + timedelta(days=30),
                "应开工日子": lot.due_start,
                "真开工日子": lot.started,
                "应完工日子": lot.due_completion,
                "真完工日子": lot.completed,
                "楼面总量": round(lot.mu * MU * lot.ratio, 2) if lot.completed else None,
                "高挑楼面": 0 if lot.completed else None,
                "经手人": "虚构经办人甲",
                **lot.told,
            }
        )
    return pd.DataFrame(rows, columns=list(LEDGER), dtype=object)


def firms(lots: Sequence[Lot], year: int) -> pd.DataFrame:
    """Return the firms of a year, money of each summed over its lots: 上年实缴 in 元, the rest in 万元."""
    names = list(dict.fromkeys(lot.holder for lot in lots if lot.money))
    rows = []
    for number, name in enumerate(names, start=1):
        mine = [lot for lot in lots if lot.holder == name and lot.money]
        money = [lot.money[year] for lot in mine if lot.money]
        tax = [paid for _, paid in money]
        first = mine[0]
        is_last = year == YEARS[-1]
        rows.append(
            {
                "单位全名": name,
                "信用号": credit_code(number),
                "地块流水号": first.code if len(mine) == 1 and number % 5 else None,
                "行业码": first.trade,
                "历年投入": sum(lot.investment or 0 for lot in mine),
                "上年产出": sum(output or 0 for output, _ in money),
                "上年实缴": None if None in tax else sum(paid or 0 for paid in tax) * 10_000,
                "眼下状态": first.status if is_last else "正常生产",
                "停机日子": first.stopped if is_last else None,
                "开机日子": first.operating,
                "填报人": "虚构统计员",
            }
        )
    rows.append(
        {"单位全名": "虚构无地商贸有限公司", "信用号": credit_code(99), "行业码": "51", "上年产出": 800, "上年实缴": 300_000, "填报人": "虚构统计员"}
    )  # fmt: skip
    return pd.DataFrame(rows, columns=list(FIRMS), dtype=object)


def register(lots: Sequence[Lot]) -> pd.DataFrame:
    """Return the register of exemptions."""
    rows = [(lot.code, *lot.exemption) for lot in lots if lot.exemption]
    return pd.DataFrame(rows, columns=list(REGISTER), dtype=object)


def stock() -> pd.DataFrame:
    """Return land in stock, for the county's own tiers."""
    approved = date(2023, 9, 1)
    rows = [
        ("青储01", "虚构竹坪东地块", 35.0, "工业用地", "农副产品加工", 1.2, "虚构青地〔2023〕1号", approved, "是", "五通一平", "否", None, "竹木食品优先"),
        ("青储02", "虚构竹坪西地块", 12.0, "工业用地", "农副产品加工", 1.2, "虚构青地〔2023〕1号", approved, "是", "三通一平", "否", None, None),
        ("青储03", "虚构云岭南地块", 28.0, "工业用地", "电子信息", 1.5, "虚构青地〔2023〕2号", approved, "是", "五通一平", "否", None, None),
        ("青储04", "虚构云岭北地块", 40.0, "工业用地", "新型材料", 1.0, "虚构青地〔2023〕2号", approved, "否", "未通平", "否", None, "征地没有完"),
        ("青储05", "虚构石桥周转地块", 10.0, "工业用地", "其他", None, "虚构青地〔2022〕8号", date(2022, 4, 6), "是", "三通一平", "是", None, None),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=list(STOCK), dtype=object)


def _write(path: Path, sheets: dict[str, tuple[str, Sequence[str], pd.DataFrame]]) -> None:
    """Write a workbook, a title above each table."""
    out = Workbook(path)
    for name, (title, headers, frame) in sheets.items():
        sheet = out.book.add_worksheet(name)
        sheet.write_string(0, 0, title, out.title)
        out.write_table(sheet, 1, headers, frame)
    out.book.close()


def make_county(out: Path, *, seed: int = SEED) -> None:
    """Write every input of the example.

    Parameters
    ----------
    out
        Folder to write into; made where it does not exist.
    seed
        One number decides everything.
    """
    lots = settle(np.random.default_rng(seed))
    write_shapefile(out / "地块" / "地块.shp", drawn(lots), PARCEL_COLUMNS, "Polygon")
    (out / "地块" / "地块.prj").unlink()  # the office has lost it: landeval.toml names the grid
    _write(out / "供地登记册.xlsx", {"登记册": ("虚构青溪县供地登记册", LEDGER, ledger(lots))})
    _write(
        out / "企业年报.xlsx",
        {f"{year}年": (f"虚构青溪县企业年报（{year}年）", FIRMS, firms(lots, year)) for year in YEARS},
    )
    _write(out / "豁免登记.xlsx", {"登记": ("虚构青溪县豁免登记", REGISTER, register(lots))})
    _write(out / "储备地块.xlsx", {"储备": ("虚构青溪县储备地块", STOCK, stock())})


def main() -> None:
    """Read the command line and make the inputs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=FOLDER, help="folder to write into")
    make_county(parser.parse_args().out)


if __name__ == "__main__":
    main()
