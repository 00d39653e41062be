package io.tierwise.gateway;

import io.tierwise.gateway.config.PriceFile;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.config.TierwiseConfig.LargeConfig;
import io.tierwise.gateway.config.TierwiseConfig.TaskConfig;
import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.tier.Destinations;
import io.tierwise.gateway.tier.RequestSigner;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.tier.Tier;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** A task's large model by itself, for jobs that ask it without a gateway; guarded as there. */
public final class LargeModel implements AutoCloseable {
  private final Upstreams upstreams;
  private final Tier tier;
  private final Tariff tariff;
  private final Duration patience;

  private LargeModel(Upstreams upstreams, Tier tier, Tariff tariff, Duration patience) {
    this.upstreams = upstreams;
    this.tier = tier;
    this.tariff = tariff;
    this.patience = patience;
  }

  /** Opens the endpoint that the task names; its key comes from the process's environment. */
  public static LargeModel open(TierwiseConfig config, TaskConfig task, Surroundings surroundings)
      throws IOException {
    LargeConfig large = task.large();
    LocalDate today = surroundings.clock().instant().atZone(ZoneOffset.UTC).toLocalDate();
    Tariff tariff = PriceFile.merged(config.prices()).price(large.price(), today).tariff();
    Upstreams upstreams =
        new Upstreams(
            config.upstreams(),
            System::getenv,
            surroundings,
            new Metrics(),
            RequestSigner.NONE,
            Destinations.of(config.trust().addresses()));
    return new LargeModel(
        upstreams,
        upstreams.tier(large, tariff),
        tariff,
        upstreams.endpoint(large.upstream()).timeout());
  }

  public Tier tier() {
    return tier;
  }

  public Tariff tariff() {
    return tariff;
  }

  /** How long one answer may take, as configured. */
  public Duration patience() {
    return patience;
  }

  @Override
  public void close() {
    upstreams.close();
  }
}
