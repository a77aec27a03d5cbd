"""Notes of the offices: a blank says nothing, the newest holds, contradictions and doubts are told, nothing is lost."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from writers import codes, text_file, workbook

from landeval import issues
from landeval.link.reviews import tie_reviews
from landeval.project import Project
from landeval.publish.decisions import remember_reviews
from landeval.read.source import read_source
from landeval.sources import Source
from landeval.tidy.reviews import CONTRADICTED, NOTES, TAKEN, tidy_reviews

ONE, TWO = "430525001001GB00001", "430525001001GB00002"
HEADER = ["宗地标识", "宗地代码", "权利人", "审核意见", "责任人", "进展"]
TODAY = pd.Timestamp("2025-01-02").date()


def handed(folder, *tables, memory=None):
    """Read tables handed back, after what is remembered."""
    raws = [] if memory is None else read_source(Source("reviews", memory))
    for number, rows in enumerate(tables):
        raws += read_source(Source("decisions", workbook(folder / f"交回{number}.xlsx", {"处置候选": rows})))
    return tidy_reviews(raws, Project())


def row(opinion="", person="", progress="", code=ONE, holder="虚构甲厂"):
    return [code, code, holder, opinion, person, progress]


def problems(reviews):
    return issues.gather(reviews.issues)


def test_three_offices_fill_in_three_copies(tmp_path):
    copies = [[HEADER, row("同意")], [HEADER, row(person="虚构张")], [HEADER, row(progress="已约谈")]]
    [found] = handed(tmp_path, *copies).frame.to_dict("records")
    assert (found["review_opinion"], found["review_person"], found["review_progress"]) == (
        "同意",
        "虚构张",
        "已约谈",
    )


def test_a_day_of_checking_that_is_none_is_kept_as_it_is_and_told(tmp_path):
    days = ["2021-02-30", "2024年3月5日", "清除"]
    header = ["宗地标识", "宗地代码", "权利人", "核实日期"]
    rows = [[code, code, "虚构甲厂", day] for code, day in zip((ONE, TWO, ONE[:-1] + "3"), days, strict=True)]
    reviews = handed(tmp_path, [header, *rows])
    told = problems(reviews)
    assert codes(told) == ["E686"]
    assert (told["source_row"].tolist(), told["raw_value"].tolist()) == ([2], ["2021-02-30"])
    assert reviews.frame["review_checked_on"].tolist() == days[:2]


def test_the_same_words_twice_are_no_contradiction_and_different_ones_are_told_and_kept(tmp_path):
    reviews = handed(tmp_path, [HEADER, row("同意", "虚构张"), row("不同意", "虚构张")])
    [found] = reviews.frame.to_dict("records")
    assert pd.isna(found["review_opinion"])
    assert found["review_person"] == "虚构张"
    told = problems(reviews)
    assert codes(told) == ["E681", "E681"]
    assert told["raw_value"].tolist() == ["同意", "不同意"]
    assert told["source_row"].tolist() == [2, 3]
    memory = tmp_path / "审核记录.csv"
    assert remember_reviews(reviews.record, memory, TODAY) == 3
    kept = pd.read_csv(memory, dtype=str, encoding="utf-8-sig")
    assert kept["记录状态"].tolist() == [TAKEN, CONTRADICTED, CONTRADICTED]
    again = handed(tmp_path, [HEADER, row("不同意")], memory=memory)
    assert again.frame["review_opinion"].tolist() == ["不同意"]


def test_a_newer_text_takes_the_place_of_the_older_which_stays_in_the_record(tmp_path):
    memory = tmp_path / "审核记录.csv"
    remember_reviews(handed(tmp_path, [HEADER, row(progress="一")]).record, memory, TODAY)
    remember_reviews(handed(tmp_path, [HEADER, row(progress="二")], memory=memory).record, memory, TODAY)
    reviews = handed(tmp_path, memory=memory)
    assert reviews.frame["review_progress"].tolist() == ["二"]
    assert reviews.record["review_progress"].tolist() == ["一", "二"]
    back = handed(tmp_path, [HEADER, row(progress="一")], memory=memory)
    assert back.frame["review_progress"].tolist() == ["一"]
    assert codes(problems(back)) == ["E682"]
    cleared = handed(tmp_path, [HEADER, row(progress="清除", person="虚构张")], memory=memory)
    assert cleared.frame["review_progress"].isna().all()
    assert cleared.frame["review_person"].tolist() == ["虚构张"]


def test_handed_back_again_unchanged_says_nothing_new(tmp_path):
    memory = tmp_path / "审核记录.csv"
    table = [HEADER, row("同意", "虚构张", "-2\n@SUM(A1)"), row("", "", "", TWO)]
    remember_reviews(handed(tmp_path, table).record, memory, TODAY)
    before = memory.read_bytes()
    again = handed(tmp_path, table, memory=memory)
    assert remember_reviews(again.record, memory, TODAY) == 0
    assert memory.read_bytes() == before
    assert again.frame["review_progress"].tolist() == ["-2\n@SUM(A1)"]
    assert set(again.states["record_state"]) == {"已记住", "与已有记录相同", "未填审核内容"}


def test_a_note_without_a_parcel_is_told_and_kept(tmp_path):
    reviews = handed(tmp_path, [HEADER, row("同意"), [None, None, "虚构甲厂", "同意", "", ""]])
    assert codes(problems(reviews)) == ["E680"]
    assert len(reviews.frame) == 1
    assert len(reviews.record) == 2


def parcels(*rows):
    return pd.DataFrame(rows, columns=["id", "parcel_code", "holder_name"]).set_index("id")


@pytest.mark.parametrize(
    ("land", "parcel", "told"),
    [
        ([(ONE, ONE, "虚构甲厂")], ONE, []),
        ([(ONE, ONE, "虚构乙厂")], ONE, ["E684"]),
        ([(TWO, TWO, "虚构甲厂")], None, ["E683"]),
        ([(ONE, ONE, "虚构乙厂"), (f"{ONE}#2", ONE, "虚构甲厂")], f"{ONE}#2", []),
        ([(ONE, ONE, "虚构乙厂"), (f"{ONE}#2", ONE, "虚构丙厂")], None, ["E685"]),
    ],
)
def test_a_note_finds_its_parcel_or_is_told(tmp_path, land, parcel, told):
    reviews = handed(tmp_path, [HEADER, row("同意")])
    tied = tie_reviews(reviews.frame, parcels(*land), NOTES)
    assert tied.frame["parcel_id"].tolist() == [parcel]
    assert codes(tied.issues) == told


def test_an_id_made_of_a_row_number_means_nobody_else(tmp_path):
    reviews = handed(tmp_path, [HEADER, ["宗地-00003", None, "虚构甲厂", "同意", "", ""]])
    tied = tie_reviews(reviews.frame, parcels(("宗地-00003", None, "虚构乙厂")), NOTES)
    assert tied.frame["parcel_id"].tolist() == [None]
    same = tie_reviews(reviews.frame, parcels(("宗地-00003", None, "虚构甲厂")), NOTES)
    assert same.frame["parcel_id"].tolist() == ["宗地-00003"]


def test_two_parcels_of_one_code_are_told_apart_by_their_holders(tmp_path):
    header = ["宗地代码", "权利人", "进展"]
    reviews = handed(tmp_path, [header, [ONE, "虚构甲厂", "甲"], [ONE, "虚构乙厂", "乙"]])
    land = parcels((ONE, ONE, "虚构乙厂"), (f"{ONE}#2", ONE, "虚构甲厂"))
    tied = tie_reviews(reviews.frame, land, NOTES).frame.set_index("parcel_id")
    assert tied["review_progress"].to_dict() == {ONE: "乙", f"{ONE}#2": "甲"}
    assert not codes(problems(reviews))


def test_notes_by_id_and_by_code_meet_at_their_parcel(tmp_path):
    memory = tmp_path / "审核记录.csv"
    old = handed(tmp_path, [["宗地代码", "进展", "责任人"], [ONE, "旧", "虚构张"]])
    remember_reviews(old.record, memory, TODAY)
    header = ["宗地标识", "宗地代码", "权利人", "进展"]
    new = handed(tmp_path, [header, [f"{ONE}#2", ONE, "虚构甲厂", "新"]], memory=memory)
    tied = tie_reviews(new.frame, parcels((ONE, ONE, "虚构甲厂")), NOTES).frame
    assert tied[["parcel_id", "review_progress", "review_person"]].to_numpy().tolist() == [
        [ONE, "新", "虚构张"]
    ]


def test_a_csv_with_one_column_of_notes_is_read_as_notes_and_a_crosswalk_as_decisions(tmp_path):
    notes = text_file(tmp_path / "意见.csv", f"宗地代码,进展\n{ONE},已约谈\n")
    pairs = text_file(tmp_path / "对照.csv", f"宗地代码,企业名称,责任人\n{ONE},虚构甲厂,虚构张\n")
    assert [raw.source.table for raw in read_source(Source("decisions", notes))] == ["reviews"]
    assert [raw.source.table for raw in read_source(Source("decisions", pairs))] == ["decisions"]


@pytest.mark.parametrize("holder", ["@虚构甲厂", "-虚构甲厂", "＝虚构甲厂"])
def test_a_holder_that_looks_like_a_formula_is_remembered_as_it_is(tmp_path, holder):
    reviews = handed(tmp_path, [HEADER, row("同意", holder=holder)])
    memory = tmp_path / "审核记录.csv"
    remember_reviews(reviews.record, memory, TODAY)
    assert handed(tmp_path, memory=memory).frame["reviewed_holder"].tolist() == [holder]


text = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), min_size=1, max_size=30
)


@settings(max_examples=15)
@given(text)
def test_any_text_is_the_same_after_being_remembered(tmp_path_factory, said):
    folder = tmp_path_factory.mktemp("note")
    one = text_file(folder / "一.csv", f'宗地代码,进展\n{ONE},"{said.replace(chr(34), chr(34) * 2)}"\n')
    reviews = tidy_reviews(read_source(Source("reviews", one)), Project())
    if len(reviews.frame):
        memory = folder / "审核记录.csv"
        remember_reviews(reviews.record, memory, TODAY)
        again = tidy_reviews(read_source(Source("reviews", memory)), Project())
        assert again.frame["review_progress"].tolist() == reviews.frame["review_progress"].tolist()
