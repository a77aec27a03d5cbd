"""Tasks that end the worker that does them; workers import them by this name."""

from __future__ import annotations

import os
import signal

from landeval.province import Outcome
from landeval.scale.unit import Order, make_part


def die_over_the_second(order: Order) -> Outcome:
    """Make a unit's part, but die over the unit whose name holds a 2."""
    if "2" in order.unit.name:
        os.kill(os.getpid(), signal.SIGKILL)
    return make_part(order)
