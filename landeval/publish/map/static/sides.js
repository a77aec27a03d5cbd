// ---- sides: the map page twice; what one of them tells of its view goes to the other ----
const data = JSON.parse(document.getElementById("landeval-data").textContent);
const byId = (id) => document.getElementById(id);
const frames = [];
let ready = 0;

function say(text) {
  byId("notice").textContent = text;
  byId("notice").hidden = !text;
}
function addSide(name, title, { scheme, year }) {
  const frame = document.createElement("iframe");
  const asked = [`side=${name}`, `scheme=${encodeURIComponent(scheme)}`, ...(year === null ? [] : [`year=${year}`])];
  frame.title = title;
  frame.src = `${encodeURI(data.map)}#${asked.join("&")}`;
  document.querySelector("main").append(frame);
  frames.push(frame);
}
window.addEventListener("message", (event) => {
  const from = frames.findIndex((frame) => frame.contentWindow === event.source);
  const told = event.data;
  if (from < 0 || !told || told.landeval !== 1) return;
  const other = frames[1 - from].contentWindow;
  if (told.ready) {
    ready += 1;
    document.documentElement.setAttribute("data-sides", String(ready));
    say(told.run === data.run ? "" : `${data.map} 与本页不是同一次评价的成果，请使用同一文件夹中的文件。`);
  } else if (told.view && byId("together").checked) other.postMessage({ landeval: 1, view: told.view }, "*");
  else if ("row" in told) other.postMessage({ landeval: 1, row: told.row }, "*");
});
setTimeout(() => {
  if (ready < 2) say(`没有打开 ${data.map}：请把它与本页放在同一个文件夹中；个别浏览器不允许页面嵌套本地文件，请换 Chrome 或 Edge。`);
}, 20000);

// Both maps take the paper's size first, and fit what they show into it.
const toPaper = () => document.documentElement.classList.add("paper");
window.addEventListener("beforeprint", toPaper);
window.addEventListener("afterprint", () => document.documentElement.classList.remove("paper"));
byId("print").addEventListener("click", () => {
  toPaper();
  setTimeout(() => window.print(), 600);
});

document.title = byId("title").textContent = `${data.title}　左右对比`;
byId("stamp").textContent = data.stamp;
byId("back").href = encodeURI(data.map);
addSide("left", "左图", data.left);
addSide("right", "右图", data.right);
document.documentElement.setAttribute("data-ready", "1");
