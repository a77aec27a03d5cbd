// ---- card: what a click shows, of a parcel or of a zone ----
const lookOf = (name) => data.classes.findIndex((look) => look.name === name);
function pill(name) {
  const look = data.classes[lookOf(name)] || unknownLook;
  const dark = ["闲置(已认定)", "涉嫌闲置(未动工)", "涉嫌闲置(中止开发)", "逾期未动工预警", "达标"].includes(look.name);
  const style = `background:${look.fill};color:${dark ? "#fff" : "#222"};` + (look.dashed ? "border-style:dashed" : "");
  return el("span", { class: "pill verdict", style, text: name || data.unknown });
}
const tag = (text) => (text ? el("span", { class: "pill", text }) : null);

function facts(rows) {
  const list = el("dl", { class: "facts" });
  for (const [name, value] of rows) {
    if (value === null || value === undefined || value === "") continue;
    list.append(el("dt", { text: name }), el("dd", {}, value));
  }
  return list.childElementCount ? list : null;
}
function path(row) {
  return ["cluster", "base", "community"]
    .map((level, at) => parcels.get(level + "_name", row) || (parcels.has(level + "_name") ? data.outside[at] : null))
    .filter(Boolean)
    .join(" › ");
}

const addressOf = (file) => file.split("/").map(encodeURIComponent).join("/");
// Where the analyst goes from here; only to files that this run wrote beside the map.
function furtherLinks(row) {
  const found = [];
  const dossier = parcels.get("dossier", row);
  if (dossier) found.push(el("a", { href: addressOf(dossier), text: "一宗一档" }));
  if (data.links.list) found.push(el("a", { href: addressOf(data.links.list), text: "处置候选清单", title: `在清单中按宗地代码 ${codeOf(row)} 查找` }));
  found.push(el("a", { href: "#zd=" + encodeURIComponent(codeOf(row)), text: "本宗链接", title: "复制此链接，打开地图即到本宗" }));
  return el("p", { class: "further" }, ...found);
}
// The pictures lie beside the map; where somebody has moved it alone, there is none.
function chipPicture(row) {
  const file = parcels.get("chip", row);
  if (!file) return null;
  const picture = el("img", { src: addressOf(file), alt: "本宗影像，黄线为宗地界线", loading: "lazy" });
  const box = el("figure", { class: "chip" }, picture, el("figcaption", { class: "small", text: "影像（旁证），黄线为宗地界线" }));
  picture.addEventListener("error", () => box.remove());
  picture.addEventListener("load", () => opened && opened.update());
  return box;
}
function enterpriseLines(row) {
  const all = enterprisesOf(row);
  if (!all.length) return null;
  const lines = all.slice(0, 8).map((one) => {
    const get = (name) => enterprises.get(name, one);
    const parts = [get("name") || "（名称不详）"];
    if (get("former_names")) parts.push(`曾用名 ${get("former_names")}`);
    if (get("credit_code")) parts.push(get("credit_code"));
    if (get("enterprise_grade")) {
      const score = isNumber(get("grade_score")) ? `，${fixed(get("grade_score"))} 分` : "";
      const rank = isNumber(get("grade_rank")) ? `，${get("grade_list")}第 ${get("grade_rank")}/${get("grade_size")} 名` : "";
      parts.push(`${get("enterprise_grade")} 级${score}${rank}`);
    } else if (get("grade_state")) parts.push(`未定级（${get("grade_state")}）`);
    return parts.join("　");
  });
  if (all.length > 8) lines.push(`等 ${all.length} 家`);
  return lines.join("\n");
}
function disposalFacts(get) {
  const idle = data.idle.includes(get("status"));
  return facts([
    ["依据", get("clause")],
    ["处置途径", get("route") ? get("route") + "（建议）" : null],
    ["途径依据", get("route_clause")],
    ["逾期", isNumber(get("days_overdue")) && get("days_overdue") > 0 ? get("days_overdue") + " 天" : null],
    ["闲置费测算", isNumber(get("fee_wan_yuan")) || (idle && (get("route") || "").includes("闲置费")) ? figure(get("fee_wan_yuan"), money) : null],
    ["下一步", get("next_action")],
    ["办理期限", get("next_deadline")],
    ["缺少资料", get("missing")],
    ["待核问题", get("questions")],
  ]);
}
function landFacts(row, get) {
  const year = isDataYear() ? "" : `（${chosenYear} 年）`;
  const most = get("unused_most_m2");
  const built = (name, unit) => (parcels.has(name) ? figure(get(name), unit) : null);
  return facts([
    ["权利人", get("holder_name") && get("holder_name") !== nameOf(row) ? get("holder_name") : null],
    ["企业", enterpriseLines(row) || (get("enterprise_names") !== nameOf(row) ? get("enterprise_names") : null)],
    ["信用代码", get("credit_code")],
    ["坐落", get("location")],
    ["用途", get("land_use")],
    ...["累计固定资产投资", "工业总产值", "入库税收"].map((name, at) => [name, figure(figureOf(monies[at], row), money) + year]),
    ["容积率", built("plot_ratio")],
    ["容积率下限来源", isNumber(get("plot_ratio_limit")) ? get("plot_ratio_limit_basis") : null],
    ["容积率（层高超 8 米加倍）", isNumber(get("plot_ratio_doubled")) ? figure(get("plot_ratio_doubled")) : null],
    ["建筑密度", built("building_density_percent", "%")],
    ["建筑系数", built("building_factor_percent", "%")],
    ["可分割未利用", isNumber(get("unused_separable_m2")) ? figure(get("unused_separable_m2"), "㎡") : null],
    ["可分割未利用至多", isNumber(most) && most !== get("unused_separable_m2") ? figure(most, "㎡") : null],
    ["供应方式", get("supply_method")],
    ["应动工", get("due_start") || get("extended_start") || get("agreed_start")],
    ["实际动工", get("actual_start")],
    ["中止开发", get("suspended_on")],
  ]);
}
function parcelCard(row) {
  const get = (name) => parcels.get(name, row);
  const basis = get("area_basis");
  const share = get("is_straddling") === true ? "（跨分区）" : "";
  const grades = gradesOf(row).map((grade) => tag(`企业 ${grade} 级`));
  return el(
    "article",
    { class: "detail", "data-parcel": get("parcel_id") },
    el("h2", { text: nameOf(row) }),
    el("p", { class: "small code", text: "宗地代码 " + (get("parcel_code") || "—") }),
    el("p", { class: "pills" }, pill(get("status")), tag(get("industry_group")), tag(get("production_status")), ...grades,
      get("is_candidate") === true ? tag("处置候选") : null, isDrawn(row) ? null : tag("无图形")),
    parcelBars(row),
    yearTable(row),
    facts([
      ["面积", figure(get("area_mu"), "亩") + (basis ? `（${basis}）` : "")],
      ["所属", path(row) + share],
    ]),
    el("h3", { text: "评价与处置" + (data.year === null ? "" : `（${data.year} 年，基准日 ${data.as_of}）`) }),
    get("reasons") ? el("p", { class: "sentence", text: get("reasons") }) : null,
    disposalFacts(get),
    furtherLinks(row),
    chipPicture(row),
    el("h3", { text: "宗地资料" }),
    landFacts(row, get),
  );
}

const knownArea = { [ratios[0]]: "area_known_investment_mu", [ratios[1]]: "area_known_output_mu", [ratios[2]]: "area_known_tax_mu" };
function zoneCard(row) {
  const get = (name) => zones.get(name, row);
  const bars = el("div", { class: "bars" });
  for (const field of ratios) {
    bars.append(ratioBar(field, get(field), null));
    const known = get(knownArea[field]);
    const all = get("area_mu");
    if (isNumber(known) && isNumber(all) && all > 0) {
      const text = `有数据土地 ${grouped(known)} 亩，占 ${fixed((known / all) * 100, 1)}%`;
      bars.append(el("p", { class: "small cover", text }));
    }
  }
  const strip = el("div", { class: "strip", role: "img", "aria-label": "各类宗数构成" });
  const counts = [];
  data.classes.forEach((look, place) => {
    const count = get("parcels_" + look.name);
    if (!count) return;
    const style = `flex:${count} 0 0;background:${look.fill}` + (look.dashed ? ";box-shadow:inset 0 0 0 1px #888" : "");
    strip.append(el("i", { style, title: `${look.name} ${count} 宗` }));
    counts.push(el("li", {}, swatch(verdictScheme, place), el("span", { text: look.name }), el("b", { text: count + " 宗" })));
  });
  const only = el("button", { type: "button", class: "link", text: "只看此区宗地" });
  only.addEventListener("click", () => setZone(row));
  return el(
    "article",
    { class: "detail", "data-zone": get("zone_code") || get("zone_name") },
    el("h2", { text: get("zone_name") || "（未命名）" }),
    el("p", { class: "pills" }, tag(get("zone_level")), tag(get("leading_industry")),
      isDataYear() ? null : tag(`分区汇总为 ${data.year} 年`)),
    facts([
      ["宗地", isNumber(get("zone_parcels")) ? get("zone_parcels") + " 宗" : null],
      ["企业", isNumber(get("zone_enterprises")) ? get("zone_enterprises") + " 家" : null],
      ["面积", figure(get("area_mu"), "亩")],
      ["固定资产投资", figure(get("investment_wan_yuan"), money)],
      ["工业总产值", figure(get("output_wan_yuan"), money)],
      ["入库税收", figure(get("tax_wan_yuan"), money)],
    ]),
    bars,
    counts.length ? strip : null,
    counts.length ? el("ul", { class: "counts" }, ...counts) : null,
    levelOf(row) >= 0 ? only : null,
  );
}

let opened = null;
let onCard = null; // the row of the parcel whose card is open
let cameFrom = null; // where the keyboard was, to go back to
function open(content, at, onClose) {
  closeCards();
  cameFrom = document.activeElement;
  if (at) {
    const size = map.getSize();
    const limits = { maxWidth: 380, minWidth: Math.min(340, size.x - 80), maxHeight: Math.max(180, size.y - 130) };
    const margins = { autoPanPaddingTopLeft: [16, 16], autoPanPaddingBottomRight: [64, 24] };
    opened = L.popup({ ...limits, ...margins, className: "sheet" }).setLatLng(at).setContent(content);
    opened.on("remove", onClose);
    opened.openOn(map);
    const cross = opened.getElement().querySelector(".leaflet-popup-close-button");
    cross.setAttribute("aria-label", "关闭");
    cross.title = "关闭";
    const box = opened.getElement();
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", content.querySelector("h2").textContent);
    if (byId("panel").contains(cameFrom)) cross.focus({ preventScroll: true });
  } else {
    const cross = el("button", { type: "button", class: "close", title: "关闭", "aria-label": "关闭", text: "×" });
    cross.addEventListener("click", () => {
      closeCards();
      onClose();
    });
    refill(byId("card"), cross, content);
    byId("card").hidden = false;
    if (byId("panel").contains(cameFrom)) cross.focus({ preventScroll: true });
  }
}
function closeCards() {
  const isInside = document.activeElement && document.activeElement.closest(".leaflet-popup, #card");
  onCard = null;
  byId("card").hidden = true;
  refill(byId("card"));
  if (opened) {
    const before = opened;
    opened = null;
    before.remove();
  }
  if (isInside && cameFrom && cameFrom.isConnected) cameFrom.focus({ preventScroll: true });
}
function closeByKey() {
  if (!byId("card").hidden) byId("card").querySelector(".close").click();
  else closeCards();
}
// The figures of another year, in the card that is open.
function redrawCard() {
  if (onCard === null) return;
  const content = parcelCard(onCard);
  if (opened) opened.setContent(content);
  else byId("card").replaceChild(content, byId("card").querySelector(".detail"));
}
function showParcel(row, at, zoom) {
  const shape = shapes.get(row);
  if (shape && zoom) map.fitBounds(shape.getBounds().pad(1.2), { maxZoom: 19, animate: false });
  const point = shape ? at || L.latLng(parcels.get("lat", row), parcels.get("lon", row)) : null;
  open(parcelCard(row), point, () => {
    onCard = null;
    if (selected === row) mark(null);
    setHash("");
    tellMark(null);
  });
  onCard = row;
  mark(row);
  setHash("#zd=" + encodeURIComponent(codeOf(row)));
  tellMark(row);
}
function showZone(row, at, zoom) {
  const shape = zoneShapes.get(row);
  if (shape && zoom) map.fitBounds(shape.getBounds(), { padding: [40, 40], animate: false });
  const point = shape ? at || L.latLng(zones.get("lat", row), zones.get("lon", row)) : null;
  open(zoneCard(row), point, () => {});
}

function setHash(hash) {
  try {
    history.replaceState(null, "", hash || location.pathname + location.search);
  } catch (error) {
    // some browsers refuse to touch the address of a local file; the page works without
  }
}
function followHash() {
  const found = /^#zd=(.+)$/.exec(location.hash);
  if (!found) return;
  let wanted = found[1];
  try {
    wanted = decodeURIComponent(wanted);
  } catch (error) {
    // a stray % in a code: take it as written
  }
  const match = (name) => everyone.filter((row) => parcels.get(name, row) === wanted);
  const rows = [...match("parcel_code"), ...match("parcel_id")];
  const row = rows.concat(rows.slice(0, 1)).find((one, at) => isDrawn(one) || at === rows.length);
  if (row !== undefined) showParcel(row, null, true);
  else say(`没有找到宗地 ${wanted}`);
}
