// ---- measure: distance in 米 and area in 亩 on the local ellipsoid; for looking, not for the record ----
const measureLayer = L.layerGroup();
let measured = [];

function metres(points) {
  const middle = (points.reduce((total, point) => total + point.lat, 0) / points.length) * (Math.PI / 180);
  const axis = 6378137, squared = 0.00669438002290; // CGCS2000
  const w = Math.sqrt(1 - squared * Math.sin(middle) ** 2);
  const perLat = (axis * (1 - squared)) / w ** 3, perLon = (axis / w) * Math.cos(middle);
  const turn = Math.PI / 180;
  return points.map((point) => [(point.lng - points[0].lng) * turn * perLon, (point.lat - points[0].lat) * turn * perLat]);
}
function measureText(points) {
  const flat = metres(points);
  let length = 0, twice = 0;
  flat.forEach(([x, y], at) => {
    const [u, v] = flat[(at + 1) % flat.length];
    twice += x * v - u * y;
    if (at + 1 < flat.length) length += Math.hypot(u - x, v - y);
  });
  const area = points.length > 2 ? `　围合面积 ${fixed((Math.abs(twice) / 2) * 0.0015)} 亩` : "";
  return `长度 ${fixed(length, 1)} 米${area}　（图上量算，仅供参考；再按“量”或 Esc 结束）`;
}
function drawMeasure() {
  measureLayer.clearLayers();
  const style = { color: "#0B5FFF", weight: 2, interactive: false };
  if (measured.length > 2) L.polygon(measured, { ...style, fillOpacity: 0.12, dashArray: "4 4" }).addTo(measureLayer);
  L.polyline(measured, style).addTo(measureLayer);
  for (const point of measured) {
    L.circleMarker(point, { ...style, radius: 4, fillColor: "#fff", fillOpacity: 1 }).addTo(measureLayer);
  }
  say(measured.length > 1 ? measureText(measured) : "在图上逐点单击量算；再按“量”或 Esc 结束", true);
}
function toggleMeasure(on = !measuring) {
  measuring = on;
  measured = [];
  byId("ruler").setAttribute("aria-pressed", String(on));
  byId("stage").classList.toggle("measuring", on);
  if (on) {
    closeCards();
    measureLayer.addTo(map);
    map.doubleClickZoom.disable();
    drawMeasure();
  } else {
    measureLayer.remove();
    map.doubleClickZoom.enable();
    explainMissing();
  }
}
function prepareMeasure() {
  map.on("click", (event) => {
    if (!measuring) return;
    measured.push(event.latlng);
    drawMeasure();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (measuring) toggleMeasure(false);
    else closeByKey();
  });
}
