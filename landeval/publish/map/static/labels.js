// ---- labels: zone pills and parcel names, placed so that none covers another ----
const labelItems = [];
let labelPane;

function addLabel(item) {
  labelPane.append(item.node);
  labelItems.push(item);
}
// Labels are measured once, all of a batch together, and stand in the order in which they are placed.
function settleLabels() {
  for (const item of labelItems.filter((one) => one.width === undefined)) {
    Object.assign(item, { width: item.node.offsetWidth, height: item.node.offsetHeight });
  }
  labelItems.sort((a, b) => a.level - b.level);
}
function prepareLabels() {
  labelPane = map.createPane("labels");
  labelPane.style.zIndex = 620;
  for (const [row, shape] of zoneShapes) {
    const level = levelOf(row);
    if (level < 0) continue;
    const count = zones.get("zone_parcels", row);
    const area = zones.get("area_mu", row);
    const facts = [isNumber(count) ? `${count} 宗` : null, isNumber(area) ? `${grouped(area, 0)} 亩` : null];
    const node = el(
      "button",
      { type: "button", class: `zone-label level-${level}`, title: "查看分区汇总" },
      el("b", { text: zones.get("zone_name", row) || "" }),
      el("span", { text: facts.filter(Boolean).join("・") }),
    );
    L.DomEvent.disableClickPropagation(node);
    node.addEventListener("click", () => measuring || showZone(row));
    const at = [zones.get("lat", row), zones.get("lon", row)];
    addLabel({ node, level, at, bounds: shape.getBounds(), isOn: () => state.levels[level] });
  }
  settleLabels();
  map.on("zoomstart", () => labelPane.classList.add("still"));
  map.on("zoomend moveend resize", placeLabels);
}

function covers(bounds, x, y, width, height) {
  const north = map.latLngToContainerPoint(bounds.getNorthWest());
  const south = map.latLngToContainerPoint(bounds.getSouthEast());
  return x + width / 2 > north.x && x - width / 2 < south.x && y + height / 2 > north.y && y - height / 2 < south.y;
}

function placeLabels() {
  labelPane.classList.remove("still");
  const size = map.getSize();
  const taken = [];
  const put = (node, x, y, width, height, gap) => {
    const box = [x - width / 2 - gap, y - height / 2 - gap, x + width / 2 + gap, y + height / 2 + gap];
    if (box[0] < 0 || box[1] < 0 || box[2] > size.x - 50 || box[3] > size.y) return false;
    if (taken.some((b) => box[0] < b[2] && b[0] < box[2] && box[1] < b[3] && b[1] < box[3])) return false;
    taken.push(box);
    node.hidden = false;
    const corner = map.containerPointToLayerPoint([Math.round(x - width / 2), Math.round(y - height / 2)]);
    L.DomUtil.setPosition(node, corner);
    return true;
  };
  const clusters = labelItems.filter((item) => item.level === 0);
  for (const item of labelItems) {
    item.node.hidden = true;
    if (!item.isOn()) continue;
    const north = map.latLngToContainerPoint(item.bounds.getNorthWest());
    const south = map.latLngToContainerPoint(item.bounds.getSouthEast());
    const across = south.x - north.x;
    const { width, height } = item;
    const middle = map.latLngToContainerPoint(item.at);
    let spots;
    if (item.level < 0) {
      spots = [[middle.x, middle.y], [middle.x, north.y - height / 2 - 4], [middle.x, south.y + height / 2 + 4]];
    } else if (item.level === 0) {
      const x = (north.x + south.x) / 2;
      spots = [[x, north.y - height / 2 - 6], [x, south.y + height / 2 + 6], [middle.x, middle.y]];
      const over = ([left, top]) => clusters.some((box) => box !== item && covers(box.bounds, left, top, width, height));
      spots.sort((a, b) => over(a) - over(b));
    } else {
      if (across < width * (item.level === 2 ? 1.5 : 0.8)) continue;
      const step = height + 6;
      spots = [middle.y, middle.y + step, middle.y - step]
        .filter((y) => y - height / 2 >= north.y && y + height / 2 <= south.y)
        .map((y) => [middle.x, y]);
    }
    spots.some(([x, y]) => put(item.node, x, y, width, height, 2));
  }
  nameParcels(put, size);
}

// Parcel names appear where a parcel is wide enough to carry its own.
function nameParcels(put, size) {
  for (const old of labelPane.querySelectorAll(".parcel-label")) old.remove();
  if (!shapes.size || map.getZoom() < 14) return;
  let left = 120;
  shapes.within(map.getBounds(), (row, bounds) => {
    if (left <= 0) return false;
    if (!state.shown[row]) return true;
    const north = map.latLngToContainerPoint(bounds.getNorthWest());
    const south = map.latLngToContainerPoint(bounds.getSouthEast());
    const name = nameOf(row);
    const short = name.length > 10 ? name.slice(0, 9) + "…" : name;
    const width = short.length * 12 + 4;
    if (south.x - north.x < width + 14 || south.y - north.y < 26) return true;
    const at = map.latLngToContainerPoint([parcels.get("lat", row), parcels.get("lon", row)]);
    const node = el("span", { class: "parcel-label", text: short, "aria-hidden": "true", style: `width:${width}px` });
    labelPane.append(node);
    if (put(node, at.x, at.y, width, 16, 1)) left -= 1;
    else node.remove();
    return true;
  });
}
