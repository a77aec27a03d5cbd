// ---- search: reads the box on every committed change, with or without a key event ----
const searched = ["holder_name", "enterprise_names", "parcel_code", "credit_code", "parcel_id", "certificate_no", "location"];
const searchedOfEnterprise = ["name", "former_names", "credit_code"];
const plainText = (text) => text.normalize("NFKC").toLowerCase(); // full-width letters and brackets are the same
let haystack = null;

function textsOf(row) {
  const own = searched.map((name) => [label(name), parcels.get(name, row)]);
  for (const one of enterprisesOf(row)) {
    for (const name of searchedOfEnterprise) own.push([label(name), enterprises.get(name, one)]);
  }
  return own.filter(([, text]) => text);
}
// Where the hit is in something that the entry does not show, e.g. a former name, the entry says it.
function whyFound(row, words) {
  const visible = plainText(`${nameOf(row)}\n${codeOf(row)}`);
  const hidden = words.find((word) => !visible.includes(word));
  if (hidden === undefined) return [];
  const hit = textsOf(row).find(([, text]) => plainText(text).includes(hidden));
  return hit ? [`${hit[0]}：${hit[1]}`] : [];
}
function gather() {
  if (haystack) return;
  haystack = everyone.map((row) => plainText(textsOf(row).map(([, text]) => text).join("\n")));
}
function search() {
  const words = plainText(byId("search").value).trim().split(/\s+/).filter(Boolean);
  if (!words.length) {
    refill(byId("found"));
    byId("found-note").textContent = "";
    return;
  }
  gather();
  const rows = everyone.filter((row) => words.every((word) => haystack[row].includes(word)));
  refill(byId("found"), ...rows.slice(0, 50).map((row) => entry(row, [...noteOf(row), ...whyFound(row, words)])));
  byId("found-note").textContent = !rows.length
    ? "没有找到"
    : `找到 ${rows.length} 宗` + (rows.length > 50 ? "，先列前 50 宗，请再输入几个字" : "");
}
function prepareSearch() {
  const box = byId("search");
  let composing = false;
  box.addEventListener("focus", gather);
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
