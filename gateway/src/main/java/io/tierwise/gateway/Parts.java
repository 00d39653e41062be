package io.tierwise.gateway;

import io.tierwise.gateway.budget.StoredBudgets;
import io.tierwise.gateway.config.ChatConfig;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.ledger.SegmentLedger;
import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.semantic.SemanticCache;
import io.tierwise.gateway.tier.Destinations;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.cost.Period;
import io.tierwise.router.cost.PriceBook;
import io.tierwise.router.cost.Standing;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.ledger.Ledger;
import io.tierwise.student.registry.Registry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What all tasks of a gateway share. */
record Parts(
    TierwiseConfig config,
    Surroundings surroundings,
    Metrics metrics,
    PriceBook prices,
    Upstreams upstreams,
    Registry registry,
    Budgets budgets,
    Stores stores,
    SharedSemanticCache semantic,
    Ledger ledger,
    Services services)
    implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Parts.class.getName());

  /** The directory of the ledger's segments in a data directory. */
  static final String LEDGER = "ledger";

  /** The directory of the semantic cache's index in a data directory. */
  static final String SEMANTIC = "semantic";

  /** The directory of the registry in a data directory. */
  static Parts open(
      TierwiseConfig config,
      Surroundings surroundings,
      UnaryOperator<@Nullable String> environment,
      SecureRandom secrets,
      Services services) {
    Clock clock = surroundings.clock();
    Metrics metrics = new Metrics();
    PriceBook prices = PriceFile.merged(config.prices());
    Upstreams upstreams =
        new Upstreams(
            config.upstreams(),
            environment,
            surroundings,
            metrics,
            services.signer(),
            Destinations.of(config.trust().addresses()));
    Stores stores = Stores.open(config.data(), config.budgetData(), clock, secrets, services);
    try {
      return new Parts(
          config,
          surroundings,
          metrics,
          prices,
          upstreams,
          services.registry() != null ? services.registry() : config.registry(clock),
          services.budgets() != null
              ? services.budgets()
              : new StoredBudgets(stores.budgets(), config.limits()),
          stores,
          new SharedSemanticCache(
              config.data().resolve(SEMANTIC), stores.semantic(), services.encoder(), clock),
          services.ledger() != null ? services.ledger() : ledger(config),
          services);
    } catch (RuntimeException e) {
      stores.close();
      upstreams.close();
      throw e;
    }
  }

  private static SegmentLedger ledger(TierwiseConfig config) {
    SegmentLedger ledger =
        SegmentLedger.open(config.data().resolve(LEDGER), config.ledger().segmentBytes());
    if (ledger.recovery().cutBytes() > 0) {
      LOG.log(System.Logger.Level.WARNING, ledger.recovery().toString());
    }
    return ledger;
  }

  /** The same for another configuration; endpoints that it does not change are shared. */
  Parts changedTo(TierwiseConfig next, UnaryOperator<@Nullable String> environment) {
    PriceBook nextPrices = PriceFile.merged(next.prices());
    return new Parts(
        next,
        surroundings,
        metrics,
        nextPrices,
        upstreams.changedTo(next.upstreams(), environment),
        registry,
        budgets,
        stores,
        semantic,
        ledger,
        services);
  }

  /** Holds what is shared to another configuration, as far as it is this box's. */
  void heldTo(TierwiseConfig next) {
    if (budgets instanceof StoredBudgets stored) {
      stored.limit(next.limits());
    }
    if (ledger instanceof SegmentLedger segments) {
      segments.rotateAt(next.ledger().segmentBytes());
    }
  }

  /**
   * What each task has used of the large model; on the way, this month's spending becomes known to
   * a store that is older than budgets. A ledger that stands outside is not read at start: there,
   * nothing is known yet and budgets keep themselves.
   */
  Map<String, LargeUsage> history() {
    if (!(ledger instanceof SegmentLedger segments)) {
      return Map.of();
    }
    Instant month = Period.MONTH.start(surroundings.clock().instant());
    if (!(budgets instanceof StoredBudgets stored) || !stored.unknown()) {
      return segments.history(Instant.MAX, entry -> {});
    }
    Map<String, LargeUsage> history =
        segments.history(
            month,
            entry -> {
              if (!entry.at().isBefore(month)) {
                stored.restore(entry);
              }
            });
    stored.flush();
    return history;
  }

  /** Where every limit stands; empty where another store than this box's keeps them. */
  List<Standing> standings() {
    return budgets instanceof StoredBudgets stored
        ? stored.standings(surroundings.clock().instant())
        : List.of();
  }

  /** Writes down what is only counted in memory. */
  void flush() {
    if (budgets instanceof StoredBudgets stored) {
      stored.flush();
    }
  }

  /** Forgets what has expired, where that does not happen by itself. */
  void tidy(TierwiseConfig now) {
    Instant moment = surroundings.clock().instant();
    if (budgets instanceof StoredBudgets stored) {
      stored.forget(moment);
    }
    stores.embedded().deleteExpired();
    for (TierwiseConfig.TaskConfig task : now.tasks()) {
      stores.answers().prune(task.name(), task.exactCache().maximumEntries());
    }
    for (ChatConfig chat : now.chats()) {
      stores.chatAnswers().prune(chat.name(), chat.exactCache().cache().maximumEntries());
    }
    stores.semantic().deleteExpired();
    stores.reviews().deleteExpired();
    stores.probes().deleteExpired();
    semantic.now().ifPresent(SemanticCache::reconcile);
    if (ledger instanceof SegmentLedger segments) {
      segments.tend(now.ledger().compress(), now.ledger().retention(), moment);
    }
  }

  /** The tariff in force today. */
  Tariff tariff(String price) {
    return prices.price(price, today()).tariff();
  }

  private LocalDate today() {
    return LocalDate.ofInstant(surroundings.clock().instant(), ZoneOffset.UTC);
  }

  @Override
  public void close() {
    Closing closing = new Closing();
    closing.then(upstreams::close);
    closing.then(this::flush);
    if (ledger instanceof SegmentLedger segments) {
      closing.then(segments::close);
    }
    closing.then(semantic::close);
    closing.then(stores::close);
    closing.end();
  }
}
