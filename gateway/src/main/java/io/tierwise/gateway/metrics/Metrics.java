package io.tierwise.gateway.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.cost.Limit;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Standing;
import io.tierwise.router.drift.DriftKind;
import io.tierwise.router.ledger.Receipt;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.TierName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.DoubleAdder;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The gateway's metrics, in Prometheus' form. They are floating point and may be lost with the
 * process: money is billed from the ledger, never from here.
 */
public final class Metrics {
  private static final String TASK = "task";
  private static final String TIER = "tier";
  private static final String NONE = "none";

  private static final List<String> STATES =
      List.of(
          "tierwise.gate.state",
          "tierwise.breaker.state",
          "tierwise.audit.queue.depth",
          "tierwise.contract.evidence");

  /** From a lookup in memory to the longest that any caller waits. */
  private static final Duration[] BUCKETS =
      IntStream.of(100, 1_000, 5_000, 20_000, 100_000, 500_000, 2_000_000, 10_000_000, 30_000_000)
          .mapToObj(micros -> Duration.of(micros, ChronoUnit.MICROS))
          .toArray(Duration[]::new);

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Map<Ended, Counter> requests = new ConcurrentHashMap<>();
  private final Map<Tried, Attempts> attempts = new ConcurrentHashMap<>();
  private final Map<String, Counter> counterfactuals = new ConcurrentHashMap<>();
  private final Map<Integer, Counter> responses = new ConcurrentHashMap<>();
  private final Map<Overload, Counter> overloads = new ConcurrentHashMap<>();
  private final Map<String, DoubleAdder> saved = new ConcurrentHashMap<>();
  private final MultiGauge budgetTaken =
      MultiGauge.builder("tierwise.budget.taken")
          .description("Spent and set aside of every limit in its current period")
          .register(registry);
  private final MultiGauge budgetLimit =
      MultiGauge.builder("tierwise.budget.limit")
          .description("What may be taken of every limit in a period")
          .register(registry);
  private final AtomicLong configOk = new AtomicLong(1);
  private final AtomicLong configSince = new AtomicLong();

  /** How requests of a task end. */
  private record Ended(String task, String tier, String outcome) {}

  /** A tier of a task. */
  private record Tried(String task, TierName tier) {}

  /** What is counted of every attempt. */
  private record Attempts(Timer latency, Counter cost) {}

  /** Counts a request's end and its attempts. */
  public void decided(String task, Decision decision) {
    Receipt receipt = decision.receipt();
    switch (decision) {
      case Decision.Answered answered ->
          request(task, answered.tier().text(), answered.degraded() ? "degraded" : "answered");
      case Decision.Refused refused -> request(task, NONE, refused.refusal().code());
    }
    double spent = 0;
    for (JudgedAttempt judged : receipt.attempts()) {
      Attempts tried = found(attempts, new Tried(task, judged.tier()), this::attempts);
      tried.latency().record(judged.latency());
      double cost = judged.cost().usd().doubleValue();
      tried.cost().increment(cost);
      spent += cost;
      if (judged.attempt() instanceof Attempt.Unavailable unavailable) {
        unavailable(task, judged.tier(), unavailable.cause());
      }
    }
    double large = receipt.counterfactual().cost().usd().doubleValue();
    found(counterfactuals, task, this::counterfactual).increment(large);
    found(saved, task, this::saved).add(large - spent);
  }

  /** Counts an audit's end. */
  public void audited(String task, AuditOutcome outcome, Money cost) {
    Counter.builder("tierwise.audits")
        .description("Audits by what became of them")
        .tags(TASK, task, "outcome", outcome.text())
        .register(registry)
        .increment();
    Counter.builder("tierwise.audit.cost.usd")
        .description("Spent on large calls that were made for audits only")
        .tags(TASK, task)
        .register(registry)
        .increment(cost.usd().doubleValue());
  }

  /** Counts an answer on the wire, refusals included. */
  public void responded(int status) {
    found(responses, status, this::responses).increment();
  }

  /** Counts a request that was refused before any work was done on it. */
  public void refused(Overload cause) {
    found(overloads, cause, this::overloads).increment();
  }

  /** Shows how many requests may wait for a processor, and how many are under way. */
  public void admission(IntSupplier limit, IntSupplier underWay) {
    replace(
        Gauge.builder("tierwise.admission.limit", limit::getAsInt),
        "How many requests may wait for a processor at once, as the waits of late allow",
        "tierwise.admission.limit",
        Tags.empty());
    replace(
        Gauge.builder("tierwise.admission.under.way", underWay::getAsInt),
        "Requests under way",
        "tierwise.admission.under.way",
        Tags.empty());
    for (Overload cause : Overload.values()) {
      found(overloads, cause, this::overloads);
    }
  }

  private Counter overloads(Overload cause) {
    return Counter.builder("tierwise.admission.refused")
        .description("Requests refused before any work, by what there was too much of")
        .tags("cause", cause.text())
        .register(registry);
  }

  /** Counts the start of a sandbox: of a process that serves for a while and is then frozen. */
  public void sandboxStarted() {
    Counter.builder("tierwise.sandbox.starts")
        .description("Starts of sandboxes on Lambda; none elsewhere")
        .register(registry)
        .increment();
  }

  /** Shows which of some states something is in: 1 for the one it is in, 0 for the others. */
  public void state(
      String name, String description, Tags tags, Iterable<String> states, Supplier<String> now) {
    for (String state : states) {
      Tags all = tags.and(Tag.of("state", state));
      replace(Gauge.builder(name, () -> now.get().equals(state) ? 1 : 0), description, name, all);
    }
  }

  /** Shows how many audits of a task wait to be made. */
  public void auditQueue(String task, IntSupplier depth) {
    String name = "tierwise.audit.queue.depth";
    replace(
        Gauge.builder(name, depth::getAsInt),
        "Audits that wait for the large model",
        name,
        Tags.of(TASK, task));
  }

  /** Shows how much of every limit is taken, in the place of what was shown before. */
  public void budgets(List<Standing> standings) {
    budgetTaken.register(rows(standings, Standing::taken), true);
    budgetLimit.register(rows(standings, standing -> standing.limit().amount()), true);
  }

  private static List<MultiGauge.Row<?>> rows(
      List<Standing> standings, Function<Standing, BigDecimal> amount) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (Standing standing : standings) {
      Limit limit = standing.limit();
      Tags tags =
          Tags.of(
              "scope",
              limit.scope().text(),
              "measure",
              limit.measure().text(),
              "period",
              limit.period().text());
      rows.add(MultiGauge.Row.of(tags, amount.apply(standing).doubleValue()));
    }
    return rows;
  }

  /** Counts a near question that the semantic cache's guards spoke against. */
  public void guarded(String task, String difference) {
    Counter.builder("tierwise.semantic.guarded")
        .description("Near questions that differ in a number, a negation, a name or the order")
        .tags(TASK, task, "difference", difference.toLowerCase(Locale.ROOT))
        .register(registry)
        .increment();
  }

  /** Shows how many answers the semantic cache holds, of all tasks. */
  public void semanticEntries(IntSupplier entries) {
    Gauge.builder("tierwise.semantic.entries", entries::getAsInt)
        .description("Answers in the semantic cache, of all tasks")
        .register(registry);
  }

  /** Shows the evidence against a task's running contract; not a number while none runs. */
  public void contractEvidence(String task, Supplier<Number> evidence) {
    String name = "tierwise.contract.evidence";
    replace(
        Gauge.builder(name, evidence),
        "E-value of the audits against the running contract; it rings at 1/delta",
        name,
        Tags.of(TASK, task));
    alarms(task);
  }

  /** Counts a running contract that was found broken. */
  public void alarmed(String task) {
    alarms(task).increment();
  }

  private Counter alarms(String task) {
    return Counter.builder("tierwise.contract.alarms")
        .description("Running contracts that the audits found broken")
        .tags(TASK, task)
        .register(registry);
  }

  /** Counts a drift that was named. */
  public void drifted(String task, DriftKind kind) {
    drifts(task, kind).increment();
  }

  /** Shows each kind of drift of a task, also while there was none. */
  public void showDrifts(String task) {
    for (DriftKind kind : DriftKind.values()) {
      drifts(task, kind);
    }
  }

  private Counter drifts(String task, DriftKind kind) {
    return Counter.builder("tierwise.drifts")
        .description("Drifts that were named, by kind")
        .tags(TASK, task, "kind", kind.text())
        .register(registry);
  }

  /** A gauge whose subject a reload has replaced shows the new one. */
  private void replace(
      Gauge.Builder<Supplier<Number>> gauge, String description, String name, Tags tags) {
    registry.find(name).tags(tags).meters().forEach(registry::remove);
    gauge.description(description).tags(tags).register(registry);
  }

  /** No longer shows the state of something that a reload has taken away; its counts stay. */
  public void forget(String tag, String value) {
    for (String name : STATES) {
      registry.find(name).tag(tag, value).meters().forEach(registry::remove);
    }
  }

  /** The file is what is served; when that is news, since this moment. */
  public void configInForce(boolean changed, Instant now) {
    if (changed) {
      configSince.set(now.getEpochSecond());
      reloads("taken").increment();
    }
    configOk.set(1);
  }

  /** The file cannot be used, and what was served before it still is. */
  public void configRefused() {
    configOk.set(0);
    reloads("refused").increment();
  }

  private Counter reloads(String outcome) {
    return Counter.builder("tierwise.config.reloads")
        .description("Changes of the configuration by what became of them")
        .tags("outcome", outcome)
        .register(registry);
  }

  /** Shows since when the configuration is in force, and whether its file still says the same. */
  public void showConfig(Instant since) {
    configSince.set(since.getEpochSecond());
    Gauge.builder("tierwise.config.ok", configOk, AtomicLong::get)
        .description("1 when the configuration file is in force, 0 when it cannot be used")
        .register(registry);
    Gauge.builder("tierwise.config.since.seconds", configSince, AtomicLong::get)
        .description("When the configuration in force was taken, in seconds since 1970")
        .register(registry);
    reloads("taken");
    reloads("refused");
  }

  /** All metrics in Prometheus' text form. */
  public String scrape() {
    return registry.scrape();
  }

  private void request(String task, String tier, String outcome) {
    found(requests, new Ended(task, tier, outcome), this::requests).increment();
  }

  /** Meters are looked for by their names once: their builders sort and compare tags. */
  private static <K, M> M found(Map<K, M> known, K key, Function<K, M> made) {
    M meter = known.get(key);
    return meter != null ? meter : known.computeIfAbsent(key, made);
  }

  private Counter requests(Ended ended) {
    return Counter.builder("tierwise.requests")
        .description("Requests by the tier that answered and how they ended")
        .tags(TASK, ended.task(), TIER, ended.tier(), "outcome", ended.outcome())
        .register(registry);
  }

  private Counter responses(Integer status) {
    return Counter.builder("tierwise.http.responses")
        .description("Answers by HTTP status, those that no task was reached with included")
        .tags("status", status.toString())
        .register(registry);
  }

  private Counter counterfactual(String task) {
    return Counter.builder("tierwise.counterfactual.usd")
        .description("What the large tier alone would have cost")
        .tags(TASK, task)
        .register(registry);
  }

  private Attempts attempts(Tried tried) {
    Tags tags = Tags.of(TASK, tried.task(), TIER, tried.tier().text());
    return new Attempts(
        Timer.builder("tierwise.attempt")
            .description("How long attempts took, whatever came of them")
            .tags(tags)
            .serviceLevelObjectives(BUCKETS)
            .register(registry),
        Counter.builder("tierwise.cost.usd")
            .description("Spent on answering callers")
            .tags(tags)
            .register(registry));
  }

  private void unavailable(String task, TierName tier, Attempt.Cause cause) {
    Counter.builder("tierwise.unavailable")
        .description("Attempts at a tier that could not answer, by cause")
        .tags(
            TASK,
            task,
            TIER,
            tier.text(),
            "cause",
            cause.name().toLowerCase(Locale.ROOT).replace('_', '-'))
        .register(registry)
        .increment();
  }

  /** Savings may be negative, so they cannot be a counter. */
  private DoubleAdder saved(String task) {
    DoubleAdder adder = new DoubleAdder();
    Gauge.builder("tierwise.saved.usd", adder, DoubleAdder::sum)
        .description("Counterfactual less cost since the start; negative when it cost more")
        .tags(TASK, task)
        .register(registry);
    return adder;
  }
}
