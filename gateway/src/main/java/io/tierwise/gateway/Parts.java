package io.tierwise.gateway;

import io.tierwise.gateway.budget.DailyBudgets;
import io.tierwise.gateway.config.PriceFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.ledger.SegmentLedger;
import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.cost.PriceBook;
import io.tierwise.router.cost.Tariff;
import io.tierwise.student.registry.DirectoryRegistry;
import java.security.SecureRandom;
import java.time.Clock;
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
    DirectoryRegistry registry,
    DailyBudgets budgets,
    Stores stores,
    SegmentLedger ledger)
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
      SecureRandom secrets) {
    Clock clock = surroundings.clock();
    Metrics metrics = new Metrics();
    PriceBook prices = PriceFile.merged(config.prices());
    Upstreams upstreams = new Upstreams(config.upstreams(), environment, surroundings, metrics);
    Stores stores = Stores.open(config.data(), clock, secrets);
    try {
      return new Parts(
          config,
          surroundings,
          metrics,
          prices,
          upstreams,
          new DirectoryRegistry(config.data().resolve(REGISTRY), clock),
          DailyBudgets.of(config.budgets()),
          stores,
          ledger(config));
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
        ledger);
  }

  /** What each task has used of the large model; restores today's budgets on the way. */
  Map<String, LargeUsage> history() {
    LocalDate today = today();
    return ledger.history(
        today.atStartOfDay(ZoneOffset.UTC).toInstant(), entry -> budgets.restore(entry, today));
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
    closing.then(ledger::close);
    closing.then(stores::close);
    closing.end();
  }
}
