"""The issue table: one row a data problem, with code, place, value as written, what was done, how to mend.

A problem in the data is never an exception: it is a row here, and the record goes on with what is known.
Every code stands in ``docs/问题代码.md`` (generated from ``CATALOGUE``, tested).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

BLOCKING, ERROR, NOTICE = "阻断", "错误", "提示"
USED, UNUSED = "used", "unused"
"""Of a doubt: whether the figure is used all the same."""
OF_CORRECTIONS = ("E246", "E247", "E249")
"""What became of a row of a correction file: taken, not taken, the value confirmed."""
SUPPLIER = "数据提供单位"
"""Whoever handed the file over, where no office keeps the column."""
COLUMNS = (
    "level",
    "code",
    "source_file",
    "source_layer",
    "source_row",
    "column",
    "raw_value",
    "used_value",
    "what",
    "remedy",
    "responsible",
    "record_key",
)


@dataclass(frozen=True)
class IssueKind:
    """One kind of problem: its level, what it means, how to mend it, and who usually can.

    ``thing``: columns that name the one thing that is told at every place where it stands (a firm in several tables).
    ``about``: the item that it is about, where it is always the same: its cell is what a correction would change.
    ``doubt``: whatever rests on what it is about says so: it is used all the same (``USED``), until somebody confirms
    it; or it is unknown, by contradiction or since nobody can believe it (``UNUSED``).
    """

    level: str
    what: str
    remedy: str
    responsible: str = SUPPLIER
    thing: tuple[str, ...] = ()
    about: str = ""
    doubt: str = ""


CATALOGUE: dict[str, IssueKind] = {
    # ---- reading ------------------------------------------------------------------------------------------
    "E101": IssueKind(
        NOTICE,
        "文件未标明或标错文字编码，已按内容判定",
        "如有乱码，请在参数表该节的“编码”指定（landeval.toml 中指定 encoding）",
    ),
    "E102": IssueKind(
        NOTICE, "文字在字节中间被截断，已保留完整的字", "请从原系统导出较长的字段，或改用 GeoPackage"
    ),
    "E103": IssueKind(ERROR, "源文件中该记录已作删除标记，未采用", "如仍需要，请在 GIS 软件中恢复后重新导出"),
    "E104": IssueKind(ERROR, "图形与属性的记录数不一致", "请重新导出整套 shp、shx、dbf 文件"),
    "E105": IssueKind(
        NOTICE,
        "合计、小计、备注、填表人等行不是记录，已单列",
        "无需处理；如误判，请删除该行首列的“合计”等字样",
    ),
    "E140": IssueKind(
        NOTICE, "工作簿采用 1904 日期系统，日期已按此换算", "如日期相差四年零一天，请与数据提供单位核对"
    ),
    "E141": IssueKind(NOTICE, "合并单元格的值已用于合并范围内的各行", "如不对，请取消合并、逐行填写后另存"),
    "E142": IssueKind(NOTICE, "内容与扩展名不符，已按内容读取", "无需处理；建议用 Excel 另存为 .xlsx"),
    "E143": IssueKind(
        ERROR, "该行有空字符（NUL），夹在单元格中间的按未知处理", "请从原系统重新导出，并核对该行"
    ),
    "E144": IssueKind(
        NOTICE,
        "表头有几行（合并单元格），已合起来读",
        "请核对读出的列名；如不对，请把表头改为一行",
    ),
    "E145": IssueKind(NOTICE, "工作表中有隐藏或筛选掉的行，已照常读入", "如不应计入，请删除这些行后重新提供"),
    "E146": IssueKind(NOTICE, "工作表中有隐藏的列，已照常读入", "如不应采用，请删除这些列后重新提供"),
    "E147": IssueKind(
        ERROR,
        "表中自己的合计或小计与各行之和不符，采用各行",
        "请核对是否漏行、重复行，或合计没有更新",
    ),
    "E148": IssueKind(
        ERROR,
        "文件登记该行有内容，但没有读到，文件可能损坏",
        "请用 Excel 或 WPS 打开核对该行，另存为 .xlsx 后重新提供",
    ),
    "E149": IssueKind(
        ERROR,
        "该记录的图形顶点过多，超过限制，按没有图形处理，面积未知",
        "请在 ArcGIS/QGIS 中简化或重绘该图形后重新导出，限制见 docs/限制.md",
        "自然资源局（不动产登记中心）",
    ),
    "E106": IssueKind(NOTICE, "表头不在第一行，已按内容找到", "无需处理；如误判，请删除表头以上各行"),
    "E107": IssueKind(
        ERROR, "公式没有保存计算结果，或单元格为错误值", "请用 Excel 打开、重新计算并保存后再提供"
    ),
    "E108": IssueKind(ERROR, "该行列数与表头不一致", "请检查该行是否多或少分隔符、引号是否成对"),
    "E109": IssueKind(
        NOTICE, "按筛选条件排除的记录", "如需纳入，请修改参数表该节的“只取”（landeval.toml 中的 where）"
    ),
    "E180": IssueKind(
        NOTICE,
        "影像没有写明无数据值",
        "如有空白部分，请写明参数表该节的“无数据值”（landeval.toml 的 [[imagery]] nodata）",
    ),
    "E181": IssueKind(ERROR, "影像不完整，有的部分读不出", "请重新复制或下载该影像"),
    "E182": IssueKind(NOTICE, "影像相对坐标轴有旋转，范围按四角计算", "无需处理"),
    "E183": IssueKind(
        ERROR,
        "影像全部是无数据值",
        "请核对影像，或改正参数表该节的“无数据值”（landeval.toml 的 [[imagery]] nodata）",
    ),
    "E184": IssueKind(ERROR, "宗地不在影像范围内，按无栅格数据处理", "请补充覆盖该宗地的影像"),
    "E110": IssueKind(
        NOTICE,
        "工作簿中未采用的工作表",
        "如需采用，请用参数表该节的“工作表或图层”（landeval.toml 中的 layer）指定",
    ),
    "E150": IssueKind(
        NOTICE, "从压缩包中读取", "如取错了，请用参数表该节的“工作表或图层”（landeval.toml 中的 layer）指定"
    ),
    "E151": IssueKind(NOTICE, "输入是链接，已读取它所指的文件", "无需处理"),
    "E152": IssueKind(
        ERROR,
        "文字中有不属于该编码的内容，读不出的部分以 � 代替或留空",
        "请核对参数表该节的“编码”（landeval.toml 中的 encoding），或从原系统重新导出",
    ),
    "E153": IssueKind(
        NOTICE, "该列以二进制存放，已按其类型读出", "请核对数值；如不对，请改用文本或数字型字段"
    ),
    "E154": IssueKind(ERROR, "该列的内容不在属性表中，未读取", "如需采用，请导出为文本字段或改用 GeoPackage"),
    "E155": IssueKind(
        ERROR,
        "数值在文件中只有星号（空值，或超出字段宽度），按未知处理",
        "如原系统中有值，请加宽该字段后重新导出",
    ),
    "E156": IssueKind(
        NOTICE,
        "图形索引（.shx）缺失或损坏，已按 .shp 逐条重建；源文件中删除过的图形可能重新出现",
        "请复制整套文件，或在 GIS 软件中重新导出",
    ),
    "E157": IssueKind(ERROR, "图形文件（.shp）不完整，该记录的图形已丢失，面积未知", "请重新复制整套文件"),
    "E158": IssueKind(
        ERROR,
        "该记录的图形读不出，面积未知",
        "请在 ArcGIS/QGIS 中修复或重绘该图形后重新导出",
        "自然资源局（不动产登记中心）",
    ),
    "E159": IssueKind(ERROR, "记录数与文件自己写明的不一致", "请在 GIS 软件中重新导出，并核对记录数"),
    # ---- tidying ------------------------------------------------------------------------------------------
    "E199": IssueKind(
        ERROR,
        "金额、面积等的合并单元格用于几行，不知各行是多少，几行都按未知处理",
        "请取消合并，各行填自己的数；只知道合计的，企业表可只留一行、不写宗地代码",
        doubt=UNUSED,
    ),
    "E201": IssueKind(
        NOTICE,
        "列名未识别，该列未采用",
        "如需采用，请在参数表该节加一行“列名对应：数据项”，值写这一列的列名（landeval.toml 的 columns 中对应）",
    ),
    "E202": IssueKind(
        NOTICE,
        "列名按词表的别名或截断名识别",
        "如不对，请在参数表该节加一行“列名对应：数据项”，值写应采用的列名（landeval.toml 的 columns 中指定）",
    ),
    "E203": IssueKind(ERROR, "不是数，按未知处理", "请改为纯数字；没有数据的留空"),
    "E204": IssueKind(ERROR, "不是有效日期，按未知处理", "请改为 2024-12-31 的写法"),
    "E205": IssueKind(
        ERROR, "数值超出合理范围，已采用但请核实", "请核对单位（元/万元、㎡/亩/公顷）和小数点", doubt=USED
    ),
    "E206": IssueKind(NOTICE, "数字以文字书写（千分位、全角等），已读出", "无需处理"),
    "E207": IssueKind(
        NOTICE,
        "单位取自表头或标题",
        "如不对，请在参数表该节加一行“列的单位：数据项”（landeval.toml 的 units 中指定）",
    ),
    "E208": IssueKind(
        ERROR,
        "表头和标题均未写明单位，按词表单位处理",
        "请在表头注明单位，或在参数表该节加一行“列的单位：数据项”（landeval.toml 的 units 中指定）",
    ),
    "E209": IssueKind(
        ERROR,
        "统一社会信用代码校验不通过，按原文保留",
        "请与市场监督管理局核对",
        "市场监督管理局",
        ("used_value",),
    ),
    "E210": IssueKind(
        ERROR,
        "宗地代码不是 19 位或 28 位标准格式，按原文保留",
        "请核对宗地代码",
        "自然资源局（不动产登记中心）",
        ("used_value",),
    ),
    "E211": IssueKind(
        NOTICE,
        "宗地代码的行政区与本县不同",
        "请核对是否为本县宗地",
        "自然资源局（不动产登记中心）",
        ("used_value",),
    ),
    "E212": IssueKind(
        ERROR,
        "宗地代码重复，各宗均保留并加序号区分",
        "请核对并合并或改正代码",
        "自然资源局（不动产登记中心）",
    ),
    "E213": IssueKind(
        ERROR, "没有图形，图形面积未知", "请补绘或重新导出图形", "自然资源局（不动产登记中心）"
    ),
    "E214": IssueKind(
        ERROR,
        "图形自相交或无效，图形面积不可靠，不采用该图形",
        "请在 ArcGIS/QGIS 中“修复几何”后重新导出",
        "自然资源局（不动产登记中心）",
    ),
    "E215": IssueKind(
        NOTICE,
        "坐标系已按文件或坐标值判定",
        "如不对，请在参数表该节的“坐标系”指定（landeval.toml 中指定 crs）",
    ),
    "E216": IssueKind(ERROR, "位于本县范围之外", "请核对坐标系与带号", "自然资源局（不动产登记中心）"),
    "E217": IssueKind(
        NOTICE,
        "登记面积与图形面积相差超过 1% 或 50 ㎡",
        "请核对登记面积与图形，以权籍调查为准",
        "自然资源局（不动产登记中心）",
    ),
    "E218": IssueKind(
        ERROR,
        "登记面积与图形面积相差超过 5%",
        "请核对登记面积的单位与图形，以权籍调查为准",
        "自然资源局（不动产登记中心）",
        doubt=USED,
    ),
    "E242": IssueKind(
        ERROR,
        "登记面积与图形相差悬殊或小得反常，可能是单位写错，面积按未知处理，不作评价",
        "请核对面积的单位（㎡、亩、公顷）；单位应写在表头，或写入参数表该节的“列的单位：数据项”一行（landeval.toml 的 units）",
        "自然资源局（不动产登记中心）",
        doubt=UNUSED,
    ),
    "E219": IssueKind(
        ERROR, "没有可用的面积，不能计算亩均指标", "请补充证载面积或合同面积", "自然资源局（不动产登记中心）"
    ),
    "E220": IssueKind(NOTICE, "完全相同的重复记录，只计一次", "请删除重复行"),
    "E221": IssueKind(
        ERROR,
        "同一企业同一年度有相互矛盾的数值，该项按未知处理，金额列为已排除",
        "请核对后只保留一行",
        thing=("record_key", "column", "what"),
        doubt=UNUSED,
    ),
    "E222": IssueKind(NOTICE, "未写明年度，已按工作表名或标题判定", "请在表中增加“年度”列"),
    "E223": IssueKind(ERROR, "该记录没有年度，金额列为已排除", "请补充年度"),
    "E224": IssueKind(
        ERROR, "该记录没有企业名称、信用代码或宗地代码，不能对应到企业", "请补充企业名称或信用代码"
    ),
    "E225": IssueKind(NOTICE, "信用代码或名称的全角、空格、大小写已统一", "无需处理"),
    "E246": IssueKind(NOTICE, "已按更正表采用更正值", "无需处理；请把原始资料也改过来"),
    "E247": IssueKind(ERROR, "更正未被采用，仍按原表的值", "请按说明改好更正表后重新运行"),
    "E249": IssueKind(NOTICE, "更正值与原值相同，记为已核实，没有改动任何数", "无需处理"),
    "E226": IssueKind(
        NOTICE,
        "评价年度未指定，取企业表中最新的年度",
        "如不对，请在参数表“项目”一节的“评价年度”指定（landeval.toml 中指定 year）",
    ),
    "E227": IssueKind(
        ERROR,
        "与另一宗图形完全重合：按图形取面积的几宗平分这块地，合计只计一次；有证载或合同面积的仍按其面积",
        "请核对并删除重复图形",
        "自然资源局（不动产登记中心）",
        doubt=USED,
    ),
    "E228": IssueKind(
        ERROR,
        "坐标按旧基准（西安80/北京54）换算，位置可能偏移数十米",
        "请提供七参数，写入参数表“坐标换算”一节的“七参数”（landeval.toml 的 crs.towgs84）",
        "自然资源局（测绘）",
    ),
    "E229": IssueKind(
        NOTICE,
        "评价数据年度与基准日不在同一年",
        "请确认参数表“项目”一节的“评价年度”与“评价基准日”（landeval.toml 的 year 与 as_of）",
    ),
    "E230": IssueKind(ERROR, "不是“是/否”，按未知处理", "请填“是”或“否”"),
    "E232": IssueKind(
        NOTICE,
        "同一项有几列，只采用一列",
        "如不对，请在参数表该节加一行“列名对应：数据项”，值写应采用的列名（landeval.toml 的 columns 中指定）",
    ),
    "E233": IssueKind(
        NOTICE,
        "面积列未写明单位，按词表单位处理；没有图形可核对的，过小的面积按未知处理",
        "请在表头注明 ㎡、亩或公顷",
    ),
    "E234": IssueKind(
        NOTICE,
        "图形有微小自相交，已修复",
        "请在 ArcGIS/QGIS 中“修复几何”后重新导出",
        "自然资源局（不动产登记中心）",
    ),
    "E235": IssueKind(
        NOTICE,
        "评价基准日未指定，取数据年度的 12 月 31 日",
        "如不对，请在参数表“项目”一节的“评价基准日”指定（landeval.toml 中指定 as_of）",
    ),
    "E265": IssueKind(
        ERROR,
        "行业代码不是国民经济行业分类（GB/T 4754）的代码，行业按未知处理",
        "请改为 2 至 4 位行业代码，如 3511（前面可带门类字母 C）",
        "统计局",
        thing=("record_key", "column"),
    ),
    "E266": IssueKind(
        ERROR,
        "生产状态看不出是生产、停产还是半停产，按未知处理",
        "请改为 正常生产、半停产、停产 之一，停产的写明停产日期",
        "园区管委会、科工局",
    ),
    "E267": IssueKind(
        ERROR,
        "同名企业有不同的信用代码，按几家企业分别处理",
        "请核对信用代码；确是一家的改成同一个代码",
        "市场监督管理局",
    ),
    "E268": IssueKind(
        ERROR,
        "累计固定资产投资比上年少，已采用但请核实",
        "请核对是否把当年投资填成累计数，或单位、企业填错",
        "发展和改革局",
        doubt=USED,
    ),
    "E269": IssueKind(
        ERROR,
        "停产日期早于投产日期，已采用但请核实",
        "请核实两个日期，填错的改正",
        thing=("record_key", "column"),
        about="stopped_production_on",
        doubt=USED,
    ),
    "E270": IssueKind(
        ERROR,
        "与另一宗图形重叠，重叠面积在两宗和汇总中都计入",
        "请核对两宗的界址，改正重叠部分后重新导出",
        "自然资源局（不动产登记中心）",
        doubt=USED,
    ),
    "E271": IssueKind(
        ERROR,
        "图形小于 1 ㎡，不能是一宗地，图形面积不采用",
        "请删除碎片图形或补绘完整图形",
        "自然资源局（不动产登记中心）",
    ),
    "E272": IssueKind(
        ERROR,
        "图形大得不能是一宗地，图形面积不采用",
        "请核对是否误选了行政区或园区范围的图形，或坐标有误",
        "自然资源局（不动产登记中心）",
    ),
    "E273": IssueKind(
        NOTICE,
        "孔的方向与外环相同，按内外关系作为孔扣除",
        "请核对该环是孔还是重复绘制，并在 ArcGIS/QGIS 中“修复几何”后重新导出",
        "自然资源局（不动产登记中心）",
    ),
    "E275": IssueKind(
        NOTICE,
        "图形有尖刺（夹角小于 1°），面积按所绘图形",
        "请在 ArcGIS/QGIS 中删除尖刺处的界址点",
        "自然资源局（不动产登记中心）",
    ),
    "E276": IssueKind(NOTICE, "图形带有高程（Z）或量测值（M），未采用", "无需处理"),
    "E277": IssueKind(
        NOTICE,
        "图形是面、线、点的集合，只采用其中的面",
        "请核对后只保留面",
        "自然资源局（不动产登记中心）",
    ),
    "E278": IssueKind(
        NOTICE,
        "各图层的坐标系不同，已统一换算",
        "无需处理；如位置不对，请核对各图层的坐标系，不对的写明参数表该节的“坐标系”（landeval.toml 中的 crs）",
    ),
    "E279": IssueKind(
        ERROR,
        "疑似高德、腾讯等地图的 GCJ-02（火星）坐标，位置可能偏移约 600 米，未作纠正",
        "请向提供单位核实坐标来源，改用 CGCS2000 坐标的图层",
        "自然资源局（测绘）",
    ),
    "E280": IssueKind(
        NOTICE,
        "坐标系文件（.prj）的名称与参数不一致，按参数",
        "请核对带号和中央子午线；如参数有误，请在参数表该节的“坐标系”写明（landeval.toml 中写明 crs）",
        "自然资源局（测绘）",
    ),
    "E281": IssueKind(
        ERROR,
        "税务登记面积与评价面积相差超过 1% 或 50 ㎡",
        "请核对土地使用税计税面积，以权籍调查为准",
        "税务局",
    ),
    "E282": IssueKind(
        ERROR,
        "合同面积与证载面积相差超过 1% 或 50 ㎡",
        "请核对合同与不动产权证，采用证载面积",
        "自然资源局（土地利用股）",
        doubt=USED,
    ),
    "E283": IssueKind(
        ERROR,
        "同一层级的分区重叠，重叠处的宗地按重叠最大的分区计入",
        "请核对布局图的分区界线",
        "园区管委会",
    ),
    "E284": IssueKind(
        NOTICE,
        "按参数表该节的“横纵坐标互换”（landeval.toml 的 swap_axes）互换了 X、Y",
        "如不对，请删去参数表该节的“横纵坐标互换”（landeval.toml 的 swap_axes）",
    ),
    "E285": IssueKind(
        ERROR,
        "分区大部分在其上级分区之外",
        "请核对布局图的上级编号和分区界线",
        "园区管委会",
    ),
    "E286": IssueKind(
        ERROR,
        "宗地代码和图形都与另一条相同而其他内容不同，只采用填得较全的一条，本条列为重复，面积只计一次",
        "请核对两条记录，删除不对的一条",
        "自然资源局（不动产登记中心）",
    ),
    "E241": IssueKind(
        ERROR,
        "代码以数字存放，末几位已丢失，按未知处理",
        "请从原系统重新导出，并把该列设为文本格式",
    ),
    "E243": IssueKind(
        ERROR,
        "信用代码一栏不是代码（如“办理中”、0），按未知处理",
        "请补充信用代码，没有的留空",
        "市场监督管理局",
    ),
    "E244": IssueKind(
        ERROR,
        "设置指定的单位与表头写明的不同，按设置",
        "请核对参数表该节的“列的单位：数据项”一行（landeval.toml 的 units）",
    ),
    "E245": IssueKind(
        ERROR,
        "亩均值超出可信范围，可能是金额或面积的单位写错，按未知处理",
        "请核对表头的单位（元/万元、㎡/亩）和数值",
    ),
    "E250": IssueKind(
        NOTICE,
        "信用代码改动一处形近字即可通过校验，仅供核对，未据此匹配",
        "请与市场监督管理局核对后改正",
        "市场监督管理局",
        ("used_value",),
    ),
    "E251": IssueKind(
        NOTICE,
        "同一信用代码有不同的名称，按信用代码认作同一企业",
        "如为更名，请把旧名填入“曾用名”；如代码填错，请改正",
        "市场监督管理局",
    ),
    "E252": IssueKind(
        ERROR,
        "信用代码与名称指向不同的企业，未自动匹配，待复核",
        "请核对信用代码与名称哪一个填错",
        "市场监督管理局",
    ),
    "E253": IssueKind(NOTICE, "文字中有换行、制表符、控制字符或零宽字符，已清除", "无需处理"),
    "E254": IssueKind(
        NOTICE,
        "日期只写到月，实际动工、签订按当月第一天，其余按当月最后一天",
        "请补充到日",
        "自然资源局（土地利用股）",
    ),
    "E255": IssueKind(
        ERROR,
        "表中有几个年度的列，而该列没有写明年度，未采用",
        "请在表头写明年度，如“工业总产值（2024年，万元）”",
    ),
    "E256": IssueKind(
        ERROR,
        "不可能为负的数是负数，按未知处理，金额列为已排除",
        "请核对数值，没有数据的留空",
        doubt=UNUSED,
    ),
    "E257": IssueKind(NOTICE, "负数，按退税或冲减采用", "如不是退税或冲减，请改正"),
    "E258": IssueKind(
        ERROR,
        "比同列其他行大上千倍，可能是把元当作万元填写，按未知处理，金额列为已排除",
        "请核对该行的单位；如数值属实，请在单元格中写明单位，如“90000万元”",
        doubt=UNUSED,
    ),
    "E259": IssueKind(
        ERROR,
        "比同列其他行小上千倍，可能是单位写错，已采用但请核实",
        "请核对该行的单位；如属实，请在单元格中写明单位",
        doubt=USED,
    ),
    "E260": IssueKind(
        NOTICE,
        "同一项有几个年度的列，已按年度分开采用",
        "如不对，请在参数表该节加一行“列名对应：数据项”，只指定一列（landeval.toml 的 columns 中只指定一列）",
    ),
    "E261": IssueKind(
        ERROR,
        "看不出是比例（0.125）还是百分数（12.5），按未知处理",
        "请把整列改为带百分号的写法，如“12.5%”",
    ),
    "E262": IssueKind(NOTICE, "整列大于 1，按百分数采用", "如不对，请改为带百分号的写法"),
    "E263": IssueKind(
        ERROR,
        "同一项有两列而数值不同，按未知处理，金额列为已排除",
        "请核对后在参数表该节加一行“列名对应：数据项”，指定采用哪一列（landeval.toml 的 columns 中指定采用哪一列），或把不用的一列删去",
        doubt=UNUSED,
    ),
    "E264": IssueKind(
        NOTICE,
        "单元格只有“—”“/”一类的符号，按未知处理，不当作零，也不当作写了内容",
        "确是零的请写 0，确是没有的请写“无”；不知道的留空",
    ),
    # ---- linking ------------------------------------------------------------------------------------------
    "E301": IssueKind(
        ERROR,
        "企业没有对应的宗地，其金额列为未匹配",
        "请核对企业名称、信用代码或补充宗地代码",
        "园区管委会",
        ("record_key", "what"),
    ),
    "E302": IssueKind(
        NOTICE, "宗地没有对应的企业，亩均指标未知", "请核对权利人名称、信用代码，或提供承租企业", "园区管委会"
    ),
    "E303": IssueKind(ERROR, "同名对应多个企业，未自动匹配", "请补充信用代码", "园区管委会"),
    "E304": IssueKind(NOTICE, "按名称匹配，信用代码一方缺失", "请补充信用代码"),
    "E305": IssueKind(ERROR, "名称相同但信用代码不同，未自动匹配", "请核对信用代码", "市场监督管理局"),
    "E306": IssueKind(
        NOTICE,
        "一宗地有多个企业且缺少各自用地面积，按户均分面积",
        "请补充各企业的用地面积",
        "园区管委会",
        doubt=USED,
    ),
    "E307": IssueKind(
        ERROR, "台账记录没有对应的宗地图形", "请核对宗地代码、电子监管号", "自然资源局（土地利用股）"
    ),
    "E308": IssueKind(
        NOTICE, "宗地没有供地台账记录，动工时间等未知", "请补充供地台账", "自然资源局（土地利用股）"
    ),
    "E309": IssueKind(
        ERROR,
        "同一宗地有多条台账且内容不一致，该项按未知处理",
        "请核对并保留有效的一条",
        "自然资源局（土地利用股）",
        doubt=UNUSED,
    ),
    "E310": IssueKind(
        ERROR, "宗地表与台账的同一项不一致，采用台账", "请核对", "自然资源局（土地利用股）", doubt=USED
    ),
    "E311": IssueKind(
        NOTICE,
        "一份合同对应多宗地，价款、投资和开发面积按面积分摊，合同面积不作各宗面积",
        "请核对",
        "自然资源局（土地利用股）",
    ),
    "E312": IssueKind(NOTICE, "按曾用名匹配", "请更新权利人名称", "自然资源局（不动产登记中心）"),
    "E313": IssueKind(ERROR, "宗地上部分企业缺少该项数据，合计未知", "请补充所缺企业的数据"),
    "E314": IssueKind(
        ERROR,
        "企业有多宗地而部分宗地面积未知，金额无法分摊，列为未匹配",
        "请补充宗地面积",
        thing=("record_key",),
    ),
    "E315": IssueKind(
        ERROR,
        "同一合同的几行价款完全相同，可能是把合同总额重复填在每宗，价款按未知处理，面积也相同的连同合同面积",
        "请把合同总额按各宗面积分开，每宗一行填自己的价款和面积",
        "自然资源局（土地利用股）",
        doubt=UNUSED,
    ),
    "E316": IssueKind(
        NOTICE,
        "按近似名称自动匹配，依据是参数表“匹配”一节的“相近名称自动采用”（landeval.toml 的 [link] near_threshold）",
        "请逐条核对",
        "园区管委会",
    ),
    "E317": IssueKind(
        NOTICE, "按组织机构代码（信用代码第 9–17 位）且名称一致匹配", "请更新为统一社会信用代码"
    ),
    "E318": IssueKind(
        NOTICE, "名称相近，未自动匹配，列入匹配复核", "请在 匹配复核.xlsx 中写 确认 或 否决", "园区管委会"
    ),
    "E319": IssueKind(
        ERROR,
        "约定分摊比例不齐或加起来不是 100%，没有采用",
        "请在 匹配复核.xlsx 或匹配决定中给该宗地的每一家写明比例，合计为 100%",
        "园区管委会",
    ),
    "E320": IssueKind(
        NOTICE, "匹配率低于通过线，须在报告中说明", "请补充信用代码、宗地代码，或完成匹配复核", "园区管委会"
    ),
    "E321": IssueKind(
        ERROR,
        "匹配率不通过，汇总指标不能代表园区",
        "请核对两份资料是否同一园区、同一年度，并完成匹配复核",
        "园区管委会",
    ),
    "E323": IssueKind(
        NOTICE,
        "台账的受让人与宗地的权利人不同，台账各项照采用",
        "可能已转让、改名，也可能宗地代码写错；请核对这份合同是不是这宗地的",
        "自然资源局（土地利用股）",
        doubt=USED,
    ),
    "E322": IssueKind(
        ERROR,
        "宗地还有别家在用而企业表中没有，该宗金额合计和亩均未知，不作评价",
        "请补充其余承租企业的资料，或核对承租、出租面积",
        "园区管委会",
    ),
    "E324": IssueKind(
        NOTICE,
        "企业填报的用地面积与对应宗地的面积相差 1.5 倍以上，亩均按对应的宗地计算",
        "可能还有宗地没有对应到这家企业、填报的单位不对（亩、㎡），或有承租的没有列出；请核对用地面积和匹配",
        "园区管委会",
        doubt=USED,
    ),
    "E331": IssueKind(
        ERROR, "匹配决定没有采用", "请按说明改好决定，或重新运行后在新的 匹配复核.xlsx 中填写", "园区管委会"
    ),
    "E332": IssueKind(
        NOTICE, "匹配决定已不再需要：没有其他线索把这两者联系起来", "无需处理；可从匹配决定中删去该行"
    ),
    # ---- judging ------------------------------------------------------------------------------------------
    "E401": IssueKind(
        ERROR,
        "有竣工日期而无动工日期，是否动工待核实",
        "请核实实际动工日期",
        "自然资源局（执法监察）",
        about="actual_start",
    ),
    "E402": IssueKind(
        ERROR,
        "动工早于合同签订",
        "请核实合同签订日期与动工日期",
        "自然资源局（土地利用股）",
        about="actual_start",
    ),
    "E403": IssueKind(
        ERROR,
        "竣工早于动工",
        "请核实动工与竣工日期",
        "自然资源局（土地利用股）",
        about="actual_completion",
    ),
    "E404": IssueKind(
        ERROR,
        "未见动工记录却有产值或税收",
        "请实地核实是否已动工投产",
        "园区管委会",
        about="actual_start",
    ),
    "E405": IssueKind(
        ERROR,
        "豁免已到期，不再适用",
        "请续办或按正常宗地评价",
        "自然资源局、园区管委会",
        about="exemption_until",
    ),
    "E406": IssueKind(
        ERROR,
        "豁免没有依据，不予适用",
        "请补充批准文件",
        "自然资源局、园区管委会",
        about="exemption_evidence",
    ),
    "E407": IssueKind(
        NOTICE,
        "中止开发的面积与投资两项比例仅一项达不到，须人工研判",
        "请结合现场认定",
        "自然资源局（执法监察）",
        about="built_area_m2",
    ),
    "E408": IssueKind(NOTICE, "日期晚于评价基准日", "请核对日期或基准日"),
    "E410": IssueKind(
        ERROR,
        "有闲置土地认定书，而按所填日期不构成闲置或无法计算",
        "请核实认定书是否仍有效、是否已处置，并补充日期",
        "自然资源局（执法监察）",
        about="idle_decision_no",
    ),
    "E411": IssueKind(
        ERROR,
        "日期已填写但无法识别，或几处相互矛盾，不按空白处理",
        "请核对原件后改为 2024-12-31 的写法",
        "自然资源局（土地利用股）",
    ),
    "E412": IssueKind(
        ERROR,
        "豁免起始或截止日期无法识别或先后颠倒，豁免不予适用",
        "请把日期改为 2024-12-31 的写法，并核对先后",
        "自然资源局、园区管委会",
        about="exemption_until",
    ),
    "E409": IssueKind(
        ERROR,
        "动工早于施工许可",
        "请核实动工日期和施工许可日期",
        "住建局（施工许可）",
        about="actual_start",
    ),
    "E413": IssueKind(
        ERROR,
        "填报停产、半停产，而产值没有下降",
        "请实地核实生产状态和停产日期",
        "园区管委会、科工局",
        about="production_status",
    ),
    "E414": IssueKind(
        ERROR,
        "未见动工记录，却有建筑或已动工面积",
        "请实地核实是否已动工",
        "自然资源局（执法监察）",
        about="actual_start",
    ),
    "E415": IssueKind(
        ERROR,
        "已动工而没有施工许可证号",
        "请核实是否依法取得施工许可",
        "住建局（施工许可）",
        about="construction_permit_no",
    ),
    "E417": IssueKind(
        ERROR,
        "填报正常生产，而产值为零或不足上年三成",
        "请实地核实生产状态",
        "园区管委会、科工局",
        about="production_status",
    ),
    "E418": IssueKind(
        ERROR,
        "已动工面积或已投资额大于总额",
        "请核实两项数字和单位",
        "自然资源局（执法监察）、发展和改革局",
        about="built_area_m2",
    ),
    "E419": IssueKind(
        NOTICE,
        "实际交地晚于约定交地，可能属第八条第一款第一项",
        "认定原因时请一并核实，有依据的写入“未动工原因依据”",
        "自然资源局（土地利用股）",
        about="delivered_on",
    ),
    "E420": IssueKind(
        ERROR,
        "豁免登记没有对应的宗地，没有采用",
        "请核对宗地代码、电子监管号、合同编号或权利人",
        "自然资源局、园区管委会",
    ),
    "E421": IssueKind(
        ERROR,
        "豁免登记的编号或名称对应几宗地，没有采用",
        "请逐宗写明宗地标识，或写信用代码",
        "自然资源局、园区管委会",
    ),
    "E422": IssueKind(
        NOTICE,
        "豁免登记只写了权利人，用于其名下全部自有宗地",
        "如只豁免其中几宗，请写明宗地代码",
        "自然资源局、园区管委会",
    ),
    "E423": IssueKind(
        NOTICE,
        "豁免尚未生效，不予适用",
        "无需处理；如起始日期有误，请改正",
        "自然资源局、园区管委会",
        about="exemption_from",
    ),
    "E424": IssueKind(
        NOTICE, "不认识的豁免类型，按“其他”处理", "请改用 docs/豁免登记.md 中的类型", "自然资源局、园区管委会"
    ),
    "E425": IssueKind(
        ERROR,
        "豁免没有截止日期，不予适用",
        "请填写批准文件中的截止日期",
        "自然资源局、园区管委会",
        about="exemption_until",
    ),
    "E426": IssueKind(
        NOTICE,
        "豁免不及于闲置，闲置照常判定",
        "属政府原因的请填“未动工原因”和依据；已批准延期的请填“批准延期动工日期”",
        "自然资源局（执法监察）",
    ),
    "E427": IssueKind(
        ERROR,
        "豁免范围无法识别，豁免不予适用",
        "请写 全部、闲置、低效、亩均、产值、税收 中的一项或几项",
        "自然资源局、园区管委会",
        about="exemption_scope",
    ),
    "E428": IssueKind(
        ERROR,
        "台账写企业原因，而豁免登记为政府原因，按待认定处理",
        "请核实原因后改正其中一处",
        "自然资源局（执法监察）",
    ),
    "E429": IssueKind(
        ERROR,
        "豁免登记自相矛盾，或不属该宗地的权利人，没有采用",
        "请核对编号与权利人；宗地已转让的须重新批准",
        "自然资源局、园区管委会",
    ),
    "E430": IssueKind(
        NOTICE,
        "土地用途是代码，按整层的代码认出所属分类，已换成名称",
        "如不对，请在参数表“评判”一节的“用途代码体系”写明（landeval.toml 的 [judge] 中写明 land_use_codes）",
        "自然资源局（用途管制）",
    ),
    "E431": IssueKind(
        ERROR,
        "土地用途是代码，看不出属于哪一套分类，按未知处理",
        "请在参数表“评判”一节的“用途代码体系”写明（landeval.toml 的 [judge] 中写明 land_use_codes），或改填名称（工业用地）",
        "自然资源局（用途管制）",
    ),
    "E482": IssueKind(
        NOTICE,
        "加分、扣分事项不在评价方案的表中，没有计分",
        "请按评价方案中的名称填写，或把该事项和分值写入本单位的评价方案",
        "园区管委会",
    ),
    "E483": IssueKind(
        NOTICE,
        "上年评价等级不是评价方案的等级，没有比较，也没有限制升级",
        "请按方案填写，如 A、B、C、D",
        "园区管委会",
    ),
    "E484": IssueKind(ERROR, "指标缺数，按评价方案计零分", "请补齐该项数据后重新运行"),
    "E485": IssueKind(NOTICE, "指标缺数，按评价方案取本名单该项的平均得分", "请补齐该项数据后重新运行"),
    "E486": IssueKind(NOTICE, "指标缺数，该项不计分，权重按比例摊到其余指标", "请补齐该项数据后重新运行"),
    "E487": IssueKind(
        ERROR,
        "指标的基准值算不出来，本名单该项一律不计分，权重摊到其余指标",
        "请补齐所列的数据（本年或上年，空表见 landeval init 建立的“输入”文件夹），或在评价方案中写明基准值",
    ),
    "E488": IssueKind(
        ERROR,
        "资料不足，企业没有评价等级",
        "缺哪几项写在“问题”一列和企业表的“评价说明”里，请在有该项的表中补齐后重新运行",
        "园区管委会",
    ),
    "E489": IssueKind(
        NOTICE,
        "评价方案有建议或未核实的内容",
        "请由县确认后写入本单位的评价方案（写法见 docs/评价方法.md）",
        "园区管委会",
    ),
    "E470": IssueKind(
        ERROR,
        "填报政府原因或不可抗力而没有依据，按待认定处理",
        "请补充“未动工原因依据”（文号或材料名称）",
        "自然资源局（执法监察）",
        about="cause_evidence",
    ),
    "E471": IssueKind(
        ERROR,
        "复工早于停工，或停工早于动工",
        "请核实三个日期",
        "自然资源局（执法监察）",
        about="resumed_on",
    ),
    "E450": IssueKind(ERROR, "办理日期的先后有矛盾", "请核对两份文书的送达回证", "自然资源局（执法监察）"),
    "E451": IssueKind(
        ERROR,
        "已有征缴、收回决定书，而中止开发的和政府原因、不可抗力造成的只能协商处置（第十二条）",
        "请核实闲置类型、原因和决定书是否有效",
        "自然资源局（执法监察）",
    ),
    "E452": IssueKind(
        ERROR,
        "已有征缴、收回决定书或处置协议，而闲置原因待认定",
        "请补充认定书载明的原因",
        "自然资源局（执法监察）",
    ),
    "E453": IssueKind(
        ERROR,
        "决定书早于法定年限届满之日（征缴须满一年，收回须满两年）",
        "请核对应动工日期和决定书送达日期",
        "自然资源局（执法监察）",
    ),
    "E454": IssueKind(
        NOTICE, "后一步文书已办，前一步没有日期", "请补登前一步的送达日期", "自然资源局（执法监察）"
    ),
    "E455": IssueKind(
        NOTICE, "办理日期晚于评价基准日，不计为已办", "请核对日期或基准日", "自然资源局（执法监察）"
    ),
    "E456": IssueKind(
        NOTICE,
        "有闲置土地办理记录，而评价结论不是闲置，未列办理日程",
        "如已处置完毕请写明；否则请核实动工、停工日期",
        "自然资源局（执法监察）",
    ),
    "E457": IssueKind(
        ERROR,
        "未录入监管系统，而已批准处置方案或签订处置协议（第二十五条）",
        "请先补录监管系统",
        "自然资源局（土地利用股）",
        about="is_in_supervision_system",
    ),
    "E458": IssueKind(
        ERROR,
        "处置协议的日期待核",
        "请核对协议；约定了新动工日期的，须填入“批准延期动工日期”才重新起算",
        "自然资源局（土地利用股）",
    ),
    "E459": IssueKind(
        ERROR,
        "设有抵押权，处置方案或决定已出，没有书面通知抵押权人的日期",
        "请补办书面通知或补登日期",
        "自然资源局（执法监察）",
        about="mortgagee_notified_on",
    ),
    # ---- buildings ----------------------------------------------------------------------------------------
    "E460": IssueKind(
        ERROR,
        "建筑没有图形，落不到宗地，没有计入任何宗地的建筑占地和建筑面积",
        "请补绘或重新导出图形",
        "住建局",
    ),
    "E461": IssueKind(
        ERROR,
        "建筑的层数、高度或建筑面积不合常理，原值未改",
        "请核对层数、高度（米）和建筑面积（㎡）",
        "住建局",
    ),
    "E462": IssueKind(
        ERROR,
        "建筑图形自相交或无效，所压宗地的建筑占地、建筑面积按未知处理",
        "请在 ArcGIS/QGIS 中“修复几何”后重新导出",
        "住建局",
    ),
    "E463": IssueKind(
        ERROR,
        "与另一幢建筑重叠，占地只计一次；重叠超过 5% 而没有填报建筑面积的，或两幢几乎重合的，建筑面积按未知处理",
        "请核对是否重复绘制；裙楼和塔楼请各填建筑面积",
        "住建局",
    ),
    "E464": IssueKind(
        ERROR,
        "建筑面积和层数都没有可用的数，所在宗地的容积率按未知处理",
        "请补充层数或建筑面积",
        "住建局",
    ),
    "E465": IssueKind(
        ERROR,
        "填报数与按建筑图层推算的相差超过 5%，采用填报数",
        "请核对填报数，或核对建筑图层是否过时",
        "住建局",
        doubt=USED,
    ),
    "E466": IssueKind(
        NOTICE,
        "建筑所在处几宗地重叠或重合：重叠的各宗都计入，图形完全重合的按评价面积分摊",
        "请核对各宗的界址",
        "自然资源局（不动产登记中心）",
    ),
    "E467": IssueKind(
        ERROR,
        "有产值税收或已竣工，建筑图层在此却没有建筑，建筑占地按未知处理",
        "请核对建筑图层是否漏绘或过时",
        "住建局",
    ),
    "E468": IssueKind(
        NOTICE,
        "有建筑不在任何宗地上，或许多建筑压着宗地边界",
        "如应在宗地以内，请核对两个图层的坐标系，以及宗地是否齐全",
    ),
    "E469": IssueKind(
        ERROR,
        "层高超过 8 米的建筑面积大于总建筑面积，加倍的容积率按未知处理",
        "请核对两项建筑面积",
        "住建局",
    ),
    # ---- entry check --------------------------------------------------------------------------------------
    "E441": IssueKind(
        ERROR,
        "拟用地面积没有写明单位，按未知处理",
        "请在表头写明，如 拟用地面积(亩)，或在参数表“准入项目表”一节加一行“列的单位：数据项”（landeval.toml 的 [projects.units] 中指定）",
        "申报单位",
    ),
    "E442": IssueKind(ERROR, "拟用地面积为零，按未知处理", "请填写拟用地面积", "申报单位"),
    "E443": IssueKind(
        ERROR,
        "层高超过 8 米的建筑面积大于总建筑面积，两项都按未知处理",
        "请核对两项面积：前者是总建筑面积的一部分",
        "申报单位",
    ),
    "E444": IssueKind(ERROR, "占地部分大于拟用地面积，按未知处理", "请核对两项面积和单位", "申报单位"),
    "E445": IssueKind(NOTICE, "模板中的示例行，不是项目", "无需处理；如是真实项目，请去掉名称前的“【示例】”"),
    "E446": IssueKind(ERROR, "没有项目名称，也没有投资主体，按行号列出", "请填写项目名称", "申报单位"),
    "E447": IssueKind(
        NOTICE, "有同名而内容不同的项目，逐行分别审查", "如是同一项目，请只保留一行", "申报单位"
    ),
    # ---- the land supply board ----------------------------------------------------------------------------
    "E540": IssueKind(NOTICE, "模板中的示例行，不是地块", "无需处理；如是真实地块，请去掉名称前的“【示例】”"),
    "E541": IssueKind(
        ERROR,
        "地块面积没有写明单位，按未知处理",
        "请在表头写明，如 地块面积(亩)",
        "自然资源局（土地储备中心）",
    ),
    "E542": IssueKind(
        ERROR,
        "地块面积为零，或与图形相差过大，按未知处理",
        "请核对面积、单位和图形",
        "自然资源局（土地储备中心）",
    ),
    "E543": IssueKind(
        NOTICE, "地块面积与图形面积不一致，采用表中面积", "请核对面积和图形", "自然资源局（土地储备中心）"
    ),
    "E544": IssueKind(ERROR, "地块图形缺失或不可靠，未用于量算", "请修复图形", "自然资源局（土地储备中心）"),
    "E545": IssueKind(
        ERROR,
        "几行地块编号相同而内容不同，都列出，阶段不作判定",
        "请删去多余的行，或分别编号",
        "自然资源局（土地储备中心）",
    ),
    "E546": IssueKind(
        ERROR, "供地表与宗地的阶段不一致", "请核对供地表和台账、现场", "自然资源局（土地利用股）"
    ),
    "E547": IssueKind(
        NOTICE, "供地表与宗地的面积不一致，采用宗地的评价面积", "请核对两处面积", "自然资源局（土地利用股）"
    ),
    "E548": IssueKind(
        ERROR,
        "供地表作未供，宗地却有权利人或合同，阶段不作判定",
        "请核对是否已经供地",
        "自然资源局（土地利用股）",
    ),
    "E549": IssueKind(
        NOTICE,
        "供地表的宗地代码对不上唯一的宗地，只按供地表判定",
        "请核对宗地代码",
        "自然资源局（土地利用股）",
    ),
    "E550": IssueKind(ERROR, "园区范围的图形缺失或不可靠，整个范围不用", "请修复图形", "园区管委会"),
    "E554": IssueKind(
        NOTICE,
        "园区范围没有写明是原批准范围还是拟调整范围，按原批准范围",
        "请在“范围类型”列写明",
        "园区管委会",
    ),
    "E555": IssueKind(ERROR, "建成面积或比例有矛盾，按未知处理", "请核对建成面积、比例", "园区管委会"),
    "E556": IssueKind(
        ERROR,
        "写明的到期日期与按年限推算的不一致，采用写明的",
        "请核对合同的年限和到期日期",
        "自然资源局（土地利用股）",
    ),
    "E557": IssueKind(
        NOTICE,
        "写了供应方式而没有供地日期，是否已供不作判定",
        "请填写供地日期；没有供出的，把供应方式清空",
        "自然资源局（土地利用股）",
    ),
    "E559": IssueKind(
        ERROR,
        "地块没有可用的面积，也没有可靠的图形，面积未知",
        "请填写地块面积和单位",
        "自然资源局（土地储备中心）",
    ),
    # ---- images as witnesses ------------------------------------------------------------------------------
    "E560": IssueKind(
        NOTICE,
        "影像没有写明可以量算的波段（须有红和近红外，或高度，或夜光），不量算",
        "请在参数表该节加“波段：red”“波段：nir”等行，值写序号（landeval.toml 的 [[imagery]] 中写明，如 bands = { red = 3, nir = 4 }）；"
        "单波段的高度、夜光影像写参数表该节的“类型”（landeval.toml 的 kind）；分波段的文件先合成一个",
    ),
    "E561": IssueKind(
        NOTICE,
        "影像没有写明拍摄日期，按文件名中的年份推定",
        "请写明参数表该节的“拍摄日期”（landeval.toml 的 [[imagery]] date）",
    ),
    "E562": IssueKind(
        NOTICE,
        "影像没有拍摄日期，只列数值，不比较前后、不作旁证",
        "请写明参数表该节的“拍摄日期”（landeval.toml 的 [[imagery]] date）",
    ),
    "E563": IssueKind(NOTICE, "宗地只有部分在影像范围内，数值只代表这一部分", "请补充覆盖该宗地的影像"),
    "E564": IssueKind(NOTICE, "宗地在影像中的像元过少，数值仅供参考，不作旁证", "请用更清晰的影像"),
    "E565": IssueKind(ERROR, "宗地所在部分的影像读不出，数值未知", "请重新复制或下载该影像"),
    "E566": IssueKind(
        NOTICE,
        "台账为已竣工或在产，影像疑似未建设",
        "请实地核实，或核对竣工、投产记录和影像日期",
        "自然资源局（土地利用股）",
    ),
    "E567": IssueKind(
        NOTICE,
        "台账没有动工记录或动工晚于影像，影像上已有建设",
        "请实地核实，补填或更正实际动工日期",
        "自然资源局（土地利用股）",
    ),
    "E568": IssueKind(NOTICE, "台账为在产，影像疑似停用", "请实地核实生产状态", "园区管委会"),
    "E569": IssueKind(NOTICE, "影像晚于基准日，只列数值，不作旁证", "无需处理；如要采用，请改基准日"),
    "E570": IssueKind(NOTICE, "前后两期影像的像元大小或波段不同，变化可能是影像造成的", "请用同一种影像比较"),
    "E571": IssueKind(
        ERROR,
        "影像是旧坐标系，与宗地可能错开数十米，只检查不量算",
        "请先把影像换算到 CGCS2000；接受偏移的，请写明参数表“坐标换算”一节的“接受近似换算”为“是”（landeval.toml 的 [crs] accept_ballpark = true）",
    ),
    "E574": IssueKind(
        NOTICE,
        "影像是未换算的灰度值，植被、裸土、建设比例可能偏差较大，须对照裁图",
        "请用反射率影像，或写明参数表该节的“系数”“加数”（landeval.toml 的 [[imagery]] scale、offset）",
    ),
    "E572": IssueKind(NOTICE, "宗地太大，一次读不下，未量算", "请用像元较大的影像"),
    "E573": IssueKind(NOTICE, "宗地在影像中的无数据或云过多，数值仅供参考，不作旁证", "请补充无云的影像"),
    # ---- placing ------------------------------------------------------------------------------------------
    "E501": IssueKind(NOTICE, "宗地不在任何分区内", "请核对布局图或宗地位置", "园区管委会"),
    "E502": IssueKind(NOTICE, "宗地跨分区，按重叠最大的分区计入", "请核对分区界线", "园区管委会"),
    "E503": IssueKind(ERROR, "分区的上级编号不存在", "请核对布局图的上级编号", "园区管委会"),
    "E504": IssueKind(ERROR, "分区图形无效或缺失，未用于落区", "请修复布局图", "园区管委会"),
    "E505": IssueKind(
        ERROR, "同一层级的分区编号重复而名称不同，已加序号区分", "请核对布局图的编号", "园区管委会"
    ),
    # ---- intensive-use index ------------------------------------------------------------------------------
    "E506": IssueKind(
        ERROR,
        "指数数据表中不认识的代码，或代码与数据项名称不一致，没有采用",
        "请按空白表的代码和名称填写（landeval index --form 生成）",
        "园区管委会",
    ),
    "E507": IssueKind(
        ERROR, "指数数据表同一代码有几行而数值不一致，按未知处理", "请只保留正确的一行", "园区管委会"
    ),
    "E508": IssueKind(
        ERROR,
        "指数数据表的数值不能用，按未知处理",
        "请填不小于零的数；不知道的留空，没有的写 0",
        "园区管委会",
    ),
    "E509": IssueKind(
        ERROR, "指数数据表的合计与分项之和不符，合计按未知处理", "请核对合计和各分项", "园区管委会"
    ),
    "E510": IssueKind(
        ERROR, "指数数据表的一项大于它所属的一项，按未知处理", "请核对两项的数值和单位", "园区管委会"
    ),
    "E511": IssueKind(
        ERROR,
        "指数数据表的单位没有写或不认识，按未知处理",
        "请照空白表写单位：公顷、㎡、亩、万元、人、%",
        "园区管委会",
    ),
    "E512": IssueKind(
        NOTICE,
        "指数数据表与按宗地汇总的数不一致，采用数据表",
        "请核对范围和口径是否相同",
        "园区管委会",
    ),
    "E513": IssueKind(
        NOTICE,
        "指标值好于理想值，标准化值按 1 计，不多计分",
        "请核对数据；确实好于理想值的，可在方案中提高理想值",
        "园区管委会",
    ),
    "E514": IssueKind(
        ERROR, "指标缺数，指数得分未知，不按比例摊给其余指标", "请补齐所缺的数据", "园区管委会"
    ),
    "E515": IssueKind(
        NOTICE,
        "集约利用指数为内部测算，方案有建议或未核实的内容",
        "请由县确认权重和理想值后写入本单位的方案（写法见 docs/集约利用指数.md）",
        "自然资源局（土地利用股）",
    ),
    "E516": IssueKind(
        ERROR,
        "开发区类型无法判定，指数没有测算",
        "请补充 A、A1、A2 的面积，或在参数表“集约利用指数”一节的“类型”写明（landeval.toml 的 [index] 中写明 type）",
        "园区管委会",
    ),
    "E517": IssueKind(
        ERROR,
        "指标没有理想值，指数得分未知",
        "请由县确定理想值，写入参数表“指数改动”一节（landeval.toml 的 [[index.change]]）或本单位的方案",
        "自然资源局（土地利用股）",
    ),
    # ---- targets board ------------------------------------------------------------------------------------
    "E520": IssueKind(
        ERROR, "指标不在方案的目标中，这一行没有采用", "请照空白表（landeval targets --form）中的名称填写"
    ),
    "E521": IssueKind(
        ERROR,
        "对象认不出，或方案没有为它定这个指标，这一行没有采用",
        "请写园区、全县或产业门类，如 先进装备制造",
    ),
    "E522": IssueKind(ERROR, "没有年份，这一行没有采用", "请填四位年份，如 2024"),
    "E523": IssueKind(
        NOTICE,
        "该年在评价基准日还没有结束，没有采用",
        "请改用已结束的年份，或把评价基准日改到该年 12 月 31 日以后",
    ),
    "E524": IssueKind(
        ERROR,
        "没有计量单位，或单位不能换算，数值按未知处理",
        "请在“计量单位”列写明，如 亿元、万元、%、家；外资、进出口要写美元（万美元、亿美元）",
    ),
    "E525": IssueKind(ERROR, "数值读不出，按未知处理", "请只填一个数；不知道的留空"),
    "E526": IssueKind(ERROR, "同一指标、对象、年份有不同的数值，都没有采用", "请核实后只保留一个"),
    "E527": IssueKind(
        ERROR,
        "百分数不大于 1，分不清 0.45 是 45% 还是 0.45%，按未知处理",
        "请在数值后写上百分号，如 45% 或 0.45%",
    ),
    "E528": IssueKind(
        ERROR, "数值不可能（负数、超过 100% 的占比、不是整数的个数），按未知处理", "请核对数值和单位"
    ),
    "E532": IssueKind(
        NOTICE,
        "设置中指定产业门类的企业不在企业表中",
        "请核对参数表“目标进度”一节的“企业归类”（landeval.toml 的 [board.enterprises]）中的名称或统一社会信用代码",
    ),
    "E529": IssueKind(
        NOTICE, "表中实绩与本次测算相差超过 10%，按表中实绩，本次测算只列在旁边", "请核对两边的口径和范围"
    ),
    # ---- years --------------------------------------------------------------------------------------------
    "E585": IssueKind(
        ERROR,
        "同一宗地代码，两次的图形不在同一处，按图形追踪",
        "请核对代码是否另用于别的宗地，或图形有误",
        "自然资源局（不动产登记中心）",
    ),
    "E586": IssueKind(
        ERROR,
        "没有可靠图形，代码相同也不能据以认定是同一宗地",
        "请补绘图形，或改正重复的代码",
        "自然资源局（不动产登记中心）",
    ),
    "E587": IssueKind(
        ERROR,
        "新增或消失的宗地与另一宗没有变化的宗地压盖",
        "请核对是否重复绘制，或界址有误",
        "自然资源局（不动产登记中心）",
    ),
    "E588": IssueKind(
        ERROR,
        "两次的图形重合不到一半，不比较数值",
        "请核对是否为同一块地",
        "自然资源局（不动产登记中心）",
    ),
    "E589": IssueKind(
        ERROR,
        "没有可靠图形，按代码也没有对上，去向或来历未知",
        "请补绘图形或补充宗地代码后重新运行",
        "自然资源局（不动产登记中心）",
    ),
    "E595": IssueKind(NOTICE, "分区有一部分在上级分区之外", "请核对两级分区的界线", "园区管委会"),
    "E596": IssueKind(NOTICE, "分区有一部分不在任何下级分区内", "如属遗漏，请补画下级分区", "园区管委会"),
    "E597": IssueKind(
        NOTICE,
        "布局图没有画这一层级，宗地表也没有填写",
        "如有这一层级，请补画，或在宗地表中填写所属分区",
        "园区管委会",
    ),
    "E598": IssueKind(NOTICE, "分区没有写上级编号，按图形归入上级", "请补填上级编号", "园区管委会"),
    "E599": IssueKind(
        NOTICE, "宗地所填的分区与图形落入的分区不同，按图形计入", "请核对宗地表或布局图", "园区管委会"
    ),
    # ---- reviews: the list handed back ------------------------------------------------------------------------
    "E680": IssueKind(
        ERROR, "审核内容没有写明是哪一宗地，没有采用", "请保留宗地标识或宗地代码一列后再交回", "审核人"
    ),
    "E681": IssueKind(
        ERROR, "同一宗地的同一栏写了不同的内容，都没有采用", "请商定后只保留一种写法，再交回", "审核人"
    ),
    "E682": IssueKind(
        NOTICE, "交回的内容又改回较早的记录，已采用", "如交回的是旧表，请按最新的清单重新填写", "审核人"
    ),
    "E683": IssueKind(
        NOTICE, "审核过的宗地已不在资料中，审核内容仍保留", "请核对宗地是否合并、分割或换了代码", "审核人"
    ),
    "E684": IssueKind(
        NOTICE, "审核过的宗地换了权利人，审核内容是对原权利人写的", "请核对审核内容是否仍适用", "审核人"
    ),
    "E685": IssueKind(
        ERROR, "审核的宗地代码对应几宗地，权利人也对不上，没有列入", "请写明宗地标识", "审核人"
    ),
    "E686": IssueKind(
        NOTICE, "核实日期看不出是哪一天，照原文保留", "请改为 2024-12-31 的写法后再交回", "审核人"
    ),
    "E700": IssueKind(
        NOTICE, "宗地没有可用图形，按所填的分区计入", "请补充宗地图形", "自然资源局（权籍调查）"
    ),
    "E710": IssueKind(
        NOTICE, "同一分区的宗地分属几个上级，按土地最多的归入", "请核对宗地表中的分区", "园区管委会"
    ),
    "E711": IssueKind(
        NOTICE, "处置候选宗地没有可用图形，不参加连片", "请补充或修复宗地图形", "自然资源局（权籍调查）"
    ),
    "E712": IssueKind(
        NOTICE,
        "处置候选宗地被道路或河流穿过，只按最大的一块与相邻宗地连片",
        "请核对宗地界址与道路、河流图层",
        "自然资源局（权籍调查）",
    ),
    "E713": IssueKind(ERROR, "叠加图层的图形无效或缺失，未采用", "请修复叠加图层"),
    "E714": IssueKind(
        NOTICE,
        "处置候选宗地与叠加图层的关系须核实（不影响结论）",
        "请按所问核实",
        "自然资源局（国土空间规划）",
    ),
    "E715": IssueKind(NOTICE, "叠加图层不在宗地的范围内，或没有可用的图形", "请核对是否选错文件"),
    "E716": IssueKind(
        NOTICE,
        "叠加图层没有写规划用途",
        "请补填，或在参数表该节加一行“列名对应：规划用途”（landeval.toml 的 columns 中指定 overlay_use）",
    ),
    "E720": IssueKind(
        NOTICE, "宗地太少或亩均税收都一样，未判断冷热点", "至少要有 30 宗有亩均税收和图形的宗地"
    ),
    "E717": IssueKind(NOTICE, "宗地跨分区，土地和金额按图形面积拆分计入", "请核对分区界线", "园区管委会"),
    # ---- several units together ---------------------------------------------------------------------------------
    "E740": IssueKind(
        ERROR,
        "同一宗地代码在几个单位的资料中都有，合计中各计一次",
        "请与相邻单位核对宗地归属，从不归属的单位的资料中删去",
        "自然资源局（权籍调查）",
    ),
    "E741": IssueKind(
        NOTICE,
        "同一企业在几个单位的企业表中都有，金额不同，各按所在单位计入",
        "请核对各单位填的是本单位的数，还是企业的总数",
    ),
    "E742": IssueKind(
        ERROR,
        "同一企业在几个单位的企业表中填了相同的金额，合计中可能重复",
        "请核对：如填的都是企业的总数，请按单位分开填写",
    ),
}


def empty() -> pd.DataFrame:
    """Return an issue table without rows."""
    return _empty().copy()


@cache
def _empty() -> pd.DataFrame:
    """Make the table once: a run asks for it some eighty times."""
    import pandas as pd

    return pd.DataFrame({name: pd.Series(dtype="object") for name in COLUMNS})


def report(
    code: str,
    rows: pd.DataFrame,
    *,
    column: Any = "",
    raw: Any = "",
    used: Any = "",
    detail: Any = "",
    key: Any = "",
) -> pd.DataFrame:
    """Make one issue row for each row of ``rows``.

    Parameters
    ----------
    code : str
        A code of ``CATALOGUE``.
    rows : DataFrame
        The records concerned, with ``source_file``, ``source_layer``, ``source_row``.
    column, raw, used, detail, key : str or Series
        Column as written, value as written, value used, what to add to the sentence, key of the record.

    Returns
    -------
    DataFrame
        ``COLUMNS``, one row a record, in the order given.
    """
    import pandas as pd

    kind = CATALOGUE[code]
    if len(rows) == 0:
        return empty()
    what: Any = f"{kind.what}：{detail}" if isinstance(detail, str) and detail else kind.what
    if not isinstance(detail, str):
        said = detail if isinstance(detail, pd.Series) else pd.Series(detail, index=rows.index)
        what = kind.what + said.map(lambda text: f"：{text}" if text else "")
    frame = pd.DataFrame(
        {
            "level": kind.level,
            "code": code,
            "source_file": rows["source_file"],
            "source_layer": rows["source_layer"],
            "source_row": rows["source_row"],
            "column": column,
            "raw_value": raw,
            "used_value": used,
            "what": what,
            "remedy": kind.remedy,
            "responsible": kind.responsible,
            "record_key": key,
        },
        index=rows.index,
        dtype="object",
    )
    return frame.reset_index(drop=True)


def report_file(code: str, file: str, layer: str = "", *, column: str = "", detail: str = "") -> pd.DataFrame:
    """Make one issue row that concerns a whole file, layer or column."""
    import pandas as pd

    place = pd.DataFrame({"source_file": [file], "source_layer": [layer], "source_row": [None]})
    return report(code, place, column=column, detail=detail)


def gather(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Put issue tables together, leaving out the empty ones."""
    import pandas as pd

    kept = [part for part in parts if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else empty()


def ordered(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Put issue tables together, worst first, then by file, row and code; identical rows once."""
    table = gather(parts)
    rank = table["level"].map({BLOCKING: 0, ERROR: 1, NOTICE: 2})
    keys = table.assign(
        rank=rank,
        row=table["source_row"].fillna(0).astype("int64"),
        **{
            name: table[name].fillna("").astype(str)
            for name in ("column", "raw_value", "used_value", "record_key")
        },
    )
    keys = keys.sort_values(
        ["rank", "code", "source_file", "source_layer", "row", "column", "record_key", "what"]
    )
    return table.loc[keys.index].drop_duplicates().reset_index(drop=True)


def things(table: pd.DataFrame) -> pd.Series:
    """Return what each problem is about: one name for the rows that tell of one thing at several places.

    Examples
    --------
    >>> import pandas as pd
    >>> places = pd.DataFrame({"source_file": "企业.xlsx", "source_layer": ["2023", "2024"], "source_row": [2, 2]})
    >>> len(set(things(report("E301", places, key="9143"))))
    1
    """
    import pandas as pd

    names = pd.Series(table.index.astype(str), index=table.index, dtype="object")
    for code in table["code"].unique():
        kind = CATALOGUE.get(str(code))
        if kind is None or not kind.thing:
            continue
        mine = table.loc[table["code"] == code, list(kind.thing)].fillna("").astype(str)
        mine = mine[mine.iloc[:, 0] != ""]
        names.loc[mine.index] = [f"{code} {chr(0).join(parts)}" for parts in mine.itertuples(index=False)]
    return names


def once(table: pd.DataFrame) -> pd.DataFrame:
    """Return the first row of each thing: what is counted, where the whole table is what is listed."""
    return table[~things(table).duplicated()]


def counts_told(table: pd.DataFrame) -> str:
    """Tell how many problems there are of each level, one thing once, and how long the whole list is.

    What became of corrections is no problem of the data: it is counted apart.

    Examples
    --------
    >>> counts_told(report_file("E101", "宗地.shp"))
    '提示 1 条'
    """
    told_back = table["code"].isin(OF_CORRECTIONS)
    if told_back.any():
        told = counts_told(table[~told_back]) if not told_back.all() else "没有"
        refused = int((table["code"] == "E247").sum())
        more = f"，其中未采用 {refused} 条" if refused else ""
        return f"{told}；另有更正 {int(told_back.sum())} 条{more}，见 数据问题.xlsx 的“更正情况”"
    counted = once(table)
    levels = counted["level"].value_counts()
    told = "、".join(f"{name} {levels[name]} 条" for name in (BLOCKING, ERROR, NOTICE) if name in levels)
    if len(counted) == len(table):
        return told
    return f"{told}（同一家企业、同一个代码在几张表中的只计一次，逐处列出共 {len(table)} 条）"


def doubts(table: pd.DataFrame) -> pd.DataFrame:
    """Return the problems of which whatever rests on them says so."""
    return table[table["code"].map(lambda code: bool(CATALOGUE[code].doubt)).astype(bool)]


def addressed(table: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """Address a problem of a column to the office that keeps such figures, where nobody else is named.

    Parameters
    ----------
    table : DataFrame
        Issues.
    columns : DataFrame
        ``source_file``, ``field``, ``header``: the columns recognised in each input.
    """
    from landeval.vocabulary.fields import fields, label

    offices = {name: field.office for name, field in fields().items()}
    known = {
        (file, text): offices[name]
        for file, name, header in zip(
            columns["source_file"], columns["field"], columns["header"], strict=True
        )
        for text in (header, *str(header).split("、"), label(name))
        if offices[name]
    }
    asked = [
        known.get((file, column), office) if office == SUPPLIER else office
        for file, column, office in zip(
            table["source_file"], table["column"], table["responsible"], strict=True
        )
    ]
    return table.assign(responsible=asked)
