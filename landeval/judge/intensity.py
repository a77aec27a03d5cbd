"""L8 强度不足 (容积率, 建筑系数) and L9 用而未尽 (unused land that could be divided off): proposals, each switchable."""

from __future__ import annotations

import numpy as np
import pandas as pd

from landeval.judge.findings import MET, NOT_APPLICABLE, NOT_MET, UNKNOWN, Finding, Telling, compare, figures
from landeval.judge.setting import Setting, at
from landeval.judge.wording import missing
from landeval.standards.rules import Rule, shown
from landeval.units import to_mu


def _begin(setting: Setting, rule: Rule) -> Telling:
    """Open a rule about land that is built up: a site of which nobody knows that it is finished is none.

    Tax is paid during construction too; output is not.
    """
    parcels, told = setting.parcels, setting.begin(rule)
    done = (parcels[["actual_completion", "production_started_on"]] <= setting.as_of).any(axis=1)
    told.tell(
        ~done & ~(parcels["output_wan_yuan"] > 0),
        NOT_APPLICABLE,
        "没有竣工、投产或产值记录，是否建成未知，不评价",
    )
    return told


def plot_ratio(setting: Setting, rule: Rule) -> Finding:
    """L8: plot ratio below the contract's lower limit, else below the control index of the industry.

    A storey higher than 8 m counts double; where heights are unknown, only what holds either way is decided.
    """
    parcels = setting.parcels
    plain, double = parcels["plot_ratio"], parcels["plot_ratio_doubled"]
    best = double.where(double.notna(), plain * 2)
    least = double.where(double.notna(), plain)
    limit = parcels["plot_ratio_limit"] * float(rule.number)
    source = at(parcels["plot_ratio_limit_basis"].fillna(""))
    said, line = at(figures(least, rule.decimals)), at(figures(limit, rule.decimals))
    maybe = compare(least, rule.operator, limit, rule.decimals)
    surely = compare(best, rule.operator, limit, rule.decimals)
    below = "不高于 " if rule.operator == "<=" else "低于 "
    told = _begin(setting, rule)
    told.tell(plain.isna() & double.isna(), UNKNOWN, "容积率未知；缺" + missing("floor_area_m2"))
    told.tell(limit.isna(), UNKNOWN,
              lambda rows: "容积率 " + said[rows] + "，没有约定容积率下限，也没有可用的行业控制指标"
              + np.where(source[rows] != "", "（" + source[rows] + "）", "") + "；缺" + missing("contract_plot_ratio_min"))  # fmt: skip
    told.tell(
        surely,
        NOT_MET,
        lambda rows: "容积率 " + said[rows] + "，" + below + line[rows] + "（" + source[rows] + "）",
    )
    told.tell(maybe, UNKNOWN,
              lambda rows: "容积率 " + said[rows] + "，层高未知，超过 8 米的楼层加倍后是否达到 "
              + line[rows] + "（" + source[rows] + "）无法判定；缺" + missing("tall_floor_area_m2"))  # fmt: skip
    told.tell(
        True,
        MET,
        lambda rows: "容积率 " + said[rows] + "，不" + below + line[rows] + "（" + source[rows] + "）",
    )
    proof = setting.proof.cells("floor_area_m2", "contract_plot_ratio_min")
    return told.finding(value=said, threshold=line, evidence=proof, unit="")


def building_factor(setting: Setting, rule: Rule) -> Finding:
    """L8: share of the land under buildings, structures and open yards below the control index.

    Where structures and yards are unknown, the buildings alone can show that the share is reached, never that it is not.
    """
    value, built = setting.parcels["building_factor_percent"], setting.parcels["footprint_m2"]
    alone = to_mu(built) / setting.parcels["area_mu"] * 100
    said, line = at(figures(value, rule.decimals)), shown(rule.number)
    least = at(figures(alone, rule.decimals))
    short = compare(alone, rule.operator, rule.number, rule.decimals)
    told = _begin(setting, rule)
    told.tell(value.isna() & alone.isna(), UNKNOWN, "建筑系数未知；缺" + missing("footprint_m2"))
    told.tell(value.isna() & short, UNKNOWN,
              lambda rows: "建筑物占地 " + least[rows] + "%，构筑物和露天堆场占地未知，建筑系数是否达到 "
              + line + "% 无法判定；缺" + missing("yard_m2"))  # fmt: skip
    told.tell(value.isna(), MET, lambda rows: "建筑物占地已有 " + least[rows] + f"%，不低于 {line}%")
    told.tell(compare(value, rule.operator, rule.number, rule.decimals), NOT_MET,
              lambda rows: "建筑系数 " + said[rows] + f"%，低于 {line}%")  # fmt: skip
    told.tell(True, MET, lambda rows: "建筑系数 " + said[rows] + f"%，不低于 {line}%")
    proof = setting.proof.cells("footprint_m2", "yard_m2")
    return told.finding(value=said, threshold=line, evidence=proof, unit="%")


def unused(setting: Setting, rule: Rule) -> Finding:
    """L9: unused land in one piece, of at least so many 亩 and at least a share of the parcel.

    Land free of buildings may be an open yard: it alone can show that the line is not reached, never that it is.
    """
    parcels = setting.parcels
    share = setting.rules.get("lowuse.unused_share")
    land, most = to_mu(parcels["unused_separable_m2"]), to_mu(parcels["unused_most_m2"])
    part = parcels["area_mu"] * float(share.number) if share else pd.Series(0.0, index=parcels.index)
    line = part.clip(lower=float(rule.number))
    said, free = at(figures(land, rule.decimals)), at(figures(most, rule.decimals))
    least = at(figures(line, rule.decimals))
    basis = at(parcels["unused_basis"].fillna(""))
    told = _begin(setting, rule)
    told.tell(
        ~setting.facts["is_started"] & setting.facts["is_start_unknown"],
        NOT_APPLICABLE,
        "是否动工未知，不评价",
    )
    told.tell(
        most.isna() | line.isna(), UNKNOWN, "可分割的未利用面积未知；缺" + missing("unused_separable_m2")
    )
    where = np.where(basis != "", "（" + basis + "）", "")
    told.tell(compare(land, rule.operator, line, rule.decimals), NOT_MET,
              lambda rows: "可分割的未利用土地 " + said[rows] + " 亩" + where[rows] + "，达到 " + least[rows] + " 亩")  # fmt: skip
    reaches = compare(most, rule.operator, line, rule.decimals)
    told.tell(reaches & land.isna(), UNKNOWN,
              lambda rows: "建筑以外最大一块土地 " + free[rows] + " 亩" + where[rows] + "，达到 " + least[rows]
              + " 亩，其中构筑物和露天堆场占地未知，是否用而未尽无法判定；缺" + missing("yard_m2"))  # fmt: skip
    told.tell(reaches, UNKNOWN,
              lambda rows: "建筑以外最大一块土地 " + free[rows] + " 亩" + where[rows] + "，扣除构筑物和露天堆场至少剩 "
              + said[rows] + " 亩，堆场是否在这一块内未知，是否达到 " + least[rows] + " 亩须实地核实")  # fmt: skip
    told.tell(
        True,
        MET,
        lambda rows: (
            "可分割的未利用土地至多 " + free[rows] + " 亩" + where[rows] + "，不足 " + least[rows] + " 亩"
        ),
    )
    proof = setting.proof.cells("unused_separable_m2", "yard_m2")
    return told.finding(value=np.where(land.isna(), free, said), threshold=least, evidence=proof, unit="亩")
