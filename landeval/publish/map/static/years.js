// ---- years: figures of the year that the slider stands at; verdicts are of the data year only ----
const yearTables = new Map(data.years.map((one) => [one.year, table(one)]));
const years = [...yearTables.keys(), ...(data.year === null ? [] : [data.year])].sort((a, b) => a - b);
const yearly = new Set([...monies, ...ratios]);
let chosenYear = data.year;
const isDataYear = () => chosenYear === data.year;
function figureIn(year, name, row) {
  if (year === data.year) return parcels.get(name, row);
  return yearTables.has(year) ? yearTables.get(year).get(name, row) : null;
}
const changesWithYear = (scheme) => yearly.has(scheme.key) || scheme.key.startsWith("change:");
const figureOf = (name, row) => (yearly.has(name) ? figureIn(chosenYear, name, row) : parcels.get(name, row));

function prepareYears() {
  byId("year-box").hidden = years.length < 2;
  if (years.length < 2) return;
  const slider = byId("year");
  Object.assign(slider, { min: 0, max: years.length - 1, value: years.indexOf(chosenYear) });
  refill(byId("year-marks"), ...years.map((year) => el("span", { text: year })));
  slider.addEventListener("input", () => setYear(years[Number(slider.value)]));
  tellYear();
}
function setYear(year) {
  if (!years.includes(year)) return;
  chosenYear = year;
  byId("year").value = years.indexOf(year);
  tellYear();
  refresh();
  redrawCard();
}
function tellYear() {
  byId("year").setAttribute("aria-valuetext", `${chosenYear} 年`);
  byId("year-shown").textContent = `${chosenYear} 年`;
  byId("year-note").textContent = isDataYear()
    ? ""
    : `投资、产值、税收为 ${chosenYear} 年，按现在的面积折算；评价结论、等级、分区汇总仍是 ${data.year} 年。`;
}
