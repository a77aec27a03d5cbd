"""The tables of ``docs/实例_广东供地.md``: counts by class, route and question. ``python tests/example_page.py FOLDER``."""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

from landeval.result import STATUSES, Result

QUESTIONS = {"E402": "动工早于合同签订", "E403": "竣工早于动工", "E401": "有竣工日期而无动工日期"}
LOOKS_AHEAD = ("已逾期", "30 日内", "60 日内", "90 日内", "以后")


def tables(result: Result) -> str:
    """Return the page's tables as Markdown."""
    return "\n\n".join((_classes(result), _routes(result), _calendar(result), _questions(result)))


def _table(head: tuple[str, ...], rows: list[tuple[object, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join(lines + ["| " + " | ".join(map(str, row)) + " |" for row in rows])


def _industrial(result: Result) -> pd.Series:
    return result.parcels["is_industrial"] == True  # noqa: E712 (three-valued)


def _classes(result: Result) -> str:
    status, industrial, land = result.status["status"], _industrial(result), result.parcels["area_mu"]
    rows: list[tuple[object, ...]] = []
    for name in STATUSES:
        here = status == name
        if here.any():
            rows.append((name, int(here.sum()), f"{land[here].sum():,.1f}", int((here & industrial).sum())))
    rows.append(("合计", len(status), f"{land.sum():,.1f}", int(industrial.sum())))
    return _table(("结论", "宗数", "面积（亩，面积未知的不计）", "其中工业"), rows)


def _routes(result: Result) -> str:
    status, industrial, price = result.status, _industrial(result), result.parcels["price_wan_yuan"]
    route = status["route"].str.replace(r"（[^）]*）", "", regex=True)
    rows: list[tuple[object, ...]] = []
    for (name, way), index in status.groupby(["status", route]).groups.items():
        if way:
            priced = price[index].notna()
            fee = (price[index] * 0.2).sum() if "征缴" in str(way) else None
            shown = "" if fee is None else f"{fee:,.2f}（{int(priced.sum())} 宗有价款）"
            rows.append((name, way, len(index), int(industrial[index].sum()), shown))
    rows.sort(key=lambda row: (STATUSES.index(str(row[0])), str(row[1])))
    return _table(("结论", "途径", "宗数", "其中工业", "价款的 20%（万元）"), rows)


def _calendar(result: Result) -> str:
    calendar = result.calendar
    rows: list[tuple[object, ...]] = []
    for horizon in LOOKS_AHEAD:
        here = calendar[calendar["horizon"] == horizon]
        rows += [
            (horizon, label, count) for label, count in sorted(here["step_label"].value_counts().items())
        ]
    return _table(("期限", "环节", "项"), rows)


def _questions(result: Result) -> str:
    industrial, found = _industrial(result), result.issues
    rows: list[tuple[object, ...]] = []
    for code, what in QUESTIONS.items():
        keys = found.loc[found["code"] == code, "record_key"]
        rows.append((code, what, len(keys), int(industrial[keys].sum())))
    return _table(("代码", "待核问题", "宗数", "其中工业"), rows)


if __name__ == "__main__":
    from landeval.run import evaluate
    from landeval.settings.load import load_project

    root = Path(__file__).resolve().parent.parent
    print(tables(evaluate(load_project(root / "examples" / "land_market_cn", data_folder=sys.argv[1]))))
