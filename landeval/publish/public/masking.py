"""What an edition for publication may say of a name: firms and offices as they are, natural persons 某某, no numbers of persons."""

from __future__ import annotations

import re

from landeval.publish.cells import clean
from landeval.vocabulary.names import words

SOMEBODY = "某某"
_GAP = r"[-\s\u2010-\u2015\uff0d]?"
_PRIVATE = re.compile(
    rf"(?<!\d)(?:\d(?:{_GAP}\d){{14,18}}|\d(?:{_GAP}\d){{16}}{_GAP}[XxＸｘ]"
    rf"|(?:(?:[+＋]|[0０]{{2}})?[8８][6６]{_GAP})?[1１][3-9３-９](?:{_GAP}\d){{9}}"
    rf"|[（(]?[0０]\d{{2,3}}[)）]?{_GAP}\d{{3,4}}{_GAP}\d{{4}}(?:{_GAP}\d{{1,6}})?)(?!\d)"
    rf"|(?<=电话|手机|热线|传真|微信)[号码：:\s]*\d(?:{_GAP}\d){{4,17}}(?!\d)"
    r"|[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"
)
"""Numbers of identity and bank cards (15 to 19 digits), mobile and fixed telephones, in either width of digits, with gaps or without; addresses of mail."""
_NAMED = re.compile(
    r"((?:法定代表人|法人代表|法人|负责人|联系人|经办人|户主|业主)(?:[:：]\s*|为|是))[\u3400-\u9fff·]{2,8}"
)
"""A person who is introduced as one."""
_OFFICES = (
    "政府", "委员会", "管委会", "居委会", "村委会", "局", "办公室", "学校", "中学", "小学", "医院", "卫生院", "银行", "信用社", "协会", "基金会", "村民小组",
    "管理区", "开发区", "园区",
)  # fmt: skip
"""Endings of names that are no firm and no person."""
_FIRM = re.compile(r"^9[13][0-9A-HJ-NP-RTUWXY]{16}$")
_SHORT = 3
"""Characters: so short a name may be a person's whatever it ends in (虚构行)."""
_BETWEEN = re.compile(r"[、，,;；/]")
_ASIDE = re.compile(r"[（(]([^（）()]*)[）)]\s*$")
_KINDS = ("合伙", "独资", "个体工商户", "集体", "国有", "筹", "筹建", "期", "部", "区", "厂", "车间", "店")
"""Endings of what stands after a firm's name in brackets and is no person."""


def is_person(name: str) -> bool:
    """Tell whether a name may be a natural person's: it ends in no word of a firm, an office or a body.

    Examples
    --------
    >>> is_person("虚构机械有限公司"), is_person("虚构张三"), is_person("虚构食品厂（普通合伙）"), is_person("虚构镇人民政府")
    (False, True, False, False)
    """
    bare = _ASIDE.sub("", clean(name)).strip()
    endings = (*words("forms"), *words("branches"), *_OFFICES)
    return len(bare) <= _SHORT or not bare.endswith(endings)


def public_name(name: object) -> str:
    """Return a name as it may be published; what may be a person's becomes 某某, numbers of persons vanish.

    Examples
    --------
    >>> public_name("虚构张三"), public_name("虚构机械厂13800001111"), public_name(None), public_name("虚构机械厂、虚构张三")
    ('某某', '某某', '', '虚构机械厂、某某')
    >>> public_name("虚构机械厂（虚构张三）"), public_name("虚构食品厂（普通合伙）")
    ('虚构机械厂（某某）', '虚构食品厂（普通合伙）')
    """
    if not isinstance(name, str):
        return ""
    parts = [part for part in _BETWEEN.split(clean(name)) if part.strip()]
    told = [SOMEBODY if public_text(part) != part or is_person(part) else _beside(part) for part in parts]
    return "、".join(dict.fromkeys(told))


def _beside(firm: str) -> str:
    """Leave a person out who stands in brackets after a firm's name; its legal form, place or branch stays."""
    aside = _ASIDE.search(firm)
    if aside is None:
        return firm
    said = aside[1].strip()
    places = {*words("provinces"), *words("prefectures"), *words("counties")}
    is_known = said.endswith((*_KINDS, *words("forms"), *words("branches"))) or said in places
    return firm if is_known else f"{firm[: aside.start()]}（{SOMEBODY}）"


def public_text(text: object) -> str:
    """Return a text without numbers of persons, addresses of mail and persons introduced as such: each becomes ＊＊＊.

    Examples
    --------
    >>> public_text("联系 13800001111"), public_text("430525200001010011 号"), public_text(None)
    ('联系 ＊＊＊', '＊＊＊ 号', '')
    """
    return _NAMED.sub(r"\1＊＊＊", _PRIVATE.sub("＊＊＊", clean(text))) if isinstance(text, str) else ""


def public_code(code: object) -> str:
    """Return the credit code of an enterprise or cooperative; any other may be a person's and is left out.

    Examples
    --------
    >>> public_code("91430525XG0000877G"), public_code("430525200001010011"), public_code("92430525XG00000000")
    ('91430525XG0000877G', '', '')
    """
    text = code.strip() if isinstance(code, str) else ""
    return text if _FIRM.fullmatch(text) else ""
