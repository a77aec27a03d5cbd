"""Several inputs that cannot be read are told together, and nothing is written."""

from bureau import delivery

from landeval.cli import main


def test_all_unreadable_files_are_named_at_once(tmp_path, capsys):
    given = delivery(tmp_path)
    for path in given.values():
        path.write_bytes(b"")
    words = ["check", "--parcels", str(given["parcels"]), "--enterprises", str(given["enterprises"])]
    assert main([*words, "--as-of", "2024-12-31", "--out", str(tmp_path / "检查")]) == 2
    told = capsys.readouterr().err
    assert "有 2 个文件不能读取" in told
    for path in given.values():
        assert str(path) in told
    assert told.count("文件是空的") == 2
    assert not (tmp_path / "检查").exists()
