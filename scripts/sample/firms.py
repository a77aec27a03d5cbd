"""The made-up firms: names, codes, industries, and three years of figures that fit the planned class."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import numpy as np

from .codes import credit_code

YEARS = (2022, 2023, 2024)
PLAN = (250.0, 300.0, 15.0)  # investment, output and tax [万元/亩], 洞政办发〔2021〕60号 三-2-④
OLDER_TERMS = ((120.0, 150.0, 6.0), (150.0, 180.0, 8.0), (180.0, 220.0, 10.0))
PARK_COMPANY = "虚构洞口经开区建设投资有限公司"

# GB/T 4754-2017 four-digit codes with the word that goes into the firm's name, by group of the plan
INDUSTRIES: dict[str, tuple[tuple[str, str], ...]] = {
    "先进装备制造": (
        ("3311", "金属结构"),
        ("3360", "表面处理"),
        ("3391", "铸造"),
        ("3421", "机床制造"),
        ("3484", "机械零部件"),
        ("3489", "传动科技"),
        ("3515", "建材机械"),
        ("3572", "农业机械"),
        ("3670", "汽车零部件"),
        ("3812", "电机制造"),
        ("3823", "电气设备"),
        ("3831", "电线电缆"),
        ("4011", "自动化仪表"),
    ),
    "农副产品加工": (
        ("1311", "米业"),
        ("1331", "粮油"),
        ("1353", "肉类食品"),
        ("1371", "果蔬食品"),
        ("1431", "米面制品"),
        ("1469", "调味食品"),
        ("1512", "酒业"),
        ("1530", "茶业"),
    ),
    "特色轻工": (
        ("1819", "服饰"),
        ("1922", "箱包皮具"),
        ("1952", "鞋业"),
        ("2041", "竹制品"),
        ("2110", "家具制造"),
        ("2231", "纸品包装"),
        ("2319", "包装印刷"),
        ("2451", "玩具制造"),
    ),
    "电子信息": (
        ("3912", "计算机配件"),
        ("3921", "通信设备"),
        ("3976", "光电科技"),
        ("3981", "电子元件"),
        ("3982", "电路科技"),
        ("3985", "电子材料"),
    ),
    "新型材料": (
        ("2641", "涂料"),
        ("2922", "塑料管材"),
        ("2927", "塑料制品"),
        ("3021", "水泥制品"),
        ("3024", "轻质建材"),
        ("3031", "新型墙材"),
        ("3252", "铝材"),
        ("4210", "再生资源"),
    ),
    "其他": (("2730", "中药饮片"), ("2740", "制药")),
}
_FIRST = "云星金瑞恒华鑫永宏泰盛丰凯德嘉正锦祥天海东新立顺启宇兴隆昌卓"
_SECOND = "峰源达辉旺泽邦康诚茂腾远利信和航林益升晟霖睿朗景洲铭岳骏禾荣"


@dataclass
class Firm:
    """A firm: who it is, the land it holds [mu], the terms it signed, and its figures by year."""

    name: str
    code: str
    industry_code: str
    band: str
    area_mu: float
    terms: tuple[float, float, float] | None = None
    production: date | None = None
    status: str = "正常"
    stopped: date | None = None
    former_name: str | None = None
    rented_parcel: str | None = None
    rented_m2: float | None = None
    figures: dict[int, dict[str, float | None]] = field(default_factory=dict)


class Registry:
    """Hand out names, codes and industries, none of them twice."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        pairs = [a + b for a in _FIRST for b in _SECOND]
        self._brands = [str(brand) for brand in rng.permutation(pairs)]
        self._number = 0

    def enrol(self, group: str, band: str, area_mu: float, **other: object) -> Firm:
        """Return a new firm of an industry group (now and then of another one)."""
        if self._rng.random() < 0.15:
            group = str(self._rng.choice(list(INDUSTRIES)))
        options = INDUSTRIES[group]
        industry_code, word = options[int(self._rng.integers(len(options)))]
        self._number += 1
        name = f"虚构{self._brands.pop()}{word}有限公司"
        code = credit_code(self._number)
        return Firm(name, code, industry_code, band, area_mu, **other)  # type: ignore[arg-type]


def draw_terms(rng: np.random.Generator, band: str, *, is_new: bool) -> tuple[float, float, float] | None:
    """Return the per-mu terms of a contract; three in ten older contracts have none."""
    if is_new:
        return PLAN
    if band == "exactly 15" or rng.random() < 0.3:
        return None
    return OLDER_TERMS[int(rng.integers(len(OLDER_TERMS)))]


def per_mu(
    band: str, terms: tuple[float, float, float] | None, rng: np.random.Generator
) -> tuple[float, ...]:
    """Draw investment, output and tax [万元/亩] of the last year, on the planned side of every line.

    Low is 15 to 45 percent of the term signed (or of the plan's); not low is at least 55 percent of it.
    """
    base = terms or PLAN
    if band.startswith("good") or band == "no tax":
        tax = min(15.4 + rng.lognormal(np.log(4.5), 0.95), 95.0)
        return float(rng.uniform(255, 480)), tax / float(rng.uniform(0.038, 0.0495)), tax
    if band == "exactly 15":
        return 302.0, 356.0, 15.0
    tax = 0.57 * base[2] + (14.2 - 0.57 * base[2]) * float(rng.beta(1.0, 3.3))
    least = max(0.57 * base[1], tax / 0.06)
    output = float(rng.uniform(least, max(least * 1.05, min(tax / 0.021, 300.0))))
    investment = float(rng.uniform(0.57 * base[0], 300.0))
    short = set(band.removeprefix("low:").split()) if band.startswith("low:") else set()
    if "stopped" in short:
        return investment, base[1] * float(rng.uniform(0.02, 0.1)), base[2] * float(rng.uniform(0.02, 0.1))
    if "investment" in short:
        investment = base[0] * float(rng.uniform(0.15, 0.45))
    if {"output", "tax"} <= short:
        output = base[1] * float(rng.uniform(0.15, 0.45))
        tax = min(output * float(rng.uniform(0.02, 0.055)), 0.45 * base[2])
    elif "tax" in short:
        tax = base[2] * float(rng.uniform(0.3, 0.45))
        output = max(0.57 * base[1], tax / float(rng.uniform(0.02, 0.045)))
    elif "output" in short:
        output = base[1] * float(rng.uniform(0.43, 0.46))
        tax = base[2] * float(rng.uniform(0.515, 0.55))
    return investment, output, tax


def fill_years(firm: Firm, rng: np.random.Generator) -> None:
    """Write three years of figures backwards from the last: modest growth, investment that never falls."""
    if firm.band == "on site":
        _fill_site(firm, rng)
        return
    if firm.band == "unproduced":
        investment, output, tax = float(rng.uniform(65, 100)), 0.0, float(rng.uniform(0.3, 0.8))
        firm.status = "未投产"
    else:
        investment, output, tax = per_mu(firm.band, firm.terms, rng)
    if "stopped" in firm.band:
        firm.status = str(rng.choice(["停产", "停产", "半停产"]))
        firm.stopped = date(2023, 12, 15) if firm.status == "停产" else date(2023, 6, 30)
    watts, staff = float(rng.uniform(0.02, 0.08)), float(rng.uniform(45, 110))
    added, sold, research = rng.uniform(0.2, 0.32), rng.uniform(0.94, 1.03), rng.uniform(0.004, 0.034)
    for year in reversed(YEARS):
        if firm.production and year < firm.production.year:
            break
        stands = firm.status == "停产" and year == max(YEARS)
        total = 0.0 if stands else output * firm.area_mu
        firm.figures[year] = {
            "investment": round(investment * firm.area_mu, 2),
            "output": round(total, 2),
            "revenue": round(total * sold * float(rng.uniform(0.99, 1.01)), 2),
            "tax": 0.0 if stands else round(tax * firm.area_mu, 2),
            "added": round(total * added, 2),
            "research": round(total * research, 2) if rng.random() > 0.2 else None,
            "staff": max(round(total / staff), 4),
            "energy": round(total * watts * 1.229 * float(rng.uniform(1.1, 1.4)), 1),
            "electricity": round(total * watts, 2),
        }
        growth = float(np.clip(rng.normal(1.06, 0.04), 0.98, 1.14))
        growth = 0.4 if "stopped" in firm.band else growth
        output, tax = output / growth, tax / growth * float(rng.uniform(0.99, 1.01))
        investment /= 1 + float(rng.choice([0.0, rng.uniform(0.01, 0.06)]))
    if firm.band == "no tax":
        for year in (2023, 2024):
            firm.figures[year]["tax"] = None


def _fill_site(firm: Firm, rng: np.random.Generator) -> None:
    """Write the figures of a firm whose plant is being built: money spent, nothing produced."""
    firm.status = "在建"
    spent = float(rng.uniform(70, 170))
    for year, share in ((2023, 0.45), (2024, 1.0)):
        firm.figures[year] = {
            "investment": round(spent * share * firm.area_mu, 2),
            "tax": round(0.5 * firm.area_mu, 2),
            "staff": int(rng.integers(5, 20)),
        }


def is_above_scale(firm: Firm, year: int) -> bool:
    """Say whether the year's revenue reaches 2,000 万元, the line of 规模以上."""
    return (firm.figures[year].get("revenue") or 0) >= 2000
