"""``[grading]`` in landeval.toml: no scheme, no grades; an unknown one is refused with the nearest."""

import json
from importlib.resources import files

import pytest

from landeval import load_project
from landeval.errors import ConfigurationError
from landeval.project import as_settings


def project(folder, text):
    (folder / "landeval.toml").write_text(text, encoding="utf-8")
    return load_project(folder)


def test_nothing_is_graded_unless_a_scheme_is_named(tmp_path):
    assert project(tmp_path, 'title = "虚构园区"').grading is None


def test_a_shipped_scheme_and_the_record_of_it(tmp_path):
    found = project(tmp_path, '[grading]\nscheme = "dongkou"')
    assert found.grading.title.startswith("洞口县")
    written = json.loads(json.dumps(as_settings(found)))["grading"]
    assert written["lists"][0]["items"][0]["weight"] == 45


def test_a_file_of_the_bureau_beside_the_toml(tmp_path):
    text = files("landeval.standards").joinpath("grading_dongkou.toml").read_text("utf-8")
    (tmp_path / "本县评价.toml").write_text(text.replace("weight = 45", "weight = 44"), encoding="utf-8")
    with pytest.raises(ConfigurationError, match="合计 99") as caught:
        project(tmp_path, '[grading]\nscheme = "本县评价.toml"')
    assert caught.value.code == "E481"


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ('scheme = "dongku"', "E480", "是不是 dongkou"),
        ("scheme = 3", "E611", "文字"),
        ('schema = "dongkou"', "E607", "scheme"),
        ('scheme = "没有.toml"', "E605", "没有.toml"),
    ],
)
def test_a_mistake_is_refused(tmp_path, text, code, said):
    with pytest.raises(ConfigurationError, match=said) as caught:
        project(tmp_path, f"[grading]\n{text}")
    assert caught.value.code == code
