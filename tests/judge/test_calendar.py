"""The calendar of the papers: each step on, before and after its day, and none that the law does not give."""

import datetime as dt

import pandas as pd
import pytest
from frames import codes, make_parcels, verdict
from hypothesis import given, settings
from hypothesis import strategies as st

from landeval.judge.calendar import COLUMNS
from landeval.judge.papers import DATES
from landeval.judge.steps import BY_KEY, OF_FEE, OF_TAKE_BACK, STEPS
from landeval.result import DONE, HORIZONS, NO_TERM, OPEN, OVERDUE, PENDING, STEP_STATES, UNSURE

AS_OF = dt.date(2024, 12, 31)
OWNER = {"agreed_start": "2023-05-20", "idle_cause": "企业原因"}  # 满一年 2024-05-21, 满两年 2025-05-21
TWO = {"agreed_start": "2021-06-15", "idle_cause": "企业原因"}  # 满两年 2023-06-16
GOVERNMENT = {"agreed_start": "2022-04-01", "idle_cause": "政府原因", "cause_evidence": "虚构函1号"}
STOPPED = {
    "agreed_start": "2021-05-10", "actual_start": "2021-06-03", "suspended_on": "2022-10-20", "idle_cause": "企业原因",
    "built_area_m2": 100.0, "buildable_area_m2": 1000.0, "invested_wan_yuan": 1.0, "planned_investment_wan_yuan": 100.0,
}  # fmt: skip
UNKNOWN = {"agreed_start": "2023-05-20"}
WARNED = {"agreed_start": "2024-04-02"}
SERVED = {
    "found_on": "2024-06-03", "notice_served_on": "2024-06-20", "material_submitted_on": "2024-07-16",
    "idle_decision_no": "虚构认〔2024〕5号", "idle_decision_served_on": "2024-08-15", "published_on": "2024-08-23",
    "mortgagee": "无",
}  # fmt: skip
TO_FEE = SERVED | {"hearing_notice_served_on": "2024-09-12", "plan_approved_on": "2024-11-26"}


def judged(*rows, as_of=AS_OF, **options):
    days = {name for name, _ in ((step.done, 0) for step in STEPS)} | set(DATES)
    given_days = [
        {
            name: pd.Timestamp(value)
            if name in days | {"agreed_start", "actual_start", "suspended_on"} and isinstance(value, str)
            else value
            for name, value in row.items()
        }
        for row in rows
    ]
    return verdict(make_parcels(*given_days), as_of, **options)


def steps(*rows, as_of=AS_OF, **options):
    calendar = judged(*rows, as_of=as_of, **options).calendar
    return calendar[calendar["parcel_id"] == "P1"].set_index("step")


def states(*rows, as_of=AS_OF):
    return steps(*rows, as_of=as_of)["step_state"].to_dict()


def keys(row, as_of=AS_OF):
    return set(steps(row, as_of=as_of).index)


# ---- terms ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "step", "due"),
    [
        ({"found_on": "2024-12-02"}, "notice", "2025-01-01"),
        ({"notice_served_on": "2024-12-10"}, "material", "2025-01-09"),
        (TO_FEE | {"fee_decision_served_on": "2024-12-11"}, "payment", "2025-01-10"),
    ],
)
def test_a_step_is_open_through_its_last_day_and_overdue_the_day_after(row, step, due):
    last = dt.date.fromisoformat(due)
    for on, state, left, horizon in ((last - dt.timedelta(1), OPEN, 1, "30 日内"), (last, OPEN, 0, "30 日内"),
                                     (last + dt.timedelta(1), OVERDUE, -1, "已逾期")):  # fmt: skip
        found = steps(OWNER | row, as_of=on).loc[step]
        assert (found["step_state"], found["days_left"], found["horizon"]) == (state, left, horizon)
        assert found["due_on"].date() == last


def test_deregistration_counts_from_the_service_of_the_take_back():
    row = TWO | SERVED | {"takeback_served_on": "2024-10-15"}
    found = steps(row).loc["deregistration"]
    assert (found["due_on"].date(), found["step_state"], found["days_left"]) == (
        dt.date(2024, 11, 14),
        OVERDUE,
        -47,
    )
    assert "takeback_enforcement" in keys(row)
    assert "takeback_enforcement" not in keys(row, as_of=dt.date(2024, 11, 14))
    assert "takeback_enforcement" not in keys(row | {"deregistered_on": "2024-12-20"})


@pytest.mark.parametrize(
    ("served", "due"),
    [
        ("2024-12-04", "2025-01-03"),  # a Friday
        ("2024-12-05", "2025-01-06"),  # Saturday
        ("2024-12-06", "2025-01-06"),  # Sunday
        ("2024-12-07", "2025-01-06"),  # a Monday by itself
        ("2024-01-30", "2024-02-29"),  # 29 February
        ("2023-01-30", "2023-03-01"),  # no 29 February
    ],
)
def test_a_weekend_runs_on_and_february_has_its_days(served, due):
    found = steps(TWO | {"notice_served_on": served}, as_of=dt.date(2025, 2, 1)).loc["material"]
    assert found["due_on"].date() == dt.date.fromisoformat(due)
    assert ("顺延" in found["due_basis"]) == (served in ("2024-12-05", "2024-12-06"))


def test_without_a_day_of_finding_the_as_of_date_is_the_finding():
    row = steps(OWNER, as_of=dt.date(2024, 12, 31)).loc["notice"]
    assert row["due_on"].date() == dt.date(2025, 1, 30)
    assert "以评价基准日 2024-12-31 为发现之日" in row["due_basis"]
    status = judged(OWNER).status.iloc[0]
    assert status["next_action"] == "调查核实，发出《闲置土地调查通知书》"
    assert (status["next_deadline"].date(), status["next_days"]) == (dt.date(2025, 1, 30), 30)


def test_a_step_without_a_term_has_no_day():
    found = steps(OWNER | TO_FEE)
    row = found.loc["fee_decision"]
    assert (row["step_state"], row["due_basis"]) == (NO_TERM, NO_TERM)
    assert pd.isna(row["due_on"])
    with_term = {step.key for step in STEPS if step.term}
    assert with_term == {"notice", "material", "payment", "deregistration"}
    assert (
        found.loc[[key for key in found.index if key in BY_KEY and key not in with_term], "due_on"]
        .isna()
        .all()
    )


def test_a_bureaus_own_term_is_used_and_told():
    rules = {"procedure.payment_days": {"value": 15, "reason": "虚构：局务会"}}
    row = steps(OWNER | TO_FEE | {"fee_decision_served_on": "2024-12-11"}, overrides=rules).loc["payment"]
    assert row["due_on"].date() == dt.date(2024, 12, 26)
    assert "虚构：局务会" in row["basis"]


def test_late_is_said_and_still_done():
    row = steps(OWNER | TO_FEE | {"fee_decision_served_on": "2024-11-11", "fee_paid_on": "2024-12-24"}).loc[
        "payment"
    ]
    assert (row["step_state"], row["step_note"]) == (DONE, "迟于期限 13 天")


@pytest.mark.parametrize(
    ("days", "horizon"),
    [(-1, "已逾期"), (0, "30 日内"), (30, "30 日内"), (31, "60 日内"), (60, "60 日内"), (61, "90 日内"),
     (90, "90 日内"), (91, "以后")],
)  # fmt: skip
def test_look_ahead(days, horizon):
    until = AS_OF + dt.timedelta(days)
    row = steps(GOVERNMENT | SERVED | {"temporary_use_until": until.isoformat()}).loc["temporary_use_end"]
    assert row["horizon"] == horizon


# ---- order ------------------------------------------------------------------------------------------------


def test_steps_follow_one_another():
    rows = {
        "notice": {},
        "material": {"notice_served_on": "2024-12-10"},
        "recognition": {"notice_served_on": "2024-12-10", "material_submitted_on": "2024-12-20"},
        "publication": {name: SERVED[name] for name in SERVED if name != "published_on"},
        "fee_hearing": SERVED,
        "fee_approval": SERVED | {"hearing_notice_served_on": "2024-09-12"},
        "fee_decision": TO_FEE,
        "payment": TO_FEE | {"fee_decision_served_on": "2024-12-05"},
    }
    found = judged(*(OWNER | row for row in rows.values()))
    for number, (key, row) in enumerate(rows.items(), start=1):
        calendar = found.calendar[found.calendar["parcel_id"] == f"P{number}"].set_index("step")
        done = calendar["step_state"] == DONE
        assert not done[key]
        assert done[calendar["step_order"] < calendar.loc[key, "step_order"]].all(), key
        assert found.status.loc[f"P{number}", "next_action"] == BY_KEY[key].action, key
        assert (row == {}) == (key == "notice")
    assert states(OWNER | SERVED)["fee_decision"] == PENDING


def test_the_bureau_goes_on_where_the_holder_hands_in_nothing():
    row = OWNER | {"notice_served_on": "2024-11-01"}  # 30 days end on Sunday 1 December
    assert states(row, as_of=dt.date(2024, 12, 2))["recognition"] == PENDING
    found = steps(row, as_of=dt.date(2024, 12, 3))
    assert found.loc["material", "step_state"] == OVERDUE
    assert found.loc["recognition", "step_state"] == NO_TERM


def test_all_done_waits_for_the_day_that_changes_the_case():
    row = OWNER | TO_FEE | {"fee_decision_served_on": "2024-12-05", "fee_paid_on": "2024-12-20"}
    status = judged(row).status.iloc[0]
    assert status["next_deadline"].date() == dt.date(2025, 5, 21)
    over = TWO | SERVED | {
        "hearing_notice_served_on": "2024-09-01", "plan_approved_on": "2024-09-20",
        "takeback_served_on": "2024-10-15", "deregistered_on": "2024-11-01",
    }  # fmt: skip
    status = judged(over).status.iloc[0]
    assert status["next_action"] == "各环节均已办结"
    assert pd.isna(status["next_deadline"])


def test_a_fee_paid_before_two_years_stays_and_the_take_back_starts_afresh():
    row = {"agreed_start": "2021-11-05", "idle_cause": "企业原因"} | {
        "notice_served_on": "2023-02-20", "material_submitted_on": "2023-03-15", "idle_decision_no": "虚构认3号",
        "idle_decision_served_on": "2023-04-14", "published_on": "2023-04-24", "mortgagee": "无",
        "hearing_notice_served_on": "2023-05-08", "hearing_requested_on": "2023-05-11", "plan_approved_on": "2023-06-05",
        "fee_decision_served_on": "2023-06-12", "fee_paid_on": "2023-07-05",
    }  # fmt: skip
    before = steps(row, as_of=dt.date(2023, 11, 5))
    assert not set(OF_TAKE_BACK) & set(before.index)
    after = steps(row, as_of=dt.date(2023, 11, 6))
    assert (after.loc[["fee_hearing", "fee_request", "fee_decision", "payment"], "step_state"] == DONE).all()
    assert after.loc["takeback_hearing", "step_state"] == NO_TERM
    assert "takeback_request" not in after.index
    assert "听证" not in after.loc["takeback_decision", "step_note"]


# ---- never what the law does not give ---------------------------------------------------------------------


PAPERS = {
    "fee_decision_served_on": "2024-10-10",
    "takeback_served_on": "2024-11-11",
    "fee_paid_on": "2024-10-20",
}


@pytest.mark.parametrize("row", [STOPPED, GOVERNMENT, STOPPED | PAPERS, GOVERNMENT | PAPERS])
def test_suspended_land_and_government_causes_never_have_a_fee_or_a_take_back(row):
    found = keys(row | SERVED)
    assert not found & {*OF_FEE, *OF_TAKE_BACK, "two_years"}
    assert {"plan", "agreement"} <= found


def test_the_fee_ends_where_the_take_back_begins():
    assert not keys(OWNER) & set(OF_TAKE_BACK)
    assert not keys(TWO) & {*OF_FEE, "two_years"}
    assert not keys(UNKNOWN) & {*OF_FEE, *OF_TAKE_BACK, "plan", "agreement"}
    assert "cause" in keys(UNKNOWN)


def test_land_below_the_lines_is_visited_without_a_term():
    row = {"actual_start": "2010-01-01", "production_started_on": pd.Timestamp("2011-01-01"),
           "investment_wan_yuan_per_mu": 1.0, "output_wan_yuan_per_mu": 1.0, "tax_wan_yuan_per_mu": 1.0}  # fmt: skip
    last = {"output_wan_yuan_per_mu": [1.0], "tax_wan_yuan_per_mu": [1.0]}
    found = steps(row, last_year=last)
    assert found["step_state"].to_dict() == {"visit": NO_TERM, "low_use_plan": PENDING}
    assert found.loc["visit", "basis"] == "建议稿，无文件依据"
    found = steps(row | {"plan_approved_on": "2024-12-01"}, last_year=last)
    assert found["step_state"].to_dict() == {"low_use_plan": DONE}


def test_a_warned_parcel_is_watched_until_one_year_is_full():
    found = steps(WARNED)
    assert list(found.index) == ["full_year"]
    assert found.loc["full_year", "due_on"].date() == dt.date(2025, 4, 3)
    assert judged(WARNED).status.iloc[0]["next_action"] == "督促动工"


def test_no_steps_for_land_that_is_in_order():
    assert judged({"actual_start": "2010-01-01", "actual_completion": "2011-01-01"}).calendar.empty


def test_an_exemption_ends_on_its_day():
    row = GOVERNMENT | {"exemption_reason": "文物勘探", "exemption_evidence": "虚构文1号"}
    until = row | {"exemption_until": pd.Timestamp("2025-01-31")}
    assert steps(until).loc["exemption_end", "days_left"] == 31
    assert judged(row).calendar.empty
    late = judged(row | {"exemption_until": pd.Timestamp("2024-12-30")}).calendar
    assert "exemption_end" not in set(late["step"])


def test_the_mortgagee_and_the_supervision_system():
    row = GOVERNMENT | SERVED
    assert "mortgagee" not in keys(row)
    assert "先查询抵押登记" in steps(row | {"mortgagee": None}).loc["mortgagee", "step_note"]
    assert steps(row | {"mortgagee": "虚构银行"}).loc["mortgagee", "step_note"] == ""
    assert "先核实" in steps(row).loc["plan", "step_note"]
    assert "supervision" not in keys(row | {"is_in_supervision_system": True})
    found = steps(row | {"is_in_supervision_system": False})
    assert found.loc["supervision", "step_state"] == NO_TERM
    assert found.loc["plan", "step_state"] == PENDING


# ---- what is not known ------------------------------------------------------------------------------------


def test_an_unreadable_day_is_neither_done_nor_not_done():
    row = OWNER | {"unsure_dates": "hearing_notice_served_on "}
    assert states(row)["notice"] == OPEN  # the name ends alike, and is another field
    found = steps(OWNER | {"unsure_dates": "notice_served_on "})
    assert found.loc["notice", "step_state"] == UNSURE
    assert found.loc["material", "step_state"] == PENDING
    assert (
        judged(OWNER | {"unsure_dates": "notice_served_on "})
        .status.iloc[0]["next_action"]
        .startswith("核对并补登")
    )
    found = steps(OWNER | {"unsure_dates": "found_on "}).loc["notice"]
    assert found["step_state"] == UNSURE
    assert pd.isna(found["due_on"])


def test_a_number_without_a_day_is_done_and_counts_no_term():
    found = steps(OWNER | {"notice_no": "虚构调〔2024〕1号"})
    assert found.loc["notice", "step_state"] == DONE
    assert found.loc["material", "step_state"] == UNSURE
    assert pd.isna(found.loc["material", "due_on"])
    assert states(OWNER | {"notice_no": "无"})["notice"] == OPEN


def test_a_day_after_the_as_of_date_is_not_done():
    row = OWNER | {"found_on": "2024-12-02", "notice_served_on": "2025-01-10"}
    found = steps(row).loc["notice"]
    assert found["step_state"] == OPEN
    assert pd.isna(found["done_on"])
    assert "2025-01-10 晚于评价基准日" in found["step_note"]


# ---- questions --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "code", "said"),
    [
        (OWNER | SERVED | {"notice_served_on": "2024-08-16"}, "E450", "认定书送达日期 2024-08-15 早于调查通知书送达日期 2024-08-16"),
        (OWNER | TO_FEE | {"fee_decision_served_on": "2024-12-05", "fee_paid_on": "2024-12-04"}, "E450",
         "闲置费缴纳日期 2024-12-04 早于征缴决定书送达日期 2024-12-05"),
        (GOVERNMENT | SERVED | {"fee_decision_served_on": "2024-12-05"}, "E451", "2024-12-05"),
        (STOPPED | SERVED | {"takeback_served_on": "2024-12-05"}, "E451", "收回决定书送达日期"),
        (UNKNOWN | SERVED | {"fee_decision_served_on": "2024-12-05"}, "E452", "征缴决定书送达日期 2024-12-05"),
        (OWNER | SERVED | {"takeback_served_on": "2024-12-05"}, "E453", "早于 2025-05-21"),
        (OWNER | SERVED | {"fee_decision_served_on": "2024-05-20"}, "E453", "早于 2024-05-21"),
        (OWNER | {"idle_decision_no": "虚构认1号", "published_on": "2024-09-01"}, "E454", "调查核实"),
        (OWNER | {"notice_served_on": "2025-01-10"}, "E455", "2025-01-10"),
        ({"actual_start": "2010-01-01", "notice_served_on": "2024-06-01"}, "E456", "评价结论"),
        (GOVERNMENT | SERVED | {"agreement_signed_on": "2024-10-01", "is_in_supervision_system": False}, "E457", ""),
        (GOVERNMENT | SERVED | {"agreement_start_on": "2025-06-30"}, "E458", "批准延期动工日期 未填"),
        (GOVERNMENT | SERVED | {"agreement_signed_on": "2024-10-01", "temporary_use_until": "2026-10-02"}, "E458", "超过签订之日起 2 年"),
        (GOVERNMENT | SERVED | {"mortgagee": "虚构银行", "plan_approved_on": "2024-10-01"}, "E459", "虚构银行"),
    ],
)  # fmt: skip
def test_contradictions_are_asked_about(row, code, said):
    found = judged(row)
    told = pd.concat([table for table in found.issues if len(table)])
    assert code in set(told["code"])
    assert said in told.loc[told["code"] == code, "what"].iloc[0]
    assert said in found.status.iloc[0]["questions"]
    assert told.loc[told["code"] == code, "record_key"].iloc[0] == "P1"


@pytest.mark.parametrize(
    "row",
    [
        OWNER | TO_FEE | {"fee_decision_served_on": "2024-12-05", "fee_paid_on": "2024-12-05"},
        OWNER | SERVED | {"fee_decision_served_on": "2024-05-21"} | dict.fromkeys(
            ("found_on", "notice_served_on", "material_submitted_on", "idle_decision_served_on", "published_on"), "2024-05-21"
        ) | {"hearing_notice_served_on": "2024-05-21", "plan_approved_on": "2024-05-21"},
        GOVERNMENT | SERVED | {"agreement_signed_on": "2024-10-01", "temporary_use_until": "2026-10-01",
                               "plan_approved_on": "2024-10-01", "is_in_supervision_system": True},
        OWNER,
        OWNER | {"idle_decision_no": "虚构认1号"},
    ],
)  # fmt: skip
def test_nothing_is_asked_of_a_file_in_order(row):
    for table in judged(row).issues:
        assert not [code for code in codes(table) if code.startswith("E45")]


# ---- whatever is written ----------------------------------------------------------------------------------

DAY = st.one_of(st.none(), st.dates(dt.date(2022, 1, 1), dt.date(2026, 1, 1)).map(pd.Timestamp))
FILE = st.fixed_dictionaries(
    {
        **dict.fromkeys(DATES, DAY),
        "agreed_start": st.sampled_from([pd.Timestamp("2021-11-05"), pd.Timestamp("2023-05-20"), pd.Timestamp("2024-04-02")]),
        "idle_cause": st.sampled_from([None, "企业原因", "政府原因"]),
        "cause_evidence": st.sampled_from([None, "虚构函1号"]),
        "idle_decision_no": st.sampled_from([None, "虚构认1号"]),
        "mortgagee": st.sampled_from([None, "无", "虚构银行"]),
        "is_in_supervision_system": st.sampled_from([None, True, False]),
        "unsure_dates": st.sampled_from([None, "notice_served_on ", "fee_decision_served_on found_on "]),
    }
)  # fmt: skip


@settings(max_examples=6)
@given(st.lists(FILE, min_size=4, max_size=8), st.integers(0, 500))
def test_a_later_day_never_undoes_what_is_done(rows, more):
    land = make_parcels(*rows)
    early = verdict(land, dt.date(2024, 8, 1)).calendar.set_index(["parcel_id", "step"])
    late = verdict(land, dt.date(2024, 8, 1) + dt.timedelta(more)).calendar.set_index(["parcel_id", "step"])
    done = early[early["step_state"] == DONE]
    assert (late.reindex(done.index)["step_state"] == DONE).all()
    assert early.index.is_unique
    assert early["step_state"].isin(STEP_STATES).all()
    assert tuple(early.reset_index()[list(COLUMNS)]) == COLUMNS
    open_days = early[early["step_state"].isin((OPEN, OVERDUE))]
    assert open_days["due_on"].notna().all()
    assert open_days["horizon"].isin(HORIZONS).all()
    assert ((open_days["days_left"] < 0) == (open_days["step_state"] == OVERDUE)).all()
    assert (early.loc[early["step_state"].isin((NO_TERM, PENDING)), "due_on"].isna()).all()
    negotiated = early[early["procedure_path"] == "协商处置"].reset_index()["step"]
    assert not set(negotiated) & {*OF_FEE, *OF_TAKE_BACK}
