"""The demo's promises, on the sample park: expected classes, nothing lost, money balanced, same bytes twice."""

import csv
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from landeval import evaluate, load_project, write_outputs
from landeval.board import STATES as STATES_OF_TARGETS
from landeval.land_supply import POSITIONS, STAGES
from landeval.result import LEVELS, MONEY, STATUSES
from landeval.units import round_half_up

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "landeval.toml"
SHOWN_AS = {"建设期": "豁免", "未到约定动工期": "豁免", "非工业用地": "达标"}


def tables(folder, name):
    with (folder / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="session")
def untouched():
    """Return the inputs as they were before the run."""
    return contents(ROOT / "data")


@pytest.fixture(scope="session")
def sample(untouched):
    return evaluate(load_project(SAMPLE, no_dossiers=True))


@pytest.fixture(scope="session")
def outputs(sample, tmp_path_factory):
    return write_outputs(sample, tmp_path_factory.mktemp("sample") / "成果")


def test_every_planned_parcel_gets_its_class(sample):
    with (ROOT / "data" / "期望.csv").open(encoding="utf-8-sig", newline="") as stream:
        planned = list(csv.DictReader(stream))
    by_row = sample.parcels.assign(status=sample.status["status"]).set_index("source_row")["status"]
    got = {int(row["要素序号"]): by_row[int(row["要素序号"])] for row in planned}
    wrong = [
        (row["宗地代码"], row["计划类别"], got[int(row["要素序号"])], row["说明"])
        for row in planned
        if got[int(row["要素序号"])] != SHOWN_AS.get(row["计划类别"], row["计划类别"])
    ]
    assert not wrong
    assert len(got) == len(sample.parcels)


def test_every_class_and_every_route_occurs(sample):
    assert set(sample.status["status"]) == set(STATUSES)
    routes = " ".join(sample.status["route"])
    for words in (
        "征缴土地闲置费",
        "无偿收回",
        "协商处置",
        "先认定原因",
        "督促按期动工",
        "追加投资",
        "嫁接招商",
    ):
        assert words in routes


def test_what_the_ledger_calls_a_parcel_stands_beside_it_with_its_cell(sample):
    number = sample.parcels["contract_no"]
    assert (number.notna().sum(), sample.parcels["supervision_no"].notna().sum()) == (299, 299)
    proof = sample.basis.evidence.loc[number.notna(), "contract_no"]
    assert proof.str.fullmatch(r"供地台账\.xlsx［供地台账］第 \d+ 行「合同编号」").all()


def test_every_header_of_every_table_is_chinese(outputs):
    headers = set()
    for path in sorted((outputs / "tables").glob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            headers |= {(path.name, name) for name in next(csv.reader(stream))}
    assert [one for one in headers if not re.search("[一-鿿]", one[1])] == []
    assert len(headers) > 300


def test_fee_is_a_fifth_of_the_price_and_only_where_the_route_is_the_fee(sample):
    fees = sample.status["fee_wan_yuan"].dropna()
    assert len(fees) > 0
    assert (sample.status.loc[fees.index, "route"].str.startswith("征缴土地闲置费")).all()
    assert (round_half_up(sample.parcels.loc[fees.index, "price_wan_yuan"] / 5, 6) == fees).all()


def test_every_input_record_has_one_state(sample):
    states = sample.reconciliation
    assert states["record_state"].notna().all()
    assert not states.duplicated(["source_file", "source_layer", "source_row"]).any()
    book = openpyxl.load_workbook(ROOT / "data" / "enterprises" / "企业经营情况表.xlsx", read_only=False)
    rows = sum(
        any(cell.value not in (None, "") for cell in row)
        for sheet in book
        for row in sheet.iter_rows(min_row=4)
    )
    assert (states["table_kind"] == "企业").sum() == rows
    dbf = (ROOT / "data" / "parcels" / "宗地.dbf").read_bytes()
    assert (states["table_kind"] == "宗地").sum() == int.from_bytes(dbf[4:8], "little")


def test_money_balances_to_the_cent(sample):
    assert len(sample.ledger) >= 9
    for row in sample.ledger.to_dict("records"):
        parts = [Decimal(row[name]) for name in ("allocated", "unmatched", "excluded")]
        assert Decimal(row["input_total"]) == sum(parts)
        assert Decimal(row["difference"]) == 0


def test_ledger_input_equals_the_workbook_less_its_total_rows(sample):
    book = openpyxl.load_workbook(ROOT / "data" / "enterprises" / "企业经营情况表.xlsx", data_only=True)
    sheet = book["2024年"]
    header = [str(cell.value) for cell in sheet[3]]
    at = next(i for i, text in enumerate(header) if text.startswith("入库税收"))
    total = Decimal(0)
    for row in sheet.iter_rows(min_row=4, values_only=True):
        if str(row[0]).replace(" ", "").startswith(("合计", "填表", "备注")) or row[at] in (
            None,
            "-",
            "—",
            "",
        ):
            continue
        total += Decimal(str(row[at]).replace(",", ""))
    ledger = sample.ledger.set_index(["quantity", "year"])["input_total"]
    assert Decimal(ledger["tax_wan_yuan", 2024]) == total


def test_every_row_of_the_register_is_told_and_exempt_parcels_keep_their_figures(outputs):
    book = openpyxl.load_workbook(ROOT / "data" / "exemptions" / "豁免登记.xlsx")
    written = {row for row in range(3, book.active.max_row + 1) if book.active.cell(row, 1).value}
    register = [row for row in tables(outputs, "exemptions") if row["来源文件"] == "豁免登记.xlsx"]
    assert {int(row["行号"]) for row in register} == written
    assert all(row["适用或不适用的理由"] for row in register)
    noted = (ROOT / "data" / "README.md").read_text("utf-8").count("豁免登记不适用")
    refused = {row["行号"] for row in register if row["豁免是否适用"] == "否"}
    assert len(refused) == noted == 9
    parcels = {row["宗地标识"]: row for row in tables(outputs, "parcels")}
    holding = {row["宗地标识"] for row in register if row["豁免是否适用"] == "是"}
    lists = openpyxl.load_workbook(outputs / "处置候选清单.xlsx")["豁免"]
    listed = {str(cell.value) for row in lists.iter_rows() for cell in row}
    assert {parcels[key]["宗地代码"] for key in holding} <= listed
    working = [key for key in holding if parcels[key]["是否在产（有产值或税收）"] == "是"]
    assert len(working) > 3
    assert all(parcels[key]["亩均投资(万元/亩)"] and parcels[key]["亩均产值(万元/亩)"] for key in working)
    states = [row for row in tables(outputs, "reconciliation") if row["来源文件"] == "豁免登记.xlsx"]
    assert len(states) == len(written)


def test_blocks_and_layers_of_the_sample(sample, outputs):
    candidates = sample.status.index[sample.status["is_candidate"].astype(bool)]
    drawn = sample.parcels.loc[candidates, "area_measured_m2"].notna()
    assert sample.blocks["block_parcels"].sum() == drawn.sum()
    assert sample.parcels.loc[candidates, "block_code"].notna().equals(drawn)
    assert len(tables(outputs, "blocks")) == len(sample.blocks)
    laid = sample.overlays[sample.overlays["overlay_effect"] == "永久基本农田"]
    assert sorted(laid["overlay_state"]) == ["仅边缘细碎", "未知（宗地没有可用图形）", *["重叠"] * 3]
    asked = sample.issues.loc[sample.issues["code"] == "E714", "record_key"]
    hit = laid.loc[laid["overlay_state"] == "重叠", "parcel_id"]
    assert set(asked) == set(hit) & set(candidates) != set()
    shown = {row["宗地标识"]: row for row in tables(outputs, "parcels")}
    assert all("永久基本农田" in shown[key]["待核问题"] for key in asked)


def test_the_structure_of_every_zone_adds_up_to_it(sample):
    zones = sample.zones.set_index(["zone_level", "zone_code"])
    kinds = sample.structure.groupby(["structure_kind", "zone_level", "zone_code"])
    sums = kinds[["area_mu", "tax_wan_yuan", "zone_parcels"]].sum()
    for kind in ("土地用途", "产业门类", "评价结论"):
        for name in sums:
            wanted = zones[name].fillna(0)
            assert sums.loc[kind, name].reindex(wanted.index).fillna(0).to_numpy() == pytest.approx(
                wanted.to_numpy()
            )


def test_levels_add_up_to_the_park(sample):
    zones = sample.zones
    park = zones[zones["zone_level"] == "园区"].iloc[0]
    for level in LEVELS:
        rows = zones[zones["zone_level"] == level]
        assert rows["zone_parcels"].sum() == park["zone_parcels"] == len(sample.parcels)
        assert rows["area_mu"].sum() == pytest.approx(park["area_mu"], rel=1e-12)
        for money in MONEY:
            assert round(rows[money].sum(), 4) == round(park[money], 4)
    assert len(zones[(zones["zone_level"] == "产业集群") & zones.geometry.notna()]) == 3


def test_unknown_is_never_a_verdict(sample):
    unknown = sample.parcels[list(MONEY)].isna().all(axis=1) & (sample.parcels["is_industrial"] == True)  # noqa: E712
    classes = set(sample.status.loc[unknown, "status"])
    assert unknown.sum() > 20
    assert not classes & {"达标", "低效候选"}
    short = sample.status[sample.status["status"] == "资料不足"]
    assert (short["missing"] + short["questions"]).str.len().min() > 0


def test_every_adverse_verdict_has_clause_reason_and_evidence(sample):
    adverse = sample.findings[sample.findings["verdict"] == "不达标"]
    assert len(adverse) > 100
    for column in ("reason", "document", "clause", "evidence", "threshold"):
        assert adverse[column].astype(str).str.len().min() > 0, column


def test_ratios_recompute_from_the_tables(outputs):
    rows = tables(outputs, "parcels")
    checked = 0
    for row in rows:
        for money, ratio in (
            ("固定资产投资(万元，累计)", "亩均投资(万元/亩)"),
            ("工业总产值(万元)", "亩均产值(万元/亩)"),
            ("入库税收(万元)", "亩均税收(万元/亩)"),
        ):
            if row[money] and row["评价面积(亩)"]:
                assert float(row[money]) / float(row["评价面积(亩)"]) == pytest.approx(
                    float(row[ratio]), abs=2e-6
                )
                checked += 1
            else:
                assert row[ratio] == ""
    assert checked > 500


def test_zone_figures_recompute_from_the_parcels(outputs):
    parcels = tables(outputs, "parcels")
    for zone in tables(outputs, "zones"):
        if zone["层级"] != "产业社区" or not zone["分区编号"].startswith("SQ"):
            continue
        inside = [row for row in parcels if row["产业社区编号"] == zone["分区编号"]]
        assert len(inside) == int(zone["宗地数"])
        known = [row for row in inside if row["入库税收(万元)"] and row["评价面积(亩)"]]
        money = sum(Decimal(row["入库税收(万元)"]) for row in known)
        assert money == Decimal(zone["入库税收(万元)"] or 0)
        land = sum(float(row["评价面积(亩)"]) for row in known)
        if land:
            assert float(money) / land == pytest.approx(float(zone["亩均税收(万元/亩)"]), abs=2e-6)


def test_parcel_money_adds_up_to_the_ledger(outputs):
    ledger = {(row["指标"], row["年度"]): row for row in tables(outputs, "ledger")}
    whole = ledger["入库税收(万元)", "2024"]
    parts = sum(Decimal(row["入库税收(万元)"]) for row in tables(outputs, "parcel_years")
                if row["年度"] == "2024" and row["入库税收(万元)"])  # fmt: skip
    unknown = [row for row in tables(outputs, "issues") if row["代码"] == "E313"]
    assert parts <= Decimal(whole["已分摊"])
    assert (parts == Decimal(whole["已分摊"])) == (not any("税收" in row["列"] for row in unknown))


def test_run_json_tells_hashes_and_rows_of_every_step(outputs):
    record = json.loads((outputs / "run.json").read_text("utf-8"))
    files = {entry["file"]: entry["sha256"] for entry in record["inputs"]}
    book = ROOT / "data" / "enterprises" / "企业经营情况表.xlsx"
    assert files[book.name] == hashlib.sha256(book.read_bytes()).hexdigest()
    assert set(files) == {
        "宗地.shp",
        "三级布局.shp",
        "建筑物.shp",
        "企业经营情况表.xlsx",
        "供地台账.xlsx",
        "豁免登记.xlsx",
        "指数数据表.xlsx",
        "储备与供地表.xlsx",
        "园区范围.shp",
        "指标实绩表.xlsx",
        "影像_2022.tif",
        "影像_2024.tif",
        "道路.shp",
        "永久基本农田.shp",
    }
    assert [step["name"] for step in record["steps"]] == ["读取", "整理", "匹配", "测算", "评判", "落区汇总"]
    assert all(step["rows_in"] > 0 and step["rows_out"] > 0 for step in record["steps"])
    encodings = {entry["file"]: entry["encoding"] for entry in record["inputs"] if "encoding" in entry}
    assert encodings["宗地.shp"] == "gb18030"
    for name, digest in record["outputs"].items():
        assert hashlib.sha256((outputs / name).read_bytes()).hexdigest() == digest


def test_the_supply_board_of_the_sample_adds_up_and_is_written(sample, outputs):
    board = sample.supply
    assert set(board.plots["supply_stage"]) == {*STAGES, "无法判定"}
    park = board.stages[board.stages["stage_level"] == "园区"].set_index("supply_stage")
    units = (park["plot_area_mu"] * 10_000).round()
    assert units.drop("合计").sum() == units["合计"] == (board.plots["plot_area_mu"] * 10_000).round().sum()
    assert park.loc["合计", "plots_count"] == len(sample.parcels) + 25 - 3  # three plots are parcels too
    assert set(board.quota["verdict"]) == {"达标", "无法判定"}
    assert {"即将届满", "无法判定"} <= set(board.terms["term_due"])
    assert set(board.boundary["boundary_position"]) == set(POSITIONS)
    for name in ("supply", "supply_stages", "supply_ages", "supply_terms", "quota", "boundary"):
        assert tables(outputs, name), name
    assert (outputs / "供地盘子.xlsx").is_file()


def run_elsewhere(out, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "landeval", "run", str(SAMPLE), "--no-dossiers", "--out", str(out)],
        cwd=out.parent, env={**os.environ, **environment}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")


def contents(folder):
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            if path.name == "run.json":
                record = json.loads(data)
                assert record.pop("timing")
                data = json.dumps(record, sort_keys=True).encode()
            found[path.relative_to(folder).as_posix()] = hashlib.sha256(data).hexdigest()
    return found


def test_two_runs_give_the_same_bytes_whatever_locale_zone_and_hash_seed(outputs, tmp_path):
    run_elsewhere(tmp_path / "again", PYTHONHASHSEED="12345", TZ="Asia/Kathmandu", LC_ALL="C", PYTHONUTF8="1")
    first, second = contents(outputs), contents(tmp_path / "again")
    assert {name for name in first if first[name] != second.get(name)} == set()
    assert len(first) == len(second)


def test_the_row_order_of_the_enterprise_table_does_not_matter(sample, tmp_path):
    book = openpyxl.load_workbook(ROOT / "data" / "enterprises" / "企业经营情况表.xlsx")
    for sheet in book:
        rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
        firms = [row for row in rows if row[1] or (row[2] is not None)]
        others = [row for row in rows if row not in firms]
        for at, row in enumerate([*reversed(firms), *others], start=4):
            for column, value in enumerate(row, start=1):
                sheet.cell(at, column).value = value
    book.save(tmp_path / "企业经营情况表.xlsx")
    again = evaluate(load_project(SAMPLE, enterprises=tmp_path / "企业经营情况表.xlsx"))
    pd.testing.assert_series_equal(again.status["status"], sample.status["status"])
    pd.testing.assert_frame_equal(again.parcel_years, sample.parcel_years)
    pd.testing.assert_frame_equal(again.ledger, sample.ledger)


def test_inputs_are_untouched_and_nothing_appears_beside_them(untouched, outputs):
    assert len(untouched) > 12
    assert outputs.is_dir()
    assert contents(ROOT / "data") == untouched


def test_demo_data_are_what_the_script_makes(tmp_path):
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "make_sample.py"), "--out", str(tmp_path)],
        capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    made = {name: digest for name, digest in contents(tmp_path).items() if not name.endswith(".tif")}
    kept = {name: digest for name, digest in contents(ROOT / "data").items() if name in made}
    assert made == kept
    assert len(made) > 12


def test_counts_are_believable_for_a_hunan_county_park(sample):
    counts = Counter(sample.status["status"])
    total = len(sample.status)
    idle = sum(counts[name] for name in STATUSES if "闲置" in name)
    assert 280 <= total <= 330
    assert 0.03 <= idle / total <= 0.09
    assert 0.07 <= counts["低效候选"] / total <= 0.13
    assert 5 < sample.parcels["tax_wan_yuan_per_mu"].median() < 12


def test_every_enterprise_is_graded_or_told_why_not(sample, outputs):
    grades = tables(outputs, "grades")
    assert sorted(row["企业标识"] for row in grades) == sorted(sample.enterprises.index)
    assert set(Counter(row["评价等级"] for row in grades)) == {"A", "B", "C", "D", "T", ""}
    assert all(row["评价说明"] for row in grades if row["评价状态"] != "已定级")
    lacking = {row["企业标识"] for row in grades if row["评价状态"] == "资料不足"}
    assert lacking == {row["记录标识"] for row in tables(outputs, "issues") if row["代码"] == "E488"}
    scored = {row["企业标识"] for row in grades if row["综合得分"]}
    assert scored <= {row["企业标识"] for row in tables(outputs, "grade_items")}


def test_the_points_of_a_firm_add_up_to_its_score(outputs):
    sums: dict[str, float] = {}
    weights: dict[str, float] = {}
    for row in tables(outputs, "grade_items"):
        if row["指标得分"]:
            key = row["企业标识"]
            sums[key] = sums.get(key, 0.0) + float(row["指标得分"])
            weights[key] = weights.get(key, 0.0) + float(row["权重"])
    for row in tables(outputs, "grades"):
        if row["综合得分"]:
            key = row["企业标识"]
            assert float(row["综合得分"]) == pytest.approx(sums[key] / weights[key] * 100, abs=1e-4)


def test_the_workbook_of_grades_and_its_public_edition(outputs):
    book = openpyxl.load_workbook(outputs / "企业综合评价.xlsx")
    assert book.sheetnames == ["说明", "A类", "B类", "C类", "D类", "T类", "未定级", "逐项", "公示稿"]
    grades = tables(outputs, "grades")
    for name in "ABCDT":
        assert book[f"{name}类"].max_row == 2 + sum(row["评价等级"] == name for row in grades)
    public = book["公示稿"]
    assert [cell.value for cell in public[2]] == ["序号", "企业名称", "评价名单", "评价等级", "名次"]
    assert public.max_row == 2 + sum(row["评价等级"] != "" for row in grades)
    assert "异议" in public["A1"].value
    assert "不得公示" in public["A1"].value
    listed = openpyxl.load_workbook(outputs / "处置候选清单.xlsx")["企业评价"]
    assert listed.max_row == 2 + len(grades)


def test_the_sample_has_targets_in_most_states_and_a_clause_and_quote_for_each(sample, outputs):
    board = tables(outputs, "targets")
    assert len(board) == len(sample.board.targets)
    assert {row["进度"] for row in board} >= {
        "已达到",
        "超前",
        "持平",
        "落后",
        "逾期完成",
        "未到期",
        "无法判定",
        "跟踪",
    }
    assert {row["进度"] for row in board} <= set(STATES_OF_TARGETS)
    for row in board:
        assert row["依据条款"]
        assert row["条文原文"]
        assert row["依据可靠程度"].startswith("见原文")
        assert row["进度说明"]
        if row["进度"] in ("落后", "已过期未达到", "逾期完成"):
            assert row["证据位置"].startswith("指标实绩表.xlsx")
        if row["进度"] == "落后":
            assert float(row["超前(+)落后(-)"]) < 0
            assert row["证据位置"].startswith("指标实绩表.xlsx")
    lost = {row["代码"] for row in tables(outputs, "issues") if row["来源文件"] == "指标实绩表.xlsx"}
    assert lost >= {"E520", "E524", "E526", "E527", "E529"}
    states = [row for row in tables(outputs, "reconciliation") if row["来源文件"] == "指标实绩表.xlsx"]
    assert len({row["行号"] for row in states}) == len(states)
    assert all(row["处理状态"] for row in states)


def test_the_sample_groups_and_land_add_up(outputs):
    groups = tables(outputs, "industry_groups")
    whole = groups[-1]
    for column in ("企业数", "工业总产值(万元)", "入库税收(万元)", "规上企业数"):
        assert sum(float(row[column] or 0) for row in groups[:-1]) == pytest.approx(
            float(whole[column]), abs=1e-4
        )
    land = tables(outputs, "land_structure")
    for level in ("产业集群", "产业基地", "产业社区"):
        mine = sum(float(row["评价面积(亩)"]) for row in land if row["层级"] == level)
        park = sum(float(row["评价面积(亩)"]) for row in land if row["层级"] == "园区")
        assert mine == pytest.approx(park)


def test_the_workbook_of_the_sample(outputs):
    book = openpyxl.load_workbook(outputs / "目标进度.xlsx")
    assert book.sheetnames == ["说明", "目标进度", "图表", "按部门", "产业", "用地结构", "逐年", "依据"]
    board = tables(outputs, "targets")
    assert book["目标进度"].max_row == 2 + len(board)
    named = sum(len(row["责任单位"].split("、")) for row in board)
    assert book["按部门"].max_row == 2 + named
    offices = [row[0].value for row in book["按部门"].iter_rows(min_row=3)]
    assert offices[-1] == "方案未写明"
    assert len(dict.fromkeys(offices)) == sum(
        1 for at, name in enumerate(offices) if at == 0 or offices[at - 1] != name
    )
    assert len(book["图表"]._charts) > 10
    assert len(book["产业"]._charts) == len(book["用地结构"]._charts) == 1
    assert "建议" in " ".join(str(cell.value) for row in book["说明"].iter_rows(max_row=12) for cell in row)


def test_images_find_what_was_built_and_cleared(sample, outputs, monkeypatch):
    """The truth is what ``make_sample`` painted; figures of docs/影像.md."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    import make_sample
    import numpy as np
    from sample.imagery import DATES, _is_far, ground_at
    from sample.streets import make_ground

    ground, plan = np.random.default_rng(make_sample.SEED).spawn(8)[:2]
    cases = make_sample._assign(make_ground(ground)[0], plan)["case"]
    days = list(DATES.values())
    grounds = [tuple(ground_at(case, day) for day in days) for case in cases]
    roofs = [
        tuple(
            kind == "factory" or (kind == "site" and _is_far(case, day))
            for kind, day in zip(pair, days, strict=True)
        )
        for case, pair in zip(cases, grounds, strict=True)
    ]
    seen = sample.imagery.evidence.set_index(sample.parcels["source_row"])
    sound = seen.index[seen["image_state"] == "正常"]
    of = {int(row): int(row) - 1 for row in sound}  # case of a record

    def rates(said, true):
        hit = len(said & true)
        return len(said), len(true), hit

    built = {
        row
        for row, at in of.items()
        if roofs[at][1] and (not roofs[at][0] or grounds[at] == ("site", "factory"))
    }
    cleared = {row for row, at in of.items() if grounds[at] == ("vegetation", "soil")}
    bare = {row for row, at in of.items() if not roofs[at][1]}
    changed, suggested = seen["image_change"], seen["image_evidence"]
    assert rates(set(changed.index[changed == "新增建设"]), built) == (26, 27, 26)
    assert rates(set(changed.index[changed == "平整未建"]), cleared) == (5, 4, 4)
    assert rates(set(suggested.index[suggested == "疑似未建设"]), bare) == (32, 32, 32)
    assert not (sample.imagery.evidence["image_question"] != "").any()  # the sample's ledger and ground agree
    assert len(sample.imagery.chips) == 2 * sample.status["is_candidate"].sum()
    assert {path.stem for path in (outputs / "影像").iterdir()} == set(
        sample.status.query("is_candidate").index
    )
