// ---- legend: the strip of figures above, and the classes that count and filter ----

// Σ of known money over Σ of the land it belongs to, as the roll-ups of the tables; unknown is in neither.
function sums(rows, name) {
  const found = { money: 0, land: 0, unknown: 0 };
  for (const row of rows) {
    const value = figureOf(name, row);
    const land = parcels.get("area_mu", row);
    if (isNumber(value) && isNumber(land)) {
      found.money += value;
      found.land += land;
    } else found.unknown += 1;
  }
  if (found.unknown === rows.length) found.money = null;
  return { ...found, ratio: found.land > 0 ? found.money / found.land : null };
}
// Land of some parcels; unknown, not zero, where it is known of none of them.
function landOf(rows) {
  const known = rows.map((row) => parcels.get("area_mu", row)).filter(isNumber);
  return rows.length && !known.length ? null : known.reduce((sum, area) => sum + area, 0);
}
function parkSums(place, unknown) {
  const land = zones.get(knownArea[ratios[place]], park);
  return { money: zones.get(monies[place], park), land, unknown, ratio: zones.get(ratios[place], park) };
}
function showKpi(rows, filtered) {
  const whole = !filtered && park !== undefined;
  const land = whole ? zones.get("area_mu", park) : landOf(rows);
  const count = whole && isNumber(zones.get("zone_parcels", park)) ? zones.get("zone_parcels", park) : rows.length;
  const idle = rows.filter((row) => data.idle.includes(parcels.get("status", row)));
  const candidates = rows.filter((row) => parcels.get("is_candidate", row) === true);
  byId("kpi-count").textContent = grouped(count, 0);
  const idleLand = landOf(idle);
  byId("kpi-area").textContent = isNumber(land) ? grouped(land) : "—";
  byId("kpi-idle").textContent = isNumber(idleLand) ? grouped(idleLand) : "—";
  byId("kpi-candidates").textContent = grouped(candidates.length, 0);
  const decided = idle.some((row) => parcels.get("status", row) === data.idle[0]);
  byId("kpi-idle-label").title = decided ? "含已认定的闲置土地" : "";
  byId("kpi-idle-label").textContent = decided ? "闲置及涉嫌(亩)" : "涉嫌闲置(亩)";
  monies.forEach((name, place) => {
    const own = sums(rows, name);
    showSums(place, whole && isDataYear() ? parkSums(place, own.unknown) : own);
  });
  const unsized = rows.filter((row) => !isNumber(parcels.get("area_mu", row))).length;
  const parts = [filtered ? "筛选结果" : "", `${chosenYear === null ? "年度不详" : chosenYear + " 年"}`];
  parts.push("亩均＝Σ金额÷Σ有数据的土地，不详的不计");
  if (data.is_split && state.zone !== null) parts.push("跨分区的宗地在此整宗计入，分区详情中按面积拆分");
  if (unsized) parts.push(`${unsized} 宗面积不详，未计入亩数`);
  byId("kpi-note").textContent = parts.filter(Boolean).join("；");
}
function showSums(place, { money: total, land, unknown: missing, ratio }) {
  const cells = byId("kpi-money").tBodies[0].rows[place].cells;
  cells[1].textContent = isNumber(total) ? grouped(total) : "—";
  cells[2].textContent = isNumber(ratio) ? fixed(ratio) : "—";
  cells[2].title = isNumber(ratio) ? `有数据土地 ${isNumber(land) ? grouped(land) : "—"} 亩` : unknown;
  cells[3].textContent = missing ? `${missing} 宗` : "0";
}
function prepareKpi() {
  const body = byId("kpi-money").tBodies[0];
  byId("kpi-unit").textContent = `合计(${money})`;
  byId("kpi-per-mu").textContent = `亩均(${money}/亩)`;
  ["投资", "产值", "税收"].forEach((name, place) => {
    const key = ["investment", "output", "tax"][place];
    const cell = (kind) => el("td", { id: `kpi-${key}${kind}` });
    body.append(el("tr", {}, el("th", { scope: "row", text: name }), cell("-sum"), cell(""), cell("-unknown")));
  });
}

function showLegend(others) {
  const scheme = state.scheme;
  const members = scheme.classes.map(() => []);
  const places = scheme.of;
  for (const row of everyone) {
    if (!others[row]) members[places[row]].push(row);
  }
  const list = byId("legend");
  const focus = document.activeElement && list.contains(document.activeElement) ? document.activeElement.value : null;
  refill(list, ...members.map((rows, place) => legendLine(place, rows.length, landOf(rows))));
  if (focus !== null) list.querySelector(`input[value="${focus}"]`).focus();
  byId("legend-note").textContent = scheme.note();
  byId("scheme-print").textContent = scheme.title + (isDataYear() || !changesWithYear(scheme) ? "" : `（${chosenYear} 年）`);
  byId("only-idle").hidden = scheme !== verdictScheme;
}
function legendLine(place, count, area) {
  const look = state.scheme.classes[place];
  const off = state.off.get(state.scheme);
  const box = el("input", { type: "checkbox", value: place });
  box.checked = !off.has(place);
  box.addEventListener("change", () => {
    if (box.checked) off.delete(place);
    else off.add(place);
    refresh();
  });
  const text = el("span", { class: "name", text: look.name });
  if (look.note) text.append(el("small", { text: look.note }));
  const figures = el("span", { class: "count" }, el("b", { text: count }), " 宗", el("small", { text: isNumber(area) ? `${grouped(area, 0)} 亩` : "面积不详" }));
  const classes = (count ? "" : "zero ") + (off.has(place) ? "unticked" : "");
  return el("li", { class: classes }, el("label", {}, box, swatch(state.scheme, place), text, figures));
}
function setScheme(place) {
  state.scheme = schemes[place];
  byId("scheme").value = place;
  refresh();
}
function prepareLegend() {
  schemes.forEach((one, place) => byId("scheme").append(el("option", { value: place, text: one.title })));
  byId("scheme").addEventListener("change", () => setScheme(Number(byId("scheme").value)));
  const tick = (wanted) => () => {
    const off = state.off.get(state.scheme);
    off.clear();
    state.scheme.classes.forEach((look, place) => wanted(look) || off.add(place));
    refresh();
  };
  byId("all").addEventListener("click", tick(() => true));
  byId("none").addEventListener("click", tick(() => false));
  byId("only-idle").addEventListener("click", tick((look) => data.idle.includes(look.name)));
}
