"""Names of files made from data: safe on every system, never shared, the same every time."""

import re

import pytest
from builders import HOSTILE

from landeval.publish.names import dossier_name, file_stem, link_name

WICKED = [
    *HOSTILE, "../../etc/passwd", "C:\\temp\\甲", "NUL", "com1.txt", "甲.", " 甲 ", "甲\u202egnp.exe", "", "\x00", "...", "一" * 300, "😀" * 90,
]  # fmt: skip


@pytest.mark.parametrize("text", WICKED)
def test_any_text_becomes_a_name_that_every_system_takes(text):
    for name in (dossier_name(text, text), link_name(text)):
        stem = name.rpartition(".")[0]
        assert stem == stem.strip(" .") != ""
        assert not re.search(r'[<>:"/\\|?*%#\x00-\x1f\u202e]', stem)
        assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", stem)
        assert len(name.encode()) <= 180


def test_different_texts_never_share_a_name():
    texts = {*WICKED, "甲/乙", "甲:乙", "甲_乙", "名" * 201, "名" * 202}
    names = [file_stem(text) for text in texts]
    assert len({name.casefold() for name in names}) == len(texts)


def test_a_plain_code_and_name_stand_as_they_are():
    assert (
        dossier_name("430525001001GB00001", "虚构（洞口）机械有限公司")
        == "430525001001GB00001 虚构（洞口）机械有限公司.docx"
    )
