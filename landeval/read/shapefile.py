"""Read a shapefile: parts found by name, counts of all parts compared, every record accounted for."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from landeval import issues
from landeval.errors import InputRefusedError
from landeval.read.dbf import Dbf, read_dbf
from landeval.read.opening import check_size, inside_its_folder
from landeval.read.shp import Shp, read_shp
from landeval.sources import WITH_LINES, RawTable, Source

BIG5 = re.compile(r"big.?5|950|cp950", re.IGNORECASE)


def read_shapefile(source: Source, facts: dict[str, Any]) -> list[RawTable]:
    """Read a shapefile without trusting its labels; record counts of all parts are compared.

    Raises
    ------
    InputRefusedError
        A part is missing or damaged, or the layer holds no polygons.
    """
    path = source.path
    layer = path.stem
    if source.layer and source.layer != layer:
        raise InputRefusedError(
            f"没有图层“{source.layer}”",
            where=str(path),
            remedy=f"shapefile 只有一个图层：{layer}；请删去 layer",
            code="E131",
        )
    dbf_path, shx_path, cpg_path = part(path, ".dbf"), part(path, ".shx"), part(path, ".cpg")
    if dbf_path is None:
        raise InputRefusedError(
            f"缺少 {layer}.dbf",
            where=str(path),
            remedy="shapefile 由 shp、shx、dbf、prj 组成，请复制整套文件",
            code="E134",
        )
    crs = _crs_of(path, source)
    label = _label(cpg_path)
    table = read_dbf(dbf_path, source.encoding, "" if not BIG5.fullmatch(label) else label)
    shp = read_shp(path, shx_path, len(table.frame), with_lines=source.table in WITH_LINES)
    count, shapes = len(table.frame), len(shp.shapes)
    place = pd.DataFrame(
        {"source_file": source.name, "source_layer": layer, "source_row": range(1, max(count, shapes) + 1)}
    )
    problems = [*_attribute_problems(table, place, label, source), *_shape_problems(shp, place, table)]
    surplus = pd.concat(
        [
            place[table.deleted.tolist() + [False] * (len(place) - count)].assign(reason="源文件已删除"),
            place.iloc[count:].assign(reason="没有属性记录"),
        ],
        ignore_index=True,
    )
    frame = pd.concat([table.frame, place.iloc[:count]], axis=1)
    drawn = np.full(count, None, dtype=object)
    drawn[: min(count, shapes)] = shp.shapes[:count]
    frame["geometry"] = pd.Series(drawn, index=frame.index, dtype="object")
    frame = frame[~table.deleted].reset_index(drop=True)
    if len(frame) == 0:
        raise InputRefusedError("图层中没有记录", where=str(path), remedy="请重新导出", code="E133")
    return [
        RawTable(
            source=source,
            frame=frame,
            headers=table.headers,
            title="",
            crs=crs,
            set_aside=surplus,
            issues=issues.gather(problems),
            facts={**facts, "encoding": table.encoding, "records": count, "shapes": shapes},
        )
    ]


def part(path: Path, suffix: str) -> Path | None:
    """Find a part of a shapefile whatever the case of its name; the exact stem comes first.

    Raises
    ------
    InputRefusedError
        The part is a link out of its folder, or larger than is read.
    """
    near = [
        item
        for item in path.parent.iterdir()
        if item.suffix.lower() == suffix and item.stem.casefold() == path.stem.casefold() and item.is_file()
    ]
    near.sort(key=lambda item: (item.stem != path.stem, item.suffix != suffix, item.name))
    if not near:
        return None
    inside_its_folder(near[0])
    check_size(near[0])
    return near[0]


def parts(path: Path) -> list[Path]:
    """Return the parts of a shapefile that are read, in the order of their suffixes."""
    return [
        found
        for suffix in (".cpg", ".dbf", ".prj", ".shp", ".shx")
        if (found := part(path, suffix)) is not None
    ]


def _attribute_problems(table: Dbf, place: pd.DataFrame, label: str, source: Source) -> list[pd.DataFrame]:
    file, layer = (
        place[["source_file", "source_layer"]].iloc[0] if len(place) else (source.name, source.path.stem)
    )
    problems = _encoding_notes(file, layer, table, label, source)
    for code, cells in (("E102", table.cut), ("E152", table.garbled), ("E155", table.overflow)):
        if cells:
            rows = pd.Index([row for row, _, _ in cells])
            columns = pd.Series([table.headers[index] for _, index, _ in cells], index=range(len(rows)))
            written = pd.Series([text for _, _, text in cells], index=range(len(rows)))
            problems.append(
                issues.report(code, place.loc[rows].reset_index(drop=True), column=columns, raw=written)
            )
    for header, said in table.binary:
        problems.append(issues.report_file("E153", file, layer, column=header, detail=said))
    for header, said in table.unread:
        problems.append(issues.report_file("E154", file, layer, column=header, detail=said))
    marks = table.deleted.tolist() + [False] * (len(place) - len(table.frame))
    problems.append(issues.report("E103", place[marks]))
    if table.beyond:
        problems.append(
            issues.report_file(
                "E159",
                file,
                layer,
                detail=f"属性表文件头写明 {len(table.frame)} 条，其后还有 {table.beyond} 条，未采用",
            )
        )
    return problems


def _shape_problems(shp: Shp, place: pd.DataFrame, table: Dbf) -> list[pd.DataFrame]:
    if len(place) == 0:
        return []
    file, layer = place[["source_file", "source_layer"]].iloc[0]
    count, shapes = len(table.frame), len(shp.shapes)
    problems = []
    if shp.rebuilt:
        problems.append(
            issues.report_file("E156", file, layer, detail=f"{shp.rebuilt}，共找到 {shapes} 个图形")
        )
    if shapes != count:
        problems.append(issues.report_file("E104", file, layer, detail=f"图形 {shapes} 条，属性 {count} 条"))
    lost = list(shp.lost)
    if shp.cut:  # the file ends early: records that have no shape at all were cut off too
        lost += list(range(shapes, count))
    if lost or shp.cut:
        said = (
            f"文件头写明的内容缺 {shp.cut} 字节，丢失 {len(lost)} 个图形"
            if shp.cut
            else f"丢失 {len(lost)} 个图形"
        )
        problems.append(issues.report("E157", place.iloc[lost], detail=said))
    bad = [row for row in shp.trouble if not (row < count and table.deleted[row])]
    said_of = pd.Series([shp.trouble[row] for row in bad], index=place.index[bad], dtype="object")
    problems.append(issues.report("E158", place.iloc[bad], detail=said_of))
    return problems


def _crs_of(path: Path, source: Source) -> str:
    """Return what the .prj says, empty where there is none.

    Raises
    ------
    InputRefusedError
        The .prj says nothing and the project names no CRS: it lost its text, so nobody knows what it was.
    """
    prj = part(path, ".prj")
    text = _text_of(prj) if prj else ""
    if prj and not text and not source.crs:
        raise InputRefusedError(
            "坐标系文件（.prj）是空的",
            where=str(prj),
            remedy='请重新复制整套文件，或在参数表该节的“坐标系”填 EPSG:4525 一类的代号（landeval.toml 该图层写 crs = "EPSG:4525"）',
            code="E238",
        )
    return text


def _text_of(prj: Path) -> str:
    data = prj.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("gb18030", errors="replace")
    return text.strip("\ufeff \r\n\t\x00")


def _label(cpg: Path | None) -> str:
    """Return what a .cpg says, freed of marks and line ends; it may be anything."""
    if cpg is None:
        return ""
    text = cpg.read_bytes()[:200].removeprefix(codecs.BOM_UTF8).decode("ascii", errors="replace")
    return text.strip("\ufeff\ufffd \r\n\t\x00\x1a")


def _family(label: str) -> str:
    """Return which of the two encodings a label means, or nothing.

    Examples
    --------
    >>> _family("ANSI 936"), _family("65001"), _family("OEM")
    ('gb18030', 'utf-8', '')
    """
    bare = label.upper().removeprefix("ANSI").removeprefix("CP").strip(" -_")
    if bare in ("UTF-8", "UTF8", "UTF_8", "65001"):
        return "utf-8"
    return (
        "gb18030" if bare in ("936", "54936", "GBK", "GB2312", "GB18030", "EUC-CN", "EUCCN", "20936") else ""
    )


def _encoding_notes(file: str, layer: str, table: Dbf, label: str, source: Source) -> list[pd.DataFrame]:
    if source.encoding or table.plain or _family(label) == table.encoding:
        return []
    told = f"文件标明 {label}" if label else "文件没有 .cpg"
    return [issues.report_file("E101", file, layer, detail=f"{told}，按 {table.encoding.upper()} 读取")]
