"""Land-use codes are understood by the set of a layer's codes, announced, and never row by row."""

import pandas as pd
import pytest

from landeval import issues
from landeval.project import Switches
from landeval.sources import SOURCE_COLUMNS
from landeval.standards.land_use_codes import detect, systems
from landeval.tidy.code_names import with_names
from landeval.tidy.land_use import is_industrial
from landeval.tidy.table import Typed


def named(*codes, words=("工业", "工矿"), system=""):
    frame = pd.DataFrame({"land_use": pd.Series(codes, dtype="object")})
    frame[list(SOURCE_COLUMNS)] = pd.DataFrame({"source_file": "宗地.shp", "source_layer": "", "source_row": range(1, len(frame) + 1)})[list(SOURCE_COLUMNS)]  # fmt: skip
    columns = pd.DataFrame({"source_file": ["宗地.shp"], "source_layer": [""], "field": ["land_use"], "header": ["DLBM"], "unit": [""]})  # fmt: skip
    table = Typed(frame, issues.empty(), columns, pd.DataFrame())
    told = with_names(table, Switches(industrial_words=words, land_use_codes=system))
    assert table.frame["land_use"].tolist() == list(codes), "the caller's frame stays as it is"
    return told, is_industrial(told.frame["land_use"], words).tolist()


@pytest.mark.parametrize(
    ("codes", "system", "industrial"),
    [
        (("100102", "1101", "070102"), "用地用海分类", [True, False, False]), (("1001", "1301"), "用地用海分类", [True, False]),
        (("0601", "05H1", "1001"), "三调工作分类", [True, False, False]),
        (("0601", "0906", "1001"), "GB/T 21010-2017", [True, False, False]), (("0601", "1301"), "用地用海分类", [False, False]),
        (("M1", "R2", "W1"), "GB 50137-2011", [True, False, False]), (("M0", None), "GB 50137-2011", [True, None]),
        (("0601", "0809", "1105"), "GB/T 21010-2017", [True, False, False]), (("0508", "0601"), "三调工作分类", [False, True]),
        (("A2", "D21"), "开发区评价", [True, False]), (("203A", "0601"), "三调工作分类", [True, True]),
    ],
)  # fmt: skip
def test_codes_of_one_system_only_are_understood_and_announced(codes, system, industrial):
    told, found = named(*codes)
    assert found == industrial
    (row,) = told.issues.to_dict("records")
    assert (row["code"], row["level"], row["source_file"], row["column"]) == (
        "E430",
        "提示",
        "宗地.shp",
        "DLBM",
    )
    assert system in row["what"]
    assert "land_use_codes" in row["remedy"]
    assert told.frame["land_use"].dropna().str.contains(r"\(\w+\)$").all()


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (("0601", "1001"), "可能是GB/T 21010-2017、三调工作分类、用地用海分类，0601 在其中含义不同"), (("1001",), "1001 在其中含义不同"),
        (("0604", "0701"), "含义不同"), (("601", "0601"), "601 不在任何一套分类中"),
        (("05H1", "100101"), "没有一套分类含有全部代码"), (("A1", "A2"), "可能是GB 50137-2011、开发区评价，A1 在其中含义不同"), (("T",), "T 不在任何一套分类中"),
        (("201",), "201 不在任何一套分类中"),
    ],
)  # fmt: skip
def test_codes_that_may_be_of_several_systems_stay_unknown(codes, said):
    told, found = named(*codes)
    assert found == [None] * len(codes)
    assert told.frame["land_use"].tolist() == list(codes)
    (row,) = told.issues.to_dict("records")
    assert (row["code"], row["level"]) == ("E431", "错误")
    assert said in row["what"]


def test_the_project_may_say_which_system_it_is():
    told, found = named("1001", "0601", system="用地用海分类")
    assert found == [True, False]
    assert "“用途代码体系”（landeval.toml 的 land_use_codes）" in told.issues["what"][0]
    told, found = named("1001", "05H1", system="用地用海分类")
    assert found == [True, None]
    assert told.issues["code"].tolist() == ["E430", "E431"]
    assert told.issues["raw_value"].tolist() == ["", "05H1"]
    assert named("100101", system="不识别")[1] == [None]


def test_words_and_the_projects_own_codes_decide_as_ever():
    told, found = named("工业用地", "商服用地", "0601 工业用地", None)
    assert (found, len(told.issues)) == ([True, False, True, None], 0)
    told, found = named("0601", "100101", words=("工业", "0601"))
    assert (found, len(told.issues)) == ([True, False], 0)
    assert named("工业用地", "100102")[1] == [True, True]


def test_the_traps_of_the_systems():
    gb, survey, sea = (systems()[name] for name in ("GB/T 21010-2017", "三调工作分类", "用地用海分类"))
    assert [one.name_of("1001") for one in (gb, survey, sea)] == ["铁路用地", "铁路用地", "工业用地"]
    assert [one.name_of("0601") for one in (gb, survey, sea)] == ["工业用地", "工业用地", "农业设施建设用地"]
    assert (gb.name_of("0604"), survey.name_of("0508"), sea.name_of("1101")) == ("仓储用地", "物流仓储用地", "物流仓储用地")  # fmt: skip
    assert not gb.holds("100101")
    assert not sea.holds("0508")


def test_the_order_of_rows_does_not_matter():
    codes = ["0601", "05H1", "1001"]
    assert detect(set(codes)) == detect(codes[::-1])
