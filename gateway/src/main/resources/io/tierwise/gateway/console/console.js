// The console. The key lives in this tab only: it goes when the tab is closed.
import { el, money, count, percent, digits, millis, bytes, table, terms, badge, time } from "./elements.js";
import { tierMix, costs, front } from "./charts.js";
import { decisionPage } from "./decision.js";

const EVERY = 5000;
const KEY = "tierwise-console-key";
const SECTIONS = [["now", "Now"], ["over-time", "Over time"], ["contracts", "Contracts"], ["tasks", "Tasks"], ["artifacts", "Artifacts"], ["limits", "Budgets"], ["decisions", "Decisions"]];
const byId = (id) => document.getElementById(id);
const main = byId("main");

let key = sessionStorage.getItem(KEY);
let span = "48h";
let sort = "cost";
let shown = null;
let undraw = [];
let timer = null;

/** What the gateway said instead of data. */
class Refused extends Error {
  constructor(status, words) { super(words); this.status = status; }
}

async function ask(path) {
  let response;
  try {
    response = await fetch(path, { headers: { authorization: "Bearer " + key }, cache: "no-store" });
  } catch (e) {
    throw new Refused(0, "The gateway cannot be reached. It is tried again every few seconds.");
  }
  const body = await response.json().catch(() => null);
  if (!response.ok) throw new Refused(response.status, body && body.error ? body.error.message : "The gateway answered " + response.status + ".");
  return body;
}

/** Puts something else in the page, and keeps what is open, focused and scrolled. */
function show(nodes, after) {
  const open = [...main.querySelectorAll("details[open]")].map((each) => each.id);
  const focused = main.contains(document.activeElement) ? document.activeElement.id : "";
  const typed = byId("request-id") ? byId("request-id").value : "";
  undraw.forEach((each) => each());
  undraw = [];
  main.replaceChildren(...nodes.flat(Infinity).filter(Boolean));
  open.forEach((id) => id && byId(id) && byId(id).setAttribute("open", ""));
  if (typed && byId("request-id")) byId("request-id").value = typed;
  if (after) after();
  if (focused && byId(focused)) byId(focused).focus({ preventScroll: true });
}

function signedIn(yes) {
  byId("sections").hidden = byId("tools").hidden = byId("footer").hidden = !yes;
}

function forget() {
  key = null;
  shown = null;
  sessionStorage.removeItem(KEY);
  clearTimeout(timer);
  askForKey("");
}

function askForKey(trouble) {
  signedIn(false);
  byId("status").textContent = "";
  const input = el("input", { id: "key", type: "password", autocomplete: "off", spellcheck: "false", required: true, "aria-describedby": "key-help key-error" });
  show([el("form", { class: "key", on: { submit: (event) => { event.preventDefault(); key = input.value.trim(); enter().then(() => key && main.focus({ preventScroll: true })); } } },
    el("h1", {}, "Console"),
    el("label", { for: "key" }, "Administrator's key"),
    input,
    el("p", { class: "error", id: "key-error", role: "alert" }, trouble),
    el("p", {}, el("button", { class: "main", type: "submit" }, "Open")),
    el("p", { class: "faint small", id: "key-help" }, "It stays in this tab and goes when the tab is closed. Make one on the gateway's machine:"),
    el("pre", {}, el("code", {}, "./tierwise keys add --admin")))]);
  input.focus();
}

async function enter() {
  try {
    await load(true);
    sessionStorage.setItem(KEY, key);
  } catch (e) {
    if (e.status === 404) {
      sessionStorage.setItem(KEY, key);
      troubled(e);
      return;
    }
    key = null;
    sessionStorage.removeItem(KEY);
    askForKey(e.status === 401 ? "That key is unknown or revoked." : e.message);
  }
}

function decisionId() {
  const match = location.hash.match(/^#\/decision\/(.+)$/);
  return match ? decodeURIComponent(match[1]) : null;
}

/** Loads what the address names. */
async function load(first) {
  clearTimeout(timer);
  const id = decisionId();
  if (id) {
    const decision = await ask("/v1/console/requests/" + encodeURIComponent(id));
    shown = null;
    signedIn(true);
    show(decisionPage(decision));
    byId("status").textContent = "";
    document.title = "Decision " + id.slice(0, 8) + " – Tierwise console";
    main.focus({ preventScroll: true });
    scrollTo({ top: 0, behavior: "instant" });
    return;
  }
  document.title = "Tierwise console";
  const view = await ask("/v1/console/overview/" + span);
  const { now, ...rest } = view;
  const text = JSON.stringify(rest);
  if (text !== shown) {
    shown = text;
    overview(view);
  }
  status(view);
  if (first) signedIn(true);
  timer = setTimeout(again, EVERY);
}

function again() {
  if (document.hidden) { timer = setTimeout(again, EVERY); return; }
  load(false).catch(troubled);
}

function troubled(e) {
  if (e.status === 401 || e.status === 403) { forget(); askForKey(e.message); return; }
  byId("status").textContent = e.message;
  if (decisionId()) {
    signedIn(true);
    show([el("p", {}, el("a", { href: "#main" }, "← All figures")), el("h1", {}, "Decision"), el("p", { class: "error", role: "alert" }, e.message),
      el("p", {}, "Every answer carries its id in the header ", el("code", {}, "x-tierwise-request-id"), ". What the retention of the ledger has removed is gone.")]);
    shown = null;
    return;
  }
  timer = setTimeout(again, EVERY);
}

function status(view) {
  const words = ["As of " + view.now.slice(11, 19) + " UTC", "gateway " + view.version + " up since " + view.since.slice(0, 16).replace("T", " ")];
  if (view.reading.trouble) words.push(view.reading.trouble);
  else if (!view.reading.done) words.push("still reading the ledger: " + view.reading.segments + " of " + view.reading.of + " segments, newest first");
  byId("status").textContent = words.join(" · ");
}

function tile(name, figure, ...remark) {
  return el("li", {}, el("h3", {}, name), el("p", { class: "figure" }, figure), el("p", {}, remark));
}

function section(id, title, ...content) {
  return el("section", { id, "aria-labelledby": id + "-title" }, el("h2", { id: id + "-title" }, title), content);
}

function overview(view) {
  const charts = view.total.requests + view.total.audits > 0 ? [tierMix(view), costs(view)] : [];
  const fronts = view.tasks.filter((task) => task.artifacts).map((task) => front(task.task, task.artifacts)).filter(Boolean);
  show([
    el("h1", {}, "What it does, and what it saves"),
    now(view),
    view.latest.length === 0 && charts.length === 0 ? nothingYet(view) : null,
    charts.length > 0 ? section("over-time", "Over time", el("div", { class: "pair" }, charts.map((each) => each.node))) : null,
    contracts(view),
    tasks(view),
    artifacts(view, fronts),
    limits(view),
    decisions(view),
  ], () => { undraw = [...charts, ...fronts].map((each) => each.show()); });
}

function now(view) {
  const total = view.total;
  const gates = view.tasks.filter((task) => task.contract).map((task) => task.contract);
  const open = gates.filter((contract) => contract.gate === "open").length;
  const alarms = gates.filter((contract) => contract.last_alarm && contract.gate !== "open").length;
  const tight = view.budgets.filter((budget) => budget.exhausted).length;
  const soft = view.budgets.filter((budget) => budget.soft && !budget.exhausted).length;
  const broken = view.upstreams.filter((upstream) => upstream.breaker !== "closed");
  return el("section", { id: "now", "aria-label": "Now" }, el("ul", { class: "tiles" },
    tile("Spent", money(total.spent), total.audits ? [money(total.audit_cost), " of it on audits"] : "no audits"),
    tile("Saved", money(total.saved), total.saving === null ? "nothing to compare with yet" : percent(total.saving) + " of all large, " + total.all_large.text),
    tile("Requests", count(total.requests), [count(total.avoided_large) + " without a large call", total.refused ? ", " + count(total.refused) + " refused" : "", total.degraded ? ", " + count(total.degraded) + " degraded" : ""].join("")),
    tile("Contracts", open + " of " + gates.length + " open", alarms ? el("span", { class: "bad" }, alarms + " shut after an alarm") : "no alarm stands"),
    tile("Budgets", view.budgets.length === 0 ? "none" : tight ? tight + " used up" : soft ? soft + " past soft" : "all hold", view.budgets.length === 0 ? "nothing is limited" : view.budgets.length + " limits"),
    tile("Large model", broken.length ? broken[0].breaker.replace("_", " ") : "reachable", broken.length ? el("span", { class: "bad" }, "breaker of " + broken.map((each) => each.name).join(", ")) : view.upstreams.length + (view.upstreams.length === 1 ? " breaker closed" : " breakers closed")),
    total.costlier ? tile("Costlier than all large", money(total.loss), count(total.costlier) + " requests; part of saved already") : null,
    total.would_save.usd !== "0" ? tile("Would have saved", money(total.would_save), "by candidates in observe mode") : null));
}

function nothingYet(view) {
  const task = view.tasks.length ? view.tasks[0].task : "TASK";
  const request = "curl " + location.origin + "/v1/chat/completions \\\n  -H \"Authorization: Bearer $TIERWISE_KEY\" -H 'Content-Type: application/json' \\\n  -d '{\"model\": \"" + task + "\", \"messages\": [{\"role\": \"user\", \"content\": \"…\"}]}'";
  return section("begin", "Nothing has been asked yet",
    el("ol", { class: "steps" },
      el("li", {}, "Give a caller a key:", el("pre", {}, el("code", {}, "./tierwise keys add --tenant acme"))),
      el("li", {}, "Send a request. Any OpenAI client does, with ", el("code", {}, location.origin + "/v1"), " as its base URL and the task as its model:", el("pre", {}, el("code", {}, request))),
      el("li", {}, "The large model answers at first, and this page shows what it costs. When some hundreds of answers are there, make a student of them:", el("pre", {}, el("code", {}, "./tierwise distill cycle --task " + task + " --out student")))));
}

function contracts(view) {
  const cards = view.tasks.filter((task) => task.contract).map((task) => contractCard(task.contract));
  return section("contracts", "Contracts", cards.length ? el("div", { class: "cards" }, cards) : el("p", {}, "No task is configured."));
}

function contractCard(contract) {
  const certificate = contract.certificate, watch = contract.watch, alarm = contract.last_alarm;
  const kind = { open: "good", observe: "warn", shut: "bad" }[contract.gate];
  return el("section", { class: "card", "aria-label": "Contract of " + contract.task },
    el("h3", {}, contract.task, " ", badge(kind, contract.gate)),
    el("p", {}, "At most " + percent(contract.epsilon) + " of " + (contract.over === "all" ? "all" : "the cheap") + " answers " + (contract.loss === "worse" ? "are worse than the strong model's" : "differ from the large model's") + ", at confidence " + percent(1 - contract.delta) + "."),
    el("p", { class: "faint small" }, "Since ", time(contract.since), ": " + contract.reason),
    certificate ? terms([
      ["certificate", el("span", { class: "mono" }, certificate.id)],
      ["artifact", el("span", { class: "mono" }, certificate.artifact)],
      ["made", time(certificate.at)],
      ["evidence", certificate.losses + " of " + certificate.samples + " audited requests lost (k of n)"],
      ["ε, δ", digits(certificate.epsilon) + ", " + digits(certificate.delta)],
      [["test j, δ", el("sub", {}, "j")], certificate.test + ", " + digits(certificate.delta_spent) + " (p = " + digits(certificate.p_value) + ")"],
      ["threshold", Object.entries(certificate.thresholds).map(([tier, value]) => tier + " " + digits(value)).join(", ")],
      ["coverage", percent(certificate.coverage) + " of requests by cheap tiers"],
      ["since then", watch ? watch.disagreement.count + " of " + watch.disagreement.of + " audits lost" : "no audit yet"],
      ["e-value", watch ? [digits(watch.evidence), " against the contract; the gate shuts at " + digits(watch.rings_at)] : null],
    ]) : el("p", {}, "No certificate yet. ", next(contract)),
    alarm ? el("p", { class: "bad" }, "Last alarm ", time(alarm.at), ": " + alarm.lost + " of " + alarm.audits + " audits lost under " + alarm.certificate + ".") : null,
    contract.flywheel.on_trial ? el("p", { class: "small" }, contract.flywheel.on_trial + " is on trial: " + contract.flywheel.trial_audits + " of " + contract.flywheel.trial_audits_needed + " audits.") : null,
    contract.flywheel.enabled ? el("p", { class: "faint small" }, "Next training: " + count(contract.flywheel.rows) + " of " + count(contract.flywheel.rows_needed) + " answers, " + count(contract.flywheel.audits) + " of " + count(contract.flywheel.audits_needed) + " audits.") : null);
}

function next(contract) {
  const wheel = contract.flywheel;
  return wheel.enabled
    ? "The flywheel trains when " + count(wheel.rows_needed) + " answers are kept; " + count(wheel.rows) + " are."
    : [count(wheel.rows) + " answers and " + count(wheel.audits) + " audits are kept. To make and certify a student: ", el("code", {}, "./tierwise distill cycle --task " + contract.task + " --out student")];
}

function tasks(view) {
  const orders = { cost: (task) => Number(task.figures.spent.usd), slowest: (task) => task.latency_ms.p95 || 0 };
  const rows = view.tasks.toSorted((a, b) => orders[sort](b) - orders[sort](a));
  const by = (name) => () => { sort = name; shown = null; overview(view); };
  return section("tasks", "Most costly and slowest tasks", rows.length ? table(
    sort === "cost" ? "The most costly first" : "The slowest first",
    [{ name: "task" }, { name: "requests", n: true }, { name: "cheap", n: true }, { name: "spent", n: true, sort: by("cost"), sorted: sort === "cost" }, { name: "all large", n: true }, { name: "saved", n: true }, { name: "p50", n: true }, { name: "p95", n: true, sort: by("slowest"), sorted: sort === "slowest" }, { name: "longest", n: true }],
    rows.map((task) => [task.task, count(task.figures.requests), task.figures.requests ? percent(task.figures.avoided_large / task.figures.requests) : "–", money(task.figures.spent), money(task.figures.all_large), money(task.figures.saved), millis(task.latency_ms.p50), millis(task.latency_ms.p95), millis(task.latency_ms.longest)])) : el("p", {}, "No task is configured."));
}

function artifacts(view, fronts) {
  const known = view.tasks.filter((task) => task.artifacts && (task.artifacts.versions.length || task.artifacts.moves.length));
  if (known.length === 0) return section("artifacts", "Artifacts", el("p", {}, "No student is published yet."));
  return section("artifacts", "Artifacts", known.map((task) => {
    const named = Object.entries(task.artifacts.aliases);
    const chart = fronts.find((each) => each.node.id === "front-" + task.task);
    const columns = [{ name: "version" }, { name: "serves as" }, { name: "made" }, { name: "job" }, { name: "size", n: true }, { name: "quality", n: true }];
    return el("div", {}, el("h3", {}, task.task), el("div", { class: "pair" },
      el("div", { class: "wide" }, table("Published versions, the newest first" + (task.artifacts.quality ? "; quality is " + task.artifacts.quality : ""), columns, task.artifacts.versions.map((version) => [
        el("span", { class: "mono" }, version.version), named.filter(([, target]) => target === version.version).map(([alias]) => alias).join(", ") || "–", time(version.made), version.job, bytes(version.bytes), digits(version.quality)])),
      task.artifacts.unreadable.length ? el("p", { class: "bad" }, "Unreadable: " + task.artifacts.unreadable.join(", ")) : null),
      el("div", {}, table("Last promotions", [{ name: "when" }, { name: "alias" }, { name: "to" }, { name: "why", wrap: true }],
        task.artifacts.moves.map((move) => [time(move.at), move.alias, el("span", { class: "mono" }, move.version), move.reason]))),
      chart ? chart.node : null));
  }));
}

function limits(view) {
  const budgets = view.budgets.length ? table("Limits of the current period",
    [{ name: "of" }, { name: "limit", n: true }, { name: "spent", n: true }, { name: "reserved", n: true }, { name: "lapsed", n: true }, { name: "taken" }, { name: "state" }, { name: "anew" }],
    view.budgets.map((budget) => [
      budget.scope, budget.limit.text + (budget.measure === "dollars" ? "" : " " + budget.measure) + " a " + budget.period, exact(budget.spent), exact(budget.reserved), exact(budget.lapsed),
      el("meter", { min: 0, max: 1, high: 0.8, value: Math.min(1, budget.share), "aria-label": percent(budget.share) + " taken" }),
      budget.exhausted ? badge("bad", "used up") : budget.soft ? badge("warn", "past soft") : badge("good", "holds"), time(budget.resets_at)]))
    : el("p", {}, "Nothing is limited. Budgets and rate limits are set under ", el("code", {}, "budgets"), " in the configuration.");
  const upstreams = table("Circuit breakers", [{ name: "upstream" }, { name: "breaker" }], view.upstreams.map((upstream) =>
    [upstream.name, badge({ closed: "good", half_open: "warn" }[upstream.breaker] || "bad", upstream.breaker.replace("_", " "))]));
  return section("limits", "Budgets and breakers", budgets, el("p", {}), upstreams);
}

function exact(amount) {
  return amount.usd ? money(amount) : amount.text;
}

function decisions(view) {
  const find = el("form", { class: "find", on: { submit: (event) => { event.preventDefault(); const id = byId("request-id").value.trim(); if (id) location.hash = "#/decision/" + encodeURIComponent(id); } } },
    el("div", {}, el("label", { for: "request-id" }, "Request id, from the header x-tierwise-request-id"), el("input", { id: "request-id", spellcheck: "false", autocomplete: "off" })),
    el("button", { type: "submit" }, "Why?"));
  const rows = view.latest.slice(0, 25).map((entry) => [
    el("a", { id: "d-" + entry.request_id, class: "mono", href: "#/decision/" + encodeURIComponent(entry.request_id) }, entry.request_id.slice(0, 13) + "…"),
    time(entry.at), entry.tenant, entry.task, entry.tier || "refused: " + entry.refusal, digits(entry.confidence), money(entry.cost), money(entry.saved), millis(entry.latency_ms),
    [entry.degraded ? "degraded" : "", entry.audited ? "audited" : ""].filter(Boolean).join(", ")]);
  return section("decisions", "Decisions", find, rows.length ? table("The latest requests",
    [{ name: "request" }, { name: "when" }, { name: "tenant" }, { name: "task" }, { name: "tier" }, { name: "confidence", n: true }, { name: "cost", n: true }, { name: "saved", n: true }, { name: "took", n: true }, { name: "" }], rows) : el("p", {}, "No request yet."));
}

function tools() {
  const spans = [["48h", "48 h"], ["30d", "30 days"], ["90d", "90 days"]].map(([value, words]) =>
    el("button", { type: "button", "aria-pressed": String(value === span), on: { click: () => { span = value; tools(); if (decisionId()) location.hash = "#main"; else load(false).catch(troubled); } } }, words));
  byId("tools").replaceChildren(el("span", { class: "group", role: "group", "aria-label": "Time shown" }, spans), el("button", { type: "button", on: { click: forget } }, "Sign out"));
  byId("sections").replaceChildren(...SECTIONS.map(([id, name]) => el("a", { href: "#" + id }, name)));
}

let wasDecision = decisionId() !== null;
window.addEventListener("hashchange", () => {
  const is = decisionId() !== null;
  if (key && (is || wasDecision)) load(false).then(() => { if (!is && byId(location.hash.slice(1))) byId(location.hash.slice(1)).scrollIntoView(); }).catch(troubled);
  wasDecision = is;
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => { if (shown) { shown = null; load(false).catch(troubled); } });
tools();
if (key) enter(); else askForKey("");
