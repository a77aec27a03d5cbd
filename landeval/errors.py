"""Errors that end a run, each with an exit code; data problems are rows, not errors (see ``issues``)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar


class LandevalError(Exception):
    """A reason to stop, told in Chinese: what is wrong, where, and what to do.

    Parameters
    ----------
    what : str
        The problem, one sentence.
    where : str
        File, sheet or layer, row, column: as far as known.
    remedy : str
        What the analyst can do about it.
    code : str
        Stable code, listed in ``docs/问题代码.md``.
    """

    exit_code = 5

    def __init__(self, what: str, *, where: str = "", remedy: str = "", code: str = "") -> None:
        self.what, self.where, self.remedy, self.code = what, where, remedy, code
        super().__init__(str(self))

    def __str__(self) -> str:
        lines = [f"【{self.code}】{self.what}" if self.code else self.what]
        if self.where and "\n  位置：" not in self.what:  # several in one have their own places
            lines.append(f"  位置：{self.where}")
        if self.remedy:
            lines.append(f"  怎么办：{self.remedy}")
        return "\n".join(lines)


Refused = TypeVar("Refused", bound=LandevalError)


class InputRefusedError(LandevalError):
    """An input file that cannot be read safely; nothing has been written."""

    exit_code = 2


def together(
    refused: Sequence[Refused], counted: str = "个文件不能读取", where: str | None = None
) -> Refused:
    """Make one refusal of several, so that an analyst learns of all of them at once.

    ``counted``: what they are, said after their number; ``where``: of all of them, by default the places of each.

    Examples
    --------
    >>> one = InputRefusedError("文件是空的", where="甲.shp", remedy="请重新复制", code="E121")
    >>> together([one]) is one
    True
    >>> print(str(together([one, one])).splitlines()[0])
    【E121】有 2 个文件不能读取：
    """
    if len(refused) == 1:
        return refused[0]
    whole = "\n".join(str(error) for error in refused)
    return type(refused[0])(
        f"有 {len(refused)} {counted}：\n{whole}",
        where="、".join(error.where for error in refused) if where is None else where,
        remedy=f"请逐个改好以上 {len(refused)} 处后重新运行",
        code=refused[0].code,
    )


class ConfigurationError(LandevalError):
    """``landeval.toml``, a rule file or an option that cannot be obeyed."""

    exit_code = 3


class OutputError(LandevalError):
    """The output folder cannot be written, or holds something that is not ours."""

    exit_code = 4


class MemoryShortError(LandevalError):
    """The inputs are more than this machine's memory holds."""

    exit_code = 6


class InternalError(LandevalError):
    """A broken promise of our own (a lost record, money that does not add up)."""

    exit_code = 5


REFUSALS = {
    "E120": "给的是文件夹，需要指定其中一个文件",
    "E121": "文件是空的",
    "E122": "文件超过 2 GB",
    "E123": "记录数超过限制",
    "E124": "扩展名与内容不符，或不认识的格式",
    "E125": "文件损坏或未复制完整",
    "E170": "工作簿有密码",
    "E171": "是办公软件打开文件时留下的临时文件，不是工作簿",
    "E172": "是 xlsb 或 ods 工作簿，请另存为 .xlsx",
    "E173": "是 Word 等其他 Office 文件，不是工作簿",
    "E174": "XML 中有文档类型或实体声明",
    "E126": "展开后过大的压缩内容",
    "E127": "压缩包里没有可读的内容，或不是 zip 格式",
    "E128": "文字编码无法判定，或指定的编码不存在",
    "E129": "属性表（.dbf）损坏或不完整",
    "E130": "找不到认得的表头",
    "E131": "没有指定的工作表或图层",
    "E132": "有多个工作表或图层，需要指定一个",
    "E133": "图层中没有记录",
    "E134": "缺少 shapefile 的组成文件",
    "E135": "不是面图层",
    "E136": "空间数据打不开",
    "E190": "不是 GeoTIFF 影像",
    "E191": "影像过大",
    "E192": "影像打不开或已损坏",
    "E193": "影像没有坐标系或没有定位信息",
    "E194": "影像没有所指定的波段",
    "E195": "影像的坐标系写法无法识别",
    "E137": "企业表或台账的位置给了空间图层",
    "E160": "链接指向所在文件夹之外，或所指的文件不存在",
    "E161": "压缩包里有不安全的成员（指向包外、链接、重名）",
    "E162": "压缩包有密码",
    "E163": "是 TopoJSON，不是 GeoJSON",
    "E164": "JSON 不完整或写法有误",
    "E165": "图形文件（.shp）不完整，没有图形",
    "E166": "Parquet 文件没有图形列",
    "E175": "有两列同名而内容不同",
    "E176": "数据框不能用作这张表",
    "E236": "设置中对应的列不存在",
    "E237": "图层不在本县范围内，或没有坐标系且无法判定",
    "E238": "坐标系写法无法识别",
    "E239": "西安80、北京54 等旧基准，没有换算参数",
    "E240": "看不出分区的层级",
    "E290": "企业表缺少必需的列",
    "E291": "宗地表缺少必需的列",
    "E292": "供地台账缺少必需的列",
    "E293": "给的是另一种表",
    "E440": "准入项目表缺少必需的列",
    "E449": "准入项目表中没有项目",
    "E530": "指标实绩表缺少必需的列",
    "E531": "没有给指标实绩表",
    "E480": "没有这个企业综合评价方案",
    "E481": "企业综合评价方案写法有误",
    "E500": "没有写明要测算的集约利用指数",
    "E518": "集约利用指数方案写法有误",
    "E519": "指数数据表缺少必需的列",
    "E551": "土地分层供应表写法有误",
    "E552": "储备与供地表缺少必需的列",
    "E553": "储备与供地表中没有地块",
    "E558": "没有给储备与供地表",
    "E580": "两个成果出自同一份资料",
    "E581": "两个成果的先后次序不对",
    "E582": "两个成果的币种不同",
    "E583": "成果中没有图形，不能追踪宗地",
    "E601": "规则的值或比较符不可用",
    "E602": "没有这条规则",
    "E603": "规则不接受的键",
    "E604": "改动规则没有写明理由",
    "E605": "找不到文件",
    "E606": "配置文件写法有误",
    "E607": "不认识的配置项",
    "E608": "没有写明文件路径",
    "E609": "不认识的单位",
    "E610": "不读取网址或特殊路径",
    "E611": "配置项或选项的值不可用",
    "E612": "没有宗地，也没有供地台账",
    "E613": "企业表中没有所指定年度的数据",
    "E614": "没有评价基准日，也没有数据年度",
    "E615": "没有写明输出文件夹",
    "E616": "命令行写法有误",
    "E617": "同一个文件给了两次",
    "E618": "landeval.toml 和 参数表.xlsx 都有",
    "E619": "参数表写法有误",
    "E630": "不是 landeval 的成果文件夹",
    "E631": "成果文件夹不完整、已损坏或被改动",
    "E632": "成果由另一版本写出，或规则在此之后变过",
    "E633": "不是 landeval run 的成果，不能试算或比较",
    "E634": "试算的规则或网格写法有误",
    "E635": "试算的网格过大",
    "E636": "底稿不能保存（程序内部错误），没有写出任何成果",
    "E620": "规则文件写法有误",
    "E621": "增加的规则缺少项目、有不认识的键，或值不可用",
    "E622": "增加的规则用了自带规则的前缀",
    "E623": "这条规则不能停用",
    "E624": "同一条规则在项目设置和规则文件中都有改动",
    "E625": "增加的规则所评价的数值项不存在",
    "E626": "规则的单位不能换算",
    "E627": "控制指标表（csv）写法有误",
    "E640": "没有给准入项目表",
    "E641": "准入标准的比较符只能是 > 或 >=",
    "E643": "空白表已经存在，不覆盖",
    "E644": "空白表的文件名应以 .xlsx 结尾",
    "E650": "处置方案的模板不能用",
    "E651": "处置方案模板写不到指定的文件",
    "E660": "没有找到单位，或单位同名",
    "E661": "单位的设置与全省共同的设置不同",
    "E662": "各单位的数据年度、基准日、币种或连片设置不同，不能相加",
    "E663": "没有写明企业综合评价按全省还是按单位定级，或各单位方案不同",
    "E664": "没有安装分布式引擎 dask.distributed",
    "E665": "调度器连不上，或本机的工作进程没有启动",
    "E666": "工作进程的 landeval 版本不同",
    "E670": "没有这宗地，或几宗地的代码相同",
    "E671": "交给单条规则或指标的数据框不可用",
    "E667": "所有单位都没有完成",
    "E668": "单位的分片损坏",
    "E669": "评价过程中输入资料变了",
    "E701": "输出位置是一个文件",
    "E702": "输出文件夹里有不是 landeval 的内容",
    "E703": "输出文件夹会覆盖输入资料",
    "E704": "输出文件夹不能写入",
    "E705": "磁盘空间不足",
    "E706": "输出文件夹中有文件正被打开，请先关闭",
    "E707": "写出后核对，记录数不符",
    "E708": "输出文件夹改名失败",
    "E709": "复核决定没有记住",
    "E731": "另一次运行正在写同一个输出文件夹",
    "E732": "另一台电脑上的运行占用着同一个输出文件夹",
    "E733": "资料在运行期间被改动或重新保存",
    "E734": "写出后读回核对，文件与写入的不一致",
    "E735": "Windows 不能用的文件夹名",
    "E736": "输出文件夹的名称或路径太长",
    "E737": "运行日志不能写入",
    "E801": "内存不足",
    "E901": "程序文件不完整（地图资源校验不符），请重新安装",
    "E902": "地图页面引用了外部资源（程序内部错误）",
    "E903": "金额不平（程序内部错误），没有写出任何成果",
    "E904": "对账不平（程序内部错误），没有写出任何成果",
}
"""Every code that ends a run, with what it means; tested against the code and ``docs/问题代码.md``."""
