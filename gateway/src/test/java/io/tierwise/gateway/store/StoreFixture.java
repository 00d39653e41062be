package io.tierwise.gateway.store;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.TierName;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Values that the stores' tests share. */
final class StoreFixture {
  static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123Z");
  static final Tenant ACME = new Tenant("acme");
  static final Tenant GLOBEX = new Tenant("globex");
  static final Label REFUND = new Label("refund");
  static final Distribution MOSTLY_REFUND =
      Distribution.of(List.of(REFUND, new Label("delivery")), new double[] {0.1 + 0.6, 0.3});

  private StoreFixture() {}

  static Clock clock() {
    return at(Duration.ZERO);
  }

  static Clock at(Duration afterNow) {
    return Clock.fixed(NOW.plus(afterNow), ZoneOffset.UTC);
  }

  static Certificate certificate(int testIndex, double studentThreshold) {
    Contract contract = new Contract(0.05, 0.05);
    Thresholds thresholds =
        new Thresholds(
            Map.of(
                TierName.STUDENT, new Confidence(studentThreshold),
                TierName.SEMANTIC_CACHE, new Confidence(0.1 + 0.2)));
    return new Certificate(
        contract, testIndex, contract.spend(testIndex), 400, 7, 1.0 / 3 / 1e9, 0.7, thresholds);
  }
}
