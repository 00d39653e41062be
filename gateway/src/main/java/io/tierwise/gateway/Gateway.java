package io.tierwise.gateway;

import io.tierwise.gateway.chat.ChatAudits;
import io.tierwise.gateway.chat.Chats;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.console.Console;
import io.tierwise.gateway.contract.ContractStatus;
import io.tierwise.gateway.dialect.BatchDecision;
import io.tierwise.gateway.dialect.Correction;
import io.tierwise.gateway.dialect.ServedTask;
import io.tierwise.gateway.flywheel.Flywheel;
import io.tierwise.gateway.flywheel.TrainingJobs;
import io.tierwise.gateway.learning.QueuedAudits;
import io.tierwise.gateway.ledger.AnsweredRequests;
import io.tierwise.gateway.ledger.SegmentLedger;
import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.semantic.SemanticCache;
import io.tierwise.gateway.store.IssuedKey;
import io.tierwise.gateway.store.KeyHolder;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.cost.Standing;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.registry.CuratedRegistry;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
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
  private static final int LOOKS_A_TURN = 5;

  private final Parts parts;
  private final Servings servings;
  private final @Nullable IssuedKey firstKey;
  private final RequestIds ids;
  private final AnsweredRequests answered;
  private final Instant since;
  private final @Nullable Console console;
  private final CacheKeeper caches;
  private final Contracts contracts;
  private final Caretaker caretaker;
  private final AtomicLong looks = new AtomicLong();
  private volatile @Nullable ConfigFollower follower;
  private volatile @Nullable Flywheel flywheel;

  private Gateway(Servings servings) {
    this.servings = servings;
    this.parts = servings.now().parts();
    Clock clock = parts.surroundings().clock();
    this.firstKey =
        // Where keys stand outside, nobody would see one that is made here.
        parts.services().keys() == null && parts.stores().keys().isEmpty()
            ? parts.stores().keys().add(new Tenant("default"), "made at the first start")
            : null;
    this.ids = new RequestIds(clock, parts.services().ids());
    this.since = clock.instant();
    parts.metrics().showConfig(since);
    servings.now().tasks().forEach(task -> task.show(parts.metrics()));
    this.caches = new CacheKeeper(servings);
    this.contracts = new Contracts(servings, parts);
    this.answered = new AnsweredRequests(parts.config().data().resolve(Parts.LEDGER));
    this.console = openConsole();
    refresh();
    parts
        .metrics()
        .semanticEntries(() -> parts.semantic().now().map(SemanticCache::size).orElse(0));
    this.caretaker = new Caretaker(this::look, this::tidy);
    this.caretaker.start();
  }

  /** Only over a ledger and a registry of this box's own. */
  private @Nullable Console openConsole() {
    if (!(parts.ledger() instanceof SegmentLedger ledger)
        || !(parts.registry() instanceof CuratedRegistry registry)) {
      return null;
    }
    Console.Sources sources =
        new Console.Sources(
            () -> contracts().stream().map(this::contract).toList(),
            name -> servings.now().config().routers(name),
            this::budgets,
            () -> servings.now().parts().upstreams().breakers(),
            registry,
            parts.stores().contracts().gates(),
            since,
            clock());
    return Console.of(ledger, parts.config().data().resolve(Parts.LEDGER), sources);
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
      return new Gateway(new Servings(parts, parts.history(), environment));
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
    return servings.serve(request.task(), task -> answer(task, request));
  }

  private Decision answer(ServingTask task, InferenceRequest request) {
    Decision decision = task.answer(request);
    parts.metrics().decided(task.task().name(), decision);
    if (decision instanceof Decision.Answered given) {
      answered.add(request, given.answer());
      task.reviews().draw(request, given);
    }
    return decision;
  }

  /**
   * Answers all of several requests of one task, in their order, or refuses with the first that is
   * refused.
   */
  public BatchDecision answerAll(List<InferenceRequest> requests) {
    return servings.serve(
        requests.getFirst().task(),
        task -> Batch.answer(requests, task.rowsAtOnce(), request -> answer(task, request)));
  }

  /** The task that answered the tenant's request of this id; empty when none did. */
  public Optional<String> answeredBy(Tenant tenant, String requestId) {
    return answered.task(tenant, requestId);
  }

  /**
   * Makes the audits that other processes have drawn of a task, or of a chat's router.
   *
   * @throws InvalidValueException when there is none of this name
   */
  public QueuedAudits queued(String name) {
    return chats().audits(name).map(ChatAudits::queued).orElseGet(() -> task(name).queued());
  }

  /** Keeps a human's correction; it is on disk when this returns. */
  public void correct(Tenant tenant, Correction correction) {
    String id = correction.requestId();
    parts
        .stores()
        .feedback()
        .keep(
            tenant,
            id,
            correction.label(),
            answeredBy(tenant, id).orElse(null),
            answered.given(tenant, id).orElse(null));
  }

  /** Whose key this is; empty when it is nobody's. */
  public Optional<Tenant> authenticate(String presentedKey) {
    return parts.stores().keys().authenticate(presentedKey);
  }

  /** Who presents this key and what it is for; empty when it is nobody's. */
  public Optional<KeyHolder> holder(String presentedKey) {
    return isAdmin(presentedKey)
        ? Optional.of(new KeyHolder.Administrator())
        : authenticate(presentedKey).map(KeyHolder.Caller::new);
  }

  /** Whether an administrator presents this key, who may look at the console. */
  public boolean isAdmin(String presentedKey) {
    return parts.stores().keys() instanceof KeyStore keys && keys.isAdmin(presentedKey);
  }

  /** What the console shows; empty where the ledger or the registry is not this box's. */
  public Optional<Console> console() {
    return Optional.ofNullable(console);
  }

  /** The key made because there was none; to be shown once, for nothing else knows it. */
  public Optional<IssuedKey> firstKey() {
    return Optional.ofNullable(firstKey);
  }

  /** Every task, in the order of the configuration; the same list until a reload. */
  public List<ServedTask> tasks() {
    return servings.now().served();
  }

  /** The chats, until a reload. */
  public Chats chats() {
    return servings.now().chats();
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
    servings.now().tasks().forEach(ServingTask::refresh);
    servings.now().chats().refresh();
    parts.metrics().budgets(budgets());
    caches.follow();
    parts.semantic().now().ifPresent(SemanticCache::refresh);
  }

  /**
   * Forgets the cached answers of a tenant, of a task, or of both: what is null means all. None of
   * them is given any more when this returns.
   */
  public Forgotten forget(@Nullable Tenant tenant, @Nullable String task) {
    return caches.forget(tenant, task);
  }

  private void tidy() {
    servings.now().tasks().forEach(task -> task.caches().tidy());
    servings.now().chats().tidy();
    parts.tidy(servings.now().config());
  }

  /**
   * Follows the file that the configuration was read from: within three seconds, what it and its
   * price files say is served. What cannot be used, or needs a restart, is logged and changes
   * nothing.
   */
  public void follow(Path file) {
    follower = new ConfigFollower(file, servings);
  }

  /**
   * Makes students of the answers that gather, for the tasks whose configuration says so.
   *
   * @param jobs who trains them, in processes of their own
   */
  public void keepLearning(TrainingJobs jobs) {
    flywheel =
        new Flywheel(
            new Flywheel.Places(
                parts.stores().due(clock()),
                parts.registry(),
                parts.stores().contracts().watches(),
                parts.config().data(),
                clock()),
            jobs);
  }

  /** Hands every entry of this box's ledger to another one as well, once it is written. */
  public void tell(Consumer<LedgerEntry> other) {
    if (parts.ledger() instanceof SegmentLedger segments) {
      segments.tell(other);
    }
  }

  /** Makes the flywheel's next step at once, instead of within five seconds. */
  public void turn() {
    Flywheel turning = flywheel;
    if (turning != null) {
      turning.turn(servings.now().config().tasks());
    }
  }

  /** What is done every second: refreshing, following the configuration, closing what it left. */
  void look() {
    refresh();
    ConfigFollower following = follower;
    if (following != null) {
      following.look();
    }
    servings.closeIdle();
    parts.flush();
    if (looks.getAndIncrement() % LOOKS_A_TURN == 0) {
      turn();
    }
  }

  /** What is served now and what still ends. */
  Servings servings() {
    return servings;
  }

  /** Where every limit stands; empty where another store than this box's keeps them. */
  public List<Standing> budgets() {
    return parts.standings();
  }

  /** The names of all that has a contract: tasks, and the routers and caches of chats. */
  public List<String> contracts() {
    return contracts.names();
  }

  /**
   * What is known of the contract of a task, or of a chat's router or cache.
   *
   * @throws InvalidValueException when there is none of this name
   */
  public ContractStatus contract(String name) {
    return contracts.status(name);
  }

  private ServingTask task(String name) {
    return servings.now().task(name);
  }

  /** Waits for what is under way, audits included, for a few seconds. */
  @Override
  public void close() {
    caretaker.close();
    if (console != null) {
      console.close();
    }
    Flywheel turning = flywheel;
    if (turning != null) {
      turning.close();
    }
    servings.close();
  }
}
