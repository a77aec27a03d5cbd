"""Another county in settings alone: the README's parcels worked by hand, its own documents, nothing lost, same bytes."""

import hashlib
import re
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest

from landeval import evaluate, load_project, write_outputs
from landeval.tidy.columns import NO_FIELD

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "examples" / "虚构青溪县"
OWN = "《虚构青溪县工业用地亩均效益评价办法》（虚构青政发〔2022〕18号）"
ORDER = "《闲置土地处置办法》（国土资源部令第53号）"
DOCUMENTS = {"本县": OWN, "第53号令": ORDER, "豁免登记": "《用地评价豁免种类(建议稿)》（未发文）"}
RATIO = {
    "亩均投资": "investment_wan_yuan_per_mu",
    "亩均产值": "output_wan_yuan_per_mu",
    "亩均税收": "tax_wan_yuan_per_mu",
}


def worked():
    """Return the rows of the README's table."""
    lines = (FOLDER / "README.md").read_text("utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("| 宗地 |"))
    cut = [[cell.strip() for cell in line.strip().strip("|").split("|")] for line in lines[start:]]
    head, rows = cut[0], []
    for cells in cut[2:]:
        if len(cells) != len(head):
            break
        rows.append(dict(zip(head, cells, strict=True)))
    return rows


ROWS = worked()
NAMES = [row["宗地"] for row in ROWS]


@pytest.fixture(scope="module")
def county():
    return evaluate(load_project(FOLDER, no_dossiers=True))


@pytest.fixture(scope="module")
def shipped(tmp_path_factory):
    """Return the same data without the county's rules."""
    text = (FOLDER / "landeval.toml").read_text("utf-8")
    bare = re.sub(r"^(rules_file|supply_tiers) = .*\n", "", text, flags=re.M)
    assert len(text.splitlines()) - len(bare.splitlines()) == 2
    folder = tmp_path_factory.mktemp("bare")
    (folder / "landeval.toml").write_text(bare, encoding="utf-8")
    return evaluate(load_project(folder, data_folder=FOLDER, no_dossiers=True))


def of(result, name):
    (parcel,) = result.parcels.index[result.parcels["parcel_code"].astype(str).str.endswith(f"GB{name}")]
    return result.parcels.loc[parcel], result.status.loc[parcel]


def number(text):
    return None if text == "未知" else float(text)


def test_the_table_has_what_it_must_show():
    assert 8 <= len(ROWS) <= 12
    assert len(set(NAMES)) == len(NAMES)
    pairs = {(row["结论"], row["按自带标准"]) for row in ROWS}
    assert {("达标", "关注"), ("关注", "达标"), ("关注", "低效候选"), ("低效候选", "关注")} <= pairs
    assert {row["结论"] for row in ROWS} >= {"涉嫌闲置(未动工)", "豁免", "资料不足", "低效候选"}


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_parcel_is_as_worked_by_hand(county, row):
    parcel, status = of(county, row["宗地"])
    assert parcel["area_mu"] == pytest.approx(float(row["面积(亩)"]), abs=1e-9)
    assert parcel["area_basis"] == "证载面积"
    for word, field in RATIO.items():
        ratio, money = number(row[word]), number(row[word.removeprefix("亩均")])
        if ratio is None:
            assert parcel[field] != parcel[field]
            continue
        assert money == pytest.approx(ratio * float(row["面积(亩)"]), abs=1e-9)
        assert parcel[field] == pytest.approx(ratio, abs=1e-6)
    assert status["status"] == row["结论"]
    assert status["low_use_hit_rules"] == row["低效情形"]


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_a_parcel_cites_what_the_table_says(county, row):
    _, status = of(county, row["宗地"])
    said = re.sub("［[^］]*］", "", status["clause"])
    cited = {}
    for part in said.split("；"):
        document, clause = re.fullmatch(r"(《.*?》（.*?）)(.*)", part).groups()
        cited.setdefault(document, []).extend(clause.split("、"))
    assert cited[DOCUMENTS[row["文件"]]] == row["条款"].split("、")
    assert set(cited) <= {DOCUMENTS[row["文件"]], ORDER}


@pytest.mark.parametrize("row", ROWS, ids=NAMES)
def test_without_the_countys_rules_the_verdict_is_that_of_the_shipped_ones(shipped, row):
    assert of(shipped, row["宗地"])[1]["status"] == row["按自带标准"]


def test_ways_of_disposal_are_the_countys_own(county):
    assert of(county, "00005")[1]["route"] == "分类帮扶，一年后复评"  # its own document: no 建议稿 behind it
    assert of(county, "00009")[1]["fee_wan_yuan"] == 180  # 0.09 亿元 × 20 %
    assert of(county, "00010")[1]["route"].startswith("协商处置")


def test_every_rule_of_the_overlay_cites_the_countys_document(county):
    given = load_project(FOLDER)
    replaced = {name for name, body in given.overrides.items() if "document" in body}
    own = county.rules[county.rules["rule_id"].isin(replaced | set(given.added_rules))]
    assert len(own) == len(replaced) + len(given.added_rules)
    assert set(own["document"]) == {OWN}
    told = county.findings[county.findings["rule_id"].isin(own["rule_id"])]
    assert len(told) >= 8 * len(county.parcels)
    assert set(told["document"].astype(str)) == {OWN}
    assert set(county.findings["document"].astype(str)) == {OWN, ORDER}
    used = county.rules[county.rules["rule_state"] != "本单位停用"]
    assert not used.apply(lambda row: row.astype(str).str.contains("洞口|洞政办发").any(), axis=1).any()


def test_the_readme_says_how_many_parcels_each_class_has(county):
    (line,) = [
        line for line in (FOLDER / "README.md").read_text("utf-8").splitlines() if line.startswith("应当看到")
    ]
    said = {
        name: int(count)
        for name, count in re.findall(r"([^；、：\s]+) (\d+)(?=[、；])", line.partition("宗；")[2])
    }
    assert said == county.status["status"].value_counts().to_dict()


def test_no_paper_of_the_run_names_another_county(county, tmp_path):
    out = write_outputs(county, tmp_path / "成果")
    for name in ("处置方案.docx", "评价报告.docx"):
        with zipfile.ZipFile(out / name) as paper:
            text = re.sub("<[^>]+>", "", paper.read("word/document.xml").decode("utf-8"))
        assert not re.search("洞口|洞政办发", text), name
        assert "虚构青政发〔2022〕18号" in text or name == "评价报告.docx"
    page = (out / "地图.html").read_text("utf-8")
    assert "虚构青政发〔2022〕18号" in page
    assert "洞政办发" not in page


def test_land_in_stock_is_put_into_the_countys_tiers(county):
    plots = county.supply.plots
    stock = plots[plots["plot_code"].astype(str).str.startswith("青储")].set_index("plot_code")
    tiers = [text.partition("：")[0] for text in stock["supply_tier"]]
    assert tiers == ["甲层", "乙层", "乙层", "丙层", "丁层"]
    assert stock["tier_caveat"].str.contains("虚构青政办发〔2023〕6号").all()


def dbf_headers(path):
    data = path.read_bytes()
    size = struct.unpack("<H", data[8:10])[0]
    return [data[at : at + 11].partition(b"\0")[0].decode("gbk") for at in range(32, size - 1, 32)]


def test_every_column_is_used_or_told(county):
    told = set(county.issues.loc[county.issues["code"].isin(["E201", "E232"]), "column"].dropna())
    used = {}
    for source in county.meta["inputs"]:
        used.setdefault(source["file"], set()).update(source["columns"].values())
    headers = {"地块.shp": dbf_headers(FOLDER / "地块" / "地块.dbf")}
    for path in sorted(FOLDER.glob("*.xlsx")):
        for sheet in openpyxl.load_workbook(path):
            headers.setdefault(path.name, []).extend(str(cell.value) for cell in sheet[2])
    assert sum(map(len, headers.values())) > 60
    for file, names in headers.items():
        left = set(names) - used[file] - told - set(NO_FIELD)
        assert not left, (file, left)
    assert told == {"填报人", "经手人"}


def test_nothing_is_lost(county):
    records = county.reconciliation
    assert records["record_state"].notna().all()
    assert not records.duplicated(["source_file", "source_layer", "source_row"]).any()
    rows = sum(
        sum(row[0].value is not None or row[1].value is not None for row in sheet.iter_rows(min_row=3))
        for path in FOLDER.glob("*.xlsx")
        for sheet in openpyxl.load_workbook(path)
    )
    assert len(records) == rows + len(county.parcels)
    assert (county.ledger["difference"].astype(float) == 0).all()
    assert county.ledger["unmatched"].astype(float).sum() > 0


def digests(folder):
    kept = ("README.md", ".toml", ".csv")
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.endswith(kept)
    }


def test_the_script_gives_the_same_bytes(tmp_path):
    script = ROOT / "scripts" / "make_second_county.py"
    subprocess.run([sys.executable, str(script), "--out", str(tmp_path)], check=True, cwd=tmp_path)
    assert digests(tmp_path) == digests(FOLDER)
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 200_000


def test_the_program_does_not_know_the_county():
    for path in (ROOT / "landeval").rglob("*"):
        if path.suffix in (".py", ".toml", ".js", ".html", ".css"):
            assert "青溪" not in path.read_text("utf-8"), path
