"""The forms of a new project have a column for everything that the analyst may be asked for."""

import re

import pytest

from landeval.issues import CATALOGUE
from landeval.judge import case, low_use, papers, suspension
from landeval.publish.starter.forms import FORMS
from landeval.result import MONEY
from landeval.standards.grading import scheme_ids, shipped_scheme
from landeval.units import split_header
from landeval.vocabulary.fields import alias_index, fields, fields_of, normalise_header

TABLES = ("contracts", "enterprises", "exemptions")
WORKED_OUT = {"unsure_dates", "area_mu", "output_wan_yuan_per_mu", "tax_wan_yuan_per_mu"}
"""Made by the program of other columns."""


def table_of(form):
    return (
        "exemptions"
        if form.title == "豁免登记"
        else "enterprises"
        if form.title.startswith("企业")
        else "contracts"
    )


def columns():
    """Return table → field → form, of every column of every form."""
    found = {table: {} for table in TABLES}
    for form in FORMS:
        table = table_of(form)
        known = alias_index(table)
        for entry in form.entries:
            name = known.get(normalise_header(split_header(entry.header)[0]))
            assert name, f"{form.title}：{entry.header}"
            found[table].setdefault(name, form.title)
    return found


def of_grading():
    for scheme in map(shipped_scheme, scheme_ids()):
        for listing in scheme.lists:
            for item in listing.items:
                yield from (item.numerator, item.denominator)


def needed():
    """Return what rules, calendar, questions and grading read of a parcel or an enterprise."""
    names = {*case.FIELDS, *papers.DATES, *suspension.AREAS, *suspension.MONEYS, *MONEY, *of_grading()}
    names |= {name for wanted in low_use.NEEDS.values() for name in wanted}
    names |= {"land_use", "agreed_start", "actual_start", "idle_cause", "cause_evidence", "price_wan_yuan", "is_new_industrial",
              "veto_reason", "ungraded_reason", "grade_last", "bonus_matters", "fault_matters", "industry_code_year",
              "floor_leased_m2", "area_occupied_m2", "low_use_listing", "resumed_on"}  # fmt: skip
    return sorted(names - WORKED_OUT)


@pytest.mark.parametrize("name", needed())
def test_what_a_rule_reads_is_a_column_of_a_form(name):
    assert any(name in columns()[table] for table in TABLES), fields()[name].label


def asked():
    """Return the labels that remedies ask for: what stands in “…” after 请补充, 请补填, 请填写, or plainly behind it."""
    labels = {re.split(r"[(（]", item.label)[0]: item.name for table in TABLES for item in fields_of(table)}
    for code, kind in CATALOGUE.items():
        for told in re.findall("请(?:补充|补填|填写|补齐)(?:各|其余|所缺)?([^；。]*)", kind.remedy):
            for word, name in labels.items():
                if word in told and len(word) > 3:
                    yield code, name


@pytest.mark.parametrize(("code", "name"), sorted(set(asked())))
def test_what_a_message_asks_for_is_a_column_of_a_form(code, name):
    assert any(name in columns()[table] for table in TABLES), (code, fields()[name].label)


def test_the_messages_ask_for_something():
    assert len(set(asked())) >= 4


def test_the_dates_of_a_procedure_have_a_form_of_their_own():
    titles = {name: columns()["contracts"].get(name) for name in papers.DATES}
    assert set(titles.values()) == {"闲置查处台账"}
    assert columns()["enterprises"]["electricity_wan_kwh"] == "企业用电量"
