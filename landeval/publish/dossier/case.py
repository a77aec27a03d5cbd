"""一宗一档: everything that a case handler must know of one parcel, from the verdict to the place for signatures."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from landeval.imagery import Chip
from landeval.publish.cells import clean
from landeval.publish.documents.paper import Block, Grid, Heading, Paper, Picture, Plan, Words
from landeval.publish.dossier.facts import Written, facts, text_for, unknown, written_in
from landeval.publish.dossier.surroundings import SHARED_M, Around, Surroundings
from landeval.publish.dossier.verdicts import agenda_rows, evidence_rows, fee_words, quote_rows, verdict_rows
from landeval.publish.dossier.yields import yields
from landeval.publish.frames import calendar_table, parcel_table
from landeval.publish.image_chips import side_by_side
from landeval.publish.labels import label_of
from landeval.publish.names import dossier_name
from landeval.publish.reviews import NOTES
from landeval.result import IDLE, Result

_NUMERALS = "一二三四五六七八九十"
MOST_CORNERS = 30
SIGNERS = ("拟稿", "审核", "会签", "签发")
_TAIL = 7
"""Characters at the end of a parcel code that tell neighbours apart."""
_WITNESS = ("image_evidence", "image_reason", "image_question")
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Cases:
    """The frames of a Result, each looked up by parcel.

    Attributes
    ----------
    result : Result
    rows : Mapping
        ``parcel_id`` → row of the ``parcel_table``.
    findings, calendar, years, reviews : Mapping
        ``parcel_id`` → rows, in order.
    rules : Mapping
        ``rule_id`` → row of the rules in force.
    surroundings : Surroundings
    chips : Mapping
        ``parcel_id`` → its pictures cut from the images, by date.
    written : Mapping
        What problems say is written in the cells of the inputs.
    """

    result: Result
    rows: Mapping[str, Row]
    findings: Mapping[str, Sequence[Row]]
    calendar: Mapping[str, Sequence[Row]]
    years: Mapping[str, Sequence[Row]]
    reviews: Mapping[str, Sequence[Row]]
    rules: Mapping[str, Row]
    surroundings: Surroundings
    chips: Mapping[str, Sequence[Chip]]
    written: Written


def cases(result: Result, wanted: Sequence[str]) -> Cases:
    """Look up the frames of some parcels once."""
    table = parcel_table(result)
    return Cases(
        result=result,
        rows={str(row["parcel_id"]): row for row in records(table)},
        findings=_by(result.findings, "unit_id", wanted),
        calendar=_by(calendar_table(result), "parcel_id", wanted),
        years=_by(result.parcel_years, "parcel_id", wanted),
        reviews=_by(result.reviews, "parcel_id", wanted),
        rules={str(row["rule_id"]): row for row in records(result.rules)},
        surroundings=Surroundings(result.parcels, result.zones, result.status["status"]),
        chips=_chips(result),
        written=written_in(result.issues),
    )


def records(frame: pd.DataFrame) -> list[Row]:
    """Return the rows of a frame by the names of its columns."""
    return [{str(name): value for name, value in row.items()} for row in frame.to_dict("records")]


def _by(frame: pd.DataFrame, key: str, wanted: Sequence[str]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    if key in frame.columns:
        for row in records(frame[frame[key].isin(wanted)]):
            found.setdefault(str(row[key]), []).append(row)
    return found


def dossier(case: Cases, parcel_id: str, due: Sequence[Paper] = ()) -> Paper:
    """Return the dossier of one parcel; ``due`` are the drafts that lie beside it."""
    row, result = case.rows[parcel_id], case.result
    holder = text_for(row, "holder_name")
    parts = (
        ("结论", _verdict(case, row)),
        ("基本情况", _facts(case, parcel_id, row)),
        ("位置", _place(case, parcel_id, row)),
        ("影像", _images(case, parcel_id)),
        ("亩均指标", yields(result, case.years.get(parcel_id, ()))),
        ("逐条判定", _rules(case, parcel_id)),
        ("证据", _evidence(case, parcel_id)),
        ("办理日程", _agenda(case, parcel_id, due)),
        ("处置建议", _route(case, row)),
        ("待核问题和缺少的资料", _open(row)),
        ("审核和核实", _reviews(case, parcel_id)),
        ("签批", _signatures()),
    )
    blocks: list[Block] = []
    for number, (title, body) in enumerate((part for part in parts if part[1]), start=1):
        blocks += [Heading(f"{_numeral(number)}、{title}"), *body]
    blocks += [Words(text, is_small=True) for text in _imprint(result)]
    year = f"{result.year} 年" if result.year is not None else "未指定"
    below = f"宗地代码 {text_for(row, 'parcel_code') or unknown('parcel_code')}\n数据年度 {year}　评价基准日 {result.as_of.isoformat()}"
    title = f"{holder or '权利人未知'}用地档案"
    return Paper(
        dossier_name(parcel_id, holder or None), title, below, tuple(blocks), result.as_of.isoformat()
    )


def _numeral(number: int) -> str:
    return _NUMERALS[number - 1] if number <= 10 else f"十{_NUMERALS[number - 11]}"


def _pairs(rows: Sequence[tuple[str, str]]) -> Grid:
    """Return a table of items and what is said of them."""
    return Grid((), tuple(rows), (3.2, 12.4))


def _verdict(case: Cases, row: Row) -> list[Block]:
    said = (
        ("评价结论", text_for(row, "status")),
        ("理由", text_for(row, "reasons") or "没有理由可说"),
        ("依据条款", text_for(row, "clause") or "没有"),
        ("处置途径（建议）", text_for(row, "route") or "没有"),
        ("下一步", text_for(row, "next_action") or "没有"),
        ("办理期限", text_for(row, "next_deadline") or "无法定期限"),
        (
            "处置顺序",
            f"第 {text_for(row, 'priority')} 位" if text_for(row, "priority") else "不在处置候选之列",
        ),
    )
    notes: list[Block] = [_pairs([pair for pair in said if pair[1]])]
    if row["status"] in IDLE and row["status"] != "闲置(已认定)":
        notes.append(
            Words("“涉嫌闲置”是根据台账的初步判断，出具《闲置土地认定书》之后才是闲置土地。", is_small=True)
        )
    notes.append(Words("处置途径、费用和期限均为建议。“未知”不是零，也不是“没有”。", is_small=True))
    return notes


def _facts(case: Cases, parcel_id: str, row: Row) -> list[Block]:
    told = facts(case.result, parcel_id, row, case.written)
    place = "、".join(
        text for name in ("cluster_name", "base_name", "community_name") if (text := text_for(row, name))
    )
    told.append(("三级布局", place or "不在任何分区内", "本次评价"))
    return [Grid(("项目", "内容", "出处"), tuple(told), (3.6, 5.6, 6.4))]


def _place(case: Cases, parcel_id: str, row: Row) -> list[Block]:
    code = text_for(row, "parcel_code") or parcel_id
    around = case.surroundings.around(parcel_id, code[-_TAIL:])
    if around is None:
        return [Words("没有可用的图形，不能绘制位置图。请自然资源局（不动产登记中心）补充宗地图。")]
    level = text_for(row, "community_name")
    zones = f"点线为产业社区界线，本宗在{level}。" if level else "本宗不在任何产业社区内。"
    told: list[Block] = [
        Plan(around.ground, "宗地位置和相邻宗地"),
        Words(
            f"粗线为本宗，数字为相邻宗地，J 为界址点；{zones}{case.surroundings.frame}，单位米；图形未另行实测。",
            is_small=True,
        ),
    ]
    return [*told, *_neighbours(case, around), *_corners(around)]


def _neighbours(case: Cases, around: Around) -> list[Block]:
    if not around.neighbours:
        return [Words("没有相邻的宗地。", is_small=True)]
    rows = [case.rows[name] for name in around.neighbours]
    told = tuple(
        (str(number), text_for(row, "parcel_code") or unknown("parcel_code"), text_for(row, "holder_name") or unknown("holder_name"), text_for(row, "status"))
        for number, row in enumerate(rows, start=1)
    )  # fmt: skip
    more = [Words(f"另有 {around.unlisted} 宗相邻宗地没有列出。", is_small=True)] if around.unlisted else []
    return [
        Grid(("图中编号", "宗地代码", "权利人", "评价结论"), told, (1.6, 4.6, 6.2, 3.2), "相邻宗地"),
        *more,
    ]


def _corners(around: Around) -> list[Block]:
    told = tuple(
        (name, f"{north:.3f}", f"{east:.3f}", "、".join(map(str, shared)))
        for name, north, east, shared in around.corners[:MOST_CORNERS]
    )
    more = len(around.corners) - MOST_CORNERS
    note = f"“共用”为界址点在相邻宗地的界线上（相距不超过 {SHARED_M:g} 米，建议值）。"
    if more > 0:
        note += f"共 {len(around.corners)} 个界址点，只列前 {MOST_CORNERS} 个，全部见 gis 文件夹。"
    return [
        Grid(
            ("界址点", "X（北，米）", "Y（东，米）", "共用（图中编号）"),
            told,
            (2.4, 4.6, 4.6, 4.0),
            "界址点坐标",
        ),
        Words(note, is_small=True),
    ]


def _images(case: Cases, parcel_id: str) -> list[Block]:
    imagery = case.result.imagery
    if imagery is None:
        return []
    told: list[Block] = []
    if chips := case.chips.get(parcel_id, ()):
        drawn = io.BytesIO()
        side_by_side(chips).save(drawn, "PNG", optimize=False, compress_level=6)
        told.append(
            Picture(
                drawn.getvalue(), f"各期影像（{'、'.join(chip.taken for chip in chips)}，黄线为宗地界线）"
            )
        )
    if parcel_id in imagery.evidence.index:
        row = {str(name): value for name, value in imagery.evidence.loc[parcel_id].items()}
        told.append(_pairs([(label_of(name), text_for(row, name) or "看不出") for name in _WITNESS]))
    note = "影像只作旁证，不改变任何结论；现状以实地核查为准。"
    return [*told, Words(note, is_small=True)] if told else [Words("这宗地没有可用的影像。")]


def _chips(result: Result) -> dict[str, list[Chip]]:
    found: dict[str, list[Chip]] = {}
    for chip in result.imagery.chips if result.imagery is not None else ():
        found.setdefault(chip.parcel_id, []).append(chip)
    return found


def _rules(case: Cases, parcel_id: str) -> list[Block]:
    found = case.findings.get(parcel_id, ())
    shown, rest = verdict_rows(found)
    if not shown and not rest:
        return [Words("没有判定。")]
    told: list[Block] = []
    if shown:
        told.append(
            Grid(
                ("规则", "数值", "标准", "判定", "说明", "依据", "可靠程度"),
                shown,
                (2.3, 1.9, 1.7, 1.4, 4.3, 2.5, 1.5),
                "逐条判定",
            )
        )
    if rest:
        told.append(Words(f"不适用的 {len(rest)} 条：{'；'.join(rest)}。", is_small=True))
    quotes = quote_rows(found, case.rules)
    if quotes:
        told.append(Grid(("条款", "原文", "可靠程度"), quotes, (3.8, 9.2, 2.6), "条款原文"))
    return told


def _evidence(case: Cases, parcel_id: str) -> list[Block]:
    rows = evidence_rows(case.findings.get(parcel_id, ()))
    return [Grid(("规则", "证据位置"), rows, (3.6, 12.0))] if rows else [Words("没有可以指明的证据位置。")]


def _agenda(case: Cases, parcel_id: str, due: Sequence[Paper]) -> list[Block]:
    rows = agenda_rows(case.calendar.get(parcel_id, ()))
    if not rows:
        return []
    note = "当日不计，末日逢周六、周日顺延；其他节假日、调休须人工核对；无法定期限的不推定天数。"
    head = ("环节", "文书", "状态", "日期", "期限怎样算", "依据")
    files = (
        [Words(f"现在该办的文书已拟好草稿：{'、'.join(paper.file for paper in due)}。", is_small=True)]
        if due
        else []
    )
    return [Grid(head, rows, (2.4, 2.6, 1.6, 2.0, 4.6, 2.4)), Words(note, is_small=True), *files]


def _route(case: Cases, row: Row) -> list[Block]:
    said = [
        ("建议途径", text_for(row, "route") or "没有建议"),
        ("途径依据", text_for(row, "route_clause") or "没有"),
        ("未动工责任", text_for(row, "cause")),
        ("原因条款", text_for(row, "cause_code")),
        ("土地闲置费", fee_words(row, case.rules, case.result.currency)),
    ]
    return [_pairs([pair for pair in said if pair[1]])]


def _open(row: Row) -> list[Block]:
    questions = [part for part in text_for(row, "questions").split("；") if part]
    lacking = [part for part in text_for(row, "missing").split("、") if part]
    if not questions and not lacking:
        return [Words("没有待核问题，也没有结论所缺的资料；其他各节写“未知”的，不影响本宗的结论。")]
    told = [*(("待核问题", text) for text in questions), *((label_of("missing"), text) for text in lacking)]
    numbered = tuple((str(number), kind, text, "") for number, (kind, text) in enumerate(told, start=1))
    return [Grid(("序号", "类别", "内容", "核实情况"), numbered, (1.2, 3.0, 7.4, 4.0))]


def _reviews(case: Cases, parcel_id: str) -> list[Block]:
    """Return what the offices wrote into the list of this parcel, the newest of each cell; nothing where nobody has."""
    told = [
        (
            text_for(row, "reviewed_action") or "本宗",
            label_of(name),
            text,
            text_for(row, "reviewed_on") or "本次交回",
        )
        for row in case.reviews.get(parcel_id, ())
        for name in NOTES
        if (text := text_for(row, name))
    ]
    if not told:
        return []
    note = "各单位在处置候选清单中填写并交回的内容，不改变评价结论。"
    return [
        Grid(("事项", "栏目", "内容", "记录日期"), tuple(told), (3.6, 2.4, 7.2, 2.4)),
        Words(note, is_small=True),
    ]


def _signatures() -> list[Block]:
    return [
        Grid(
            ("环节", "意见", "签名", "日期"),
            tuple((who, " ", " ", "　　年　月　日") for who in SIGNERS),
            (2.2, 6.6, 3.2, 3.6),
        )
    ]


def _imprint(result: Result) -> list[str]:
    files = [
        f"{item['file']}（SHA-256 {str(item['sha256'])[:12]}…）"
        for item in result.meta.get("inputs", ())
        if item.get("file") and item.get("sha256")
    ]
    told = [
        f"本档案由 landeval 按 {result.title} 的资料生成，评价基准日 {result.as_of.isoformat()}；运行设置、软件版本、规则版本见 run.json 和“依据”表。"
    ]
    if files:
        told.append(f"所用资料：{'、'.join(dict.fromkeys(files))}。")
    return [clean(text) for text in told]
