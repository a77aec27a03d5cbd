"""The exemption register: what holds, what does not hold, and what names no parcel; with the class that follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from . import cases
from .blemishes import Park
from .money import Workbook

HEADERS = (
    "序号", "宗地代码", "电子监管号", "合同编号", "权利人", "统一社会信用代码", "豁免类型", "豁免事由", "依据文号",
    "起始日期", "截止日期", "豁免范围", "批准单位", "经办人", "备注",
)  # fmt: skip
KINDS = ("建设期", "投产过渡期", "公用设施", "研发机构", "物流仓储", "总部异地纳税", "政府原因", "历史遗留",
         "经调查不属闲置", "其他")  # fmt: skip
SCOPES = ("全部", "闲置", "低效", "亩均", "产值", "税收")
BUREAU, PARK, COUNTY = "虚构洞口县自然资源局", "虚构洞口经开区管委会", "虚构洞口县人民政府"
CLERK = "虚构乙"
FIRST_ROW = 3  # of the data in the sheet, after the title and the header


class Register:
    """The rows, what is planned of each, and the parcels whose class is another because of them."""

    def __init__(self, park: Park, blemished: Mapping[int, list[str]]) -> None:
        self.park = park
        self.rows: list[dict[str, object]] = []
        self.notes: list[tuple[str, str, str]] = []
        self.planned: dict[int, tuple[str, str]] = {}
        self._taken = set(blemished)
        self._blemished = blemished

    def fill(self) -> None:
        """Write every row; no random number, so that nothing else of the sample moves."""
        self._holding()
        self._partial()
        self._not_holding()
        self._without_parcel()

    def _holding(self) -> None:
        index = self._take(lambda case: case.note.startswith("亩均投资、亩均税收不足一半"))
        self._add(
            index, ("宗地代码",), "研发机构", "虚构洞科认〔2023〕4号", county=BUREAU, reason="县级研发中心"
        )
        self._plan(index, cases.EXEMPT, "研发机构，没有截止日期也可以：低效、亩均都不评价，原为低效候选")
        index = self._take(lambda case: case.land_use == "仓储用地")
        self._add(index, ("电子监管号",), "物流仓储", "虚构洞发改备〔2013〕7号")
        self._plan(index, cases.EXEMPT, "物流仓储，以电子监管号登记")
        owners = self.park.parcels.loc[self.park.parcels["firm"].notna(), "holder"].value_counts()
        name = owners.index[owners == 3][0]
        three = list(self.park.parcels.index[self.park.parcels["holder"] == name])
        self._taken |= set(three)
        self._add(
            three[0], (), "历史遗留", "虚构洞政纪〔2023〕18号", until=date(2025, 3, 1), county=COUNTY,
            reason="企业改制遗留", 权利人=name, 统一社会信用代码=self.park.parcels["firm"][three[0]].code,
        )  # fmt: skip
        for index in three:
            self._plan(index, cases.EXEMPT, "历史遗留，只写企业：用于其名下三宗，还有60天到期")
        index = self._take(lambda case: case.note.startswith("只有亩均产值不足一半"))
        self._add(
            index,
            ("宗地代码", "权利人"),
            "重点企业培育",
            "虚构洞政纪〔2024〕3号",
            until=date(2026, 12, 31),
            county=COUNTY,
        )
        self._plan(index, cases.EXEMPT, "不认识的类型，按“其他”处理；有依据和截止日期")
        index = self._take(lambda case: case.note.startswith("原因空白"))
        self._add(
            index, ("宗地代码",), "经调查不属闲置", "虚构洞自然资闲调结〔2024〕2号", since=date(2024, 9, 30), until=date(2025, 3, 31),
            county=BUREAU, reason="交地纠纷已结，约定动工日期重新计算中",
        )  # fmt: skip
        self._plan(index, cases.EXEMPT, "书面结论为不构成闲置，有效至2025-03-31：不再列涉嫌闲置")

    def _partial(self) -> None:
        index = self._take(lambda case: case.note.startswith("原因空白"))
        self._add(
            index, ("宗地代码",), "政府原因", "虚构洞自然资函〔2022〕31号", until=date(2025, 6, 30), county=BUREAU,
            reason="规划调整",
        )  # fmt: skip
        self._plan(index, cases.NOT_STARTED, "台账没有写原因，豁免登记为政府原因：仍涉嫌闲置，协商处置")
        index = self._take(lambda case: case.file == "等材料")
        self._add(index, ("宗地代码",), "研发机构", "虚构洞科认〔2022〕9号", scope="全部")
        self._plan(index, cases.NOT_STARTED, "逾期满二年，企业原因：可无偿收回；研发机构的豁免不及于闲置")
        index = self._take(lambda case: case.note.startswith("只有亩均税收不足一半"))
        self._add(
            index, ("合同编号",), "总部异地纳税", "虚构洞税函〔2024〕12号", until=date(2025, 1, 31),
            reason="总部在外县汇总纳税",
        )  # fmt: skip
        self._plan(index, cases.WATCH, "税收不评价（还有31天到期），其余亩均指标未全部达标")
        index = self._take(lambda case: case.note.startswith("新增工业用地，投产不满三年"))
        self._add(index, ("宗地代码",), "投产过渡期", "虚构洞验〔2023〕5号", until=date(2030, 12, 31))
        self._plan(
            index,
            cases.EXEMPT,
            "投产过渡期从投产日期起算三年，登记的截止日期再晚也不算；投资照常评价，已超过标准",
        )

    def _not_holding(self) -> None:
        def low() -> int:
            return self._take(lambda case: case.note.startswith("投资、产值、税收三项"))

        self._add(
            low(), ("宗地代码",), "研发机构", "虚构洞科认〔2021〕2号", until=date(2024, 6, 30), told="已到期"
        )
        self._add(low(), ("宗地代码",), "历史遗留", "虚构洞政纪〔2024〕41号", since=date(2025, 3, 1), until=date(2027, 2, 28),
                  told="尚未生效")  # fmt: skip
        self._add(low(), ("宗地代码",), "其他", None, until=date(2026, 12, 31), told="没有依据文号")
        self._add(
            low(), ("宗地代码",), "研发机构", "虚构洞科认〔2023〕8号", scope="部分", told="豁免范围无法识别"
        )
        self._add(low(), ("宗地代码",), "历史遗留", "虚构洞政纪〔2022〕5号", told="历史遗留须有截止日期")

    def _without_parcel(self) -> None:
        self._add(
            None,
            (),
            "公用设施",
            "虚构洞政函〔2013〕2号",
            told="编号在宗地表中找不到",
            宗地代码="430525001099GB00099",
        )
        self._add(
            None,
            (),
            "研发机构",
            "虚构洞科认〔2024〕1号",
            told="权利人没有自有的宗地",
            权利人="虚构无地贸工有限公司",
        )
        twice = next(index for index, kinds in self._blemished.items() if "宗地代码重复" in kinds)
        self._add(twice, ("宗地代码",), "研发机构", "虚构洞科认〔2022〕3号", told="宗地代码对应两宗地")
        one, other = (self._take(lambda case: case.note.startswith("只有亩均投资不足一半")) for _ in range(2))
        self._add(
            one, ("宗地代码",), "物流仓储", "虚构洞发改备〔2016〕1号", told="宗地代码与合同编号指向不同的宗地",
            合同编号=self._supply(other)["合同编号"],
        )  # fmt: skip

    def _take(self, fits: Callable[[cases.Case], bool]) -> int:
        """Return the first parcel of such a case that nothing else is told of."""
        chosen = next(
            int(index)
            for index, case in self.park.parcels["case"].items()
            if index not in self._taken and fits(case)
        )
        self._taken.add(chosen)
        return chosen

    def _supply(self, index: int) -> pd.Series:
        book = self.park.ledger
        return book[book["宗地代码"] == self.park.parcels["parcel_code"][index]].iloc[0]

    def _plan(self, index: int, planned: str, note: str) -> None:
        self.planned[index] = planned, note

    def _add(
        self,
        index: int | None,
        by: tuple[str, ...],
        kind: str,
        evidence: str | None,
        *,
        since: date | None = None,
        until: date | None = None,
        scope: str | None = None,
        county: str = PARK,
        reason: str | None = None,
        told: str = "",
        **written: object,
    ) -> None:
        row: dict[str, object] = dict.fromkeys(HEADERS)
        row |= {
            "豁免类型": kind,
            "依据文号": evidence,
            "起始日期": since,
            "截止日期": until,
            "豁免范围": scope,
        }
        row |= {
            "批准单位": county,
            "经办人": CLERK,
            "豁免事由": reason,
            "序号": len(self.rows) + 1,
            **written,
        }
        if index is not None and by:
            known = self._supply(index) if {"电子监管号", "合同编号"} & set(by) else {}
            holder = {
                "宗地代码": self.park.parcels["parcel_code"][index],
                "权利人": self.park.parcels["holder"][index],
            }
            row |= {name: holder[name] if name in holder else known[name] for name in by}
        self.rows.append(row)
        if told:
            self.notes.append(("豁免登记不适用", f"豁免登记.xlsx 第{len(self.rows) + FIRST_ROW - 1}行", told))


def write_register(path: Path, rows: list[dict[str, object]]) -> None:
    """Write ``豁免登记.xlsx``, with lists to choose kind and scope from: emptied, it is a form to fill in."""
    workbook = Workbook(path)
    sheet = workbook.book.add_worksheet("豁免登记")
    title = "虚构洞口经开区用地评价豁免登记表（截至2024年12月31日，虚构数据）"
    sheet.merge_range(0, 0, 0, len(HEADERS) - 1, title, workbook.title)
    workbook.write_table(sheet, 1, HEADERS, pd.DataFrame(rows, columns=list(HEADERS), dtype=object))
    for header, choices, hint in (
        ("豁免类型", KINDS, "选一类；其他写法按“其他”处理"),
        ("豁免范围", SCOPES, "空白按类型；可写几项，以顿号隔开"),
    ):
        sheet.data_validation(
            2, HEADERS.index(header), 501, HEADERS.index(header),
            {"validate": "list", "source": list(choices), "error_type": "information", "ignore_blank": True,
             "input_title": header, "input_message": hint},
        )  # fmt: skip
    for name, width in (("权利人", 26), ("统一社会信用代码", 22), ("电子监管号", 18), ("合同编号", 20),
                        ("依据文号", 28), ("豁免事由", 26), ("批准单位", 24)):  # fmt: skip
        sheet.set_column(HEADERS.index(name), HEADERS.index(name), width)
    sheet.freeze_panes(2, 2)
    workbook.book.close()
