"""One office names the parcel, another states the money: neither makes the other unknown."""

from __future__ import annotations

import numpy as np
import pytest
from bureau import CODES, NAMES, check, delivery
from writers import workbook

HEADER = [
    "企业名称",
    "年度",
    "宗地代码",
    "累计固定资产投资（万元）",
    "工业总产值（万元）",
    "入库税收（万元）",
]


def run(folder, *tables):
    given = delivery(folder)
    paths = [workbook(folder / f"表{at}.xlsx", {"2024": [HEADER, *rows]}) for at, rows in enumerate(tables)]
    return check(parcels=given["parcels"], enterprises=paths)


def test_money_of_one_table_and_parcel_of_another(tmp_path):
    result = run(
        tmp_path,
        [[NAMES[0], 2024, "", "", "", 300]],
        [[NAMES[0], 2024, "", 4500, 6000, ""]],
        [[NAMES[0], 2024, CODES[0], "", "", ""]],
    )
    parcel = result.parcels.set_index("parcel_code").loc[CODES[0]]
    assert parcel["tax_wan_yuan"] == 300
    assert parcel["output_wan_yuan"] == 6000
    firm = result.enterprises.iloc[0]
    assert (firm["tax_wan_yuan"], firm["investment_wan_yuan"]) == (300, 4500)
    assert "E313" not in set(result.issues["code"])
    assert result.ledger["difference"].astype(float).eq(0).all()


def test_money_stated_by_parcel_beside_a_blank_row_of_the_whole(tmp_path):
    result = run(
        tmp_path,
        [[NAMES[0], 2024, "", 4500, "", ""]],
        [[NAMES[0], 2024, CODES[0], "", 6000, 200], [NAMES[0], 2024, CODES[1], "", 1000, 50]],
    )
    parcels = result.parcels.set_index("parcel_code")
    assert parcels.loc[CODES[0], "tax_wan_yuan"] == 200
    assert result.enterprises["tax_wan_yuan"].tolist() == [250]
    assert parcels.loc[list(CODES[:2]), "investment_wan_yuan"].tolist() == [2250, 2250]


def test_a_parcel_whose_part_nobody_states_stays_unknown(tmp_path):
    result = run(
        tmp_path,
        [[NAMES[0], 2024, CODES[0], 100, 6000, 200], [NAMES[0], 2024, CODES[1], 100, 1000, ""]],
        [[NAMES[0], 2024, "", "", "", ""]],
    )
    parcels = result.parcels.set_index("parcel_code")
    assert parcels.loc[CODES[0], "tax_wan_yuan"] == 200
    assert np.isnan(parcels.loc[CODES[1], "tax_wan_yuan"])
    assert np.isnan(result.enterprises["tax_wan_yuan"].iloc[0])


def test_a_neighbour_without_figures_still_makes_the_parcel_unknown(tmp_path):
    result = run(
        tmp_path,
        [[NAMES[0], 2024, CODES[0], 100, 6000, 200]],
        [[NAMES[1], 2024, CODES[0], 100, 1000, ""]],
    )
    parcel = result.parcels.set_index("parcel_code").loc[CODES[0]]
    assert np.isnan(parcel["tax_wan_yuan"])
    assert parcel["output_wan_yuan"] == pytest.approx(7000)
    assert "E313" in set(result.issues["code"])


def test_a_whole_that_two_offices_state_differently_is_no_blank(tmp_path):
    result = run(
        tmp_path,
        [[NAMES[0], 2024, "", "", "", 200]],
        [[NAMES[0], 2024, "", "", "", 320]],
        [[NAMES[0], 2024, CODES[0], "", "", 200]],
    )
    assert np.isnan(result.parcels.set_index("parcel_code").loc[CODES[0], "tax_wan_yuan"])
    assert np.isnan(result.enterprises["tax_wan_yuan"].iloc[0])
    assert "E221" in set(result.issues["code"])
    assert result.ledger["difference"].astype(float).eq(0).all()


@pytest.mark.parametrize(("whole", "code"), [(-320, "E256"), ("约320", "E203"), ("见附件", "E203")])
def test_a_whole_that_cannot_be_believed_or_read_is_no_blank(tmp_path, whole, code):
    result = run(
        tmp_path,
        [[NAMES[0], 2024, "", whole, "", ""]],
        [[NAMES[0], 2024, CODES[0], 200, "", 90]],
    )
    parcel = result.parcels.set_index("parcel_code").loc[CODES[0]]
    assert np.isnan(parcel["investment_wan_yuan"])
    assert np.isnan(result.enterprises["investment_wan_yuan"].iloc[0])
    assert (parcel["tax_wan_yuan"], result.enterprises["tax_wan_yuan"].iloc[0]) == (90, 90)
    told = result.issues.set_index("code")
    assert "合计数存疑" in told.loc["E221", "what"]
    assert code in told.index
    assert result.ledger["difference"].astype(float).eq(0).all()


def test_a_whole_that_one_office_writes_badly_and_another_well_is_known(tmp_path):
    result = run(
        tmp_path,
        [[NAMES[0], 2024, "", "约320", "", ""]],
        [[NAMES[0], 2024, "", 200, "", ""]],
        [[NAMES[0], 2024, CODES[0], 200, "", ""]],
    )
    assert result.enterprises["investment_wan_yuan"].iloc[0] == 200
    assert result.parcels.set_index("parcel_code").loc[CODES[0], "investment_wan_yuan"] == 200
