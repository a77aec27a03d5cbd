"""``landeval what-if`` end to end on the sample: what a run keeps, what a trial writes, what is refused."""

import csv
import datetime as dt
import json
import shutil
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bureau import check, delivery
from pandas.testing import assert_frame_equal

from landeval import load_project
from landeval.cli import main
from landeval.judge.what_if import judged
from landeval.publish.basis import write_basis
from landeval.publish.outputs import write_outputs
from landeval.publish.run_record import digests
from landeval.read.run_folder import read_run
from landeval.run import evaluate
from landeval.trial import Trial
from landeval.what_if import try_out

SAMPLE = Path(__file__).resolve().parent.parent / "data" / "landeval.toml"


@pytest.fixture(scope="module")
def result():
    return evaluate(load_project(SAMPLE))


@pytest.fixture(scope="module")
def finished(result, tmp_path_factory):
    return write_outputs(result, tmp_path_factory.mktemp("试") / "成果")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """Make a run of three parcels for what does not depend on what was found: its folder, and its inputs as options."""
    inputs = delivery(tmp_path_factory.mktemp("小"))
    folder = write_outputs(check(**inputs), tmp_path_factory.mktemp("小成果") / "成果")
    return folder, [word for name, path in inputs.items() for word in (f"--{name}", str(path))]


@pytest.fixture
def copied(finished, tmp_path):
    shutil.copytree(finished, tmp_path / "成果")
    return tmp_path / "成果"


@pytest.mark.usefixtures("texts_as_in_a_run")
def test_judging_what_a_run_kept_gives_exactly_its_findings_and_status(result, finished):
    run = read_run(finished)
    again = judged(run.basis)
    assert_frame_equal(again.findings, result.findings, check_exact=True)
    assert_frame_equal(again.status, result.status, check_exact=True)
    for name, frame in result.basis.frames().items():
        assert_frame_equal(run.basis.frames()[name], frame, check_exact=True)
    assert run.basis.switches == result.basis.switches
    assert (run.basis.year, run.basis.as_of) == (result.year, result.as_of)


@pytest.mark.usefixtures("texts_as_in_a_run")
def test_the_bureaus_own_rules_are_kept_exactly(tmp_path):
    text = SAMPLE.read_text("utf-8") + (
        '\n[rules."dongkou.tax"]\nvalue = 12.5\ndecimals = 2\nreason = "虚构会议"\nwhen = 2024-03-01\n'
        '[rules."idle.area_share"]\nvalue = "1/4"\nreason = "虚构会议"\n'
        '[judge]\nsuspended_logic = "all"\nindustrial_words = ["工业", "仓储"]\n'
    )
    (tmp_path / "landeval.toml").write_text(text, encoding="utf-8")
    project = load_project(tmp_path, data_folder=SAMPLE.parent)
    found = evaluate(project)
    run = read_run(write_outputs(found, tmp_path / "成果"))
    assert run.basis.rules == found.basis.rules
    assert run.basis.switches == project.switches
    assert_frame_equal(judged(run.basis).findings, found.findings)


def test_the_same_run_keeps_the_same_bytes(result, tmp_path):
    for name in ("甲", "乙"):
        (tmp_path / name).mkdir()
        write_basis(result, tmp_path / name)
    assert digests(tmp_path / "甲") == digests(tmp_path / "乙")
    assert len(digests(tmp_path / "甲")) == len(result.basis.frames()) + 1


@pytest.mark.parametrize("day", [dt.date(2020, 4, 15), dt.date(2025, 6, 30)])
def test_a_trial_of_another_day_is_what_a_run_of_that_day_finds(result, finished, day):
    tried = try_out(finished if day.year == 2020 else result, Trial(as_of=day))
    fresh = evaluate(load_project(SAMPLE, as_of=day))
    old = read_run(finished).status
    after = old.copy()
    flips = tried.flips[tried.flips["flip_kind"] == "结论改变"].set_index("parcel_id")
    after.loc[flips.index] = flips["status_after"]
    assert after.tolist() == fresh.status["status"].tolist()
    assert len(flips) == (old.to_numpy() != fresh.status["status"].to_numpy()).sum() > 0


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_a_trial_writes_a_book_and_tables_and_says_that_it_is_one(finished, tmp_path, capsys):
    out = tmp_path / "试算"
    words = [
        "what-if",
        str(finished),
        "--set",
        "dongkou.tax=18",
        "--grid",
        "dongkou.tax=14:18:2",
        "--out",
        str(out),
    ]
    before = digests(finished)
    assert main(words) == 0
    told = capsys.readouterr().out
    assert told.strip().startswith("试算：")
    assert "不是评价结论" in told
    shown = (SAMPLE.parent.parent / "docs" / "试算.md").read_text("utf-8")
    assert told.strip().split("\n\n")[0] in shown
    assert digests(finished) == before
    book = openpyxl.load_workbook(out / "试算.xlsx")
    assert book.sheetnames == ["说明", "翻转", "矩阵", "网格", "临界清单"]
    assert all(str(sheet["A1"].value).startswith("试算") for sheet in book)
    flips = rows_of(out / "tables" / "试算_翻转.csv")
    moved = [row for row in flips if row["变化"] == "结论改变"]
    assert f"结论改变 {len(moved)} 宗" in told
    matrix = {row["原结论"]: row for row in rows_of(out / "tables" / "试算_矩阵.csv")}
    assert sum(row["原结论"] == "达标" for row in moved) == int(matrix["达标"]["关注(宗)"])
    steps = rows_of(out / "tables" / "试算_网格.csv")
    assert [row["试算取值"] for row in steps] == ["14", "16", "18"]
    assert int(steps[-1]["达标(宗)"]) == int(matrix["合计"]["达标(宗)"])
    record = json.loads((out / "run.json").read_text("utf-8"))
    assert (record["tool"], record["kind"]) == ("landeval", "试算")
    assert record["rules"][0]["value_before"] == "15"
    assert record["rules"][0]["value_after"] == "18"
    assert set(record["outputs"]) == set(digests(out))


def test_the_same_trial_writes_the_same_bytes_and_may_be_repeated_in_place(small, tmp_path, capsys):
    words = ["what-if", str(small[0]), "--as-of", "2025-03-31", "--out", str(tmp_path / "试")]
    assert main(words) == 0
    first = digests(tmp_path / "试")
    assert main(words) == 0
    assert digests(tmp_path / "试") == first
    assert (tmp_path / "试.上一次").is_dir()
    capsys.readouterr()


def refused(folder, out, capsys, *, code, words, exit_code=2, more=()):
    assert main(["what-if", str(folder), *more, "--out", str(out)]) == exit_code
    told = capsys.readouterr().err
    assert f"【{code}】" in told
    assert "怎么办" in told
    for word in words:
        assert word in told
    assert not out.exists()


def test_a_folder_that_is_no_run_is_refused(tmp_path, capsys):
    (tmp_path / "空").mkdir()
    (tmp_path / "别的").mkdir()
    (tmp_path / "别的" / "run.json").write_text('{"tool": "另一个"}', encoding="utf-8")
    for name, words in (("没有", ["找不到"]), ("空", ["不是 landeval"]), ("别的", ["不是 landeval 写的"])):
        refused(tmp_path / name, tmp_path / "o", capsys, code="E630", words=words)


@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: (folder / "run.json").write_text("{", encoding="utf-8"),
        lambda folder: (folder / "run.json").write_bytes(b"\xff\xfe\x00"),
        lambda folder: (folder / "底稿" / "parcels.parquet").unlink(),
        lambda folder: (folder / "底稿" / "evidence.parquet").write_bytes(b""),
        lambda folder: (folder / "底稿" / "status.parquet").write_bytes(b"PAR1 nothing PAR1"),
        lambda folder: rewritten(folder, lambda record: record["settings"].pop("judge")),
        lambda folder: rewritten(folder, lambda record: record.update(as_of="2024-13-01")),
        lambda folder: rewritten(folder, lambda record: record.update(outputs=[])),
        lambda folder: rewritten(folder, lambda record: record["settings"]["judge"].update(new_switch=True)),
        lambda folder: replaced(folder, "parcels", pa.table({"a": [1, 2]})),
        lambda folder: replaced(folder, "surprise", pa.table({"a": [1, 2]})),
        lambda folder: replaced(folder, "evidence", None),
    ],
)
def test_a_damaged_run_is_refused(copied, tmp_path, capsys, harm):
    harm(copied)
    refused(copied, tmp_path / "o", capsys, code="E631", words=["重新复制整个成果文件夹"])


def rewritten(folder, change):
    record = json.loads((folder / "run.json").read_text("utf-8"))
    change(record)
    (folder / "run.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def replaced(folder, name, table):
    """Put another table in, and its digest into the record: damage that no digest shows."""
    path = folder / "底稿" / f"{name}.parquet"
    if table is None:
        path.unlink()
        rewritten(folder, lambda record: record["outputs"].pop(f"底稿/{name}.parquet"))
    else:
        pq.write_table(table, path)
        rewritten(folder, lambda record: record["outputs"].update(digests(folder)))


def test_a_run_of_another_version_or_other_rules_is_refused(copied, tmp_path, capsys):
    other = tmp_path / "另"
    shutil.copytree(copied, other)
    rewritten(other, lambda record: record["versions"].update(landeval="0.0.1"))
    refused(other, tmp_path / "o", capsys, code="E632", words=["0.0.1", "重新运行 landeval run"])
    rewritten(
        copied,
        lambda record: record["settings"]["rules"].update({"dongkou.tax": {"value": 1, "reason": "x"}}),
    )
    refused(copied, tmp_path / "o", capsys, code="E632", words=["宗与成果中的结论不同"])


def test_a_check_or_a_trial_is_not_a_run_to_try(small, tmp_path, capsys):
    folder, inputs = small
    assert main(["what-if", str(folder), "--out", str(tmp_path / "试")]) == 0
    refused(tmp_path / "试", tmp_path / "o", capsys, code="E633", words=["试算"])
    assert main(["check", *inputs, "--as-of", "2024-12-31", "--out", str(tmp_path / "查")]) == 0
    capsys.readouterr()
    refused(tmp_path / "查", tmp_path / "o", capsys, code="E633", words=["landeval run"])


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (["--set", "dongkou.taxx=18"], "E602", ["相近的有", "dongkou.tax"]),
        (["--set", "dongkou.tax"], "E634", ["--set dongkou.tax=18"]),
        (["--set", "idle.not_started=1.5"], "E601", ["须为整数"]),
        (["--as-of", "2024-13-01"], "E611", ["日期不可用"]),
        (["--as-of", "2011-01-01"], "E611", ["早于"]),
        (["--grid", "dongkou.tax=1"], "E634", ["从"]),
    ],
)
def test_what_cannot_be_tried_is_told_in_chinese(finished, tmp_path, capsys, more, code, words):
    refused(finished, tmp_path / "o", capsys, code=code, words=words, exit_code=3, more=more)


def test_the_run_is_never_overwritten(finished, capsys):
    before = digests(finished)
    for out in (finished, finished / "试", finished.parent):
        assert main(["what-if", str(finished), "--out", str(out)]) == 4
    assert main(["what-if", str(finished)]) == 3
    assert "没有写明输出文件夹" in capsys.readouterr().err
    assert digests(finished) == before


def test_stored_text_is_text_and_nothing_is_run(finished):
    for path in sorted((finished / "底稿").iterdir()):
        assert path.suffix == ".parquet"
        table = pq.read_table(path)
        assert set(table.schema.metadata) == {b"landeval"}
        assert all(not pa.types.is_binary(field.type) for field in table.schema)
    assert isinstance(read_run(finished).status, pd.Series)
