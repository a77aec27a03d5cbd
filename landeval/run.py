"""The pipeline on one page: read → tidy → link → measure → judge → place → Result."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS

from landeval import issues
from landeval.basis import Basis
from landeval.errors import ConfigurationError, InputRefusedError, together
from landeval.image_evidence import see, with_images
from landeval.judge.added import operand_of
from landeval.judge.status import judge
from landeval.link.at_cells import at_their_cells
from landeval.link.cells import Headers
from landeval.link.contracts import no_ledger, tie_contracts
from landeval.link.coverage import coverage
from landeval.link.decisions import apply_decisions, no_longer
from landeval.link.descriptions import describe
from landeval.link.doubts import weigh
from landeval.link.enterprises import matched_nothing, tie_enterprises, without_land
from landeval.link.evidence import CONFIRMED, CORRECTED, as_corrected, citing, evidence
from landeval.link.exemptions import tie_exemptions
from landeval.link.keys import keys_of
from landeval.link.money import spread_money
from landeval.link.reviews import tie_reviews
from landeval.link.told_by import ToldBy
from landeval.link.written import with_written
from landeval.link.wrong_units import told_where_written
from landeval.measure.actual_land import actual_land
from landeval.measure.built import LAYER, built_on
from landeval.measure.by_year import by_year, enterprise_measures, of_year
from landeval.measure.footprints import only
from landeval.measure.industry_limit import with_industry_limit
from landeval.measure.intensity import from_layers, of_written, settled
from landeval.measure.operation import not_understood, on_parcels
from landeval.measure.per_mu import credible, with_ratios
from landeval.measure.unused import unused_land
from landeval.picture import Picture
from landeval.placing import on_the_ground
from landeval.project import Project, as_settings, check_units
from landeval.read.picture import read_pictures
from landeval.read.raster import inspect_raster
from landeval.read.source import read_source
from landeval.reconciliation import (
    building_states,
    contract_states,
    enterprise_states,
    every_record,
    exemption_states,
    layout_states,
    overlay_states,
    parcel_states,
    reconcile,
)
from landeval.result import MONEY, ON_FILE, TIED, Result, Step
from landeval.scores import followed, grades_of, indexed
from landeval.settings_words import issues_in, told_in
from landeval.sources import SOURCE_COLUMNS, RawTable, as_inputs, places_only
from landeval.standards.industry_limits import issue_of, plot_ratio_limits
from landeval.standards.rules import Rule, as_frame, holds_from, rulebook, shown, switched_off
from landeval.supply_board import OfRun, make_board
from landeval.tidy.actuals import tidy_actuals
from landeval.tidy.area import legal_area
from landeval.tidy.boundary import tidy_boundary
from landeval.tidy.buildings import Buildings, tidy_buildings
from landeval.tidy.codes import name_key
from landeval.tidy.contracts import tidy_contracts
from landeval.tidy.corrections import Corrected, correct, no_corrections
from landeval.tidy.coverage import uncovered
from landeval.tidy.crs import of_different_systems, old_datum
from landeval.tidy.decisions import tidy_decisions
from landeval.tidy.enterprises import (
    MONEY_COLUMNS,
    former_keys,
    no_enterprises,
    tidy_enterprises,
)
from landeval.tidy.exemptions import tidy_exemptions
from landeval.tidy.gcj02 import questioned
from landeval.tidy.geometry import planar
from landeval.tidy.land_status import tidy_land_status
from landeval.tidy.land_use import is_industrial, is_new_industrial, is_state_owned
from landeval.tidy.layout import tidy_layout
from landeval.tidy.overlays import tidy_overlays
from landeval.tidy.parcels import tidy_parcels
from landeval.tidy.period import period
from landeval.tidy.reviews import NOTES, tidy_reviews
from landeval.tidy.supply import tidy_supply
from landeval.tidy.wrong_table import refuse_another

Progress = Callable[[str, int, int], None]
STEPS = ("读取", "整理", "匹配", "测算", "评判", "落区汇总")


BESIDE = (
    "enterprises", "layout", "buildings", "overlays", "corrections", "decisions", "reviews", "exemptions", "index", "supply", "boundary",
    "targets",
)  # fmt: skip
"""Tables that stand beside the land and its ledger."""


@dataclass
class _Log:
    """Tell progress and remember each step's rows and seconds."""

    progress: Progress | None
    told: Callable[[Step], None] | None = None
    steps: list[Step] = field(default_factory=list)
    since: float = field(default_factory=time.perf_counter)

    def done(self, name: str, rows_in: int, rows_out: int) -> None:
        now = time.perf_counter()
        self.steps.append(Step(name, rows_in, rows_out, now - self.since))
        self.since = now
        if self.told:
            self.told(self.steps[-1])
        if self.progress:
            self.progress(name, len(self.steps), len(STEPS))


# rows are looked up by text, where Arrow is several times as slow
@pd.option_context("mode.string_storage", "python")
def evaluate(
    project: Project, progress: Progress | None = None, *, counted: Callable[[Step], None] | None = None
) -> Result:
    """Run the whole evaluation of a project, without writing anything.

    Parameters
    ----------
    project : Project
        As made by ``landeval.load_project``.
    progress : callable, optional
        Called after each step with its Chinese name, its number and the number of steps.
    counted : callable, optional
        Called after each step with its records in and out and its seconds.

    Returns
    -------
    Result

    Raises
    ------
    LandevalError
        An input or setting that cannot be obeyed; data problems are rows of ``Result.issues`` instead.
    """
    with told_in(project):
        return _evaluated(project, progress, counted)


def _evaluated(project: Project, progress: Progress | None, counted: Callable[[Step], None] | None) -> Result:
    check_units(project)
    rulebook(
        project.as_of or dt.date.today(), project.overrides, project.added_rules
    )  # a mistake is told at once
    log = _Log(progress, counted)

    # read: one raw table a layer or sheet, every value still as written
    raws = _read(project)
    raws, amended = _corrected(raws, project)
    images = [inspect_raster(source) for source in project.sources_of("imagery")]
    every = [raw for group in raws.values() for raw in group]
    log.done("读取", len(every), sum(len(raw.frame) for raw in every))

    # tidy: canonical frames and issues
    parcels, land_tables, found, crs = tidy_parcels(raws["land"], project)
    tables, found = [*land_tables, *amended.tables], [*found, *amended.issues]
    ledgers: list[pd.DataFrame] = []
    if raws["contracts"]:
        contracts, more, noted = tidy_contracts(raws["contracts"], project)
        tables, found, ledgers = tables + more, found + noted, [contracts]
    certificates = parcels[["certificate_no", "parcel_code"]]
    firms = (
        tidy_enterprises(raws["enterprises"], project, certificates)
        if raws["enterprises"]
        else no_enterprises(project)
    )
    tables, found = tables + firms.tables, found + firms.issues
    decided = tidy_decisions(raws["decisions"], project)
    reviews, register = tidy_reviews(raws["reviews"], project), tidy_exemptions(raws["exemptions"], project)
    survey, actuals = tidy_land_status(raws["index"], project), tidy_actuals(raws["targets"], project)
    stock, boundary = tidy_supply(raws["supply"], project), tidy_boundary(raws["boundary"], project)
    for one in (decided, reviews, register, survey, actuals, stock, boundary):
        tables, found = [*tables, *one.tables], [*found, *one.issues]
    crs = crs | stock.crs | boundary.crs
    zones = None
    if raws["layout"]:
        zones, more, noted, zone_crs = tidy_layout(raws["layout"], project)
        tables, found, crs = tables + more, found + noted, crs | zone_crs
    standing, halls = None, None
    if raws["buildings"]:
        standing = tidy_buildings(raws["buildings"], project)
        sound = standing.frame["is_reliable"].to_numpy(dtype=bool)
        halls = only(np.asarray(standing.frame.geometry, dtype=object), sound)
        tables, found, crs = tables + standing.tables, found + standing.issues, crs | standing.crs
    layers = tidy_overlays(raws["overlays"], project) if raws["overlays"] else None
    if layers is not None:
        tables, found, crs = tables + layers.tables, found + layers.issues, crs | layers.crs
    drawn = [np.asarray(frame.geometry, dtype=object) for frame in (parcels, zones) if frame is not None]
    found += [part for image in images for part in (image.issues, uncovered(parcels, image))]
    doubts = questioned(raws["land"], raws["layout"], *drawn, buildings=raws["buildings"], standing=halls)
    found = [*found, of_different_systems(crs), doubts]
    columns = pd.concat([table.columns for table in tables], ignore_index=True)
    set_aside = [table.set_aside for table in tables]
    of_land = pd.concat([table.frame[list(SOURCE_COLUMNS)] for table in land_tables]).copy()
    log.done("整理", sum(len(raw.frame) for raw in every), len(parcels) + len(firms.records))
    # of what was read only the places of the records are asked for any more: a third of the memory
    raws = {name: list(map(places_only, group)) for name, group in raws.items()}
    every = [raw for group in raws.values() for raw in group]
    amended = amended._replace(raws=[])
    firms = firms._replace(tables=[])
    del tables, land_tables, halls, drawn

    # link: ledger to parcels, enterprises to parcels, money over land
    ledger, numbers = no_ledger(), None
    states = [amended.states, decided.states, reviews.states, survey.states]
    if raws["contracts"]:
        tied = tie_contracts(parcels, contracts)
        parcels, ledger, numbers, found = tied.parcels, tied.ledger, tied.numbers, [*found, tied.issues]
        states.append(contract_states(contracts, tied.parcel_of))
    parcels, area_notes = legal_area(parcels)
    reviewed = tie_reviews(reviews.frame, parcels, NOTES)
    keys = keys_of(
        parcels["holder_name"].map(name_key),
        firms.enterprises,
        former_keys(firms.enterprises),
        firms.years,
    )
    applied = apply_decisions(decided.frame, parcels, firms.enterprises, keys.called)
    tied_firms = tie_enterprises(
        parcels, firms.enterprises, keys, applied.pairs, project.linking.near_threshold
    )
    links = tied_firms.links
    exemptions = tie_exemptions(
        register.frame, parcels, links, firms.enterprises, keys.called, keys.holders, numbers
    )
    money = spread_money(
        firms.years, firms.records, links, parcels["parcel_code"], MONEY_COLUMNS, tied_firms.partly
    )
    linked = links[links["state"].isin(TIED)]
    found = [
        *found,
        area_notes,
        applied.issues,
        no_longer(applied.pairs, links),
        reviewed.issues,
        tied_firms.issues,
        exemptions.issues,
        money.issues,
        without_land(firms.records, set(linked["enterprise_id"])),
    ]
    log.done("匹配", len(parcels) + len(firms.enterprises), len(links))

    # measure: per-mu of parcels and enterprises, by year
    year, as_of, period_notes = period(project, firms.years)
    covered, coverage_notes = coverage(
        parcels,
        firms.enterprises,
        links,
        money.allocated,
        money.ledger,
        year,
        pass_share=project.linking.pass_share,
        explain_share=project.linking.explain_share,
    )
    found = [*found, period_notes, *([coverage_notes] if raws["enterprises"] else [])]
    rules = rulebook(as_of, project.overrides, project.added_rules)
    parcels, parcel_years, ratios, absurd = _measured(parcels, money.parcel_years, year, project)
    measure_notes = told_where_written(absurd, parcels, money.allocated, firms.records, columns)
    parcels, parcel_of, built_notes = _built_on(parcels, standing, rules)
    of_buildings = [] if standing is None else [building_states(standing.frame, parcel_of), standing.states]
    standing = None  # its outlines are not asked for any more
    found = [*found, measure_notes, *built_notes]
    parcels = parcels.assign(**describe(parcels, firms.enterprises, linked))
    land = actual_land(linked, parcels["area_mu"], firms.years, year, firms.enterprises.index)
    enterprises = enterprise_measures(firms.enterprises, firms.years, land, year)
    now = firms.records[firms.records["year"].isna() | (firms.records["year"] == year)]
    states_of_land = parcels.assign(record_key=parcels.index)
    found += [
        not_understood(now.assign(record_key=now["enterprise_id"].fillna(""))),
        not_understood(states_of_land),
    ]
    parcels = parcels.assign(**on_parcels(parcels, enterprises, linked))
    if "control.plot_ratio" in rules:
        limits = plot_ratio_limits(
            enterprises["industry_code"],
            issue_of(enterprises["industry_code_year"], project.industry_code_year, year or as_of.year),
            as_of,
            project.limit_tables,
        )
        parcels = parcels.assign(**with_industry_limit(parcels, limits, linked))
    log.done("测算", len(parcel_years), len(parcels))

    # judge: findings, class, route
    plain = pd.DataFrame(parcels.drop(columns="geometry"))
    wanted = tuple(operand_of(rule.quantity) for rule in rules.values() if rule.effect)
    proof = evidence(
        parcels, money.allocated, firms.records, ledger, columns, year, MONEY, also=(*wanted, *ON_FILE)
    )
    corrections = issues.gather(amended.issues)
    corrections = corrections[corrections["code"].isin((CORRECTED, CONFIRMED))]
    proof = as_corrected(citing(proof, from_layers(parcels)), corrections, columns)
    in_doubt, enterprises = issues.doubts(issues.gather(found)), enterprises.assign(doubts="")
    if len(in_doubt):
        headers = Headers(columns)
        told_by = ToldBy(firms.records, headers, year)
        in_doubt = at_their_cells(in_doubt, plain, ledger, told_by, linked, headers)
        doubted = weigh(in_doubt, corrections, proof, told_by, linked, columns)
        proof, plain = doubted.proof, plain.assign(doubts=doubted.parcels)
        enterprises = enterprises.assign(doubts=doubted.enterprises.reindex(enterprises.index, fill_value=""))
        del told_by, in_doubt, doubted
    basis = Basis(
        plain,
        ratios,
        proof,
        year,
        as_of,
        project.switches,
        project.overrides,
        project.added_rules,
        exemptions.rows,
    )
    judged = judge(**basis.asked(rules))
    found = [*found, *judged.issues]
    graded = grades_of(project, firms, enterprises, linked, parcels["area_mu"], year, as_of)
    found = [*found, *([graded.issues] if graded else [])]
    log.done("评判", len(parcels), len(judged.findings))

    # place: three levels and their roll-ups, blocks of candidates, layers laid over
    grades = graded.grades if graded else pd.DataFrame()
    ground = on_the_ground(
        parcels, judged.status, links, grades, zones, None if layers is None else layers.frame, project
    )
    parcels, found = ground.parcels, [*found, *ground.issues]
    seen, noted_of_images = see(
        project.sources_of("imagery"),
        images,
        parcels,
        judged.status,
        rules,
        year,
        as_of,
        accept_ballpark=project.accept_ballpark,
    )
    found.append(noted_of_images)
    parcels, status = with_images(parcels, judged.status, seen)
    used, told_of_index = indexed(
        project, survey, parcels, judged.status, proof["actual_completion"] != "", rules, year, as_of
    )
    found.append(told_of_index)
    supply = None
    if raws["supply"] or raws["boundary"]:
        of_run = OfRun(parcels, judged.status["status"], judged.findings, proof["actual_start"])
        supply, unsettled = make_board(
            stock, boundary, rules, project.supply_tiers, as_of, project.switches, run=of_run, zones=zones
        )
        found = [*found, unsettled]
    board = None
    if raws["targets"]:
        states.append(actuals.states)
        board, noted = followed(
            project, actuals.frame, parcels, ground.zones, enterprises, firms, year, as_of
        )
        found = [*found, *noted]
    pictures: tuple[Picture, ...] = ()
    if project.map_settings.imagery:
        outlines = np.asarray(parcels.geometry, dtype=object)
        datums = [old_datum(CRS.from_wkt(image.crs)) for image in images]
        pictures = read_pictures(project.sources_of("imagery"), images, outlines, datums)
    log.done("落区汇总", len(parcels), len(ground.zones))

    # account for every record and every problem
    headers = Headers(columns)
    moved = at_their_cells(
        issues.gather(found), plain, ledger, ToldBy(firms.records, headers, year), linked, headers
    )
    told = with_written(issues.ordered([moved]), [*ledgers, firms.records, register.frame], columns)
    told = issues_in(issues.addressed(told, columns), project)
    states.append(parcel_states(parcels, of_land, set(linked["parcel_id"])))
    if raws["enterprises"]:
        states.append(enterprise_states(firms.records, set(linked["enterprise_id"]), money.unmatched))
    if raws["exemptions"]:
        states.append(exemption_states(judged.exemptions.query("exemption_source == '豁免登记'")))
    states += [stock.states, boundary.states]
    if zones is not None:
        states.append(layout_states(zones))
    if layers is not None:
        states.append(overlay_states(layers.frame))
    states += of_buildings
    accounted = reconcile(every_record(every, set_aside), states, told)
    return Result(
        parcels=parcels,
        enterprises=enterprises,
        years=firms.years,
        parcel_years=parcel_years,
        links=links,
        findings=judged.findings,
        status=status,
        zones=ground.zones,
        structure=ground.structure,
        blocks=ground.blocks,
        overlays=ground.overlays,
        **({} if layers is None else {"overlay_shapes": layers.frame}),
        placing=project.placing,
        map_settings=project.map_settings,
        pictures=pictures,
        issues=told,
        reconciliation=accounted,
        ledger=money.ledger,
        coverage=covered,
        decisions=decided.frame,
        reviews=reviewed.frame,
        review_record=reviews.record,
        calendar=judged.calendar,
        exemptions=judged.exemptions,
        basis=basis,
        **({"grades": graded.grades, "grade_items": graded.items} if graded else {}),
        scheme=project.grading,
        index=used,
        supply=supply,
        board=board,
        imagery=seen,
        rules=as_frame((*rules.values(), *switched_off(as_of, project.overrides, project.added_rules))),
        year=year,
        as_of=as_of,
        title=project.title,
        currency=project.currency,
        steps=tuple(log.steps),
        meta={
            "remark": matched_nothing(parcels, firms.enterprises, links),
            "settings": as_settings(project),
            "inputs": [*as_inputs(every, crs, columns), *(image.facts for image in images)],
        },
    )


def _read(project: Project) -> dict[str, list[RawTable]]:
    """Read every source; a ledger without parcels is itself the land."""
    land = project.sources_of("parcels") or project.sources_of("contracts")
    if not land:
        raise ConfigurationError(
            "没有宗地，也没有供地台账",
            remedy="请用 --parcels 或 --contracts 指定，或在参数表“宗地图层”或“供地台账”一节的“文件”写上文件名（landeval.toml 的 [parcels] 或 [contracts]）",
            code="E612",
        )
    wanted = {
        "land": land,
        "contracts": project.sources_of("contracts") if project.sources_of("parcels") else (),
        **{name: project.sources_of(name) for name in BESIDE},
    }
    found: dict[str, list[RawTable]] = {name: [] for name in wanted}
    refused: list[InputRefusedError] = []
    for name, sources in wanted.items():
        for source in sources:
            try:
                given = read_source(source)
                refuse_another(given)
                for raw in given:  # what comes with --review may be either
                    found[raw.source.table if name == "decisions" else name].append(raw)
            except InputRefusedError as error:
                refused.append(error)
    if refused:
        raise together(refused)
    return found


def _corrected(
    raws: dict[str, list[RawTable]], project: Project
) -> tuple[dict[str, list[RawTable]], Corrected]:
    """Put the corrections into the tables they speak of, before anything is read from a cell."""
    if not raws["corrections"]:
        return raws, no_corrections()
    said = ("corrections", "decisions", "reviews")
    names = [name for name in raws if name not in said]
    amended = correct([raw for name in names for raw in raws[name]], raws["corrections"], project)
    changed = iter(amended.raws)
    return {
        **{name: [next(changed) for _ in raws[name]] for name in names},
        **{name: raws[name] for name in said},
    }, amended


def _measured(
    parcels: gpd.GeoDataFrame,
    sums: pd.DataFrame,
    year: int | None,
    project: Project,
) -> tuple[gpd.GeoDataFrame, pd.DataFrame, dict[int, pd.DataFrame], pd.DataFrame]:
    """Give parcels their figures of the year, and every year its ratios; last, those that are not believed."""
    parcel_years = with_ratios(sums, sums["parcel_id"].map(parcels["area_mu"]).astype("float64"))
    parcel_years, absurd = credible(parcel_years)
    ratios = by_year(parcel_years)
    parcels = parcels.join(of_year(ratios, year, parcels.index))
    parcels = parcels.assign(
        is_operating=(parcels["output_wan_yuan"] > 0) | (parcels["tax_wan_yuan"] > 0),
        is_industrial=is_industrial(parcels["land_use"], project.switches.industrial_words),
        is_state_owned=is_state_owned(parcels),
    )
    new = is_new_industrial(parcels, holds_from("dongkou.tax", project.overrides))
    return parcels.assign(is_new_industrial=new), parcel_years, ratios, absurd


def _built_on(
    parcels: gpd.GeoDataFrame, standing: Buildings | None, rules: Mapping[str, Rule]
) -> tuple[gpd.GeoDataFrame, pd.Series, list[pd.DataFrame]]:
    """Measure what stands on the parcels, fill in what is not written, and take the ratios of both."""
    figures, noted = pd.DataFrame(index=parcels.index), issues.empty()
    parcel_of, how = pd.Series(dtype="object"), ""
    if standing is not None:
        shapes = np.asarray(parcels.geometry, dtype=object)
        measured = parcels["area_measured_m2"].notna().to_numpy(dtype=bool)
        land, drawn = planar(only(shapes, measured), np.asarray(standing.frame.geometry, dtype=object))
        built = built_on(parcels, land, standing.frame, drawn)
        figures, parcel_of, noted = built.figures, built.parcel_of, built.issues
        setback, width = (rules.get(f"lowuse.{name}") for name in ("setback_m", "least_width_m"))
        if setback and width:
            asked = (parcels["is_industrial"] != False) | parcels["yard_m2"].notna()  # noqa: E712 (three-valued)
            unused = unused_land(
                land, built.pieces, setback_m=float(setback.number), least_width_m=float(width.number),
                wanted=asked.to_numpy(dtype=bool),
            )  # fmt: skip
            figures = figures.assign(unused_most_m2=np.where(built.is_measurable, unused, np.nan))
            how = f"{LAYER}推算，退让 {shown(setback.number)} 米、宽 {shown(width.number)} 米以上，绿化未扣，须核实"
    columns, told = settled(parcels, figures, how)
    parcels = parcels.copy().assign(
        **columns
    )  # in one block again: some hundred columns were added one by one
    return parcels.assign(**of_written(parcels)), parcel_of, [noted, told]
