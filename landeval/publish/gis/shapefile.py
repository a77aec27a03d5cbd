"""``gis/shp``: a shapefile that old programs open; short names, GBK, and a list of all that it lost."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd
import pyogrio.raw
import shapely

from landeval.publish.cells import Cell, cells, guard, kind_of, text_of
from landeval.publish.gis.storage import Layer, as_array, check_count, field_type
from landeval.publish.labels import label_of

ENCODING = "GBK"
WIDEST = 254
RUN = "运行信息.csv"
FIELD_TABLE, LOSS_TABLE, NOTE = "字段对照表.csv", "文字改动清单.csv", "说明.txt"
_LOST = "〓"
# One short name a field, for good: other people's models refer to them.
SHORT_NAMES = {
    "parcel_id": "ZDBS", "parcel_code": "ZDDM", "holder_name": "QLR", "credit_code": "XYDM",
    "enterprise_names": "GLQY", "location": "ZL", "cluster_name": "CYJQ", "base_name": "CYJD",
    "community_name": "CYSQ", "status": "PJJL", "is_candidate": "SFHX", "priority": "CZSX",
    "reasons": "LY", "clause": "YJTK", "missing": "QSZL", "questions": "DHWT", "route": "CZTJ",
    "route_clause": "TJYJ", "fee_wan_yuan": "XZF", "next_action": "XYB", "next_deadline": "BLQX",
    "due_start": "YDGRQ", "months_overdue": "YQYS", "days_overdue": "YQTS", "land_use": "TDYT",
    "is_industrial": "SFGY", "is_new_industrial": "SFXZ", "industry_group": "CYML",
    "production_status": "SCZT", "area_mu": "PJMJ_MU", "area_basis": "MJYJ",
    "area_registered_m2": "ZZMJ_M2", "area_contract_m2": "HTMJ_M2", "area_measured_m2": "TXMJ_M2",
    "area_plane_m2": "PMMJ_M2", "area_tax_m2": "SWMJ_M2", "area_spread_percent": "MJXC",
    "investment_wan_yuan": "GDZCTZ", "output_wan_yuan": "GYZCZ", "tax_wan_yuan": "RKSS",
    "investment_wan_yuan_per_mu": "MJTZ", "output_wan_yuan_per_mu": "MJCZ", "tax_wan_yuan_per_mu": "MJSS",
    "supply_method": "GYFS", "price_wan_yuan": "CJJK", "signed_on": "QDRQ", "delivered_on": "JDRQ",
    "agreed_start": "YDDGRQ", "actual_start": "SJDGRQ", "agreed_completion": "YDJGRQ",
    "actual_completion": "SJJGRQ", "suspended_on": "ZZKFRQ", "supervision_no": "DZJGH",
    "contract_no": "HTBH", "zone_share": "LRBL", "is_straddling": "SFKFQ", "zone_level": "CJ",
    "zone_code": "FQBH", "zone_name": "FQMC", "parent_code": "SJBH", "zone_parcels": "ZDS",
    "zone_enterprises": "QYS", "area_known_investment_mu": "TZMJ_MU", "area_known_output_mu": "CZMJ_MU",
    "area_known_tax_mu": "SSMJ_MU", "leading_industry": "ZDCY", "parcels_豁免": "N_HM",
    "parcels_涉嫌闲置(未动工)": "N_WDG", "parcels_涉嫌闲置(中止开发)": "N_ZZKF",
    "parcels_闲置(已认定)": "N_RD", "parcels_逾期未动工预警": "N_YJ", "parcels_低效候选": "N_DX",
    "parcels_关注": "N_GZ", "parcels_达标": "N_DB", "parcels_资料不足": "N_ZLBZ",
    "block_code": "LPBH", "is_block_large": "DDQS", "block_parcels": "LPZS", "block_unknown": "MJWZ_Z",
    "block_drawn_mu": "TXMJ_MU", "block_compactness": "JCD", "block_owners": "QLRS", "block_owner_names": "QLRMD",
    "block_classes": "GJLZS", "block_routes": "GTJZS", "block_places": "SZSQ", "block_parcel_codes": "ZDQD",
    "overlay_flags": "DJQK",
}  # fmt: skip
_TYPES = {"real": "小数", "integer": "整数", "date": "日期", "text": "文字"}


@dataclass
class _Account:
    """How each column of a layer was stored, and what it lost on the way."""

    kinds: dict[str, str] = field(default_factory=dict)
    rows: list[tuple[str, ...]] = field(default_factory=list)
    cut: dict[str, int] = field(default_factory=dict)
    replaced: dict[str, int] = field(default_factory=dict)

    def note(self, column: str) -> str:
        parts = []
        if self.cut.get(column):
            parts.append(f"{self.cut[column]} 条文字超过 {WIDEST} 字节，已截短")
        if self.replaced.get(column):
            parts.append(f"{self.replaced[column]} 条有 GBK 没有的字，以{_LOST}代替")
        return "；".join(parts)


def fit(text: str, width: int = WIDEST) -> tuple[str, bool, bool]:
    """Bring a text into GBK and ``width`` bytes, never cutting a character in two.

    Returns
    -------
    tuple
        The text, whether a character was replaced by 〓, whether it was cut.

    Examples
    --------
    >>> fit("甲厂𬭚", 254), fit("甲乙丙", 5)
    (('甲厂〓', True, False), ('甲乙', False, True))
    """
    try:
        raw = text.encode("gbk")
        whole = text
    except UnicodeEncodeError:
        whole = "".join(character if _in_gbk(character) else _LOST for character in text)
        raw = whole.encode("gbk")
    if len(raw) <= width:
        return whole, whole != text, False
    return raw[:width].decode("gbk", errors="ignore"), whole != text, True


def _in_gbk(character: str) -> bool:
    try:
        character.encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def write_shapefiles(
    layers: Mapping[str, Layer],
    folder: Path,
    *,
    as_of: dt.date,
    facts: Mapping[str, str],
) -> list[Path]:
    """Write each layer as ``<layer>.shp`` with ``字段对照表.csv``, ``文字改动清单.csv`` and ``运行信息.csv``.

    Parameters
    ----------
    layers : Mapping
        Name → ``Layer``. The first is the parcels'.
    folder : Path
        Made if it is not there.
    as_of : date
        Written into the DBF header, which would else hold the day of writing.
    facts : Mapping
        What identifies the run.

    Returns
    -------
    list of Path
        The files written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    fields_seen: list[tuple[str, ...]] = []
    account_seen: list[tuple[str, ...]] = []
    skipped: list[str] = []
    for name, layer in layers.items():
        if all(shape is None for shape in layer.shapes):
            skipped.append(name)
            continue
        account = _write_layer(folder / f"{name}.shp", name, layer, as_of)
        fields_seen += _field_rows(name, layer.table, account, layer.currency)
        account_seen += account.rows
    _write_csv(folder / RUN, ("项目", "内容"), list(facts.items()))
    if skipped:
        _write_note(folder / NOTE, skipped)
    if fields_seen:
        _write_csv(
            folder / FIELD_TABLE, ("图层", "短名", "中文名称", "英文名称", "类型", "说明"), fields_seen
        )
        _write_csv(folder / LOSS_TABLE, ("图层", "序号", "标识", "短名", "改动", "原文"), account_seen)
    return sorted(path for path in folder.iterdir() if path.is_file())


def _write_note(path: Path, skipped: list[str]) -> None:
    names = "、".join(skipped)
    text = (
        f"{names}：没有一条记录带有效图形，未写 shapefile。\n"
        "属性仍在 landeval.gpkg 和 tables 文件夹的表格中；补充图形后重新运行即可得到 shapefile。\n"
    )
    path.write_text(text, encoding="utf-8-sig", newline="\r\n")


def _write_csv(path: Path, header: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(tuple(guard(value) for value in row) for row in rows)


def _columns(table: pd.DataFrame) -> list[str]:
    return [str(column) for column in table.columns if str(column) in SHORT_NAMES]


def _write_layer(path: Path, name: str, layer: Layer, as_of: dt.date) -> _Account:
    import fiona
    from fiona.crs import CRS

    account = _Account()
    keys = [text_of(value) for value in cells(layer.table.iloc[:, 0], "code")]
    schema: dict[str, str] = {}
    data = []
    for column, _, _, values in layer.columns:
        if column not in SHORT_NAMES:
            continue
        short, kind = SHORT_NAMES[column], storage(column, values)
        account.kinds[column] = kind
        if kind == "text":
            values = _fitted(values, keys, name, column, account)
            texts = {str(value) for value in values if value is not None}
            width = max((len(text.encode("gbk")) for text in texts), default=1)
            schema[short] = f"str:{max(width, 10)}"
        else:
            schema[short] = {"real": "float:20.6", "integer": "int:18", "date": "date"}[kind]
        data.append(as_array(kind, values))
    with fiona.open(
        str(path), "w", driver="ESRI Shapefile", encoding=ENCODING, crs=CRS.from_user_input(str(layer.crs)),
        schema={"geometry": "Polygon", "properties": schema},
    ):  # fmt: skip
        pass  # the fields and their widths, which pyogrio cannot set; it appends the records at once
    pyogrio.raw.write(
        str(path),
        shapely.to_wkb(layer.shapes),
        [values for values, _ in data],
        np.array(list(schema), dtype=object),
        field_mask=[mask for _, mask in data],
        driver="ESRI Shapefile",
        geometry_type="Polygon",
        crs=str(layer.crs),
        encoding=ENCODING,
        append=True,
    )
    path.with_suffix(".cpg").write_text(ENCODING, encoding="ascii")
    _fix_date(path.with_suffix(".dbf"), as_of)
    _check(path, list(schema)[:1], len(layer.table))
    return account


def storage(column: str, values: list[Cell]) -> str:
    """Return how a column is stored, as in the GeoPackage; a number too long for the DBF becomes text."""
    kind = field_type(column, values)
    if kind not in ("real", "integer"):
        return kind
    numbers = [abs(value) for value in values if isinstance(value, int | float)]
    return "text" if max(numbers, default=0) >= 1e12 else kind


def _fitted(values: list[Cell], keys: list[str], layer: str, column: str, account: _Account) -> list[Cell]:
    whole = [None if value is None else text_of(value) for value in values]
    fits = {text: fit(text) for text in set(whole) if text is not None}
    result: list[Cell] = []
    for number, (key, text) in enumerate(zip(keys, whole, strict=True), start=1):
        if text is None:
            result.append(None)
            continue
        short, was_replaced, was_cut = fits[text]
        if was_replaced or was_cut:
            account.cut[column] = account.cut.get(column, 0) + was_cut
            account.replaced[column] = account.replaced.get(column, 0) + was_replaced
            told = "、".join(word for word, is_so in (("换字", was_replaced), ("截短", was_cut)) if is_so)
            account.rows.append((layer, str(number), key, SHORT_NAMES[column], told, text))
        result.append(short)
    return result


def _fix_date(path: Path, as_of: dt.date) -> None:
    with path.open("r+b") as stream:
        stream.seek(1)
        stream.write(bytes((max(0, min(255, as_of.year - 1900)), as_of.month, as_of.day)))


def _check(path: Path, wanted_fields: list[str], wanted: int) -> None:
    """Read every shape and the first field back."""
    _, _, shapes, values = pyogrio.raw.read(str(path), columns=wanted_fields, encoding=ENCODING)
    found = min([len(shapes), *map(len, values)])
    check_count(path, path.stem, found, wanted)


def _field_rows(layer: str, table: pd.DataFrame, account: _Account, currency: str) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for column in (str(name) for name in table.columns):
        short = SHORT_NAMES.get(column, "")
        kind = _TYPES[account.kinds[column]] if short else ""
        note = account.note(column) if short else "shapefile 未收录，见 landeval.gpkg"
        if kind_of(column) == "flag" and short:
            note = "；".join(part for part in ("是/否", note) if part)
        rows.append((layer, short, label_of(column, currency), column, kind, note))
    return rows
