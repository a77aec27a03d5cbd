// ---- pointer: where on the ground the pointer is ----
function preparePointer() {
  const place = el("div", { id: "pointer", class: "pointer", title: "2000 国家大地坐标系经纬度" });
  const control = L.control({ position: "bottomright" });
  control.onAdd = () => place;
  control.addTo(map);
  map.on("mousemove", ({ latlng: { lat, lng } }) => {
    place.textContent = `东经 ${fixed(lng, 5)}°　北纬 ${fixed(lat, 5)}°`;
  });
  map.on("mouseout", () => (place.textContent = ""));
}
