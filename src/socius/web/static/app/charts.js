// Charts: one theme, drawn from JSON that stands in the page; each has a table beside it.
(function () {
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const drawn = [];

  function theme() {
    return { text: css("--tblr-body-color"), quiet: css("--quiet"), line: css("--line"), level: Object.fromEntries(["none", "goal", "outcome", "fresh", "measured"].map((l) => [l, css("--lv-" + l)])) };
  }

  const number = new Intl.NumberFormat("en");
  const cut = (text, size) => (text.length > size ? text.slice(0, size - 1) + "…" : text);
  const GRADES = new Set(["A", "B", "C", "D", "E"]);

  // Sums small flows into "others" so that a picture of 60 units stays legible.
  function biggest(rows, key, most) {
    const sums = new Map();
    rows.forEach((r) => sums.set(r[key], (sums.get(r[key]) || 0) + r.activities));
    return new Set([...sums.entries()].sort((a, b) => b[1] - a[1]).slice(0, most).map((e) => e[0]));
  }

  function flow(rows, look, width) {
    const narrow = width < 640;
    const most = narrow ? 6 : 11;
    const units = biggest(rows, "unit", most);
    const initiatives = biggest(rows.filter((r) => r.initiative), "initiative", most);
    const nodes = new Map();
    const links = new Map();
    const node = (column, name, colour, label) => {
      const id = column + "\u0000" + name;
      if (!nodes.has(id)) nodes.set(id, { name: id, depth: column, itemStyle: { color: colour }, label: { position: column === 0 ? "left" : "right", formatter: cut(label || name, narrow ? 14 : 30) } });
      return id;
    };
    const tie = (from, to, n, colour, broken) => {
      const id = from + "\u0001" + to;
      const known = links.get(id);
      if (known) known.value += n;
      else links.set(id, { source: from, target: to, value: n, lineStyle: { color: colour, opacity: broken ? 0.55 : 0.38 } });
    };
    const end = look.level.none;
    // On a phone two columns of names are all that can be read: what all activity comes to, and how far that gets.
    const brief = (r) => {
      const measured = GRADES.has(r.level);
      const colour = look.level[measured ? "measured" : r.level] || look.quiet;
      const all = node(0, "all activity", look.quiet);
      if (!r.goal) { tie(all, node(1, "no line to a goal", end), r.activities, end, true); return; }
      const g = node(1, r.goal, look.level.fresh);
      tie(all, g, r.activities, colour, false);
      const stops = { goal: ["no outcome series", end], outcome: ["out of date", end], fresh: ["no effect yet", look.quiet] };
      const [name, shade] = measured ? ["measured, " + r.level, look.level.measured] : stops[r.level];
      tie(g, node(2, name, shade), r.activities, shade, shade === end);
    };
    const full = (r) => {
      const n = r.activities;
      const u = node(0, units.has(r.unit) ? r.unit : "other units", look.quiet);
      const measured = GRADES.has(r.level);
      const colour = look.level[measured ? "measured" : r.level] || look.quiet;
      let at = u;
      if (r.initiative) {
        const i = node(1, initiatives.has(r.initiative) ? r.initiative : "other initiatives", look.quiet);
        tie(at, i, n, colour, r.level === "none");
        at = i;
      }
      if (!r.goal) { tie(at, node(2, "no line to a goal", end), n, end, true); return; }
      const g = node(2, r.goal, look.level.fresh);
      tie(at, g, n, colour, false);
      if (!r.series) { tie(g, node(3, "no outcome series", end), n, end, true); return; }
      const s = node(3, r.series, look.level.fresh);
      tie(g, s, n, colour, false);
      if (measured) tie(s, node(4, "measured, " + r.level, look.level.measured), n, colour, false);
      else if (r.level === "outcome") tie(s, node(4, "out of date", end), n, end, true);
      else tie(s, node(4, "no effect yet", look.quiet), n, look.quiet, false);
    };
    rows.forEach(narrow ? brief : full);
    return {
      animation: false,
      tooltip: { renderMode: "richText", formatter: (p) => (p.dataType === "edge" ? p.data.source.split("\u0000")[1] + " → " + p.data.target.split("\u0000")[1] : p.name.split("\u0000")[1]) + ": " + number.format(p.value) },
      series: [{ type: "sankey", left: narrow ? 78 : 130, right: narrow ? 78 : 120, top: 8, bottom: 8, nodeAlign: "left", nodeGap: 9, nodeWidth: 12, draggable: false, emphasis: { focus: "adjacency" }, label: { color: look.text, fontSize: narrow ? 10 : 12, textBorderWidth: 0 }, data: [...nodes.values()], links: [...links.values()] }],
    };
  }

  function trend(rows, look) {
    const names = { none: "no line", goal: "goal", outcome: "outcome", fresh: "fresh", measured: "measured" };
    return {
      animation: false,
      tooltip: { trigger: "axis", renderMode: "richText", axisPointer: { type: "shadow" } },
      grid: { left: 48, right: 12, top: 30, bottom: 28 },
      legend: { top: 0, left: 0, itemWidth: 12, itemHeight: 10, textStyle: { color: look.text, fontSize: 11 }, selectedMode: false },
      xAxis: { type: "category", data: rows.map((r) => r.week), axisLabel: { color: look.quiet, formatter: (v) => v.slice(5) }, axisLine: { lineStyle: { color: look.line } } },
      yAxis: { type: "value", axisLabel: { color: look.quiet }, splitLine: { lineStyle: { color: look.line } } },
      series: Object.keys(names).map((key) => ({ name: names[key], type: "bar", stack: "all", itemStyle: { color: look.level[key], decal: key === "none" ? { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -0.7, color: "rgba(0,0,0,.25)" } : undefined }, data: rows.map((r) => r[key]) })),
    };
  }

  function series(rows, look) {
    return {
      animation: false,
      tooltip: { trigger: "axis", renderMode: "richText" },
      grid: { left: 60, right: 16, top: 16, bottom: 32 },
      xAxis: { type: "time", axisLabel: { color: look.quiet }, axisLine: { lineStyle: { color: look.line } } },
      yAxis: { type: "value", scale: true, axisLabel: { color: look.quiet }, splitLine: { lineStyle: { color: look.line } } },
      series: [{ type: "line", showSymbol: rows.length < 60, connectNulls: false, lineStyle: { color: look.level.fresh }, itemStyle: { color: look.level.fresh }, data: rows.map((r) => [r.date, r.value]) }],
    };
  }

  // Between red (no line) and blue (all of it has one), never through green.
  function mix(share) {
    const [from, to] = share < 0.5 ? [[201, 84, 60], [196, 178, 170]] : [[196, 178, 170], [38, 104, 176]];
    const at = share < 0.5 ? share * 2 : share * 2 - 1;
    return from.map((c, i) => Math.round(c + (to[i] - c) * at));
  }

  // Black or white, whichever stands out more on a colour (relative luminance of WCAG 2).
  function ink(colour) {
    const [r, g, b] = colour.map((c) => (c / 255 <= 0.03928 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b > 0.179 ? "#10151c" : "#fff";
  }

  function units(rows) {
    const paint = (one) => {
      const colour = mix(one.share || 0);
      return { ...one, itemStyle: { color: "rgb(" + colour.join(",") + ")" }, label: { color: ink(colour) }, children: one.children?.map(paint) };
    };
    const percent = (share) => (share === null ? "–" : Math.round(share * 100) + "%");
    // A root that only repeats its one child says nothing: start where the tree spreads.
    let top = rows;
    while (top.length === 1 && top[0].children) top = top[0].children;
    return {
      animation: false,
      tooltip: { renderMode: "richText", formatter: (p) => p.name + ": " + number.format(p.value) + " activities, " + percent(p.data?.share ?? null) + " with a line" },
      series: [{ type: "treemap", roam: false, nodeClick: false, breadcrumb: { show: false }, left: 0, right: 0, top: 0, bottom: 0, upperLabel: { show: true, height: 20, color: "#fff", fontSize: 12 }, label: { fontSize: 12, formatter: (p) => p.name + "\n" + percent(p.data?.share ?? null) }, itemStyle: { borderColor: css("--tblr-bg-surface"), borderWidth: 1, gapWidth: 1 }, levels: [{ itemStyle: { gapWidth: 3, borderWidth: 0 }, upperLabel: { show: false } }, { itemStyle: { gapWidth: 2, borderWidth: 2, borderColor: "#56606e" }, upperLabel: { show: true } }, { itemStyle: { gapWidth: 1 } }], data: top.map(paint) }],
    };
  }

  // The lines of a series (one a place), with the target where there is one.
  function outcome(found, look) {
    const many = found.lines.length > 1;
    const palette = [look.level.fresh, "#d9694f", "#8a6fb3", "#3f9e8f", "#b98a2f", "#6b7a8c", "#c0689a", "#5f8f3d"];
    return {
      animation: false,
      tooltip: { trigger: "axis", renderMode: "richText" },
      legend: many ? { top: 0, left: 0, textStyle: { color: look.text, fontSize: 11 } } : undefined,
      grid: { left: 64, right: 24, top: many ? 34 : 28, bottom: 32 },
      xAxis: { type: "time", axisLabel: { color: look.quiet, hideOverlap: true }, axisLine: { lineStyle: { color: look.line } } },
      yAxis: { type: "value", name: found.unit, nameTextStyle: { color: look.quiet, align: "left" }, scale: true, axisLabel: { color: look.quiet }, splitLine: { lineStyle: { color: look.line } } },
      series: found.lines.map((one, i) => ({ name: one.name || found.name, type: "line", showSymbol: one.points.length < 40, symbolSize: 5, connectNulls: false, lineStyle: { color: found.muted ? look.quiet : palette[i % 8], width: 1.5 }, itemStyle: { color: found.muted ? look.quiet : palette[i % 8] }, data: one.points, markLine: i === 0 && found.target !== null ? { silent: true, symbol: "none", lineStyle: { color: look.text, type: "dashed" }, label: { color: look.text, formatter: "target " + number.format(found.target), position: "insideStartTop" }, data: [{ yAxis: found.target }] } : undefined })),
    };
  }

  // A band from low to high about a line: two stacked lines of which only the upper is filled.
  function band(name, days, low, high, colour) {
    const plain = { type: "line", stack: name, stackStrategy: "all", symbol: "none", silent: true, lineStyle: { opacity: 0 }, itemStyle: { color: colour, opacity: 0.4 }, tooltip: { show: false } };
    return [{ ...plain, name: name + " low", data: days.map((d, i) => [d, low[i]]) }, { ...plain, name, areaStyle: { color: colour, opacity: 0.22 }, data: days.map((d, i) => [d, high[i] - low[i]]) }];
  }

  function frame(found, look) {
    return {
      animation: false,
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (v) => (v === null || v === undefined ? "–" : number.format(Math.round(v * 100) / 100)) },
      grid: { left: 64, right: 28, top: 36, bottom: 32 },
      xAxis: { type: "time", axisLabel: { color: look.quiet, hideOverlap: true }, axisLine: { lineStyle: { color: look.line } } },
      yAxis: { type: "value", name: found.unit, nameTextStyle: { color: look.quiet, align: "left" }, scale: true, axisLabel: { color: look.quiet }, splitLine: { lineStyle: { color: look.line } } },
    };
  }

  // What was seen against what was to be expected; the band is pointwise.
  function counterfactual(found, look) {
    const start = { silent: true, symbol: "none", lineStyle: { color: look.text, type: "dashed" }, label: { color: look.text, formatter: "start", position: "insideEndTop" }, data: [{ xAxis: found.start }] };
    const parts = [{ name: "seen", type: "line", showSymbol: false, lineStyle: { color: look.text, width: 1.3 }, itemStyle: { color: look.text }, data: found.seen, markLine: start }];
    if (found.day.length) parts.push(...band("95 % band", found.day, found.low, found.high, look.level.fresh), { name: "expected without it", type: "line", showSymbol: false, lineStyle: { color: look.level.fresh, type: "dashed", width: 2 }, itemStyle: { color: look.level.fresh }, data: found.day.map((d, i) => [d, found.expected[i]]) });
    const base = frame(found, look);
    return { ...base, grid: { ...base.grid, bottom: 56 }, legend: { bottom: 0, left: "center", data: parts.map((p) => p.name).filter((n) => !n.endsWith(" low")), itemWidth: 16, itemHeight: 8, icon: "roundRect", selectedMode: false, textStyle: { color: look.text, fontSize: 11 } }, series: parts };
  }

  function cumulative(found, look) {
    const zero = { silent: true, symbol: "none", lineStyle: { color: look.quiet }, label: { show: false }, data: [{ yAxis: 0 }] };
    return { ...frame(found, look), series: [...band("95 % band", found.day, found.low, found.high, look.level.measured), { name: "summed since the start", type: "line", showSymbol: false, lineStyle: { color: look.level.measured, width: 2 }, itemStyle: { color: look.level.measured }, data: found.day.map((d, i) => [d, found.total[i]]), markLine: zero }] };
  }

  // Fake starts, in the order of their size, and ours among them.
  function placebos(found, look) {
    const rows = [...found.rows].sort((a, b) => a.estimate - b.estimate);
    const shade = (r) => (r.ours ? look.level.none : look.quiet);
    const bar = (params, api) => {
      const [x, low] = api.coord([api.value(0), api.value(1)]);
      const high = api.coord([api.value(0), api.value(2)])[1];
      return { type: "line", shape: { x1: x, y1: low, x2: x, y2: high }, style: { stroke: shade(rows[params.dataIndex]), lineWidth: rows[params.dataIndex].ours ? 3 : 2 } };
    };
    const zero = { silent: true, symbol: "none", lineStyle: { color: look.quiet, type: "dashed" }, label: { show: false }, data: [{ yAxis: 0 }] };
    return {
      animation: false,
      grid: { left: 64, right: 16, top: 28, bottom: 54 },
      tooltip: { renderMode: "richText", formatter: (p) => rows[p.dataIndex].name + ": " + number.format(Math.round(rows[p.dataIndex].estimate * 100) / 100) },
      xAxis: { type: "category", data: rows.map((r) => r.name), axisLabel: { color: look.quiet, rotate: 35, fontSize: 10, hideOverlap: true }, axisLine: { onZero: false, lineStyle: { color: look.line } } },
      yAxis: { type: "value", name: found.unit, nameTextStyle: { color: look.quiet, align: "left" }, axisLabel: { color: look.quiet }, splitLine: { lineStyle: { color: look.line } } },
      series: [{ type: "custom", renderItem: bar, encode: { x: 0, y: [1, 2] }, data: rows.map((r, i) => [i, r.low, r.high]) }, { type: "scatter", symbolSize: 9, data: rows.map((r) => ({ value: r.estimate, symbol: r.ours ? "diamond" : "circle", symbolSize: r.ours ? 14 : 8, itemStyle: { color: shade(r) } })), markLine: zero }],
    };
  }

  // The chance to call an effect of each size; the level that is wanted, and the size that is worth acting on.
  function power(found, look) {
    const dashed = (at, name) => ({ ...at, lineStyle: { color: look.quiet, type: "dashed" }, label: { formatter: name, color: look.quiet, fontSize: 11, position: "end", rotate: 0 } });
    const marks = [dashed({ yAxis: found.wanted }, found.wanted + " %")];
    if (found.worth) marks.push(dashed({ xAxis: found.worth }, "worth acting on"));
    return {
      animation: false,
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (v) => number.format(v) + " %" },
      grid: { left: 46, right: 40, top: 34, bottom: 40 },
      xAxis: { type: "value", name: "true effect, % of the outcome", nameLocation: "middle", nameGap: 26, min: 0, nameTextStyle: { color: look.quiet }, axisLabel: { color: look.quiet }, axisLine: { lineStyle: { color: look.line } }, splitLine: { show: false } },
      yAxis: { type: "value", name: "called, %", min: 0, max: 100, nameTextStyle: { color: look.quiet, align: "left" }, axisLabel: { color: look.quiet }, splitLine: { lineStyle: { color: look.line } } },
      series: [{ name: "called", type: "line", symbolSize: 7, lineStyle: { color: look.level.measured, width: 2 }, itemStyle: { color: look.level.measured }, data: found.rows.map((r) => [r.lift, r.found]), markLine: { silent: true, symbol: "none", data: marks } }],
    };
  }

  // The outcome of each unit, those with the initiative beside those without.
  function arms(found, look) {
    const dots = (arm, x, colour, shape) => ({ type: "scatter", name: arm, symbol: shape, symbolSize: 10, itemStyle: { color: colour, opacity: 0.8 }, data: found.rows.filter((r) => r.arm === arm).map((r, i) => ({ value: [x + ((i % 7) - 3) * 0.06, r.value], name: r.unit })) });
    return {
      animation: false,
      tooltip: { renderMode: "richText", formatter: (p) => p.data.name + ": " + number.format(p.data.value[1]) },
      grid: { left: 60, right: 20, top: 30, bottom: 30 },
      xAxis: { type: "value", min: -0.5, max: 1.5, interval: 0.5, axisLabel: { color: look.quiet, formatter: (v) => (v === 0 ? "without it" : v === 1 ? "with it" : "") }, axisTick: { show: false }, splitLine: { show: false }, axisLine: { lineStyle: { color: look.line } } },
      yAxis: { type: "value", scale: true, name: found.unit, nameTextStyle: { color: look.quiet, align: "left" }, axisLabel: { color: look.quiet }, axisLine: { show: false }, splitLine: { lineStyle: { color: look.line } } },
      series: [dots("off", 0, look.quiet, "circle"), dots("on", 1, look.level.measured, "diamond")],
    };
  }

  // Success factors of a wave, with those of the wave before behind them; what nobody answered is 0 and its label says so.
  function factors(found, look) {
    const lines = [];
    if (found.before) lines.push({ name: found.before.name, value: found.before.scores, lineStyle: { color: look.quiet, type: "dashed" }, itemStyle: { color: look.quiet }, symbol: "none" });
    lines.push({ name: found.name, value: found.scores, lineStyle: { color: look.level.fresh, width: 2 }, itemStyle: { color: look.level.fresh }, areaStyle: { color: look.level.fresh, opacity: 0.2 } });
    return {
      animation: false,
      tooltip: { renderMode: "richText" },
      legend: found.before ? { bottom: 0, itemWidth: 14, itemHeight: 8, textStyle: { color: look.text, fontSize: 11 }, selectedMode: false } : undefined,
      radar: { indicator: found.names.map((name) => ({ name, min: 0, max: 1 })), radius: "64%", center: ["50%", "47%"], splitNumber: 4, axisName: { color: look.text, fontSize: 11 }, axisLine: { lineStyle: { color: look.line } }, splitLine: { lineStyle: { color: look.line } }, splitArea: { show: false } },
      series: [{ type: "radar", data: lines }],
    };
  }

  // Stage and self-placed stage, wave by wave.
  function waves(found, look) {
    const line = (name, data, colour, dashed) => ({ name, type: "line", data, connectNulls: true, symbolSize: 8, lineStyle: { color: colour, width: 2, type: dashed ? "dashed" : "solid" }, itemStyle: { color: colour } });
    return {
      animation: false,
      tooltip: { trigger: "axis", renderMode: "richText" },
      legend: { top: 0, left: 0, itemWidth: 18, textStyle: { color: look.text, fontSize: 11 }, selectedMode: false },
      grid: { left: 28, right: 16, top: 32, bottom: 28 },
      xAxis: { type: "category", data: found.map((w) => w.name), axisLabel: { color: look.quiet, formatter: (v) => cut(v, 18) }, axisLine: { lineStyle: { color: look.line } } },
      yAxis: { type: "value", min: 0, max: 6, interval: 1, axisLabel: { color: look.quiet }, splitLine: { lineStyle: { color: look.line } } },
      series: [line("computed stage", found.map((w) => w.stage), look.level.fresh, false), line("you say", found.map((w) => w.placed), look.quiet, true)],
    };
  }

  // Hatched stretches where nothing was collected; `at` says which places are missing.
  function hatched(missing, look) {
    const lines = `<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><path d="M-2 2l4-4M0 8l8-8M6 10l4-4" stroke="${look.quiet}" stroke-width="1.2"/></svg>`;
    const pattern = { image: "data:image/svg+xml," + encodeURIComponent(lines), repeat: "repeat", imageWidth: 8, imageHeight: 8 };
    return { silent: true, itemStyle: { color: pattern, opacity: 0.45 }, data: missing };
  }

  // Counts of a rise by five minutes, with the band that calm would stay in; what was not covered is hatched.
  function rise(found, look) {
    const step = 300000;
    const points = (values) => found.when.map((t, i) => [t, values[i]]);
    const gaps = found.when.flatMap((t, i) => (found.seen[i] === null ? [[{ xAxis: t }, { xAxis: Date.parse(t) + step }]] : []));
    const base = frame({ unit: "mentions" }, look);
    const marks = { silent: true, symbol: "none", lineStyle: { color: look.level.none, type: "dashed" }, label: { color: look.text, formatter: "began", position: "insideEndTop" }, data: [{ xAxis: found.onset }] };
    return { ...base, series: [
      { name: "calm would stay below", type: "line", step: "end", symbol: "none", lineStyle: { opacity: 0 }, itemStyle: { color: look.level.fresh }, areaStyle: { color: look.level.fresh, opacity: 0.2 }, data: points(found.high) },
      { name: "expected", type: "line", symbol: "none", lineStyle: { color: look.level.fresh, type: "dashed", width: 1.5 }, itemStyle: { color: look.level.fresh }, data: points(found.expected) },
      { name: "seen", type: "line", step: "end", symbol: "none", connectNulls: false, lineStyle: { color: look.text, width: 2 }, itemStyle: { color: look.text }, data: points(found.seen), markLine: marks, markArea: hatched(gaps, look) },
    ] };
  }

  // The daily index of a channel with its band; a day without a point is a gap, hatched, and never drawn across.
  function standing(found, look, width) {
    const day = 86400000;
    const gaps = [];
    found.day.forEach((d, i) => {
      if (found.index[i] !== null) return;
      const last = gaps[gaps.length - 1];
      const at = Date.parse(d);
      if (last && last[1].xAxis === at) last[1].xAxis = at + day;
      else gaps.push([{ xAxis: at }, { xAxis: at + day }]);
    });
    const points = (values) => found.day.map((d, i) => [Date.parse(d) + day / 2, values[i]]);
    const wide = found.high.map((h, i) => (h === null ? null : h - found.low[i]));
    const base = frame({ unit: "" }, look);
    const plain = { type: "line", stack: "band", stackStrategy: "all", symbol: "none", silent: true, connectNulls: false, lineStyle: { opacity: 0 }, itemStyle: { color: look.level.fresh, opacity: 0.4 }, tooltip: { show: false } };
    const tip = (params) => {
      const i = params[0]?.dataIndex ?? 0;
      const said = found.index[i] === null ? found.missing[i] : found.index[i] + " (" + found.low[i] + " to " + found.high[i] + ")";
      return found.day[i] + "\n" + said + "\nn " + number.format(found.n[i]);
    };
    return { ...base, grid: { left: 34, right: 12, top: 12, bottom: 26 }, tooltip: { ...base.tooltip, formatter: tip },
      xAxis: { ...base.xAxis, splitNumber: width < 420 ? 3 : 6, min: Date.parse(found.day[0]), max: Date.parse(found.day[found.day.length - 1]) + day },
      yAxis: { ...base.yAxis, name: "", min: found.scale[0], max: found.scale[1], scale: false },
      series: [
        { ...plain, name: "low", data: points(found.low) },
        { ...plain, name: "95 % interval", areaStyle: { color: look.level.fresh, opacity: 0.24 }, data: points(wide) },
        { name: "index", type: "line", symbol: "circle", symbolSize: found.day.length > 60 ? 0 : 4, connectNulls: false, lineStyle: { color: look.level.fresh, width: 2 }, itemStyle: { color: look.level.fresh }, data: points(found.index), markArea: hatched(gaps, look) },
      ] };
  }


  const kinds = { rise, flow, trend, series, units, outcome, counterfactual, cumulative, placebos, power, arms, factors, waves, standing };

  function draw() {
    const look = theme();
    document.querySelectorAll("[data-chart]").forEach((place) => {
      const rows = JSON.parse(document.getElementById(place.dataset.source).textContent);
      const chart = window.echarts.getInstanceByDom(place) || window.echarts.init(place, null, { renderer: "svg" });
      chart.setOption(kinds[place.dataset.chart](rows, look, place.clientWidth), true);
      if (!drawn.includes(chart)) drawn.push(chart);
    });
  }

  document.addEventListener("DOMContentLoaded", draw);
  document.addEventListener("theme", draw);
  addEventListener("resize", () => { drawn.forEach((chart) => chart.resize()); });
})();
