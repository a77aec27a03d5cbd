"""Land that nobody knows is said to be unknown on the screen and in every paper of a run, never 0 亩."""

from __future__ import annotations

import json

import docx
import openpyxl

from landeval.cli import main

ROWS = [
    {"宗地代码": "430525001001GB00001", "权利人": "虚构甲厂", "土地用途": "工业用地", "约定动工日期": "2020-03-01", "实际动工日期": ""},
    {"宗地代码": "430525001001GB00002", "权利人": "虚构乙厂", "土地用途": "工业用地", "约定动工日期": "", "实际动工日期": ""},
]  # fmt: skip


def run(folder, rows, capsys):
    """Evaluate parcels without a shape by the command, and return what it says and its folder."""
    features = [{"type": "Feature", "properties": row, "geometry": None} for row in rows]
    (folder / "宗地.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), "utf-8"
    )
    out = folder / "成果"
    given = ["run", "--parcels", str(folder / "宗地.geojson"), "--as-of", "2024-12-31", "--year", "2024"]
    assert main([*given, "--title", "虚构园区", "--no-dossiers", "--out", str(out)]) == 0
    return capsys.readouterr().out, out


def words(path):
    """Return every text of a document."""
    document = docx.Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def test_land_of_nobody_knows_is_unknown_everywhere(tmp_path, capsys):
    said, out = run(tmp_path, ROWS, capsys)
    assert "涉嫌闲置(未动工)　1 宗　面积未知" in said
    told = [said, *words(out / "评价报告.docx"), *words(out / "处置方案.docx")]
    book = openpyxl.load_workbook(out / "处置候选清单.xlsx")
    summary = [value for line in book["汇总"].iter_rows(values_only=True) for value in line]
    told += [value for value in summary if isinstance(value, str)]
    told = [text.replace("0 宗、0.00 亩", "") for text in told]  # where there is no parcel there is no land
    assert not [text for text in told if "0.0 亩" in text or "0.00 亩" in text or "nan" in text]
    counted = {line[0]: line[1:4] for line in book["汇总"].iter_rows(values_only=True) if line[0]}
    assert counted["涉嫌闲置(未动工)"] == (1, None, None)
    assert counted["合计"] == (2, None, None)
    assert counted["达标"] == (0, 0, None)
    for name in ("评价报告.docx", "处置方案.docx"):
        rows = [
            [cell.text for cell in row.cells]
            for table in docx.Document(str(out / name)).tables
            for row in table.rows
        ]
        (found,) = [row for row in rows if row[:2] == ["涉嫌闲置(未动工)", "1"]]
        assert found[2] in ("", "未知")
        assert found[-1] == "1"
