"""Honest mistakes of every common kind, each with the place where it was planted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import geopandas as gpd
import numpy as np
import pandas as pd

from . import ledger as supply
from .codes import credit_code, full_width, with_wrong_check
from .firms import YEARS, Firm
from .money import FIRST_ROW, sheet_row
from .streets import MU, bow_tie

WORKBOOK, LEDGER, PARCELS = "企业经营情况表.xlsx", "供地台账.xlsx", "宗地.shp"


@dataclass
class Park:
    """Everything that can carry a mistake: parcels, firms, the yearly sheets and the ledger."""

    parcels: gpd.GeoDataFrame
    firms: list[Firm]
    sheets: dict[int, pd.DataFrame]
    ledger: pd.DataFrame


class Blemishes:
    """Plant mistakes one by one and remember where."""

    def __init__(self, park: Park, rng: np.random.Generator) -> None:
        self.park = park
        self.notes: list[tuple[str, str, str]] = []
        self.of_parcel: dict[int, list[str]] = {}
        self._pool = self._plain(rng)

    def _plain(self, rng: np.random.Generator) -> list[int]:
        """Return row labels of ordinary watched parcels, one firm a parcel, three years of figures."""
        parcels = self.park.parcels
        owners = parcels["holder"].value_counts()
        labels = [
            index
            for index, row in parcels.iterrows()
            if row["case"].money == "between"
            and row["case"].has_ledger
            and row["case"].shape == "any"
            and owners[row["holder"]] == 1
            and len(row["firm"].figures) == len(YEARS)
            and not row["is_varied"]
        ]
        return [int(label) for label in rng.permutation(labels)]

    # ---- places --------------------------------------------------------------------------------------------
    def feature(self, index: int) -> str:
        """Say where a parcel is: the number of the feature, counted from 1, and its code."""
        return f"{PARCELS} 第{index + 1}个要素（{self.park.parcels['parcel_code'][index]}）"

    def cell(self, year: int, firm: Firm, column: str) -> str:
        """Say where a firm's cell is."""
        return f"{WORKBOOK} {year}年 第{self._line(year, firm) + FIRST_ROW}行「{column}」（{firm.name}）"

    def note(self, kind: str, place: str, remark: str, *indices: int) -> None:
        """Remember a mistake and the parcels it touches."""
        self.notes.append((kind, place, remark))
        for index in indices:
            self.of_parcel.setdefault(index, []).append(kind)

    def _line(self, year: int, firm: Firm) -> int:
        return int(self.park.sheets[year].index[self.park.sheets[year]["firm"] == firm.name][0])

    def _take(self) -> tuple[int, Firm]:
        index = self._pool.pop()
        return index, self.park.parcels["firm"][index]

    def _set(self, firm: Firm, column: str, value: object, years: tuple[int, ...] = YEARS) -> None:
        for year in years:
            self.park.sheets[year].loc[self._line(year, firm), column] = value

    def _put(self, index: int, column: str, value: object) -> None:
        self.park.parcels.at[index, column] = value

    # ---- the mistakes --------------------------------------------------------------------------------------
    def plant(self) -> None:
        """Plant every kind, each in a place of its own."""
        self._names()
        self._codes()
        self._cells()
        self._shapes()
        self._areas_and_dates()
        self._already_there()
        self._rows()  # last: it moves no line that was noted

    def _names(self) -> None:
        for spaces in (" ", "　"):
            index, firm = self._take()
            plain = firm.name.replace("虚构", "", 1)
            narrow, wide = f"虚构{plain[:2]}(湖南){plain[2:]}", f"虚构{plain[:2]}（湖南）{spaces}{plain[2:]}"
            self._put(index, "holder", narrow)
            self._put(index, "credit_code", None)
            self._rename_ledger(index, narrow)
            self._set(firm, "企业名称", wide)
            place = f"{self.feature(index)}；{self.cell(2024, firm, '企业名称')}"
            self.note(
                "名称括号与空格不一致", place, f"宗地写“{narrow}”，企业表写“{wide}”，宗地无信用代码", index
            )
        index, firm = self._take()
        old = "虚构旧称" + firm.name.removeprefix("虚构")
        self._put(index, "holder", old)
        self._put(index, "credit_code", None)
        self._rename_ledger(index, old)
        self._set(firm, "曾用名", old)
        self.note(
            "企业更名",
            f"{self.feature(index)}；{self.cell(2024, firm, '曾用名')}",
            f"宗地仍用曾用名“{old}”，无信用代码",
            index,
        )

    def _rename_ledger(self, index: int, name: str) -> None:
        match = self.park.ledger["宗地代码"] == self.park.parcels["parcel_code"][index]
        self.park.ledger.loc[match, "受让人"] = name

    def _codes(self) -> None:
        index, firm = self._take()
        self._put(index, "credit_code", firm.code.lower())
        self.note("信用代码小写", f"{self.feature(index)} XYDM", firm.code.lower(), index)
        index, firm = self._take()
        self._put(index, "credit_code", firm.code)
        self._set(firm, "统一社会信用代码", full_width(firm.code))
        self.note(
            "信用代码全角",
            self.cell(2024, firm, "统一社会信用代码") + "，三年相同",
            full_width(firm.code),
            index,
        )
        index, firm = self._take()
        wrong = with_wrong_check(firm.code)
        self._put(index, "credit_code", firm.code)
        self._set(firm, "统一社会信用代码", wrong)
        self.note(
            "信用代码校验位错",
            self.cell(2024, firm, "统一社会信用代码") + "，三年相同",
            f"{wrong}，应为{firm.code}",
            index,
        )

    def _cells(self) -> None:
        index, firm = self._take()
        self._set(firm, "入库税收", None, (2022,))
        self.note("税收空白", self.cell(2022, firm, "入库税收"), "空单元格，不是零", index)
        index, firm = self._take()
        self._set(firm, "入库税收", "-", (2022,))
        self.note("以“-”代数", self.cell(2022, firm, "入库税收"), "短横线，不是零", index)
        index, firm = self._take()
        text = f"{firm.figures[2024]['output']:,.2f}"
        self._set(firm, "工业总产值", text, (2024,))
        self.note("数字存为文本", self.cell(2024, firm, "工业总产值"), f"文本“{text}”，带千分位逗号", index)

    def _shapes(self) -> None:
        parcels = self.park.parcels
        for index in self._pool:
            shape = parcels.geometry[index]
            crossed = bow_tie(shape)
            if not crossed.is_valid and 0.97 < crossed.buffer(0).area / shape.area < 1:
                break
        self._pool.remove(index)
        parcels.loc[[index], "geometry"] = gpd.GeoSeries([crossed], index=[index], crs=parcels.crs)
        self.note("图形自相交", self.feature(index), "一个角上两点次序颠倒，呈蝴蝶结", index)
        first, second = next(
            pair
            for pair in combinations(self._pool, 2)
            if parcels.geometry[pair[0]].distance(parcels.geometry[pair[1]]) < 0.01
        )
        self._pool = [label for label in self._pool if label not in (first, second)]
        lost, kept = parcels["parcel_code"][second], parcels["parcel_code"][first]
        self._put(second, "parcel_code", kept)
        keep = self.park.ledger["宗地代码"] != lost
        self.park.ledger = self.park.ledger[keep].reset_index(drop=True)
        self.park.ledger["序号"] = range(1, len(self.park.ledger) + 1)
        place = f"{PARCELS} 第{first + 1}、{second + 1}个要素"
        self.note(
            "宗地代码重复",
            place,
            f"都写{kept}，图形与权利人不同；第{second + 1}个原应为{lost}，台账无此行",
            first,
            second,
        )

    def _areas_and_dates(self) -> None:
        index, _ = self._take()
        parcels = self.park.parcels
        registered = round(float(parcels["area_m2"][index]) * 1.06, 2)
        self._put(index, "registered_m2", registered)
        self.note(
            "证载面积与图形不符", f"{self.feature(index)} ZDMJ", f"证载比图形大6%（{registered}㎡）", index
        )
        index, _ = self._take()
        rows = self.park.ledger
        line = int(rows.index[rows["宗地代码"] == parcels["parcel_code"][index]][0])
        rows.loc[line, "约定交地日期"] = "2021-02-30"
        place = f"{LEDGER} 第{line + supply.FIRST_ROW}行「约定交地日期」（{parcels['parcel_code'][index]}）"
        self.note("日期不存在", place, "文本“2021-02-30”", index)

    def _already_there(self) -> None:
        """Note what the story of the park brings with it."""
        parcels = self.park.parcels
        owners = parcels.loc[parcels["firm"].notna(), "holder"].value_counts()
        for name in owners.index[owners == 3]:
            places = "；".join(self.feature(index) for index in parcels.index[parcels["holder"] == name])
            self.note("一企三宗", places, str(name))
        for index, case in parcels["case"].items():
            if case.money == "tenants":
                names = "、".join(firm.name for firm in self.park.firms if firm.rented_parcel)
                self.note(
                    "一宗多企（标准厂房）",
                    self.feature(index),
                    f"承租企业：{names}，企业表填“所在宗地代码”“承租面积(㎡)”",
                )
        alone = [self.feature(index) for index, case in parcels["case"].items() if case.tag == "无企业"]
        self.note("有地无企业", "；".join(alone), "权利人不在企业表中")
        missing = [self.feature(i) for i, case in parcels["case"].items() if not case.has_ledger]
        self.note("无供地台账", "；".join(missing), "台账中无此宗地")
        blank = [firm for firm in self.park.firms if firm.band == "no tax"]
        for firm in blank:
            self.note("税收空白", self.cell(2024, firm, "入库税收"), "2023年、2024年都空白")
        last = len(self.park.ledger) + supply.FIRST_ROW
        self.note("台账有、图上无", f"{LEDGER} 第{last - 2}、{last - 1}行", "宗地代码在宗地图层中不存在")

    def _rows(self) -> None:
        self._add_landless()
        sheet = self.park.sheets[2024]
        (same_parcel, same), (other_parcel, other) = self._take(), self._take()
        copies = []
        for firm, kind in ((same, "企业行完全重复"), (other, "企业行重复且矛盾")):
            line = self._line(2024, firm)
            copy = sheet.loc[line].copy()
            remark = f"与第{line + FIRST_ROW}行相同"
            if firm is other:
                copy["入库税收"] = round(float(copy["入库税收"]) * 0.93, 2)
                both = f"{sheet.loc[line, '入库税收']} / {copy['入库税收']}"
                remark = f"与第{line + FIRST_ROW}行只有税收不同（{both}）"
            place = f"{WORKBOOK} 2024年 第{len(sheet) + len(copies) + FIRST_ROW}行（{firm.name}）"
            self.note(kind, place, remark, same_parcel if firm is same else other_parcel)
            copies.append(copy)
        self.park.sheets[2024] = pd.concat([sheet, pd.DataFrame(copies)], ignore_index=True)
        self._add_null_parcel()

    def _add_landless(self) -> None:
        model = self.park.firms[0]
        firm = replace(
            model, name="虚构无地贸工有限公司", code=credit_code(990_001), figures=dict(model.figures)
        )
        for year in sorted(firm.figures):
            sheet = self.park.sheets[year]
            self.park.sheets[year] = pd.concat(
                [sheet, pd.DataFrame([sheet_row(firm, year)], dtype=object)], ignore_index=True
            )
        self.note("有企业无地", self.cell(2024, firm, "企业名称"), "没有宗地，也未填所在宗地代码")

    def _add_null_parcel(self) -> None:
        parcels = self.park.parcels
        record = parcels.iloc[[-1]].copy()
        record.index = [len(parcels)]
        code = "430525001090GB00009"
        values = {
            "parcel_code": code,
            "holder": "虚构无图实业有限公司",
            "credit_code": None,
            "firm": None,
            "terms": None,
        }
        for column, value in values.items():
            record[column] = value
        record["registered_m2"] = round(12 * MU, 2)
        record["certificate"] = "湘(2016)洞口县不动产权第9000001号(虚构)"
        record["geometry"] = gpd.GeoSeries([None], index=record.index, crs=parcels.crs)
        self.park.parcels = pd.concat([parcels, record])
        self.note("空图形", f"{PARCELS} 第{len(parcels) + 1}个要素（{code}）", "有属性，无图形")
