"""参数表: what may be said in it, row by row, and how its rows say the same as ``landeval.toml``."""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from landeval.errors import ConfigurationError
from landeval.imagery import KINDS
from landeval.map_settings import BASEMAPS
from landeval.standards.grading import scheme_ids
from landeval.standards.index_indicators import TYPES
from landeval.standards.land_use_codes import NO_SYSTEM, system_names
from landeval.standards.overlays import EFFECTS
from landeval.standards.rule import BASES
from landeval.standards.rule import KINDS as KINDS_OF_RULES
from landeval.vocabulary.fields import fields_of

FILE_NAME, SHEET = "参数表.xlsx", "参数"
HEADERS = ("节", "设置", "值", "单位", "说明", "可选值")
YES, NO = "是", "否"
_WORDS = {
    "text": "文字",
    "texts": "一个或几个词，用顿号隔开",
    "whole": "整数",
    "number": "一个数",
    "numbers": "几个数，用顿号隔开",
    "date": "日期，如 2024-12-31",
    "flag": "是 或 否",
    "here": "是",
    "any": "文字或数",
}
_OTHERWISE = ("texts", "numbers", "flag", "here")
_CODE = re.compile(r"0\d|\d{16}")
"""Digits that are a code, not a number: a leading zero, or more of them than a number keeps."""
Row = tuple[int, str, str, Any]
"""Row number in the file, section, setting, value as stored."""
Key = tuple[str | int, ...]


@dataclass(frozen=True)
class Setting:
    """One setting: its key in the toml, what the table calls it, its kind, unit, meaning, and what may be chosen."""

    key: str
    label: str
    kind: str = "text"
    unit: str = ""
    told: str = ""
    choices: tuple[str, ...] = ()
    meant: Mapping[str, str] | None = None

    @property
    def wanted(self) -> str:
        """What a value should look like."""
        return "、".join(self.choices) if self.choices else _WORDS[self.kind]


@dataclass(frozen=True)
class Section:
    """One section: key in the toml, name, settings, open lists (``columns`` …) by what begins their label."""

    key: str
    name: str
    settings: tuple[Setting, ...]
    maps: Mapping[str, Setting]
    is_many: bool = False


@dataclass(frozen=True)
class Cell:
    """Where a value stands: row, section, setting, value as stored, what it should look like, the section's labels.

    ``is_written_otherwise``: not as a toml writes it.
    """

    row: int
    section: str
    setting: str
    value: Any
    wanted: str
    choices: tuple[str, ...] = ()
    is_written_otherwise: bool = False
    labels: Mapping[str, str] = field(default_factory=dict)

    def where(self, file: object) -> str:
        """Say it."""
        return f"{file} 工作表“{SHEET}”第 {self.row} 行“值”列（{self.section}，{self.setting}），所写：{self.value}"


_FILE = (
    Setting("path", "文件", told="文件名，可带文件夹，如 输入/宗地.shp"),
    Setting("layer", "工作表或图层", told="文件里有几个时写明"),
    Setting("encoding", "编码", told="识别不对时写，如 gb18030"),
    Setting("crs", "坐标系", told="图层没有 .prj 时写，如 EPSG:4525"),
)
_SWAP = Setting("swap_axes", "横纵坐标互换", "flag", told="图层把纵坐标写在前面时选 是", choices=(YES, NO))
_LEVEL = Setting("level", "层级", told="布局图层都是同一级时写：集群、基地、社区")
_MAPS = {
    "列名对应": Setting("columns", "列名对应", told="冒号后写数据项，值写原表的列名"),
    "列的单位": Setting("units", "列的单位", told="冒号后写数据项，值写单位，如 亩"),
    "固定值": Setting("constants", "固定值", "any", told="冒号后写数据项，值写每行都取的数，如 2024"),
    "只取": Setting("where", "只取", "texts", told="冒号后写原表的列名，值写要保留的内容"),
}
_SOURCE = (*_FILE, _SWAP, _LEVEL)
_TABLES = {
    "parcels": "宗地图层", "enterprises": "企业表", "contracts": "供地台账", "buildings": "建筑物", "exemptions": "豁免登记",
    "supply": "储备与供地表", "boundary": "园区范围", "targets": "指标实绩表", "corrections": "更正表",
    "decisions": "匹配决定", "projects": "准入项目表",
}  # fmt: skip
_IMAGE = (
    _FILE[0],
    _FILE[3],
    Setting("date", "拍摄日期", "date"),
    Setting("kind", "类型", told="只有一个波段的影像写", choices=KINDS),
    Setting("nodata", "无数据值", "number", told="文件里没有写明哪个值是空的时候写"),
    Setting("scale", "系数", "number", told="真值 = 存的数 × 系数 + 加数"),
    Setting("offset", "加数", "number"),
)
_OVERLAY = (
    Setting("name", "名称", told="图层叫什么"),
    Setting("effect", "作用", told="图层是什么", choices=EFFECTS),
    Setting("width_m", "线宽", "number", "米", "线图层（道路、河流）的宽度"),
    *_FILE,
    _SWAP,
)


def _flag(key: str, label: str, told: str = "") -> Setting:
    return Setting(key, label, "flag", told=told, choices=(YES, NO))


SECTIONS = (
    Section("", "项目", (
        Setting("title", "园区名称"),
        Setting("year", "评价年度", "whole", "年", "产值、税收看哪一年；不写取企业表中最新的年度"),
        Setting("as_of", "评价基准日", "date", told="闲置、期限算到哪一天；不写为评价年度 12 月 31 日"),
        Setting("out", "输出文件夹", told="成果写到哪里"),
        Setting("data_folder", "资料文件夹", told="各文件从哪个文件夹找起；不写为参数表所在的文件夹"),
        Setting("rules_file", "规则文件", told="本单位的规则文件（toml），见 docs/规则手册.md"),
        Setting("supply_tiers", "分层供应表", told="本单位的土地分层供应表（toml），见 docs/供地盘子.md"),
    ), {}),
    Section("region", "本县", (
        Setting("name", "县名"),
        Setting("code", "行政区代码", told="六位，用于检查宗地代码"),
        Setting("bounds", "经纬度范围", "numbers", "度", "西、南、东、北；图形在范围外的会指出"),
        Setting("land_grade", "土地等别", "whole", "等", "1 至 15，比较控制指标时用"),
        Setting("industry_code_year", "行业代码年份", "whole", "年", "行业代码是哪一年的国民经济行业分类"),
    ), {}),
    *(Section(key, name, _SOURCE, _MAPS, True) for key, name in _TABLES.items()),
    Section("layout", "三级布局", (*_SOURCE, _flag("split", "跨区拆分", "跨几个分区的宗地按面积拆开")), _MAPS, True),
    Section("imagery", "影像", _IMAGE, {"波段": Setting("bands", "波段", "whole", told="冒号后写 red、nir 等，值写序号")}, True),
    Section("overlays", "叠加图层", _OVERLAY, {name: _MAPS[name] for name in ("列名对应", "只取")}, True),
    Section("crs", "坐标换算", (
        _flag("accept_ballpark", "接受近似换算", "旧基准没有参数时，容许相差几十米"),
        Setting("towgs84", "七参数", "numbers", told="旧基准到 CGCS2000 的三个或七个参数"),
    ), {}),
    Section("money", "金额", (Setting("currency", "币种", told="不写为 元"),), {}),
    Section("judge", "评判", (
        _flag("idle", "评判闲置"), _flag("low_use", "评判低效"),
        _flag("anniversary_counts", "满一年含对应日"),
        Setting("suspended_logic", "中止开发的面积和投资条件", told="满足任一条还是同时满足", choices=("任一", "同时"),
                meant={"任一": "any", "同时": "all"}),
        _flag("operating_implies_started", "有产值视为已开发", "完全没有日期时，有产值税收的视为已开发"),
        Setting("industrial_words", "工业用地的用词", "texts", told="用途中含有这些词的是工业用地"),
        Setting("land_use_codes", "用途代码体系", choices=(*system_names(), NO_SYSTEM)),
    ), {}),
    Section("link", "匹配", (
        Setting("near_threshold", "相近名称自动采用", "number", told="0 到 1；不写则一律请人复核"),
        Setting("pass_share", "匹配率通过线", "number", told="0 到 1，不写为 0.9"),
        Setting("explain_share", "匹配率说明线", "number", told="0 到 1，不写为 0.6"),
        Setting("memory", "匹配决定文件", told="不写为 匹配决定.csv"),
    ), {}),
    Section("grading", "企业综合评价", (
        Setting("scheme", "方案", told=f"随程序的：{'、 '.join(scheme_ids())}；或本单位的方案文件（toml）"),), {}),
    Section("index", "集约利用指数", (
        Setting("", "启用", "here", told="没有指数数据表也测算时选 是", choices=(YES,)),
        *_SOURCE,
        Setting("scheme", "方案", told="本单位的方案文件（toml），不写用随程序的"),
        Setting("type", "类型", choices=TYPES),
        Setting("growth_zones", "发展方向区", "texts", told="分区编号或名称"),
    ), _MAPS),
    Section("board", "目标进度", (Setting("base_year", "基期年", "whole", "年"),), {
        "行业归类": Setting("industry_codes", "行业归类", told="冒号后写行业代码，值写产业门类"),
        "企业归类": Setting("enterprises", "企业归类", told="冒号后写信用代码或名称，值写产业门类"),
        "用地比例": Setting("land_shares", "用地比例", "number", "%", "冒号后写用地大类，值写百分数"),
    }),
    Section("blocks", "连片", (
        Setting("gap_m", "间距", "number", "米", "相距不超过它的候选宗地为一片"),
        Setting("min_mu", "起列面积", "number", "亩"),
    ), {}),
    Section("hot_spots", "税收冷热点", (
        Setting("", "启用", "here", told="要冷热点时选 是", choices=(YES,)),
        Setting("neighbours", "相邻宗数", "whole", "宗"),
        Setting("permutations", "打乱次数", "whole", "次"),
        Setting("seed", "随机种子", "whole"),
        Setting("significance", "显著水平", "number"),
    ), {}),
    Section("map", "地图", (
        _flag("imagery", "显示影像"),
        Setting("basemap", "底图", choices=BASEMAPS),
        Setting("tiles", "瓦片", told="相对于地图文件，如 瓦片/{z}/{x}/{y}.png"),
        Setting("tiles_zoom", "瓦片最大级数", "whole"),
        Setting("tianditu_key", "天地图密钥"),
    ), {}),
    Section("report", "报告", (Setting("template", "处置方案模板", told="本单位改过的模板（docx）"),), {}),
    Section("output", "成果", (_flag("dossiers", "写一宗一档"), _flag("public", "写公开版")), {}),
)  # fmt: skip
CHANGE = Section("change", "指数改动", (
    Setting("indicator", "指标"), Setting("node", "节点"), Setting("type", "类型", choices=TYPES), Setting("region", "区域"),
    Setting("ideal", "理想值", "number"), Setting("weight", "权重", "number"), Setting("reason", "理由"),
), {}, True)  # fmt: skip
"""``[[index.change]]``."""
RULE = Section("rules", "规则", (
    Setting("value", "值", "any"), Setting("operator", "比较符"), Setting("unit", "单位"), Setting("decimals", "小数位", "whole"),
    Setting("scope", "适用范围"), _flag("enabled", "是否采用", "停用这条规则选 否"), Setting("reason", "理由", told="必填"),
    Setting("who", "经办"), Setting("when", "时间", "date"),
    Setting("years", "连续年数", "whole", "年", "亩均投资、产值、税收不足的，连续几年才算"),
    Setting("document", "文件", told="换用本单位的文件：名称和文号；以下到 施行日期 都要写"), Setting("clause", "条款"), Setting("quote", "原文"),
    Setting("basis", "可靠程度", choices=tuple(BASES.values()), meant={word: key for key, word in BASES.items()}),
    Setting("checked_on", "核对日期", "date"), Setting("from", "施行日期", "date"), Setting("to", "失效日期", "date"),
    Setting("label", "规则名称"), Setting("reading", "读法"),
    Setting("kind", "性质", choices=tuple(KINDS_OF_RULES.values()), meant={word: key for key, word in KINDS_OF_RULES.items()}),
), {})  # fmt: skip
"""``[rules."…"]``; the section's name is 规则 and the rule's id."""
_ALWAYS = {
    "": ("title", "year", "as_of", "out"), "region": ("name", "code", "bounds", "land_grade"), "judge": ("idle", "low_use"),
    "imagery": ("path", "date"), "overlays": ("name", "effect", "width_m", "path"), "output": ("dossiers", "public"),
}  # fmt: skip
"""The settings that most projects say, by section; of any other section its first."""


@dataclass(frozen=True)
class Example:
    """Rows that may be copied into a table as they stand: what they are for, section, setting, value, what they say."""

    title: str
    rows: tuple[tuple[str, str, str | int | float], ...]
    told: str


EXAMPLES = (
    Example("列名对应：原表的列名程序认不出", (("宗地图层", "列名对应：宗地代码", "地块编码"),),
            "冒号后写数据项的中文名（见 docs/数据字典.md），值照抄原表的列名。"),
    Example("列的单位：原表没有写单位，或写错了", (("供地台账 1", "列的单位：合同面积", "亩"),),
            "冒号后写数据项，值写单位：㎡、亩、公顷、元、万元、亿元……"),
    Example("固定值：整张表都是同一个值，表里没有这一列", (("企业表 1", "固定值：年度", 2024),),
            "冒号后写数据项，值写每一行都取的值。"),
    Example("只取：一张表里只要一部分行", (("宗地图层", "只取：土地用途", "工业用地、仓储用地"),),
            "冒号后照抄原表的列名，值写要保留的内容，几种用顿号隔开；其余的行列为已排除。"),
    Example("波段：影像的第几个波段是什么", (("影像", "文件", "输入/影像.tif"), ("影像", "拍摄日期", "2024-10-15"),
            ("影像", "波段：red", 3), ("影像", "波段：nir", 4)),
            "冒号后写 red、green、blue、nir、swir，值写序号。"),
    Example("规则：改标准值", (("规则 dongkou.tax", "值", 20), ("规则 dongkou.tax", "理由", "虚构：县政府常务会议要求"),
            ("规则 dongkou.tax", "经办", "虚构：利用股"), ("规则 dongkou.tax", "时间", "2025-01-31")),
            "节写“规则”、空格、规则编号（用 landeval rules 查）。必须写理由；值按该规则原来的单位写。"),
    Example("规则：停用", (("规则 lowuse.tax", "是否采用", NO), ("规则 lowuse.tax", "理由", "虚构：本县暂不采用")),
            "法定的规则不能停用。"),
    Example("再加一张表", (("企业表 9", "文件", "输入/企业表_另一张.xlsx"),),
            "节名后的数字不与已有的重复就行；供地台账、影像、叠加图层也这样加。"),
    Example("指数改动：改理想值或权重", (("指数改动 1", "指标", "综合容积率"), ("指数改动 1", "理想值", 1.2),
            ("指数改动 1", "理由", "虚构：县定标准")), "几处改动写作 指数改动 1、指数改动 2。"),
    Example("行业归类：行业代码算哪个产业门类", (("目标进度", "行业归类：2041", "特色轻工"),),
            "冒号后写行业代码，值写产业门类；“企业归类”冒号后写信用代码或企业名称。"),
)  # fmt: skip
_BY_NAME = {section.name: section for section in (*SECTIONS, CHANGE)}


def settings_of(
    rows: Sequence[Row], file: object
) -> tuple[dict[str, Any], dict[Key, Cell], list[tuple[str, ConfigurationError]]]:
    """Turn the rows of a table into what a toml would hold, and say where each value stands.

    Parameters
    ----------
    rows : sequence of Row
        Without the header; a blank section is the one above, a blank value is not said.
    file : object
        How the file is called in messages.

    Returns
    -------
    dict
    dict
        Key in the result → its cell.
    list of tuple
        Section and E619, with file, sheet, row, column and value, of every row that cannot be taken.
    """
    raw: dict[str, Any] = {}
    cells: dict[Key, Cell] = {}
    many: dict[tuple[str, str], Key] = {}
    above = ""
    wrong: list[tuple[str, ConfigurationError]] = []
    for number, section_name, setting_name, value in rows:
        above = section_name or above
        if value is None or (isinstance(value, str) and not value.strip()):
            continue
        try:
            _take(raw, cells, many, Cell(number, above, setting_name, value, ""), file)
        except ConfigurationError as error:
            wrong.append((above, error))
    return raw, cells, wrong


def _take(
    raw: dict[str, Any],
    cells: dict[Key, Cell],
    many: dict[tuple[str, str], Key],
    spot: Cell,
    file: object,
) -> None:
    """Put one row into what the table says."""
    section, place = _placed(raw, many, spot.section, spot, file)
    setting, rest = _setting(section, spot.setting, spot, file)
    cell = replace(
        spot,
        wanted=setting.wanted,
        choices=setting.choices,
        is_written_otherwise=bool(setting.choices) or setting.kind in _OTHERWISE,
        labels=_labels(section),
    )
    key = (*place, *(part for part in (setting.key, rest) if part))
    if key in cells:
        raise _wrong(f"同一项设置写了两次，另一处在第 {cells[key].row} 行", cell, file, "请只留一行")
    value = _value(setting, cell, file)
    if setting.kind != "here":
        _put(raw, key, value)
    cells[key] = cell


def _labels(section: Section) -> dict[str, str]:
    """Return what the table calls each key of a section, alone and after the section's own key."""
    labels = {one.key: one.label for one in (*section.settings, *section.maps.values()) if one.key}
    return labels | {f"{section.key}.{key}": label for key, label in labels.items()}


def in_labels(text: str, cell: Cell) -> str:
    """Call the settings of a cell's section in a text as the table calls them.

    Examples
    --------
    >>> cell = Cell(9, "评判", "满一年含对应日", "可以", "是 或 否", labels={"judge.idle": "评判闲置"})
    >>> in_labels("judge.idle 的值不可用", cell)
    '“评判闲置”的值不可用'
    >>> in_labels("board.land_shares.林地 的值不可用", Cell(9, "", "", "", "", labels={"board.land_shares": "用地比例"}))
    '“用地比例：林地”的值不可用'
    """
    for key in sorted(cell.labels, key=len, reverse=True):
        text = re.sub(
            rf" ?(?<![A-Za-z0-9_.]){re.escape(key)}(?:\.([^\s：。]+)|(?![A-Za-z0-9_])) ?",
            partial(_quoted, cell.labels[key]),
            text,
        )
    return text


def _quoted(label: str, found: re.Match[str]) -> str:
    return f"“{label}：{found[1]}”" if found[1] else f"“{label}”"


def _placed(
    raw: dict[str, Any], many: dict[tuple[str, str], Key], name: str, spot: Cell, file: object
) -> tuple[Section, Key]:
    """Find the section that a row belongs to, and make its place in ``raw``."""
    rule = re.fullmatch(r"规则\s*[：:]?\s*(\S+)", name)
    if rule:
        return RULE, _made(raw, ("rules", rule[1]))
    found = re.fullmatch(r"(.*?)\s*(\d*)", name)
    kind, number = (found[1], found[2]) if found else (name, "")
    section = _BY_NAME.get(kind)
    if section is None or (number and not section.is_many):
        near = difflib.get_close_matches(kind, (*_BY_NAME, RULE.name), n=1, cutoff=0.0)[0]
        raise _wrong(f"没有“{name}”这一节", spot, file, f"是不是“{near}”？可用：{'、'.join(_BY_NAME)}、规则 加编号；几份的写作 企业表 1、企业表 2")  # fmt: skip
    if not section.is_many:
        return section, _made(raw, (section.key,) if section.key else ())
    if (kind, number) not in many:
        above: Key = ("index", "change") if section is CHANGE else (section.key,)
        held = raw
        for part in above[:-1]:
            held = held.setdefault(str(part), {})
        entries = held.setdefault(str(above[-1]), [])
        entries.append({})
        many[kind, number] = (*above, len(entries) - 1)
    return section, many[kind, number]


def _made(raw: dict[str, Any], place: Key) -> Key:
    for part in place:
        raw = raw.setdefault(str(part), {})
    return place


def _setting(section: Section, name: str, spot: Cell, file: object) -> tuple[Setting, str]:
    for setting in section.settings:
        if name == setting.label:
            return setting, ""
    head, _, rest = name.replace("：", ":").partition(":")
    if head.strip() in section.maps and rest.strip():
        setting = section.maps[head.strip()]
        return setting, _field(section, setting, rest.strip())
    known = [setting.label for setting in section.settings] + [f"{name}：……" for name in section.maps]
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.0)[0]
    raise _wrong(
        f"“{spot.section}”没有“{name}”这项设置", spot, file, f"是不是“{near}”？可用：{'、'.join(known)}"
    )


def _field(section: Section, setting: Setting, name: str) -> str:
    """Return the English name of a field written by its label; anything else as written."""
    if setting.key not in ("columns", "units", "constants"):
        return name
    named = [
        item.name
        for item in fields_of(section.key)
        if name in (item.name, item.label, item.label.partition("(")[0])
    ]
    return named[0] if len(named) == 1 else name


def _value(setting: Setting, cell: Cell, file: object) -> Any:
    """Read a cell as its setting wants it."""
    value = cell.value.strip() if isinstance(cell.value, str) else cell.value
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    read: Any = None
    if setting.kind in ("flag", "here"):
        words = {YES: True, True: True} | ({} if setting.kind == "here" else {NO: False, False: False})
        read = words.get(value) if isinstance(value, str | bool) else None
    elif setting.kind in ("whole", "number"):
        read = _number(value)
        read = None if setting.kind == "whole" and not isinstance(read, int) else read
    elif setting.kind == "numbers":
        parts = [_number(part) for part in re.split("[、,，;；\\s]+", str(value).strip("[]［］ "))]
        read = None if None in parts else parts
    elif setting.kind == "date":
        read = value if isinstance(value, dt.date) else _day(str(value))
    elif setting.kind == "texts":
        read = [part.strip() for part in re.split("[、;；\n]", str(value)) if part.strip()]
    elif setting.kind == "any":
        number = None if isinstance(value, str) and _CODE.match(value) else _number(value)
        read = str(value) if number is None else number
    elif not isinstance(value, bool | dt.date):
        read = (setting.meant or {}).get(str(value), str(value))
    is_free = not setting.choices or setting.kind in ("flag", "here")
    if read is None or not (is_free or str(value) in setting.choices):
        raise _wrong("值不可用", cell, file, f"应为：{setting.wanted}")
    return read


def _number(value: Any) -> int | float | None:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = str(value).strip()
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?(e[+-]?\d+)?%?", text):
        return None
    if text.endswith("%"):
        return float(text[:-1]) / 100
    return float(text) if re.search("[.e]", text) else int(text)


def _day(text: str) -> dt.date | None:
    found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", text.strip())
    try:
        return dt.date(*(int(part) for part in found.groups())) if found else None
    except ValueError:
        return None


def _put(raw: dict[str, Any], key: Key, value: Any) -> None:
    place: Any = raw
    for part in key[:-1]:
        place = place[part] if isinstance(part, int) else place.setdefault(part, {})
    place[key[-1]] = value


def _wrong(what: str, cell: Cell, file: object, remedy: str) -> ConfigurationError:
    return ConfigurationError(what, where=cell.where(file), remedy=remedy, code="E619")


def section_named(key: str) -> str:
    """Return what the table calls a section of the toml.

    Examples
    --------
    >>> section_named("enterprises")
    '企业表'
    """
    return next(section.name for section in SECTIONS if section.key == key)


def is_usual(section: str, setting: Setting) -> bool:
    """Tell whether a row is shown at once in a new table; the others are folded away until asked for.

    Examples
    --------
    >>> is_usual("企业表 2", Setting("path", "文件")), is_usual("企业表 2", Setting("encoding", "编码"))
    (True, False)
    """
    kind = section.rstrip("0123456789 ")
    if kind not in _BY_NAME:
        return True
    of = _BY_NAME[kind]
    first = of.settings[0].key
    return setting.key in _ALWAYS.get(
        of.key, ("path",) if "path" in {one.key for one in of.settings} else (first,)
    )


def rows_of(raw: Mapping[str, Any]) -> Iterator[tuple[str, Setting, str, Any]]:
    """Yield the rows of a table that says what a toml says, unsaid settings with None.

    Yields
    ------
    tuple
        Section as named in the table, setting, its label, value as the table writes it.
    """
    for section in SECTIONS:
        held = raw if not section.key else raw.get(section.key, [{}] if section.is_many else {})
        entries = held if isinstance(held, list) else [held]
        for at, entry in enumerate(entries, start=1):
            name = f"{section.name} {at}" if len(entries) > 1 else section.name
            is_bare = section.key in raw and not entry
            for setting in section.settings:
                if setting.kind == "here":
                    yield name, setting, setting.label, YES if is_bare else None
                else:
                    yield name, setting, setting.label, _told(setting, entry.get(setting.key))
            for head, setting in section.maps.items():
                for named, value in entry.get(setting.key, {}).items():
                    yield name, setting, f"{head}：{named}", _told(setting, value)
        if section.key == "index":
            for at, change in enumerate(raw.get("index", {}).get("change", []), start=1):
                for setting in CHANGE.settings:
                    yield (
                        f"{CHANGE.name} {at}",
                        setting,
                        setting.label,
                        _told(setting, change.get(setting.key)),
                    )
    for rule_id, body in raw.get("rules", {}).items():
        for setting in RULE.settings:
            yield f"规则 {rule_id}", setting, setting.label, _told(setting, body.get(setting.key))


def _told(setting: Setting, value: Any) -> Any:
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list | tuple):
        return "、".join(str(part) for part in value)
    if setting.meant:
        return next((word for word, key in setting.meant.items() if key == value), value)
    return value
