// ---- start ----
addPatterns();
prepareMap();
preparePanel();
prepareYears();
prepareSearch();
preparePaper();
fitAll();
prepareLabels();
refresh();
shapes.addTo(map); // painted first, so that each parcel is projected and drawn once
prepareLevels();
state.levels.forEach((on, place) => setLevel(place, on));
prepareMeasure();
prepareSwitches();
preparePointer();
explainMissing();
followHash();
prepareSide();
window.landeval = { map, data, state, schemes, csv, fixed, grouped, shapes, zoneShapes, toGcj };
requestAnimationFrame(() =>
  setTimeout(() => document.documentElement.setAttribute("data-ready", String(Math.round(performance.now()))), 0),
);
