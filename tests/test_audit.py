"""What an auditor tried in order to make it lie: each of these once gave a verdict or a number that was wrong."""

import json

import pytest

from landeval import evaluate, load_project
from landeval.cli import main

SQUARE = 0.0009


def parcel(number, code, **properties):
    west, south = 110.5 + number * 0.002, 27.0
    ring = [
        [west, south],
        [west + SQUARE, south],
        [west + SQUARE, south + SQUARE],
        [west, south + SQUARE],
        [west, south],
    ]
    return {"type": "Feature", "properties": {"宗地代码": code, "土地用途": "工业用地", **properties},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}  # fmt: skip


@pytest.fixture
def park(tmp_path):
    """Write inputs by name and return the evaluated result."""

    def build(*, parcels, ledger=None, firms=None, layout=None, **options):
        codes = [f"430525001001GB0000{n}" for n in range(1, len(parcels) + 1)]
        features = [
            parcel(n, code, **extra) for n, (code, extra) in enumerate(zip(codes, parcels, strict=True))
        ]
        (tmp_path / "p.geojson").write_text(
            json.dumps({"type": "FeatureCollection", "features": features}), "utf-8"
        )
        given = {"parcels": tmp_path / "p.geojson"}
        for name, text in (("contracts", ledger), ("enterprises", firms)):
            if text:
                (tmp_path / f"{name}.csv").write_text(text, "utf-8")
                given[name] = tmp_path / f"{name}.csv"
        if layout:
            zones = [parcel(n, "", **extra) for n, extra in enumerate(layout)]
            for zone in zones:
                zone["properties"].pop("宗地代码")
            (tmp_path / "l.geojson").write_text(
                json.dumps({"type": "FeatureCollection", "features": zones}), "utf-8"
            )
            given["layout"] = tmp_path / "l.geojson"
        return evaluate(load_project(**given, as_of="2024-12-31", **options))

    return build


LEDGER = "宗地代码,约定动工日期,批准延期动工日期,实际动工日期,实际竣工日期,豁免事由,豁免依据,豁免截止日期\n"


@pytest.mark.parametrize(
    "row",
    [
        "2021-01-01,,已动工,,,,",
        "2021-01-01,,2021.13.45,,,,",
        "2021-01-01,,,2023年底,,,",
        "2021-01-01,2025年,,,,,",
    ],
)
def test_a_date_that_is_written_but_unreadable_is_not_a_blank_one(park, row):
    result = park(parcels=[{}], ledger=LEDGER + f"430525001001GB00001,{row}\n")
    status = result.status.iloc[0]
    assert status["status"] == "资料不足"
    assert "无法识别" in status["questions"]
    assert {"E204", "E411"} <= set(result.issues["code"])


def test_a_start_known_to_the_month_is_a_start_and_its_day_is_told(park):
    result = park(parcels=[{}], ledger=LEDGER + "430525001001GB00001,2021-01-01,,2021年6月,,,,\n")
    assert "闲置" not in result.status.iloc[0]["status"]
    assert result.issues.loc[result.issues["code"] == "E254", "used_value"].tolist() == ["2021-06-01"]


def test_two_ledger_rows_with_two_starts_do_not_make_an_unstarted_parcel(park):
    rows = "".join(f"430525001001GB00001,2021-01-01,,2021-{month}-15,,,,\n" for month in ("01", "03"))
    status = park(parcels=[{}], ledger=LEDGER + rows).status.iloc[0]
    assert status["status"] == "资料不足"
    assert "实际动工日期" in status["questions"]
    assert "已填写，但无法识别或相互矛盾" in status["reasons"]


def test_words_that_say_not_yet_are_no_bad_dates(park):
    result = park(parcels=[{}], ledger=LEDGER + "430525001001GB00001,2021-01-01,,未动工,,,,\n")
    assert result.status["status"].tolist() == ["涉嫌闲置(未动工)"]
    assert "E204" not in set(result.issues["code"])


def test_an_exemption_without_a_readable_end_does_not_hold_for_ever(park):
    result = park(
        parcels=[{}],
        ledger=LEDGER + "430525001001GB00001,2021-01-01,,,,公用设施,洞政〔2020〕1号,2099-13-01\n",
    )
    assert result.status["status"].tolist() != ["豁免"]
    assert "E412" in set(result.issues["code"])


def test_mu_read_as_square_metres_without_a_shape_is_unknown(tmp_path):
    (tmp_path / "c.csv").write_text(
        "宗地代码,供地面积,约定动工日期\n430525001001GB00001,15,2024-06-01\n", "utf-8"
    )
    result = evaluate(load_project(contracts=tmp_path / "c.csv", as_of="2024-12-31"))
    assert result.parcels["area_mu"].isna().all()
    assert "E242" in set(result.issues["code"])


def test_yuan_read_as_wan_yuan_is_unknown_not_good(park):
    firms = "企业名称,宗地代码,年度,固定资产投资,工业总产值,入库税收\n甲,430525001001GB00001,2024,60000000,70000000,3000000\n"
    result = park(parcels=[{}], firms=firms)
    assert (
        result.parcels[["investment_wan_yuan_per_mu", "output_wan_yuan_per_mu", "tax_wan_yuan_per_mu"]]
        .isna()
        .all(axis=None)
    )
    assert result.status["status"].tolist() == ["资料不足"]
    assert (result.issues["code"] == "E245").sum() == 3
    for frame in (result.zones, result.enterprises):
        assert (
            frame[["investment_wan_yuan_per_mu", "output_wan_yuan_per_mu", "tax_wan_yuan_per_mu"]]
            .isna()
            .all(axis=None)
        )
    assert result.zones["area_known_tax_mu"].sum() == 0


def test_a_unit_in_the_settings_that_contradicts_the_header_is_said(tmp_path, park):
    firms = "企业名称,宗地代码,年度,入库税收(万元)\n甲,430525001001GB00001,2024,30\n"
    park(parcels=[{}], firms=firms)
    (tmp_path / "landeval.toml").write_text(
        'as_of = 2024-12-31\n[parcels]\npath = "p.geojson"\n[enterprises]\npath = "enterprises.csv"\n'
        '[enterprises.units]\ntax_wan_yuan = "元"\n', "utf-8",
    )  # fmt: skip
    assert "E244" in set(evaluate(load_project(tmp_path)).issues["code"])


@pytest.mark.parametrize("dummy", ["办理中", "0", "000000000000000000"])
def test_a_placeholder_is_nobodys_code(park, dummy):
    firms = f"企业名称,统一社会信用代码,年度,入库税收(万元)\n甲厂,{dummy},2024,30\n乙厂,{dummy},2024,40\n"
    result = park(
        parcels=[
            {"权利人": "甲厂", "统一社会信用代码": dummy},
            {"权利人": "丙厂", "统一社会信用代码": dummy},
        ],
        firms=firms,
    )
    tied = result.links[result.links["state"] == "自动"]
    assert tied["parcel_id"].tolist() == ["430525001001GB00001"]
    assert result.parcels["tax_wan_yuan"].iloc[0] == 30
    assert "E243" in set(result.issues["code"])


def test_a_contract_total_on_each_of_its_rows_does_not_double_the_fee(park):
    head = "宗地代码,合同编号,供地面积(㎡),成交价款(万元),约定动工日期,实际动工日期,闲置原因\n"
    rows = "".join(f"430525001001GB0000{n},HT-1,20000,400,2023-06-01,,企业原因\n" for n in (1, 2))
    result = park(parcels=[{}, {}], ledger=head + rows)
    assert result.status["fee_wan_yuan"].isna().all()
    assert result.status["route"].str.contains("成交价款未知").all()
    assert (result.issues["code"] == "E315").sum() == 2


def test_two_zones_of_one_code_are_told_apart(park):
    layout = [
        {"层级": "产业社区", "编号": "A", "名称": "甲社区"},
        {"层级": "产业社区", "编号": "A", "名称": "乙社区"},
    ]
    result = park(parcels=[{}, {}], layout=layout)
    assert result.parcels["community_name"].tolist() == ["甲社区", "乙社区"] or result.parcels[
        "community_name"
    ].tolist() == ["乙社区", "甲社区"]
    assert (result.issues["code"] == "E505").sum() == 2


def test_a_layout_without_levels_is_refused_in_plain_words(tmp_path, capsys, park):
    with pytest.raises(Exception, match="看不出分区的层级"):
        park(parcels=[{}], layout=[{"编号": "A", "名称": "甲"}])
    code = main(
        [
            "check",
            "--parcels",
            str(tmp_path / "p.geojson"),
            "--layout",
            str(tmp_path / "l.geojson"),
            "--out",
            str(tmp_path / "o"),
        ]
    )
    assert code == 2
    assert "层级" in capsys.readouterr().err
