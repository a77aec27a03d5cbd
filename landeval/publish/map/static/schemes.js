// ---- schemes: the ways to colour; each puts every parcel into one of its classes ----
const unknownLook = data.classes.find((look) => look.name === data.unknown);
const missingLook = (note) => ({ ...unknownLook, note });

// Classes are worked out when first asked for, and again when the year has changed.
function scheme(key, title, classes, place, more = {}) {
  const made = { of: null, year: undefined };
  return {
    key,
    title,
    classes,
    note: () => "",
    ...more,
    get of() {
      if (made.of === null || made.year !== chosenYear) {
        made.year = chosenYear;
        made.of = Uint8Array.from(everyone, place);
      }
      return made.of;
    },
  };
}

const statusPlaces = new Map(data.classes.map((look, place) => [look.name, place]));
const verdictScheme = scheme("status", "评价结论", data.classes, (row) => {
  const place = statusPlaces.get(parcels.get("status", row));
  return place === undefined ? data.classes.indexOf(unknownLook) : place;
});
verdictScheme.note = () => (isDataYear() ? "" : `评价结论只有 ${data.year} 年的，不随年度变化`);

// Below the line orange with hatches, above it blue: two greys of one darkness are told apart by the hatch.
const ratioFills = [
  { fill: "#E6550D", hatch: "slash", ink: "#fff" },
  { fill: "#FDAE6B", hatch: "backslash", ink: "#fff" },
  { fill: "#9ECAE1", hatch: "", ink: "#fff" },
  { fill: "#2171B5", hatch: "", ink: "#fff" },
];
const ratioNotes = ["不足标准一半", "低于标准", "高于标准", "超过 1.5 倍"];
const filled = (names, notes) => names.map((name, at) => ({ name, note: notes[at], ...ratioFills[at] }));

// The verdict of the data year decides on which side of the line a parcel is: it was rounded by the rule.
const judgedOf = (field, row) => parcels.get("verdict:" + field, row);
function sideOf(verdict, place) {
  if (verdict === "达标") return Math.max(place, 2);
  return verdict === "不达标" ? Math.min(place, 1) : place;
}
const steps = (value, line, isInclusive) =>
  [line / 2, line, line * 1.5].filter((at) => passesLine(value, at, isInclusive)).length;

function lineScheme(field, threshold) {
  const isInclusive = inclusive(threshold);
  const [low, mid, high] = [0.5, 1, 1.5].map((part) => String(Number((threshold.value * part).toFixed(4))));
  const names = isInclusive
    ? [`< ${low}`, `${low} ～ < ${mid}`, `${mid} ～ < ${high}`, `≥ ${high}`]
    : [`≤ ${low}`, `> ${low} ～ ${mid}`, `> ${mid} ～ ${high}`, `> ${high}`];
  const scope = threshold.scope ? `（${threshold.scope}）` : "";
  const place = (row) => {
    const value = figureOf(field, row);
    if (!isNumber(value)) return 4;
    return sideOf(isDataYear() ? judgedOf(field, row) : null, steps(value, threshold.value, isInclusive));
  };
  return scheme(field, ratioNames[field], [...filled(names, ratioNotes), missingLook("不作判断")], place, {
    note: () => `标准：${sign(threshold)} ${threshold.value} ${money}/亩${scope}`,
  });
}
function quarterScheme(field) {
  const names = ["最低四分之一", "中下", "中上", "最高四分之一"];
  let breaks = null, of = null;
  const place = (row) => {
    if (breaks === null || of !== chosenYear) {
      const known = everyone.map((one) => figureOf(field, one)).filter(isNumber).sort((a, b) => a - b);
      breaks = known.length ? [0.25, 0.5, 0.75].map((part) => known[Math.floor((known.length - 1) * part)]) : [];
      of = chosenYear;
    }
    const value = figureOf(field, row);
    return isNumber(value) ? breaks.filter((at) => passesLine(value, at, true)).length : 4;
  };
  return scheme(field, ratioNames[field], [...filled(names, ["", "", "", ""]), missingLook("不作判断")], place, {
    note: () => `单位：${money}/亩；没有标准，按四分位分级`,
  });
}
const ratioScheme = (field) =>
  data.thresholds[field] ? lineScheme(field, data.thresholds[field]) : quarterScheme(field);

// Each parcel has its own lower limit of plot ratio: agreed in its contract, or that of its industry.
function plotScheme() {
  const names = ["不足下限一半", "低于下限", "达到下限", "超过下限 1.5 倍"];
  const noLimit = { name: "没有下限可比", note: "有容积率", fill: "#D9D3E8", hatch: "dots", ink: "#6b5b95" };
  const undecided = { name: "无法判定", note: "有下限，缺层高等资料", fill: "#EFE6C8", hatch: "grid", ink: "#8a7d3c" };
  const place = (row) => {
    const value = parcels.get("plot_ratio", row);
    const limit = parcels.get("plot_ratio_limit", row);
    if (!isNumber(value)) return 6;
    if (!isNumber(limit)) return 4;
    const verdict = judgedOf("plot_ratio", row);
    return verdict === undecided.name ? 5 : sideOf(verdict, steps(value, limit, true));
  };
  return scheme("plot_ratio", "容积率", [...filled(names, ["", "", "", ""]), noLimit, undecided, missingLook("不作判断")], place, {
    note: () => "与各宗地合同约定或行业的下限比较；不随年度变化",
  });
}

const changeLimits = [-20, -5, 5, 20]; // our own steps, of no document
function changeScheme(field) {
  const looks = [
    { name: "下降 20% 及以上", fill: "#B35806", hatch: "slash", ink: "#fff" },
    { name: "下降 5%～20%", fill: "#FDB863", hatch: "backslash", ink: "#fff" },
    { name: "变化不到 5%", fill: "#F4F4F2", hatch: "", ink: "#fff" },
    { name: "增长 5%～20%", fill: "#B2ABD2", hatch: "dots", ink: "#fff" },
    { name: "增长 20% 及以上", fill: "#542788", hatch: "", ink: "#fff" },
  ];
  const [fall, dip, rise, jump] = changeLimits;
  const place = (row) => {
    const now = figureOf(field, row);
    const before = figureIn(chosenYear - 1, field, row);
    if (!isNumber(now) || !isNumber(before) || before <= 0) return 5;
    const percent = Number(fixed((now / before - 1) * 100, 2));
    return percent <= fall ? 0 : percent <= dip ? 1 : percent < rise ? 2 : percent < jump ? 3 : 4;
  };
  return scheme(`change:${field}`, `${ratioNames[field]}比上年`, [...looks, missingLook("不作比较")], place, {
    note: () =>
      years.includes(chosenYear - 1)
        ? `${chosenYear} 年比 ${chosenYear - 1} 年；有一年不详或上年不为正的不作比较；分级为本软件所定`
        : `没有 ${chosenYear - 1} 年的数据，不作比较`,
  });
}

const gradeFills = [
  { fill: "#2171B5", hatch: "", ink: "#fff" },
  { fill: "#9ECAE1", hatch: "dots", ink: "#08519C" },
  { fill: "#FDAE6B", hatch: "", ink: "#fff" },
  { fill: "#E6550D", hatch: "slash", ink: "#fff" },
  { fill: "#A50F15", hatch: "cross", ink: "#fff" },
  { fill: "#525252", hatch: "grid", ink: "#fff" },
];
function gradeScheme() {
  const ungraded = data.grades[data.grades.length - 1];
  const looks = data.grades.slice(0, -1).map((name, at) => ({
    name: `${name} 级`, note: "", ...gradeFills[Math.min(at, gradeFills.length - 1)],
  }));
  looks.push({ name: ungraded, note: "不定等级", fill: "#E7E1C4", hatch: "grid", ink: "#8a7d3c" });
  looks.push({ name: "几家等级不同", note: "", fill: "#CDB9E0", hatch: "cross", ink: "#6A3D9A" });
  const none = looks.length;
  const place = (row) => {
    const found = gradesOf(row);
    return found.length === 0 ? none : found.length > 1 ? none - 1 : data.grades.indexOf(found[0]);
  };
  return scheme("grade", "企业等级", [...looks, { ...unknownLook, name: "没有等级", note: "或资料不足" }], place, {
    note: () => `等级是宗地上企业的综合评价等级${data.year === null ? "" : "，" + data.year + " 年"}`,
  });
}

const canCompareYears = years.some((year) => years.includes(year - 1));
const schemes = [
  verdictScheme,
  ...[ratios[2], ratios[1], ratios[0]].map(ratioScheme),
  ...(parcels.has("plot_ratio") ? [plotScheme()] : []),
  ...(data.grades.length ? [gradeScheme()] : []),
  ...(canCompareYears ? [changeScheme(ratios[2]), changeScheme(ratios[1])] : []),
];
