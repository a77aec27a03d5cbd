"""What is written beside the rest: in ``landeval.toml``, on the command line, and checked before a run."""

from pathlib import Path

import pytest

from landeval.cli import main
from landeval.errors import ConfigurationError
from landeval.project import as_settings
from landeval.settings.load import load_project

ROOT = Path(__file__).resolve().parents[1]
PARCELS = (ROOT / "data" / "parcels" / "宗地.shp").as_posix()


def project(tmp_path, text="", **options):
    (tmp_path / "landeval.toml").write_text(f'{text}\n[parcels]\npath = "{PARCELS}"\n', encoding="utf-8")
    return load_project(tmp_path, **options)


def test_dossiers_are_written_and_nothing_is_public_unless_told(tmp_path):
    writing = project(tmp_path).writing
    assert (writing.has_dossiers, writing.is_public, writing.template) == (True, False, None)


@pytest.mark.parametrize(
    ("text", "options", "has_dossiers"),
    [
        ("[output]\ndossiers = false", {}, False),
        ("[output]\ndossiers = false", {"dossiers": ["A"]}, True),
        ("", {"no_dossiers": True}, False),
        ("", {"no_dossiers": True, "dossiers": ["A"]}, False),
    ],
)
def test_the_command_line_goes_before_the_file(text, options, has_dossiers, tmp_path):
    assert project(tmp_path, text, **options).writing.has_dossiers is has_dossiers


def test_the_settings_of_a_run_say_what_was_written(tmp_path):
    (tmp_path / "模板.docx").touch()
    made = project(tmp_path, '[output]\npublic = true\n[report]\ntemplate = "模板.docx"')
    told = as_settings(made)["output"]
    assert told == {"dossiers": True, "dossiers_of": [], "template": "模板.docx", "public": True}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('[output]\npublic = "是"', "E611"),
        ("[output]\npubic = true", "E607"),
        ('[report]\ntemplate = "没有.docx"', "E605"),
    ],
)
def test_a_wrong_setting_is_refused(text, code, tmp_path):
    with pytest.raises(ConfigurationError, match=code):
        project(tmp_path, text)


def test_a_template_that_cannot_be_filled_ends_the_command_before_anything_is_read(tmp_path, capsys):
    (tmp_path / "模板.docx").write_bytes(b"PK")
    project(tmp_path, '[report]\ntemplate = "模板.docx"')
    assert main(["run", str(tmp_path), "--out", str(tmp_path / "成果")]) == 3
    assert "E650" in capsys.readouterr().err
    assert not (tmp_path / "成果").exists()


def test_the_template_is_written_and_never_over_another(tmp_path, capsys):
    file = tmp_path / "处置方案模板.docx"
    assert main(["template", str(file)]) == 0
    assert "[report]" in capsys.readouterr().out
    before = file.read_bytes()
    assert main(["template", str(file)]) == 3
    assert file.read_bytes() == before
