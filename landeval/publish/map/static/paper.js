// ---- paper: the page takes the paper's size first, so that the map fills it ----
let beforePrint = null;
let rulesOpen = false;
let scrolled = 0;
function toPaper() {
  if (beforePrint) return;
  beforePrint = map.getBounds();
  scrolled = document.querySelector(".scroll").scrollTop;
  document.querySelector(".scroll").scrollTop = 0;
  rulesOpen = byId("rules-box").open;
  byId("rules-box").open = true;
  const today = new Date();
  const two = (number) => String(number).padStart(2, "0");
  byId("printed-on").textContent =
    `打印日期 ${today.getFullYear()}-${two(today.getMonth() + 1)}-${two(today.getDate())}`;
  if (!sideAsked) document.documentElement.classList.add("paper"); // the page around two sides has the size itself
  map.invalidateSize({ animate: false, pan: false });
  map.fitBounds(beforePrint, { animate: false });
}
function toScreen() {
  if (!beforePrint) return;
  document.documentElement.classList.remove("paper");
  byId("rules-box").open = rulesOpen;
  document.querySelector(".scroll").scrollTop = scrolled;
  map.invalidateSize({ animate: false, pan: false });
  map.fitBounds(beforePrint, { animate: false });
  beforePrint = null;
}
function printMap() {
  closeCards();
  toPaper();
  setTimeout(() => window.print(), 400);
}
function preparePaper() {
  byId("print").addEventListener("click", printMap);
  window.addEventListener("beforeprint", toPaper);
  window.addEventListener("afterprint", toScreen);
}
