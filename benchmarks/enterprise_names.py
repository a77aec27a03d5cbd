"""How well names find firms, against the codes of a real registry: ``python -m benchmarks.enterprise_names``.

The list of Shandong enterprises has what its compilers were given (提供企业名称, 提供代码匹配) beside what the
registry says (企业名称, 曾用名, 统一社会信用代码, 注册号, 组织机构代码). The given names are one list, the firms of the
registry the other; the codes are the truth. The names are judged with the codes hidden from them.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
from rapidfuzz.distance import Indel
from rapidfuzz.process import cpdist

from landeval.link.names import split_names
from landeval.link.near import near_names
from landeval.link.near_holders import NEAR_ENOUGH, NEAR_MOST
from landeval.read.source import read_source
from landeval.sources import Source
from landeval.tidy.codes import clean_code
from landeval.vocabulary.names import name_key

DATA = Path(__file__).resolve().parents[2] / "shared" / "data" / "enterprises_cn"
FILE = "shandong_enterprise_registry.xlsx"
"""What comes up for review: pairs of this score or more, at most so many names for one."""
BANDS = (0.7, 0.8, 0.9, 0.95, 1.0)
CODES = ("统一社会信用代码", "组织机构代码", "注册号")
NAMES = ("企业名称", "曾用名")
SEARCHED = "近似名称（待复核）"
RECOGNISABLE = 0.5
"""A name is recognisably there where half the characters of its 字号 are, in order, in one of the firm's."""


class Lists(NamedTuple):
    """``given``: rows with ``name``, ``code``, ``row_firm``; ``firms``: index firm, codes; ``names``: firm, name, kind."""

    given: pd.DataFrame
    firms: pd.DataFrame
    names: pd.DataFrame


def lists(path: Path) -> Lists:
    """Read both lists with landeval's own reader; 空, - and blanks mean that the registry has nothing."""
    (raw,) = read_source(Source("enterprises", path))
    table = raw.frame[[f"c{at}" for at in range(len(raw.headers))]].set_axis(list(raw.headers), axis=1)
    table = table.map(lambda value: "" if value is None or str(value).strip() in ("-", "空") else str(value))
    table[[*CODES, "提供代码匹配"]] = table[[*CODES, "提供代码匹配"]].map(clean_code)
    key = table["企业名称"].map(name_key)
    own = table[CODES[0]].where(table[CODES[0]] != "", table[CODES[2]])
    row_firm = own.where(own != "", key).where(key != "", "")
    given = pd.DataFrame({"name": table["提供企业名称"], "code": table["提供代码匹配"], "row_firm": row_firm})
    firms = table[row_firm != ""].set_axis(row_firm[row_firm != ""]).rename_axis("firm")
    firms = firms[~firms.index.duplicated()]
    former = firms[NAMES[1]].str.split(r"[、;；,，/|]").explode()
    names = pd.concat([firms[NAMES[0]], former], keys=NAMES, names=["kind"]).rename("name").reset_index()
    return Lists(given, firms[list(CODES)], names[names["name"].map(name_key) != ""].reset_index(drop=True))


def by_code(both: Lists) -> dict[str, pd.Series]:
    """Return, for each kind of code, the firm that the given code is of; a code of two firms is of none."""
    code = both.given["code"]
    full = code.where(code.str.len() == 18, "")
    sought = dict(zip(CODES, (full, full.str[8:17], code.where(code.str.len() == 15, "")), strict=True))
    return {kind: _only(keys, both.firms[kind]) for kind, keys in sought.items()}


def by_name(both: Lists) -> dict[str, pd.Series]:
    """Return, for current and for former names, the firm of the same normalised name; a name of two is of none."""
    keys = both.given["name"].map(name_key)
    of_kind = {kind: both.names[both.names["kind"] == kind].set_index("firm")["name"] for kind in NAMES}
    return {kind: _only(keys, names.map(name_key)) for kind, names in of_kind.items()}


def _only(keys: pd.Series, of_firms: pd.Series) -> pd.Series:
    pairs = of_firms[of_firms != ""].rename("key").reset_index().drop_duplicates()
    single = pairs.drop_duplicates("key", keep=False).set_index("key")["firm"]
    return keys.map(single).fillna("").astype(object)


def cascade(tiers: dict[str, pd.Series]) -> pd.DataFrame:
    """Return each row's firm by the first tier that finds one: ``firm``, ``tier``; both empty where none does."""
    first = next(iter(tiers.values()))
    found = pd.DataFrame({"firm": "", "tier": ""}, index=first.index, dtype=object)
    for tier, firm in tiers.items():
        new = (found["firm"] == "") & (firm != "")
        found.loc[new, "firm"], found.loc[new, "tier"] = firm[new], tier
    return found


def queue(both: Lists, found: pd.DataFrame) -> pd.DataFrame:
    """Return the review queue of the rows that no tier found: ``row``, ``firm``, ``score``, ``reason``; best first."""
    left = both.given.loc[found["firm"] == "", "name"]
    pairs = near_names(left, both.names["name"], at_least=NEAR_ENOUGH, most=NEAR_MOST)
    pairs = pairs.assign(firm=pairs["right"].map(both.names["firm"])).rename(columns={"left": "row"})
    return pairs.drop_duplicates(["row", "firm"])[["row", "firm", "score", "reason"]].reset_index(drop=True)


def recognisable(both: Lists, truth: pd.Series) -> pd.Series:
    """Tell of which rows the 字号 is at least half in a name of their true firm."""
    pairs = truth[truth != ""].rename("firm").rename_axis("row").reset_index()
    pairs = pairs.merge(both.names, on="firm", validate="m:m")
    given = _own(both.given["name"]).loc[pairs["row"]]
    alike = cpdist(given.tolist(), _own(pairs["name"]).tolist(), scorer=Indel.normalized_similarity)
    best = pd.Series(alike, index=pairs["row"]).groupby(level=0).max()
    return best.reindex(truth.index, fill_value=0.0) >= RECOGNISABLE


def _own(names: pd.Series) -> pd.Series:
    parts = split_names(names)
    own = parts["trade"].where(parts["trade"] != "", parts["place"])
    return own.where(own != "", parts["key"])


def measure(path: Path) -> dict[str, Any]:
    """Return counts, precision and recall of each tier: by names alone, and with the codes."""
    both = lists(path)
    codes, names = by_code(both), by_name(both)
    truth = cascade(codes)["firm"]
    is_present = truth != ""
    found = cascade(names)
    review = queue(both, found)
    review = review.assign(is_right=review["firm"] == review["row"].map(truth))
    together = cascade(codes | names)
    row_firm = both.given["row_firm"]
    return {
        "rows": len(both.given),
        "firms": len(both.firms),
        "present_by_code": int(is_present.sum()),
        "named_only": int(((row_firm != "") & ~is_present).sum()),
        "code_contradicts_row": int((is_present & (row_firm != truth)).sum()),
        "by_names_alone": _judged(found, review, truth, recognisable(both, truth)),
        "bands": _bands(review),
        "with_codes": together["tier"].replace("", "未找到").value_counts().to_dict(),
        "queue_with_codes": len(queue(both, together)),
    }


def _judged(
    found: pd.DataFrame, review: pd.DataFrame, truth: pd.Series, is_known: pd.Series
) -> dict[str, Any]:
    present, right = truth != "", (found["firm"] == truth) & (truth != "")
    tiers = {}
    for tier in NAMES:
        inside = found["tier"] == tier
        tiers[tier] = {
            "pairs": int(inside.sum()),
            "right": int((inside & right).sum()),
            "wrong": int((inside & present & ~right).sum()),
            "unconfirmed": int((inside & ~present).sum()),
        }
    shown = review[review["is_right"]]["row"].nunique()
    of_absent = int((~review["row"].map(present)).sum())
    tiers[SEARCHED] = {
        "pairs": len(review),
        "rows": int(review["row"].nunique()),
        "right": shown,
        "wrong": len(review) - shown - of_absent,
        "unconfirmed": of_absent,
    }
    seen = right | truth.index.isin(review.loc[review["is_right"], "row"])
    return {
        "tiers": tiers,
        "automatic_wrong": sum(tiers[tier]["wrong"] for tier in NAMES),
        "automatic_recall": float(right.sum() / present.sum()),
        "recall": float(seen.sum() / present.sum()),
        "recognisable": int((is_known & present).sum()),
        "recall_of_recognisable": float((seen & is_known).sum() / (is_known & present).sum()),
    }


def _bands(review: pd.DataFrame) -> list[dict[str, Any]]:
    band = pd.cut(review["score"], BANDS, right=False, include_lowest=True)
    band = band.where(review["score"] < 1, band.cat.categories[-1])
    counts = review.groupby(band, observed=True)["is_right"].agg(["size", "sum"])
    return [
        {"from": float(at.left), "to": float(at.right), "pairs": int(row["size"]), "right": int(row["sum"])}
        for at, row in counts.iterrows()
    ]


def as_table(figures: dict[str, Any]) -> str:
    """Return the figures as Markdown tables, in Chinese: they stand in docs/匹配方法.md."""
    alone = figures["by_names_alone"]
    lines = [
        f"共 {figures['rows']:,} 行，登记信息中有 {figures['firms']:,} 家企业；按代码能确定是哪一家的 {figures['present_by_code']:,} 行。",
        "",
        "| 只看名称 | 配对数 | 对 | 错 | 无代码可证实 | 准确率 | 累计找到 |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    total = 0
    for tier, count in alone["tiers"].items():
        total += count["right"]
        judged = count["pairs"] if tier == SEARCHED else count["right"] + count["wrong"]
        lines.append(
            f"| {tier} | {count['pairs']:,} | {count['right']:,} | {count['wrong']:,} | {count['unconfirmed']:,} | "
            f"{count['right'] / judged:.3f} | {total / figures['present_by_code']:.4f} |"
        )
    lines += [
        "",
        f"自动认定而认错的：{alone['automatic_wrong']}。字号认得出来的 {alone['recognisable']:,} 行中，"
        f"自动加复核找到 {alone['recall_of_recognisable']:.4f}。",
        "",
        "| 复核清单中的得分 | 配对数 | 其中正确 | 比例 |",
        "|---|---:|---:|---:|",
    ]
    lines += [
        f"| {band['from']:g} 至 {band['to']:g} | {band['pairs']:,} | {band['right']:,} | {band['right'] / band['pairs']:.2f} |"
        for band in figures["bands"]
    ]
    lines += ["", "| 先看代码、再看名称 | 行数 |", "|---|---:|"]
    lines += [f"| {tier} | {figures['with_codes'].get(tier, 0):,} |" for tier in (*CODES, *NAMES, "未找到")]
    return "\n".join([*lines, "", f"未找到的各行另有 {figures['queue_with_codes']:,} 对近似名称待复核。"])


def main() -> int:
    """Print the tables, write JSON on request; exit code 1 where a wrong pair is automatic or recall is under 0.97."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.enterprise_names", description=__doc__)
    parser.add_argument("--input", type=Path, default=DATA / FILE, help="the workbook of the registry")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    given = parser.parse_args()
    if not given.input.is_file():
        parser.error(f"{given.input}: the data is not part of the repository")
    figures = measure(given.input)
    print(as_table(figures))
    if given.json:
        given.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", "utf-8")
    alone = figures["by_names_alone"]
    return 0 if alone["automatic_wrong"] == 0 and alone["recall"] >= 0.97 else 1


if __name__ == "__main__":
    sys.exit(main())
