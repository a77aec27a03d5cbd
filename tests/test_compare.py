"""``landeval compare`` end to end on the sample of two data years: what is written, what is refused, what is announced."""

import contextlib
import csv
import dataclasses
import datetime as dt
import io
import json
import shutil
from pathlib import Path

import openpyxl
import pytest

from landeval import load_project
from landeval.cli import main
from landeval.compare import compare_runs
from landeval.judge.what_if import judged
from landeval.publish.basis import write_basis
from landeval.publish.frames import parcel_table
from landeval.publish.gis import GEOPACKAGE, PARCEL_LAYER, multipolygons, write_geopackage
from landeval.publish.gis.storage import Layer
from landeval.publish.run_record import digests, write_run_record
from landeval.publish.tables import write_tables
from landeval.run import evaluate
from landeval.year_change import STILL

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "data" / "landeval.toml"
PAGE = (ROOT / "docs" / "年度比较.md").read_text("utf-8")
DAYS = {2023: dt.date(2023, 12, 31), 2024: dt.date(2024, 12, 31)}


def keep(result, folder):
    """Write what a comparison reads of a run."""
    write_tables(result, folder / "tables", only=("grades",))
    write_basis(result, folder)
    (folder / "gis").mkdir()
    layer = Layer(parcel_table(result), multipolygons(result.parcels), result.parcels.crs)
    write_geopackage(
        {PARCEL_LAYER: layer},
        folder / "gis" / GEOPACKAGE,
        as_of=result.as_of,
        styles={},
        facts={},
    )
    write_run_record(result, folder)
    return folder


@pytest.fixture(scope="module")
def results():
    return {year: evaluate(load_project(SAMPLE, year=year, as_of=day)) for year, day in DAYS.items()}


@pytest.fixture(scope="module")
def runs(results, tmp_path_factory):
    place = tmp_path_factory.mktemp("年")
    return {year: keep(result, place / str(year)) for year, result in results.items()}


@pytest.fixture(scope="module")
def written(runs, tmp_path_factory):
    out = tmp_path_factory.mktemp("比较") / "年度比较"
    before = [digests(folder) for folder in runs.values()]
    with contextlib.redirect_stdout(io.StringIO()) as told:
        assert main(["compare", str(runs[2023]), str(runs[2024]), "--out", str(out)]) == 0
    assert told.getvalue().strip().split("\n\n")[0] in PAGE
    assert [digests(folder) for folder in runs.values()] == before
    return out


def rows_of(out, name):
    with (out / "tables" / f"{name}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def test_every_parcel_of_the_earlier_run_stands_in_one_row(written, results):
    ids = [row["上次宗地标识"] for row in rows_of(written, "parcels")]
    assert sorted(filter(None, ids)) == sorted(results[2023].parcels.index)
    lineage = rows_of(written, "lineage")
    assert {row["本次宗地标识"] for row in lineage} == set(results[2024].parcels.index)
    assert {row["沿革"] for row in lineage} == {
        "同一",
        "无图形·按代码",
    }  # one has a shape that cannot be relied upon


def test_the_figures_are_those_of_the_runs(written, results):
    table = {row["指标"]: row for row in rows_of(written, "totals")}
    for year, side in ((2023, "上次"), (2024, "本次")):
        money = results[year].parcels["tax_wan_yuan"].sum()
        assert float(table["入库税收(万元)"][f"{side}全部已知数合计"]) == pytest.approx(money)  # fmt: skip
    both = [results[year].parcels["tax_wan_yuan"] for year in DAYS]
    like = both[0].notna() & both[1].notna()
    assert float(table["入库税收(万元)"]["变化：可比口径"]) == pytest.approx(
        (both[1] - both[0])[like].sum(), abs=1e-5
    )
    assert int(table["入库税收(万元)"]["可比的组"]) == like.sum()


def test_the_transitions_are_those_of_the_runs(written, results):
    table = {row["上次评价结论"]: row for row in rows_of(written, "transitions")}
    one, other = (results[year].status["status"] for year in DAYS)
    for was in set(one):
        for becomes in set(other):
            assert int(table[was][f"{becomes}(宗)"]) == ((one == was) & (other == becomes)).sum()


def test_the_list_of_last_time_is_whole(written, results):
    rows = rows_of(written, "progress")
    one = results[2023].status
    assert sorted(row["上次宗地标识"] for row in rows) == sorted(one.index[one["is_candidate"]])
    late = [row for row in rows if row["处置进展"] == "已过期限未办"]
    assert late
    assert all(row["上次办理期限"] < "2024-12-31" and row["候选变化"] == STILL for row in late)


def test_the_book_has_every_sheet_and_charts(written):
    book = openpyxl.load_workbook(written / "年度比较.xlsx")
    assert book.sheetnames == [
        "说明", "变化总表", "类别转移矩阵", "新增候选", "已解决", "台账沿革", "处置进展", "逐组变化", "待核对",
    ]  # fmt: skip
    assert [len(book[name]._charts) for name in ("变化总表", "类别转移矩阵")] == [1, 1]
    assert book["台账沿革"].max_row == 2 + 306


def test_the_same_runs_give_the_same_bytes_and_may_be_compared_again_in_place(runs, written, tmp_path):
    again = Path(shutil.copytree(written, tmp_path / "年度比较"))
    assert main(["compare", str(runs[2023]), str(runs[2024]), "--out", str(again)]) == 0
    assert digests(again) == digests(written)
    assert (tmp_path / "年度比较.上一次").is_dir()
    record = json.loads((again / "run.json").read_text("utf-8"))
    assert (record["kind"], set(record["outputs"])) == ("年度比较", set(digests(again)))


def refused(one, other, out, capsys, *, code, exit_code=2, more=()):
    assert main(["compare", str(one), str(other), *more, "--out", str(out)]) == exit_code
    told = capsys.readouterr().err
    assert f"【{code}】" in told
    assert "怎么办" in told
    assert not out.exists()


@pytest.fixture
def copied(runs, tmp_path):
    return Path(shutil.copytree(runs[2024], tmp_path / "本次"))


def rewritten(folder, change):
    record = json.loads((folder / "run.json").read_text("utf-8"))
    change(record)
    (folder / "run.json").write_text(json.dumps(record, ensure_ascii=False), encoding="utf-8")


def test_what_cannot_be_compared_is_refused(runs, copied, tmp_path, capsys):
    out = tmp_path / "o"
    refused(runs[2024], copied, out, capsys, code="E580")
    refused(runs[2024], runs[2023], out, capsys, code="E581")
    refused(runs[2023], tmp_path / "没有", out, capsys, code="E630")
    refused(runs[2023], copied, out, capsys, code="E611", exit_code=3, more=("--tolerance", "很小"))
    refused(runs[2023], copied, copied / "比", capsys, code="E703", exit_code=4)
    rewritten(copied, lambda record: record.update(currency="美元"))
    refused(runs[2023], copied, out, capsys, code="E582")


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda folder: (folder / "gis" / "landeval.gpkg").write_bytes(b"SQLite format 3"), "E631"),
        (lambda folder: (folder / "tables" / "grades.csv").unlink(), "E631"),
        (lambda folder: (folder / "底稿" / "status.parquet").unlink(), "E631"),
        (lambda folder: rewritten(folder, lambda record: record["outputs"].pop("gis/landeval.gpkg")), "E583"),
        (lambda folder: rewritten(folder, lambda record: record.update(kind="试算")), "E633"),
    ],
)
def test_a_damaged_run_is_refused(runs, copied, tmp_path, capsys, harm, code):
    harm(copied)
    refused(runs[2023], copied, tmp_path / "o", capsys, code=code)


def test_a_run_of_another_version_is_announced_and_its_classes_stand(runs, tmp_path):
    older = Path(shutil.copytree(runs[2023], tmp_path / "上次"))
    rewritten(older, lambda record: record["versions"].update(landeval="0.0.9"))
    found = compare_runs(older, runs[2024])
    assert any("0.0.9" in text for text in found.remarks)
    assert set(found.parcels["change_cause"].dropna()) == {"", "不能区分"}


def test_other_rules_are_announced_and_what_they_change_is_told_apart(results, runs, tmp_path):
    later = results[2024]
    change = {"dongkou.tax": {"value": 18, "reason": "虚构会议"}}
    basis = dataclasses.replace(later.basis, overrides=change)
    settings = {**later.meta["settings"], "rules": change}
    stricter = dataclasses.replace(
        later, basis=basis, status=judged(basis).status, meta={**later.meta, "settings": settings}
    )
    found = compare_runs(runs[2023], keep(stricter, tmp_path / "严"))
    assert found.rules["rule_id"].tolist() == ["dongkou.tax"]
    assert any("规则有 1 条不同" in text for text in found.remarks)
    old = found.parcels.set_index("parcel_id_then")
    fallen = old[(old["status_then"] == "达标") & (old["status_now"] == "关注")]
    plain = later.status["status"].reindex(fallen.index)
    assert len(fallen)
    assert set(fallen.loc[plain == "达标", "change_cause"]) == {"规则变化"}
    changed = old["status_then"] != old["status_now"]
    assert (old.loc[~changed, "change_cause"] == "").all()
    assert (old.loc[changed, "change_cause"] != "").all()
