// ---- ground: pictures of the land by day, and an optional basemap, both under the parcels ----
const pictureLayers = data.pictures.map((picture) => !picture.address ? null :
  L.imageOverlay(picture.address, picture.bounds, { pane: "imagery", alt: `影像 ${picture.taken || picture.name}`, className: "picture" }));
function pictureChoices() {
  if (!data.pictures.length) return [];
  const show = (wanted) => {
    pictureLayers.forEach((layer, place) => {
      if (!layer) return;
      if (place === wanted) layer.addTo(map);
      else layer.remove();
    });
  };
  const entries = [choice("radio", "picture", true, [el("span", { class: "name", text: "不显示" })], () => show(-1), "none")];
  data.pictures.forEach((picture, place) => {
    const name = el("span", { class: "name", text: picture.taken || picture.name }, el("small", { text: picture.note }));
    const entry = choice("radio", "picture", false, [name], () => show(place));
    entry.querySelector("input").disabled = !picture.address;
    entries.push(entry);
  });
  return [el("h2", { text: "影像" }), el("ul", { class: "ground" }, ...entries)];
}

// AMap's tiles stand in GCJ-02, some hundred metres beside the truth: the tiles are shifted, never the parcels.
function toGcj({ lat, lng }) {
  const axis = 6378245, squared = 0.00669342162296594323, turn = Math.PI / 180;
  const x = lng - 105, y = lat - 35;
  const wave = (value, ...parts) => parts.reduce((total, [size, rate]) => total + size * Math.sin(rate * Math.PI * value), 0);
  const common = (20 * Math.sin(6 * x * Math.PI) + 20 * Math.sin(2 * x * Math.PI)) * (2 / 3);
  const north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + common
    + wave(y, [20, 1], [40, 1 / 3]) * (2 / 3) + wave(y, [160, 1 / 12], [320, 1 / 30]) * (2 / 3);
  const east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + common
    + wave(x, [20, 1], [40, 1 / 3]) * (2 / 3) + wave(x, [150, 1 / 12], [300, 1 / 30]) * (2 / 3);
  const w = 1 - squared * Math.sin(lat * turn) ** 2;
  return L.latLng(
    lat + north / (((axis * (1 - squared)) / (w * Math.sqrt(w))) * turn),
    lng + east / ((axis / Math.sqrt(w)) * Math.cos(lat * turn) * turn),
  );
}
const ShiftedTiles = L.TileLayer.extend({
  _setZoomTransform(level, center, zoom) {
    L.TileLayer.prototype._setZoomTransform.call(this, level, toGcj(center), zoom);
  },
  _getTiledPixelBounds(center) {
    return L.TileLayer.prototype._getTiledPixelBounds.call(this, toGcj(center));
  },
});
function basemapChoices() {
  const basemap = data.basemap;
  if (!basemap) return [];
  const group = L.layerGroup();
  const Tiles = basemap.is_shifted ? ShiftedTiles : L.TileLayer;
  const fill = (key) => {
    group.clearLayers();
    for (const address of basemap.addresses) {
      const options = { subdomains: basemap.subdomains, maxNativeZoom: basemap.most_zoom, maxZoom: 22, key };
      group.addLayer(new Tiles(address, { ...options, pane: "tilePane", referrerPolicy: "no-referrer" }));
    }
  };
  const key = basemap.wants_key
    ? el("input", { class: "key", type: "password", autocomplete: "off", placeholder: "请输入天地图密钥（不保存）", "aria-label": "天地图密钥" })
    : null;
  if (key) key.addEventListener("change", () => fill(key.value.trim()));
  const name = el("span", { class: "name", text: basemap.name }, el("small", { text: basemap.note }));
  const entry = choice("checkbox", "basemap", false, [name], (on) => {
    if (on && !group.getLayers().length && !key) fill("");
    if (on) group.addTo(map);
    else group.remove();
  });
  if (key) entry.append(key);
  return [el("h2", { text: "底图" }), el("ul", { class: "ground" }, entry)];
}
