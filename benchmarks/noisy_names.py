"""How many firms are found again under noisy names, all of them made up: ``python -m benchmarks.noisy_names``."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.fictitious_names import PLACES, SYLLABLES, names, written
from landeval.link.near import near_names
from landeval.link.near_holders import NEAR_ENOUGH, NEAR_MOST
from landeval.vocabulary.names import name_key

ABSENT = 0.05
Parts = dict[str, Any]
Random = np.random.Generator


def full_width(parts: Parts, random: Random) -> str:
    """Write letters, digits and brackets full width, with spaces between the parts."""
    text = f"{parts['place']} {parts['trade']}({parts['place']}){parts['industry']}　{parts['form']}"
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def brackets(parts: Parts, random: Random) -> str:
    """Write the place behind the 字号, in brackets."""
    return f"{parts['trade']}（{parts['place']}）{parts['industry']}{parts['form']}"


def other_place(parts: Parts, random: Random) -> str:
    """Leave the place out, or say it otherwise."""
    return str(random.choice(["", *PLACES.split()])) + parts["trade"] + parts["industry"] + parts["form"]


def other_form(parts: Parts, random: Random) -> str:
    """Leave the legal form out, or write another."""
    form = random.choice(["", "公司", "有限公司", "有限责任公司", "股份有限公司"])
    return str(parts["place"] + parts["trade"] + parts["industry"] + form)


def wrong_character(parts: Parts, random: Random) -> str:
    """Write one character of 字号 or industry wrong."""
    core = list(parts["trade"] + parts["industry"])
    at = int(random.integers(len(core)))
    core[at] = str(random.choice([char for char in SYLLABLES if char != core[at]]))
    return str(parts["place"] + "".join(core) + parts["form"])


def former_name(parts: Parts, random: Random) -> str:
    """Write the former name, which the registry knows."""
    return str(parts["former"])


def place_and_form(parts: Parts, random: Random) -> str:
    """Change place and legal form both."""
    return other_form({**parts, "place": random.choice(["", *PLACES.split()])}, random)


NOISE: dict[str, Callable[[Parts, Random], str]] = {
    "全半角、空格": full_width,
    "地名改写在括号内": brackets,
    "地名缺失或不同": other_place,
    "组织形式缺失或不同": other_form,
    "地名和组织形式都改": place_and_form,
    "错一字": wrong_character,
    "曾用名": former_name,
}


def lists(count: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return given names (``name``, ``firm``, ``noise``; firm −1 where absent) and firms (``name``, ``former``).

    A noisy name that is by chance the very name of another firm is left as it was: nobody could tell them apart.
    """
    random = np.random.default_rng(seed)
    absent = round(count * ABSENT)
    made = names(2 * count + absent, seed)
    full = written(made)
    firms = pd.DataFrame({part: values[:count] for part, values in made.items()}, dtype=object)
    firms = firms.assign(name=full[:count], former=full[count : 2 * count]).astype(object)
    is_wide = np.arange(count) % len(NOISE) == 0  # those that full_width will write: with brackets to fold
    firms["name"] = firms["name"].where(~is_wide, _bracketed(firms))
    kinds = [list(NOISE)[at % len(NOISE)] for at in range(count - absent)]
    noisy = [NOISE[kind](firm, random) for kind, firm in zip(kinds, firms.to_dict("records"), strict=False)]
    given = pd.DataFrame({"name": noisy, "firm": range(count - absent), "noise": kinds})
    taken = set(firms["name"].map(name_key)) | set(firms["former"].map(name_key))
    clash = given["name"].map(name_key).isin(taken) & ~given["noise"].isin(["全半角、空格", "曾用名"])
    given.loc[clash, "name"] = firms["name"].iloc[: len(given)][clash]
    strangers = pd.DataFrame({"name": full[2 * count :], "firm": -1, "noise": "名录中没有"})
    return pd.concat([given, strangers], ignore_index=True), firms[["name", "former"]]


def _bracketed(firms: pd.DataFrame) -> pd.Series:
    return firms["place"] + firms["trade"] + "(" + firms["place"] + ")" + firms["industry"] + firms["form"]


def measure(count: int, seed: int) -> dict[str, Any]:
    """Return precision of what is automatic, recall of each noise, and the length of the queue."""
    given, firms = lists(count, seed)
    known = pd.concat([firms["name"], firms["former"]]).map(name_key)
    single = known[~known.duplicated(keep=False)]
    automatic = given["name"].map(name_key).map(pd.Series(single.index, index=single))
    left = given.loc[automatic.isna(), "name"]
    every = pd.concat([firms["name"], firms["former"]])
    pairs = near_names(left, every, at_least=NEAR_ENOUGH, most=NEAR_MOST).drop_duplicates(["left", "right"])
    is_right = pairs["right"] == pairs["left"].map(given["firm"])
    is_present = given["firm"] >= 0
    is_auto = automatic == given["firm"]
    is_shown = given.index.isin(pairs.loc[is_right, "left"])
    by_noise = pd.DataFrame({"自动": is_auto, "复核": is_shown & ~is_auto}).groupby(given["noise"]).mean()
    return {
        "count": count,
        "seed": seed,
        "absent": int((~is_present).sum()),
        "automatic": int(automatic.notna().sum()),
        "automatic_precision": float(is_auto.sum() / automatic.notna().sum()),
        "recall": float((is_auto | is_shown)[is_present].mean()),
        "queue": len(pairs),
        "queue_precision": float(is_right.mean()),
        "by_noise": by_noise[by_noise.index != "名录中没有"].round(4).to_dict("index"),
    }


def as_table(figures: dict[str, Any]) -> str:
    """Return the figures as a Markdown table."""
    lines = ["| 改动 | 自动认定 | 复核清单中 | 没有找到 |", "|---|---:|---:|---:|"]
    for noise, share in figures["by_noise"].items():
        lost = 1 - share["自动"] - share["复核"]
        lines.append(f"| {noise} | {share['自动']:.1%} | {share['复核']:.1%} | {abs(lost):.1%} |")
    lines += [
        "",
        f"自动认定 {figures['automatic']:,} 个，准确率 {figures['automatic_precision']:.3f}；自动加复核找到 "
        f"{figures['recall']:.4f}；复核清单 {figures['queue']:,} 对，其中正确 {figures['queue_precision']:.0%}。",
    ]
    return "\n".join(lines)


def main() -> int:
    """Print the table, write JSON on request; exit code 1 where the bounds are missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.noisy_names", description=__doc__)
    parser.add_argument("--names", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    given = parser.parse_args()
    figures = measure(given.names, given.seed)
    print(as_table(figures))
    if given.json:
        given.json.write_text(json.dumps(figures, ensure_ascii=False, indent=2) + "\n", "utf-8")
    return 0 if figures["automatic_precision"] == 1 and figures["recall"] >= 0.98 else 1


if __name__ == "__main__":
    sys.exit(main())
