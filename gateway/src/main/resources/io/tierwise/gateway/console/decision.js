// One request: why this tier, at what risk, saving what.
import { el, money, count, digits, millis, percent, table, terms, badge, time } from "./elements.js";

const VERDICTS = { accepted: "accepted", "would-accept": "would accept", "passed-on": "passed on", "no-candidate": "no candidate" };

function attempts(caption, list) {
  return table(caption,
    [{ name: "tier" }, { name: "verdict" }, { name: "confidence", n: true }, { name: "threshold", n: true }, { name: "cost", n: true }, { name: "took", n: true }, { name: "tokens in / out", n: true }, { name: "why", wrap: true }],
    list.map((attempt) => [
      attempt.tier, VERDICTS[attempt.verdict], digits(attempt.confidence), digits(attempt.threshold), money(attempt.cost), millis(attempt.latency_ms),
      attempt.input_tokens + attempt.output_tokens === 0 ? "–" : count(attempt.input_tokens) + " / " + count(attempt.output_tokens) + (attempt.tokens_estimated ? " (counted here)" : ""),
      attempt.reason,
    ]));
}

export function decisionPage(decision) {
  const certificate = decision.gate.certificate;
  return [
    el("p", {}, el("a", { href: "#main" }, "← All figures")),
    el("h1", {}, "Decision"),
    el("p", { class: "mono" }, decision.request_id),
    el("p", {},
      decision.tier ? badge("good", decision.tier) : badge("bad", "refused: " + decision.refusal), " ",
      decision.degraded ? badge("warn", "degraded") : null, " ",
      decision.audited ? badge("", "drawn for an audit") : null),
    el("div", { class: "cards" },
      el("section", { class: "card", "aria-labelledby": "why" }, el("h2", { id: "why" }, "Why this tier"), el("p", { class: "answer" }, decision.why)),
      el("section", { class: "card", "aria-labelledby": "risk" }, el("h2", { id: "risk" }, "At what risk"), el("p", { class: "answer" }, decision.risk)),
      el("section", { class: "card", "aria-labelledby": "saving" }, el("h2", { id: "saving" }, "Saving what"),
        el("p", { class: "answer" }, "It cost ", money(decision.cost), "; the large tier alone ", decision.all_large_estimated ? "would have cost about " : "cost ", money(decision.all_large), ". Saved: ", money(decision.saved), "."),
        el("p", { class: "faint small" }, decision.all_large_estimated ? "What the large model would have used is an estimate." : "What the large model uses for this text is known exactly.")),
      el("section", { class: "card", "aria-labelledby": "request" }, el("h2", { id: "request" }, "The request"),
        terms([["task", decision.task], ["tenant", decision.tenant], ["received", time(decision.at)], ["answered in", millis(decision.latency_ms)], ["size", count(decision.bytes) + " bytes; its text is not kept here"], ["answered by version", decision.version]]))),
    el("h2", {}, "All attempts"),
    attempts("In the order in which tiers were tried", decision.attempts),
    decision.audits_made.map((audit) => [
      el("h2", {}, "Its audit"),
      el("p", {}, "The large model was asked as well at ", time(audit.at), ", for ", money(audit.cost), "."),
      attempts("The audit's attempts", audit.attempts)]),
    decision.audited && decision.audits_made.length === 0 ? el("p", { class: "faint" }, "No audit call of its own within the hour: the large model had answered already, or the audit is still to come.") : null,
    el("h2", {}, "The gate then"),
    terms([
      ["gate", decision.gate.mode + ": " + decision.gate.reason],
      ["certificate", certificate ? certificate.id : "none"],
      ["artifact", certificate && certificate.artifact],
      ["contract", certificate && "at most " + percent(certificate.epsilon) + (decision.loss === "worse" ? " are worse" : " differ") + ", at confidence " + percent(1 - certificate.delta)],
      ["thresholds", certificate && Object.entries(certificate.thresholds).map(([tier, value]) => tier + " " + digits(value)).join(", ")],
    ]),
  ];
}
