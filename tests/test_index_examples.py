"""The examples of docs/集约利用指数.md are run as they stand there, one for each type and one with an unknown."""

import re
import tomllib

import pytest
from index_frames import make_index
from pages import page, sections, tables

from landeval.standards.index_indicators import INDICATORS
from landeval.vocabulary.land_status import GROWTH, MAIN

PAGE = page("集约利用指数")
EXAMPLES = sections(PAGE)


def test_each_type_and_each_kind_of_region_has_an_example():
    assert len(EXAMPLES) == 4
    assert {"工业主导型", "工业主导型，有发展方向区", "产城融合型"} < set(EXAMPLES)


@pytest.mark.parametrize("name", EXAMPLES)
def test_example(name):
    text = EXAMPLES[name]
    toml = re.search(r"```toml\n(.*?)```", text, re.S)
    changes = tomllib.loads(toml[1])["index"]["change"] if toml else ()
    given, wanted = tables(text)
    main, growth = (
        {row["代码"]: float(row[region]) for row in given if row.get(region)} for region in (MAIN, GROWTH)
    )
    index, _ = make_index(main, growth, changes=changes)
    assert index.zone_type == ("产城融合型" if name == "产城融合型" else "工业主导型")
    for row in wanted:
        nodes = index.nodes[index.nodes["index_region"] == row["区域"]]
        (got,) = nodes[nodes["index_name"] == row["指标"]].to_dict("records")
        if row["得分"]:
            assert got["index_score"] == pytest.approx(float(row["得分"]), abs=5e-5), row
        else:
            assert got["index_score"] != got["index_score"], row
            assert got["index_note"]
        for column, key in (("最低", "index_low"), ("最高", "index_high")):
            if row.get(column):
                assert got[key] == pytest.approx(float(row[column]), abs=5e-5), row


def test_the_unknown_example_is_decided_all_the_same():
    given, _ = tables(EXAMPLES["有未知的指标"])
    index, _ = make_index({row["代码"]: float(row[MAIN]) for row in given})
    assert index.verdict.startswith("未达到")


def test_the_page_lists_every_formula():
    table = re.search(r"\| 指标 \| 算式 \| 单位 \|\n(.*?)\n\n", PAGE, re.S)[1].replace(" ", "")
    for one in INDICATORS.values():
        assert one.formula.replace(" ", "") in table, one.label


def test_the_changes_shown_on_the_page_are_accepted():
    text = next(block for block in re.findall(r"```toml\n(.*?)```", PAGE, re.S) if "虚构县 2024" in block)
    index, _ = make_index({"A": 100, "A1": 10, "A2": 60}, changes=tomllib.loads(text)["index"]["change"])
    assert len(index.scheme.changes) == 3
