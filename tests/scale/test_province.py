"""Units one by one and put together: sums, ledger, what is missing, repeats, grades, resuming."""

import errno
import json
import shutil

import geopandas as gpd
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from units import province, unit

from landeval import evaluate, load_project
from landeval.cli import main
from landeval.errors import ConfigurationError
from landeval.province import FAILED, KEPT, MADE
from landeval.publish.cells import kind_of
from landeval.publish.part import PARCELS
from landeval.publish.run_record import digests
from landeval.read.part import read_frame, read_shapes
from landeval.scale.command import evaluate_province, parts_beside
from landeval.scale.plan import plan_of
from landeval.scale.reduction import alike
from landeval.scale.unit import Order, make_part
from landeval.units import to_cents

MONEY = ["固定资产投资(万元，累计)", "工业总产值(万元)", "入库税收(万元)"]


def table(out, name):
    return pd.read_csv(out / "tables" / f"{name}.csv", dtype=str, keep_default_na=False, encoding="utf-8-sig")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    return province(tmp_path_factory.mktemp("省") / "全省", 3)


@pytest.fixture(scope="module")
def made(root, tmp_path_factory):
    out = tmp_path_factory.mktemp("出") / "成果"
    return evaluate_province(plan_of(root), out), out


def test_the_province_is_the_sum_of_its_units_to_the_cent(made):
    _, out = made
    zones = table(out, "zones")
    total, units = zones.iloc[0], zones[zones["层级"] == "园区"]
    assert total["单位名称"] == "全省"
    assert len(units) == 3
    for name in MONEY:
        cents = to_cents(units[name].astype(float)).sum()
        assert to_cents([float(total[name])])[0] == cents > 0
    assert int(total["宗地数"]) == units["宗地数"].astype(int).sum() == 9
    assert float(total["评价面积(亩)"]) == pytest.approx(units["评价面积(亩)"].astype(float).sum(), rel=1e-12)
    ratio = float(total[MONEY[2]]) / float(total["有税收数据的面积(亩)"])
    assert float(total["亩均税收(万元/亩)"]) == pytest.approx(ratio, abs=1e-6)


def test_the_ledger_balances_for_the_whole(made):
    _, out = made
    ledger = table(out, "ledger")
    whole = ledger[ledger["单位名称"] == "全省"].set_index(["指标", "年度"])
    for key, row in whole.iterrows():
        units = ledger[
            (ledger["单位名称"] != "全省") & (ledger["指标"] == key[0]) & (ledger["年度"] == key[1])
        ]
        for name in ("输入合计", "已分摊", "未匹配", "已排除", "差额"):
            assert to_cents([float(row[name])])[0] == to_cents(units[name].astype(float)).sum()
    assert whole.loc[("入库税收(万元)", "2024"), "未匹配"] == "90.990000"
    assert set(whole["完整性"]) == {"完整"}


def test_every_record_of_every_unit_is_in_the_joined_tables(made):
    found, out = made
    for name in ("reconciliation", "issues", "parcels"):
        rows = sum(len(read_frame(part, name)) for part in found.parts.values())
        assert len(table(out, name)) == rows > 0
    assert set(table(out, "reconciliation")["单位名称"]) == {"虚构1县", "虚构2县", "虚构3县"}
    record = json.loads((out / "run.json").read_text("utf-8"))
    assert record["outputs"] == digests(out)
    assert not record["is_partial"]


def test_the_parcels_are_one_data_set_for_other_engines(made):
    found, out = made
    land = gpd.read_parquet(out / "parquet" / "parcels")
    assert (len(land), land.crs.to_epsg()) == (9, 4490)
    assert land["单位名称"].value_counts().to_dict() == dict.fromkeys(found.parts, 3)
    assert land.geometry.notna().all()
    assert [name for name in PARCELS if not kind_of(name)] == []  # else a blank column has another type
    exact = gpd.read_parquet(out / "units" / "虚构1县" / "parcels.parquet")
    assert (
        exact.set_index("parcel_id")
        .geometry.geom_equals(
            land[land["单位名称"] == "虚构1县"].set_index("宗地标识").geometry.map(lambda many: many.geoms[0])
        )
        .all()
    )


@pytest.mark.usefixtures("texts_as_in_a_run")
def test_frames_of_a_part_come_back_as_they_were(root, made):
    found, _ = made
    result = evaluate(load_project(root / "虚构1县"))
    back = read_frame(found.parts["虚构1县"], "links")
    assert_frame_equal(back, result.links.reset_index(drop=True))
    _, shapes = read_shapes(found.parts["虚构1县"], "parcels")
    assert [shape.wkb for shape in shapes] == [shape.wkb for shape in result.parcels.geometry]
    some = read_frame(found.parts["虚构1县"], "parcels", ["area_mu", "parcel_code"])
    assert some["area_mu"].tolist() == result.parcels["area_mu"].tolist()


def test_a_full_disk_is_told_of_the_unit(root, tmp_path, monkeypatch):
    def full(*given):
        raise OSError(errno.ENOSPC, "No space left on device", "某处")

    monkeypatch.setattr("landeval.publish.part.write_exact", full)
    order = Order(plan_of(root).units[0], {}, None, tmp_path / "分片" / "甲", "r", resumes=False)
    outcome = make_part(order)
    assert outcome.state == FAILED
    assert "磁盘空间" in outcome.message
    assert list((tmp_path / "分片").iterdir()) == []


def test_another_order_of_the_units_gives_the_same_bytes(made, root, tmp_path):
    _, out = made
    names = [f"{root / name}\n" for name in ("虚构3县", "虚构1县", "虚构2县")]
    (tmp_path / "名单.txt").write_text("".join(names), "utf-8")
    plan = plan_of(tmp_path / "名单.txt")
    evaluate_province(plan.__class__(**{**vars(plan), "title": "全省"}), tmp_path / "成果")
    assert digests(tmp_path / "成果") == digests(out)


def test_a_unit_that_cannot_be_read_is_named_and_the_rest_is_told_as_partial(root, tmp_path, capsys):
    shutil.copytree(root, tmp_path / "全省")
    (tmp_path / "全省" / "虚构2县" / "宗地.shp").write_bytes(b"")
    (tmp_path / "全省" / "虚构3县" / "landeval.toml").write_text("titel = 1\n", "utf-8")
    out = tmp_path / "成果"
    assert main(["province", str(tmp_path / "全省"), "--out", str(out)]) == 7
    said = capsys.readouterr().out
    assert "不完整，缺 2 个单位：虚构2县、虚构3县" in said
    assert "宗地.shp" in said
    assert "titel" in said
    ledger = table(out, "ledger")
    assert ledger.loc[ledger["完整性"].str.contains("没有完成"), "单位名称"].tolist() == [
        "虚构2县",
        "虚构3县",
    ]
    assert set(ledger.loc[ledger["单位名称"] == "全省", "完整性"]) == {
        "不完整，缺 2 个单位：虚构2县、虚构3县"
    }
    assert table(out, "zones")["完整性"][0].startswith("不完整")
    record = json.loads((out / "run.json").read_text("utf-8"))
    assert record["missing_units"] == ["虚构2县", "虚构3县"]
    assert record["is_partial"]
    states = table(out, "units").set_index("单位名称")
    assert "E121" in states.loc["虚构2县", "未完成的原因"]

    for name in ("虚构2县", "虚构3县"):  # mended: only these are done
        shutil.copytree(root / name, tmp_path / "全省" / name, dirs_exist_ok=True)
    again = evaluate_province(plan_of(tmp_path / "全省"), out, resume=True)
    assert [state for state, _ in again.timing["units"].values()] == [KEPT, MADE, MADE]
    assert again.missing == ()


def test_resuming_does_only_what_is_missing_changed_or_damaged(made, root, tmp_path):
    _, out = made
    shutil.copytree(root, tmp_path / "全省")
    there = tmp_path / "成果"
    plan = plan_of(tmp_path / "全省")

    def states():
        found = evaluate_province(plan, there, resume=True)
        return [state for state, _ in found.timing["units"].values()]

    assert states() == [MADE, MADE, MADE]
    assert digests(there) == digests(out)
    assert states() == [KEPT, KEPT, KEPT]
    assert digests(there) == digests(out)
    unit(tmp_path / "全省" / "虚构2县", 2, firms=[["洞口虚构2竹业有限公司", "", 2024, 1, 2, 3]])
    frame = next((parts_beside(there) / "虚构3县" / "frames").glob("links.parquet"))
    frame.write_bytes(frame.read_bytes()[:-1])
    assert states() == [KEPT, MADE, MADE]
    (parts_beside(there) / "虚构1县" / "unit.json").unlink()
    assert states() == [MADE, KEPT, KEPT]


def test_inputs_that_change_while_they_are_read_make_no_part(root, tmp_path, monkeypatch):
    from landeval import run

    shutil.copytree(root / "虚构1县", tmp_path / "虚构1县")
    plan = plan_of(tmp_path)
    evaluate = run.evaluate

    def slow(project):
        result = evaluate(project)
        unit(tmp_path / "虚构1县", 1, idle=False)
        return result

    monkeypatch.setattr(run, "evaluate", slow)
    order = Order(plan.units[0], {}, None, tmp_path / "分片" / "虚构1县", "r", resumes=False)
    outcome = make_part(order)
    assert (outcome.state, "E669" in outcome.message) == (FAILED, True)
    assert not order.place.exists()


def test_no_unit_at_all_is_refused_and_an_older_result_stays(made, tmp_path):
    unit(tmp_path / "全省" / "甲", 1)
    out = tmp_path / "成果"
    evaluate_province(plan_of(tmp_path / "全省"), out)
    before = digests(out)
    (tmp_path / "全省" / "甲" / "企业.xlsx").write_bytes(b"")
    with pytest.raises(ConfigurationError, match="E121") as refused:
        evaluate_province(plan_of(tmp_path / "全省"), out)
    assert refused.value.code == "E667"
    assert digests(out) == before


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("as_of", "2024-06-30", "评价基准日"),
        ("year", 2023, "数据年度"),
        ("currency", "美元", "币种"),
        ("placing", [2.0, 30.0], "连片"),
    ],
)
def test_units_that_were_not_judged_alike_are_not_added(made, root, key, value, said):
    found, _ = made
    records = {name: dict(record) for name, record in found.facts.items()}
    records["虚构2县"][key] = value
    with pytest.raises(ConfigurationError, match=f"{said}.*虚构2县") as refused:
        alike(records, plan_of(root))
    assert refused.value.code == "E662"


def test_codes_of_several_units_are_told_and_both_counted(tmp_path):
    same = ["洞口虚构共有有限公司", "91430525MA00000002", 2024, 10, 20, 5.5]
    other = ["洞口虚构分厂有限公司", "91430525MA0000001W", 2024, 10, 20, 7]
    shared = "430521001001GB00007"
    unit(
        tmp_path / "全" / "甲",
        1,
        code=[shared, "430521001001GB00002", "430521001001GB00003"],
        firms=[same, other],
    )
    unit(
        tmp_path / "全" / "乙",
        2,
        code=["430522001001GB00001", shared, "430522001001GB00003"],
        firms=[same, [*other[:5], 8]],
    )
    found = evaluate_province(plan_of(tmp_path / "全"), tmp_path / "成果")
    told = found.tables["province_issues"]
    assert sorted(told["code"].value_counts().items()) == [("E740", 2), ("E741", 2), ("E742", 2)]
    land = told[told["code"] == "E740"].set_index("unit_name")
    assert land.loc["甲", "what"].endswith("另在 乙")
    assert land.loc["甲", "source_file"] == "甲/宗地.shp"
    assert set(land["raw_value"]) == {shared}
    assert any("1 个宗地代码" in text and "15.0" in text for text in found.remarks)
    assert any("1 家企业" in text for text in found.remarks)
    assert int(found.tables["zones"]["zone_parcels"].iloc[0]) == 6
