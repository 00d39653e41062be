package io.tierwise.gateway.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.store.Corpus;
import io.tierwise.gateway.store.CorpusRow;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every corpus does, wherever it stands. */
public abstract class CorpusContract {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Tenant ACME = new Tenant("acme");
  private static final Tenant GLOBEX = new Tenant("globex");
  private static final Label REFUND = new Label("refund");
  private static final Distribution MOSTLY =
      Distribution.of(List.of(REFUND, new Label("delivery")), new double[] {0.1 + 0.6, 0.3});
  private static final Input TEXT = new Input.Text("Geld zurück, bitte \uD83D\uDE42");

  private final MutableClock clock = new MutableClock(NOW);
  private Corpus corpus;

  /** An empty one. */
  protected abstract Corpus open(MutableClock clock);

  @BeforeEach
  void fresh() {
    corpus = open(clock);
  }

  private void add(Tenant tenant, Input input, boolean audited, Duration timeToLive) {
    corpus.add(
        tenant,
        "triage",
        input,
        REFUND,
        MOSTLY,
        audited,
        timeToLive,
        request(tenant, clock.instant()));
  }

  private static String request(Tenant tenant, Instant at) {
    return tenant.name() + "-" + at.toEpochMilli();
  }

  private static CorpusRow row(Tenant tenant, Input input, boolean audited, Instant at) {
    return new CorpusRow(tenant, "triage", input, REFUND, MOSTLY, audited, at, request(tenant, at));
  }

  @Test
  void givesBackWhatWasAddedBitByBitAndInItsOrder() {
    Input features = new Input.Features(new float[] {0.1f, -3e-30f});
    add(GLOBEX, TEXT, false, HOUR);
    clock.advance(Duration.ofMillis(1));
    add(ACME, features, false, HOUR);
    assertEquals(
        List.of(row(GLOBEX, TEXT, false, NOW), row(ACME, features, false, NOW.plusMillis(1))),
        corpus.rows("triage", false));
    assertEquals(List.of(), corpus.rows("other", false));
  }

  @Test
  void keepsTheAuditedApart() {
    add(ACME, TEXT, true, HOUR);
    assertEquals(List.of(), corpus.rows("triage", false));
    assertEquals(List.of(row(ACME, TEXT, true, NOW)), corpus.rows("triage", true));
    assertEquals(0, corpus.count("triage", false, Instant.EPOCH));
    assertEquals(1, corpus.count("triage", true, Instant.EPOCH));
  }

  @Test
  void givesOnlyWhatCameAfterAMoment() {
    add(ACME, TEXT, false, HOUR);
    clock.advance(Duration.ofMillis(5));
    add(ACME, TEXT, false, HOUR);
    assertEquals(2, corpus.count("triage", false, NOW.minusMillis(1)));
    assertEquals(1, corpus.count("triage", false, NOW));
    assertEquals(1, corpus.rows("triage", false, NOW).size());
    assertEquals(List.of(), corpus.rows("triage", false, NOW.plusMillis(5)));
  }

  @Test
  void givesNothingPastItsTimeToLive() {
    add(ACME, TEXT, false, Duration.ofMinutes(1));
    clock.advance(Duration.ofMinutes(1).minusMillis(1));
    assertEquals(1, corpus.rows("triage", false).size());
    clock.advance(Duration.ofMillis(1));
    assertEquals(List.of(), corpus.rows("triage", false));
    assertEquals(0, corpus.count("triage", false, Instant.EPOCH));
  }

  @Test
  void forgetsATenantAndNobodyElse() {
    add(ACME, TEXT, false, HOUR);
    add(ACME, TEXT, true, HOUR);
    add(GLOBEX, TEXT, false, HOUR);
    assertEquals(2, corpus.deleteTenant(ACME));
    assertEquals(0, corpus.deleteTenant(ACME));
    assertEquals(List.of(row(GLOBEX, TEXT, false, NOW)), corpus.rows("triage", false));
    assertEquals(List.of(), corpus.rows("triage", true));
  }
}
