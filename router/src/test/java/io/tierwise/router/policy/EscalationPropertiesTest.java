package io.tierwise.router.policy;

import static io.tierwise.router.testing.SampleRequests.NOON;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.testing.CascadeFixture;
import io.tierwise.router.testing.SampleRequests;
import io.tierwise.router.testing.ScriptedTier;
import io.tierwise.router.tier.TierName;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A higher large price never escalates more. */
final class EscalationPropertiesTest {
  private static final Gate OPEN =
      new Gate.Open(
          new Thresholds(
              Map.of(
                  TierName.SEMANTIC_CACHE, new Confidence(0.5),
                  TierName.STUDENT, new Confidence(0.5))),
          "cert-1");

  /** A cheap tier: its price, how often it is said to be accepted, and what it will propose. */
  record Cheap(TierName name, BigDecimal price, double acceptance, double confidence) {
    Rung rung() {
      return rungAt(name, price, confidence);
    }
  }

  private static Rung rungAt(TierName name, BigDecimal price, double confidence) {
    return new Rung(
        name,
        ScriptedTier.proposing("bug", confidence),
        new Tariff.PerRequest(new Money(price)),
        Duration.ZERO);
  }

  @Provide
  Arbitrary<List<Cheap>> cheapTiers() {
    return Combinators.combine(
            cheap(TierName.EXACT_CACHE), cheap(TierName.SEMANTIC_CACHE), cheap(TierName.STUDENT))
        .as(List::of);
  }

  private static Arbitrary<Cheap> cheap(TierName name) {
    return Combinators.combine(
            prices(), Arbitraries.doubles().between(0, 1), Arbitraries.doubles().between(0, 1))
        .as((price, acceptance, confidence) -> new Cheap(name, price, acceptance, confidence));
  }

  @Provide
  static Arbitrary<BigDecimal> prices() {
    return Arbitraries.bigDecimals().between(BigDecimal.ZERO, BigDecimal.TWO).ofScale(3);
  }

  private static List<Rung> rungs(List<Cheap> cheap, BigDecimal large) {
    List<Rung> rungs = new ArrayList<>(cheap.stream().map(Cheap::rung).toList());
    rungs.add(rungAt(TierName.LARGE, large, 1));
    return rungs;
  }

  private static AcceptanceRates rates(List<Cheap> cheap) {
    return new AcceptanceRates(
        cheap.stream().collect(Collectors.toMap(Cheap::name, Cheap::acceptance)));
  }

  @Property
  void theTriedCheapTiersNeverShrink(
      @ForAll("cheapTiers") List<Cheap> cheap,
      @ForAll("prices") BigDecimal large,
      @ForAll("prices") BigDecimal increase) {
    Set<TierName> before = tried(cheap, large);
    Set<TierName> after = tried(cheap, large.add(increase));
    assertTrue(after.containsAll(before), () -> before + " became " + after);
  }

  private static Set<TierName> tried(List<Cheap> cheap, BigDecimal large) {
    Usage call = Usage.call(Duration.ZERO);
    return new Planner(RoutingPolicy.DEFAULT, OPEN, rates(cheap), call, false, false, NOON)
        .plan(rungs(cheap, large), SampleRequests.request()).rungs().stream()
            .map(Rung::name)
            .collect(Collectors.toSet());
  }

  @Property
  void whatWasAnsweredCheaplyStaysAnsweredCheaply(
      @ForAll("cheapTiers") List<Cheap> cheap,
      @ForAll("prices") BigDecimal large,
      @ForAll("prices") BigDecimal increase) {
    boolean before = answeredCheaply(cheap, large);
    boolean after = answeredCheaply(cheap, large.add(increase));
    assertTrue(after || !before);
  }

  private static boolean answeredCheaply(List<Cheap> cheap, BigDecimal large) {
    CascadeFixture fixture = new CascadeFixture().gate(OPEN).rates(rates(cheap));
    rungs(cheap, large).forEach(fixture::rung);
    return fixture.answered(SampleRequests.request()).tier() != TierName.LARGE;
  }
}
