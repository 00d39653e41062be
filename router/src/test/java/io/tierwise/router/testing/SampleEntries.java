package io.tierwise.router.testing;

import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Ledger entries of each kind, with every field that can be absent, absent somewhere. */
public final class SampleEntries {
  private static final Instant AT = Instant.parse("2026-03-01T12:00:00.123456789Z");

  private SampleEntries() {}

  /** The student passed on, the large model answered; costs have all the digits they can have. */
  public static LedgerEntry escalated(String requestId) {
    Money student = Money.of("0.000000012345678901234567890123456789");
    Money large = Money.of("0.0021");
    LedgerEntry.Line passedOn =
        new LedgerEntry.Line(
            TierName.STUDENT,
            Verdict.PASSED_ON,
            0.1 + 0.2,
            Usage.call(Duration.ofNanos(12_345)),
            student,
            Duration.ofNanos(12_346));
    LedgerEntry.Line answered =
        new LedgerEntry.Line(
            TierName.LARGE,
            Verdict.ACCEPTED,
            1.0,
            new Usage(2, 900, 128, 7, Duration.ofMillis(310)),
            large,
            Duration.ofMillis(311));
    return new LedgerEntry(
        requestId,
        AT,
        "acme",
        "triage",
        LedgerEntry.Purpose.SERVE,
        TierName.LARGE,
        null,
        "endpoint-7",
        null,
        List.of(passedOn, answered),
        student.plus(large),
        large,
        false,
        1234,
        true,
        false,
        Duration.ofNanos(311_999_999));
  }

  /** The student answered under a certificate. */
  public static LedgerEntry cheap(String requestId) {
    Money cost = Money.of("0.00000003");
    LedgerEntry.Line line =
        new LedgerEntry.Line(
            TierName.STUDENT,
            Verdict.ACCEPTED,
            0.97,
            Usage.call(Duration.ofNanos(9_000)),
            cost,
            Duration.ofNanos(9_001));
    return new LedgerEntry(
        requestId,
        AT.plusSeconds(86_400),
        "globex",
        "triage",
        LedgerEntry.Purpose.SERVE,
        TierName.STUDENT,
        null,
        "a1b2c3",
        "cert-1",
        List.of(line),
        cost,
        Money.of("0.0019"),
        true,
        80,
        false,
        false,
        Duration.ofNanos(15_000));
  }

  /** The large model did not answer, and nothing else might. */
  public static LedgerEntry refused(String requestId) {
    LedgerEntry.Line line =
        new LedgerEntry.Line(
            TierName.LARGE,
            Verdict.NO_CANDIDATE,
            null,
            Usage.NONE,
            Money.ZERO,
            Duration.ofSeconds(10));
    return new LedgerEntry(
        requestId,
        AT,
        "acme",
        "triage",
        LedgerEntry.Purpose.SERVE,
        null,
        "large-unavailable",
        null,
        null,
        List.of(line),
        Money.ZERO,
        Money.ZERO,
        false,
        10,
        false,
        false,
        Duration.ofSeconds(10));
  }

  /** The large model was asked afterwards. */
  public static LedgerEntry audit(String requestId) {
    Money cost = Money.of("0.0018");
    LedgerEntry.Line line =
        new LedgerEntry.Line(
            TierName.LARGE,
            Verdict.ACCEPTED,
            1.0,
            Usage.tokens(850, 3, Duration.ofMillis(200)),
            cost,
            Duration.ofMillis(201));
    return new LedgerEntry(
        requestId,
        AT,
        "acme",
        "triage",
        LedgerEntry.Purpose.AUDIT,
        TierName.LARGE,
        null,
        "endpoint-7",
        null,
        List.of(line),
        cost,
        cost,
        false,
        80,
        true,
        false,
        Duration.ofMillis(201));
  }

  /** One of each. */
  public static List<LedgerEntry> all() {
    return List.of(escalated("r1"), cheap("r2"), refused("r3"), audit("r1"));
  }
}
