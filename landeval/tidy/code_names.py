"""Land use written as bare codes: understood where all codes of a layer can be of one system only, and said so."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from landeval import issues
from landeval.project import Switches
from landeval.standards.land_use_codes import NO_SYSTEM, detect, is_code, systems
from landeval.tidy.table import Typed

SHOWN = 6


def with_names(table: Typed, switches: Switches) -> Typed:
    """Put the name before each bare code of land use: 工业用地(1001); what cannot be understood stays as it is.

    Codes that the project lists itself (a word of ``industrial_words``) are left to it.

    Parameters
    ----------
    table : Typed
        One layer or sheet.
    switches : Switches
        ``land_use_codes``: the system, where the project says so.

    Returns
    -------
    Typed
        With issue E430 (understood, by which system and why) or E431 (not understood).
    """
    if "land_use" not in table.frame or any(map(is_code, switches.industrial_words)):
        return table
    text = table.frame["land_use"]
    written = text.dropna().astype(str)
    bare = {use: use.strip().upper() for use in written.unique() if is_code(use)}
    codes = written[written.isin(list(bare))].map(bare)
    if codes.empty or switches.land_use_codes == NO_SYSTEM:
        return table
    present = sorted(codes.unique())
    shown = "、".join(present[:SHOWN]) + (f" 等 {len(present)} 个" if len(present) > SHOWN else "")
    found = detect(set(present))
    system, why = found.system, f"{shown} 只能是{'或'.join(found.names)}的代码"
    if len(found.names) > 1:
        why += "，这几个代码在其中含义相同"
    if switches.land_use_codes:
        system, why = (
            systems()[switches.land_use_codes],
            "按参数表“评判”一节的“用途代码体系”（landeval.toml 的 land_use_codes）",
        )
    place = table.frame.iloc[0]
    file, layer = str(place["source_file"]), str(place["source_layer"] or "")
    header = table.columns.loc[table.columns["field"] == "land_use", "header"]
    column = str(header.iloc[0]) if len(header) else ""
    if system is None:
        if found.names:
            why = f"{shown}：可能是{'、'.join(found.names)}，{found.differing} 在其中含义不同"
        elif found.stray:
            why = f"{shown}：{'、'.join(found.stray[:SHOWN])} 不在任何一套分类中"
        else:
            why = f"{shown}：没有一套分类含有全部代码"
        return _noted(table, issues.report_file("E431", file, layer, column=column, detail=why))
    known = codes[codes.map(system.holds)]
    named = known.map({code: f"{system.name_of(code)}({code})" for code in known.unique()})
    problems = [issues.report_file("E430", file, layer, column=column, detail=f"{system.name}（{why}）")]
    if len(known) < len(codes):
        stray = codes.drop(known.index)
        rows = table.frame.loc[stray.index]
        problems.append(
            issues.report("E431", rows, column=column, raw=stray, detail=f"不是{system.name}的代码")
        )
    told = text.astype("object").copy()
    told.loc[named.index] = named.astype("object")
    return replace(_noted(table, *problems), frame=table.frame.assign(land_use=told))


def _noted(table: Typed, *problems: pd.DataFrame) -> Typed:
    return replace(table, issues=issues.gather([table.issues, *problems]))
