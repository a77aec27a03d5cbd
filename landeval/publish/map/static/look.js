// ---- look: classes, hatches and the four ways to colour ----
const tile = 10;
const strokes = {
  cross: ["M0 0 L10 10 M10 0 L0 10", 1.3],
  grid: ["M5 0 V10 M0 5 H10", 2],
  slash: ["M-2 2 L2 -2 M0 10 L10 0 M8 12 L12 8", 1.6],
  backslash: ["M-2 8 L2 12 M0 0 L10 10 M8 -2 L12 2", 1.6],
};

const unknownLook = data.classes.find((look) => look.name === data.unknown);
const verdictScheme = {
  key: "status",
  title: "评价结论",
  classes: data.classes,
  of: everyone.map((row) => {
    const place = data.classes.findIndex((look) => look.name === parcels.get("status", row));
    return place < 0 ? data.classes.indexOf(unknownLook) : place;
  }),
};

function ratioScheme(field) {
  const threshold = data.thresholds[field];
  const missing = { ...unknownLook, note: "不作判断" };
  let breaks, names;
  if (threshold) {
    const at = threshold.value;
    breaks = [at / 2, at, at * 1.5];
    const [low, mid, high] = breaks.map((value) => String(Number(value.toFixed(4))));
    names = inclusive(threshold)
      ? [`< ${low}`, `${low} ～ < ${mid}`, `${mid} ～ < ${high}`, `≥ ${high}`]
      : [`≤ ${low}`, `> ${low} ～ ${mid}`, `> ${mid} ～ ${high}`, `> ${high}`];
  } else {
    const known = everyone.map((row) => parcels.get(field, row)).filter(isNumber).sort((a, b) => a - b);
    breaks = [0.25, 0.5, 0.75].map((part) => known[Math.floor((known.length - 1) * part)]);
    names = known.length ? ["最低四分之一", "中下", "中上", "最高四分之一"] : ["一", "二", "三", "四"];
  }
  const place = (value) => {
    if (!isNumber(value)) return 4;
    const rounded = Number(fixed(value, 4));
    return breaks.filter((at) => (!threshold || inclusive(threshold) ? rounded >= at : rounded > at)).length;
  };
  const notes = threshold ? ["不足标准一半", "低于标准", "高于标准", "超过 1.5 倍"] : ["", "", "", ""];
  const fills = ["#E6550D", "#FDAE6B", "#9ECAE1", "#2171B5"];
  return {
    key: field,
    title: ratioNames[field],
    classes: names
      .map((name, at) => ({ name, note: notes[at], fill: fills[at], hatch: at === 0 ? "slash" : "", ink: "#fff" }))
      .concat([missing]),
    of: everyone.map((row) => place(parcels.get(field, row))),
  };
}
const schemes = [verdictScheme, ...["tax_wan_yuan_per_mu", ratios[1], ratios[0]].map(ratioScheme)];

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
