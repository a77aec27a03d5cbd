// ---- guard: plain old script, so that a browser too old for the page can still say so ----
(function () {
  var advice = "请用 Chrome、Edge（80 版及以上），或 360、WPS 等浏览器的极速模式打开。";
  function tell(text) {
    var box = document.getElementById("unfit");
    box.hidden = false;
    box.textContent = text + advice;
  }
  var needed = [
    ["现代脚本", [].flat && Object.fromEntries && window.Promise && Promise.allSettled && "".trimStart && "".normalize],
    ["本地导出", window.Blob && window.URL && URL.createObjectURL],
    ["画布", window.CanvasRenderingContext2D && window.Path2D],
    ["矢量图形", document.createElementNS && window.SVGSVGElement],
    ["网格排版", window.CSS && CSS.supports && CSS.supports("display", "grid")],
  ];
  var missing = [];
  for (var at = 0; at < needed.length; at += 1) if (!needed[at][1]) missing.push(needed[at][0]);
  if (missing.length) tell("浏览器缺少本图需要的功能（" + missing.join("、") + "），可能显示不全。");
  function failed() {
    if (!document.documentElement.getAttribute("data-ready")) tell("本图未能打开：浏览器不能运行页面脚本。");
  }
  window.addEventListener("error", failed);
  window.addEventListener("unhandledrejection", failed);
})();
