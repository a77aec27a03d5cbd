"""The examples of docs/评价方法.md are run as they stand there, one for every shipped scheme and one for a bureau's own."""

import datetime as dt
import re
import tomllib

import pytest
from grading_frames import make_figures
from pages import page, sections, tables

from landeval.judge.grades import grade
from landeval.standards.grading import scheme_ids, scheme_of, shipped_scheme

PAGE = page("评价方法")
OWN = "本单位的方案"
FIGURES = {
    "用地": "area", "承租用地": "leased", "税收": "tax", "产值": "output", "投资": "investment", "营收": "revenue",
    "增加值": "added", "研发": "rd", "人数": "staff", "综合能耗": "energy", "排放": "emission", "用电": "kwh",
    "承租建筑": "floor",
}  # fmt: skip
WORDS = {"加分事项": "bonus", "上年等级": "last", "一票否决": "veto"}


def figures_of(rows, prefix=""):
    said = []
    for row in rows:
        one = {key: float(row[prefix + name]) for name, key in FIGURES.items() if row.get(prefix + name)}
        one |= {key: row[name] for name, key in WORDS.items() if row.get(name)}
        one["above"] = {"是": True, "否": False}[row["规上"]]
        one["begun"] = row.get("投产") or None
        said.append(one)
    return make_figures(said, [row["企业"] for row in rows])


def test_every_shipped_scheme_has_an_example():
    assert set(sections(PAGE)) == {*scheme_ids(), OWN}


@pytest.mark.parametrize("name", [*scheme_ids(), OWN])
def test_example(name):
    text = sections(PAGE)[name]
    own = re.search(r"```toml\n(.*?)```", text, re.S)
    assert bool(own) == (name == OWN)
    scheme = scheme_of("own", tomllib.loads(own[1])) if own else shipped_scheme(name)
    given, wanted = tables(text)
    figures = figures_of(given)
    has_last = "上年税收" in given[0]
    last = figures_of(given, "上年") if has_last else figures
    found = grade(scheme, figures, last, dt.date(2024, 12, 31)).grades.set_index("enterprise_id")
    assert list(found.index) == [row["企业"] for row in wanted]
    for row in wanted:
        got = found.loc[row["企业"]]
        assert (got["grade_state"], got["enterprise_grade"]) == (row["去向"], row["等级"]), row
        if row["名单"]:
            assert got["grade_list"] == row["名单"]
        if row["得分"]:
            assert got["grade_score"] == pytest.approx(float(row["得分"]), abs=5e-5), row
        else:
            assert got["grade_score"] != got["grade_score"]
