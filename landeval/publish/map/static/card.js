// ---- card: what a click shows, of a parcel or of a zone ----
const lookOf = (name) => data.classes.findIndex((look) => look.name === name);
function pill(name) {
  const look = data.classes[lookOf(name)] || unknownLook;
  const dark = ["闲置(已认定)", "涉嫌闲置(未动工)", "涉嫌闲置(中止开发)", "逾期未动工预警", "达标"].includes(look.name);
  const style = `background:${look.fill};color:${dark ? "#fff" : "#222"};` + (look.dashed ? "border-style:dashed" : "");
  return el("span", { class: "pill verdict", style, text: name || data.unknown });
}
const tag = (text) => (text ? el("span", { class: "pill", text }) : null);

function bar(field, value, verdict) {
  const threshold = data.thresholds[field];
  const good = verdict ? verdict === "达标" ? true : verdict === "不达标" ? false : null : meets(field, value);
  const top = threshold ? threshold.value * 2 : isNumber(value) ? Math.max(value * 1.25, 1) : 1;
  const track = el("div", { class: "track" });
  if (isNumber(value)) {
    const wide = Math.max(0, Math.min(100, (value / top) * 100));
    const kind = good === null ? "plain" : good ? "good" : "poor";
    track.append(el("i", { class: "fill " + kind, style: `width:${wide}%` }));
  } else track.classList.add("none");
  if (threshold) track.append(el("i", { class: "mark", style: "left:50%" }));
  const shown = el("span", { class: "shown" });
  shown.append(el("b", { text: isNumber(value) ? fixed(value) : unknown }));
  if (threshold) shown.append(` / ${sign(threshold)}${threshold.value}`);
  const scope = threshold && threshold.scope ? `（${threshold.scope}）` : "";
  const title = threshold ? `标准：${sign(threshold)} ${threshold.value} ${money}/亩${scope}` : "";
  return el("div", { class: "bar", title }, el("span", { text: ratioNames[field] }), track, shown);
}

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

function parcelCard(row) {
  const get = (name) => parcels.get(name, row);
  const idle = data.idle.includes(get("status"));
  const enterprises = get("enterprise_names");
  const basis = get("area_basis");
  const bars = el("div", { class: "bars" }, ...ratios.map((field) => bar(field, get(field), get("verdict:" + field))));
  const scopes = new Set(ratios.map((field) => data.thresholds[field] && data.thresholds[field].scope).filter(Boolean));
  const unit = `单位：${money}/亩，竖线为标准` + (scopes.size ? `，适用于${[...scopes].join("、")}，其余宗地仅作对标` : "");
  bars.append(el("p", { class: "small", text: unit }));
  const share = get("is_straddling") === true ? "（跨分区）" : "";
  return el(
    "article",
    { class: "detail", "data-parcel": get("parcel_id") },
    el("h2", { text: nameOf(row) }),
    el("p", { class: "small code", text: "宗地代码 " + (get("parcel_code") || "—") }),
    el("p", { class: "pills" }, pill(get("status")), tag(get("industry_group")), tag(get("production_status")),
      get("is_candidate") === true ? tag("处置候选") : null, isDrawn(row) ? null : tag("无图形")),
    bars,
    facts([
      ["面积", figure(get("area_mu"), "亩") + (basis ? `（${basis}）` : "")],
      ["所属", path(row) + share],
    ]),
    el("h3", { text: "评价与处置" }),
    facts([
      ["理由", get("reasons")],
      ["依据", get("clause")],
      ["处置途径", get("route") ? get("route") + "（建议）" : null],
      ["途径依据", get("route_clause")],
      ["逾期", isNumber(get("days_overdue")) && get("days_overdue") > 0 ? get("days_overdue") + " 天" : null],
      ["闲置费测算", isNumber(get("fee_wan_yuan")) || idle ? figure(get("fee_wan_yuan"), money) : null],
      ["下一步", get("next_action")],
      ["办理期限", get("next_deadline")],
      ["缺少资料", get("missing")],
      ["待核问题", get("questions")],
    ]),
    el("h3", { text: "宗地资料" }),
    facts([
      ["权利人", get("holder_name") && get("holder_name") !== nameOf(row) ? get("holder_name") : null],
      ["企业", enterprises && enterprises !== nameOf(row) ? enterprises : null],
      ["信用代码", get("credit_code")],
      ["坐落", get("location")],
      ["用途", get("land_use")],
      ["固定资产投资", figure(get("investment_wan_yuan"), money)],
      ["工业总产值", figure(get("output_wan_yuan"), money)],
      ["入库税收", figure(get("tax_wan_yuan"), money)],
      ["容积率", parcels.has("plot_ratio") ? figure(get("plot_ratio")) : null],
      ["容积率（层高超 8 米加倍）", isNumber(get("plot_ratio_doubled")) ? figure(get("plot_ratio_doubled")) : null],
      ["建筑密度", parcels.has("building_density_percent") ? figure(get("building_density_percent"), "%") : null],
      ["建筑系数", parcels.has("building_factor_percent") ? figure(get("building_factor_percent"), "%") : null],
      ["可分割未利用", isNumber(get("unused_separable_m2")) ? figure(get("unused_separable_m2"), "㎡") : null],
      ["可分割未利用至多", isNumber(get("unused_most_m2")) && get("unused_most_m2") !== get("unused_separable_m2") ? figure(get("unused_most_m2"), "㎡") : null],
      ["供应方式", get("supply_method")],
      ["应动工", get("due_start") || get("extended_start") || get("agreed_start")],
      ["实际动工", get("actual_start")],
      ["中止开发", get("suspended_on")],
    ]),
  );
}

const knownArea = { [ratios[0]]: "area_known_investment_mu", [ratios[1]]: "area_known_output_mu", [ratios[2]]: "area_known_tax_mu" };
function zoneCard(row) {
  const get = (name) => zones.get(name, row);
  const bars = el("div", { class: "bars" });
  for (const field of ratios) {
    bars.append(bar(field, get(field), null));
    const known = get(knownArea[field]);
    const all = get("area_mu");
    if (isNumber(known) && isNumber(all) && all > 0) {
      const text = `有数据土地 ${fixed(known)} 亩，占 ${fixed((known / all) * 100, 1)}%`;
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
  only.addEventListener("click", () => {
    state.zone = row;
    refresh();
  });
  return el(
    "article",
    { class: "detail", "data-zone": get("zone_code") || get("zone_name") },
    el("h2", { text: get("zone_name") || "（未命名）" }),
    el("p", { class: "pills" }, tag(get("zone_level")), tag(get("leading_industry"))),
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
function open(content, at, onClose) {
  closeCards();
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
  } else {
    const cross = el("button", { type: "button", class: "close", title: "关闭", "aria-label": "关闭", text: "×" });
    cross.addEventListener("click", () => {
      closeCards();
      onClose();
    });
    refill(byId("card"), cross, content);
    byId("card").hidden = false;
  }
}
function closeCards() {
  byId("card").hidden = true;
  refill(byId("card"));
  if (opened) {
    const before = opened;
    opened = null;
    before.remove();
  }
}
function showParcel(row, at, zoom) {
  const shape = shapes.get(row);
  if (shape && zoom) map.fitBounds(shape.getBounds().pad(1.2), { maxZoom: 19, animate: false });
  const point = shape ? at || L.latLng(parcels.get("lat", row), parcels.get("lon", row)) : null;
  open(parcelCard(row), point, () => {
    if (selected === row) mark(null);
    setHash("");
  });
  mark(row);
  setHash("#zd=" + encodeURIComponent(codeOf(row)));
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
