// ---- panel: lists, levels, notices and everything else on the left ----
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

function prepareLevels() {
  data.levels.forEach((level, place) => {
    const rows = zoneRows.filter((row) => levelOf(row) === place && zones.get("zone_name", row) !== data.outside[place]);
    const box = el("input", { type: "checkbox", value: place });
    box.checked = true;
    box.addEventListener("change", () => setLevel(place, box.checked));
    const count = el("span", { class: "count" }, el("b", { text: rows.length }), " 个");
    byId("levels").append(el("li", {}, el("label", {}, box, lineMark(levelLooks[place]), el("span", { class: "name", text: level }), count)));
  });
  prepareTree();
}
function prepareTree() {
  const codes = new Map(zoneRows.map((row) => [zones.get("zone_code", row), row]));
  const children = new Map();
  for (const row of zoneRows) {
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
  clearFilter();
  byId("search").value = "";
  for (const box of byId("levels").querySelectorAll("input")) {
    box.checked = true;
    setLevel(Number(box.value), true);
  }
  closeCards();
  mark(null);
  setHash("");
  search();
  if (isDataYear()) refresh();
  else setYear(data.year);
  fitAll();
  explainMissing();
}

// ---- what the page is: whose figures, of which day, by which rules ----
function ruleText({ document: name, from, rules, changed }) {
  const since = from.length ? `${from.join("、")} 起适用，` : "";
  return `${name || "（未注明文件）"}（${since}${rules} 条${changed ? `，本单位改动或增加 ${changed} 条` : ""}）`;
}
function prepareFooter() {
  const standards = ratios
    .filter((field) => data.thresholds[field])
    .map((field) => `${ratioNames[field]} ${sign(data.thresholds[field])} ${data.thresholds[field].value}`);
  const sample = Object.values(data.thresholds)[0];
  const source = sample ? [sample.document, sample.number].filter(Boolean).join(" ") : "";
  const text = standards.length
    ? `标准（${money}/亩${sample.scope ? "，" + sample.scope : ""}）：${standards.join("，")}${source ? "。依据：" + source : ""}。`
    : "";
  byId("footer-text").textContent =
    `${text}结论为按现有资料的初步筛查，闲置土地以主管部门认定为准；图形仅供示意，面积以不动产登记和权籍调查为准。`;
  byId("rules-box").hidden = !data.rule_versions.length;
  refill(byId("rules"), ...data.rule_versions.map((one) => el("li", { text: ruleText(one) })));
}

function preparePanel() {
  byId("title").textContent = byId("title").title = data.title;
  byId("subtitle").textContent = `数据年度 ${data.year === null ? "不详" : data.year + " 年"}　评价基准日 ${data.as_of}`;
  byId("stamp").textContent = data.stamp.join("　");
  prepareKpi();
  prepareLegend();
  prepareDropDowns();
  byId("export").addEventListener("click", download);
  byId("reset").addEventListener("click", reset);
  byId("fold").addEventListener("click", fold);
  window.addEventListener("hashchange", followHash);
  if (data.links.compare) {
    const link = el("a", { class: "button", id: "compare", href: encodeURI(data.links.compare), text: "左右对比" });
    byId("reset").parentNode.append(link);
  }
  prepareFooter();
}
function fold() {
  const folded = document.body.classList.toggle("folded");
  const text = folded ? "展开面板" : "收起面板";
  byId("fold").textContent = folded ? "›" : "‹";
  byId("fold").title = text;
  byId("fold").setAttribute("aria-label", text);
  byId("fold").setAttribute("aria-expanded", String(!folded));
  map.invalidateSize({ animate: false });
  placeLabels();
}
