// ---- bars: figures against their lines, of one year and of all ----

// One figure as a bar, its line in the middle: { name, value, line, verdict, unit, scope, sign }.
function bar({ name, value, line, verdict, unit = "", scope = "", isInclusive = true }) {
  const hasLine = isNumber(line);
  const told = verdict === "达标" ? true : verdict === "不达标" ? false : null;
  const good = verdict ? told : hasLine && isNumber(value) ? passesLine(value, line, isInclusive) : null;
  const top = hasLine ? line * 2 : isNumber(value) ? Math.max(value * 1.25, 1) : 1;
  const track = el("div", { class: "track" });
  if (isNumber(value)) {
    const wide = Math.max(0, Math.min(100, (value / top) * 100));
    const kind = good === null ? "plain" : good ? "good" : "poor";
    track.append(el("i", { class: "fill " + kind, style: `width:${wide}%` }));
  } else track.classList.add("none");
  if (hasLine) track.append(el("i", { class: "mark", style: "left:50%" }));
  const shown = el("span", { class: "shown" }, el("b", { text: isNumber(value) ? grouped(value) : unknown }));
  const mark = isInclusive ? "≥" : ">";
  if (hasLine) shown.append(` / ${mark}${line}`);
  const title = hasLine ? `标准：${mark} ${line}${unit && " " + unit}${scope}` : "";
  return el("div", { class: "bar", title }, el("span", { text: name }), track, shown);
}
function ratioBar(field, value, verdict) {
  const threshold = data.thresholds[field];
  const line = threshold && {
    line: threshold.value, isInclusive: inclusive(threshold), scope: threshold.scope ? `（${threshold.scope}）` : "",
  };
  return bar({ name: ratioNames[field], value, verdict, unit: `${money}/亩`, ...line });
}
function parcelBars(row) {
  const verdictOf = (field) => parcels.get("verdict:" + field, row);
  const bars = el("div", { class: "bars" });
  if (years.length > 1) bars.append(el("p", { class: "small", text: `${chosenYear} 年` }));
  for (const field of ratios) bars.append(ratioBar(field, figureOf(field, row), isDataYear() ? verdictOf(field) : null));
  const scopes = new Set(ratios.map((field) => data.thresholds[field] && data.thresholds[field].scope).filter(Boolean));
  const ratio = parcels.get("plot_ratio", row);
  const limit = parcels.get("plot_ratio_limit", row);
  const unit = `单位：${money}/亩，竖线为标准` + (scopes.size ? `，适用于${[...scopes].join("、")}，其余宗地仅作对标` : "");
  if (isNumber(ratio) || isNumber(limit)) {
    bars.append(bar({ name: "容积率", value: ratio, line: limit, verdict: verdictOf("plot_ratio") }));
  }
  bars.append(el("p", { class: "small", text: unit }));
  return bars;
}

// Per-mu figures of every year known, each with a small bar against the highest of them and the line.
function yearCell(value, top, threshold, isChosen) {
  const cell = el("td", { class: isChosen ? "chosen" : null });
  const column = el("div", { class: isNumber(value) ? "column" : "column none", "aria-hidden": "true" });
  if (isNumber(value)) {
    const kind = threshold ? (passesLine(value, threshold.value, inclusive(threshold)) ? "good" : "poor") : "plain";
    column.append(el("i", { class: kind, style: `height:${Math.max(0, (value / top) * 100)}%` }));
  }
  if (threshold) column.append(el("u", { style: `bottom:${(threshold.value / top) * 100}%` }));
  cell.append(column, el("span", { text: isNumber(value) ? fixed(value) : "—" }));
  return cell;
}
function yearLine(field, row) {
  const values = years.map((year) => figureIn(year, field, row));
  const threshold = data.thresholds[field];
  const top = Math.max(threshold ? threshold.value : 0, ...values.filter(isNumber)) || 1;
  const cells = values.map((value, at) => yearCell(value, top, threshold, years[at] === chosenYear));
  return el("tr", {}, el("th", { scope: "row", text: ratioNames[field] }), ...cells);
}
function yearTable(row) {
  const isKnown = years.some((year) => ratios.some((field) => isNumber(figureIn(year, field, row))));
  if (years.length < 2 || !isKnown) return null;
  const heads = years.map((year) => el("th", { scope: "col", class: year === chosenYear ? "chosen" : null, text: year }));
  const head = el("thead", {}, el("tr", {}, el("th", { scope: "col", text: "历年" }), ...heads));
  const body = el("tbody", {}, ...ratios.map((field) => yearLine(field, row)));
  return el("div", { class: "wide" }, el("table", { class: "years" }, head, body));
}
