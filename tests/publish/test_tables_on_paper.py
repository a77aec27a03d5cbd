"""How a table of a document breaks over pages."""

from docx.oxml.ns import qn

from landeval.publish.documents.grid import grid


def test_a_header_never_stands_alone_at_the_foot_of_a_page():
    """LibreOffice 7.4 lost every row of a dossier's table whose header was the last thing on its page."""
    made = grid(
        ["图中编号", "权利人"], [["1", "虚构甲厂"], ["2", "虚构乙厂"]], [900, 3000], [True, False], "头", "格"
    )
    kept = [
        [paragraph.find(f".//{qn('w:keepNext')}") is not None for paragraph in row.iter(qn("w:p"))]
        for row in made.iter(qn("w:tr"))
    ]
    assert kept == [[True, True], [True, True], [False, False]]
