// ---- unpack: a page of many parcels carries them as bytes, of very many compressed; see pack.py for their order ----
function wholes(bytes, { at, width, count }) {
  const found = new Float64Array(count);
  for (let plane = 0, unit = 1; plane < width; plane += 1, unit *= 256) {
    const from = at + plane * count;
    for (let place = 0; place < count; place += 1) found[place] += bytes[from + place] * unit;
  }
  return found;
}
// Steps back to numbers: 0, 1, 2, 3 stand for 0, -1, 1, -2.
function followed(steps) {
  let now = 0;
  for (let place = 0; place < steps.length; place += 1) {
    const step = steps[place];
    now += step % 2 ? -(step + 1) / 2 : step / 2;
    steps[place] = now;
  }
  return steps;
}
function unpackedColumn(column, bytes) {
  const codes = wholes(bytes, column.codes);
  const found = new Array(codes.length);
  const { values, decimals, low } = column;
  if (values) {
    for (let row = 0; row < codes.length; row += 1) found[row] = codes[row] ? values[codes[row] - 1] : null;
    return found;
  }
  const unit = 10 ** decimals;
  for (let row = 0; row < codes.length; row += 1) found[row] = codes[row] ? (codes[row] - 1 + low) / unit : null;
  return found;
}
function decoded(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let place = 0; place < letters.length; place += 1) bytes[place] = letters.charCodeAt(place);
  return bytes;
}
async function inflated(bytes) {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}
function tellTooOld() {
  const notice = document.getElementById("notice");
  notice.className = "notice empty";
  notice.textContent =
    "宗地超过一万宗时，本图需要较新的浏览器：请用 Chrome、Edge（80 版以上）打开；360 等双核浏览器请切换到“极速模式”并更新到新版。";
  notice.hidden = false;
}
// Give a page's data as it would stand in a smaller page; packed shapes stand beside it.
let packedShapes = null;
async function whole(page) {
  const block = document.getElementById("landeval-packed");
  if (!block) return page;
  const isCompressed = block.dataset.drawing === "packed";
  if (isCompressed && typeof DecompressionStream === "undefined") {
    tellTooOld();
    await new Promise(() => {}); // nothing else on this page can work
  }
  const stored = decoded(block.textContent.trim());
  const bytes = isCompressed ? await inflated(stored) : stored;
  block.remove();
  const length = new DataView(bytes.buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length)));
  const planes = bytes.subarray(4 + length);
  for (const [path, columns] of Object.entries(head.tables)) {
    const table = path.split(".").reduce((inner, key) => inner[key], page);
    table.columns = {};
    for (const [name, column] of Object.entries(columns)) table.columns[name] = unpackedColumn(column, planes);
  }
  const { units, rings, points, x, y } = head.shapes;
  packedShapes = {
    units,
    rings: wholes(planes, rings),
    points: wholes(planes, points),
    x: followed(wholes(planes, x)),
    y: followed(wholes(planes, y)),
  };
  return page;
}
