// ---- look: how a class is drawn: fills and hatches, on the map, in the legend, on a canvas ----
const tile = 10;
const strokes = {
  cross: ["M0 0 L10 10 M10 0 L0 10", 1.3],
  grid: ["M5 0 V10 M0 5 H10", 2],
  slash: ["M-2 2 L2 -2 M0 10 L10 0 M8 12 L12 8", 1.6],
  backslash: ["M-2 8 L2 12 M0 0 L10 10 M8 -2 L12 2", 1.6],
};

function hatchShapes(look) {
  const shapes = [drawing("rect", { width: tile, height: tile, fill: look.fill })];
  if (strokes[look.hatch]) {
    const [d, width] = strokes[look.hatch];
    shapes.push(drawing("path", { d, stroke: look.ink, "stroke-width": width, fill: "none" }));
  }
  if (look.hatch === "dots") {
    for (const [cx, cy] of [[2.5, 2.5], [7.5, 7.5]]) {
      shapes.push(drawing("circle", { cx, cy, r: 1.2, fill: look.ink }));
    }
  }
  return shapes;
}
const hatchId = (scheme, place) => `hatch-${schemes.indexOf(scheme)}-${place}`;
function fillOf(scheme, place) {
  const look = scheme.classes[place];
  return look.hatch ? `url(#${hatchId(scheme, place)})` : look.fill;
}
function addPatterns() {
  const defs = drawing("defs");
  for (const scheme of schemes) {
    scheme.classes.forEach((look, place) => {
      if (!look.hatch) return;
      const size = { width: tile, height: tile, patternUnits: "userSpaceOnUse" };
      defs.append(drawing("pattern", { id: hatchId(scheme, place), ...size }, ...hatchShapes(look)));
    });
  }
  document.body.append(drawing("svg", { class: "patterns", width: 0, height: 0, "aria-hidden": "true" }, defs));
}
function swatch(scheme, place) {
  const look = scheme.classes[place];
  const box = { x: 1, y: 1, width: 24, height: 14, rx: 2, fill: fillOf(scheme, place), stroke: "#555" };
  if (look.dashed) box["stroke-dasharray"] = "3 2";
  return drawing("svg", { class: "swatch", width: 26, height: 16, "aria-hidden": "true" }, drawing("rect", box));
}

// The same hatches for a canvas.
let lineScale = 1; // thinner outlines where thousands of parcels are a few pixels wide
const canvasTiles = new Map();
function canvasTile(context, fill) {
  if (!canvasTiles.has(fill)) {
    const [, scheme, place] = /^url\(#hatch-(\d+)-(\d+)\)$/.exec(fill);
    const look = schemes[scheme].classes[place];
    const board = el("canvas", { width: tile, height: tile });
    const pen = board.getContext("2d");
    pen.fillStyle = look.fill;
    pen.fillRect(0, 0, tile, tile);
    pen.strokeStyle = pen.fillStyle = look.ink;
    if (strokes[look.hatch]) {
      pen.lineWidth = strokes[look.hatch][1];
      pen.stroke(new Path2D(strokes[look.hatch][0]));
    } else {
      for (const [x, y] of [[2.5, 2.5], [7.5, 7.5]]) {
        pen.beginPath();
        pen.arc(x, y, 1.2, 0, 7);
        pen.fill();
      }
    }
    canvasTiles.set(fill, context.createPattern(board, "repeat"));
  }
  return canvasTiles.get(fill);
}
