"""The worked examples of docs/目标进度.md are run as they stand there."""

import re

import pytest
from pages import page, sections, tables
from target_frames import HEADERS, board_of, of

from landeval.standards.targets import TRACKED, targets

PAGE = page("目标进度")
COLUMNS = {
    "折算目标值": "target_value",
    "当年应达": "path_value",
    "超前落后": "gap_value",
    "今后每年需要": "needed_rate",
}


def examples():
    return sections(PAGE.split("## 手算的例子")[1].split("\n## ")[0])


@pytest.mark.parametrize("name", list(examples()))
def test_example(name, tmp_path):
    text = examples()[name]
    given, wanted = tables(text)
    assert set(given[0]) <= set(HEADERS)
    told = board_of(tmp_path, given, re.search(r"基准日：(\S+)", text)[1])
    for row in wanted:
        line = of(told, row["目标编号"])
        assert line["target_state"] == row["进度"], row
        for header, column in COLUMNS.items():
            if row[header]:
                assert line[column] == pytest.approx(float(row[header]), abs=5e-5), (row["目标编号"], header)
        if not row["今后每年需要"]:
            assert line["needed_rate"] != line["needed_rate"], row


def test_the_page_counts_the_targets():
    tracked = sum(one.kind == TRACKED for one in targets().targets)
    assert f"共 {len(targets().targets) - tracked} 项；另有 {tracked} 项没有数值" in PAGE
