"""Drafts of the papers that are due: what is on file is filled in, what only a person may write is left blank.

The wording rests on the clauses of the rulebook, which are printed below each draft with how sure they are; the official
models of these papers were not seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from landeval.publish.documents.paper import BLANK, Block, Grid, Heading, Line, NewPage, Paper, Words
from landeval.publish.dossier.facts import text_for, unknown
from landeval.publish.dossier.verdicts import fee_words
from landeval.publish.labels import label_of
from landeval.publish.names import file_stem
from landeval.result import IDLE, NO_TERM, OPEN, OVERDUE, Result

FOLDER, MARK = "文书草稿", "草稿"
DUE = (OPEN, OVERDUE, NO_TERM)
"""States of a step whose paper is to be written now."""
RECEIPT = "送达回证"
LAND = (
    "supervision_no", "contract_no", "parcel_code", "certificate_no", "location", "land_use", "area_registered_m2",
    "signed_on", "agreed_start", "delivered_on",
)  # fmt: skip
"""Items that a paper says of the land: those of the official notice, as far as known, and those that identify it."""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Draft:
    """The wording of one paper.

    Attributes
    ----------
    opening, closing : tuple of str
        Paragraphs before and after the table of the land; ``{…}`` stands for a value of ``_values``.
    rules : tuple of str
        Ids of the rules that it rests on.
    is_served : bool
        Whether it is handed to the holder of the land, with a receipt.
    """

    opening: tuple[str, ...]
    closing: tuple[str, ...]
    rules: tuple[str, ...]
    is_served: bool = True


_PENALTY = (
    "你（单位）对上述事实、理由和拟作出的决定有异议的，有权申请听证。要求听证的，请自收到本告知书之日起{blank}日内向本局提出；逾期未提出的，视为放弃听证。",
    "联系人：{blank}　联系电话：{blank}",
)
_APPEAL = "不服本决定的，可以依法申请行政复议或者提起行政诉讼。受理机关：{blank}；期限：{blank}。"
DRAFTS: Mapping[str, Draft] = {
    "notice": Draft(
        ("经初步核查，你（单位）取得的下列国有建设用地涉嫌闲置：{reasons}。",),
        (
            "依据{law}第五条，现对该宗土地开展调查核实。请你（单位）自接到本通知书之日起{material_days}日内，按照要求提供土地开发利用情况、闲置原因以及相关说明等材料。",
            "联系人：{blank}　联系电话：{blank}　地址：{blank}",
        ),
        ("procedure.investigation_days", "procedure.material_days"),
    ),
    "recognition": Draft(
        ("经调查核实，你（单位）取得的下列国有建设用地，{reasons}。",),
        (
            "闲置原因：{cause}。",
            "依据{law}{clause}、第九条、第十条，认定该宗土地为闲置土地。认定结论：{blank}（由承办人调查后填写）。",
        ),
        ("procedure.recognition",),
    ),
    "publication": Draft(
        ("现将下列闲置土地的情况公开如下：",),
        ("国有建设用地使用权人：{holder}。", "闲置时间：应动工日期 {due_start}，{reasons}。", "公开期限：至处置完毕。"),
        ("procedure.publication",),
        is_served=False,
    ),
    "fee_hearing": Draft(
        ("你（单位）取得的下列国有建设用地，经认定为闲置土地：{reasons}。",),
        ("本局拟对你（单位）征缴土地闲置费：{fee}。", *_PENALTY),
        ("procedure.hearing", "idle.fee_rate"),
    ),
    "takeback_hearing": Draft(
        ("你（单位）取得的下列国有建设用地，经认定为闲置土地：{reasons}。",),
        ("本局拟报请有批准权的人民政府批准，无偿收回该宗国有建设用地使用权。", *_PENALTY),
        ("procedure.hearing", "idle.takeback_years"),
    ),
    "fee_decision": Draft(
        ("你（单位）取得的下列国有建设用地，经认定为闲置土地：{reasons}。",),
        (
            "依据{law}第十四条第一项，经{government}批准（批准文号：{blank}），决定对你（单位）征缴土地闲置费：{fee}。",
            "请自本决定书送达之日起{payment_days}日内缴纳。收款单位：{blank}；账号：{blank}。土地闲置费不得列入生产成本。",
            _APPEAL,
        ),
        ("idle.fee_rate", "procedure.payment_days", "procedure.enforcement"),
    ),
    "takeback_decision": Draft(
        ("你（单位）取得的下列国有建设用地，经认定为闲置土地：{reasons}。",),
        (
            "依据{law}第十四条第二项，经{blank}批准（批准文号：{blank}），决定无偿收回该宗国有建设用地使用权。",
            "请自本决定书送达之日起{deregistration_days}日内办理国有建设用地使用权注销登记，交回土地权利证书。",
            _APPEAL,
        ),
        ("idle.takeback_years", "procedure.deregistration_days", "procedure.enforcement"),
    ),
    "plan": Draft(
        ("{government}：", "{holder}取得的下列国有建设用地，{reasons}。闲置原因：{cause}。"),
        (
            "依据{law}第十二条、第十三条，与国有建设用地使用权人协商（协商日期：{blank}），拟采用下列第{blank}种方式处置：{options}。",
            "具体内容、期限和双方责任：{blank}。",
            "以上方案，请予批准。",
        ),
        ("idle.negotiated", "procedure.plan"),
        is_served=False,
    ),
}  # fmt: skip
"""By the key of the step whose paper it is."""


def drafts(
    result: Result, parcel_id: str, row: Row, calendar: Sequence[Row], rules: Mapping[str, Row]
) -> list[Paper]:
    """Return the drafts of the papers that are due for an idle parcel, in the order of the law.

    Parameters
    ----------
    result : Result
    parcel_id : str
    row : Mapping
        Of the ``parcel_table``.
    calendar : sequence of Mapping
        Steps of the parcel.
    rules : Mapping
        Rules in force by id.

    Notes
    -----
    国土资源部令第53号 第五条至第十七条. A paper whose rule is not in force on the as-of date is not drafted.
    """
    if row["status"] not in IDLE:
        return []
    holder = text_for(row, "holder_name")
    folder = f"{FOLDER}/{file_stem(f'{parcel_id} {holder}' if holder else parcel_id)}"
    told = []
    for step in calendar:
        draft = DRAFTS.get(str(step["step"]))
        if draft is None or step["step_state"] not in DUE or any(name not in rules for name in draft.rules):
            continue
        title = str(step["paper"])
        values = _values(result, row, rules)
        blocks = _body(draft, title, row, values, result) + _hints(draft, step, rules)
        told.append(Paper(f"{folder}/{step['step_order']:03d} {file_stem(title)}.docx", title, "", blocks, result.as_of.isoformat(), MARK))  # fmt: skip
    return told


def _values(result: Result, row: Row, rules: Mapping[str, Row]) -> dict[str, str]:
    """Return what the wordings may name; a text of the data is put in as it stands and never read again."""
    days = {
        name.removeprefix("procedure."): text_for(rules[name], "value")
        for name in ("procedure.material_days", "procedure.payment_days", "procedure.deregistration_days")
        if name in rules
    }
    options = text_for(rules.get("idle.negotiated", {}), "value").split(" / ")
    cause = text_for(row, "cause")
    return {
        **days,
        "blank": BLANK,
        "law": "《闲置土地处置办法》（国土资源部令第53号）",
        "clause": text_for(row, "clause").rpartition("）")[2] or "第二条",
        "holder": text_for(row, "holder_name") or BLANK,
        "reasons": text_for(row, "reasons") or BLANK,
        "cause": BLANK
        if cause in ("", "待认定")
        else "，".join(part for part in (cause, text_for(row, "cause_code")) if part),
        "due_start": text_for(row, "due_start") or BLANK,
        "fee": fee_words(row, rules, result.currency) or BLANK,
        "options": "；".join(f"（{at}）{option}" for at, option in enumerate(options, start=1)),
        "government": f"{_county(result)}人民政府",
    }


def _county(result: Result) -> str:
    region = dict(result.meta.get("settings", {})).get("region") or {}
    return str(region.get("name") or BLANK)


def _body(draft: Draft, title: str, row: Row, values: Mapping[str, str], result: Result) -> tuple[Block, ...]:
    land = tuple(
        (label_of(name, result.currency), text_for(row, name) or f"{BLANK}（{unknown(name)}）")
        for name in LAND
    )
    around = ("四至", f"东{BLANK}　南{BLANK}　西{BLANK}　北{BLANK}")
    blocks: list[Block] = [Line(f"{BLANK}〔{BLANK}〕{BLANK}号", "middle")]
    if draft.is_served:
        blocks.append(Line(f"{values['holder']}："))
    blocks += [Words(text.format_map(values)) for text in draft.opening]
    blocks.append(Grid((), (*land, around), (5.0, 10.6)))
    blocks += [Words(text.format_map(values)) for text in draft.closing]
    blocks += [Line(f"{_county(result)}自然资源局（印章）", "right"), Line("______年____月____日", "right")]
    if draft.is_served:
        blocks += [NewPage(), *_receipt(title, values)]
    return tuple(blocks)


def _receipt(title: str, values: Mapping[str, str]) -> list[Block]:
    rows = (
        ("送达文书", title), ("文号", BLANK), ("受送达人", values["holder"]), ("送达地点", BLANK), ("送达方式", BLANK),
        ("收件人签名或盖章", BLANK), ("收到日期", "______年____月____日"), ("代收人及代收理由", BLANK),
        ("送达人签名", BLANK), ("备注", BLANK),
    )  # fmt: skip
    return [Line(RECEIPT, "middle"), Grid((), rows, (4.6, 11.0))]


def _hints(draft: Draft, step: Row, rules: Mapping[str, Row]) -> tuple[Block, ...]:
    """Say on a page of its own what must be looked at before the paper goes out."""
    names = list(dict.fromkeys((str(step["rule_id"]), *draft.rules)))
    rows = tuple(
        (text_for(rules[name], "clause"), text_for(rules[name], "quote"), text_for(rules[name], "basis"))
        for name in names
        if name in rules
    )
    due = text_for(step, "due_on")
    told = [
        "本页供承办人使用，正式行文时删去。",
        "草稿的格式没有对照国土资源部门的示范文本（试行），文字按下列条款拟写；可靠程度不是“见原文”的，使用前须核对办法原文。",
        f"横线处由人填写：文号、印章、日期、送达情况和系统没有的资料。本环节{f'到期日 {due}' if due else '没有法定期限'}（{text_for(step, 'due_basis')}）。",
    ]
    return (
        NewPage(), Heading("承办提示"), *(Words(text, is_small=True) for text in told),
        Grid(("条款", "原文", "可靠程度"), rows, (3.8, 9.2, 2.6)),
    )  # fmt: skip
