package io.tierwise.gateway;

import io.tierwise.gateway.budget.DailyBudgets;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.ledger.SegmentLedger;
import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.cost.Budgets;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.cost.PriceBook;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.ledger.Ledger;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
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
    Ledger ledger,
    Services services)
    implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Parts.class.getName());

  /** The directory of the ledger's segments in a data directory. */
  static final String LEDGER = "ledger";

  /** The directory of the registry in a data directory. */
  static final String REGISTRY = "registry";

  static Parts open(
      TierwiseConfig config,
      Surroundings surroundings,
      UnaryOperator<@Nullable String> environment,
      SecureRandom secrets,
      Services services) {
    Clock clock = surroundings.clock();
    Metrics metrics = new Metrics();
    PriceBook prices = PriceFile.merged(config.prices());
    Upstreams upstreams = new Upstreams(config.upstreams(), environment, surroundings, metrics);
    Stores stores = Stores.open(config.data(), clock, secrets, services);
    try {
      return new Parts(
          config,
          surroundings,
          metrics,
          prices,
          upstreams,
          services.registry() != null
              ? services.registry()
              : new DirectoryRegistry(config.data().resolve(REGISTRY), clock),
          services.budgets() != null ? services.budgets() : DailyBudgets.of(config.budgets()),
          stores,
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
        ledger,
        services);
  }

  /** Holds what is shared to another configuration, as far as it is this box's. */
  void heldTo(TierwiseConfig next) {
    if (budgets instanceof DailyBudgets daily) {
      daily.limit(next.budgets());
    }
    if (ledger instanceof SegmentLedger segments) {
      segments.rotateAt(next.ledger().segmentBytes());
    }
  }

  /**
   * What each task has used of the large model; restores today's budgets on the way. A ledger that
   * stands outside is not read at start: there, nothing is known yet and budgets keep themselves.
   */
  Map<String, LargeUsage> history() {
    if (!(ledger instanceof SegmentLedger segments)) {
      return Map.of();
    }
    LocalDate today = today();
    return segments.history(
        today.atStartOfDay(ZoneOffset.UTC).toInstant(), entry -> restore(entry, today));
  }

  private void restore(LedgerEntry entry, LocalDate today) {
    if (budgets instanceof DailyBudgets daily) {
      daily.restore(entry, today);
    }
  }

  /** Forgets what has expired, where that does not happen by itself. */
  void tidy(TierwiseConfig now) {
    Instant moment = surroundings.clock().instant();
    if (budgets instanceof DailyBudgets daily) {
      daily.forgetBefore(moment);
    }
    stores.corpus().deleteExpired();
    for (TierwiseConfig.TaskConfig task : now.tasks()) {
      stores.answers().prune(task.name(), task.exactCache().maximumEntries());
    }
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
    if (ledger instanceof SegmentLedger segments) {
      closing.then(segments::close);
    }
    closing.then(stores::close);
    closing.end();
  }
}
