package io.tierwise.gateway.learning;

import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.store.AuditLog;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Reference;
import io.tierwise.router.tier.Tier;
import io.tierwise.router.tier.TierName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * What audits are made with: a store, and what they leave behind. An input token costs a dollar.
 */
final class AuditScene implements AutoCloseable {
  static final Gate OPEN = new Gate.Open(Thresholds.NONE, "cert-1");

  private static final Tariff TARIFF =
      new Tariff.PerToken(Money.of("1000000"), Money.of("0"), Money.of("0"));

  final MutableClock clock = new MutableClock(Requests.NOW);
  final Metrics metrics = new Metrics();
  final List<LedgerEntry> ledger = Collections.synchronizedList(new ArrayList<>());
  final List<Reference> references = Collections.synchronizedList(new ArrayList<>());
  final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  final Surroundings surroundings = new Surroundings(clock, () -> 0, new Random(1), pauses::add);
  final Database database;
  final AuditStore store;

  AuditScene(Path folder) {
    database = Database.open(folder);
    store = new AuditStore(database, clock);
  }

  AuditSetting setting(Tier large, AuditLog log, double repeatRate) {
    return new AuditSetting(
        Requests.TASK,
        new LargeReferee(large, TARIFF, Duration.ofSeconds(30), clock),
        log,
        repeatRate,
        ledger::add,
        references::add,
        metrics);
  }

  @Override
  public void close() {
    database.close();
  }

  static Attempt.Proposed says(String label, Usage usage) {
    Label answer = new Label(label);
    return new Attempt.Proposed(
        new Answer.Classified(answer, Distribution.certain(answer)),
        new Confidence(0.75),
        usage,
        "v7");
  }

  static List<JudgedAttempt> studentSays(String label) {
    return List.of(
        new JudgedAttempt(
            TierName.EXACT_CACHE,
            new Attempt.Missed(Usage.NONE),
            Verdict.NO_CANDIDATE,
            Money.ZERO,
            Duration.ZERO),
        new JudgedAttempt(
            TierName.STUDENT,
            says(label, Usage.NONE),
            Verdict.ACCEPTED,
            Money.ZERO,
            Duration.ZERO));
  }

  static Audited.Pending pending(String label) {
    return pending("r1", label);
  }

  static Audited.Pending pending(String id, String label) {
    return new Audited.Pending(Requests.withId(id), OPEN, studentSays(label));
  }

  /** The student has said "delivery". */
  static AuditRow row(@Nullable String reference) {
    return row("r1", "delivery", reference);
  }

  static AuditRow row(String id, String said, @Nullable String reference) {
    boolean agrees = said.equals(reference);
    return new AuditRow(
        id,
        "v7",
        "cert-1",
        Map.of(TierName.STUDENT, new AuditSample.Scored(new Confidence(0.75), agrees)),
        Map.of(TierName.EXACT_CACHE, Verdict.NO_CANDIDATE, TierName.STUDENT, Verdict.ACCEPTED),
        reference == null,
        reference == null ? null : new Label(reference));
  }
}
