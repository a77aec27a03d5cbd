"""A date of beginning production that has not come yet, of land on which something is produced already."""

import pandas as pd
import pytest
from frames import make_parcels, verdict

LOW = {
    "actual_start": "2010-01-01", "agreed_completion": "2012-01-01", "actual_completion": "2012-01-01",
    "investment_wan_yuan_per_mu": 300.0, "output_wan_yuan_per_mu": 10.0, "tax_wan_yuan_per_mu": 1.0,
}  # fmt: skip
LAST = {"output_wan_yuan_per_mu": [10.0], "tax_wan_yuan_per_mu": [1.0]}


def judged(**more):
    return verdict(make_parcels(LOW | more), last_year=LAST)


def of(found, rule):
    return found.findings.set_index("rule_id").loc[rule]


@pytest.mark.parametrize("rule", ["lowuse.output", "lowuse.tax"])
def test_low_yields_are_not_excused_by_a_year_that_is_to_come(rule):
    assert of(judged(production_started_on="2015-05-01"), rule)["verdict"] == "不达标"
    assert of(judged(production_started_on="2023-05-01"), rule)["verdict"] == "不适用"
    odd = judged(production_started_on="2031-05-01")
    assert of(odd, rule)["verdict"] == "无法判定"
    assert "投产日期 2031-05-01 晚于评价基准日，而已有产值或在生产" in of(odd, rule)["reason"]
    assert "E408" in set(pd.concat(odd.issues)["code"])
