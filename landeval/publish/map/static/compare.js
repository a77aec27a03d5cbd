// ---- side: the page as one of two beside one another; it tells the page around it where it looks, and follows ----
let tellMark = () => {};
const sideAsked = /^#side=(left|right)/.test(location.hash) && window.parent !== window;
function prepareSide() {
  if (!sideAsked) return;
  const asked = new Map(location.hash.slice(1).split("&").map((part) => part.split("=")));
  document.documentElement.classList.add("side");
  map.invalidateSize({ animate: false });
  const place = schemes.findIndex((one) => one.key === decodeURIComponent(asked.get("scheme") || ""));
  if (place > 0) setScheme(place);
  if (asked.has("year")) setYear(Number(asked.get("year")));
  fitAll();
  let following = false;
  const tell = (message) => window.parent.postMessage({ landeval: 1, ...message }, "*");
  const where = () => ({ lat: map.getCenter().lat, lng: map.getCenter().lng, zoom: map.getZoom() });
  map.on("move zoomend", () => following || tell({ view: where() }));
  tellMark = (row) => following || tell({ row });
  window.addEventListener("message", (event) => {
    const told = event.data;
    if (event.source !== window.parent || !told || told.landeval !== 1) return;
    following = true;
    if (told.view && [told.view.lat, told.view.lng, told.view.zoom].every(isNumber)) {
      map.setView([told.view.lat, told.view.lng], told.view.zoom, { animate: false });
    }
    if (told.row === null || (Number.isInteger(told.row) && told.row >= 0 && told.row < parcels.count)) {
      closeCards();
      mark(told.row);
    }
    following = false;
  });
  tell({ ready: true, run: data.run_id });
}
