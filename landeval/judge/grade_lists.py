"""Who is on which list, who gets no grade for now (T), who is on none, and who cannot be told."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd

from landeval.standards.grading import Scheme
from landeval.standards.grading_checks import ABOVE, BELOW, TENANT
from landeval.timeline import add_years

GRADED_STATE, UNGRADED, OUT, LACKING = STATES = ("已定级", "不定等级", "不在评价范围", "资料不足")
"""What became of an enterprise; each has one."""


def assign(scheme: Scheme, figures: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """Return ``grade_list``, ``grade_state`` and ``grade_why`` of every enterprise.

    Known to be on no list comes first, then no grade for now, then what is lacking; the others are to be graded.

    Parameters
    ----------
    scheme : Scheme
    figures : DataFrame
        As made by ``grade_figures``.
    as_of : date
        Whoever went into production less than ``new_years`` before it is new.
    """
    listed, out, lacking = _lists(scheme, figures)
    why_not = _ungraded(scheme, figures, as_of)
    # nobody is ranked by land that nobody knows, and a row of another year says nothing of this one
    lacking = lacking.mask(lacking.eq("") & figures["area_mu"].isna(), _landless(figures))
    lacking = lacking.mask(~figures["has_year"], "没有评价年度的数据")
    state = np.select([out != "", why_not != "", lacking != ""], [OUT, UNGRADED, LACKING], GRADED_STATE)
    why = out.where(out != "", why_not.where(why_not != "", lacking))
    return pd.DataFrame({"grade_list": listed, "grade_state": state, "grade_why": why}, index=figures.index)


def _landless(figures: pd.DataFrame) -> pd.Series:
    """Say why the land of each enterprise is unknown; what it states of its own land has no parcel to be held against."""
    used, has_none = (
        figures["area_used_m2"],
        figures["land_registered_mu"].isna() & figures["land_leased_mu"].isna(),
    )
    stated = used.map("填报自有用地 {:,.2f} ㎡，没有宗地可核，不采用".format).where(used > 0, "也没有填报")
    return ("用地面积未知（未匹配到宗地，" + stated.astype("object") + "）").where(
        has_none, "用地面积未知（名下有宗地面积未知，或出租不少于全部用地）"
    )


def _lists(scheme: Scheme, figures: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.Series]:
    """Return the list, why on none, and what is lacking to tell; empty texts otherwise."""
    by_scale = {one.scale: one for one in scheme.lists}
    blank = pd.Series("", index=figures.index, dtype="object")
    listed, out, lacking = blank, blank, blank
    flag = figures["is_above_scale"]
    above, below = flag.eq(True).fillna(False), flag.eq(False).fillna(False)
    area = figures["area_mu"]
    if ABOVE in by_scale:
        listed = listed.mask(above, by_scale[ABOVE].label)
    else:
        out = out.mask(above, "方案没有规上企业的名单")
    left = below
    if TENANT in by_scale:
        is_tenant = below & figures["land_registered_mu"].eq(0) & (figures["land_leased_mu"] > 0)
        listed, out = _by_land(listed, out, is_tenant, area, by_scale[TENANT].label, by_scale[TENANT].land_min_mu)  # fmt: skip
        left = below & ~is_tenant
    if BELOW in by_scale:
        one = by_scale[BELOW]
        if one.leased_floor_min_m2 is not None:
            leases = left & (figures["floor_leased_m2"] >= one.leased_floor_min_m2)
            listed, left = listed.mask(leases, one.label), left & ~leases
        listed, out = _by_land(listed, out, left, area, one.label, one.land_min_mu)
    else:
        out = out.mask(left & (listed == ""), "方案没有规下企业的名单")
    return listed, out, lacking.mask(~above & ~below, "不知道是否规上")


def _by_land(
    listed: pd.Series, out: pd.Series, who: pd.Series, area: pd.Series, label: str, least: float
) -> tuple[pd.Series, pd.Series]:
    """Put those of unknown land on the list too: they will lack data, not fall out of it."""
    small = who & (area < least)
    return listed.mask(who & ~small, label), out.mask(small, f"{label}企业用地不足 {least:g} 亩")


def _ungraded(scheme: Scheme, figures: pd.DataFrame, as_of: dt.date) -> pd.Series:
    """Return why an enterprise gets no grade for now; empty where it may be graded."""
    rule = scheme.ungraded
    said = figures["ungraded_reason"].where(~is_none(figures["ungraded_reason"]), "").fillna("")
    code = figures["industry_code"].fillna("").astype(str).str.replace(r"^[A-Za-z]", "", regex=True)
    listed = code.str.startswith(rule.industries) if rule.industries else pd.Series(False, code.index)
    begun = pd.to_datetime(figures["production_started_on"])
    fresh = add_years(begun, rule.new_years) > pd.Timestamp(as_of)
    status = figures["production_status"].fillna("").astype(str).str.strip()
    idle = status.isin(rule.statuses)
    text = pd.Series("", index=figures.index, dtype="object")
    text = text.mask(listed, "行业 " + code + " 不定等级").mask(idle, "生产状态为" + status)
    text = text.mask(fresh, f"投产不满 {rule.new_years} 年")
    text = text.mask(said != "", "不参评事由：" + said)
    managed = f"；参照 {rule.managed_as} 类管理" if rule.managed_as else ""
    return text.where(text == "", text + managed)


def is_none(words: pd.Series) -> pd.Series:
    """Tell texts that say there is nothing: 无, 否, 没有, a dash, or nothing at all.

    Examples
    --------
    >>> import pandas as pd
    >>> is_none(pd.Series(["无", "拒报数据", None, "-"])).tolist()
    [True, False, True, True]
    """
    plain = words.fillna("").astype(str).str.strip()
    return plain.isin(("", "无", "否", "没有", "-", "—", "/", "0"))
