"""Parts of an amount add up to it, whatever the weights."""

import math

import pandas as pd
from hypothesis import example, given
from hypothesis import strategies as st

from landeval.allocation import allocate

AMOUNT = st.integers(-(10**15), 10**15)
WEIGHT = st.one_of(
    st.floats(1e-9, 1e9), st.sampled_from([1e-300, 1e-12, 1 / 3, 1.0, 1e12]), st.integers(1, 9).map(float)
)


@st.composite
def groups(draw):
    amounts = draw(st.lists(AMOUNT, min_size=1, max_size=5))
    rows = [
        (i, amount, draw(WEIGHT)) for i, amount in enumerate(amounts) for _ in range(draw(st.integers(1, 6)))
    ]
    return pd.DataFrame(rows, columns=["group", "amount", "weight"])


@given(groups())
@example(pd.DataFrame({"group": 0, "amount": 10**15, "weight": [1 / 3] * 7}))
@example(pd.DataFrame({"group": 0, "amount": 10**15, "weight": [0.1, 0.7, 0.2, 1e-9]}))
@example(pd.DataFrame({"group": 0, "amount": -(10**15) + 1, "weight": [1e12, 1e-300, 3.0]}))
@example(pd.DataFrame({"group": 0, "amount": 9007199254740993, "weight": [1.0]}))
def test_parts_add_up_keep_the_sign_and_stay_near_their_share(frame):
    frame = frame.assign(part=allocate(frame["amount"], frame["group"], frame["weight"]))
    for _, rows in frame.groupby("group"):
        amount = int(rows["amount"].iloc[0])
        assert int(rows["part"].sum()) == amount
        assert all(int(part) * amount >= 0 for part in rows["part"])
        total = math.fsum(rows["weight"])
        for part, weight in zip(rows["part"], rows["weight"], strict=True):
            assert abs(int(part) - amount * (weight / total)) <= 2


@given(
    st.integers(-(10**12), 10**12),
    st.lists(st.integers(1, 99), min_size=1, max_size=8, unique=True),
    st.randoms(),
)
def test_order_does_not_matter_where_remainders_differ(amount, weights, random):
    total = sum(weights)
    remainders = [abs(amount) * weight % total for weight in weights]
    if len(set(remainders)) < len(remainders):
        return
    shuffled = random.sample(weights, len(weights))
    ours, theirs = (
        dict(
            zip(
                order,
                allocate([amount] * len(order), pd.Series(["a"] * len(order)), pd.Series(order)),
                strict=True,
            )
        )
        for order in (weights, shuffled)
    )
    assert ours == theirs


def test_ties_go_to_the_earlier_row():
    assert allocate([2, 2, 2], pd.Series(["a"] * 3), pd.Series([1.0] * 3)).tolist() == [1, 1, 0]
    assert allocate([-2, -2, -2], pd.Series(["a"] * 3), pd.Series([1.0] * 3)).tolist() == [-1, -1, 0]


def test_zero_and_nothing():
    assert allocate([0, 0], pd.Series(["a", "a"]), pd.Series([1.0, 2.0])).tolist() == [0, 0]
    assert allocate([], pd.Series([], dtype="object"), pd.Series([], dtype="float64")).tolist() == []


def test_groups_do_not_mix():
    parts = allocate([100, 7, 100, 7], pd.Series(["a", "b", "a", "b"]), pd.Series([1.0, 1.0, 3.0, 6.0]))
    assert parts.tolist() == [25, 1, 75, 6]
