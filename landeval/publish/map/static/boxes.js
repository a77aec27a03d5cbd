// ---- boxes: which of very many boxes meet a rectangle, by a uniform grid ----
function boxIndex({ west, north, east, south }) {
  const rows = [];
  let left = Infinity, top = Infinity, right = -Infinity, bottom = -Infinity;
  for (let row = 0; row < west.length; row += 1) {
    if (!(west[row] <= east[row])) continue; // no shape
    rows.push(row);
    left = Math.min(left, west[row]);
    top = Math.min(top, north[row]);
    right = Math.max(right, east[row]);
    bottom = Math.max(bottom, south[row]);
  }
  const side = Math.max(1, Math.min(400, Math.ceil(Math.sqrt(rows.length / 3))));
  const across = (right - left) / side || 1, down = (bottom - top) / side || 1;
  const within = (place) => Math.max(0, Math.min(side - 1, place));
  const column = (x) => within(Math.floor((x - left) / across));
  const line = (y) => within(Math.floor((y - top) / down));
  const starts = new Int32Array(side * side + 1);
  const wide = []; // a box over very many cells would fill them all: it is looked at every time
  const small = [];
  const cellsOf = (row, visit) => {
    for (let v = line(north[row]); v <= line(south[row]); v += 1) {
      for (let u = column(west[row]); u <= column(east[row]); u += 1) visit(v * side + u);
    }
  };
  for (const row of rows) {
    const count = (line(south[row]) - line(north[row]) + 1) * (column(east[row]) - column(west[row]) + 1);
    (count > 64 ? wide : small).push(row);
  }
  for (const row of small) cellsOf(row, (cell) => (starts[cell + 1] += 1));
  for (let cell = 0; cell < side * side; cell += 1) starts[cell + 1] += starts[cell];
  const next = starts.slice();
  const members = new Int32Array(starts[side * side]);
  for (const row of small) cellsOf(row, (cell) => (members[next[cell]++] = row));

  const meets = (row, w, n, e, s) => west[row] <= e && east[row] >= w && north[row] <= s && south[row] >= n;
  // Visit each row once, in no order; a row over several cells counts in the first that the rectangle has of it.
  return function meeting(w, n, e, s, visit) {
    for (const row of wide) if (meets(row, w, n, e, s)) visit(row);
    const firstColumn = column(w), firstLine = line(n);
    for (let v = firstLine; v <= line(s); v += 1) {
      for (let u = firstColumn; u <= column(e); u += 1) {
        for (let place = starts[v * side + u]; place < starts[v * side + u + 1]; place += 1) {
          const row = members[place];
          if (!meets(row, w, n, e, s)) continue;
          if (u === Math.max(firstColumn, column(west[row])) && v === Math.max(firstLine, line(north[row]))) visit(row);
        }
      }
    }
  };
}
