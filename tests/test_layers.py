"""The house keeps its rooms: stages never import one another, and each library stays in its room."""

import ast
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "landeval"
STAGES = {"read", "tidy", "link", "measure", "judge", "place", "publish"}
UPSTAIRS = {
    "alone",
    "cli",
    "closing",
    "doctor",
    "run",
    "scores",
    "admit",
    "entry_check",
    "placing",
    "scale",
    "what_if",
    "index",
    "index_command",
    "supply_board",
    "supply_command",
    "image_evidence",
    "compare",
}  # these call the stages, so nothing below may import them; explanation.py is the one door up: Result.explain opens it
GROUND = {
    "year_change",
    "errors",
    "handed_back",
    "units",
    "issues",
    "vocabulary",
    "standards",
    "project",
    "result",
    "admission",
    "board",
    "basis",
    "exact_table",
    "trial",
    "intensive_use",
    "land_supply",
    "imagery",
    "spots",
    "province",
    "settings",
    "settings_table",
    "shipped",
    "sources",
}
READ = {"read"}
PUBLISH = {"publish"}
GIS = {"read", "publish.gis"}  # publish/gis.py writes vector files
ROOMS = {
    **dict.fromkeys(("pyogrio", "fiona"), GIS),
    **dict.fromkeys(("openpyxl", "xlrd", "rasterio.open"), READ),
    **dict.fromkeys(("folium", "branca", "xlsxwriter", "docx", "matplotlib", "PIL"), PUBLISH),
}


def modules(package: Path) -> dict[str, ast.Module]:
    """Parse every module of a package, by dotted name; a package is named without ``__init__``."""
    found = {}
    for path in sorted(package.rglob("*.py")):
        parts = path.relative_to(package.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        tree = ast.parse(path.read_text("utf-8"), str(path))
        tree.is_package = parts[-1] == "__init__"  # type: ignore[attr-defined]
        found[name] = tree
    return found


def at_import(node: ast.AST) -> Iterator[ast.AST]:
    """Walk what runs when the module is imported: no function bodies, nothing under TYPE_CHECKING."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            yield from (found for other in child.orelse for found in (other, *at_import(other)))
            continue
        yield child
        yield from at_import(child)


def targets(node: ast.AST, name: str, tree: ast.Module) -> Iterator[str]:
    """Dotted names that one node imports, relative ones made absolute, ``rasterio.open`` among them."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        parts = name.split(".") if tree.is_package else name.split(".")[:-1]  # type: ignore[attr-defined]
        base = parts[: len(parts) - node.level + 1] if node.level else []
        source = ".".join([*base, *([node.module] if node.module else [])])
        yield from (source if alias.name == "*" else f"{source}.{alias.name}" for alias in node.names)
    elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith(("import_module", "__import__")):
        yield from (arg.value for arg in node.args[:1] if isinstance(arg, ast.Constant))
    elif isinstance(node, ast.Attribute) and ast.unparse(node) in {"rasterio.open", "rio.open"}:
        yield "rasterio.open"


def inside(name: str, places: set[str]) -> bool:
    """Tell whether a dotted name is one of the places, or within one."""
    return any(name == place or name.startswith(f"{place}.") for place in places)


def violations(package: Path) -> list[str]:
    """List every import that leaves its room, wherever in the module it stands."""
    found = []
    for name, tree in modules(package).items():
        _, _, here = name.partition(".")
        room = here.split(".")[0]
        forbidden = (
            STAGES - {room} | UPSTAIRS if room in STAGES else STAGES | UPSTAIRS if room in GROUND else set()
        )
        for node in ast.walk(tree):
            for target in targets(node, name, tree):
                if inside(target, {f"{package.name}.{other}" for other in forbidden}):
                    found.append(f"{name}:{node.lineno} 不得引用 {target}")
                for library, rooms in ROOMS.items():
                    if inside(target, {library}) and not inside(here, rooms):
                        found.append(f"{name}:{node.lineno} 只有 {'、'.join(sorted(rooms))} 可用 {library}")
    return found


def cycle(package: Path) -> list[str]:
    """Name the modules of one import cycle, or nothing; only imports that run at import count."""
    trees = modules(package)
    graph: dict[str, set[str]] = {name: set() for name in trees}
    for name, tree in trees.items():
        for target in (target for node in at_import(tree) for target in targets(node, name, tree)):
            known = target if target in trees else target.rpartition(".")[0]
            if known in trees and known != name:
                graph[name].add(known)
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        return list(error.args[1])
    return []


def test_every_import_stays_in_its_room():
    assert violations(PACKAGE) == []


def test_no_import_cycle():
    assert cycle(PACKAGE) == []


@pytest.mark.parametrize(
    ("path", "text", "said"),
    [
        ("judge/grade.py", "from landeval.measure import ratio", "landeval.measure"),
        ("judge/grade.py", "from ..measure.ratio import per_mu", "landeval.measure.ratio"),
        ("judge/__init__.py", "from .. import measure", "landeval.measure"),
        ("judge/grade.py", "def f():\n    import landeval.link.ledger", "landeval.link.ledger"),
        ("judge/grade.py", "import importlib\nimportlib.import_module('landeval.tidy')", "landeval.tidy"),
        ("judge/grade.py", "from landeval.run import run", "landeval.run"),
        ("units.py", "from landeval import read", "landeval.read"),
        ("tidy/names.py", "import openpyxl", "openpyxl"),
        ("measure/imagery.py", "import rasterio\nrasterio.open('a.tif')", "rasterio.open"),
        ("measure/imagery.py", "from rasterio import open", "rasterio.open"),
        ("publish/workbook.py", "from openpyxl.styles import Font", "openpyxl"),
        ("publish/map.py", "import pyogrio", "pyogrio"),
        ("run.py", "import folium.plugins", "folium"),
    ],
)
def test_checker_catches_a_planted_violation(tmp_path, path, text, said):
    planted = tmp_path / "landeval" / path
    planted.parent.mkdir(parents=True)
    planted.write_text(text, "utf-8")
    assert [line for line in violations(tmp_path / "landeval") if said in line]


def test_checker_allows_what_the_design_allows(tmp_path):
    for path, text in {
        "read/shp.py": "import pyogrio, fiona, openpyxl\nimport rasterio\nrasterio.open('a.tif')",
        "publish/gis.py": "from pyogrio import write_dataframe\nfrom landeval.result import Result",
        "measure/imagery.py": "from rasterio.features import shapes\nfrom ..units import per_mu",
        "run.py": "from landeval import read\nfrom landeval.publish import map",
    }.items():
        file = tmp_path / "landeval" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    assert violations(tmp_path / "landeval") == []


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        ("from landeval import a", True),
        ("try:\n    from . import a\nexcept ImportError:\n    a = None", True),
        ("def f():\n    from landeval import a", False),
        ("from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from landeval.a import x", False),
    ],
)
def test_checker_catches_a_planted_cycle(tmp_path, second, expected):
    (tmp_path / "landeval").mkdir()
    (tmp_path / "landeval" / "a.py").write_text("import landeval.b\nx = 1", "utf-8")
    (tmp_path / "landeval" / "b.py").write_text(second, "utf-8")
    assert bool(cycle(tmp_path / "landeval")) is expected
