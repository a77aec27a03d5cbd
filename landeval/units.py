"""Units of land and money: the only place that knows 2000/3, and how to read a unit from a header.

Land is m² inside and 亩 (mu) for people, 1 亩 = 2000/3 m² exactly. Money is 万元 (ten thousand of the
project's currency), allocated in whole 分 (cents).
"""

from __future__ import annotations

import re
import unicodedata
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

M2_PER_MU = Fraction(2000, 3)
MU_PER_HECTARE = Fraction(15)
CENTS_PER_WAN_YUAN = 1_000_000

_AREA = {
    "㎡": Fraction(1),
    "m2": Fraction(1),
    "m²": Fraction(1),
    "平方米": Fraction(1),
    "平米": Fraction(1),
    "亩": M2_PER_MU,
    "公顷": Fraction(10_000),
    "ha": Fraction(10_000),
    "hm2": Fraction(10_000),
    "万平方米": Fraction(10_000),
    "平方公里": Fraction(1_000_000),
    "平方千米": Fraction(1_000_000),
    "km2": Fraction(1_000_000),
    "平方英尺": Fraction(3048, 10_000) ** 2,
    "ft2": Fraction(3048, 10_000) ** 2,
}
_MONEY = {
    "元": Fraction(1, 10_000),
    "千元": Fraction(1, 10),
    "万元": Fraction(1),
    "百万元": Fraction(100),
    "亿元": Fraction(10_000),
}
_LENGTH = {
    "m": Fraction(1),
    "米": Fraction(1),
    "cm": Fraction(1, 100),
    "厘米": Fraction(1, 100),
}
_OTHER = {
    "人": Fraction(1),
    "层": Fraction(1),
    "吨标准煤": Fraction(1),
    "吨标煤": Fraction(1),
    "万吨标准煤": Fraction(10_000),
    "万千瓦时": Fraction(1),
    "千瓦时": Fraction(1, 10_000),
    "度": Fraction(1, 10_000),
    "万度": Fraction(1),
    "亿千瓦时": Fraction(10_000),
    "kwh": Fraction(1, 10_000),
    "万kwh": Fraction(1),
    "千人": Fraction(1_000),
    "万人": Fraction(10_000),
    "tce": Fraction(1),
    "万吨标煤": Fraction(10_000),
}
_LIKE = re.compile(
    r"(人民币)?[百千万亿]*(美|港|日|欧|加|澳|澳门|新加坡|新台)?元(人民币)?(/.{1,6})?|[百千万亿]?(亩|公顷|顷|人|吨|吨标准?煤|千瓦时|度|kwh|tce)"
    r"|c?m|厘?米|(平方|万平方).{1,2}|平米|[kh]?m2|ha|ft2|usd|rmb|cny",
    re.IGNORECASE,
)
_BRACKET = re.compile(r"^(?P<name>.*?)[(\[【](?P<unit>[^()]*)[)\]】]$", re.S)
_AFTER = re.compile(r"^(?P<name>.*?)[/,、](?P<unit>[^/]+(?:/[^/]+)?)$", re.S)

YEAR_IN_HEADER = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


def to_mu(area_m2: pd.Series) -> pd.Series:
    """Convert m² to 亩 exactly: area × 3 / 2000.

    Examples
    --------
    >>> import pandas as pd
    >>> to_mu(pd.Series([2000.0, 10000.0])).tolist()
    [3.0, 15.0]
    """
    return area_m2 * 3 / 2000


def factor(unit: str, kind: str, currency: str = "元") -> Fraction | None:
    """Return how many canonical units one ``unit`` is: m², 万元, 万元/亩 or m; None where it is not a unit.

    Parameters
    ----------
    unit : str
        As written in a header, a title or ``landeval.toml``.
    kind : str
        ``area``, ``money``, ``per_mu``, ``length`` or ``number``.
    currency : str
        The project's currency, e.g. 元 or 美元.

    Examples
    --------
    >>> factor("亿元", "money"), factor("公顷", "area"), factor("万元/公顷", "per_mu")
    (Fraction(10000, 1), Fraction(10000, 1), Fraction(1, 15))
    >>> factor("美元", "money", "美元")
    Fraction(1, 10000)
    >>> factor("棵", "area") is None
    True
    """
    text = _plain(unit)
    lowered = text.lower()
    if kind == "area":
        return _AREA.get(text) or _AREA.get(lowered)
    if kind == "money":
        return _MONEY.get(text.replace("人民币", "") if currency == "元" else text.replace(currency, "元"))
    if kind == "per_mu":
        money, slash, land = text.partition("/")
        above, below = factor(money, "money", currency), factor(land, "area") if slash else None
        return above / (below / M2_PER_MU) if above and below else None
    if kind == "length":
        return _LENGTH.get(text) or _LENGTH.get(lowered)
    return _OTHER.get(text) or _OTHER.get(lowered)


def _plain(unit: str) -> str:
    text = unicodedata.normalize("NFKC", unit).replace("²", "2").strip()
    return re.sub(r"^(单位)?:?", "", text).strip()


def looks_like_unit(text: str) -> bool:
    """Tell whether a text reads like a unit of land, money, people or energy, convertible or not."""
    return bool(_LIKE.fullmatch(_plain(text).strip("()")))


def unit_of(text: str, kind: str, currency: str = "元") -> tuple[str, Fraction | None]:
    """Find the unit in what stands behind a header or a title.

    Returns
    -------
    str, Fraction or None
        The unit as written and its worth; a worth of None with a unit that is one, but not of this kind or
        currency; an empty text where nothing reads like a unit.

    Examples
    --------
    >>> unit_of("万元,不含税", "money"), unit_of("万美元", "money"), unit_of("2024年度", "money")
    (('万元', Fraction(1, 1)), ('万美元', None), ('', None))
    """
    whole = unicodedata.normalize("NFKC", text).strip()
    parts = [whole, *(part for part in re.split(r"[,、;\s]+", whole) if part)]
    for part in parts:
        if (scale := factor(part, kind, currency)) is not None:
            return part, scale
    return next((part for part in parts if looks_like_unit(part)), ""), None


def split_header(header: str) -> tuple[str, str]:
    """Split a header into its name and the unit written after it, if any.

    Examples
    --------
    >>> split_header("入库税收（万元）"), split_header("用地面积/亩"), split_header("企业名称")
    (('入库税收', '万元'), ('用地面积', '亩'), ('企业名称', ''))
    """
    text = unicodedata.normalize("NFKC", str(header)).strip()
    if found := _BRACKET.match(text):
        return found["name"].strip(), found["unit"].strip()
    if (found := _AFTER.match(text)) and looks_like_unit(found["unit"]):
        return found["name"].strip(), found["unit"].strip()
    return text, ""


def without_year(header: str) -> tuple[str, int | None]:
    """Take the one year out of a header; None where it names none, or several.

    Examples
    --------
    >>> without_year("2023年税收（万元）"), without_year("税收2024"), without_year("税收（2024年，元）"), without_year("税收")
    (('税收(万元)', 2023), ('税收', 2024), ('税收(元)', 2024), ('税收', None))
    """
    text = unicodedata.normalize("NFKC", header)
    years = set(YEAR_IN_HEADER.findall(text))
    if len(years) != 1:
        return text, None
    plain = re.sub(YEAR_IN_HEADER.pattern + r"\s*(?:年度|年)?", "", text)
    plain = re.sub(r"([(\[【])[\s,、;/_-]+", r"\1", plain)
    plain = re.sub(r"[\s,、;/_-]+(?=[)\]】])|[(\[【][)\]】]", "", plain)
    return plain.strip(" ,、;/_-"), int(years.pop())


def unit_in_title(title: str) -> str:
    """Return the units named after 单位： in what stands above a table, joined by 、; empty where none is.

    Examples
    --------
    >>> unit_in_title("填报单位：虚构管委会    单位：万元"), unit_in_title("金额单位:元，面积单位:亩"), unit_in_title("单位：万元，亩")
    ('万元', '元、亩', '万元、亩')
    """
    text = unicodedata.normalize("NFKC", title)
    units: list[str] = []
    for found in re.finditer(r"(?<![报制送])单位\s*:\s*(?=([^。()]{1,40}))", text):
        for part in re.split(r"[,、;\s]+", found[1]):
            if not looks_like_unit(part):
                break
            units.append(part)
    return "、".join(units)


def round_half_up(values: Any, decimals: int) -> npt.NDArray[np.float64]:
    """Round half away from zero to ``decimals``, free of the last bits of binary noise.

    Parameters
    ----------
    values : array-like of float
    decimals : int
        Decimals to keep.

    Returns
    -------
    numpy.ndarray of float64, NaN kept.

    Examples
    --------
    >>> round_half_up([15.00005, 14.99995, 20 / (20.000000000023), 0.125], 4).tolist()
    [15.0001, 15.0, 1.0, 0.125]
    """
    array = np.asarray(values, dtype="float64")
    scaled = np.abs(array) * 10.0**decimals
    with np.errstate(invalid="ignore"):
        whole = np.floor(np.round(scaled, 6) + 0.5)
    return np.asarray(np.sign(array) * whole / 10.0**decimals, dtype="float64")


def fixed(value: float, decimals: int = 2) -> str:
    """Write a number with thousands set apart and so many decimals, half rounded up, as a spreadsheet shows it.

    Examples
    --------
    >>> fixed(1234.125), fixed(-0.125), fixed(281.84615, 4), f"{0.125:,.2f}"
    ('1,234.13', '-0.13', '281.8462', '0.12')
    """
    return f"{float(round_half_up([value], decimals)[0]) + 0.0:,.{decimals}f}"


def to_cents(wan_yuan: Any) -> npt.NDArray[np.int64]:
    """Turn 万元 into whole 分 (1 万元 = 1,000,000 分); callers drop unknowns first.

    Examples
    --------
    >>> to_cents([1.0, -0.000001, 123.456789]).tolist()
    [1000000, -1, 123456789]
    """
    return round_half_up(np.asarray(wan_yuan, dtype="float64") * CENTS_PER_WAN_YUAN, 0).astype("int64")


def from_cents(cents: Any) -> npt.NDArray[np.float64]:
    """Turn 分 back into 万元."""
    return np.asarray(cents, dtype="float64") / CENTS_PER_WAN_YUAN
