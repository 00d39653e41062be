package io.tierwise.bench.ledger;

import io.tierwise.distill.Progress;
import io.tierwise.gateway.ledger.SegmentLedger;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Entries drawn by a seed, spread evenly over a time: tasks, tenants and tiers in fixed shares,
 * with audits and refusals among them, priced by four kinds of tariff. The same seed gives the same
 * bytes.
 */
public final class GeneratedLedger {
  private static final List<String> TASKS =
      List.of("support-desk", "moderation", "routing", "intent", "extraction");
  private static final int TENANTS = 12;
  private static final Tariff LOOKUP = new Tariff.PerRequest(Money.of("0.0000002"));
  private static final Tariff BOX =
      new Tariff.PerInstanceHour(Money.of("0.0725"), new BigDecimal("4320000"));
  private static final Tariff FUNCTION =
      new Tariff.PerGbSecond(Money.of("0.0000133334"), new BigDecimal("2"));
  private static final Tariff TOKENS =
      new Tariff.PerToken(Money.of("2.50"), Money.of("1.25"), Money.of("10.00"));

  private static final double HITS = 0.45;
  private static final double STUDENT = 0.3;
  private static final double REFUSED = 0.005;
  private static final double AUDITED = 0.02;

  private final SplittableRandom random;
  private final List<LedgerEntry.Line> lines = new ArrayList<>();

  private GeneratedLedger(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /**
   * Writes a ledger.
   *
   * @param directory of its segments; empty or new
   * @param count how many entries, audits included
   * @param from when the first is made
   * @param over in what time all are
   */
  public static void write(
      Path directory, long count, long seed, Instant from, Duration over, Progress progress) {
    GeneratedLedger generated = new GeneratedLedger(seed);
    long step = over.toNanos() / Math.max(1, count);
    try (SegmentLedger ledger = SegmentLedger.open(directory)) {
      for (long i = 0; i < count; i++) {
        ledger.record(generated.entry(from.plusNanos(i * step)));
        progress.report("writing", i + 1, count);
      }
    }
  }

  private LedgerEntry entry(Instant at) {
    lines.clear();
    int task = random.nextInt(TASKS.size());
    int bytes = 40 + random.nextInt(1_200);
    Usage large = new Usage(1, bytes / 4 + 12, 0, 1 + random.nextInt(6), Duration.ZERO);
    Money alone = TOKENS.cost(large);
    if (random.nextDouble() < AUDITED) {
      add(TierName.LARGE, Verdict.ACCEPTED, 1.0, large, TOKENS);
      return entry(at, task, bytes, TierName.LARGE, alone, false, true);
    }
    double draw = random.nextDouble();
    if (draw < HITS) {
      add(TierName.EXACT_CACHE, Verdict.ACCEPTED, 1.0, Usage.call(Duration.ZERO), LOOKUP);
      return entry(at, task, bytes, TierName.EXACT_CACHE, alone, false, false);
    }
    add(TierName.EXACT_CACHE, Verdict.NO_CANDIDATE, null, Usage.call(Duration.ZERO), LOOKUP);
    Usage inference = Usage.call(Duration.ofNanos(1_000L * (300 + random.nextInt(2_000))));
    double confidence = random.nextInt(1_000_000) / 1e6;
    Tariff student = task % 2 == 0 ? BOX : FUNCTION;
    if (draw < HITS + STUDENT) {
      add(TierName.STUDENT, Verdict.ACCEPTED, confidence, inference, student);
      return entry(at, task, bytes, TierName.STUDENT, alone, true, false);
    }
    add(TierName.STUDENT, Verdict.PASSED_ON, confidence, inference, student);
    if (draw < HITS + STUDENT + REFUSED) {
      add(TierName.LARGE, Verdict.NO_CANDIDATE, null, Usage.NONE, TOKENS);
      return entry(at, task, bytes, null, alone, true, false);
    }
    add(TierName.LARGE, Verdict.ACCEPTED, 1.0, large, TOKENS);
    return entry(at, task, bytes, TierName.LARGE, alone, false, false);
  }

  private void add(
      TierName tier, Verdict verdict, @Nullable Double confidence, Usage usage, Tariff tariff) {
    lines.add(
        new LedgerEntry.Line(
            tier, verdict, confidence, usage, tariff.cost(usage), usage.compute(), false));
  }

  private LedgerEntry entry(
      Instant at,
      int task,
      int bytes,
      @Nullable TierName tier,
      Money alone,
      boolean estimated,
      boolean audit) {
    Money cost = Money.ZERO;
    for (LedgerEntry.Line line : lines) {
      cost = cost.plus(line.cost());
    }
    return new LedgerEntry(
        new UUID((at.toEpochMilli() << 16) | 0x7000L | random.nextInt(4096), random.nextLong())
            .toString(),
        at,
        "tenant-" + random.nextInt(TENANTS),
        TASKS.get(task),
        audit ? LedgerEntry.Purpose.AUDIT : LedgerEntry.Purpose.SERVE,
        tier,
        tier == null ? "large-unavailable" : null,
        tier == null ? null : tier == TierName.STUDENT ? "1f0c2a9be34d" : "gpt-4o/1",
        tier == TierName.STUDENT ? "cert-00f1a2b3c4d5e6f7" : null,
        lines,
        cost,
        alone,
        estimated,
        bytes,
        audit,
        false,
        Duration.ofNanos(1_000L * (400 + random.nextInt(90_000))));
  }
}
