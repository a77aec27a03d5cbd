"""Every input record with what became of it; a record without a state is a broken promise of our own."""

from __future__ import annotations

import pandas as pd

from landeval.errors import InternalError
from landeval.sources import SOURCE_COLUMNS, RawTable
from landeval.vocabulary.fields import fields_of
from landeval.wording import joined, remarks

COLUMNS = (
    "table_kind",
    *SOURCE_COLUMNS,
    "record_key",
    "record_state",
    "destination",
    "issue_codes",
    "amounts",
    "remark",
)
WORST_FIRST = ("矛盾", "无年度", "无法识别", "未匹配", "采用", "重复")
KINDS = {
    "parcels": "宗地",
    "contracts": "供地台账",
    "enterprises": "企业",
    "layout": "布局分区",
    "buildings": "建筑",
    "corrections": "更正",
    "decisions": "匹配决定",
    "reviews": "审核记录",
    "projects": "准入项目",
    "exemptions": "豁免登记",
    "index": "指数数据",
    "supply": "储备与供地",
    "boundary": "园区范围",
    "targets": "指标实绩",
    "overlays": "叠加图层",
    "imagery": "影像",
}


def every_record(raws: list[RawTable], aside: list[pd.DataFrame]) -> pd.DataFrame:
    """List every record of every layer and sheet as read, those set aside with their reason as state."""
    place = list(SOURCE_COLUMNS)
    parts = [
        pd.concat([raw.frame[place], raw.set_aside[place]], ignore_index=True).assign(
            table_kind=KINDS[raw.source.table]
        )
        for raw in raws
    ]
    records = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["table_kind", *place])
    left = pd.concat(aside, ignore_index=True) if aside else pd.DataFrame(columns=[*place, "reason"])
    known = left.drop_duplicates(place).set_index(place)["reason"]
    records["record_state"] = known.reindex(pd.MultiIndex.from_frame(records[place])).to_numpy()
    ragged = records["record_state"] == "列数不符"
    named = "排除（" + records["record_state"].astype(str) + "）"
    records["record_state"] = (
        records["record_state"]
        .mask(records["record_state"].notna(), named)
        .mask(ragged, "无法判定（列数不符）")
    )
    return records


def reconcile(records: pd.DataFrame, states: list[pd.DataFrame], issues: pd.DataFrame) -> pd.DataFrame:
    """Give every record its state, destination, key, amounts and issue codes.

    Parameters
    ----------
    records : DataFrame
        As made by ``every_record``.
    states : list of DataFrame
        ``SOURCE_COLUMNS``, ``record_state``, ``destination``, ``record_key``, ``amounts``, and ``remark`` where the record
        says something that no table of its own shows.
    issues : DataFrame
        The issue table.

    Raises
    ------
    InternalError
        A record without a state, a state for a record that was never read, or a record called a repeat of
        which no repeat was reported.
    """
    place = list(SOURCE_COLUMNS)
    said = pd.concat(states, ignore_index=True)
    keyed = said.set_index(place)
    if keyed.index.has_duplicates:
        keyed = keyed[~keyed.index.duplicated()]
    at = pd.MultiIndex.from_frame(records[place])
    table = records.copy()
    table["record_state"] = table["record_state"].where(
        table["record_state"].notna(), keyed["record_state"].reindex(at).to_numpy()
    )
    keyed = keyed.assign(remark=keyed.get("remark", ""))
    for name in ("record_key", "destination", "amounts", "remark"):
        table[name] = pd.Series(keyed[name].reindex(at).to_numpy(), index=table.index).fillna("")
    lost = table["record_state"].isna()
    if lost.any() or not keyed.index.isin(at).all():
        first = table[lost].head(1)[place].to_dict("records")
        raise InternalError(
            f"对账不平：{int(lost.sum())} 条记录没有去向",
            where=str(first),
            remedy="请把资料和本信息一并反馈给开发人员",
            code="E904",
        )
    coded = issues[issues["source_row"].notna()]
    codes = _codes(coded, place) if len(coded) else None
    table["issue_codes"] = (
        "" if codes is None else pd.Series(codes.reindex(at).to_numpy(), index=table.index).fillna("")
    )
    noted = (table["record_state"] == "采用") & (table["issue_codes"] != "")
    table["record_state"] = table["record_state"].mask(noted, "采用有提示")
    same_land = (table["record_state"] == "重复") & table["issue_codes"].str.contains("E286")
    table["destination"] = table["destination"].mask(same_land, "与另一记录代码、图形相同，面积只计一次")
    is_refused = table["issue_codes"].str.contains("E331|E685")
    table["record_state"] = table["record_state"].mask(is_refused, "未采用")
    silent = (table["record_state"] == "重复") & ~table["issue_codes"].str.contains("E220|E286")
    if silent.any():
        raise InternalError(
            f"对账不平：{int(silent.sum())} 条记录不见了，却没有报告为重复",
            where=str(table[silent].head(1)[place].to_dict("records")),
            remedy="请把资料和本信息一并反馈给开发人员",
            code="E904",
        )
    order = ["table_kind", *place]
    return table.sort_values(order, kind="stable")[list(COLUMNS)].reset_index(drop=True)


def _codes(coded: pd.DataFrame, place: list[str]) -> pd.Series:
    """Return the codes told of each record, each once and in order; most records have one."""
    told = coded[[*place, "code"]].dropna(subset=place).drop_duplicates().sort_values("code", kind="stable")
    has_several = told.duplicated(place, keep=False)
    several = told[has_several].groupby(place)["code"].agg(" ".join)
    return pd.Series(pd.concat([told[~has_several].set_index(place)["code"], several]))


def parcel_states(parcels: pd.DataFrame, typed: pd.DataFrame, linked: set[str]) -> pd.DataFrame:
    """State of every parcel record: taken, or a repeat of one that was (identical, or of one code and shape)."""
    place = list(SOURCE_COLUMNS)
    keyed = parcels[place].assign(
        record_key=parcels.index,
        record_state="采用",
        destination=[
            "parcels.csv" + ("（已匹配企业）" if key in linked else "（未匹配企业）") for key in parcels.index
        ],
        amounts=parcels["area_mu"].map("{:.4f} 亩".format).where(parcels["area_mu"].notna(), "面积未知"),
    )
    at = pd.MultiIndex.from_frame(typed[place])
    repeat = typed.loc[~at.isin(pd.MultiIndex.from_frame(keyed[place])), place].assign(
        record_key="", record_state="重复", destination="与另一记录完全相同", amounts=""
    )
    return pd.concat([keyed, repeat], ignore_index=True)


def contract_states(contracts: pd.DataFrame, parcel_of: pd.Series) -> pd.DataFrame:
    """State of every ledger record: tied to a parcel or not."""
    tied = parcel_of.notna()
    return contracts[list(SOURCE_COLUMNS)].assign(
        record_key=contracts["parcel_code"]
        .fillna(contracts["supervision_no"])
        .fillna(contracts["contract_no"])
        .fillna(""),
        record_state=tied.map({True: "采用", False: "未匹配"}).mask(contracts["is_repeated"], "重复"),
        destination=("宗地 " + parcel_of.fillna("").astype(str)).where(tied, "issues.csv"),
        amounts=contracts["price_wan_yuan"].map(_plain).where(contracts["price_wan_yuan"].notna(), ""),
        remark=remarks(contracts, ("remark",)),
    )


def enterprise_states(records: pd.DataFrame, linked: set[str], unmatched: pd.DataFrame) -> pd.DataFrame:
    """State of every enterprise row: taken, unmatched, repeated, conflicting, without year or identity.

    Parameters
    ----------
    records : DataFrame
        Every enterprise row.
    linked : set of str
        Enterprises with a parcel.
    unmatched : DataFrame
        ``enterprise_id``, ``year``, ``parcel_code`` of figures that came to no parcel all the same.
    """
    keys = list(unmatched.columns)
    at = pd.MultiIndex.from_frame(records[keys].assign(parcel_code=records["parcel_code"].fillna("")))
    matched = records["enterprise_id"].isin(linked) & ~at.isin(pd.MultiIndex.from_frame(unmatched))
    state = records["record_state"].where(
        records["record_state"] != "采用", matched.map({True: "采用", False: "未匹配"})
    )
    states = records[list(SOURCE_COLUMNS)].assign(
        record_key=records["enterprise_id"].fillna(""),
        record_state=state,
        destination=state.map({"采用": "years.csv", "未匹配": "ledger.csv（未匹配）"}).fillna(
            "ledger.csv（已排除）"
        ),
        amounts=_amounts(records),
        remark=remarks(records, ("remark",)),
    )
    return _one_a_row(states, records["year"])


def _amounts(records: pd.DataFrame) -> pd.Series:
    """Write every amount of each row, so that what 对账 leaves out can be added up from its rows."""
    told = pd.Series("", index=records.index, dtype="object")
    for field in (one for one in fields_of("enterprises") if one.kind == "money" and one.name in records):
        known = records[field.name].notna()
        said = (
            field.label.partition("(")[0] + " " + records.loc[known, field.name].map(_plain).astype("object")
        )
        told[known] = told[known].where(told[known] == "", told[known] + "，") + said
    return told


def _plain(amount: float) -> str:
    """Write an amount to the cent of a 万元, without zeros that say nothing."""
    return f"{amount:.6f}".rstrip("0").rstrip(".")


def _one_a_row(states: pd.DataFrame, year: pd.Series) -> pd.DataFrame:
    """Make one state of the several years that one row may hold: the worst, with every year's amount."""
    place = list(SOURCE_COLUMNS)
    if not states.duplicated(place).any():
        return states
    rank = states["record_state"].map({name: at for at, name in enumerate(WORST_FIRST)})
    shown = (year.map("{:.0f} 年".format) + states["amounts"]).where(states["amounts"] != "", "")
    told = joined(states.groupby(place, sort=False).ngroup(), shown.where(shown != "", None), by="；")
    worst = states.assign(rank=rank).sort_values("rank", kind="stable").drop_duplicates(place).sort_index()
    at = states.groupby(place, sort=False).ngroup()[worst.index]
    return worst.drop(columns="rank").assign(amounts=at.map(told).astype("object").fillna(""))


def exemption_states(rows: pd.DataFrame) -> pd.DataFrame:
    """State of every register row: tied to a parcel or not; whether it holds stands in ``exemptions.csv``.

    Parameters
    ----------
    rows : DataFrame
        One row a register row × parcel, ``parcel_id`` unknown where it means none, with ``exemption_why``.
    """
    place = list(SOURCE_COLUMNS)
    tied = rows["parcel_id"].notna()
    holds = rows.assign(tied=tied, holds=rows["exemption_holds"].astype(bool)).groupby(place, sort=False)
    one = rows.drop_duplicates(place).set_index(place)
    parcels, good = holds["tied"].sum(), holds["holds"].sum()
    found = parcels > 0
    told = "exemptions.csv（宗地 " + parcels.astype(str) + " 宗，适用 " + good.astype(str) + " 宗）"
    key = one["parcel_code"]
    for name in ("supervision_no", "contract_no", "credit_code", "holder_name"):
        key = key.where(key.notna(), one[name])
    lost = one["exemption_why"].str.contains("找不到|没有").astype(bool)
    return pd.DataFrame(
        {
            "record_key": key.fillna(""),
            "record_state": found.map({True: "采用", False: "未采用"}).mask(~found & lost, "未匹配"),
            "destination": told.where(found, "exemptions.csv（" + one["exemption_why"] + "）"),
            "amounts": "",
        }
    ).reset_index()


def building_states(buildings: pd.DataFrame, parcel_of: pd.Series) -> pd.DataFrame:
    """State of every building record: on parcels, on none, without a shape, or with one that cannot be measured."""
    on = parcel_of.notna()
    drawn = buildings.geometry.notna()
    reliable = buildings["is_reliable"].astype(bool)
    state = on.map({True: "采用", False: "未匹配"}).mask(~drawn, "缺图形")
    told = (
        ("宗地 " + parcel_of.fillna("").astype(str))
        .where(on, "不在任何宗地上")
        .mask(~drawn, "没有图形，落不到宗地")
    )
    return buildings[list(SOURCE_COLUMNS)].assign(
        record_key=buildings["building_no"].fillna("").astype(str),
        record_state=state.mask(drawn & ~reliable, "无法判定（图形不可靠）"),
        destination=told.mask(drawn & ~reliable, "所压宗地的建筑占地、建筑面积未知"),
        amounts="",
        remark=remarks(buildings, ("building_name", "structure")),
    )


def overlay_states(overlays: pd.DataFrame) -> pd.DataFrame:
    """State of every record of the layers laid over the parcels."""
    drawn = overlays.geometry.notna()
    reliable = overlays["is_reliable"].astype(bool)
    return overlays[list(SOURCE_COLUMNS)].assign(
        record_key=overlays["overlay_name"],
        record_state=drawn.map({True: "采用", False: "缺图形"}).mask(
            drawn & ~reliable, "无法判定（图形不可靠）"
        ),
        destination=pd.Series("overlays.csv", index=overlays.index).mask(
            drawn & ~reliable, "所压宗地与该图层的重叠未知"
        ),
        amounts="",
    )


def layout_states(zones: pd.DataFrame) -> pd.DataFrame:
    """State of every layout polygon."""
    drawn = zones.geometry.notna()
    return zones[list(SOURCE_COLUMNS)].assign(
        record_key=zones["zone_code"],
        record_state=drawn.map({True: "采用", False: "缺图形"}),
        destination="zones.csv",
        amounts="",
    )
