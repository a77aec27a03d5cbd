// ---- filter: which parcels are shown; one small number a parcel and question, so that 100,000 answer at once ----
const none = "（空）";
const state = {
  scheme: verdictScheme,
  off: new Map(schemes.map((one) => [one, new Set()])),
  zone: null,
  levels: data.levels.map(() => true),
  shown: new Uint8Array(parcels.count).fill(1),
  listed: 60,
};
const zoneRows = Array.from({ length: zones.count }, (_, row) => row);
const parks = zoneRows.filter((row) => levelOf(row) < 0);
const park = parks.length === 1 ? parks[0] : undefined;
const zoneKeys = ["cluster", "base", "community"];

// A drop-down: every parcel has the number of its text; `keep` tells which numbers a choice stands for.
function dropDown(title, textOf, optionsOf = (text) => [text]) {
  const places = new Map();
  const codes = Int32Array.from(everyone, (row) => {
    const text = textOf(row) || none;
    if (!places.has(text)) places.set(text, places.size);
    return places.get(text);
  });
  const counts = new Map();
  const perCode = new Int32Array(places.size);
  for (const code of codes) perCode[code] += 1;
  for (const [text, code] of places) {
    for (const option of optionsOf(text)) counts.set(option, (counts.get(option) || 0) + perCode[code]);
  }
  const keep = (value) => Uint8Array.from(places.keys(), (text) => optionsOf(text).includes(value));
  return { title, codes, counts, keep, value: "" };
}
const dropDowns = {
  industry: dropDown("产业门类", (row) => parcels.get("industry_group", row)),
  route: dropDown("处置途径", (row) => (parcels.get("route", row) || "").replace(/（[^）]*）/g, "")), // one kind of route, whatever its fee
  grade: dropDown("企业等级", (row) => (data.grades.length ? gradesOf(row).join("\n") : ""), (text) => text.split("\n")),
};

function insideZone(zone) {
  const level = levelOf(zone);
  const code = zones.get("zone_code", zone);
  const name = zones.get("zone_name", zone) || data.outside[level];
  const key = zoneKeys[level];
  return Uint8Array.from(everyone, (row) => {
    const own = parcels.get(key + "_code", row);
    if (own !== null && code !== null) return own === code;
    return (parcels.get(key + "_name", row) || data.outside[level]) === name;
  });
}
const kept = (one) => Uint8Array.from(one.classes, (_, place) => !state.off.get(one).has(place));
function questions() {
  const asked = schemes.filter((one) => state.off.get(one).size).map((one) => ({ of: one, codes: one.of, keep: kept(one) }));
  for (const one of Object.values(dropDowns)) {
    if (one.value) asked.push({ of: one, codes: one.codes, keep: one.keep(one.value) });
  }
  if (state.zone !== null) asked.push({ of: "zone", codes: state.zone.inside, keep: Uint8Array.of(0, 1) });
  return asked;
}

// How many questions a parcel fails; the legend counts those that fail no other question than its own.
function failed(asked) {
  const count = new Uint8Array(parcels.count);
  for (const { codes, keep } of asked) {
    for (let row = 0; row < count.length; row += 1) if (!keep[codes[row]]) count[row] += 1;
  }
  return count;
}

function refresh() {
  const asked = questions();
  const others = failed(asked.filter((one) => one.of !== state.scheme));
  const own = kept(state.scheme);
  const places = state.scheme.of;
  state.shown = Uint8Array.from(others, (count, row) => count === 0 && own[places[row]] === 1);
  const rows = everyone.filter((row) => state.shown[row]);
  state.listed = 60;
  showKpi(rows, asked.length > 0);
  showLegend(others);
  showFilter();
  showList(rows);
  paint(state.scheme, state.shown);
  if (labelPane) placeLabels();
}

function setZone(row) {
  state.zone = row === null ? null : { row, inside: insideZone(row) };
  byId("zone").value = row === null ? "" : row;
  refresh();
}
function prepareDropDowns() {
  for (const [id, one] of Object.entries(dropDowns)) {
    const order = [...one.counts.keys()].sort((a, b) => (a === none) - (b === none) || (a < b ? -1 : 1));
    refill(byId(id), el("option", { value: "", text: "全部" }));
    for (const value of order) byId(id).append(el("option", { value, text: `${value} ${one.counts.get(value)}` }));
    byId(id).addEventListener("change", () => {
      one.value = byId(id).value;
      refresh();
    });
  }
  byId("grade-box").hidden = !data.grades.length;
  refill(byId("zone"), el("option", { value: "", text: "全部" }));
  data.levels.forEach((level, place) => {
    const group = el("optgroup", { label: level });
    for (const row of zoneRows.filter((one) => levelOf(one) === place)) {
      const count = zones.get("zone_parcels", row);
      const name = zones.get("zone_name", row) || "（未命名）";
      group.append(el("option", { value: row, text: isNumber(count) ? `${name} ${count}` : name }));
    }
    if (group.childElementCount) byId("zone").append(group);
  });
  byId("zone").addEventListener("change", () => setZone(byId("zone").value === "" ? null : Number(byId("zone").value)));
}
function clearFilter() {
  for (const off of state.off.values()) off.clear();
  for (const [id, one] of Object.entries(dropDowns)) one.value = byId(id).value = "";
  Object.assign(state, { scheme: verdictScheme, zone: null });
  byId("zone").value = "";
  byId("scheme").value = "0";
}
function showFilter() {
  const parts = [];
  for (const one of schemes) {
    const off = state.off.get(one);
    if (off.size) parts.push(`${one.title} ${one.classes.length - off.size}/${one.classes.length} 类`);
  }
  for (const one of Object.values(dropDowns)) if (one.value) parts.push(`${one.title} ${one.value}`);
  if (state.zone !== null) parts.push(`分区 ${zones.get("zone_name", state.zone.row)}`);
  if (!isDataYear()) parts.push(`指标年度 ${chosenYear} 年`);
  byId("filter-note").hidden = !parts.length;
  byId("filter-note").textContent = "当前筛选：" + parts.join("；");
}
