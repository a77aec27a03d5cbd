"""``landeval supply``: the form goes round, slips are told, what cannot be understood is refused in Chinese."""

import json
import re
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from supply_tables import AS_OF, READY, SUPPLIED, board, codes, write

from landeval import load_project
from landeval.cli import main
from landeval.errors import LandevalError
from landeval.project import Project
from landeval.publish.workbook.supply_form import ENTRIES, write_supply_form
from landeval.sources import Source
from landeval.supply_command import supply_of
from landeval.tidy.services import services_of

ROOT = Path(__file__).resolve().parent.parent


def refusal(folder, text, **project):
    (folder / "表.csv").write_text(text, encoding="utf-8")
    with pytest.raises(LandevalError) as told:
        supply_of(Project(sources=(Source("supply", folder / "表.csv"),), as_of=AS_OF, **project))
    return told.value.code


def test_what_is_no_table_of_plots_is_refused(tmp_path):
    assert refusal(tmp_path, "地块面积(亩),批准日期\n10,2024-01-01\n") == "E552"
    assert refusal(tmp_path, "地块编号,地块名称,地块面积(亩)\n甲,【示例】虚构,10\n") == "E553"
    with pytest.raises(LandevalError) as told:
        supply_of(Project(as_of=AS_OF))
    assert told.value.code == "E558"


def test_land_of_unknown_or_impossible_size_stays_unknown(tmp_path):
    (tmp_path / "表.csv").write_text(
        "地块编号,地块面积,征地是否完成,通平情况,批准日期,供地日期\n"
        "无单位,30,是,三通一平,2024-01-01,\n写明,2公顷,是,三通一平,2024-01-01,\n零,0亩,是,三通一平,2024-01-01,\n没写,,是,三通一平,2024-01-01,\n",
        encoding="utf-8",
    )
    run = supply_of(Project(sources=(Source("supply", tmp_path / "表.csv"),), as_of=AS_OF))
    land = run.board.plots["plot_area_mu"]
    assert land.dropna().to_dict() == {"写明": 30.0}
    told = run.issues.set_index("record_key")["code"]
    assert (told["零"], told["没写"]) == ("E542", "E559")
    assert "E541" in codes(run)
    park = run.board.stages[run.board.stages["stage_level"] == "园区"].set_index("supply_stage")
    assert park.loc["熟地", ["plots_count", "plot_area_mu", "plots_without_area"]].tolist() == [4, 30.0, 3]


def test_repeats_are_dropped_and_one_code_of_two_plots_has_no_stage(tmp_path):
    twice, other = READY | {"地块编号": "甲"}, READY | {"地块编号": "乙"}
    run = board(tmp_path, twice, twice, other, other | {"地块面积(亩)": 11})
    assert run.board.plots["supply_stage"].to_dict() == {"乙#1": "无法判定", "乙#2": "无法判定", "甲": "熟地"}
    assert {"E220", "E545"} <= codes(run)
    assert sorted(run.reconciliation["record_state"]) == ["采用", "采用有提示", "采用有提示", "重复"]


def test_services_of_a_column_each():
    names = (
        "has_road",
        "has_water",
        "has_power",
        "has_drainage",
        "has_telecom",
        "has_gas",
        "has_heat",
        "is_levelled",
    )
    rows = [
        [True, True, True, None, None, None, None, True],
        [True, True, False, False, None, None, None, True],
        [True, True, True, False, False, False, False, False],
        [True, True, True, None, None, None, None, None],
        [None] * 8,
    ]
    frame = pd.DataFrame(rows, columns=list(names), dtype="object").assign(services=None)
    found = services_of(frame)
    assert found["services_count"].fillna(-1).tolist() == [3, 2, 0, 0, -1]
    assert found["services_most"].fillna(-1).tolist() == [7, 5, 0, 7, -1]


def test_the_form_goes_round(tmp_path, capsys):
    path = write_supply_form(tmp_path / "储备与供地表.xlsx")
    book = openpyxl.load_workbook(path)
    sheet = book["储备与供地表"]
    assert [cell.value for cell in sheet[1]] == [entry.header for entry in ENTRIES]
    example = [cell.value for cell in sheet[2]]
    for at, value in enumerate(example, start=1):
        sheet.cell(3, at, value)
    sheet.cell(3, 3, "虚构路东地块")
    book.save(path)
    out = tmp_path / "供地结果"
    assert main(["supply", str(path), "--as-of", "2024-12-31", "--out", str(out)]) == 0
    assert "熟地　1 宗　42.5000 亩" in capsys.readouterr().out
    (row,) = pd.read_csv(out / "tables" / "supply.csv").to_dict("records")
    assert (row["供地阶段"], row["供应层次"]) == ("熟地", "第一层：主导、特色产业熟地")
    issues = pd.read_csv(out / "tables" / "issues.csv")
    assert set(issues["代码"]) <= {"E540", "E110"}
    record = json.loads((out / "run.json").read_text("utf-8"))
    assert record["counts"]["stages"] == {"熟地": 1}
    sheets = openpyxl.load_workbook(out / "供地盘子.xlsx").sheetnames
    assert sheets == ["说明", "按阶段", "按分区", "明细", "到期日历", "新增指标", "边界", "边界明细", "依据"]
    assert main(["supply", "--template", str(path)]) == 4
    assert "已经存在" in capsys.readouterr().err


def test_the_same_table_gives_the_same_bytes(tmp_path):
    path = write(tmp_path / "储备.csv", READY, SUPPLIED)
    books = []
    for name in ("一", "二"):
        out = tmp_path / name
        assert main(["supply", str(path), "--as-of", "2024-12-31", "--out", str(out)]) == 0
        books.append((out / "供地盘子.xlsx").read_bytes())
    assert books[0] == books[1]


def test_the_bureaus_own_tiers(tmp_path, capsys):
    path = write(tmp_path / "储备.csv", READY)
    own = tmp_path / "分层.toml"
    own.write_text(
        '[document]\ntitle = "虚构分层表"\nnumber = "虚构1号"\nissuer = "虚构局"\nclause = "一"\nbasis = "seen"\n'
        '[[tier]]\nlabel = "随时可供"\nstages = ["熟地"]\nuse = "虚构用途"\n',
        encoding="utf-8",
    )
    (tmp_path / "landeval.toml").write_text(
        f'as_of = 2024-12-31\nsupply_tiers = "{own.name}"\n[supply]\npath = "{path.name}"\n', encoding="utf-8"
    )
    found = supply_of(load_project(tmp_path)).board
    assert found.plots["supply_tier"].tolist() == ["随时可供"]
    assert found.plots["tier_caveat"].tolist() == ["《虚构分层表》（虚构1号），见原文"]
    own.write_text(own.read_text("utf-8").replace('"熟地"', '"生地"'), encoding="utf-8")
    out = str(tmp_path / "果")
    assert main(["supply", "--project", str(tmp_path), "--out", out]) == 3
    assert "第 1 个 [[tier]] 的 stages 不可用" in capsys.readouterr().err


def test_the_step_is_told_with_its_records_and_seconds(tmp_path, capsys):
    table = ROOT / "data" / "supply" / "储备与供地表.xlsx"
    assert main(["supply", str(table), "--as-of", "2024-12-31", "--out", str(tmp_path / "甲")]) == 0
    assert re.search(r"\[1/1\] 供地盘子　25 条记录，列出 25 个地块　\d+\.\d 秒", capsys.readouterr().err)
    assert (
        main(["supply", str(table), "--as-of", "2024-12-31", "--out", str(tmp_path / "乙"), "--quiet"]) == 0
    )
    assert "供地盘子　25" not in capsys.readouterr().err
