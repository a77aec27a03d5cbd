"""公开版: what a bureau may publish of a run. Names and grades, recognised idle land, the park; no money, no persons.

It is made from frames that hold nothing else, so that nothing can be left in a hidden place of a file.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from landeval import __version__
from landeval.publish.documents.document import Document
from landeval.publish.frames import parcel_table
from landeval.publish.public.masking import public_code, public_name, public_text
from landeval.publish.workbook.book import new_book
from landeval.publish.workbook.grading import in_order
from landeval.publish.workbook.sheet import Column, Sheet, write_sheet
from landeval.result import Result
from landeval.standards.grading import Scheme

BOOK, NOTICE, NOTE = "公开信息.xlsx", "企业综合评价结果公示.docx", "说明.txt"
RECOGNISED = "闲置(已认定)"
_DRAFT = "方案未定，不得公示"
_GRADES = (
    Column("number", 6, label="序号"),
    Column("name", 40, wrap=True),
    Column("credit_code", 22),
    Column("grade_list", 12),
    Column("enterprise_grade", 12),
    Column("grade_rank", 10),
)
_IDLE = (
    Column("number", 6, label="序号"),
    Column("holder_name", 34, wrap=True),
    Column("parcel_code", 23),
    Column("location", 34, wrap=True),
    Column("area_mu", 11),
    Column("due_start", 12),
    Column("idle_decision_no", 24, wrap=True),
)
_ZONES = (
    Column("zone_level", 12),
    Column("zone_name", 40, wrap=True),
    Column("zone_parcels", 10),
    Column("area_mu", 12),
)


def write_public(result: Result, folder: Path) -> list[Path]:
    """Write the edition for publication and return its files.

    Parameters
    ----------
    result : Result
    folder : Path
        Made if need be.

    Notes
    -----
    县方案 四-12 (评价结果向社会公开); 国土资源部令第53号 第十一条 (认定的闲置土地公开位置、使用权人名称、闲置时间). Suspicions and
    low-use candidates are not published: nobody has decided them.
    """
    folder.mkdir(parents=True, exist_ok=True)
    grades = public_grades(result)
    written = [_write_book(result, grades, folder / BOOK)]
    if result.scheme is not None:
        written.append(_write_notice(result, result.scheme, grades, folder / NOTICE))
    text = "\n".join(_notes(result)) + "\n"
    (folder / NOTE).write_text(text, encoding="utf-8-sig", newline="\r\n")
    return [*written, folder / NOTE]


def public_grades(result: Result) -> pd.DataFrame:
    """Return the graded enterprises with name, credit code, list, grade and place only."""
    names = [column.name for column in _GRADES if column.name != "number"]
    if result.scheme is None or result.grades.empty:
        return pd.DataFrame(columns=names)
    shown = in_order(result.grades, result.scheme)
    return _masked(shown[shown["enterprise_grade"] != ""], names)


def public_idle(result: Result) -> pd.DataFrame:
    """Return the land that has been recognised as idle, with what is to be public of it."""
    table = parcel_table(result)
    return _masked(
        table[table["status"] == RECOGNISED], [column.name for column in _IDLE if column.name != "number"]
    )


def public_zones(result: Result) -> pd.DataFrame:
    """Return park and zones with their parcels and land."""
    return _masked(result.zones, [column.name for column in _ZONES])


def _masked(frame: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """Return some columns, their texts without persons."""
    how = {"name": public_name, "holder_name": public_name, "credit_code": public_code}
    columns = {}
    for name in names:
        column = frame[name] if name in frame.columns else pd.Series(None, index=frame.index, dtype="object")
        if name in how:
            column = column.map(how[name])
        elif column.dtype.kind == "O" or str(column.dtype) == "str":
            column = column.map(lambda value: public_text(value) if isinstance(value, str) else value)
        columns[name] = column
    return pd.DataFrame(columns).reset_index(drop=True)


def _write_book(result: Result, grades: pd.DataFrame, path: Path) -> Path:
    recognised = "只列已出具《闲置土地认定书》的，处置完毕后撤下；《闲置土地处置办法》第十一条（据通行文本）"
    sheets = (
        (
            "企业评价结果",
            f"{_year(result)}企业综合评价结果",
            _GRADES,
            _caution(result),
            "没有定级的企业。",
            grades,
        ),
        ("闲置土地", "已认定的闲置土地", _IDLE, recognised, "没有已认定的闲置土地。", public_idle(result)),
        ("园区概况", "园区和三级布局", _ZONES, "评价面积，空白为未知", "没有分区。", public_zones(result)),
    )
    with new_book(path, result, title=public_text(result.title)) as (book, styles):
        for name, title, columns, note, empty, frame in sheets:
            spec = Sheet(name, title, columns, note=note, full_table="", empty=empty)
            write_sheet(book, styles, frame, spec, currency=result.currency)
    return path


def _year(result: Result) -> str:
    return "" if result.year is None else f"{result.year} 年度"


def _caution(result: Result) -> str:
    scheme = result.scheme
    if scheme is None:
        return "没有开展企业综合评价"
    return "；".join(
        part for part in (scheme.objection, _DRAFT if scheme.basis == "proposal" else "") if part
    )


def _write_notice(result: Result, scheme: Scheme, grades: pd.DataFrame, path: Path) -> Path:
    title = f"{public_text(result.title)}{_year(result)}企业综合评价结果公示"  # masked before digits follow
    document = Document(title, "landeval", result.as_of)
    if scheme.basis == "proposal":
        document.mark(f"草稿（{_DRAFT}）")
    document.title(title)
    document.text(
        f"根据《{scheme.title}》，现将企业综合评价结果公示如下。公示期：______年____月____日至____月____日。"
    )
    document.text(f"{scheme.objection}。联系部门：______；联系电话：______。")
    shown = grades.assign(number=[str(at) for at in range(1, len(grades) + 1)])
    shown = shown[["number", "name", "grade_list", "enterprise_grade"]].fillna("").astype(str)
    document.table(
        shown.set_axis(["序号", "企业名称", "名单", "等级"], axis=1), "评价结果", widths=(1.2, 9.4, 2.6, 2.4)
    )
    document.line("______（印章）", side="right")
    document.line("______年____月____日", side="right")
    return document.save(path)


def _notes(result: Result) -> list[str]:
    told = [
        f"{public_text(result.title)}　公开版",
        f"数据年度 {result.year or '未指定'}，评价基准日 {result.as_of.isoformat()}，landeval {__version__}。",
        "内容：企业名称和等级，已认定的闲置土地，园区和分区的宗数、面积。",
        "不含：任何金额和亩均指标、得分、逐条判定、涉嫌闲置和低效候选（尚未认定）、宗地级地图、个人姓名和号码。",
        "可能是自然人的名称写作“某某”（包括三个字以内的名称）；个体工商户的字号按名称原样。发布前请逐行核对。",
    ]
    if result.scheme is not None:
        told.append(f"企业综合评价方案：{result.scheme.title}。{_caution(result)}。")
    return told
