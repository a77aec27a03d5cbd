"""Write the shipped template of the disposal plan: ``python scripts/make_template.py [--out FILE]``. The same bytes each time."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from landeval.publish.documents.document import Document

OUT = Path(__file__).resolve().parent.parent / "landeval" / "publish" / "assets" / "disposal_plan.docx"
DAY = dt.date(2026, 1, 1)
PARTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("一、基本情况", (
        "为落实{{制定依据}}的要求，对{{园区名称}}的用地开展评价，拟订本方案。",
        "评价基准日为 {{评价基准日}}，数据年度 {{数据年度}} 年，共 {{宗地总数}} 宗、{{宗地总面积}} 亩。列为处置候选的 {{候选宗数}} 宗、{{候选面积}} 亩。",
        "其中闲置和涉嫌闲置 {{闲置宗数}} 宗、{{闲置面积}} 亩（其中已出具认定书 {{已认定宗数}} 宗）。低效候选 {{低效宗数}} 宗、{{低效面积}} 亩。",
        "逾期未动工预警 {{预警宗数}} 宗。资料不足 {{资料不足宗数}} 宗，不作结论。",
        "{{表:各类宗地}}",
    )),
    ("二、闲置土地的处置", (
        "涉嫌闲置的，先依《闲置土地处置办法》（国土资源部令第53号）调查认定，再按原因和时间处置。能够测算的土地闲置费合计 {{闲置费合计}}，是否征缴须经认定和批准。",
        "{{表:处置程序}}",
        "{{表:闲置清单}}",
    )),
    ("三、低效用地的处置", (
        "{{低效标准}}，以县人民政府批准的为准。逐宗实地核查后，按下列途径处置。",
        "{{表:低效清单}}",
    )),
    ("四、缺少的资料和待核问题", ("{{表:缺少的资料}}",)),
    ("五、办理日程", ("{{表:办理日程}}",)),
    ("六、组织实施", ("责任单位：______。", "完成时限：______。", "监督考核：______。")),
    ("七、需要注意", ("{{段:需要注意}}", "{{段:说明}}")),
    ("附：评价依据", ("{{表:依据}}",)),
)  # fmt: skip


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=OUT)
    document = Document("处置方案模板", "landeval", DAY)
    document.title("{{园区名称}}闲置低效用地处置方案", "（草案）\n{{评价基准日}}")
    for title, texts in PARTS:
        document.heading(title, 1)
        for text in texts:
            document.text(text)
    document.note("本方案由 {{软件版本}} 按评价结果生成，横线处由人填写。")
    document.save(parser.parse_args().out)


if __name__ == "__main__":
    main()
