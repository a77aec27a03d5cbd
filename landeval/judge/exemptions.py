"""What each parcel is exempt from: masks by scope, the findings they switch off, and what is said of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from landeval import issues
from landeval.judge.causes import ENTERPRISE, GOVERNMENT, cause_of
from landeval.judge.exemption_rows import (
    COLUMNS,
    IDLE,
    LINES,
    LOW_USE,
    OUTPUT,
    SCOPES,
    TAX,
    judge_rows,
)
from landeval.judge.findings import NOT_APPLICABLE, Finding, Texts, dates
from landeval.judge.lines import LINES as PLAN
from landeval.judge.reasons import together
from landeval.result import MONEY
from landeval.sources import SOURCE_COLUMNS
from landeval.standards.rules import Rule

Mask = npt.NDArray[np.bool_]
EXEMPT = "豁免"
QUANTITIES = {"output_wan_yuan_per_mu": OUTPUT, "tax_wan_yuan_per_mu": TAX}
GOVERNMENT_RULE = "exemption.government"
REST = "；豁免范围以外未发现闲置或不达标"


class Exemptions(NamedTuple):
    """What the parcels are exempt from, in the order of the parcels.

    Attributes
    ----------
    masks : Mapping
        Scope (闲置, 低效, 亩均, 产值, 税收) → array of bool.
    notes : Mapping
        Scope → array of text: what a finding that is switched off says.
    told : array of text
        All that holds of a parcel, each with evidence, last day and days left; empty where nothing holds.
    clause : array of text
        The kinds' citations with their caveat.
    government : DataFrame
        Index ``parcel_id``: ``reason`` and ``evidence`` of the government's causes that hold.
    table : DataFrame
        ``COLUMNS``: every exemption × parcel with whether it holds and why.
    issues : DataFrame
    """

    masks: Mapping[str, Mask]
    notes: Mapping[str, Texts]
    told: Texts
    clause: Texts
    government: pd.DataFrame
    table: pd.DataFrame
    issues: pd.DataFrame

    @property
    def from_idle(self) -> Mask:
        """Parcels to which the law on idle land is not applied: only by a written conclusion of the office."""
        return self.masks[IDLE]

    @property
    def from_money(self) -> dict[str, Mask]:
        """Parcels for which nobody needs a figure of money, by its name: all that reads it is switched off."""
        both = self.masks[LINES] & self.masks[LOW_USE]
        narrow = {"output_wan_yuan": self.masks[OUTPUT], "tax_wan_yuan": self.masks[TAX]}
        return {name: both | narrow.get(name, both) for name in MONEY}

    def spare(self, findings: Sequence[Finding]) -> list[Finding]:
        """Switch off what the parcels are exempt from: verdict 不适用 with the exemption; figures stay."""
        if not any(mask.any() for mask in self.masks.values()):
            return list(findings)
        spared = []
        for one in findings:
            reason, verdict = one.reason.copy(), one.verdict.copy()
            for scope in _scopes_of(one.rule):
                rows = np.flatnonzero(self.masks[scope] & (one.verdict != NOT_APPLICABLE))
                reason[rows], verdict[rows] = self.notes[scope][rows], NOT_APPLICABLE
            spared.append(replace(one, reason=reason, verdict=verdict))
        return spared

    def spares_lines(self, is_judged: pd.Series) -> Mask:
        """Tell whose lines are switched off, all or one; where no line applies, any exemption but from the idle law."""
        lines = self.masks[LINES] | self.masks[OUTPUT] | self.masks[TAX]
        return np.asarray(np.where(is_judged, lines, lines | self.masks[LOW_USE]), dtype=bool)

    def applied(self, parcels: pd.DataFrame) -> pd.DataFrame:
        """Write beside each parcel what holds of it: the exemption that ends first, and the government's cause.

        A cause speaks where the ledger names none, or names it without proof. Where the ledger names the holder's
        own cause both are written down, so that the cause is 待认定.
        """
        holding = self.table[self.table["exemption_holds"].astype(bool)]
        if len(self.table):
            first = holding.sort_values("exemption_ends_on", kind="stable").drop_duplicates("parcel_id")
            first = first.set_index("parcel_id").reindex(parcels.index)
            here = parcels.index.isin(holding["parcel_id"])
            parcels = parcels.assign(
                exemption_reason=parcels["exemption_reason"].mask(here, _said(first)),
                exemption_evidence=parcels["exemption_evidence"].mask(here, first["exemption_evidence"]),
                exemption_until=first["exemption_ends_on"],  # what does not hold has no end to watch
            )
        if not len(self.government):
            return parcels
        at = self.government.reindex(parcels.index).astype("object")
        held = at["reason"].notna()
        said = cause_of(parcels["idle_cause"])
        blank = held & parcels["idle_cause"].isna()
        same = held & (said == GOVERNMENT) & parcels["cause_evidence"].isna()
        against = _against(held, said)
        cause = parcels["idle_cause"].mask(blank, "政府原因：" + at["reason"])
        cause = cause.mask(
            against, cause.fillna("").astype("object") + "；豁免登记为政府原因：" + at["reason"]
        )
        proof = parcels["cause_evidence"].mask(blank | same, at["evidence"])
        return parcels.assign(idle_cause=cause, cause_evidence=proof)

    def decides(self, status: pd.Series, facts: pd.DataFrame) -> Mask:
        """Tell whose class 豁免 rests on an exemption, and not on a start or completion still to come."""
        waiting = facts["is_not_due"] | facts["is_under_construction"]
        mask: Mask = np.asarray((status == EXEMPT) & ~waiting & (self.told != ""), dtype=bool)
        return mask

    def deciding(self, status: pd.Series, facts: pd.DataFrame) -> pd.Series:
        """Tell the exemptions that decide a class; empty elsewhere."""
        everything = np.logical_and.reduce([self.masks[scope] for scope in (IDLE, LOW_USE, LINES)])
        own = self.told + np.where(everything | self.from_idle, "", REST).astype(object)
        said = np.where(self.decides(status, facts), own, "")
        return pd.Series(said, index=status.index, dtype="object")

    def beside(self, reasons: pd.Series, status: pd.Series, facts: pd.DataFrame) -> pd.Series:
        """Tell the exemptions that hold of a parcel beside what decided its class without them."""
        more = (self.told != "") & ~self.decides(status, facts)
        said = np.where(more, "另有" + self.told, "").astype(object)
        return pd.Series(together(reasons, said), dtype="object")

    def clauses(self, clauses: pd.Series, status: pd.Series, facts: pd.DataFrame) -> pd.Series:
        """Cite the kinds of exemption where they decide."""
        cited = np.where(self.decides(status, facts), self.clause, clauses)
        return pd.Series(cited, index=clauses.index, dtype="object")


def exempt(
    parcels: pd.DataFrame,
    as_of: pd.Timestamp,
    rules: Mapping[str, Rule],
    register: pd.DataFrame | None = None,
) -> Exemptions:
    """Find what every parcel is exempt from, by the register and by what is written beside the parcels.

    Of several exemptions of a parcel all are considered: it is exempt from what any of them covers, the one
    with the widest scope is named first, and the order of rows does not matter.

    Parameters
    ----------
    parcels : DataFrame
        Index ``parcel_id``; ``exemption_reason``, ``exemption_evidence``, ``exemption_until``, ``unsure_dates``,
        ``idle_decision_no``, ``idle_cause``, ``production_started_on``.
    as_of : Timestamp
    rules : Mapping
        ``exemption.*``.
    register : DataFrame, optional
        As made by ``tie_exemptions``, one row a register row × parcel.
    """
    rows, scopes, problems = judge_rows(parcels, as_of, rules, register)
    holds = np.flatnonzero(scopes.any(axis=1))
    order = np.lexsort((holds, -scopes[holds].sum(axis=1)))
    rank = holds[order]
    at = parcels.index.get_indexer(pd.Index(rows["parcel_id"].iloc[rank]))
    masks = {scope: np.zeros(len(parcels), dtype=bool) for scope in SCOPES}
    notes: dict[str, Texts] = {scope: np.full(len(parcels), "", dtype=object) for scope in SCOPES}
    short = _short(rows).to_numpy(dtype=object)[rank]
    for number, scope in enumerate(SCOPES):
        hit = scopes[rank, number]
        masks[scope][at[hit]] = True
        notes[scope][at[hit][::-1]] = short[hit][::-1]
    full = _full(rows).to_numpy(dtype=object)[rank]
    cited = (rows["document"] + rows["clause"] + _bracketed(rows["basis"])).to_numpy(dtype=object)[rank]
    government = rows[(rows["rule_id"] == GOVERNMENT_RULE) & rows["exemption_holds"]]
    government = government.drop_duplicates("parcel_id").set_index("parcel_id")
    government = pd.DataFrame(
        {"reason": _said(government), "evidence": government["exemption_evidence"]}, index=government.index
    )
    clash = _against(government["reason"].reindex(parcels.index).notna(), cause_of(parcels["idle_cause"]))
    noted = issues.report(
        "E428",
        parcels.loc[clash, list(SOURCE_COLUMNS)],
        raw=parcels.loc[clash, "idle_cause"],
        detail=government["reason"].reindex(parcels.index[clash]),
        key=parcels.index[clash],
    )
    return Exemptions(
        masks=masks,
        notes=notes,
        told=_gathered(at, full, len(parcels)),
        clause=_gathered(at, cited, len(parcels)),
        government=government,
        table=rows[list(COLUMNS)],
        issues=issues.gather([problems, noted]),
    )


def _against(held: pd.Series, said: pd.Series) -> pd.Series:
    return held & (said == ENTERPRISE)


def _scopes_of(rule: Rule) -> tuple[str, ...]:
    """Return the scopes by which a rule's finding can be switched off, the narrowest first."""
    if rule.rule_id.startswith("idle."):
        return (IDLE,)
    if rule.effect == "note":
        return ()
    whole = LINES if rule.rule_id in PLAN or rule.effect == "line" else LOW_USE
    narrow = QUANTITIES.get(rule.quantity)
    return (narrow, whole) if narrow else (whole,)


def _gathered(at: npt.NDArray[np.intp], texts: Texts, size: int) -> Texts:
    """Join the different texts of each parcel in the order given."""
    told: Texts = np.full(size, "", dtype=object)
    for place, text in zip(at.tolist(), texts.tolist(), strict=True):
        if text not in told[place].split("；"):
            told[place] = f"{told[place]}；{text}" if told[place] else text
    return told


def _said(rows: pd.DataFrame) -> pd.Series:
    """Return the reason as written, else the kind as written, else the kind."""
    said = rows["exemption_reason"].where(rows["exemption_reason"].notna(), rows["exemption_kind"])
    return said.where(said.notna(), rows["rule_label"]).astype("object")


def _short(rows: pd.DataFrame) -> pd.Series:
    """Write an exemption as 豁免：公用设施（依据 …）, with the office's own words where they are others."""
    said, kind = _said(rows), rows["rule_label"].astype("object")
    named = kind.where(kind == said, kind + "（" + said + "）")
    return "豁免：" + named + "（依据 " + rows["exemption_evidence"].fillna("").astype("object") + "）"


def _full(rows: pd.DataFrame) -> pd.Series:
    """Write an exemption with what it covers and until when; days left where it ends soon."""
    text = _short(rows) + "，不评价" + rows["exemption_effect"]
    ends = dates(rows["exemption_ends_on"])
    left = rows["exemption_days_left"].map("{:.0f}".format).astype("object")
    text = text + ("，豁免至 " + ends).where(ends != "", "")
    soon = ("，还有 " + left + " 天").mask(rows["exemption_days_left"] == 0, "，当日到期")
    return text + soon.where(rows["exemption_due"] != "", "")


def _bracketed(caveat: pd.Series) -> pd.Series:
    text = caveat.fillna("").astype("object")
    return ("［" + text + "］").where(text != "", "")
