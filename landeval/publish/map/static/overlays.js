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
    facts(feature.facts),
    layer.note ? el("p", { class: "small", text: layer.note }) : null,
  );
}
function prepareOverlays() {
  if (!data.overlays.length) return;
  const renderer = L.svg({ pane: "overlays" });
  data.overlays.forEach((layer, place) => {
    const { color, weight, dash } = layer.line;
    const look = { color, weight, dashArray: dash || null, lineCap: dash.startsWith("1 ") ? "round" : "butt", opacity: 1 };
    for (const feature of layer.features) {
      const lines = feature.lines.map(corners);
      const options = { ...look, fill: false, pane: "overlays", renderer, className: "overlay" };
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
  });
}
function labelOverlay(layer, place, feature, bounds, show) {
  const at = [feature.lat, feature.lon];
  const size = layer.effect === "连片地块" ? feature.facts[0][1] : "";
  const node = el("button", { type: "button", class: "zone-label overlay-label", style: `color:${layer.line.color}` },
    el("b", { text: feature.label }), size ? el("span", { text: /^\d/.test(size) ? `${size} 亩` : size }) : null);
  L.DomEvent.disableClickPropagation(node);
  node.addEventListener("click", () => show(L.latLng(at)));
  addLabel({ node, bounds, at, isOn: () => map.hasLayer(overlayGroups[place]) });
}
