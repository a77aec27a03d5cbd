// ---- chart: the Leaflet map that folium made, its parcels and its three levels ----
const map = window[data.layers.map];
const zoneShapes = new Map();
const levelLooks = [
  { color: "#4A1F7A", weight: 5, dashArray: null },
  { color: "#00695C", weight: 3, dashArray: "10 5" },
  { color: "#37474F", weight: 1.6, dashArray: "2 4" },
];
const levelGroups = data.levels.map(() => L.featureGroup());
const levelOf = (row) => data.levels.indexOf(zones.get("zone_level", row));
let shapes; // the parcels as drawn, in one of two ways: see paths.js
let selected = null;
let measuring = false;

const hiddenPath = { fill: false, stroke: true, color: "#c4c2ba", weight: 0.6, opacity: 0.9, dashArray: null };
const markedPath = { color: "#000", weight: 3, opacity: 1, dashArray: null };
function classPath(scheme, place) {
  const look = scheme.classes[place];
  return {
    fill: true,
    fillColor: fillOf(scheme, place),
    fillOpacity: 0.94,
    stroke: true,
    color: look.dashed ? "#6b6b6b" : "#3d3d3d",
    weight: look.dashed ? 1.1 : 0.8,
    opacity: 0.9,
    dashArray: look.dashed ? "4 3" : null,
  };
}
const hoverOptions = { className: "hover", direction: "top", offset: [0, -6] };
function hoverText(row) {
  return el("span", {}, el("b", { text: nameOf(row) }), el("br"), parcels.get("status", row) || data.unknown);
}
function paint(scheme, shown) {
  shapes.paint(scheme, shown);
  if (selected !== null) mark(selected);
}
function mark(row) {
  selected = row;
  shapes.mark(row);
}

function prepareMap() {
  for (const [name, height] of [["imagery", 250], ["parcels", 300], ["marks", 410], ["overlays", 415], ["levels", 420]]) {
    map.createPane(name).style.zIndex = height;
  }
  shapes = packedShapes ? tileParcels(packedShapes) : pathParcels(window[data.layers.parcels]);
  packedShapes = null;
  prepareZones(window[data.layers.zones]);
  byId("stage").classList.toggle("bare", !shapes.size && !zoneShapes.size);
  if (data.drawing !== "svg") thinLines();
  addControls();
}
function prepareZones(zoneLayer) {
  const renderer = L.svg({ pane: "levels" });
  zoneLayer.eachLayer((shape) => {
    const row = shape.feature.id;
    const level = levelOf(row);
    zoneShapes.set(row, shape);
    if (level < 0) return;
    Object.assign(shape.options, { pane: "levels", renderer, className: `level-${level}` });
    shape.setStyle({ fill: false, opacity: 0.95, lineJoin: "round", lineCap: "butt", ...levelLooks[level] });
    levelGroups[level].addLayer(shape);
  });
  for (const group of levelGroups) {
    group.on("click", (event) => {
      if (measuring) return;
      L.DomEvent.stopPropagation(event);
      showZone(event.layer.feature.id, event.latlng);
    });
  }
}

function thinLines() {
  const wide = everyone.filter((row) => shapes.has(row)).slice(0, 400).map((row) => {
    const bounds = shapes.get(row).getBounds();
    return bounds.getEast() - bounds.getWest();
  });
  const typical = wide.sort((a, b) => a - b)[wide.length >> 1] || 0;
  const scale = (event) => {
    const pixels = (typical / 360) * 256 * 2 ** (event.zoom === undefined ? map.getZoom() : event.zoom);
    lineScale = Math.max(0.12, Math.min(1, pixels / 16));
  };
  map.on("zoom zoomanim zoomend viewreset", scale);
}

function wholeBounds() {
  const bounds = L.latLngBounds([]);
  bounds.extend(shapes.bounds());
  for (const shape of zoneShapes.values()) bounds.extend(shape.getBounds());
  return bounds;
}
function fitAll() {
  const bounds = wholeBounds();
  if (bounds.isValid()) map.fitBounds(bounds, { padding: [46, 46], maxZoom: 19, animate: false });
}

function addControls() {
  L.control.zoom({ position: "topright", zoomInTitle: "放大", zoomOutTitle: "缩小" }).addTo(map);
  const bar = L.control({ position: "topright" });
  bar.onAdd = () => {
    const whole = el("button", { type: "button", title: "显示全图", "aria-label": "显示全图", text: "全" });
    const ruler = el("button", {
      type: "button", id: "ruler", title: "量算距离和面积", "aria-label": "量算距离和面积", "aria-pressed": "false", text: "量",
    });
    whole.addEventListener("click", fitAll);
    ruler.addEventListener("click", () => toggleMeasure());
    const box = el("div", { class: "leaflet-bar tools" }, whole, ruler);
    L.DomEvent.disableClickPropagation(box);
    return box;
  };
  bar.addTo(map);
  const north = L.control({ position: "topright" });
  north.onAdd = () =>
    el(
      "div",
      { class: "north", role: "img", "aria-label": "上方为北" },
      drawing(
        "svg",
        { width: 34, height: 48, viewBox: "0 0 34 48" },
        drawing("path", { d: "M17 2 L28 36 L17 29 Z", fill: "#fff", stroke: "#222", "stroke-width": 1.2 }),
        drawing("path", { d: "M17 2 L6 36 L17 29 Z", fill: "#222", stroke: "#222", "stroke-width": 1.2 }),
      ),
      el("span", { text: "北" }),
    );
  north.addTo(map);
  L.Control.Scale.include({
    _updateMetric(most) {
      const metres = this._getRoundNum(most);
      this._updateScale(this._mScale, metres < 1000 ? metres + " 米" : metres / 1000 + " 公里", metres / most);
    },
  });
  L.control.scale({ position: "bottomright", imperial: false, maxWidth: 140 }).addTo(map);
}
