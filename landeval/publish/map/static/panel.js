// ---- panel: the state of the page and everything on the left ----
const state = {
  scheme: verdictScheme,
  off: new Map(schemes.map((scheme) => [scheme, new Set()])),
  industry: "",
  route: "",
  zone: null,
  levels: data.levels.map(() => true),
  shown: everyone.map(() => true),
  listed: 60,
};
const none = "（空）";
const parks = Array.from({ length: zones.count }, (_, row) => row).filter((row) => levelOf(row) < 0);
const park = parks.length === 1 ? parks[0] : undefined;
const zoneKeys = ["cluster", "base", "community"];

function inZone(row) {
  if (state.zone === null) return true;
  const level = levelOf(state.zone);
  const code = zones.get("zone_code", state.zone);
  const name = zones.get("zone_name", state.zone);
  const ownCode = parcels.get(zoneKeys[level] + "_code", row);
  const ownName = parcels.get(zoneKeys[level] + "_name", row);
  if (ownCode !== null && code !== null) return ownCode === code;
  return (ownName || data.outside[level]) === (name || data.outside[level]);
}
function passes(row, except) {
  for (const scheme of schemes) if (scheme !== except && state.off.get(scheme).has(scheme.of[row])) return false;
  if (state.industry && (parcels.get("industry_group", row) || none) !== state.industry) return false;
  if (state.route && (parcels.get("route", row) || none) !== state.route) return false;
  return inZone(row);
}
const isFiltered = () =>
  schemes.some((scheme) => state.off.get(scheme).size) || state.industry || state.route || state.zone !== null;

function refresh() {
  const base = everyone.map((row) => passes(row, state.scheme));
  const off = state.off.get(state.scheme);
  state.shown = everyone.map((row) => base[row] && !off.has(state.scheme.of[row]));
  const rows = everyone.filter((row) => state.shown[row]);
  state.listed = 60;
  showKpi(rows);
  showLegend(base);
  showFilter();
  showList(rows);
  paint(state.scheme, state.shown);
  if (labelPane) placeLabels();
}

// Unfiltered figures are the park's own row; filtered, Σ of known money ÷ Σ of that land.
function showKpi(rows) {
  const whole = !isFiltered() && park !== undefined;
  const known = rows.filter((row) => isNumber(parcels.get("tax_wan_yuan", row)) && isNumber(parcels.get("area_mu", row)));
  const knownLand = sum(known, "area_mu");
  const land = whole ? zones.get("area_mu", park) : rows.length ? sum(rows, "area_mu") : 0;
  const tax = whole
    ? zones.get("tax_wan_yuan_per_mu", park)
    : knownLand > 0 ? sum(known, "tax_wan_yuan") / knownLand : null;
  const count = whole && isNumber(zones.get("zone_parcels", park)) ? zones.get("zone_parcels", park) : rows.length;
  const covered = whole ? zones.get("area_known_tax_mu", park) : knownLand;
  const idle = rows.filter((row) => data.idle.includes(parcels.get("status", row)));
  byId("kpi-count").textContent = count;
  byId("kpi-area").textContent = isNumber(land) ? fixed(land) : "—";
  byId("kpi-idle").textContent = fixed(sum(idle, "area_mu"));
  byId("kpi-tax").textContent = isNumber(tax) ? fixed(tax) : "—";
  byId("kpi-tax").title = isNumber(tax) ? "" : unknown;
  byId("kpi-tax-label").textContent = "亩均税收";
  const decided = idle.some((row) => parcels.get("status", row) === data.idle[0]);
  byId("kpi-idle-label").title = decided ? "含已认定的闲置土地" : "";
  byId("kpi-idle-label").textContent = decided ? "闲置及涉嫌(亩)" : "涉嫌闲置(亩)";
  const scope = isFiltered() ? "筛选结果；" : "";
  byId("kpi-note").textContent = isNumber(tax)
    ? `${scope}亩均税收(${money}/亩)＝Σ税收÷Σ有数据土地 ${isNumber(covered) ? fixed(covered) : "—"} 亩`
    : `${scope}没有税收数据，亩均税收${unknown}`;
}

function showLegend(base) {
  const off = state.off.get(state.scheme);
  const counts = state.scheme.classes.map(() => 0);
  const areas = state.scheme.classes.map(() => 0);
  for (const row of everyone) {
    if (!base[row]) continue;
    counts[state.scheme.of[row]] += 1;
    areas[state.scheme.of[row]] += parcels.get("area_mu", row) || 0;
  }
  const list = byId("legend");
  const focus = document.activeElement && list.contains(document.activeElement) ? document.activeElement.value : null;
  refill(list, 
    ...state.scheme.classes.map((look, place) => {
      const box = el("input", { type: "checkbox", value: place });
      box.checked = !off.has(place);
      box.addEventListener("change", () => {
        if (box.checked) off.delete(place);
        else off.add(place);
        refresh();
      });
      const text = el("span", { class: "name", text: look.name });
      if (look.note) text.append(el("small", { text: look.note }));
      const count = el("span", { class: "count" }, el("b", { text: counts[place] }), " 宗");
      count.append(el("small", { text: `${fixed(areas[place], 0)} 亩` }));
      const classes = (counts[place] ? "" : "zero ") + (off.has(place) ? "unticked" : "");
      return el("li", { class: classes }, el("label", {}, box, swatch(state.scheme, place), text, count));
    }),
  );
  if (focus !== null) list.querySelector(`input[value="${focus}"]`).focus();
  const threshold = data.thresholds[state.scheme.key];
  byId("legend-note").textContent = threshold
    ? `标准：${sign(threshold)} ${threshold.value} ${money}/亩${threshold.scope ? "（" + threshold.scope + "）" : ""}`
    : state.scheme === verdictScheme ? "" : `单位：${money}/亩；没有标准，按四分位分级`;
  byId("scheme-print").textContent = state.scheme.title;
  byId("only-idle").hidden = state.scheme !== verdictScheme;
}

function showFilter() {
  const parts = [];
  for (const scheme of schemes) {
    const off = state.off.get(scheme);
    if (off.size) parts.push(`${scheme.title} ${scheme.classes.length - off.size}/${scheme.classes.length} 类`);
  }
  if (state.industry) parts.push(`产业门类 ${state.industry}`);
  if (state.route) parts.push(`处置途径 ${state.route}`);
  if (state.zone !== null) parts.push(`分区 ${zones.get("zone_name", state.zone)}`);
  byId("filter-note").hidden = !parts.length;
  byId("filter-note").textContent = "当前筛选：" + parts.join("；");
}

function entry(row, note) {
  const button = el(
    "button",
    { type: "button", class: "entry" },
    swatch(verdictScheme, verdictScheme.of[row]),
    el("span", {}, el("b", { text: nameOf(row) }),
      el("small", { class: "line" }, ...[codeOf(row), figure(parcels.get("area_mu", row), "亩"), ...note].map((text) => el("span", { text }))),
    ),
  );
  button.addEventListener("click", () => showParcel(row, null, true));
  return el("li", {}, button);
}
const noteOf = (row) => (isDrawn(row) ? [] : ["无图形"]).concat(state.shown[row] ? [] : ["不在当前筛选内"]);

function showList(rows) {
  byId("list-count").textContent = `${rows.length} 宗`;
  const fill = () => {
    refill(byId("list"), ...rows.slice(0, state.listed).map((row) => entry(row, noteOf(row))));
    const left = rows.length - state.listed;
    byId("more").hidden = left <= 0;
    byId("more").textContent = `还有 ${left} 宗，再显示 ${Math.min(left, 200)} 宗`;
  };
  byId("more").onclick = () => {
    state.listed += 200;
    fill();
  };
  fill();
}

// ---- search: reads the box on every committed change, with or without a key event ----
const searched = ["holder_name", "enterprise_names", "parcel_code", "credit_code", "parcel_id", "certificate_no", "location"];
let haystack = null;
function search() {
  const words = byId("search").value.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) {
    refill(byId("found"));
    byId("found-note").textContent = "";
    return;
  }
  if (!haystack) {
    haystack = everyone.map((row) => searched.map((name) => parcels.get(name, row) || "").join("\n").toLowerCase());
  }
  const rows = everyone.filter((row) => words.every((word) => haystack[row].includes(word)));
  refill(byId("found"), ...rows.slice(0, 50).map((row) => entry(row, noteOf(row))));
  byId("found-note").textContent = !rows.length
    ? "没有找到"
    : `找到 ${rows.length} 宗` + (rows.length > 50 ? "，先列前 50 宗，请再输入几个字" : "");
}
function prepareSearch() {
  const box = byId("search");
  let composing = false;
  box.addEventListener("compositionstart", () => (composing = true));
  box.addEventListener("compositionend", () => {
    composing = false;
    search();
  });
  box.addEventListener("input", () => composing || search());
  box.addEventListener("search", search);
  const move = (event) => {
    const buttons = [...byId("found").querySelectorAll("button")];
    const at = buttons.indexOf(document.activeElement);
    if (event.isComposing || !buttons.length) return;
    if (event.key === "Enter" && at < 0) buttons[0].click();
    else if (event.key === "ArrowDown") buttons[Math.min(at + 1, buttons.length - 1)].focus();
    else if (event.key === "ArrowUp") (at <= 0 ? box : buttons[at - 1]).focus();
    else return;
    event.preventDefault();
  };
  box.addEventListener("keydown", move);
  byId("found").addEventListener("keydown", (event) => event.key !== "Enter" && move(event));
}

function options(select, name, all) {
  const counts = new Map();
  for (const row of everyone) {
    const value = parcels.get(name, row) || none;
    counts.set(value, (counts.get(value) || 0) + 1);
  }
  const order = [...counts.keys()].sort((a, b) => (a === none) - (b === none) || (a < b ? -1 : 1));
  refill(select, el("option", { value: "", text: all }));
  for (const value of order) select.append(el("option", { value, text: `${value} ${counts.get(value)}` }));
}

function prepareLevels() {
  data.levels.forEach((level, place) => {
    const rows = Array.from({ length: zones.count }, (_, row) => row).filter(
      (row) => levelOf(row) === place && zones.get("zone_name", row) !== data.outside[place],
    );
    const box = el("input", { type: "checkbox", value: place });
    box.checked = true;
    box.addEventListener("change", () => setLevel(place, box.checked));
    const { color, weight, dashArray } = levelLooks[place];
    const line = { x1: 0, y1: 6, x2: 34, y2: 6, stroke: color, "stroke-width": weight, "stroke-dasharray": dashArray || "none" };
    const mark = drawing("svg", { width: 34, height: 12, "aria-hidden": "true" }, drawing("line", line));
    const count = el("span", { class: "count" }, el("b", { text: rows.length }), " 个");
    byId("levels").append(el("li", {}, el("label", {}, box, mark, el("span", { class: "name", text: level }), count)));
  });
  const codes = new Map();
  for (let row = 0; row < zones.count; row += 1) codes.set(zones.get("zone_code", row), row);
  const children = new Map();
  for (let row = 0; row < zones.count; row += 1) {
    const code = zones.get("parent_code", row);
    const parent = code !== null && codes.has(code) && codes.get(code) !== row ? codes.get(code) : null;
    if (!children.has(parent)) children.set(parent, []);
    children.get(parent).push(row);
  }
  const seen = new Set();
  const branch = (row, depth) => {
    if (seen.has(row)) return;
    seen.add(row);
    const count = zones.get("zone_parcels", row);
    const button = el(
      "button",
      { type: "button", class: "entry", style: `padding-left:${6 + depth * 16}px` },
      el("span", { text: zones.get("zone_name", row) || "（未命名）" }),
      el("small", { text: isNumber(count) ? `${count} 宗・${figure(zones.get("area_mu", row), "亩")}` : "" }),
    );
    button.addEventListener("click", () => showZone(row, null, true));
    byId("tree").append(el("li", {}, button));
    for (const child of children.get(row) || []) branch(child, depth + 1);
  };
  for (const row of children.get(null) || []) branch(row, 0);
  byId("tree-box").hidden = !zones.count;
}
function setLevel(place, on) {
  state.levels[place] = on;
  if (on) levelGroups[place].addTo(map);
  else levelGroups[place].remove();
  for (const group of levelGroups) if (map.hasLayer(group)) group.bringToFront();
  placeLabels();
}

// ---- export: what the filter shows, safe to open in a spreadsheet ----
function cell(value) {
  if (value === null || value === undefined) return "";
  let text = value === true ? "是" : value === false ? "否" : String(value);
  const start = text.trimStart();
  const plainNumber = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(start);
  if ((/^[=+\-@＝＋－＠]/.test(start) || /^[\t\r]/.test(text)) && !plainNumber) text = "'" + text;
  return /[",\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
}
const exported = [
  "parcel_id", "parcel_code", "holder_name", "enterprise_names", "credit_code", "location", "land_use", "industry_group",
  "cluster_name", "base_name", "community_name", "area_mu", "area_basis", "status", "reasons", "clause", "route",
  "route_clause", "fee_wan_yuan", "next_action", "next_deadline", "priority", "missing", "questions",
  "investment_wan_yuan", "output_wan_yuan", "tax_wan_yuan", ...ratios, "plot_ratio", "building_density_percent", "building_factor_percent", "unused_separable_m2", "unused_most_m2", "supply_method", "agreed_start",
  "due_start", "actual_start", "suspended_on", "production_status",
];
function csv() {
  const names = exported.filter((name) => parcels.has(name));
  const lines = [names.map((name) => cell(label(name))).join(",")];
  for (const row of everyone) {
    if (state.shown[row]) lines.push(names.map((name) => cell(parcels.get(name, row))).join(","));
  }
  return "\ufeff" + lines.join("\r\n") + "\r\n";
}
function download() {
  const address = URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" }));
  const link = el("a", { href: address, download: `宗地筛选清单${data.year ? "_" + data.year : ""}.csv` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

// ---- print: the page takes the paper's size first, so that the map fills it ----
let beforePrint = null;
function toPaper() {
  if (beforePrint) return;
  beforePrint = map.getBounds();
  document.documentElement.classList.add("paper");
  map.invalidateSize({ animate: false, pan: false });
  map.fitBounds(beforePrint, { animate: false });
  const renderer = map.options.renderer || map._renderer;
  if (renderer && renderer._redrawRequest) {
    L.Util.cancelAnimFrame(renderer._redrawRequest);
    renderer._redraw();
  }
}
function toScreen() {
  if (!beforePrint) return;
  document.documentElement.classList.remove("paper");
  map.invalidateSize({ animate: false, pan: false });
  map.fitBounds(beforePrint, { animate: false });
  beforePrint = null;
}
function printMap() {
  closeCards();
  toPaper();
  setTimeout(() => window.print(), 400);
}

let sayTimer = 0;
function say(text, stay) {
  clearTimeout(sayTimer);
  byId("notice").textContent = text;
  byId("notice").hidden = !text;
  if (text && !stay) sayTimer = setTimeout(() => explainMissing(), 6000);
}
function explainMissing() {
  const absent = everyone.filter((row) => !isDrawn(row)).length;
  const notice = byId("notice");
  notice.classList.toggle("empty", !shapes.size);
  if (shapes.size) {
    say(absent ? `${absent} 宗无图形，未上图，可在清单中查看` : "", true);
    return;
  }
  const sources = data.sources.length ? `（来源：${data.sources.join("、")}）` : "（来源为台账）";
  say("", true);
  notice.hidden = false;
  refill(notice, 
    el("b", { text: parcels.count ? "没有可上图的宗地" : "没有宗地记录" }),
    el("p", { text: parcels.count ? `${parcels.count} 宗均无图形${sources}，因此地图为空。` : "本次评价的输入中没有宗地。" }),
    parcels.count ? el("p", { text: "左侧仍可查看汇总、分类宗数、宗地清单，并可搜索和导出；补充宗地界线（矢量图层）后重新运行即可上图。" }) : el("p"),
  );
  byId("list-box").open = true;
}

function reset() {
  for (const off of state.off.values()) off.clear();
  Object.assign(state, { scheme: verdictScheme, industry: "", route: "", zone: null });
  for (const id of ["industry", "route", "search"]) byId(id).value = "";
  byId("scheme").value = "0";
  for (const box of byId("levels").querySelectorAll("input")) {
    box.checked = true;
    setLevel(Number(box.value), true);
  }
  closeCards();
  mark(null);
  setHash("");
  search();
  refresh();
  fitAll();
  explainMissing();
}

function preparePanel() {
  byId("title").textContent = byId("title").title = data.title;
  byId("subtitle").textContent = `数据年度 ${data.year === null ? "不详" : data.year + " 年"}　评价基准日 ${data.as_of}`;
  schemes.forEach((scheme, place) => byId("scheme").append(el("option", { value: place, text: scheme.title })));
  byId("scheme").addEventListener("change", () => {
    state.scheme = schemes[Number(byId("scheme").value)];
    refresh();
  });
  options(byId("industry"), "industry_group", "全部");
  options(byId("route"), "route", "全部");
  for (const name of ["industry", "route"]) {
    byId(name).addEventListener("change", () => {
      state[name] = byId(name).value;
      refresh();
    });
  }
  const tick = (wanted) => () => {
    const off = state.off.get(state.scheme);
    off.clear();
    state.scheme.classes.forEach((look, place) => wanted(look) || off.add(place));
    refresh();
  };
  byId("all").addEventListener("click", tick(() => true));
  byId("none").addEventListener("click", tick(() => false));
  byId("only-idle").addEventListener("click", tick((look) => data.idle.includes(look.name)));
  byId("export").addEventListener("click", download);
  byId("print").addEventListener("click", printMap);
  byId("reset").addEventListener("click", reset);
  byId("fold").addEventListener("click", () => {
    const folded = document.body.classList.toggle("folded");
    const text = folded ? "展开面板" : "收起面板";
    byId("fold").textContent = folded ? "›" : "‹";
    byId("fold").title = text;
    byId("fold").setAttribute("aria-label", text);
    byId("fold").setAttribute("aria-expanded", String(!folded));
    map.invalidateSize({ animate: false });
    placeLabels();
  });
  window.addEventListener("beforeprint", toPaper);
  window.addEventListener("afterprint", toScreen);
  window.addEventListener("hashchange", followHash);
  const standards = ratios
    .filter((field) => data.thresholds[field])
    .map((field) => `${ratioNames[field]} ${sign(data.thresholds[field])} ${data.thresholds[field].value}`);
  const sample = Object.values(data.thresholds)[0];
  const document_ = sample ? [sample.document, sample.number].filter(Boolean).join(" ") : "";
  const text = standards.length
    ? `标准（${money}/亩${sample.scope ? "，" + sample.scope : ""}）：${standards.join("，")}${document_ ? "。依据：" + document_ : ""}。`
    : "";
  byId("footer").textContent =
    `${text}结论为按现有资料的初步筛查，闲置土地以主管部门认定为准；图形仅供示意，面积以不动产登记和权籍调查为准。`;
}
