"""landeval: land-use efficiency of a county's industrial land, with evidence and clause for every verdict.

A project is made of files or frames (``load_project``), evaluated (``evaluate``), read (``Result``, ``Result.explain``) and written
(``write_outputs``). ``per_mu``, ``ground_area``, ``building_figures`` and ``verdicts`` are the measures and rules alone, on any frame.
Every name, with examples that are run: ``docs/api.md``.

>>> import landeval
>>> landeval.__version__
'0.1.0'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "LandevalError": "landeval.errors",
    "Project": "landeval.project",
    "Result": "landeval.result",
    "Trial": "landeval.trial",
    "building_figures": "landeval.alone",
    "compare_runs": "landeval.compare",
    "evaluate": "landeval.run",
    "ground_area": "landeval.alone",
    "load_project": "landeval.settings.load",
    "per_mu": "landeval.measure.per_mu",
    "rulebook": "landeval.standards.rules",
    "try_out": "landeval.what_if",
    "verdicts": "landeval.alone",
    "write_candidate_list": "landeval.publish.workbook",
    "write_map": "landeval.publish.map",
    "write_outputs": "landeval.publish.outputs",
    "write_problems": "landeval.publish.outputs",
}
__all__ = ["__version__", *sorted(_HOMES)]

if TYPE_CHECKING:
    from landeval.alone import building_figures as building_figures
    from landeval.alone import ground_area as ground_area
    from landeval.alone import verdicts as verdicts
    from landeval.compare import compare_runs as compare_runs
    from landeval.errors import LandevalError as LandevalError
    from landeval.measure.per_mu import per_mu as per_mu
    from landeval.project import Project as Project
    from landeval.publish.map import write_map as write_map
    from landeval.publish.outputs import write_outputs as write_outputs
    from landeval.publish.outputs import write_problems as write_problems
    from landeval.publish.workbook import write_candidate_list as write_candidate_list
    from landeval.result import Result as Result
    from landeval.run import evaluate as evaluate
    from landeval.settings.load import load_project as load_project
    from landeval.standards.rules import rulebook as rulebook
    from landeval.trial import Trial as Trial
    from landeval.what_if import try_out as try_out


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that ``import landeval`` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'landeval' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
