"""Real input that no one here wrote, by a ``landeval.toml`` alone. Skips where ../shared/data is absent."""

import csv
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely
from example_page import tables
from pyproj import Geod, Transformer

from landeval import evaluate, load_project, write_outputs
from landeval.publish.map import write_map
from landeval.publish.tables import write_tables
from landeval.publish.workbook import write_candidate_list
from landeval.result import IDLE

pytestmark = pytest.mark.real_data
ROOT = Path(__file__).resolve().parent.parent
EXAMPLES = ROOT / "examples"


@pytest.fixture(scope="module")
def cambridge(shared_data):
    folder = shared_data / "cambridge_ma"
    return evaluate(load_project(EXAMPLES / "cambridge_ma", data_folder=folder))


@pytest.fixture(scope="module")
def assessors(shared_data):
    with (shared_data / "cambridge_ma" / "TaxFY14.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def guangdong(shared_data):
    return evaluate(load_project(EXAMPLES / "land_market_cn", data_folder=shared_data / "land_market_cn"))


def test_cambridge_leftovers_of_both_lists_are_reported(cambridge):
    assert len(cambridge.parcels) == 13_116
    rows = cambridge.reconciliation[cambridge.reconciliation["table_kind"] == "企业"]
    states = rows["record_state"].value_counts()
    assert len(rows) == 27_528
    assert states["未匹配"] == 50
    assert states["无法识别"] == 1  # the one row whose ML is blank
    alone = cambridge.issues[cambridge.issues["code"] == "E302"]
    assert len(alone) == 134  # 133 lots without a row, and the one record without lot number or shape
    assert alone["record_key"].nunique() == 134


def test_cambridge_value_totals_balance_to_the_cent(cambridge, assessors):
    for column, header in (
        ("investment_wan_yuan", "TotalAppraisedImprovements"),
        ("output_wan_yuan", "TotalAppraisedParcelValue"),
        ("tax_wan_yuan", "TotalAppraisedLandValue"),
    ):
        row = cambridge.ledger[cambridge.ledger["quantity"] == column].iloc[0]
        given = sum(Decimal(record[header]) for record in assessors if record[header]) / 10_000
        assert Decimal(row["input_total"]) == given
        assert Decimal(row["input_total"]) == Decimal(row["allocated"]) + Decimal(row["unmatched"]) + Decimal(
            row["excluded"]
        )
        lots = set(cambridge.parcels["parcel_code"].dropna())
        refused = column != "tax_wan_yuan"  # a negative tax is a refund; a negative value is not believed
        given_of = [(record["ML"].strip(), Decimal(record[header])) for record in assessors if record[header]]
        lost = sum(value for lot, value in given_of if lot not in lots or (refused and value < 0)) / 10_000
        assert Decimal(row["unmatched"]) + Decimal(row["excluded"]) == lost


def test_cambridge_one_lot_sums_its_438_rows(cambridge, assessors):
    counts = pd.Series([record["ML"] for record in assessors]).value_counts()
    lot, rows = counts.index[0], counts.iloc[0]
    assert rows == 438
    here = sum(int(record["TotalAppraisedLandValue"]) for record in assessors if record["ML"] == lot)
    parcels = cambridge.parcels[cambridge.parcels["parcel_code"] == lot]
    assert round(parcels["tax_wan_yuan"].sum() * 10_000) == here
    links = cambridge.links[cambridge.links["parcel_id"].isin(parcels.index)]
    assert links["link_area_mu"].sum() == pytest.approx(parcels["area_mu"].sum(), rel=1e-9)


def test_cambridge_areas_are_right_on_the_ellipsoid(cambridge, shared_data):
    import pyogrio

    raw = pyogrio.read_dataframe(
        shared_data / "cambridge_ma" / "derived_parcels_fy2014_epsg2249.shp", columns=[]
    )
    sample = cambridge.parcels.dropna(subset=["area_measured_m2"]).iloc[::97]
    shapes = np.asarray(raw.geometry)[sample["source_row"].to_numpy() - 1]
    forward = Transformer.from_crs(2249, 4490, always_xy=True)
    geod = Geod(ellps="GRS80")
    for shape, measured in zip(shapes, sample["area_measured_m2"], strict=True):
        if not shape.is_valid:
            continue
        flat = shapely.transform(shape, lambda xy: np.column_stack(forward.transform(xy[:, 0], xy[:, 1])))
        true = abs(geod.geometry_area_perimeter(shapely.orient_polygons(flat))[0])
        assert measured == pytest.approx(true, rel=1e-6)


def test_cambridge_thresholds_and_currency_come_from_the_toml(cambridge, tmp_path):
    tax = cambridge.rules.set_index("rule_id").loc["dongkou.tax"]
    assert (tax["value"], tax["measure_unit"]) == ("80", "万美元/亩")
    assert "检验用" in tax["override"]
    judged = cambridge.findings[cambridge.findings["rule_id"] == "dongkou.tax"]
    assert judged["basis"].str.contains("已由本单位改动").all()
    assert cambridge.currency == "美元"
    assert set(cambridge.status["status"]) <= {"达标", "关注", "资料不足"}


def test_cambridge_map_and_list_are_made(cambridge, tmp_path):
    out = tmp_path
    write_map(cambridge, out / "地图.html")
    write_candidate_list(cambridge, out / "处置候选清单.xlsx")
    write_tables(cambridge, out / "tables", only=("parcels",))
    page = (out / "地图.html").read_text("utf-8")
    assert "万美元" in page
    header = (out / "tables" / "parcels.csv").read_text("utf-8-sig").splitlines()[0]
    assert "亩均税收(万美元/亩)" in header
    assert (out / "处置候选清单.xlsx").stat().st_size > 1_000_000


def test_guangdong_ledger_without_polygons_gives_the_idle_list(guangdong):
    parcels, status = guangdong.parcels, guangdong.status
    assert len(parcels) == 1_838
    industrial = parcels["is_industrial"] == True  # noqa: E712
    assert industrial.sum() == 508
    late = (
        industrial
        & parcels["actual_start"].isna()
        & (parcels["agreed_start"] + pd.DateOffset(years=1) < "2020-04-15")
    )
    over_two = late & (parcels["agreed_start"] + pd.DateOffset(years=2) < "2020-04-15")
    assert (late.sum(), over_two.sum()) == (29, 8)
    asked = late & parcels["actual_completion"].notna()
    assert asked.sum() == 2
    assert (status.loc[late & ~asked, "status"] == "涉嫌闲置(未动工)").all()
    assert (status.loc[asked, "status"] == "资料不足").all()
    assert status.loc[asked, "questions"].str.contains("有竣工日期而无动工日期").all()
    assert (status.loc[industrial, "status"] == "涉嫌闲置(未动工)").sum() == 27


def test_guangdong_records_without_an_agreed_start_are_insufficient_not_good(guangdong):
    parcels, status = guangdong.parcels, guangdong.status
    undated = parcels["agreed_start"].isna() & parcels["actual_start"].isna() & parcels["delivered_on"].isna()
    assert undated.sum() > 50
    assert (status.loc[undated, "status"] == "资料不足").all()
    plain = undated & parcels["actual_completion"].isna()
    assert status.loc[plain, "missing"].str.contains("约定动工日期").all()


def test_guangdong_questions_are_those_of_the_ledger(guangdong):
    counts = guangdong.issues["code"].value_counts()
    assert (counts["E402"], counts["E403"], counts["E401"]) == (10, 1, 7)


def test_guangdong_map_says_why_it_is_empty(guangdong, tmp_path):
    out = write_outputs(guangdong, tmp_path / "out")
    assert "无图形" in (out / "地图.html").read_text("utf-8")
    assert (out / "处置候选清单.xlsx").is_file()


def test_a_table_of_other_firms_matches_nothing_and_the_run_says_so(shared_data):
    table = shared_data / "enterprises_cn" / "shandong_enterprise_registry.xlsx"
    result = evaluate(load_project(ROOT / "data" / "landeval.toml", enterprises=table))
    assert not (result.links["state"] == "自动").any()
    assert "一家也没有对上" in result.meta["remark"]
    low = result.status.index[result.status["status"] == "低效候选"]
    found = result.findings[result.findings["unit_id"].isin(low) & (result.findings["verdict"] == "不达标")]
    of_buildings = {"lowuse.building_factor", "lowuse.unused"}  # the layer says so, no firm does
    assert set(found["rule_id"]) == of_buildings
    assert len(result.reconciliation[result.reconciliation["table_kind"] == "企业"]) == 7_551


def test_the_gbk_shapefile_without_cpg_reads_in_chinese(shared_data):
    from landeval.read.source import read_source
    from landeval.sources import Source

    for name in ("derived_shaoyang_gbk_nocpg.shp", "derived_邵阳县区_GBK.shp"):
        raw = read_source(Source("layout", shared_data / "boundaries_cn" / name))[0]
        assert "名称" in raw.headers
        assert "洞口县" in set(raw.frame[f"c{raw.headers.index('名称')}"])


def test_the_page_of_guangdong_says_what_a_fresh_run_says(guangdong):
    page = (EXAMPLES.parent / "docs" / "实例_广东供地.md").read_text("utf-8")
    assert page.partition("<!-- 表：开始 -->")[2].partition("<!-- 表：结束 -->")[0].strip() == tables(
        guangdong
    )


def test_guangdong_questions_are_those_counted_by_hand(guangdong):
    found, industrial = guangdong.issues, guangdong.parcels["is_industrial"] == True  # noqa: E712
    counts = {
        code: (len(keys), int(industrial[keys].sum()))
        for code in ("E402", "E403", "E401")
        for keys in [found.loc[found["code"] == code, "record_key"]]
    }
    assert counts == {"E402": (10, 3), "E403": (1, 1), "E401": (7, 2)}
    routed = guangdong.status["route"] != ""
    assert (guangdong.status.loc[routed, "route_clause"] != "").all()
    idle = guangdong.status["status"].isin(IDLE)
    assert guangdong.status.loc[idle, "next_deadline"].notna().all()
    assert set(guangdong.status.index[idle]) <= set(guangdong.calendar["parcel_id"])
