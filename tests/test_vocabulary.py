"""The registry of fields: unambiguous, with units, labels that read back."""

import pytest

from landeval.units import factor, split_header
from landeval.vocabulary import fields as fields_module
from landeval.vocabulary.fields import TABLES, alias_index, fields, fields_of, label, normalise_header


@pytest.mark.parametrize("table", TABLES)
def test_every_name_label_and_alias_means_its_own_field(table):
    index = alias_index(table)
    for field in fields_of(table):
        for text in (field.name, field.label):
            assert index[normalise_header(text)] == field.name
        for alias in field.aliases_in(table):
            assert index[normalise_header(alias)] in {field.name, *index.values()}
            assert normalise_header(split_header(alias)[0]) in index


@pytest.mark.parametrize(
    ("table", "header", "field"),
    [("enterprises", "实缴税金", "tax_wan_yuan"), ("enterprises", "qymc", "name"), ("parcels", "ZDDM", "parcel_code"), ("parcels", "用地单位", "holder_name"),
     ("contracts", "土地面积", "area_contract_m2"), ("parcels", "土地面积", "area_registered_m2"), ("enterprises", "用地面积", "area_used_m2")],
)  # fmt: skip
def test_headers_of_real_tables(table, header, field):
    assert alias_index(table)[normalise_header(header)] == field


@pytest.mark.parametrize(
    ("field", "headers"),
    [
        ("tax_wan_yuan", "纳税总额 纳税额 税收合计 上缴税金 实缴税金 税收总额 入库税额 实缴税额 实际缴纳税金"),
        ("output_wan_yuan", "产值 工业产值 年总产值 工业总产值（现价） 工业总产值（当年价格） 完成产值"),
        ("investment_wan_yuan", "固定资产投资额 累计完成投资 累计投资额 固定资产原值"),
    ],
)  # fmt: skip
def test_what_offices_call_their_figures(field, headers):
    index = alias_index("enterprises")
    assert {index.get(normalise_header(header)) for header in headers.split()} == {field}


@pytest.mark.parametrize(
    "header",
    [
        "计划投资",
        "投资",
        "投资额",
        "总投资",
        "注册资本",
        "应缴税",
        "应缴税金",
        "应纳税额",
        "欠税",
        "减免税额",
        "预缴税金",
        "留抵退税",
        "地方税收",
        "销售产值",
        "计划产值",
        "工业销售产值",
        "应税销售额",
    ],
)
def test_what_may_mean_something_else_is_no_name_of_a_figure(header):
    assert normalise_header(header) not in alias_index("enterprises")


def test_a_field_says_its_unit():
    endings = {"_wan_yuan": "万元", "_wan_yuan_per_mu": "万元/亩", "_m2": "㎡", "_mu": "亩"}
    for field in fields().values():
        ending = max((end for end in endings if field.name.endswith(end)), key=len, default="")
        if ending and field.kind in ("money", "area", "per_mu"):
            assert field.unit == endings[ending], field.name
        if field.kind in ("money", "area", "per_mu"):
            assert factor(field.unit, field.kind) is not None, field.name


def test_headers_are_folded_but_keep_their_characters():
    assert normalise_header(" 宗地\u3000代码：\n*") == "宗地代码"
    assert normalise_header("ｚｄ_ｄｍ\ufeff") == "ZDDM"
    assert normalise_header("面积〇") != normalise_header("面积○")


def test_an_unknown_name_labels_itself():
    assert (label("tax_wan_yuan"), label("没有")) == ("入库税收(万元)", "没有")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('[a]\nlabel = "甲"\nkind = "text"\ncolour = 1', "unknown key"), ('[a]\nlabel = "甲"\nkind = "colour"', "unknown kind or table"),
        ('[a]\nlabel = "甲"\nkind = "text"\ntables = ["x"]', "unknown kind or table"), ('[a]\nkind = "text"', "label"),
        ('[a]\nlabel = "甲"\nkind = "text"\ntables = ["parcels"]\n[b]\nlabel = "甲"\nkind = "text"\ntables = ["parcels"]', "甲 names a and b"),
        ('[a]\nlabel = "甲"\nkind = "text"\ntables = ["parcels"]\naliases = ["丙"]\n[b]\nlabel = "乙"\nkind = "text"\ntables = ["parcels"]\naliases = ["丙"]', "丙 names a and b"),
    ],
)  # fmt: skip
def test_a_careless_registry_is_refused(tmp_path, monkeypatch, body, said):
    (tmp_path / "fields.toml").write_text(body, "utf-8")
    monkeypatch.setattr(fields_module, "files", lambda _: tmp_path)
    with pytest.raises((ValueError, KeyError), match=said):
        fields.__wrapped__()
