"""``[index]`` in landeval.toml: scheme, single changes, weights that do not make 1 refused with the node named."""

import json
from importlib.resources import files

import pytest

from landeval import load_project
from landeval.errors import ConfigurationError
from landeval.project import as_settings
from landeval.standards.index_checks import IndexFault, check_weights
from landeval.standards.index_indicators import TYPES
from landeval.standards.intensive_use import changed, shipped_index
from landeval.standards.rule import BASES
from landeval.vocabulary.land_status import REGIONS

TEXT = files("landeval.standards").joinpath("intensive_use_2014.toml").read_text("utf-8")


def project(folder, text):
    (folder / "landeval.toml").write_text(text, encoding="utf-8")
    return load_project(folder)


def test_no_index_unless_it_is_asked_for(tmp_path):
    assert project(tmp_path, 'title = "虚构园区"').index is None


def test_the_shipped_scheme_and_the_record_of_it(tmp_path):
    found = project(tmp_path, '[index]\ntype = "产城融合型"\ngrowth_zones = ["虚构新区"]')
    assert (found.index.zone_type, found.index.growth_zones) == ("产城融合型", ("虚构新区",))
    assert found.sources_of("index") == ()
    written = json.loads(json.dumps(as_settings(found)))["index"]["scheme"]
    assert written["version"] == "2014-试行/1"
    assert written["trees"]["工业主导型主区"][0]["weight"] == 0.7


def test_every_tree_and_nothing_official():
    scheme = shipped_index()
    assert set(scheme.trees) == {(kind, region) for kind in TYPES for region in REGIONS}
    assert "不是官方数值" in scheme.caveat
    for nodes in scheme.trees.values():
        for node in nodes:
            assert node.weight_basis in BASES
            assert node.weight == 1 or node.weight_basis in ("unverified", "proposal"), node.code
            assert not node.indicator or node.ideal_source


def test_a_file_of_the_bureau_beside_the_toml(tmp_path):
    (tmp_path / "本县.toml").write_text(TEXT.replace("weight = 0.7", "weight = 0.6", 1), encoding="utf-8")
    with pytest.raises(
        ConfigurationError,
        match=r"工业主导型主区节点 指数 之下的权重合计 0\.9，应为 1（A 0\.6、B 0\.2、C 0\.1）",
    ) as caught:
        project(tmp_path, '[index]\nscheme = "本县.toml"')
    assert caught.value.code == "E518"
    (tmp_path / "本县.toml").write_text(TEXT, encoding="utf-8")
    assert project(tmp_path, '[index]\nscheme = "本县.toml"').index.scheme.scheme_id == "本县"


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("weight = 0.22", "weight = 0.23", "主区节点 A3 之下的权重合计 1.01"), ("weight = 0.28", "weight = -0.28", "A34 weight 不应小于 0"),
        ('parent = "A1"', 'parent = "Q"', "上级 Q 不是"), ("ideal = 1.14", "ideal = 0", "综合容积率的理想值应大于 0"),
        ("ideal = 0\n", "ideal = 5\n", "土地闲置率的理想值应为 0"), ('indicator = "density"', 'indicator = "dense"', "dense"),
        ('region = "发展方向区"', 'region = "副区"', "副区"), ("industrial_above = 30", 'industrial_above = "30"', "应为数"),
        ('"主区" = 0.8', '"主区" = 0.7', "合计 0.9"), ("from = 0\n", "from = 10\n", "从 0 起"), ('version = "2014-试行/1"', 'version = ""', "version"),
        ("[shares]", "[sharing]", "shares"), ('code = "A12"', 'code = "A11"', "code 相同"), ('basis = "unverified"', 'basis = "sure"', "basis"),
    ],
)  # fmt: skip
def test_a_careless_scheme_is_refused(tmp_path, old, new, said):
    assert old in TEXT
    (tmp_path / "本县.toml").write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigurationError, match=said) as caught:
        project(tmp_path, '[index]\nscheme = "本县.toml"')
    assert caught.value.code == "E518"


@pytest.mark.parametrize(
    ("weight", "is_fine"), [(1 / 3, True), (0.3333333, True), (0.333333, True), (0.33333, False)]
)
def test_weights_may_miss_one_by_a_millionth(weight, is_fine):
    nodes = [(code, "", weight) for code in "ABC"]
    if is_fine:
        check_weights(nodes, {""}, "虚构")
        return
    with pytest.raises(IndexFault, match=r"虚构节点 指数 之下的权重合计 0\.99999，应为 1"):
        check_weights(nodes, {""}, "虚构")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"indicator": "工业用地地均税收", "ideal": 300}, "没有写明理由"), ({"indicator": "没有", "ideal": 3, "reason": "虚构"}, "没有这个指标"),
        ({"node": "B11", "weight": 0.6, "reason": "虚构"}, "节点 B1 之下的权重合计 1.1"), ({"node": "A1", "ideal": 3, "reason": "虚构"}, "没有理想值"),
        ({"indicator": "density", "ideal": True, "reason": "虚构"}, "应为数"), ({"indicator": "density", "reason": "虚构"}, "一项或两项"),
        ({"indicator": "density", "node": "A32", "ideal": 3, "reason": "虚构"}, "之一"), ({"indicator": "density", "ideal": 3, "who": "甲", "reason": "虚构"}, "who"),
        ({"indicator": "density", "ideal": 3, "type": "其他", "reason": "虚构"}, "其他"),
    ],
)  # fmt: skip
def test_a_careless_change_is_refused(change, said):
    with pytest.raises(IndexFault, match=said):
        changed(shipped_index(), [change])


def test_a_change_reaches_its_trees_and_no_other():
    scheme = changed(
        shipped_index(),
        [{"indicator": "建筑密度", "ideal": 50, "type": "工业主导型", "region": "主区", "reason": "虚构"}],
    )
    ideals = {
        key: node.ideal
        for key, nodes in scheme.trees.items()
        for node in nodes
        if node.indicator == "density"
    }
    assert [key for key, ideal in ideals.items() if ideal == 50] == [("工业主导型", "主区")]
    assert scheme.changes == ("工业主导型主区建筑密度 理想值 50（虚构）",)


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [('scheme = "2014"', "E611", "intensive_use_2014"), ('schema = "x"', "E607", "scheme"), ('scheme = "没有.toml"', "E605", "没有.toml"),
     ('type = "其他"', "E611", "工业主导型"), ("growth_zones = 3", "E611", "列表"), ("change = 3", "E611", "change"),
     ('path = "没有.xlsx"', "E605", "没有.xlsx"),
     ('[[index.change]]\nnode = "B11"\nweight = 0.9\nreason = "虚构"', "E518", "节点 B1")],
)  # fmt: skip
def test_a_mistake_is_refused(tmp_path, text, code, said):
    with pytest.raises(ConfigurationError, match=said) as caught:
        project(tmp_path, text if text.startswith("[") else f"[index]\n{text}")
    assert caught.value.code == code
