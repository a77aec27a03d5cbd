"""Every record has a state, and a record without one stops the run."""

import sys
from pathlib import Path

import pandas as pd
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent))
from frames import make_contracts, make_enterprises, make_parcels, make_zones, spread, tie

from landeval import issues
from landeval.errors import InternalError
from landeval.reconciliation import (
    contract_states,
    enterprise_states,
    layout_states,
    parcel_states,
    reconcile,
)
from landeval.sources import SOURCE_COLUMNS

PLACE = list(SOURCE_COLUMNS)


def as_records(frame, kind):
    return frame[PLACE].assign(table_kind=kind, record_state=None).reset_index(drop=True)


def test_a_record_without_a_state_stops_the_run():
    land = make_parcels({}, {})
    states = parcel_states(land.iloc[:1], land.iloc[:1], set())
    with pytest.raises(InternalError, match="1 条记录没有去向"):
        reconcile(as_records(land, "宗地"), [states], issues.empty())


def test_a_state_for_a_record_that_was_never_read_stops_the_run():
    land = make_parcels({}, {})
    with pytest.raises(InternalError, match="对账不平"):
        reconcile(as_records(land.iloc[:1], "宗地"), [parcel_states(land, land, set())], issues.empty())


def test_a_parcel_lost_on_the_way_is_not_passed_off_as_a_repeat():
    land = make_parcels({}, {})
    states = parcel_states(land.iloc[:1], land, set())
    with pytest.raises(InternalError, match="没有报告为重复"):
        reconcile(as_records(land, "宗地"), [states], issues.empty())
    told = issues.report("E220", land.iloc[1:][PLACE], key="P2")
    table = reconcile(as_records(land, "宗地"), [states], told)
    assert table["record_state"].tolist() == ["采用", "重复"]


def test_every_state_is_shown():
    land = make_parcels({"parcel_code": "A", "holder_name": "甲厂"}, {"parcel_code": "B"})
    ledger = make_contracts({"parcel_code": "A", "price_wan_yuan": 1.5}, {"parcel_code": "X"})
    firms = make_enterprises(
        {"name": "甲厂", "tax_wan_yuan": 5.0},
        {"name": "甲厂", "tax_wan_yuan": 5.0},
        {"name": "甲厂", "tax_wan_yuan": 1.0, "year": 2023},
        {"name": "甲厂", "tax_wan_yuan": 2.0, "year": 2023},
        {"name": "甲厂", "parcel_code": "无", "tax_wan_yuan": 2.0, "year": 2022},
        {"name": "乙厂", "tax_wan_yuan": 7.0},
        {"name": "乙厂", "tax_wan_yuan": 7.0, "year": None},
        {"tax_wan_yuan": 8.0},
    )
    zones = make_zones(("产业社区", "S1", None, None))
    money = spread(land, firms)
    linked = tie(land, firms).links
    states = [
        parcel_states(land, land, {"A"}),
        contract_states(
            ledger.assign(is_repeated=False), pd.Series(["A", None], index=ledger.index, dtype="object")
        ),
        enterprise_states(firms.records, set(linked["enterprise_id"]), money.unmatched),
        layout_states(zones),
    ]
    records = pd.concat(
        [
            as_records(land, "宗地"),
            as_records(ledger, "供地台账"),
            as_records(firms.records, "企业"),
            as_records(zones, "布局分区"),
        ],
        ignore_index=True,
    )
    told = issues.report("E220", firms.records.loc[[1], PLACE])
    table = reconcile(records, states, told)
    shown = {kind: rows["record_state"].tolist() for kind, rows in table.groupby("table_kind")}
    assert shown["宗地"] == ["采用", "采用"]
    assert shown["供地台账"] == ["采用", "未匹配"]
    assert shown["企业"] == ["采用", "重复", "矛盾", "矛盾", "未匹配", "未匹配", "无年度", "无法识别"]
    assert shown["布局分区"] == ["缺图形"]
    assert len(table) == len(records)
    assert table.loc[table["table_kind"] == "供地台账", "amounts"].iloc[0] == "1.5"


def test_a_noted_record_says_so():
    land = make_parcels({})
    noted = issues.report("E217", land[PLACE], key="P1")
    table = reconcile(as_records(land, "宗地"), [parcel_states(land, land, set())], noted)
    assert table[["record_state", "issue_codes"]].to_numpy().tolist() == [["采用有提示", "E217"]]
