// ---- switches: the box on the map in which layers over and pictures under the parcels are chosen ----
function lineMark({ color, weight, dash, dashArray }) {
  const line = { x1: 0, y1: 6, x2: 34, y2: 6, stroke: color, "stroke-width": weight, "stroke-dasharray": dash || dashArray || "none" };
  if (dash && dash.startsWith("1 ")) line["stroke-linecap"] = "round";
  return drawing("svg", { width: 34, height: 12, "aria-hidden": "true" }, drawing("line", line));
}
function choice(type, name, checked, label, act, value = "on") {
  const box = el("input", { type, name, value });
  box.checked = checked;
  box.addEventListener("change", () => act(box.checked));
  return el("li", {}, el("label", {}, box, ...label));
}
function overlayChoices() {
  const entries = data.overlays.map((layer, place) => {
    const count = el("span", { class: "count" }, el("b", { text: layer.features.length }), " 处");
    const name = el("span", { class: "name", text: layer.name });
    if (layer.note) name.append(el("small", { text: layer.note }));
    return choice("checkbox", "overlay", false, [lineMark(layer.line), name, count], (on) => {
      if (on) showOverlay(place);
      else overlayGroups[place].remove();
      placeLabels();
    });
  });
  return entries.length ? [el("h2", { text: "叠加图层" }), el("ul", {}, ...entries)] : [];
}
// On paper only what is switched on is listed; with a picture or basemap under them the parcels let it shine through.
function noteChosen(list) {
  for (const entry of list.querySelectorAll("li")) {
    const box = entry.querySelector("input");
    entry.classList.toggle("on", box.checked && box.value !== "none");
  }
  list.classList.toggle("used", list.querySelector(".on") !== null);
  byId("stage").classList.toggle("on-ground", list.querySelector(".ground .on") !== null);
}
function prepareSwitches() {
  const parts = [...overlayChoices(), ...pictureChoices(), ...basemapChoices()];
  if (!parts.length) return;
  const bar = L.control({ position: "topright" });
  bar.onAdd = () => {
    const list = el("div", { id: "layers", class: "layers", role: "group", "aria-label": "图层" }, ...parts);
    list.hidden = true;
    list.addEventListener("change", () => noteChosen(list));
    const button = el("button", {
      type: "button", id: "layers-button", title: "图层", "aria-label": "图层", "aria-expanded": "false", "aria-controls": "layers", text: "层",
    });
    button.addEventListener("click", () => {
      list.hidden = !list.hidden;
      button.setAttribute("aria-expanded", String(!list.hidden));
    });
    const box = el("div", { class: "leaflet-bar tools switches" }, button, list);
    L.DomEvent.disableClickPropagation(box);
    L.DomEvent.disableScrollPropagation(box);
    return box;
  };
  bar.addTo(map);
}
