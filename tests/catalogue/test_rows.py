"""Every row of the catalogue of bad inputs has a test that carries its number."""

import re
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROWS = set(range(1, 109)) - {104}  # the catalogue has no row 104


def test_every_row_has_a_test():
    text = "\n".join(path.read_text("utf-8") for path in sorted(HERE.glob("test_*.py")))
    named = {
        int(number)
        for found in re.findall(r"^def test_row_([\d_]+?)_[a-z]", text, re.M)
        for number in re.findall(r"\d{3}", found)
    }
    assert ROWS - named == set()
