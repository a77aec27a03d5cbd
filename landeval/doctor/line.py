"""One line of what was found: what was looked at, how it is, what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

GOOD, CAUTION, BAD = "正常", "注意", "有问题"


@dataclass(frozen=True)
class Line:
    """What was found of one thing; ``remedy`` wherever it is not well."""

    name: str
    state: str
    told: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"[{self.state}] {self.name}：{self.told}" + (
            f"\n    怎么办：{self.remedy}" if self.remedy else ""
        )


def guarded(name: str, check: Callable[[], Iterable[Line]]) -> Iterator[Line]:
    """Yield the lines of a check; one that breaks is a finding too, and stops no other."""
    try:
        yield from check()
    except Exception as error:
        yield Line(
            name, BAD, f"检查没有做成（{type(error).__name__}）", "请重新安装程序；仍不行请发给开发人员"
        )
