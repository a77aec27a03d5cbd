"""Images on one page: open → measure → compare dates → suggest → ask → pictures. Called after the verdicts, so it decides none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import partial

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS, Transformer

from landeval import issues
from landeval.imagery import (
    BANDS,
    COLOUR,
    FEW,
    HUGE,
    LOST,
    OFF,
    PART,
    SPECTRAL,
    VEILED,
    Chip,
    Imagery,
    Scene,
    kinds_of,
)
from landeval.judge.image_witness import Image, dated_pairs, witness
from landeval.judge.imagery import is_usable, questions, told_change
from landeval.measure.chips import chips
from landeval.measure.footprints import only
from landeval.measure.image_change import image_changes
from landeval.measure.imagery import FIGURES, in_pixels, measure
from landeval.measure.spectral import Cover
from landeval.read.scene import open_scene
from landeval.sources import SOURCE_COLUMNS, Raster, Source
from landeval.standards.rule import Rule
from landeval.tidy.crs import CGCS2000, old_datum
from landeval.tidy.transformers import transformer

Shapes = npt.NDArray[np.object_]
DENSE = 0.005
"""Degrees: longer edges get points between, for a straight line bends by some millimetres on another map."""
SHOWN = 300
"""Candidates of which pictures are made, the most urgent first."""
BESIDE = (
    "image_evidence", "image_reason", "image_change", "image_taken", "image_file", "image_state", "ndvi_mean",
    "image_built_share", "image_bare_share", "image_vegetated_share",
)  # fmt: skip
"""Columns that parcels get."""
TOLD = {PART: "E563", FEW: "E564", LOST: "E565", HUGE: "E572", VEILED: "E573"}
"""States of a parcel in an image that are told; that it lies outside is told of every image anyway."""


def see(
    sources: Sequence[Source],
    rasters: Sequence[Raster],
    parcels: gpd.GeoDataFrame,
    status: pd.DataFrame,
    rules: Mapping[str, Rule],
    year: int | None,
    as_of: dt.date,
    *,
    accept_ballpark: bool,
) -> tuple[Imagery | None, pd.DataFrame]:
    """Measure the parcels in every image with named bands, and say what that suggests.

    Parameters
    ----------
    sources, rasters
        Images as named by the project and as inspected, in one order.
    parcels : GeoDataFrame
        Index ``parcel_id``, EPSG:4490.
    status : DataFrame
        Verdicts: ``status``, ``is_candidate``, ``priority``.
    rules : Mapping
        In force; of them ``imagery.*``.
    year, as_of
        Data year and day of judgement.
    accept_ballpark : bool
        Measure in an image of an old datum although parcels may stand tens of metres off in it.

    Returns
    -------
    Imagery or None, DataFrame of issues
        None where no image can be measured in.
    """
    told: list[pd.DataFrame] = []
    used: list[tuple[Source, Raster]] = []
    for source, raster in zip(sources, rasters, strict=True):
        if not kinds_of(raster.bands):
            continue
        datum = old_datum(CRS.from_wkt(raster.crs))
        if datum and not accept_ballpark:
            told.append(issues.report_file("E571", raster.name, detail=datum))
            continue
        used.append((source, raster))
    if not used:
        return None, issues.gather(told)
    used.sort(key=lambda pair: (pair[1].taken or "9999", pair[1].name))
    reliable = parcels["area_measured_m2"].notna().to_numpy(dtype=bool)
    shapes = only(np.asarray(parcels.geometry, dtype=object), reliable)
    with ExitStack() as stack:
        scenes: list[Scene] = [stack.enter_context(open_scene(source, raster)) for source, raster in used]
        placed = placed_in(shapes, scenes)
        found = measured_in(placed, scenes, rules)
        figures = [frame.set_index(parcels.index) for frame in found]
        pictures, unshown = _pictures(parcels, status, placed, scenes, used, as_of)
    images = [_image(raster, scene) for (_, raster), scene in zip(used, scenes, strict=True)]
    for (_, raster), frame in zip(used, figures, strict=True):
        told += _told(parcels, frame, raster)
        if raster.taken and not is_usable(raster.taken, as_of):
            told.append(issues.report_file("E569", raster.name, detail=raster.taken))
    pairs = dated_pairs(images)
    changes = []
    for one, other in pairs:
        change = image_changes(figures[one], figures[other])
        same_brightness = scenes[one].brightest == scenes[other].brightest
        if not same_brightness:  # each is a share of its own largest value
            change = change.assign(brightness_change=np.nan)
        changes.append(change.assign(image_change=told_change(change, rules)))
        before, after = images[one], images[other]
        if not same_brightness or any(
            before[name] != after[name] for name in ("image_pixel_m", "image_bands")
        ):
            files = f"{before['image_file']}，{after['image_file']}"
            told.append(issues.report_file("E570", after["image_file"], detail=files))
    evidence = witness(images, figures, pairs, changes, rules, as_of)
    asked, problems = questions(
        pd.DataFrame(parcels.drop(columns="geometry")), status["status"], evidence, year
    )
    told.append(problems)
    return (
        Imagery(
            pd.DataFrame(images),
            _long(images, figures),
            _long_pairs(images, pairs, changes),
            evidence.assign(image_question=asked),
            tuple(pictures),
            unshown,
        ),
        issues.gather(told),
    )


def with_images(
    parcels: gpd.GeoDataFrame, status: pd.DataFrame, seen: Imagery | None
) -> tuple[gpd.GeoDataFrame, pd.DataFrame]:
    """Put what the latest image shows beside the parcels, and its question beside the other questions."""
    if seen is None:
        return parcels, status
    asked = seen.evidence["image_question"]
    former = status["questions"]
    both = (former.fillna("") + np.where((former.fillna("") != "") & (asked != ""), "；", "") + asked).where(
        asked != "", former
    )
    return parcels.join(seen.evidence[list(BESIDE)]).copy(), status.assign(questions=both)


def placed_in(shapes: Shapes, scenes: Sequence[Scene]) -> list[Shapes]:
    """Bring the parcels to the pixels of every image; images of one grid share them."""
    by_grid: dict[object, Shapes] = {}
    for scene in scenes:
        if scene.grid not in by_grid:
            moved = shapes
            crs = CRS.from_wkt(scene.grid.crs)
            if crs != CGCS2000:
                forward = partial(_forward, transformer(CGCS2000, crs))
                moved = np.asarray(
                    shapely.transform(shapely.segmentize(shapes, DENSE), forward), dtype=object
                )
            placed = in_pixels(moved, scene.grid)
            finite = np.asarray(
                np.isfinite(shapely.bounds(placed)).all(axis=1), dtype=bool
            )  # beyond what the image's map can show
            by_grid[scene.grid] = only(placed, finite)
    return [by_grid[scene.grid] for scene in scenes]


def _forward(by: Transformer, points: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.column_stack(by.transform(points[:, 0], points[:, 1]))


def cover_of(rules: Mapping[str, Rule]) -> Cover:
    """Return the thresholds of land cover."""
    names = ("ndvi_vegetated", "ndwi_water", "redness_bare", "height_built")
    return Cover(**{name: float(rules[f"imagery.{name}"].number) for name in names})


def measured_in(
    placed: Sequence[Shapes], scenes: Sequence[Scene], rules: Mapping[str, Rule]
) -> list[pd.DataFrame]:
    """Measure in the images of one grid together."""
    least = {name: float(rules[f"imagery.{name}"].number) for name in ("least_pixels", "least_valid")}
    cover = cover_of(rules)
    found: dict[int, pd.DataFrame] = {}
    for grid in dict.fromkeys(scene.grid for scene in scenes):
        same = [at for at, scene in enumerate(scenes) if scene.grid == grid]
        frames = measure(
            placed[same[0]],
            [scenes[at] for at in same],
            cover,
            **least,
        )
        found.update(zip(same, frames, strict=True))
    return [found[at] for at in range(len(scenes))]


def _image(raster: Raster, scene: Scene) -> Image:
    """Describe an image: what it can be compared with is of the same kind."""
    a, b, _, d, e, _ = scene.grid.affine
    return {
        "image_file": raster.name,
        "image_taken": raster.taken,
        "image_kind": "、".join(kinds_of(scene.bands)),
        "image_bands": "、".join(said for name, said in BANDS.items() if name in scene.bands),
        "image_pixel_m": _metres(scene, (abs(a * e - b * d)) ** 0.5),
        "image_crs": CRS.from_wkt(raster.crs).name,
    }


def _metres(scene: Scene, side: float) -> float:
    """Return a pixel's side [m], rounded to millimetres; of an image in degrees along the meridian."""
    crs = CRS.from_wkt(scene.grid.crs)
    return round(
        side * (111_320.0 if crs.is_geographic else float(crs.axis_info[0].unit_conversion_factor)), 3
    )


def _told(parcels: gpd.GeoDataFrame, frame: pd.DataFrame, raster: Raster) -> list[pd.DataFrame]:
    place, found = pd.DataFrame(parcels[list(SOURCE_COLUMNS)]), []
    for state, code in TOLD.items():
        is_so = (frame["image_state"] == state).to_numpy()
        if not is_so.any():
            continue
        rows = place[is_so]
        share = frame.loc[is_so, "image_covered_share" if state == PART else "image_valid_share"]
        detail = share.map(lambda value: f"{value:.1%}") if state in (PART, VEILED) else ""
        found.append(issues.report(code, rows, raw=raster.name, detail=detail, key=rows.index))
    return found


def _long(images: Sequence[Image], figures: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Return one row a parcel × image, without the parcels that lie outside it."""
    parts = [
        frame.rename_axis("parcel_id").reset_index().assign(**image)
        for image, frame in zip(images, figures, strict=True)
    ]
    table = pd.concat(parts, ignore_index=True)
    table = table[table["image_state"] != OFF][["parcel_id", *images[0], "image_state", *FIGURES]]
    return table.sort_values(["parcel_id", "image_taken", "image_file"]).reset_index(drop=True)


def _long_pairs(
    images: Sequence[Image], pairs: Sequence[tuple[int, int]], changes: Sequence[pd.DataFrame]
) -> pd.DataFrame:
    """Return one row a parcel × pair of dates, of the parcels that both show soundly."""
    parts = []
    for (one, other), frame in zip(pairs, changes, strict=True):
        named = {f"{name}_before": images[one][name] for name in ("image_file", "image_taken")}
        named |= {name: images[other][name] for name in ("image_file", "image_taken")}
        parts.append(frame.rename_axis("parcel_id").reset_index().assign(**named))
    if not parts:
        return pd.DataFrame()
    table = pd.concat(parts, ignore_index=True)
    table = table[table["image_change"] != ""]
    front = ["parcel_id", "image_taken_before", "image_taken", "image_change"]
    rest = [name for name in table.columns if name not in front]
    return table[front + rest].sort_values(front[:3], kind="stable").reset_index(drop=True)


def _pictures(
    parcels: gpd.GeoDataFrame,
    status: pd.DataFrame,
    placed: Sequence[Shapes],
    scenes: Sequence[Scene],
    used: Sequence[tuple[Source, Raster]],
    as_of: dt.date,
) -> tuple[list[Chip], int]:
    """Cut pictures of the candidates from the spectral images, the most urgent candidates first."""
    wanted = status[status["is_candidate"].fillna(False).astype(bool)]
    ordered = wanted.assign(id=wanted.index).sort_values(["priority", "id"]).index
    rows = parcels.index.get_indexer(ordered[:SHOWN])
    found: list[Chip] = []
    for (_, raster), scene, shapes in zip(used, scenes, placed, strict=True):
        if {SPECTRAL, COLOUR} & set(kinds_of(scene.bands)) and is_usable(raster.taken, as_of):
            found += chips(shapes[rows], [str(parcels.index[row]) for row in rows], scene, raster.taken)
    return found, max(len(ordered) - SHOWN, 0)
