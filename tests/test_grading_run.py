"""Words of the grading come from tables of their own; without a year they are told, never lost."""

import pytest

from landeval import evaluate, load_project, write_outputs


def write(folder, name, header, *rows):
    lines = [header, *rows]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    write(
        tmp_path, "宗地.csv", "宗地代码,权利人,土地用途,宗地面积(㎡)",
        *(f"430525001001GB0000{at},虚构{name}有限公司,工业用地,{area}"
          for at, (name, area) in enumerate([("甲", 6667), ("乙", 6667), ("丙", 6667)], 1)),
    )  # fmt: skip
    write(
        tmp_path, "企业.csv", "企业名称,年度,是否规上,入库税收(万元),工业总产值(万元),上年评价等级",
        *(f"虚构{name}有限公司,{year},是,{tax},{output},{last}" for year, last in ((2023, "A"), (2024, "C"))
          for name, tax, output in (("甲", 300, 3000), ("乙", 100, 2000), ("丙", 50, 1000))),
    )  # fmt: skip
    (tmp_path / "landeval.toml").write_text(
        'as_of = 2024-12-31\n[parcels]\npath = "宗地.csv"\n[[enterprises]]\npath = "企业.csv"\n'
        '[[enterprises]]\npath = "否决.csv"\n[grading]\nscheme = "dongkou"\n',
        encoding="utf-8",
    )
    return tmp_path


def test_a_list_of_vetoes_with_a_year_reaches_the_grade(folder, tmp_path):
    write(
        folder,
        "否决.csv",
        "企业名称,年度,一票否决事项",
        "虚构乙有限公司,2024,虚构重大事故",
        "虚构丙有限公司,2023,虚构旧事",
    )
    result = evaluate(load_project(folder))
    grades = result.grades.set_index("name")
    assert grades["enterprise_grade"].to_dict() == {
        "虚构甲有限公司": "B", "虚构乙有限公司": "D", "虚构丙有限公司": "C",
    }  # fmt: skip
    assert grades.loc["虚构甲有限公司", "grade_change"] == "升 1 级"
    assert "最多升 1 级" in grades.loc["虚构甲有限公司", "grade_why"]
    assert grades.loc["虚构乙有限公司", "grade_why"] == "一票否决：虚构重大事故"
    out = write_outputs(result, tmp_path / "成果")
    assert (out / "企业综合评价.xlsx").is_file()


def test_a_list_of_vetoes_without_a_year_is_told(folder):
    write(
        folder,
        "否决.csv",
        "企业名称,年度,一票否决事项",
        "虚构乙有限公司,,虚构重大事故",
        "虚构丙有限公司,2023,虚构旧事",
    )
    result = evaluate(load_project(folder))
    told = result.issues[result.issues["code"] == "E223"]
    assert told["source_file"].tolist() == ["否决.csv"]
    rows = result.reconciliation
    assert (
        rows[rows["source_file"].eq("否决.csv")].set_index("source_row")["record_state"].iloc[0] == "无年度"
    )
    assert result.grades.set_index("name").loc["虚构乙有限公司", "grade_why"] == ""


def test_nobody_is_graded_without_a_scheme(folder, tmp_path):
    write(folder, "否决.csv", "企业名称,年度,一票否决事项", "虚构乙有限公司,2024,虚构重大事故")
    text = (folder / "landeval.toml").read_text("utf-8").split("[grading]")[0]
    (folder / "landeval.toml").write_text(text, encoding="utf-8")
    result = evaluate(load_project(folder))
    assert result.scheme is None
    assert not len(result.grades)
    out = write_outputs(result, tmp_path / "成果")
    assert not (out / "企业综合评价.xlsx").exists()
    assert not (out / "tables" / "grades.csv").exists()
