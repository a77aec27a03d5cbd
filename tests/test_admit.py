"""``landeval admit``: proposed projects read as offices write them, judged on the lines, told with gap and land."""

import csv
import datetime as dt
import json
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from landeval.admission import PASSED, REFUSED, SHORT_OF_DATA
from landeval.admit import admit
from landeval.cli import main
from landeval.errors import InputRefusedError
from landeval.judge.admission_words import NO_NUMBER
from landeval.judge.findings import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN
from landeval.publish.admission import write_admission
from landeval.publish.workbook.project_form import ENTRIES, write_project_form
from landeval.settings.load import load_project

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "projects" / "招商项目表.xlsx"
PAGE = ROOT / "docs" / "准入审查.md"
HEADERS = (
    "项目名称", "行业代码", "拟用地面积(亩)", "固定资产投资(万元)", "达产年产值(万元)", "达产年税收(万元)",
    "规划总建筑面积(㎡)", "层高超过8米的建筑面积(㎡)",
)  # fmt: skip
GOOD = {"行业代码": "1371", "拟用地面积(亩)": 30, "固定资产投资(万元)": 9000, "达产年产值(万元)": 12000, "达产年税收(万元)": 600,
        "规划总建筑面积(㎡)": 24000, "层高超过8米的建筑面积(㎡)": 0}  # fmt: skip
SHORT = {"dongkou.investment": "固定资产投资(万元)", "dongkou.output": "达产年产值(万元)", "dongkou.tax": "达产年税收(万元)"}  # fmt: skip


def written(path, *projects, encoding="utf-8-sig", headers=None):
    """Write projects, each a change to a good one, as csv."""
    headers = headers or {}
    rows = [
        {"项目名称": f"虚构项目{number}", **GOOD, **project} for number, project in enumerate(projects, 1)
    ]
    with path.open("w", encoding=encoding, newline="") as file:
        table = csv.writer(file)
        table.writerow([headers.get(name, name) for name in HEADERS])
        table.writerows([row[name] for name in HEADERS] for row in rows)
    return path


def checked(path, as_of="2024-12-31", project=None, **options):
    return admit(load_project(project, projects=path, as_of=as_of, **options))


def judged(tmp_path, *projects, **options):
    return checked(written(tmp_path / "项目.csv", *projects), **options)


def finding(result, rule_id, name="虚构项目1"):
    rows = result.findings
    return rows[(rows["rule_id"] == rule_id) & (rows["unit_id"] == name)].iloc[0]


def configured(tmp_path, text):
    (tmp_path / "landeval.toml").write_text(text, "utf-8")
    return tmp_path


def test_a_good_project_passes_every_line_and_each_verdict_has_its_place(tmp_path):
    result = judged(tmp_path, {})
    project = result.projects.loc["虚构项目1"]
    assert (project["admission_result"], project["lines_passed"], project["lines_judged"]) == (PASSED, 4, 4)
    assert set(result.findings["verdict"]) == {MET}
    tax = finding(result, "dongkou.tax")
    assert (tax["value"], tax["operator"], tax["threshold"], tax["rule_kind"]) == ("20", ">", "15", "准入")
    assert tax["clause"] == "三-2-④；四-12"
    assert "项目.csv第 2 行「达产年税收(万元)」" in tax["evidence"]
    assert "第 2 行「拟用地面积(亩)」" in tax["evidence"]


@pytest.mark.parametrize(("rule_id", "header"), SHORT.items())
def test_exactly_on_the_line_is_not_passed_and_one_step_over_is(tmp_path, rule_id, header):
    line = {"dongkou.investment": 250, "dongkou.output": 300, "dongkou.tax": 15}[rule_id]
    amounts = {"恰在": line * 30, "略低": line * 30 - 0.01, "略高": line * 30 + 0.01}
    result = judged(tmp_path, *({"项目名称": name, header: amount} for name, amount in amounts.items()))
    verdicts = {name: finding(result, rule_id, name)["verdict"] for name in amounts}
    assert verdicts == {"恰在": NOT_MET, "略低": NOT_MET, "略高": MET}
    on = finding(result, rule_id, "恰在")
    assert (on["land_passes_mu"], on["gap_amount"]) == (29.9999, 0.0015)
    assert result.projects.loc["恰在", "land_over_mu"] == 0.0001


@pytest.mark.parametrize(
    ("header", "own", "amount"),
    [
        ("拟用地面积(亩)", "拟用地面积(公顷)", 2),
        ("拟用地面积(亩)", "用地规模(㎡)", 20000),
        ("拟用地面积(亩)", "占地面积（平方米）", "20,000"),
        ("固定资产投资(万元)", "固定资产投资(亿元)", 0.75),
        ("固定资产投资(万元)", "固投（元）", 75000000),
        ("达产年税收(万元)", "达产年税收（元）", "6,000,000"),
    ],
)
def test_every_unit_says_the_same(tmp_path, header, own, amount):
    """An investment exactly on the line in 万元 stays on it, whatever the units."""
    project = {"固定资产投资(万元)": 7500, header: amount}
    result = checked(written(tmp_path / "a.csv", project, encoding="gb18030", headers={header: own}))
    row = finding(result, "dongkou.investment")
    assert (row["value"], row["verdict"]) == ("250", NOT_MET)
    assert finding(result, "dongkou.tax")["value"] == "20"


def test_units_in_cells_and_numbers_as_text_are_read(tmp_path):
    result = judged(tmp_path, {"拟用地面积(亩)": "2公顷", "固定资产投资(万元)": "９，０００"})
    assert finding(result, "dongkou.investment")["value"] == "300"


@pytest.mark.parametrize("header", [*SHORT.values(), "拟用地面积(亩)", "规划总建筑面积(㎡)", "行业代码"])
@pytest.mark.parametrize("blank", ["", "待定", "-"])
def test_a_blank_is_unknown_and_never_passes(tmp_path, header, blank):
    result = judged(tmp_path, {header: blank})
    project = result.projects.loc["虚构项目1"]
    assert project["admission_result"] == SHORT_OF_DATA
    assert "无法判定" in project["admission_reason"]
    assert UNKNOWN in set(result.findings["verdict"])


def test_what_is_short_refuses_though_something_is_unknown(tmp_path):
    result = judged(tmp_path, {"固定资产投资(万元)": 10, "达产年税收(万元)": ""})
    assert result.projects.loc["虚构项目1", "admission_result"] == REFUSED


def test_land_of_zero_is_unknown(tmp_path):
    result = judged(tmp_path, {"拟用地面积(亩)": 0})
    assert set(result.findings["verdict"]) == {UNKNOWN}
    assert result.issues["code"].tolist() == ["E442"]
    assert finding(result, "dongkou.tax")["land_passes_mu"] == 39.9998
    assert "用地不超过 39.9998 亩可达标" in finding(result, "dongkou.tax")["reason"]


def test_money_that_nobody_can_believe_is_told_at_its_own_column(tmp_path):
    result = judged(tmp_path, {"达产年税收(万元)": 6_000_000})
    [told] = result.issues[result.issues["code"] == "E245"].to_dict("records")
    assert (told["source_file"], told["source_row"]) == ("项目.csv", 2)
    assert "税收" in told["column"]
    assert "亩" not in told["column"]  # the column of the money, not of a ratio that nobody wrote
    assert "200,000.00" in told["what"]


def test_land_without_a_unit_is_unknown_unless_its_cell_has_one(tmp_path):
    path = written(
        tmp_path / "a.csv", {}, {"拟用地面积(亩)": "30亩"}, headers={"拟用地面积(亩)": "拟用地面积"}
    )
    result = checked(path)
    assert finding(result, "dongkou.tax")["verdict"] == UNKNOWN
    assert finding(result, "dongkou.tax", "虚构项目2")["value"] == "20"
    assert result.issues.loc[result.issues["code"] == "E441", "record_key"].tolist() in ([""], ["虚构项目1"])


def test_parts_larger_than_the_whole_are_unknown(tmp_path):
    result = judged(tmp_path, {"层高超过8米的建筑面积(㎡)": 24001})
    assert result.issues["code"].tolist() == ["E443"]
    assert finding(result, "admission.plot_ratio")["verdict"] == UNKNOWN


@pytest.mark.parametrize(
    ("floor", "tall", "verdict"),
    [
        (20000, 0, MET),  # 1.0 against 1.0 of industry 13
        (19800, 0, NOT_MET),
        (12000, 8000, MET),
        (12000, "", UNKNOWN),  # 0.6, and 1.2 were every storey higher than 8 m
        (9000, "", NOT_MET),  # 0.9 even then
        (20000, "", MET),
    ],
)
def test_storeys_above_8_metres_count_twice_only_where_it_is_said(tmp_path, floor, tall, verdict):
    result = judged(tmp_path, {"规划总建筑面积(㎡)": floor, "层高超过8米的建筑面积(㎡)": tall})
    row = finding(result, "admission.plot_ratio")
    assert row["verdict"] == verdict, row["reason"]
    assert ("不加倍" in row["reason"]) is (tall == "")
    assert row["threshold"] == "1"
    assert "工业项目建设用地控制指标" in row["document"]
    assert "五好" in row["document"]
    if verdict == UNKNOWN:
        assert row["value"] == "0.6"
        assert "加倍后最多 1.2" in row["reason"]


def test_a_number_of_the_bureau_goes_before_the_industrys(tmp_path):
    text = '[rules."admission.plot_ratio"]\nvalue = 1.25\nreason = "虚构：会议纪要"\nwho = "利用股"\n'
    result = judged(tmp_path, {}, project=configured(tmp_path, text))
    row = finding(result, "admission.plot_ratio")
    assert (row["threshold"], row["verdict"]) == ("1.25", NOT_MET)
    assert "虚构：会议纪要" in row["basis"]
    assert "建筑容积率标准已由本单位改动" in result.projects["admission_reason"].iloc[0]
    assert row["least_amount"] == 24900
    assert row["gap_amount"] == 900


@pytest.mark.parametrize("is_off", [True, False])
def test_no_number_no_verdict(tmp_path, is_off):
    text = '[rules."control.plot_ratio"]\nenabled = false\nreason = "虚构"\nwho = "虚构"\n' if is_off else ""
    result = judged(tmp_path, {"行业代码": "1371" if is_off else "5810"}, project=configured(tmp_path, text))
    row = finding(result, "admission.plot_ratio")
    assert row["verdict"] == NOT_APPLICABLE
    assert NO_NUMBER in row["reason"]
    assert row["threshold"] == ""
    assert result.projects["admission_result"].tolist() == [PASSED]


def test_before_the_plan_nothing_is_judged(tmp_path):
    result = judged(tmp_path, {}, as_of="2021-09-23")
    assert set(result.findings["verdict"]) == {NOT_APPLICABLE}
    assert result.projects["admission_result"].tolist() == [SHORT_OF_DATA]
    assert judged(tmp_path, {}, as_of="2021-09-24").projects["admission_result"].tolist() == [PASSED]


def test_a_changed_line_is_told(tmp_path):
    text = '[rules."dongkou.tax"]\nvalue = 20\noperator = ">="\nreason = "虚构：会议"\n'
    row = finding(judged(tmp_path, {}, project=configured(tmp_path, text)), "dongkou.tax")
    assert (row["verdict"], row["operator"], row["threshold"]) == (MET, ">=", "20")
    assert "虚构：会议" in row["basis"]


def test_the_land_that_would_pass_passes_and_a_step_more_fails(tmp_path):
    """Through the file and back, for every criterion and for all of them."""
    random = np.random.default_rng(12)
    lows = {
        "固定资产投资(万元)": 100,
        "达产年产值(万元)": 120,
        "达产年税收(万元)": 6,
        "规划总建筑面积(㎡)": 300,
    }
    projects = []
    for land in random.uniform(1, 300, 60):
        amounts = {name: f"{land * random.uniform(low, 4 * low):.2f}" for name, low in lows.items()}
        projects.append({"拟用地面积(亩)": f"{land:.4f}", **amounts})
    before = judged(tmp_path, *projects)
    lands = before.findings.pivot(index="unit_id", columns="rule_id", values="land_passes_mu")
    lands["全部"] = before.projects["land_all_mu"]
    assert (lands["全部"] == lands.drop(columns="全部").min(axis=1)).all()
    for more, wanted in ((0, True), (0.0001, False)):
        for column in lands:
            again = judged(
                tmp_path,
                *(
                    {**project, "拟用地面积(亩)": f"{lands.at[f'虚构项目{number}', column] + more:.4f}"}
                    for number, project in enumerate(projects, 1)
                ),
            )
            if column == "全部":
                assert ((again.projects["admission_result"] == PASSED) == wanted).all()
            else:
                rows = again.findings[again.findings["rule_id"] == column]
                assert ((rows["verdict"] == MET) == wanted).all(), (column, more)


def test_the_least_money_passes_on_the_land_as_stated(tmp_path):
    before = judged(
        tmp_path,
        {"固定资产投资(万元)": 100, "达产年产值(万元)": 1, "达产年税收(万元)": 3, "拟用地面积(亩)": 31.7},
    )
    least = before.findings.set_index("rule_id")["least_amount"]
    enough = {header: f"{least[rule]:.4f}" for rule, header in SHORT.items()}
    assert judged(tmp_path, {"拟用地面积(亩)": 31.7, **enough}).projects["lines_passed"].tolist() == [4]
    for rule, header in SHORT.items():
        one_less = {**enough, header: f"{least[rule] - 0.0001:.4f}"}
        short = judged(tmp_path, {"拟用地面积(亩)": 31.7, **one_less})
        assert finding(short, rule)["verdict"] == NOT_MET


def test_projects_are_ranked_and_totals_are_sums_over_sums(tmp_path):
    result = judged(
        tmp_path,
        {"项目名称": "丙", "固定资产投资(万元)": 10},
        {"项目名称": "乙", "达产年税收(万元)": ""},
        {"项目名称": "丁", "拟用地面积(亩)": 10, "规划总建筑面积(㎡)": 9000},
        {"项目名称": "甲"},
        {"项目名称": "戊", "固定资产投资(万元)": 10, "达产年税收(万元)": 10},
    )
    assert result.projects.index.tolist() == ["丁", "甲", "乙", "丙", "戊"]
    assert result.projects["admission_rank"].tolist() == [1, 2, 3, 4, 5]
    totals = result.totals.set_index("admission_result")
    assert totals.at[PASSED, "investment_wan_yuan_per_mu"] == (9000 + 9000) / (30 + 10)
    assert totals.at["全部", "tax_wan_yuan_per_mu"] == (600 * 3 + 10) / (30 * 3 + 10)
    assert totals.at["全部", "projects_count"] == 5


def test_the_order_of_the_rows_changes_nothing(tmp_path):
    projects = [{"项目名称": name, "达产年税收(万元)": tax} for name, tax in (("甲", 600), ("甲", 400), ("乙", ""), ("甲", 600))]  # fmt: skip
    one, other = (judged(tmp_path, *order) for order in (projects, projects[::-1]))
    columns = ["admission_result", "lines_passed", "land_all_mu", "tax_wan_yuan_per_mu"]
    pd.testing.assert_frame_equal(one.projects[columns], other.projects[columns])
    assert one.projects.index.tolist() == ["甲#1", "乙", "甲#2"] or one.projects.index.tolist() == [
        "甲#2",
        "乙",
        "甲#1",
    ]
    assert one.reconciliation["record_state"].tolist().count("重复") == 1


def test_every_record_is_accounted_for(tmp_path):
    result = checked(SAMPLE)
    account = result.reconciliation
    assert len(account) == 15  # thirteen projects, one twice, one note
    assert account["record_state"].str.startswith("采用").sum() == len(result.projects) == 13


def test_the_sample_is_judged_as_it_was_planned():
    lines = (ROOT / "data" / "README.md").read_text("utf-8").partition("## 拟准入项目")[2].splitlines()
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("| 虚构")
    ]
    planned = {name: answer for name, answer, _ in cells if answer != "—"}
    assert len(planned) == 13
    assert checked(SAMPLE).projects["admission_result"].to_dict() == planned


def test_the_form_is_read_back_and_its_example_is_no_project(tmp_path):
    path = write_project_form(tmp_path / "项目准入申报表.xlsx")
    with pytest.raises(InputRefusedError, match="没有项目"):
        checked(path)
    book = openpyxl.load_workbook(path)
    sheet = book["项目准入申报表"]
    assert [cell.value for cell in sheet[1]] == [entry.header for entry in ENTRIES]
    assert any("出让" in str(rule.formula1) for rule in sheet.data_validations.dataValidation)
    for row, name in enumerate(("虚构甲项目", "虚构乙项目"), start=3):
        for column, entry in enumerate(ENTRIES, start=1):
            sheet.cell(row, column, name if column == 1 else entry.example)
    book.save(path)
    result = checked(path)
    assert result.projects.index.tolist() == ["虚构甲项目", "虚构乙项目"] or set(result.projects.index) == {
        "虚构甲项目",
        "虚构乙项目",
    }
    assert "E445" in set(result.issues["code"])
    project = result.projects.loc["虚构甲项目"]
    told = {
        "area_mu": 30, "proposed_investment_wan_yuan": 9000, "proposed_output_wan_yuan": 10500,
        "proposed_tax_wan_yuan": 600, "floor_area_m2": 22000, "tall_floor_area_m2": 4000, "footprint_m2": 9500,
        "office_land_m2": 1200, "ramp_up_years": 3,
    }  # fmt: skip
    assert {name: project[name] for name in told} == told
    assert (project["supply_method"], project["industry_code"]) == ("出让", "3484")
    assert project["wanted_place"] == "虚构装备制造产业基地"
    assert project["credit_code"] is not None
    assert project["investor_name"] == "虚构示例机械有限公司"
    assert (result.reconciliation["record_state"].str.contains("示例")).sum() == 1


def test_a_filled_form_is_never_overwritten(tmp_path, capsys):
    path = tmp_path / "表.xlsx"
    assert main(["admit", "--template", str(path)]) == 0
    before = path.read_bytes()
    assert main(["admit", "--template", str(path)]) == 4
    assert main(["admit", "--template", str(tmp_path / "表.csv")]) == 3
    assert main(["admit", "--template", str(path / "表.xlsx")]) == 4
    assert path.read_bytes() == before
    assert sorted(item.name for item in tmp_path.iterdir()) == ["表.xlsx"]
    told = capsys.readouterr()
    assert "不覆盖" in told.err
    assert "Traceback" not in told.err


def test_hostile_text_is_inert(tmp_path):
    names = [
        '=HYPERLINK("http://x","虚构")',
        "+1+1",
        "@SUM(1)",
        "-2虚构",
        "<script>虚构</script>",
        "虚构\x07项目",
        "虚构" * 20000,
    ]
    result = judged(tmp_path, *({"项目名称": name} for name in names))
    write_admission(result, tmp_path / "成果")
    book = openpyxl.load_workbook(tmp_path / "成果" / "准入审查.xlsx")
    formulas = [cell for sheet in book for row in sheet for cell in row if cell.data_type == "f"]
    assert {cell.value.split("(")[0] for cell in formulas} <= {"=IF"}
    assert not any("HYPERLINK" in cell.value for cell in formulas)
    with (tmp_path / "成果" / "tables" / "projects.csv").open(encoding="utf-8-sig", newline="") as file:
        texts = [cell for row in csv.reader(file) for cell in row]
    assert not [text for text in texts if text[:1] in ("=", "+", "@")]


def test_the_same_projects_give_the_same_bytes(tmp_path):
    result = checked(SAMPLE)
    one, other = (write_admission(result, tmp_path / name) for name in ("一", "二"))
    names = [
        "准入审查.xlsx",
        *(f"tables/{name}.csv" for name in ("projects", "admission", "issues", "reconciliation")),
    ]
    for name in names:
        assert (one / name).read_bytes() == (other / name).read_bytes(), name
    record = json.loads((one / "run.json").read_text("utf-8"))
    assert record["counts"]["result"] == {"符合准入": 5, "资料不足": 3, "不符合": 5}
    assert set(record["outputs"]) == {"准入审查.xlsx", *names[1:]}
    assert record["inputs"][0]["sha256"]


def test_the_workbook_says_what_the_tables_say(tmp_path):
    result = checked(SAMPLE)
    write_admission(result, tmp_path / "成果")
    book = openpyxl.load_workbook(tmp_path / "成果" / "准入审查.xlsx", data_only=True)
    assert book.sheetnames == ["说明", "结论", "逐项", "数据问题", "依据"]
    rows = list(book["结论"].iter_rows(min_row=2, values_only=True))
    head, body = rows[0], [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]
    assert "准入结论" in head
    assert [row["项目"] for row in body] == result.projects.index.tolist()
    assert [row["准入结论"] for row in body] == result.projects["admission_result"].tolist()
    assert len(list(book["逐项"].iter_rows(min_row=3))) == len(result.findings)


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ([], 3, "没有给准入项目表"),
        (["没有.xlsx"], 3, "没有.xlsx"),
        ([__file__], 2, "不认识的文件格式"),
        ([str(SAMPLE), "--as-of", "去年"], 3, "as_of"),
        ([str(SAMPLE), "--out", __file__], 4, "是一个文件"),
        ([str(SAMPLE), "--out", str(SAMPLE.parent)], 4, "E703"),
        ([str(ROOT / "data/期望.csv")], 2, "找不到认得的表头"),
    ],
)
def test_a_users_mistake_has_its_exit_code(arguments, code, words, tmp_path, capsys, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["admit", *arguments]) == code
    told = capsys.readouterr().err
    assert words in told
    assert "Traceback" not in told
    assert not (tmp_path / "准入结果").exists()


def test_a_criterion_cannot_be_turned_round(tmp_path, capsys):
    configured(tmp_path, '[rules."dongkou.tax"]\noperator = "<"\nreason = "虚构"\n')
    assert main(["admit", str(SAMPLE), "--project", str(tmp_path), "--out", str(tmp_path / "o")]) == 3
    assert "E641" in capsys.readouterr().err


def test_the_console_tells_verdicts_totals_and_where(tmp_path, capsys):
    assert main(["admit", str(SAMPLE), "--as-of", "2024-12-31", "--out", str(tmp_path / "o")]) == 0
    told = capsys.readouterr().out
    for words in ("符合准入　5 个", "Σ金额 ÷ Σ用地", "1. 虚构", "准入审查.xlsx", "须减少 0.0001 亩"):
        assert words in told
    bad = written(tmp_path / "坏.csv", {"拟用地面积(亩)": 0})
    assert main(["admit", str(bad), "--as-of", "2024-12-31", "--out", str(tmp_path / "p"), "--strict"]) == 1
    assert "E442" in capsys.readouterr().out


def test_a_day_not_given_is_the_projects_or_today(tmp_path, capsys):
    configured(tmp_path, "year = 2022\n")
    assert main(["admit", str(SAMPLE), "--project", str(tmp_path), "--out", str(tmp_path / "o")]) == 0
    assert "基准日 2022-12-31" in capsys.readouterr().out
    assert main(["admit", str(SAMPLE), "--out", str(tmp_path / "p")]) == 0
    assert f"基准日 {dt.date.today()}" in capsys.readouterr().out


def test_the_project_worked_by_hand_in_the_page(tmp_path):
    text = PAGE.read_text("utf-8").partition("## 手算一个项目")[2]
    path = tmp_path / "手算.csv"
    path.write_text(text.partition("```csv\n")[2].partition("```")[0], "utf-8")
    result = checked(path)
    told = [
        "| " + " | ".join((row["rule_label"], f"{row['value']} {row['operator']} {row['threshold']}", row["verdict"],
                           *(f"{row[name]:.10g}" for name in ("least_amount", "gap_amount", "land_passes_mu")))) + " |"
        for _, row in result.findings.iterrows()
    ]  # fmt: skip
    assert told == [line for line in text.splitlines() if line.startswith(("| 亩均", "| 建筑"))]
    project = result.projects.iloc[0]
    assert (
        f"结论：{project['admission_result']}；各项全部达标的最大用地 {project['land_all_mu']} 亩，"
        f"须减少 {project['land_over_mu']} 亩。"
    ) in text
