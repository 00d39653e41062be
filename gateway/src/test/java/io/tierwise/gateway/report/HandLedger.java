package io.tierwise.gateway.report;

import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * 49 entries under every tariff there is, small enough to add up by hand. Task {@code triage}:
 * exact cache by the request, student by the instance hour, large by the token. Task {@code route}:
 * student by the gigabyte-second, large by the instance hour.
 */
final class HandLedger {
  private static final Instant START = Instant.parse("2026-03-01T06:00:00Z");

  private static final Tariff CACHE = new Tariff.PerRequest(Money.of("0.0000002"));
  private static final Tariff BOX =
      new Tariff.PerInstanceHour(Money.of("0.0725"), new BigDecimal("4320000"));
  private static final Tariff LAMBDA =
      new Tariff.PerGbSecond(Money.of("0.0000133334"), new BigDecimal("2"));
  private static final Tariff TOKENS =
      new Tariff.PerToken(Money.of("2.50"), Money.of("1.25"), Money.of("10.00"));
  private static final Tariff GPU =
      new Tariff.PerInstanceHour(Money.of("1.408"), new BigDecimal("43200"));

  private final List<LedgerEntry> entries = new ArrayList<>();

  static List<LedgerEntry> entries() {
    HandLedger ledger = new HandLedger();
    ledger.triage();
    ledger.route();
    ledger.audits();
    return List.copyOf(ledger.entries);
  }

  private void triage() {
    // 400 tokens in and 2 out are 0.001 + 0.00002.
    times(10, at(0, "acme", "triage", 1600).lines(cacheHit()).allLarge("0.00102", false));
    times(
        8,
        at(0, "acme", "triage", 1600)
            .lines(cacheMiss(), box(Verdict.ACCEPTED))
            .allLarge("0.0010", true));
    // 400 · 2.50 + 100 · 1.25 + 3 · 10 = 1155 millionths.
    times(
        6,
        at(1, "globex", "triage", 2000)
            .lines(cacheMiss(), box(Verdict.PASSED_ON), tokens(1, 500, 100, 3, Verdict.ACCEPTED))
            .allLarge("0.001155", false));
    // Two retries: three times 500 tokens in, an answer once.
    times(
        3,
        at(1, "globex", "triage", 2000)
            .lines(box(Verdict.PASSED_ON), tokens(3, 1500, 0, 3, Verdict.ACCEPTED))
            .allLarge("0.00378", false));
    LedgerEntry.Line down = tokens(0, 0, 0, 0, Verdict.NO_CANDIDATE);
    times(
        2,
        at(2, "acme", "triage", 1600)
            .lines(down, box(Verdict.ACCEPTED))
            .degraded()
            .allLarge("0.0010", true));
    times(
        2,
        at(2, "globex", "triage", 1600)
            .lines(box(Verdict.PASSED_ON), tokens(2, 400, 0, 0, Verdict.NO_CANDIDATE))
            .refused("large-unavailable")
            .allLarge("0.001", false));
  }

  private void route() {
    Money gpu = GPU.cost(Usage.call(Duration.ZERO));
    times(
        4,
        at(1, "acme", "route", 900)
            .lines(lambda(12, Verdict.ACCEPTED))
            .allLarge(gpu.toString(), true));
    // 2.5 s on a function cost more than the GPU would have.
    times(
        5,
        at(2, "acme", "route", 900)
            .lines(lambda(2500, Verdict.ACCEPTED))
            .allLarge(gpu.toString(), true));
    times(
        2,
        at(3, "globex", "route", 900)
            .lines(lambda(12, Verdict.WOULD_ACCEPT), gpu(Verdict.ACCEPTED))
            .allLarge(gpu.toString(), false));
    times(
        1, at(3, "globex", "route", 900).lines().refused("budget-exhausted").allLarge("0", false));
  }

  private void audits() {
    times(
        5,
        at(0, "acme", "triage", 1600)
            .audit()
            .lines(tokens(1, 400, 0, 2, Verdict.ACCEPTED))
            .allLarge("0.00102", false));
    times(
        1,
        at(0, "acme", "triage", 1600)
            .audit()
            .lines(tokens(0, 0, 0, 0, Verdict.NO_CANDIDATE))
            .refused("audit-unavailable")
            .allLarge("0", false));
  }

  private static LedgerEntry.Line cacheHit() {
    return line(TierName.EXACT_CACHE, Verdict.ACCEPTED, Usage.call(Duration.ZERO), CACHE);
  }

  private static LedgerEntry.Line cacheMiss() {
    return line(TierName.EXACT_CACHE, Verdict.NO_CANDIDATE, Usage.call(Duration.ZERO), CACHE);
  }

  private static LedgerEntry.Line box(Verdict verdict) {
    return line(TierName.STUDENT, verdict, Usage.call(Duration.ofNanos(9000)), BOX);
  }

  private static LedgerEntry.Line lambda(long millis, Verdict verdict) {
    return line(TierName.STUDENT, verdict, Usage.call(Duration.ofMillis(millis)), LAMBDA);
  }

  private static LedgerEntry.Line gpu(Verdict verdict) {
    return line(TierName.LARGE, verdict, Usage.call(Duration.ofMillis(50)), GPU);
  }

  private static LedgerEntry.Line tokens(
      int requests, long input, long cached, long output, Verdict verdict) {
    Usage usage = new Usage(requests, input, cached, output, Duration.ZERO);
    return line(TierName.LARGE, verdict, usage, TOKENS);
  }

  private static LedgerEntry.Line line(TierName tier, Verdict verdict, Usage usage, Tariff tariff) {
    return new LedgerEntry.Line(tier, verdict, null, usage, tariff.cost(usage), Duration.ZERO);
  }

  private Draft at(int day, String tenant, String task, int bytes) {
    return new Draft(day, tenant, task, bytes);
  }

  private void times(int count, Draft draft) {
    for (int i = 0; i < count; i++) {
      entries.add(draft.entry("r" + entries.size()));
    }
  }

  /** An entry under way. */
  private static final class Draft {
    private final int day;
    private final String tenant;
    private final String task;
    private final int bytes;
    private LedgerEntry.Purpose purpose = LedgerEntry.Purpose.SERVE;
    private List<LedgerEntry.Line> lines = List.of();
    private @Nullable String refusal;
    private boolean degraded;
    private Money allLarge = Money.ZERO;
    private boolean estimated;

    Draft(int day, String tenant, String task, int bytes) {
      this.day = day;
      this.tenant = tenant;
      this.task = task;
      this.bytes = bytes;
    }

    Draft lines(LedgerEntry.Line... lines) {
      this.lines = List.of(lines);
      return this;
    }

    Draft audit() {
      purpose = LedgerEntry.Purpose.AUDIT;
      return this;
    }

    Draft refused(String code) {
      refusal = code;
      return this;
    }

    Draft degraded() {
      degraded = true;
      return this;
    }

    Draft allLarge(String cost, boolean estimate) {
      allLarge = Money.of(cost);
      estimated = estimate;
      return this;
    }

    LedgerEntry entry(String requestId) {
      TierName answered = null;
      Money cost = Money.ZERO;
      for (LedgerEntry.Line line : lines) {
        cost = cost.plus(line.cost());
        answered = line.verdict() == Verdict.ACCEPTED ? line.tier() : answered;
      }
      return new LedgerEntry(
          requestId,
          START.plus(Duration.ofDays(day)),
          tenant,
          task,
          purpose,
          refusal == null ? answered : null,
          refusal,
          refusal == null ? "v1" : null,
          null,
          lines,
          cost,
          allLarge,
          estimated,
          bytes,
          purpose == LedgerEntry.Purpose.AUDIT,
          degraded,
          Duration.ofMillis(1));
    }
  }
}
