package io.tierwise.gateway;

import io.micrometer.core.instrument.Tags;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.contract.ContractStatus;
import io.tierwise.gateway.dialect.BatchDecision;
import io.tierwise.gateway.dialect.Correction;
import io.tierwise.gateway.dialect.ServedTask;
import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.store.IssuedKey;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Tenant;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The composition root: everything behind the dialects, put together from a configuration.
 *
 * <p>Under the data directory: {@code tierwise.db}, {@code ledger/}, {@code registry/} and {@code
 * corpus.key}. Other processes may move gates and artifacts meanwhile; a background thread follows
 * them within two seconds.
 */
public final class Gateway implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Gateway.class.getName());
  private static final List<String> GATE_STATES = List.of("open", "observe", "shut");
  private static final Duration AUDIT_GRACE = Duration.ofSeconds(5);

  private final Parts parts;
  private final Map<String, ServingTask> tasks;
  private final @Nullable IssuedKey firstKey;
  private final RequestIds ids;
  private final Instant since;
  private final Caretaker caretaker;

  private Gateway(Parts parts, Map<String, ServingTask> tasks) {
    this.parts = parts;
    this.tasks = tasks;
    Clock clock = parts.surroundings().clock();
    this.firstKey =
        parts.stores().keys().isEmpty()
            ? parts.stores().keys().add(new Tenant("default"), "made at the first start")
            : null;
    this.ids = new RequestIds(clock, parts.services().ids());
    this.since = clock.instant();
    tasks.values().forEach(this::showGate);
    refresh();
    this.caretaker = new Caretaker(this::refresh, parts::tidy);
    this.caretaker.start();
  }

  /**
   * Opens everything; the keys of endpoints come from the process's environment.
   *
   * @throws InvalidValueException when a key or a price is missing
   */
  public static Gateway open(TierwiseConfig config, Clock clock, RandomGenerator random) {
    return open(config, Surroundings.of(clock, random), System::getenv);
  }

  /**
   * @param environment where the keys of endpoints are looked up; gives null for what is not set
   */
  public static Gateway open(
      TierwiseConfig config,
      Surroundings surroundings,
      UnaryOperator<@Nullable String> environment) {
    return open(config, surroundings, environment, Services.local());
  }

  /** The same with some of what it works with outside this box. */
  public static Gateway open(
      TierwiseConfig config,
      Surroundings surroundings,
      UnaryOperator<@Nullable String> environment,
      Services services) {
    Parts parts = Parts.open(config, surroundings, environment, new SecureRandom(), services);
    try {
      Map<String, LargeUsage> history = parts.history();
      Map<String, ServingTask> tasks = new LinkedHashMap<>();
      for (TaskConfig task : config.tasks()) {
        tasks.put(task.name(), TaskAssembly.of(task, parts, history));
      }
      return new Gateway(parts, tasks);
    } catch (RuntimeException e) {
      parts.close();
      throw e;
    }
  }

  /**
   * Answers or refuses; when this returns, the receipt is in the ledger.
   *
   * @throws InvalidValueException when the request's task is none of {@link #tasks}
   */
  public Decision answer(InferenceRequest request) {
    ServingTask task = task(request.task().name());
    Decision decision = task.answer(request);
    parts.metrics().decided(task.task().name(), decision);
    return decision;
  }

  /**
   * Answers all of several requests of one task, in their order, or refuses with the first that is
   * refused.
   */
  public BatchDecision answerAll(List<InferenceRequest> requests) {
    ServingTask task = task(requests.getFirst().task().name());
    return Batch.answer(requests, task.rowsAtOnce(), this::answer);
  }

  /**
   * Makes an audit that was queued, once for each request.
   *
   * @return false when the large model is out of reach, so that it is worth trying again
   */
  public boolean audit(Audited.Pending pending) {
    return task(pending.request().task().name()).audits().make(pending);
  }

  /** Keeps a human's correction; it is on disk when this returns. */
  public void correct(Tenant tenant, Correction correction) {
    parts.stores().feedback().keep(tenant, correction.requestId(), correction.label());
  }

  /** Whose key this is; empty when it is nobody's. */
  public Optional<Tenant> authenticate(String presentedKey) {
    return parts.stores().keys().authenticate(presentedKey);
  }

  /** The key made because there was none; to be shown once, for nothing else knows it. */
  public Optional<IssuedKey> firstKey() {
    return Optional.ofNullable(firstKey);
  }

  /** Every task, in the order of the configuration. */
  public List<ServedTask> tasks() {
    return tasks.values().stream()
        .map(task -> new ServedTask(task.task(), task.patience()))
        .toList();
  }

  /** A fresh request id; later ones sort after earlier ones. */
  public String newRequestId() {
    return ids.next();
  }

  public Clock clock() {
    return parts.surroundings().clock();
  }

  /** When this gateway was opened. */
  public Instant since() {
    return since;
  }

  public Metrics metrics() {
    return parts.metrics();
  }

  /** Whether requests can be answered: the store can be read. */
  public boolean ready() {
    try {
      return !parts.stores().keys().isEmpty();
    } catch (StoreException e) {
      return false;
    }
  }

  /** The gate that a task's requests meet now. */
  public Gate gate(String task) {
    return task(task).live().now().gate();
  }

  /** The version of a task's live student. */
  public Optional<String> artifact(String task) {
    return task(task).live().now().artifact();
  }

  /**
   * Looks at once what the audits say and what other processes have moved, instead of within two
   * seconds.
   */
  public void refresh() {
    for (ServingTask task : tasks.values()) {
      try {
        task.watch().look();
      } catch (StoreException e) {
        LOG.log(
            System.Logger.Level.WARNING, "the audits of " + task.task().name() + " wait unread", e);
      }
      task.live().refresh();
    }
  }

  /** What is known of a task's contract. */
  public ContractStatus contract(String task) {
    return ContractStatus.of(
        task, task(task).contract(), parts.stores().gates(), parts.stores().watches());
  }

  private ServingTask task(String name) {
    ServingTask task = tasks.get(name);
    if (task == null) {
      throw new InvalidValueException(
          "task", "there is no task '" + name + "'", "use one of " + tasks.keySet());
    }
    return task;
  }

  private void showGate(ServingTask task) {
    parts
        .metrics()
        .state(
            "tierwise.gate.state",
            "The state of a task's gate",
            Tags.of("task", task.task().name()),
            GATE_STATES,
            () ->
                switch (task.live().now().gate()) {
                  case Gate.Open open -> "open";
                  case Gate.Observe observe -> "observe";
                  case Gate.Shut shut -> "shut";
                });
  }

  /** Waits for what is under way, audits included, for a few seconds. */
  @Override
  public void close() {
    caretaker.close();
    Collection<ServingTask> serving = tasks.values();
    Closing closing = new Closing();
    serving.forEach(task -> closing.then(() -> task.audits().drain(AUDIT_GRACE)));
    serving.forEach(task -> closing.then(task.live()::close));
    closing.then(parts::close);
    closing.end();
  }
}
