"""Codes and names as keys."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landeval.tidy.codes import (
    ALPHABET,
    clean_code,
    correction,
    credit_code_check,
    is_credit_code,
    is_damaged,
    is_parcel_code,
    name_key,
)

BODIES = st.text(alphabet=ALPHABET, min_size=17, max_size=17).filter(lambda body: len(set(body)) > 1)
VALID = BODIES.map(lambda body: body + credit_code_check(body))


@pytest.mark.parametrize(
    "code",
    ["913702816143139252", "91370200797522673R", "9137028167179100XT", "91370281760271444Y", "91310115591693856A",
     "91330100799655058B", "914403001922038216", "9144030071526726XG", "91350100M000100Y43"],
)  # fmt: skip
def test_published_codes_are_right(code):
    assert is_credit_code(code)


@pytest.mark.parametrize(
    "code",
    ["913702816143139253", "91370281614313925", "9137028161431I9252", "91370281614313925O", "91350203M0001QAY9B",
     "91350100M000100Y4D", "", "0" * 18, "9137028161431392522", "９１３７０２８１６１４３１３９２５２"],
)  # fmt: skip
def test_published_wrong_codes_are_wrong(code):
    assert not is_credit_code(code)


@given(VALID, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_every_single_substitution_is_caught(code, at, other):
    changed = code[:at] + other + code[at + 1 :]
    assert is_credit_code(changed) is (other == code[at])


@given(VALID, st.integers(0, 16))
def test_every_swap_of_neighbours_is_caught(code, at):
    swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
    assert is_credit_code(swapped) is (swapped == code)


@given(st.text())
def test_any_text_is_a_code_or_not(text):
    cleaned = clean_code(text)
    assert is_credit_code(cleaned) in (True, False)
    assert is_parcel_code(cleaned) in (True, False)
    assert clean_code(cleaned) == cleaned or unicodedata.normalize("NFKC", cleaned) != cleaned


@given(VALID)
def test_a_code_written_wide_low_and_spaced_is_the_same(code):
    wide = "".join(chr(ord(char) + 0xFEE0) for char in code.lower())
    assert clean_code(f" '{wide[:6]}\u3000{wide[6:]}\u200b\n") == code


@pytest.mark.parametrize(
    ("code", "is_one"),
    [("430525001001GB00003", True), ("430525001001GB00003W00000000", True), ("430525001001GB00003F00010001", True),
     ("430525001001GB0003", False), ("43052500100GB000031", False), ("7-18", False), ("430525001001GB00003X00000000", False)],
)  # fmt: skip
def test_parcel_codes(code, is_one):
    assert is_parcel_code(code) is is_one


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("虚构（洞口）机械有限公司", "虚构(洞口) 机械有限公司"),
        ("甲厂\u200b", "甲厂"),
        ("ＡＢＣ公司", "abc公司"),
        ("甲·乙厂", "甲•乙厂"),
    ],
)
def test_spellings_of_one_name_have_one_key(one, other):
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("甲有限公司", "甲有限责任公司"),
        ("甲一厂", "甲厂"),
        ("甲公司", "甲公司洞口分公司"),
        ("虚构〇厂", "虚构○厂"),
    ],
)
def test_names_that_are_only_near_have_two_keys(one, other):
    assert name_key(one) != name_key(other)


@given(st.one_of(st.text(), st.none(), st.floats()))
def test_a_key_of_a_key_is_the_key(text):
    key = name_key(text)
    assert name_key(key) == key or unicodedata.normalize("NFKC", key.upper()) != key


def test_no_name_has_no_key():
    assert [name_key(text) for text in (None, "", " ", "——", float("nan"), "\u200b")] == [""] * 6


@pytest.mark.parametrize(
    ("value", "is_lost"),
    [(9.14305255555555e17, True), ("9.14305E+17", True), (914305255555555000, True), (914305255555555551, False),
     ("43E10", False), ("914305255555555551", False), (430525.0, False), (None, False), (float("nan"), False), (True, False)],
)  # fmt: skip
def test_codes_kept_as_numbers(value, is_lost):
    assert is_damaged(value) is is_lost


@given(VALID, st.integers(0, 17))
def test_a_suggested_code_is_right_and_a_right_one_has_none(code, at):
    assert correction(code) is None
    for wrong in (code[:at] + "O" + code[at + 1 :], code[:at] + "8" + code[at + 1 :]):
        hint = correction(wrong)
        assert hint is None or is_credit_code(hint)


@given(VALID)
def test_letters_that_no_code_has_are_traced_to_their_digits(code):
    assert correction(code.replace("0", "O").replace("1", "I")) == (code if set(code) & {"0", "1"} else None)
