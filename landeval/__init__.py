"""landeval: land-use efficiency of a county's industrial land, with evidence and clause for every verdict.

>>> import landeval
>>> landeval.__version__
'0.1.0'
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOMES = {
    "Project": "landeval.project",
    "Switches": "landeval.project",
    "load_project": "landeval.project",
    "Result": "landeval.result",
    "STATUSES": "landeval.result",
    "evaluate": "landeval.run",
    "rulebook": "landeval.standards.rules",
    "write_outputs": "landeval.publish.outputs",
    "write_problems": "landeval.publish.outputs",
    "write_tables": "landeval.publish.tables",
    "write_map": "landeval.publish.map",
    "write_candidate_list": "landeval.publish.workbook",
    "write_gis": "landeval.publish.gis",
    "LandevalError": "landeval.errors",
}
__all__ = ["__version__", *sorted(_HOMES)]

if TYPE_CHECKING:
    from landeval.errors import LandevalError as LandevalError
    from landeval.project import Project as Project
    from landeval.project import Switches as Switches
    from landeval.project import load_project as load_project
    from landeval.publish.gis import write_gis as write_gis
    from landeval.publish.map import write_map as write_map
    from landeval.publish.outputs import write_outputs as write_outputs
    from landeval.publish.outputs import write_problems as write_problems
    from landeval.publish.tables import write_tables as write_tables
    from landeval.publish.workbook import write_candidate_list as write_candidate_list
    from landeval.result import STATUSES as STATUSES
    from landeval.result import Result as Result
    from landeval.run import evaluate as evaluate
    from landeval.standards.rules import rulebook as rulebook


def __getattr__(name: str) -> Any:
    """Load a public name when it is first used, so that ``import landeval`` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module 'landeval' has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    """List the public names."""
    return __all__
