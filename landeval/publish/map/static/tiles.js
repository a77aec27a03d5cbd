// ---- tiles: above two thousand parcels, all drawn by hand on the canvas tiles of one grid layer ----
const tileSide = 500; // a multiple of the hatches' size, so that they go on from tile to tile
const together = 40; // shapes in one path: a longer path is slower to fill
const speck = 2.5; // [px] below this a shape is a dot

// Parts of a degree to parts of the Mercator world, x to the right and y downwards, each from 0 to 1.
function worldOf({ units, x, y }) {
  const count = x.length;
  for (let place = 0; place < count; place += 1) {
    const sine = Math.sin(((y[place] / units) * Math.PI) / 180);
    x[place] = x[place] / units / 360 + 0.5;
    y[place] = 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  }
}
const latOf = (y) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
const lngOf = (x) => (x - 0.5) * 360;
const worldPoint = (place) => map.options.crs.latLngToPoint(place, 0).divideBy(256);
function startsOf(counts) {
  const starts = new Int32Array(counts.length + 1);
  for (let place = 0; place < counts.length; place += 1) starts[place + 1] = starts[place] + counts[place];
  return starts;
}
function boxesOf(count, pointsOf, x, y) {
  const boxes = { west: new Float64Array(count).fill(Infinity), north: new Float64Array(count).fill(Infinity) };
  Object.assign(boxes, { east: new Float64Array(count).fill(-Infinity), south: new Float64Array(count).fill(-Infinity) });
  for (let row = 0; row < count; row += 1) {
    let w = Infinity, n = Infinity, e = -Infinity, s = -Infinity;
    for (let place = pointsOf(row); place < pointsOf(row + 1); place += 1) {
      if (x[place] < w) w = x[place];
      if (x[place] > e) e = x[place];
      if (y[place] < n) n = y[place];
      if (y[place] > s) s = y[place];
    }
    boxes.west[row] = w;
    boxes.east[row] = e;
    boxes.north[row] = n;
    boxes.south[row] = s;
  }
  return boxes;
}

function tileParcels({ units, rings, points, x, y }) {
  worldOf({ units, x, y });
  const ringsFrom = startsOf(rings), pointsFrom = startsOf(points);
  const count = rings.length;
  const boxes = boxesOf(count, (row) => pointsFrom[ringsFrom[row]], x, y);
  const { west, north, east, south } = boxes;
  const meeting = boxIndex(boxes);
  const has = (row) => rings[row] > 0;
  const boundsOf = (row) => L.latLngBounds([latOf(south[row]), lngOf(west[row])], [latOf(north[row]), lngOf(east[row])]);

  // Inside where the rings wind around the point, as the tiles are filled: holes wind back, parts may overlap.
  function covers(row, px, py) {
    let turns = 0;
    for (let ring = ringsFrom[row]; ring < ringsFrom[row + 1]; ring += 1) {
      let last = pointsFrom[ring + 1] - 1;
      for (let place = pointsFrom[ring]; place < pointsFrom[ring + 1]; last = place, place += 1) {
        if (y[place] > py === y[last] > py) continue;
        if (px < x[place] + ((py - y[place]) / (y[last] - y[place])) * (x[last] - x[place])) turns += y[place] > py ? 1 : -1;
      }
    }
    return turns !== 0;
  }
  function at(place, wanted = () => true) {
    const { x: px, y: py } = worldPoint(place);
    const classes = state.scheme.of;
    const isAbove = (row, other) => classes[row] < classes[other] || (classes[row] === classes[other] && row > other);
    let found = null;
    meeting(px, py, px, py, (row) => {
      if ((found === null || isAbove(row, found)) && wanted(row) && covers(row, px, py)) found = row;
    });
    return found;
  }
  // Outer rings turn one way and holes the other, so that shapes of one path may lie on one another.
  function trace(pen, row, scale, left, top) {
    for (let ring = ringsFrom[row]; ring < ringsFrom[row + 1]; ring += 1) {
      const end = pointsFrom[ring + 1];
      let place = pointsFrom[ring], u = x[place] * scale - left, v = y[place] * scale - top;
      pen.moveTo(u, v);
      for (place += 1; place < end; place += 1) {
        const nextU = x[place] * scale - left, nextV = y[place] * scale - top;
        if (Math.abs(nextU - u) + Math.abs(nextV - v) < 0.4) continue;
        pen.lineTo((u = nextU), (v = nextV));
      }
      pen.closePath();
    }
  }
  const drawer = tileDrawer({ boxes, meeting, trace });
  const layer = new ParcelTiles(drawer.draw);
  let outline = null;
  return {
    size: rings.reduce((total, some) => total + (some > 0), 0),
    has,
    get: (row) => (has(row) ? { getBounds: () => boundsOf(row) } : undefined),
    at,
    bounds() {
      const all = L.latLngBounds([]);
      for (let row = 0; row < count; row += 1) if (has(row)) all.extend(boundsOf(row));
      return all;
    },
    within(view, visit) {
      const one = worldPoint(view.getNorthWest()), other = worldPoint(view.getSouthEast());
      const found = [];
      meeting(one.x, one.y, other.x, other.y, (row) => found.push(row));
      for (const row of found.sort((a, b) => a - b)) if (visit(row, boundsOf(row)) === false) return;
    },
    paint(scheme, shown) {
      drawer.use(scheme, shown);
      layer.repaint();
    },
    mark(row) {
      if (outline) outline.remove();
      outline = row === null || !has(row) ? null : L.polygon(latLngsOf(row), { ...markedPath, ...outlineOptions() }).addTo(map);
    },
    addTo(chart) {
      layer.addTo(chart);
      followPointer((place) => at(place, (row) => state.shown[row]));
    },
  };

  function latLngsOf(row) {
    const found = [];
    for (let ring = ringsFrom[row]; ring < ringsFrom[row + 1]; ring += 1) {
      const line = [];
      for (let place = pointsFrom[ring]; place < pointsFrom[ring + 1]; place += 1) line.push([latOf(y[place]), lngOf(x[place])]);
      found.push(line);
    }
    return found;
  }
}

let outlineRenderer = null;
function outlineOptions() {
  if (!outlineRenderer) outlineRenderer = L.svg({ pane: "marks" });
  return { fill: false, interactive: false, pane: "marks", renderer: outlineRenderer };
}

// Draw the shapes of a tile class by class: specks as dots, the others as paths of several shapes.
function tileDrawer({ boxes: { west, north, east, south }, meeting, trace }) {
  let scheme, shown, styles;
  function use(nextScheme, nextShown) {
    scheme = nextScheme;
    shown = nextShown;
    styles = [...scheme.classes.map((look, place) => ({ ...classPath(scheme, place), dot: look.fill })), { ...hiddenPath, dot: "#dedcd5" }];
  }
  function draw(pen, scale, left, top, side) {
    const shapes = styles.map(() => []), specks = styles.map(() => []);
    const margin = 3;
    meeting((left - margin) / scale, (top - margin) / scale, (left + side + margin) / scale, (top + side + margin) / scale, (row) => {
      const isSpeck = (east[row] - west[row]) * scale < speck && (south[row] - north[row]) * scale < speck;
      (isSpeck ? specks : shapes)[shown[row] ? scheme.of[row] : styles.length - 1].push(row);
    });
    for (let place = styles.length - 1; place >= 0; place -= 1) { // what is hidden lies lowest, the worst class on top
      const style = styles[place];
      pen.globalAlpha = 0.94;
      pen.fillStyle = style.dot;
      for (const row of specks[place]) {
        const wide = Math.max(1, (east[row] - west[row]) * scale), high = Math.max(1, (south[row] - north[row]) * scale);
        pen.fillRect(west[row] * scale - left, north[row] * scale - top, wide, high);
      }
      drawPaths(pen, style, shapes[place], (row) => trace(pen, row, scale, left, top));
    }
  }
  return { use, draw };
}
function drawPaths(pen, style, rows, traceRow) {
  if (!rows.length) return;
  const fill = style.fill ? style.fillColor : lineScale < 0.4 ? style.dot : null;
  const weight = style.weight * lineScale;
  pen.fillStyle = fill && fill.startsWith("url(") ? canvasTile(pen, fill) : fill || "#000";
  pen.strokeStyle = style.color;
  pen.lineWidth = weight;
  pen.lineJoin = "round";
  pen.setLineDash(style.dashArray ? style.dashArray.split(" ").map(Number) : []);
  for (let from = 0; from < rows.length; from += together) {
    pen.beginPath();
    for (let place = from; place < Math.min(from + together, rows.length); place += 1) traceRow(rows[place]);
    pen.globalAlpha = style.fillOpacity || 0.94;
    if (fill) pen.fill("nonzero");
    if (lineScale < 0.25) continue; // lines of thousands of small shapes would be one grey
    pen.globalAlpha = style.opacity;
    pen.stroke();
  }
}

// Tiles of the zoom as it is, quarters included: Leaflet's own would be those of the next whole zoom, stretched.
const ParcelTiles = L.GridLayer.extend({
  options: { tileSize: tileSide, pane: "parcels", updateWhenZooming: false, updateWhenIdle: false, keepBuffer: 1, noWrap: true },
  initialize(draw) {
    L.setOptions(this, {});
    this._draw = draw;
  },
  createTile(coords) {
    const ratio = Math.min(2, window.devicePixelRatio || 1);
    const tile = el("canvas", { width: tileSide * ratio, height: tileSide * ratio });
    this._paint(tile, coords, ratio);
    return tile;
  },
  repaint() {
    for (const { el: tile, coords } of Object.values(this._tiles || {})) this._paint(tile, coords, tile.width / tileSide);
  },
  _paint(tile, coords, ratio) {
    const pen = tile.getContext("2d");
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, tileSide, tileSide);
    this._draw(pen, map.options.crs.scale(coords.z), coords.x * tileSide, coords.y * tileSide, tileSide);
  },
  _setView(center, zoom, ...rest) {
    this._zoomAsked = zoom;
    L.GridLayer.prototype._setView.call(this, center, zoom, ...rest);
  },
  _clampZoom() {
    return this._zoomAsked;
  },
});

// A canvas knows nothing of what is drawn on it: find the parcel under the pointer.
function followPointer(rowAt) {
  const tip = L.tooltip(hoverOptions);
  let hovered = null, waiting = null;
  const isElsewhere = (target) => target.closest && target.closest(".leaflet-popup, .leaflet-control, .zone-label, .leaflet-interactive");
  const leave = () => {
    hovered = waiting = null;
    tip.remove();
    map.getContainer().style.cursor = "";
  };
  const look = () => {
    if (!waiting) return;
    const { latlng } = waiting;
    waiting = null;
    const row = measuring ? null : rowAt(latlng);
    if (row === null) return leave();
    if (row !== hovered) tip.setContent(hoverText(row));
    hovered = row;
    tip.setLatLng(latlng).addTo(map);
    map.getContainer().style.cursor = "pointer";
  };
  map.on("mousemove", (event) => {
    if (isElsewhere(event.originalEvent.target)) return leave();
    if (!waiting) requestAnimationFrame(look);
    waiting = event;
  });
  map.on("mouseout movestart zoomstart", leave);
  map.on("click", (event) => {
    const row = measuring ? null : rowAt(event.latlng);
    if (row !== null) showParcel(row, event.latlng);
  });
}
