package io.tierwise.router.policy;

import static io.tierwise.router.testing.SampleRequests.NOON;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.testing.SampleRequests;
import io.tierwise.router.testing.ScriptedTier;
import io.tierwise.router.tier.Skipped;
import io.tierwise.router.tier.Skipped.Reason;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PlannerTest {
  private static final Gate OPEN =
      new Gate.Open(
          new Thresholds(
              Map.of(
                  TierName.SEMANTIC_CACHE, new Confidence(0.95),
                  TierName.STUDENT, new Confidence(0.9))),
          "cert-1");

  private static Rung rung(TierName name, String price, int millis) {
    return new Rung(
        name,
        ScriptedTier.missing(),
        new Tariff.PerRequest(Money.of(price)),
        Duration.ofMillis(millis));
  }

  private static List<Rung> rungs(String large) {
    return List.of(
        rung(TierName.EXACT_CACHE, "0", 0),
        rung(TierName.SEMANTIC_CACHE, "0.2", 5),
        rung(TierName.STUDENT, "0.3", 1),
        rung(TierName.LARGE, large, 300));
  }

  private static Planner planner(RoutingPolicy policy, Gate gate, AcceptanceRates rates) {
    boolean everything = gate instanceof Gate.Observe;
    return new Planner(policy, gate, rates, Usage.call(Duration.ZERO), everything, false, NOON);
  }

  private static List<TierName> names(Plan plan) {
    return plan.rungs().stream().map(Rung::name).toList();
  }

  private static AcceptanceRates rates(double semantic, double student) {
    return new AcceptanceRates(
        Map.of(TierName.SEMANTIC_CACHE, semantic, TierName.STUDENT, student));
  }

  @Test
  void triesEverythingWhileNothingIsKnown() {
    Plan plan =
        planner(RoutingPolicy.DEFAULT, OPEN, AcceptanceRates.UNKNOWN)
            .plan(rungs("1"), SampleRequests.request());
    assertEquals(
        List.of(TierName.EXACT_CACHE, TierName.SEMANTIC_CACHE, TierName.STUDENT, TierName.LARGE),
        names(plan));
    assertEquals(List.of(), plan.skipped());
  }

  @Test
  void aTierIsTriedBeforeOneThatCostsTheSameAndIsNotKnown() {
    List<Rung> rungs =
        List.of(
            rung(TierName.SEMANTIC_CACHE, "0.3", 1),
            rung(TierName.STUDENT, "0.3", 1),
            rung(TierName.LARGE, "1", 300));
    Plan unknown =
        planner(RoutingPolicy.DEFAULT, OPEN, AcceptanceRates.UNKNOWN)
            .plan(rungs, SampleRequests.request());
    assertEquals(
        List.of(TierName.SEMANTIC_CACHE, TierName.STUDENT, TierName.LARGE), names(unknown));
    // Known to be accepted every time: 0.3 is not below 1 · 0.3.
    Plan known =
        planner(RoutingPolicy.DEFAULT, OPEN, rates(1, 1)).plan(rungs, SampleRequests.request());
    assertEquals(List.of(TierName.STUDENT, TierName.LARGE), names(known));
  }

  @Test
  void leavesOutATierThatCostsAsMuchAsItIsExpectedToSpare() {
    // student: 0.3 ≥ 0.3 · 1; semantic: 0.2 < 0.21 · 1
    Plan plan =
        planner(RoutingPolicy.DEFAULT, OPEN, rates(0.21, 0.3))
            .plan(rungs("1"), SampleRequests.request());
    assertEquals(
        List.of(TierName.EXACT_CACHE, TierName.SEMANTIC_CACHE, TierName.LARGE), names(plan));
    assertEquals(List.of(new Skipped(TierName.STUDENT, Reason.COST)), plan.skipped());
  }

  @Test
  void closeToALimitTriesEveryTierThatCostsLessThanItMightSpare() {
    Planner thrifty =
        new Planner(
            RoutingPolicy.DEFAULT,
            OPEN,
            rates(0.01, 0.01),
            Usage.call(Duration.ZERO),
            false,
            true,
            NOON);
    assertEquals(
        List.of(TierName.EXACT_CACHE, TierName.SEMANTIC_CACHE, TierName.STUDENT, TierName.LARGE),
        names(thrifty.plan(rungs("1"), SampleRequests.request())));
    assertEquals(
        List.of(TierName.EXACT_CACHE, TierName.SEMANTIC_CACHE, TierName.LARGE),
        names(thrifty.plan(rungs("0.3"), SampleRequests.request())));
  }

  @Test
  void comparesWithTheExpectedCostOfWhatFollowsNotWithTheLargeTierAlone() {
    // what follows semantic: 0.3 + 0.5 · 1 = 0.8; and 0.2 ≥ 0.25 · 0.8, though 0.2 < 0.25 · 1
    Plan plan =
        planner(RoutingPolicy.DEFAULT, OPEN, rates(0.25, 0.5))
            .plan(rungs("1"), SampleRequests.request());
    assertEquals(List.of(TierName.EXACT_CACHE, TierName.STUDENT, TierName.LARGE), names(plan));
    assertEquals(List.of(new Skipped(TierName.SEMANTIC_CACHE, Reason.COST)), plan.skipped());
  }

  @Test
  void estimatesTheLargeTierByItsUsage() {
    Rung large =
        new Rung(
            TierName.LARGE,
            ScriptedTier.missing(),
            new Tariff.PerToken(Money.of("1000000"), Money.ZERO, Money.ZERO),
            Duration.ZERO);
    List<Rung> rungs = List.of(rung(TierName.STUDENT, "0.3", 1), large);
    Usage oneToken = Usage.tokens(1, 0, Duration.ZERO);
    Usage noToken = Usage.tokens(0, 0, Duration.ZERO);
    InferenceRequest request = SampleRequests.request();
    AcceptanceRates unknown = AcceptanceRates.UNKNOWN;
    assertEquals(
        List.of(TierName.STUDENT, TierName.LARGE),
        names(
            new Planner(RoutingPolicy.DEFAULT, OPEN, unknown, oneToken, false, false, NOON)
                .plan(rungs, request)));
    assertEquals(
        List.of(TierName.LARGE),
        names(
            new Planner(RoutingPolicy.DEFAULT, OPEN, unknown, noToken, false, false, NOON)
                .plan(rungs, request)));
  }

  @Test
  void aShutGateLeavesTheExactCacheAndTheLargeTier() {
    Plan plan =
        planner(RoutingPolicy.DEFAULT, new Gate.Shut("alarm"), AcceptanceRates.UNKNOWN)
            .plan(rungs("1"), SampleRequests.request());
    assertEquals(List.of(TierName.EXACT_CACHE, TierName.LARGE), names(plan));
    assertEquals(
        List.of(
            new Skipped(TierName.SEMANTIC_CACHE, Reason.GATE),
            new Skipped(TierName.STUDENT, Reason.GATE)),
        plan.skipped());
  }

  @Test
  void observingTriesEveryTierWhateverItCosts() {
    Plan plan =
        planner(RoutingPolicy.DEFAULT, new Gate.Observe(Thresholds.NONE), rates(0, 0))
            .plan(rungs("0.0001"), SampleRequests.request());
    assertEquals(List.of(), plan.skipped());
    assertEquals(true, plan.everything());
  }

  @Test
  void followsTheCallersPolicy() {
    InferenceRequest request = SampleRequests.request();
    Plan large =
        planner(RoutingPolicy.LARGE_ONLY, OPEN, AcceptanceRates.UNKNOWN).plan(rungs("1"), request);
    assertEquals(List.of(TierName.LARGE), names(large));
    Plan cheap =
        planner(RoutingPolicy.CHEAP_ONLY, new Gate.Shut("alarm"), rates(0, 0))
            .plan(rungs("1"), request);
    assertEquals(
        List.of(TierName.EXACT_CACHE, TierName.SEMANTIC_CACHE, TierName.STUDENT), names(cheap));
    assertEquals(List.of(new Skipped(TierName.LARGE, Reason.POLICY)), cheap.skipped());
  }

  @Test
  void noCacheLeavesOutBothCaches() {
    InferenceRequest request =
        SampleRequests.request(
            RoutingPolicy.DEFAULT, new CacheUse(false, true), NOON.plusSeconds(10));
    Plan plan =
        planner(RoutingPolicy.DEFAULT, OPEN, AcceptanceRates.UNKNOWN).plan(rungs("1"), request);
    assertEquals(List.of(TierName.STUDENT, TierName.LARGE), names(plan));
    assertEquals(
        List.of(
            new Skipped(TierName.EXACT_CACHE, Reason.CACHE_CONTROL),
            new Skipped(TierName.SEMANTIC_CACHE, Reason.CACHE_CONTROL)),
        plan.skipped());
  }

  @Test
  void leavesOutTiersThatWouldAnswerAfterTheDeadline() {
    assertEquals(
        List.of(TierName.EXACT_CACHE, TierName.STUDENT, TierName.LARGE),
        names(planWithDeadline(NOON.plusMillis(1))));
    assertEquals(List.of(TierName.EXACT_CACHE, TierName.LARGE), names(planWithDeadline(NOON)));
  }

  @Test
  void aPastDeadlineLeavesTheLargeTierToSayThatItIsLate() {
    assertEquals(List.of(TierName.LARGE), names(planWithDeadline(NOON.minusSeconds(5))));
  }

  private static Plan planWithDeadline(Instant deadline) {
    return planner(RoutingPolicy.DEFAULT, OPEN, AcceptanceRates.UNKNOWN)
        .plan(
            rungs("1"), SampleRequests.request(RoutingPolicy.DEFAULT, CacheUse.ALLOWED, deadline));
  }
}
