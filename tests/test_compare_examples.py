"""The example of docs/年度比较.md is run as it stands there, and its figures of Cambridge are those that are tested."""

import numpy as np
import pandas as pd
import pytest
import shapely
from pages import page, tables
from test_real_data_years import EXPECTED_KINDS

from landeval.measure.year_figures import compare_figures
from landeval.place.lineage import trace
from landeval.wording import joined

PAGE = page("年度比较")


def tables_of(heading):
    return tables(PAGE.split(f"## {heading}")[1].split("\n## ")[0])


def year(rows):
    frame = pd.DataFrame(
        {"parcel_code": [row["代码"] for row in rows]}, index=[row["宗地"] for row in rows], dtype="object"
    )
    shapes = np.array([shapely.box(*map(float, row["范围"].split(","))) for row in rows], dtype=object)
    frame["area_mu"] = shapely.area(shapes) * 3 / 2000
    for name, header in (("output_wan_yuan", "产值"), ("tax_wan_yuan", "税收")):
        frame[name] = [float(row[header]) if row[header] else np.nan for row in rows]
        frame[f"{name}_per_mu"] = frame[name] / frame["area_mu"]
    return frame, shapes


def test_the_example_is_what_comes_out():
    before, after, expected = tables_of("例")
    (then, drawn_then), (now, drawn_now) = year(before), year(after)
    links = trace(then, now, drawn_then, drawn_now).links
    groups = links.drop_duplicates("lineage_group").set_index("lineage_group")
    of = [
        links.dropna(subset=[name]).drop_duplicates(name).set_index(name)["lineage_group"]
        for name in ("parcel_id_then", "parcel_id_now")
    ]
    found = compare_figures(then, now, *of, groups)
    ids = [joined(links["lineage_group"], links[name]).reindex(groups.index) for name in ("parcel_id_then", "parcel_id_now")]  # fmt: skip
    keyed = {(one if isinstance(one, str) else "", other if isinstance(other, str) else ""): group
             for group, one, other in zip(groups.index, *ids, strict=True)}  # fmt: skip
    assert set(keyed) == {(row["上次"], row["本次"]) for row in expected}
    headers = {
        "上次亩均产值": "output_wan_yuan_per_mu_then", "本次亩均产值": "output_wan_yuan_per_mu_now",
        "变化": "output_wan_yuan_per_mu_change", "上次亩均税收": "tax_wan_yuan_per_mu_then",
        "本次亩均税收": "tax_wan_yuan_per_mu_now", "税收变化": "tax_wan_yuan_per_mu_change",
    }  # fmt: skip
    for row in expected:
        group = keyed[row["上次"], row["本次"]]
        assert groups.loc[group, "lineage_kind"] == row["沿革"]
        for header, name in headers.items():
            value = float(row[header]) if row[header] else np.nan
            assert found.loc[group, name] == pytest.approx(value, abs=1e-9, nan_ok=True), (row, header)


def test_the_page_tells_the_tested_figures_of_cambridge():
    rows = {row["沿革"]: row for row in tables_of("实例：剑桥市 13,159 宗 → 13,116 宗")[0]}
    for side, header in (("then", "2013 年(宗)"), ("now", "2014 年(宗)")):
        told = {kind: int(row[header].replace(",", "")) for kind, row in rows.items() if kind != "合计"}
        assert {kind: count for kind, count in told.items() if count} == EXPECTED_KINDS[side]
        assert int(rows["合计"][header].replace(",", "")) == sum(EXPECTED_KINDS[side].values())
