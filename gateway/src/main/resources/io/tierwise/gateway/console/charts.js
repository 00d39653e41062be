// Charts over time and the front, by uPlot. Each has its figures in a table as well, so a chart is one
// image to whoever cannot see it. Only where a bar ends is a binary fraction; what is written is not.
import { el, money, count, table, legend, bytes, digits, time } from "./elements.js";

export const TIERS = ["exact-cache", "semantic-cache", "student", "second-student", "weak", "large", "refused"];
const HEIGHT = 240;

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
}

/** Every hour or day from the first to now, with its slot where it has one. */
function timeline(view) {
  const step = view.step === "hour" ? 3600 : 86400;
  const bySecond = new Map(view.slots.map((slot) => [Date.parse(slot.at) / 1000, slot]));
  const at = [];
  for (let second = Date.parse(view.from) / 1000; second <= Date.parse(view.now) / 1000; second += step) at.push(second);
  return { step, at, slots: at.map((second) => bySecond.get(second)) };
}

function axes(step, values) {
  const grid = { stroke: colour("line"), width: 1 };
  const base = { stroke: colour("faint"), font: "12px system-ui", grid, ticks: grid };
  const date = (second) => new Date(second * 1000).toISOString();
  return [
    { ...base, grid: { show: false }, values: (u, splits) => splits.map((second) => step === 3600 && second % 86400 !== 0 ? date(second).slice(11, 16) : date(second).slice(5, 10)) },
    { ...base, size: room, values: (u, splits) => splits.map(values) },
  ];
}

/** As much as the widest label takes: small amounts have many digits, and cut ones are others. */
function room(chart, labels, index, cycle) {
  const axis = chart.axes[index];
  // The size decides what the labels are: without an end the two could go on in turns.
  if (cycle > 1) return axis._size;
  const beside = axis.ticks.size + axis.gap;
  if (!labels) return beside;
  chart.ctx.font = axis.font[0];
  return Math.ceil(beside + Math.max(0, ...labels.map((label) => chart.ctx.measureText(label).width)) / devicePixelRatio);
}

/** Bars on each other: the highest sum is drawn first, so that the lower ones cover it. */
function stacked(box, label, line, series, values) {
  const sums = [];
  series.forEach((each, i) => sums.push(each.values.map((value, k) => value + (i > 0 ? sums[i - 1][k] : 0))));
  const bars = uPlot.paths.bars({ size: [0.8, 48], align: 0 });
  const drawn = series.map((each, i) => ({ label: each.name, fill: colour(each.colour), stroke: colour(each.colour), width: 0, paths: bars, points: { show: false }, data: sums[i] })).reverse();
  const marks = line ? [{ label: line.name, stroke: colour(line.colour), width: 2, points: { show: true, size: 7, fill: colour(line.colour) }, data: line.values }] : [];
  const all = [...drawn, ...marks];
  const highest = Math.max(0, ...all.flatMap((each) => each.data.filter((value) => value !== null)));
  const half = label.step / 2;
  return draw(box, {
    scales: { x: { time: true, range: (u, low, high) => [low - half, high + half] }, y: { range: () => [0, highest > 0 ? highest * 1.08 : 1] } },
    series: [{}, ...all.map(({ data, ...each }) => each)],
    axes: axes(label.step, values),
  }, [label.at, ...all.map((each) => each.data)]);
}

function draw(box, options, data) {
  const chart = new uPlot({
    width: Math.max(240, box.clientWidth), height: HEIGHT, tzDate: (second) => uPlot.tzDate(new Date(second * 1000), "Etc/UTC"),
    cursor: { show: false }, legend: { show: false }, ...options,
  }, data, box);
  const watch = new ResizeObserver(() => chart.setSize({ width: Math.max(240, box.clientWidth), height: HEIGHT }));
  watch.observe(box);
  return () => { watch.disconnect(); chart.destroy(); };
}

const dollars = (value) => value === 0 ? "$0" : "$" + Number(value.toPrecision(3));

function figure(id, title, keys, label, rows) {
  const box = el("div", { class: "chart", role: "img", "aria-label": label });
  return { box, node: el("figure", { id }, el("figcaption", {}, title), legend(keys), box, el("details", { id: id + "-table" }, el("summary", {}, "As a table"), rows)) };
}

/** Adds the chart when its figure is in the page, for it must know its width. */
export function tierMix(view) {
  const { step, at, slots } = timeline(view);
  const tiers = TIERS.filter((tier) => view.total.tiers[tier]);
  const { box, node } = figure("mix", "Requests by the tier that answered", tiers.map((tier) => [tier, tier]),
    "Requests by tier for each " + view.step + ": " + tiers.map((tier) => count(view.total.tiers[tier]) + " " + tier).join(", ") + " in all",
    table("Requests for each " + view.step, [{ name: view.step }, ...tiers.map((tier) => ({ name: tier, n: true }))],
      view.slots.toReversed().map((slot) => [time(slot.at), ...tiers.map((tier) => count(slot.tiers[tier] || 0))])));
  const series = tiers.map((tier) => ({ name: tier, colour: tier, values: slots.map((slot) => (slot && slot.tiers[tier]) || 0) }));
  return { node, show: () => stacked(box, { step, at }, null, series, (value) => count(value)) };
}

export function costs(view) {
  const { step, at, slots } = timeline(view);
  const { box, node } = figure("costs", "Cost, and what the large tier alone would have cost", [["cost", "serving"], ["audit", "audits"], ["all-large", "all large", true]],
    "Cost for each " + view.step + ": " + view.total.spent.text + " spent against " + view.total.all_large.text + " all large in all",
    table("Dollars for each " + view.step, [{ name: view.step }, { name: "serving", n: true }, { name: "audits", n: true }, { name: "all large", n: true }, { name: "saved", n: true }],
      view.slots.toReversed().map((slot) => [time(slot.at), money(slot.cost), money(slot.audit_cost), money(slot.all_large), money(slot.saved)])));
  const value = (name) => slots.map((slot) => slot ? Number(slot[name].usd) : 0);
  return {
    node,
    show: () => stacked(box, { step, at }, { name: "all large", colour: "all-large", values: slots.map((slot) => slot ? Number(slot.all_large.usd) : null) },
      [{ name: "serving", colour: "cost", values: value("cost") }, { name: "audits", colour: "audit", values: value("audit_cost") }], dollars),
  };
}

/** Quality over size of a task's versions; null where fewer than two were measured. */
export function front(task, artifacts) {
  const measured = artifacts.versions.filter((version) => version.quality !== null).toSorted((a, b) => a.bytes - b.bytes);
  if (measured.length < 2) return null;
  const best = measured.filter((version) => version.front);
  const { box, node } = figure("front-" + task, "Pareto front of " + task, [["front", "on the front"], ["other", "beaten in everything"]],
    best.length + " of " + measured.length + " versions are on the front of " + artifacts.quality + " and size",
    table("Measured versions", [{ name: "version" }, { name: artifacts.quality, n: true }, { name: "size", n: true }, { name: "p50", n: true }, { name: "front" }],
      measured.map((version) => [version.version, digits(version.quality), bytes(version.bytes), version.p50_micros === null ? "–" : digits(version.p50_micros) + " µs", version.front ? "yes" : "no"])));
  const points = (name, wanted) => ({ label: name, stroke: colour(wanted ? "good" : "refused"), paths: wanted ? undefined : () => null, width: 1, dash: [4, 4], spanGaps: true, points: { show: true, size: 9, fill: colour(wanted ? "good" : "refused") } });
  const qualities = measured.map((version) => version.quality);
  const low = Math.min(...qualities), high = Math.max(...qualities), room = (high - low || 0.1) * 0.15;
  return {
    node,
    show: () => draw(box, {
      scales: { x: { time: false, distr: 3, range: () => [measured[0].bytes / 1.6, measured.at(-1).bytes * 1.6] }, y: { range: () => [low - room, high + room] } },
      series: [{}, points("front", true), points("other", false)],
      axes: axes(1, (value) => digits(value)).map((axis, i) => i === 0 ? { ...axis, values: (u, splits) => splits.map((value) => value === null ? "" : bytes(value)) } : axis),
    }, [measured.map((version) => version.bytes), measured.map((version) => version.front ? version.quality : null), measured.map((version) => version.front ? null : version.quality)]),
  };
}
