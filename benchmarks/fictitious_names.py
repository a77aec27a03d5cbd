"""Company names that a seeded script makes from syllables: none is meant to be a firm, some may sound like one."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

PLACES = (
    "湖南 湖南省 邵阳 邵阳市 湖南邵阳 邵阳市大祥区 邵阳市双清区 邵阳市北塔区 洞口 洞口县 湖南洞口 隆回 隆回县 新邵县 邵东市 "
    "武冈市 绥宁县 新宁县 城步 怀化市 娄底市 永州市 衡阳市 湘潭市 株洲市 长沙市 长沙 益阳市 常德市 岳阳市 郴州市"
)
SYLLABLES = (
    "鑫源达兴盛华丰泰恒瑞祥和顺昌隆宏伟康宁福禄寿喜金银玉宝珠山川江河海洋湖泉云天星月光明辉煌远大通广博文"
    "德仁义礼智信诚正中建立强健力勇飞腾龙凤麟鹏鹤松柏竹梅兰菊荷莲桂林森木火土水雨雪霜春夏秋冬东西南北上"
    "下左右新旧古今长久永安平静清洁美丽佳优良好嘉亿万千百"
)
INDUSTRIES = (
    "机械 机械制造 食品 食品加工 电子 电子科技 建材 新型建材 木业 竹木制品 纺织 服装 包装 包装制品 印刷 化工 塑料制品 "
    "金属制品 五金 汽车配件 农业 农业科技 生物科技 环保科技 新能源 新材料 商贸 贸易 物流 建筑工程 装饰材料 家具 陶瓷 玻璃 "
    "饲料 油脂 酒业 茶业 医药 医疗器械 电器 电气设备 智能科技 信息技术 再生资源 铝业 石材 水泥制品"
)
FORMS = "有限公司 有限责任公司 股份有限公司 厂 加工厂 专业合作社 经营部"
SHARES = (0.62, 0.14, 0.04, 0.1, 0.04, 0.03, 0.03)
Texts = npt.NDArray[np.str_]


def names(count: int, seed: int) -> dict[str, Texts]:
    """Return different names in their parts, ``count`` each: ``place``, ``trade`` (two or three syllables), ``industry``, ``form``."""
    random = np.random.default_rng(seed)
    wanted = count + count // 2 + 50
    letters = np.array(list(SYLLABLES))
    third = np.where(random.random(wanted) < 0.35, random.choice(letters, wanted), "")
    parts = {
        "place": random.choice(np.array(PLACES.split()), wanted),
        "trade": np.char.add(
            np.char.add(random.choice(letters, wanted), random.choice(letters, wanted)), third
        ),
        "industry": random.choice(np.array(INDUSTRIES.split()), wanted),
        "form": random.choice(np.array(FORMS.split()), wanted, p=SHARES),
    }
    _, first = np.unique(written(parts), return_index=True)
    kept = np.sort(first)[:count]
    return {name: part[kept] for name, part in parts.items()}


def written(parts: dict[str, Texts]) -> Texts:
    """Return the names in full."""
    text = parts["place"]
    for name in ("trade", "industry", "form"):
        text = np.char.add(text, parts[name])
    return text
