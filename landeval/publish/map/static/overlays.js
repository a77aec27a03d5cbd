// ---- overlays: blocks of candidate land and the project's own layers, as lines over the parcels ----
const overlayGroups = data.overlays.map(() => L.featureGroup());
function corners(steps) {
  const xs = followed(steps.filter((_, place) => place % 2 === 0));
  const ys = followed(steps.filter((_, place) => place % 2 === 1));
  return xs.map((x, place) => [ys[place] * 1e-7, x * 1e-7]);
}
function overlayCard(layer, feature) {
  return el(
    "article",
    { class: "detail", "data-overlay": feature.label },
    el("h2", { text: feature.label }),
    el("p", { class: "pills" }, tag(layer.name)),
    facts(feature.facts.map(([name, value]) => [name, typeof value === "string" ? value : figure(value)])),
    layer.note ? el("p", { class: "small", text: layer.note }) : null,
  );
}
// The shapes of a layer are made when it is first switched on: some have thousands.
let overlayRenderer = null;
function showOverlay(place) {
  if (!overlayGroups[place].getLayers().length) drawOverlay(data.overlays[place], place);
  overlayGroups[place].addTo(map);
}
function drawOverlay(layer, place) {
  overlayRenderer = overlayRenderer || L.svg({ pane: "overlays" });
  const { color, weight, dash } = layer.line;
  const look = { color, weight, dashArray: dash || null, lineCap: dash.startsWith("1 ") ? "round" : "butt", opacity: 1 };
  for (const feature of layer.features) {
    const lines = feature.lines.map(corners);
    const options = { ...look, fill: false, pane: "overlays", renderer: overlayRenderer, className: "overlay" };
    const shape = feature.is_area ? L.polygon(lines, options) : L.polyline(lines, options);
    const show = (at) => measuring || open(overlayCard(layer, feature), at, () => {});
    shape.bindTooltip(() => el("span", { text: feature.label }), { sticky: true, className: "hover" });
    shape.on("click", (event) => {
      if (measuring) return;
      L.DomEvent.stopPropagation(event);
      show(event.latlng);
    });
    overlayGroups[place].addLayer(shape);
    if (feature.is_area) labelOverlay(layer, place, feature, shape.getBounds(), show);
  }
  settleLabels();
}
function labelOverlay(layer, place, feature, bounds, show) {
  const at = [feature.lat, feature.lon];
  const [, size] = feature.facts[0];
  const node = el("button", { type: "button", class: "zone-label overlay-label", style: `color:${layer.line.color}` },
    el("b", { text: feature.label }), typeof size === "string" ? null : el("span", { text: figure(size, "亩") }));
  L.DomEvent.disableClickPropagation(node);
  node.addEventListener("click", () => show(L.latLng(at)));
  const level = -1; // before those of the levels: who switches a layer on wants to read it
  addLabel({ node, level, bounds, at, isOn: () => map.hasLayer(overlayGroups[place]) });
}
