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
parcelLayer.addTo(map); // painted first, so that each parcel is projected and drawn once
prepareLevels();
state.levels.forEach((on, place) => setLevel(place, on));
prepareMeasure();
explainMissing();
followHash();
prepareSide();
window.landeval = { map, data, state, schemes, csv, fixed, shapes, zoneShapes };
requestAnimationFrame(() =>
  setTimeout(() => document.documentElement.setAttribute("data-ready", String(Math.round(performance.now()))), 0),
);
