"""Grades over all units or within each: whoever sums must say which."""

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from units import province

from landeval import evaluate, load_project
from landeval.errors import ConfigurationError
from landeval.judge.grades import grade
from landeval.scale.command import evaluate_province
from landeval.scale.plan import plan_of
from landeval.scale.reduction import alike
from landeval.scores import figures_of_run

SCHEME = '[common.grading]\nscheme = "{}"\n'


@pytest.fixture
def root(tmp_path):
    return province(tmp_path / "全省", 2)


def settings(root, scope, scheme="dongkou_plan"):
    said = f'[grading]\nscope = "{scope}"\n' if scope else ""
    (root / "province.toml").write_text(said + SCHEME.format(scheme), "utf-8")


def test_nothing_said_of_the_scope_is_refused(tmp_path):
    root = province(tmp_path / "全省", 1)
    settings(root, "")
    with pytest.raises(ConfigurationError, match="按全省还是按各单位") as refused:
        evaluate_province(plan_of(root), tmp_path / "成果")
    assert refused.value.code == "E663"


@pytest.mark.usefixtures("texts_as_in_a_run")
def test_what_a_run_keeps_for_grading_gives_the_grades_of_the_run(root):
    settings(root, "unit")
    project = load_project(root / "虚构1县", common=plan_of(root).common)
    result = evaluate(project)
    kept = figures_of_run(result)
    again = grade(project.grading, kept["figures"], kept["last"], result.as_of)
    assert_frame_equal(again.grades, result.grades)
    assert_frame_equal(again.items, result.grade_items)


def test_over_the_province_places_are_among_all_and_within_units_among_their_own(root, tmp_path):
    settings(root, "unit")
    within = evaluate_province(plan_of(root), tmp_path / "单位").tables["grades"]
    settings(root, "province")
    over = evaluate_province(plan_of(root), tmp_path / "省").tables["grades"]
    assert (
        sorted(over["unit_name"].unique()) == sorted(within["unit_name"].unique()) == ["虚构1县", "虚构2县"]
    )
    assert len(over) == len(within)
    ranked = [pd.to_numeric(frame["grade_size"]).dropna() for frame in (over, within)]
    assert ranked[0].max() == 2 * ranked[1].max() > 0
    assert not over["enterprise_id"].str.contains("/").any()


def test_different_schemes_cannot_be_graded_together(root):
    settings(root, "province")
    same = {"year": 2024, "as_of": "2024-12-31", "currency": "元", "placing": [1.0, 30.0]}
    records = {"甲": {**same, "scheme": ["一", "a"]}, "乙": {**same, "scheme": None}}
    with pytest.raises(ConfigurationError, match="方案不同") as refused:
        alike(records, plan_of(root))
    assert refused.value.code == "E663"
