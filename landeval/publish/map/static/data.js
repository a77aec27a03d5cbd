// ---- data: the JSON block as columns, and how its values are written ----
const data = await whole(JSON.parse(document.getElementById("landeval-data").textContent));
const unknown = "—(资料不足)";

function table(packed) {
  const columns = {};
  for (const [name, column] of Object.entries(packed.columns)) {
    columns[name] = Array.isArray(column)
      ? column
      : column.codes.map((code) => (code < 0 ? null : column.texts[code]));
  }
  return {
    count: packed.count,
    has: (name) => name in columns,
    get: (name, row) => (name in columns ? columns[name][row] : null),
  };
}

const parcels = table(data.parcels);
const zones = table(data.zones);
const enterprises = table(data.enterprises);
const everyone = Array.from({ length: parcels.count }, (_, row) => row);

// Half up on the decimal as written, like a spreadsheet: 1.005 is 1.01.
function fixed(value, digits = 2) {
  const size = Math.abs(value);
  const scaled = Math.round(Number(size + "e" + digits));
  const rounded = Number.isFinite(scaled) ? Number(scaled + "e-" + digits) : size;
  return (value < 0 && rounded !== 0 ? "-" : "") + rounded.toFixed(digits);
}
// The same with thousands apart: 1234567.5 is 1,234,567.50.
function grouped(value, digits = 2) {
  const [whole, part] = fixed(value, digits).split(".");
  return whole.replace(/\B(?=(\d{3})+$)/g, ",") + (part === undefined ? "" : "." + part);
}
const isNumber = (value) => typeof value === "number" && Number.isFinite(value);
const figure = (value, unit = "") => (isNumber(value) ? grouped(value) + (unit && " " + unit) : unknown);
const money = data.currency === "元" ? "万元" : "万" + data.currency;
const label = (name) => data.labels[name] || name;

const ratios = ["investment_wan_yuan_per_mu", "output_wan_yuan_per_mu", "tax_wan_yuan_per_mu"];
const monies = ratios.map((name) => name.replace("_per_mu", ""));
const ratioNames = { [ratios[0]]: "亩均投资", [ratios[1]]: "亩均产值", [ratios[2]]: "亩均税收", plot_ratio: "容积率" };
const inclusive = (threshold) => /=|≥|不低于|不少于/.test(threshold.operator || ">=");
const sign = (threshold) => (inclusive(threshold) ? "≥" : ">");
// Whether a figure passes a line, after rounding to 4 decimals; only near the line does rounding matter.
function passesLine(value, line, isInclusive) {
  if (Math.abs(value - line) > 0.001) return value > line;
  const rounded = Number(fixed(value, 4));
  return isInclusive ? rounded >= line : rounded > line;
}

// Rows of the enterprises tied to each parcel; pairs come sorted by parcel.
const tiesFrom = new Int32Array(parcels.count + 1);
for (const row of data.ties.columns.parcel) tiesFrom[row + 1] += 1;
for (let row = 0; row < parcels.count; row += 1) tiesFrom[row + 1] += tiesFrom[row];
const enterprisesOf = (row) => data.ties.columns.enterprise.slice(tiesFrom[row], tiesFrom[row + 1]);
const gradesOf = (row) => {
  const found = enterprisesOf(row).map((one) => enterprises.get("enterprise_grade", one)).filter(Boolean);
  return data.grades.filter((grade) => found.includes(grade));
};

const nameOf = (row) =>
  parcels.get("holder_name", row) || parcels.get("enterprise_names", row) || codeOf(row) || "（权利人不详）";
const codeOf = (row) => parcels.get("parcel_code", row) || parcels.get("parcel_id", row);
const isDrawn = (row) => parcels.get("lon", row) !== null;

// ---- elements: text goes in as text, never as markup ----
function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "text") node.textContent = value;
    else if (name === "style") node.style.cssText = value;
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}
function drawing(tag, attributes = {}, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}
function refill(node, ...children) {
  node.textContent = "";
  node.append(...children);
}
const byId = (id) => document.getElementById(id);
