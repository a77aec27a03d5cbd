// ---- paths: up to two thousand parcels, each an SVG path of its own ----
// What every way of drawing parcels offers: size, has(row), get(row).getBounds(), bounds(), within(bounds, visit),
// at(place), paint(scheme, shown), mark(row), addTo(map).
function pathParcels(layer) {
  const paths = new Map();
  const drawnAs = new Map();
  let marked = null;
  let boxes = null;
  layer.eachLayer((path) => paths.set(path.feature.id, path));
  const plain = (row) =>
    state.shown[row] ? classPath(state.scheme, state.scheme.of[row]) : hiddenPath;
  layer.on("click", (event) => {
    const row = event.layer.feature.id;
    if (measuring || !state.shown[row]) return;
    L.DomEvent.stopPropagation(event);
    showParcel(row, event.latlng);
  });
  layer.bindTooltip((path) => hoverText(path.feature.id), { sticky: true, ...hoverOptions });
  return {
    size: paths.size,
    has: (row) => paths.has(row),
    get: (row) => paths.get(row),
    bounds: () => layer.getBounds(),
    within(view, visit) {
      if (!boxes) boxes = [...paths].map(([row, path]) => [row, path.getBounds()]);
      for (const [row, box] of boxes) if (view.intersects(box) && visit(row, box) === false) return;
    },
    paint(scheme, shown) {
      for (const [row, path] of paths) {
        const key = shown[row] ? fillOf(scheme, scheme.of[row]) : "hidden";
        if (drawnAs.get(row) === key) continue;
        drawnAs.set(row, key);
        path.setStyle(shown[row] ? classPath(scheme, scheme.of[row]) : hiddenPath);
      }
    },
    mark(row) {
      if (marked !== null && marked !== row && paths.has(marked)) paths.get(marked).setStyle(plain(marked));
      marked = row;
      if (row !== null && paths.has(row)) paths.get(row).setStyle(markedPath).bringToFront();
    },
    addTo: (chart) => layer.addTo(chart),
  };
}
