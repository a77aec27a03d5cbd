"""Rows 39 and 40 of the catalogue: an output folder that cannot serve is found before work; a full disk leaves nothing."""

import errno

import pytest
from bureau import delivery

from landeval.cli import main


def command(given, out):
    return ["run", "--parcels", str(given["parcels"]), "--enterprises", str(given["enterprises"]), "--as-of",
            "2024-12-31", "--out", str(out)]  # fmt: skip


@pytest.mark.parametrize("which", ["a file", "a folder of others", "over the inputs"])
def test_row_039_a_folder_that_cannot_serve_is_found_before_work(tmp_path, capsys, monkeypatch, which):
    given = delivery(tmp_path / "资料")
    out = tmp_path / "成果"
    if which == "a file":
        out.write_text("x", "utf-8")
    elif which == "a folder of others":
        out.mkdir()
        (out / "别人的.txt").write_text("x", "utf-8")
    else:
        out = given["parcels"].parent
    monkeypatch.setattr(
        "landeval.run.evaluate", lambda *_, **__: pytest.fail("worked before looking at the folder")
    )
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert main(command(given, out)) == 4
    told = capsys.readouterr().err
    assert str(out) in told
    assert "怎么办" in told
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_row_039_missing_parents_are_made(tmp_path):
    given = delivery(tmp_path / "资料")
    assert (
        main([*command(given, tmp_path / "a" / "b" / "成果")[:-1], str(tmp_path / "a" / "b" / "成果")]) == 0
    )
    assert (tmp_path / "a" / "b" / "成果" / "数据问题.xlsx").is_file()


def test_row_040_a_full_disk_is_told_and_leaves_no_half_files(tmp_path, capsys, monkeypatch):
    given = delivery(tmp_path / "资料")

    def full(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("landeval.publish.gis.write_gis", full)
    assert main(command(given, tmp_path / "成果")) == 4
    told = capsys.readouterr().err
    assert "磁盘空间不足" in told
    assert "怎么办" in told
    assert [path.name for path in tmp_path.iterdir()] == ["资料"]
