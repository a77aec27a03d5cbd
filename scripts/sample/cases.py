"""What is planned for each parcel: its class at the as-of date, its dates, and the figures of its firm."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import numpy as np

AS_OF = date(2024, 12, 31)
NEW_INDUSTRIAL_FROM = date(2021, 9, 24)  # 洞政办发〔2021〕60号 三-2-④: terms of new industrial land

NOT_STARTED = "涉嫌闲置(未动工)"
SUSPENDED = "涉嫌闲置(中止开发)"
RECOGNISED = "闲置(已认定)"
WARNING = "逾期未动工预警"
NOT_DUE = "未到约定动工期"
BUILDING = "建设期"
EXEMPT = "豁免"
LOW_USE = "低效候选"
WATCH = "关注"
GOOD = "达标"
UNKNOWN = "资料不足"
NOT_INDUSTRIAL = "非工业用地"

OWNER, PLANNING, HANDOVER, HERITAGE = (
    "企业原因",
    "政府原因（规划调整）",
    "政府原因（未按期交付净地）",
    "政府原因（文物勘探）",
)


@dataclass(frozen=True)
class Timeline:
    """The dates of a supply contract; None where the office has none."""

    signed: date | None = None
    agreed_delivery: date | None = None
    delivered: date | None = None
    agreed_start: date | None = None
    extended_start: date | None = None
    actual_start: date | None = None
    agreed_completion: date | None = None
    actual_completion: date | None = None
    suspended: date | None = None
    production: date | None = None


@dataclass(frozen=True)
class Case:
    """One parcel's story.

    ``money`` names a band of :mod:`sample.firms`; ``built`` and ``invested`` are the two ratios of
    order 53, art. 2; ``ground`` says what stands there: ``vegetation``, ``soil``, ``site`` (half built)
    or ``factory``.
    """

    planned: str
    note: str
    time: Timeline = field(default_factory=Timeline)
    money: str = "none"
    ground: str = "factory"
    land_use: str = "工业用地"
    holder: str = "firm"
    cause: str | None = None
    cause_evidence: str | None = None
    decision_no: str | None = None
    built: tuple[int, int] | None = None
    invested: float | None = None
    exemption: tuple[str, str | None, date | None] | None = None
    has_ledger: bool = True
    shape: str = "any"  # of the parcel or of its use: small, low ratio, half used
    tag: str = ""
    file: str = ""  # of sample.papers


def _years(day: date, years: float) -> date:
    return day + timedelta(days=round(365.25 * years))


def undeveloped(signed: date, start: date | None, **dates: date | None) -> Timeline:
    """Return the dates of a parcel handed over but not started; completion is agreed two years on."""
    handed = signed + timedelta(days=50)
    base = Timeline(signed=signed, agreed_delivery=handed, delivered=handed, agreed_start=start)
    return replace(base, agreed_completion=_years(start, 2) if start else None, **dates)


def idle() -> list[Case]:
    """Return the idle and the overdue parcels, several of them exactly on a line."""

    def waiting(start: date, note: str, planned: str = NOT_STARTED, **other: object) -> Case:
        time = undeveloped(_years(start, -0.9), start)
        return Case(planned, note, time, ground="vegetation", **other)  # type: ignore[arg-type]

    handover = replace(undeveloped(date(2020, 11, 2), None), delivered=date(2021, 3, 18))
    extended = undeveloped(date(2020, 10, 12), date(2021, 9, 1), extended_start=date(2022, 9, 1))
    return [
        waiting(
            date(2023, 5, 20),
            "逾期满一年不足二年，企业原因：征缴决定书已送达，缴费期未满",
            RECOGNISED,
            cause=OWNER,
            decision_no="虚构洞自然资闲认〔2024〕5号",
            file="已决定征缴",
        ),
        waiting(
            date(2023, 9, 8),
            "逾期满一年不足二年，企业原因：征缴闲置费20%；发现线索后逾期未发调查通知书",
            cause=OWNER,
            file="只有线索",
        ),
        waiting(date(2023, 12, 30), "2024-12-31起满一年：基准日当天正好够闲置", cause=OWNER, tag="起算首日"),
        waiting(
            date(2022, 12, 31),
            "满二年要到2025-01-01：基准日仍按不足二年，征缴闲置费",
            cause=OWNER,
            tag="二年界线",
            file="材料逾期",
        ),
        waiting(date(2021, 6, 15), "逾期满二年，企业原因：可无偿收回", cause=OWNER, file="等材料"),
        waiting(
            date(2019, 10, 10),
            "逾期满二年，企业原因：收回决定书已送达，逾期未注销登记",
            RECOGNISED,
            cause=OWNER,
            decision_no="虚构洞自然资闲认〔2024〕2号",
            file="已决定收回",
        ),
        waiting(
            date(2020, 2, 29),
            "约定2020-02-29动工，2021-03-01起算闲置；逾期满二年，企业原因",
            cause=OWNER,
            tag="闰日",
        ),
        waiting(
            date(2022, 4, 1),
            "政府原因(规划调整)，有依据：协商处置，不征费不收回",
            cause=PLANNING,
            cause_evidence="虚构洞自然资函〔2022〕17号",
            file="待认定",
        ),
        waiting(
            date(2023, 3, 12),
            "政府原因(未按期净地交付)，有依据：已签处置协议，安排临时使用",
            RECOGNISED,
            cause=HANDOVER,
            cause_evidence="虚构洞自然资函〔2023〕6号",
            decision_no="虚构洞自然资闲认〔2024〕4号",
            file="已签协议",
        ),
        waiting(date(2022, 8, 25), "原因空白：待认定后才能定途径"),
        waiting(date(2023, 6, 30), "原因空白：待认定后才能定途径"),
        Case(
            NOT_STARTED,
            "无约定动工日，按实际交地满一年(2022-03-18)起算",
            handover,
            ground="vegetation",
            cause=OWNER,
        ),
        Case(
            NOT_STARTED, "已批准延期至2022-09-01，仍未动工满二年", extended, ground="vegetation", cause=OWNER
        ),
        waiting(
            date(2021, 11, 5),
            "已有认定书",
            RECOGNISED,
            cause=OWNER,
            decision_no="虚构洞自然资闲认〔2023〕3号",
            file="已收费再满两年",
        ),
        waiting(
            date(2023, 12, 31), "满一年要到2025-01-01：基准日只是预警", WARNING, cause=OWNER, tag="正满一年"
        ),
        *[
            waiting(day, "已过约定动工日，未满一年", WARNING)
            for day in (
                date(2024, 2, 18),
                date(2024, 4, 2),
                date(2024, 5, 30),
                date(2024, 7, 16),
                date(2024, 9, 9),
                date(2024, 11, 20),
            )
        ],
    ]


def suspended() -> list[Case]:
    """Return the parcels where work began and then stopped, on both sides of 1/3 and 25 percent."""

    def stopped(
        built: tuple[int, int], invested: float, note: str, planned: str = SUSPENDED, **dates: date
    ) -> Case:
        time = replace(undeveloped(date(2020, 8, 6), date(2021, 5, 10)), actual_start=date(2021, 6, 3))
        time = replace(time, agreed_completion=date(2023, 5, 10), suspended=date(2022, 10, 20))
        return Case(
            planned, note, replace(time, **dates), ground="site", built=built, invested=invested, cause=OWNER
        )

    return [
        stopped((21, 100), 0.12, "停工满一年，面积与投资都不足"),
        stopped((26, 100), 0.18, "停工满一年，面积与投资都不足"),
        stopped((29, 100), 0.41, "停工满一年，只有面积不足1/3：待人工复核"),
        stopped((47, 100), 0.22, "停工满一年，只有投资不足25%：待人工复核"),
        stopped((1, 3), 0.25, "停工满一年，恰为1/3与25%：不算闲置，属停建缓建", WATCH),
        stopped(
            (20, 100),
            0.10,
            "停工未满一年(2024-03-08起)：尚不算闲置，亩均数据未知",
            UNKNOWN,
            suspended=date(2024, 3, 8),
        ),
    ]


def pending(rng: np.random.Generator) -> list[Case]:
    """Return the parcels under construction and those whose start is not yet due."""
    cases = []
    for number in range(12):
        signed = date(2022, 3, 1) + timedelta(days=int(rng.integers(0, 480)))
        start = _years(signed, 0.75)
        time = replace(
            undeveloped(signed, start),
            actual_start=start + timedelta(days=int(rng.integers(-20, 60))),
            agreed_completion=date(2025, 3, 1) + timedelta(days=int(rng.integers(0, 400))),
        )
        built, invested = (int(rng.integers(40, 90)), 100), round(float(rng.uniform(0.3, 0.8)), 2)
        money = "on site" if number < 4 else "none"
        note = "已动工，约定竣工在基准日之后，未投产"
        cases.append(Case(BUILDING, note, time, money, "site", built=built, invested=invested))
    for month in range(5):
        start = date(2025, 2 + month, 15)
        note = "约定动工日在基准日之后"
        cases.append(Case(NOT_DUE, note, undeveloped(_years(start, -0.8), start), ground="soil"))
    return cases


def exempt() -> list[Case]:
    """Return the exempted parcels, the exemptions that do not hold, and the land that is not industrial."""
    old = replace(undeveloped(date(2012, 4, 9), date(2012, 11, 1)), actual_start=date(2012, 11, 20))
    old = replace(old, actual_completion=date(2013, 10, 30), agreed_completion=date(2013, 11, 1))
    waiting = undeveloped(date(2021, 7, 1), date(2022, 5, 1))

    def public(name: str, evidence: str) -> Case:
        return Case(
            EXEMPT,
            f"公用设施({name})，有依据",
            old,
            land_use="公用设施用地",
            holder=f"虚构洞口县{name}管理站",
            exemption=("公用设施", evidence, date(2030, 12, 31)),
            shape="small",
        )

    return [
        public("污水处理", "虚构洞政函〔2012〕8号"),
        public("供电", "虚构洞政函〔2012〕15号"),
        public("消防", "虚构洞政函〔2014〕3号"),
        public("供水", "虚构洞政函〔2013〕21号"),
        Case(
            NOT_STARTED,
            "文物勘探（政府原因），有依据，登记豁免至2026-06-30：政府原因不使土地不闲置，协商处置",
            waiting,
            ground="vegetation",
            cause=HERITAGE,
            cause_evidence="虚构洞文物函〔2022〕6号",
            exemption=("文物勘探", "虚构洞文物函〔2022〕6号", date(2026, 6, 30)),
        ),
        Case(
            NOT_STARTED,
            "豁免已于2023-06-30到期，按未动工判定；政府原因没有依据：待认定",
            waiting,
            ground="vegetation",
            cause=PLANNING,
            exemption=("规划调整", "虚构洞政函〔2022〕11号", date(2023, 6, 30)),
            tag="豁免到期",
        ),
        *[
            Case(
                NOT_INDUSTRIAL,
                f"{use}，不适用工业用地标准，权利人不在工业企业表",
                old,
                land_use=use,
                holder=holder,
            )
            for use, holder in [
                *[
                    ("仓储用地", f"虚构{brand}仓储物流有限公司")
                    for brand in ("通衢", "联运", "驿顺", "恒储", "万仓")
                ],
                *[("商服用地", f"虚构{brand}商业管理有限公司") for brand in ("汇邻", "悦集", "同城")],
            ]
        ],
    ]


def producing(rng: np.random.Generator, *, is_new: bool) -> Timeline:
    """Return the dates of a finished plant in production."""
    if is_new:
        signed = date(2021, 10, 8) + timedelta(days=int(rng.integers(0, 110)))
        start = signed + timedelta(days=int(rng.integers(110, 150)))
        finished = start + timedelta(days=int(rng.integers(230, 300)))
    else:
        signed = date(2007, 3, 1) + timedelta(days=int(rng.integers(0, 10.5 * 365)))
        start = signed + timedelta(days=int(rng.integers(200, 330)))
        finished = start + timedelta(days=int(rng.integers(300, 560)))
    due = start + timedelta(days=int(rng.integers(-15, 40)))
    time = undeveloped(signed, due, actual_start=start, actual_completion=finished)
    time = replace(time, agreed_completion=finished + timedelta(days=int(rng.integers(-30, 90))))
    return replace(time, production=finished + timedelta(days=int(rng.integers(50, 110))))


def operating(rng: np.random.Generator, total: int) -> list[Case]:
    """Return ``total`` parcels with a finished plant: low-use, watched, good, and with gaps."""
    unproduced = replace(producing(rng, is_new=False), production=None)
    late = replace(producing(rng, is_new=False), agreed_completion=date(2021, 8, 1), actual_completion=None)
    late = replace(
        late, signed=date(2018, 6, 1), agreed_start=date(2019, 6, 1), actual_start=date(2019, 6, 20)
    )
    late = replace(
        late, agreed_delivery=date(2018, 8, 1), delivered=date(2018, 8, 10), production=date(2021, 3, 1)
    )

    plan: list[tuple[int, Callable[[], Case]]] = [
        (7, lambda: _plant(rng, LOW_USE, "亩均产值、亩均税收连续两年不足一半", "low: output tax")),
        (6, lambda: _plant(rng, LOW_USE, "亩均投资、亩均税收不足一半", "low: investment tax")),
        (
            5,
            lambda: _plant(
                rng,
                LOW_USE,
                "亩均投资、亩均产值不足一半，半块地未用",
                "low: investment output",
                shape="half used",
            ),
        ),
        (6, lambda: _plant(rng, LOW_USE, "投资、产值、税收三项都不足一半", "low: investment output tax")),
        (4, lambda: _plant(rng, LOW_USE, "停产或半停产，产值税收连续两年不足一半", "low: stopped")),
        (2, lambda: Case(LOW_USE, "竣工多年未投产，三年无产值", unproduced, "unproduced")),
        (8, lambda: _plant(rng, WATCH, "只有亩均投资不足一半", "low: investment")),
        (6, lambda: _plant(rng, WATCH, "只有亩均产值不足一半", "low: output")),
        (8, lambda: _plant(rng, WATCH, "只有亩均税收不足一半", "low: tax")),
        (2, lambda: Case(WATCH, "超过约定竣工日二年未办竣工，效益居中", late, "between")),
        (9, lambda: _plant(rng, WATCH, "效益居中，容积率偏低", "between", shape="low ratio")),
        (1, lambda: _plant(rng, WATCH, "亩均税收恰为15.00，未“超过”15", "exactly 15", tag="恰为15")),
        (5, lambda: _plant(rng, WATCH, "新增工业用地，投产不满三年，未全部达标", "between new", is_new=True)),
        (10, lambda: _plant(rng, GOOD, "新增工业用地，三项都超过标准", "good", is_new=True)),
        (54, lambda: _plant(rng, GOOD, "亩均投资>250、产值>300、税收>15", "good")),
        (8, lambda: _plant(rng, UNKNOWN, "权利人不在企业经营情况表中", "none", tag="无企业")),
        (3, lambda: _plant(rng, UNKNOWN, "近两年税收空白，其余达标", "no tax")),
        (2, lambda: Case(UNKNOWN, "无台账、无企业，地上无建筑", has_ledger=False, ground="vegetation")),
        (2, lambda: Case(UNKNOWN, "台账日期全部空白，未见动工", ground="vegetation", tag="台账无日期")),
        (4, lambda: _plant(rng, WATCH, "效益居中；老宗地，无供地台账", "between", has_ledger=False)),
        (1, lambda: _plant(rng, WATCH, "标准厂房，三家承租企业合计效益居中", "tenants", tag="标准厂房")),
    ]
    cases = [make() for count, make in plan for _ in range(count)]
    rest = total - len(cases)
    return cases + [
        _plant(rng, WATCH, "效益居中，未全部达标，无一项不足一半", "between") for _ in range(rest)
    ]


def _plant(
    rng: np.random.Generator,
    planned: str,
    note: str,
    money: str,
    *,
    is_new: bool = False,
    has_ledger: bool = True,
    shape: str = "any",
    tag: str = "",
) -> Case:
    time = producing(rng, is_new=is_new)
    return Case(planned, note, time, money, has_ledger=has_ledger, shape=shape, tag=tag)


def make_cases(count: int, rng: np.random.Generator) -> list[Case]:
    """Return ``count`` cases, every class and route among them, in a fixed order."""
    special = [*idle(), *suspended(), *pending(rng), *exempt()]
    return special + operating(rng, count - len(special))
