"""How cells look: one format a use, made once a workbook."""

from __future__ import annotations

from typing import Any

from landeval.publish.map.palette import LOOKS

FONT = "微软雅黑"
HEADER, EDITABLE, UNSURE, NOTE = "#1F3864", "#FFF9C4", "#FFE0B2", "#595959"
FILLS = {look.name: look.fill for look in LOOKS} | {"符合准入": "#C6E5D3", "不符合": "#F9C9A9"} | {
    "已达到": "#C6E5D3", "超前": "#DDF0E4", "持平": "#EAF3F8", "落后": "#FFE0B2", "已过期未达到": "#F9C9A9",
    "逾期完成": "#FFF2CC", "未到期": "#F2F2F2", "无法判定": "#E0E0E0", "跟踪": "#FFFFFF",
}  # fmt: skip
NUMBER_FORMATS = {
    "money": "#,##0.00",
    "area": "#,##0.00",
    "per_mu": "#,##0.00",
    "number": "#,##0.##",
    "share": "0.0%",
    "integer": "0",
    "year": "0",
    "date": "yyyy-mm-dd",
}
_DARK = 0.2


def ink_on(fill: str) -> str:
    """Return black or white, whichever can be read on a fill.

    Examples
    --------
    >>> ink_on("#A50F15"), ink_on("#FFF2B3")
    ('#FFFFFF', '#000000')
    """
    parts = [int(fill[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return "#FFFFFF" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < _DARK else "#000000"


class Styles:
    """Formats of one workbook, each made the first time it is asked for."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def get(self, **properties: Any) -> Any:
        """Return the format with these xlsxwriter properties on top of the house style."""
        whole = {"font_name": FONT, "font_size": 9, "valign": "vcenter", **properties}
        key = tuple(sorted(whole.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(whole)
        return self._made[key]

    def body(self, kind: str, *, wrap: bool = False, **more: Any) -> Any:
        """Return the format of a table cell that holds one kind of value."""
        look: dict[str, Any] = {"border": 1, "border_color": "#BFBFBF"}
        if kind in NUMBER_FORMATS:
            look["num_format"] = NUMBER_FORMATS[kind]
        if kind in ("text", "name", "note", "code", "", "flag"):
            look |= {"num_format": "@", "text_wrap": wrap, "indent": 1, "align": "left"}
        if kind in ("date", "flag"):
            look |= {"align": "center", "indent": 0}
        if "align" in more:
            look["indent"] = 0
        return self.get(**(look | more))

    def status(self, name: str) -> Any:
        """Return the format of a cell that holds a class, in the colour of the map."""
        fill = FILLS.get(name, "#FFFFFF")
        return self.body("text", align="center", bg_color=fill, font_color=ink_on(fill), bold=True)

    def header(self, *, editable: bool = False) -> Any:
        """Return the format of a column header."""
        look = {"bold": True, "align": "center", "text_wrap": True, "border": 1, "border_color": "#FFFFFF"}
        if editable:
            return self.get(bg_color="#FFD54F", font_color="#000000", **look)
        return self.get(bg_color=HEADER, font_color="#FFFFFF", **look)

    def link(self) -> Any:
        """Return the format of a cell that leads to a file or a sheet."""
        return self.body("text", font_color="#1F5FA8", underline=1, align="center")

    def title(self, size: int = 14) -> Any:
        """Return the format of a heading."""
        return self.get(font_size=size, bold=True, font_color=HEADER)

    def note(self, *, wrap: bool = False) -> Any:
        """Return the format of a remark."""
        return self.get(font_color=NOTE, text_wrap=wrap, valign="top" if wrap else "vcenter")

    def colour(self, ink: str) -> Any:
        """Return a format that changes only the colour of the figures, for conditional formats."""
        key = (("colour", ink),)
        if key not in self._made:
            self._made[key] = self._book.add_format({"font_color": ink})
        return self._made[key]
