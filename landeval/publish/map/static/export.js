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
  ...monies, ...ratios, "plot_ratio", "plot_ratio_limit", "building_density_percent", "building_factor_percent",
  "unused_separable_m2", "unused_most_m2", "supply_method", "agreed_start",
  "due_start", "actual_start", "suspended_on", "production_status",
];
// Figures of another year carry that year in their header, so that no file mixes years unseen.
function csv() {
  const names = exported.filter((name) => parcels.has(name));
  const header = (name) => label(name) + (yearly.has(name) && !isDataYear() ? `（${chosenYear}年）` : "");
  const graded = data.grades.length ? [label("enterprise_grade")] : [];
  const lines = [[...names.map(header), ...graded].map(cell).join(",")];
  for (const row of everyone) {
    if (!state.shown[row]) continue;
    const grade = data.grades.length ? [gradesOf(row).join("、")] : [];
    lines.push([...names.map((name) => figureOf(name, row)), ...grade].map(cell).join(","));
  }
  return "\ufeff" + lines.join("\r\n") + "\r\n";
}
function download() {
  const address = URL.createObjectURL(new Blob([csv()], { type: "text/csv;charset=utf-8" }));
  const link = el("a", { href: address, download: `宗地筛选清单${chosenYear ? "_" + chosenYear : ""}.csv` });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
