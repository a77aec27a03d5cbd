"""The public names: few, described, each in docs/api.md, whose examples run; one measure or rule alone gives what a run gives."""

import ast
import datetime as dt
import doctest
import inspect
import re
from pathlib import Path

import geopandas as gpd
import nbformat
import numpy as np
import pandas as pd
import pytest
import shapely
from bureau import CODES, FIRM_HEADER, FIRM_ROWS, check, delivery
from pandas.testing import assert_frame_equal, assert_series_equal
from writers import workbook

import landeval
from landeval import building_figures, evaluate, ground_area, load_project, verdicts
from landeval.errors import ConfigurationError
from landeval.result import RATIOS

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def result():
    return evaluate(load_project(ROOT / "data"))


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return check(**delivery(tmp_path_factory.mktemp("资料")))


def test_the_public_names_are_few_and_described():
    assert len(landeval.__all__) <= 18
    for name in set(landeval.__all__) - {"__version__"}:
        assert len(inspect.getdoc(getattr(landeval, name)) or "") > 40, name
    page = (ROOT / "docs" / "api.md").read_text("utf-8")
    table = page[: page.index("\n## ")]
    assert set(re.findall(r"`(\w+)`", table)) == set(landeval.__all__) - {"__version__"}


def test_every_example_of_the_page_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = doctest.testfile(str(ROOT / "docs" / "api.md"), module_relative=False, encoding="utf-8")
    assert found.attempted > 20
    assert found.failed == 0


def sources():
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = [cell.source for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
        yield path, "\n".join(re.sub(r"^[%!].*$", "", cell, flags=re.M) for cell in cells)


def test_notebooks_use_public_names_only():
    seen = 0
    for path, text in sources():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ImportFrom):
                assert not (node.module or "").startswith("landeval."), path.name
                if node.module == "landeval":
                    assert {one.name for one in node.names} <= set(landeval.__all__), path.name
            if isinstance(node, ast.Import):
                assert not any(one.name.startswith("landeval.") for one in node.names), path.name
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id == "landeval"
            ):
                seen += 1
                assert node.attr in landeval.__all__, f"{path.name}: landeval.{node.attr}"
    assert seen >= 16


def test_notebooks_carry_no_output_and_end_with_an_exercise():
    paths = sorted((ROOT / "notebooks").glob("*.ipynb"))
    assert [path.name[:2] for path in paths] == [f"{at:02d}" for at in range(1, 9)]
    for path in paths:
        cells = nbformat.read(path, as_version=4).cells
        assert all(
            not cell.outputs and cell.execution_count is None for cell in cells if cell.cell_type == "code"
        )
        assert cells[-1].cell_type == "markdown", path.name
        assert cells[-1].source.startswith("## 练习"), path.name


@pytest.mark.usefixtures("texts_as_in_a_run")
def test_all_rules_alone_give_the_findings_of_the_run(result):
    """Parcels of the register of exemptions stand aside: it is no column of theirs."""
    apart = set(result.exemptions.query("exemption_source == '豁免登记'")["parcel_id"].dropna())
    last = result.basis.ratios[result.year - 1].reindex(result.parcels.index)
    alone = verdicts(result.parcels, as_of=result.as_of, last_year=last)
    columns = [
        "unit_id",
        "rule_id",
        "value",
        "operator",
        "threshold",
        "verdict",
        "reason",
        "document",
        "clause",
    ]
    one, two = (
        frame.loc[~frame["unit_id"].isin(apart), columns].reset_index(drop=True)
        for frame in (alone, result.findings)
    )
    assert len(one) > 4000
    assert_frame_equal(one.astype(object), two.astype(object))


def test_one_rule_alone_is_a_part_of_all(result):
    some = verdicts(result.parcels.head(40), ["dongkou.tax", "idle.not_started"], as_of=result.as_of)
    every = verdicts(result.parcels.head(40), as_of=result.as_of)
    assert set(some["rule_id"]) == {"dongkou.tax", "idle.not_started"}
    rows = every[every["rule_id"].isin(["dongkou.tax", "idle.not_started"])].reset_index(drop=True)
    assert_frame_equal(some.astype(object), rows.astype(object))


def test_what_a_frame_does_not_have_is_unknown_and_names_no_cell():
    found = verdicts(pd.DataFrame({"area_mu": [10.0]}), as_of="2024-12-31").set_index("rule_id")
    assert found.loc["dongkou.tax", "verdict"] == "无法判定"
    assert (found["evidence"].astype(str) == "").all()
    assert not set(found["verdict"]) & {"达标"}


def test_a_bureaus_change_holds_for_a_rule_alone():
    land = pd.DataFrame({"area_mu": [9.0], "tax_wan_yuan_per_mu": [16.0], "land_use": "工业用地"})
    change = {"dongkou.tax": {"value": 18, "reason": "虚构会议"}}
    assert verdicts(land, ["dongkou.tax"], as_of="2024-12-31")["verdict"].tolist() == ["达标"]
    assert verdicts(land, ["dongkou.tax"], as_of="2024-12-31", overrides=change)["verdict"].tolist() == [
        "不达标"
    ]


def test_doubtful_dates_stay_doubtful():
    land = pd.DataFrame(
        {"land_use": ["工业用地"], "agreed_start": ["2020-01-01"], "unsure_dates": ["actual_start"]}
    )
    assert verdicts(land, ["idle.not_started"], as_of="2024-12-31")["verdict"].tolist() == ["无法判定"]


@pytest.mark.parametrize(
    ("frame", "rules", "code"),
    [
        ({"area_mu": ["十亩"]}, None, "E671"),
        ({"actual_start": ["去年"]}, None, "E671"),
        ({"area_mu": [1.0]}, ["没有这条"], "E602"),
        ({"area_mu": [float("inf")], "tax_wan_yuan": [400.0]}, None, "E671"),
        ({"area_mu": [20.0], "tax_wan_yuan": [float("inf")]}, None, "E671"),
    ],
)
def test_what_cannot_be_judged_is_refused(frame, rules, code):
    with pytest.raises(ConfigurationError) as refused:
        verdicts(pd.DataFrame(frame), rules, as_of="2024-12-31")
    assert refused.value.code == code


@pytest.mark.parametrize("area", [0.0, -20.0, None])
def test_land_that_is_none_is_unknown_land(area):
    land = pd.DataFrame({"area_mu": [area], "tax_wan_yuan": [400.0], "land_use": "工业用地"})
    found = verdicts(land, ["dongkou.tax"], as_of="2024-12-31")
    assert found["verdict"].tolist() == ["无法判定"]
    assert found["reason"].str.startswith("评价面积未知").all()


def test_two_parcels_of_one_name_are_refused():
    with pytest.raises(ConfigurationError, match="索引"):
        verdicts(pd.DataFrame({"area_mu": [1.0, 2.0]}, index=["甲", "甲"]), as_of=dt.date(2024, 12, 31))


def test_the_area_of_any_frame_is_that_of_the_run(result):
    drawn = result.parcels[result.parcels["area_measured_m2"].notna()]
    alone = ground_area(gpd.GeoDataFrame(geometry=drawn.geometry).to_crs(4547))
    assert_series_equal(alone, drawn["area_measured_m2"], rtol=1e-9)
    bow = gpd.GeoDataFrame(geometry=[shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]), None], crs=4490)
    assert ground_area(bow).isna().all()
    with pytest.raises(ConfigurationError, match="坐标系"):
        ground_area(drawn.set_crs(None, allow_override=True))


def test_buildings_on_any_land_are_those_of_the_run(result):
    names = ["footprint_m2", "floor_area_m2", "plot_ratio", "building_density_percent"]
    halls = gpd.read_file(ROOT / "data" / "buildings" / "建筑物.shp", encoding="gbk")
    mine = result.parcels[
        result.parcels["footprint_basis"].eq("建筑图层") & result.parcels["floor_area_basis"].eq("建筑图层")
    ]
    assert len(mine) > 150
    land = gpd.GeoDataFrame({"area_mu": result.parcels["area_mu"]}, geometry=result.parcels.geometry)
    figures, problems = building_figures(land, halls)
    pairs = figures.loc[mine.index, names]
    same = np.isclose(pairs, mine[names], rtol=1e-6, equal_nan=False).all(axis=1)
    assert same.mean() > 0.97  # several parcels drawn as one share their buildings in a run only
    assert {"E464"} <= set(problems["code"])
    assert (figures["buildings"][figures["footprint_m2"] > 0] != "").all()


def test_an_explanation_is_a_part_of_the_result(result):
    for parcel in result.status.index[::60]:
        why = result.explain(parcel)
        assert why.status == result.status.loc[parcel, "status"]
        assert len(why.findings) == (result.findings["unit_id"] == parcel).sum()
        assert set(why.links["enterprise_id"]) == set(
            result.links.loc[result.links["parcel_id"] == parcel, "enterprise_id"]
        )
        for text in result.status.loc[parcel, ["status", "reasons", "clause"]]:
            assert "".join(str(text).split()) in "".join(str(why).split())
        for name in why.findings.loc[why.findings["verdict"] != "不适用", "rule_label"]:
            assert name in why.text
        assert not re.search(r"\b(nan|None|NaT)\b", why.text)


def test_an_explanation_by_code_or_a_refusal_that_helps(small):
    code = small.parcels["parcel_code"].iloc[0]
    assert small.explain(f" {code.lower()} ").parcel_id == small.parcels.index[0]
    assert "300.25" in small.explain(code).text
    with pytest.raises(ConfigurationError) as refused:
        small.explain(code[:-1])
    assert refused.value.code == "E670"
    assert code in refused.value.remedy


def test_a_holder_of_one_parcel_is_found_by_name_and_one_of_several_is_asked_which(small, result):
    holder = small.parcels["holder_name"].iloc[0]
    assert small.explain(f"{holder} ").parcel_id == small.parcels.index[0]
    held = result.parcels["holder_name"].value_counts()
    several = held.index[held > 1][0]
    with pytest.raises(ConfigurationError) as refused:
        result.explain(several)
    assert f"{several} 名下或在用的有 " in refused.value.what
    mine = result.parcels.index[result.parcels["holder_name"] == several]
    assert all(parcel in refused.value.remedy for parcel in mine)
    with pytest.raises(ConfigurationError, match="没有宗地"):
        result.explain(" ")


def test_an_explanation_tells_the_problems_of_its_enterprises(result):
    told = result.issues.query("code == 'E221'").iloc[0]
    names = result.links.join(result.enterprises["name"], on="enterprise_id")
    own = names["enterprise_id"].eq(told["record_key"]) | names["name"].eq(told["record_key"])
    parcel = names.loc[own & names["state"].eq("自动"), "parcel_id"].iloc[0]
    assert "E221" in set(result.explain(parcel).issues["code"])
    assert set(RATIOS) <= set(result.explain(parcel).years.columns)


def test_an_enterprise_without_land_is_told_as_that(tmp_path):
    inputs = delivery(tmp_path)
    lost = ["洞口虚构无地厂", 2024, 10, 20, 3]
    workbook(inputs["enterprises"], {"2024": [FIRM_HEADER, *FIRM_ROWS, lost]})
    result = check(**inputs)
    with pytest.raises(ConfigurationError) as refused:
        result.explain("洞口虚构无地厂")
    assert "企业 洞口虚构无地厂 没有对应的宗地" in refused.value.what
    assert "匹配复核.xlsx" in refused.value.remedy


def test_a_wrong_parcel_code_of_an_enterprise_is_told_at_its_cell(tmp_path):
    inputs = delivery(tmp_path)
    rows = [[*FIRM_ROWS[0], "430525001001GB09999"], *([*row, None] for row in FIRM_ROWS[1:])]
    workbook(
        inputs["enterprises"],
        {"2024": [[*FIRM_HEADER, "宗地代码"], *rows, ["虚构无地厂", 2024, 1, 2, 3, None]]},
    )
    told = check(**inputs).issues
    told = told[told["code"] == "E301"].set_index("source_row")
    assert told["column"].to_dict() == {2: "宗地代码", 5: "企业名称"}
    assert told["raw_value"].to_dict() == {2: "430525001001GB09999", 5: "虚构无地厂"}


def test_what_was_filled_in_and_not_used_is_never_said_to_be_blank(tmp_path):
    inputs = delivery(tmp_path)
    head = ["宗地代码", "合同编号", "签订日期", "约定动工日期", "出让价款（万元）", "合同面积（㎡）"]
    rows = [
        [CODES[0], "H1", "2019-13-45", None, 500, 10000],
        [CODES[1], "H2", None, None, 600, 10000],
        [CODES[2], "H2", None, None, 600, 20000],
    ]
    result = check(**inputs, contracts=workbook(tmp_path / "台账.xlsx", {"台账": [head, *rows]}))
    first, second = (result.explain(code).facts.set_index("item")["value"] for code in CODES[:2])
    assert first["合同签订日期"] == "未知（所填的“2019-13-45”没有采用）"
    assert first["约定动工日期"] == "未填写"
    assert second["成交价款(万元)"] == "未知（所填的“600”没有采用）"
    assert second["合同签订日期"] == "未填写"
