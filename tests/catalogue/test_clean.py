"""The clean delivery that every spoiled one is measured against is itself clean."""

import pytest
from bureau import CODES, check, delivery, figures, states


def test_the_clean_delivery_has_no_error_and_its_numbers_are_known(tmp_path):
    result = check(**delivery(tmp_path))
    found = result.issues[result.issues["level"] != "提示"]
    assert set(found["code"]) <= {"E209"}, found[["code", "what"]].values.tolist()
    assert figures(result).loc[CODES[0], "tax_wan_yuan_per_mu"] == pytest.approx(300.25 / 15)
    assert figures(result)["area_measured_m2"].tolist() == pytest.approx([10000] * 3, rel=2e-4)
    assert set(states(result, "宗地.shp").values()) <= {"采用", "采用有提示"}
