"""一宗一档: every candidate, unknown is told and never zero, names stay literal, the same bytes however it is written."""

import dataclasses
import datetime as dt
import io
import os
import re
import shutil
import subprocess
import zipfile

import docx
import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from builders import make_result
from frames import square
from hostile import HOSTILE, MORE

from landeval.publish.cells import clean
from landeval.publish.documents.paper import Grid
from landeval.publish.documents.workers import write_papers
from landeval.publish.documents.writing import written
from landeval.publish.dossier import papers_of, wanted_parcels, write_dossiers
from landeval.publish.dossier.case import cases
from landeval.publish.dossier.surroundings import Surroundings
from landeval.publish.frames import candidates, parcel_table
from landeval.publish.names import dossier_name
from landeval.publish.reviews import NOTES
from landeval.result import IDLE, MONEY, RATIOS

N = 30


@pytest.fixture(scope="module")
def result():
    return make_result(N)


def texts(source):
    """Return every text of a document: paragraphs, cells, headers, in one list."""
    document = docx.Document(io.BytesIO(source) if isinstance(source, bytes) else str(source))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return [paragraph.text for paragraph in document.paragraphs] + cells


def paper(result, parcel_id):
    return papers_of(cases(result, [parcel_id]), parcel_id)[0]


def of_class(result, *names):
    return str(result.status.index[result.status["status"].isin(names)][0])


def cell_beside(words, label):
    return words[words.index(label) + 1]


def test_every_candidate_and_every_named_parcel_gets_one(result):
    other = of_class(result, "达标")
    code = result.parcels.loc[other, "parcel_code"]
    parcels, missing = wanted_parcels(result, [code.lower(), "没有的代码"])
    assert parcels[:-1] == list(candidates(parcel_table(result)).index)
    assert parcels[-1] == other
    assert missing == ["没有的代码"]


def test_a_dossier_is_named_as_the_list_links_to_it(result):
    for parcel_id in wanted_parcels(result)[0]:
        holder = result.parcels.loc[parcel_id, "holder_name"]
        assert paper(result, parcel_id).file == dossier_name(parcel_id, clean(holder))


def test_the_verdict_stands_with_reason_clause_route_and_day(result):
    parcel_id = of_class(result, *IDLE)
    told = texts(written(paper(result, parcel_id)))
    status = result.status.loc[parcel_id]
    assert cell_beside(told, "评价结论") == status["status"]
    assert cell_beside(told, "理由") == status["reasons"]
    assert cell_beside(told, "依据条款") == status["clause"]
    assert cell_beside(told, "办理期限") == status["next_deadline"].isoformat()
    assert {"拟稿", "审核", "会签", "签发"} <= set(told)


def test_every_rule_stands_with_value_line_verdict_clause_quote_and_place(result):
    parcel_id = of_class(result, "低效候选")
    told = texts(written(paper(result, parcel_id)))
    finding = result.findings[result.findings["unit_id"] == parcel_id].iloc[0]
    quote = result.rules.set_index("rule_id").loc["dongkou.tax", "quote"]
    at = told.index("亩均税收")
    assert told[at + 2 : at + 4] == ["> 15 万元/亩", finding["verdict"]]
    assert {quote, finding["evidence"]} <= set(told)


def test_what_is_unknown_is_said_to_be_and_by_whom_it_is_held(result):
    parcel_id = of_class(result, *IDLE)
    parcels = result.parcels.copy()
    parcels.loc[parcel_id, ["price_wan_yuan", "area_mu", "tax_wan_yuan", "tax_wan_yuan_per_mu"]] = np.nan
    status = result.status.copy()
    status.loc[parcel_id, "fee_wan_yuan"] = np.nan
    blank = result.parcel_years.assign(**dict.fromkeys((*MONEY, *RATIOS), np.nan))
    poor = dataclasses.replace(result, parcels=parcels, status=status, parcel_years=blank)
    told = texts(written(paper(poor, parcel_id)))
    assert cell_beside(told, "成交价款(万元)").startswith("未知（自然资源局")
    assert cell_beside(told, "评价面积(亩)").startswith("未知")
    assert cell_beside(told, "土地闲置费").startswith("不能测算：成交价款未知")
    assert any("亩均指标未知" in text and "不按零处理" in text for text in told)
    assert "0" not in told
    assert "0.00" not in told


def test_the_fee_stands_with_its_arithmetic(result):
    parcel_id = of_class(result, *IDLE)
    parcels, status = result.parcels.copy(), result.status.copy()
    parcels.loc[parcel_id, "price_wan_yuan"] = 221.1
    status.loc[parcel_id, "fee_wan_yuan"] = 44.22
    told = texts(written(paper(dataclasses.replace(result, parcels=parcels, status=status), parcel_id)))
    assert cell_beside(told, "土地闲置费").startswith(
        "221.1 万元 × 20% = 44.22 万元；第十四条第一项（见原文）"
    )


def test_what_the_offices_wrote_into_the_list_stands_in_the_dossier(result):
    chosen = of_class(result, "低效候选")
    row = dict.fromkeys(("reviewed_parcel", *NOTES)) | {
        "parcel_id": chosen, "reviewed_action": "", "reviewed_on": pd.NaT, "review_opinion": "同意虚构意见",
    }  # fmt: skip
    step = row | {
        "reviewed_action": "虚构事项",
        "review_opinion": None,
        "review_handler": "虚构张三",
        "reviewed_on": pd.Timestamp("2025-01-02"),
    }
    told = paper(dataclasses.replace(result, reviews=pd.DataFrame([row, step])), chosen)
    [grid] = [block for block in told.blocks if isinstance(block, Grid) and block.head[:1] == ("事项",)]
    assert grid.rows == (
        ("本宗", "审核意见", "同意虚构意见", "本次交回"),
        ("虚构事项", "经办人", "虚构张三", "2025-01-02"),
    )
    assert "审核和核实" not in str(paper(result, chosen).blocks)


def test_a_year_without_a_figure_has_no_bar_but_a_word(result):
    parcel_id = of_class(result, "低效候选")
    years = pd.DataFrame({"parcel_id": parcel_id, "year": [2023, 2024]})
    years = years.assign(**{name: [np.nan, 7.5] for name in (*MONEY, *RATIOS)})
    told = texts(written(paper(dataclasses.replace(result, parcel_years=years), parcel_id)))
    at = told.index("2023")
    assert told[at + 1 : at + 7] == ["未知"] * 6
    assert cell_beside(told, "2024") == "7.50"


def test_a_parcel_without_a_shape_says_so(result):
    parcel_id = next(name for name in result.parcels.index[result.parcels.geometry.isna()])
    assert any("没有可用的图形" in text for text in texts(written(paper(result, parcel_id))))


def beside_one_another():
    """Return three squares in a row, a fourth far away, and a community round the first two."""
    index = pd.Index(["甲", "乙", "丙", "远"], name="parcel_id")
    shapes = [square(0, 0), square(1, 0), square(0, 1), square(9, 9)]
    land = gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes, index=index, crs="EPSG:4490"))
    zones = gpd.GeoDataFrame({"zone_level": ["产业社区"]}, geometry=[square(0, 0, 2)], crs="EPSG:4490")
    return Surroundings(land, zones, pd.Series("关注", index=index))


def test_neighbours_are_numbered_and_share_their_corners():
    around = beside_one_another().around("甲", "甲")
    assert around.neighbours == ["乙", "丙"]
    shared = {(round(north), round(east)): numbers for _, north, east, numbers in around.corners}
    assert sorted(shared.values()) == [(), (1,), (1, 2), (2,)]
    assert len(around.ground.zones) == 1
    assert {other.number for other in around.ground.others} >= {1, 2}


def test_corners_stand_in_the_strip_of_the_county():
    surroundings = beside_one_another()
    _, north, east, _ = surroundings.around("甲", "甲").corners[0]
    assert "37 带" in surroundings.frame
    assert 2.9e6 < north < 3.0e6
    assert 37.4e6 < east < 37.5e6
    assert surroundings.around("没有", "") is None


def test_land_beyond_the_numbered_strips_has_a_plan_too():
    shape = shapely.box(0.12, 52.20, 0.1215, 52.201)
    land = gpd.GeoDataFrame(geometry=gpd.GeoSeries([shape], index=["甲"], crs="EPSG:4490"))
    zones = gpd.GeoDataFrame({"zone_level": []}, geometry=[], crs="EPSG:4490")
    around = Surroundings(land, zones, pd.Series("关注", index=land.index)).around("甲", "甲")
    assert np.isfinite(around.ground.corners).all()
    assert 90 < np.ptp(around.ground.corners[:, 0]) < 120


def test_drafts_are_of_the_papers_that_are_due_and_no_others(result):
    for parcel_id in wanted_parcels(result)[0]:
        _, *due = papers_of(cases(result, [parcel_id]), parcel_id)
        is_idle = result.status.loc[parcel_id, "status"] in IDLE
        assert [one.title for one in due] == (["闲置土地调查通知书"] if is_idle else [])
        assert all(one.mark == "草稿" for one in due)


def step(key, paper, state="无法定期限", order=110):
    return {
        "step_order": order,
        "step": key,
        "paper": paper,
        "step_state": state,
        "due_on": pd.NaT,
        "due_basis": "无法定期限",
    }


@pytest.mark.parametrize(
    ("key", "name", "said"),
    [
        ("recognition", "闲置土地认定书", "认定该宗土地为闲置土地"),
        ("publication", "闲置土地情况告知书", "公开期限：至处置完毕"),
        ("fee_hearing", "闲置土地处置听证权利告知书", "有权申请听证"),
        ("takeback_hearing", "闲置土地处置听证权利告知书", "无偿收回该宗"),
        ("fee_decision", "征缴土地闲置费决定书", "30日内缴纳"),
        ("takeback_decision", "收回国有建设用地使用权决定书", "30日内办理国有建设用地使用权注销登记"),
        ("plan", "闲置土地处置方案", "（1）延长动工期限(不超过一年)；（2）"),
    ],
)
def test_each_paper_says_what_the_law_asks(result, key, name, said):
    parcel_id = of_class(result, *IDLE)
    mine = result.calendar[result.calendar["parcel_id"] == parcel_id].iloc[:1].assign(**step(key, name))
    draft = papers_of(cases(dataclasses.replace(result, calendar=mine), [parcel_id]), parcel_id)[1]
    told = "\n".join(texts(written(draft)))
    assert said in told
    assert "______" in told
    assert "没有对照国土资源部门的示范文本" in told
    assert "{" not in told.replace(clean(result.parcels.loc[parcel_id, "holder_name"]), "")


def test_a_step_that_is_done_or_waits_has_no_draft(result):
    parcel_id = of_class(result, *IDLE)
    for state in ("已完成", "前序未完成", "待核实"):
        calendar = result.calendar.assign(step_state=state)
        told = papers_of(cases(dataclasses.replace(result, calendar=calendar), [parcel_id]), parcel_id)
        assert len(told) == 1


TEXTS = (*HOSTILE, *MORE)
FIELDS = ("holder_name", "location", "land_use", "enterprise_names")
SAID = ("reasons", "clause", "route", "next_action")


def hostile(result):
    """Return a result in which every text of a candidate is a hostile one, and the texts by parcel and field."""
    parcels, status, findings = result.parcels.copy(), result.status.copy(), result.findings.copy()
    wanted = {}
    for number, parcel_id in enumerate(wanted_parcels(result)[0]):
        texts_of = {name: TEXTS[(number + 5 * at) % len(TEXTS)] for at, name in enumerate((*FIELDS, *SAID))}
        parcels.loc[parcel_id, list(FIELDS)] = [texts_of[name] for name in FIELDS]
        status.loc[parcel_id, list(SAID)] = [texts_of[name] for name in SAID]
        findings.loc[findings["unit_id"] == parcel_id, ["reason", "evidence", "rule_label"]] = texts_of[
            "reasons"
        ]
        wanted[parcel_id] = texts_of
    return dataclasses.replace(result, parcels=parcels, status=status, findings=findings), wanted


@pytest.fixture(scope="module")
def hostile_folder(tmp_path_factory):
    bad, wanted = hostile(make_result(18))
    folder = tmp_path_factory.mktemp("档案")
    paths = write_dossiers(bad, folder, list(wanted), workers=1)
    return folder, paths, wanted


def test_hostile_texts_stand_literally_and_nothing_runs(hostile_folder):
    folder, _, wanted = hostile_folder
    assert {text for texts_of in wanted.values() for text in texts_of.values()} == set(TEXTS)
    for parcel_id, texts_of in wanted.items():
        path = folder / dossier_name(parcel_id, clean(texts_of["holder_name"]))
        told = texts(path)
        assert cell_beside(told, "坐落") == clean(texts_of["location"])
        assert cell_beside(told, "土地用途") == clean(texts_of["land_use"])
        assert cell_beside(told, "理由") == clean(texts_of["reasons"])
        assert cell_beside(told, "依据条款") == clean(texts_of["clause"])
        assert cell_beside(told, "建议途径") == clean(texts_of["route"])
        assert clean(texts_of["reasons"]) in told[told.index("证据位置") :]
        assert told[0] == f"{clean(texts_of['holder_name'])}用地档案"
        with zipfile.ZipFile(path) as parts:
            assert not [name for name in parts.namelist() if "macro" in name.lower() or name.endswith(".bin")]
            assert b"w:fldSimple" not in parts.read("word/document.xml")


def test_no_name_of_a_file_leaves_its_folder_or_meets_another(result, hostile_folder):
    folder, paths, _ = hostile_folder
    assert {path.resolve() for path in folder.rglob("*.docx")} == {path.resolve() for path in paths}
    chosen = of_class(result, *IDLE)
    names = set()
    for text in TEXTS:
        index = result.parcels.index.where(result.parcels.index != chosen, text)
        frames = {name: getattr(result, name).set_axis(index) for name in ("parcels", "status")}
        calendar = result.calendar.assign(parcel_id=result.calendar["parcel_id"].replace(chosen, text))
        renamed = dataclasses.replace(result, calendar=calendar, **frames)
        for one in papers_of(cases(renamed, [text]), text):
            parts = one.file.split("/")
            assert len(parts) in (1, 3)
            assert not {
                part for part in parts if part in ("", ".", "..") or re.search(r'[<>:"\\|?*\x00-\x1f]', part)
            }
            names.add(one.file.lower())
    assert len(names) == 2 * len(TEXTS)


def test_any_number_of_processes_writes_the_same_bytes(result, tmp_path):
    case = cases(result, wanted_parcels(result)[0][:3])
    papers = [one for name in wanted_parcels(result)[0][:3] for one in papers_of(case, name)]
    counted = []
    first = write_papers(papers, tmp_path / "a", workers=1)
    second = write_papers(papers, tmp_path / "b", workers=2, told=lambda done, of: counted.append((done, of)))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    assert counted == [(done, len(papers)) for done in range(1, len(papers) + 1)]


def test_a_process_that_cannot_start_is_done_without(result, tmp_path, monkeypatch):
    monkeypatch.setattr("landeval.publish.hand.sys.executable", str(tmp_path / "没有的程序"))
    papers = [paper(result, name) for name in wanted_parcels(result)[0][:2]]
    paths = write_papers(papers, tmp_path / "a", workers=2)
    assert [path.read_bytes() for path in paths] == [written(one) for one in papers]


def test_the_document_bears_the_as_of_date_and_no_hour(result):
    properties = docx.Document(
        io.BytesIO(written(paper(result, wanted_parcels(result)[0][0])))
    ).core_properties
    assert properties.created == dt.datetime(2024, 12, 31, tzinfo=dt.UTC)
    assert properties.author == properties.last_modified_by == "landeval"


@pytest.mark.document
def test_libreoffice_opens_hostile_dossiers_and_drafts(hostile_folder, tmp_path):
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        assert os.environ.get("LANDEVAL_REQUIRE_DOCUMENT") != "1", "没有 LibreOffice"
        pytest.skip("没有 LibreOffice，未检查文档")
    folder, paths, _ = hostile_folder
    chosen = [*sorted(folder.glob("*.docx"))[:3], *[path for path in paths if path.parent != folder][:1]]
    for number, path in enumerate(chosen):
        shutil.copy(path, tmp_path / f"{number}.docx")
    profile = f"-env:UserInstallation=file://{tmp_path / 'profile'}"
    given = [str(tmp_path / f"{number}.docx") for number in range(len(chosen))]
    subprocess.run([program, profile, "--headless", "--convert-to", "pdf", "--outdir", str(tmp_path), *given], check=True, capture_output=True, timeout=120)  # fmt: skip
    assert all((tmp_path / f"{number}.pdf").stat().st_size > 10_000 for number in range(len(chosen)))
