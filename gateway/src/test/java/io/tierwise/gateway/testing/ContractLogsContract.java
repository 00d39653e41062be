package io.tierwise.gateway.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.store.Alarm;
import io.tierwise.gateway.store.AuditClaims;
import io.tierwise.gateway.store.AuditClaims.Claim;
import io.tierwise.gateway.store.AuditHistory;
import io.tierwise.gateway.store.AuditLog;
import io.tierwise.gateway.store.AuditRow;
import io.tierwise.gateway.store.AuditScope;
import io.tierwise.gateway.store.AuditSpending;
import io.tierwise.gateway.store.CertificateLog;
import io.tierwise.gateway.store.GateLog;
import io.tierwise.gateway.store.GateMove;
import io.tierwise.gateway.store.KeptCertificate;
import io.tierwise.gateway.store.TestCount;
import io.tierwise.gateway.store.Watch;
import io.tierwise.gateway.store.WatchLog;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditMonitor;
import io.tierwise.router.contract.AuditSample.Scored;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Over;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.tier.TierName;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store of the tasks' contracts does, wherever it stands. */
public abstract class ContractLogsContract {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123Z");
  private static final Scored SURE = new Scored(new Confidence(0.1 + 0.2), true);

  private final MutableClock clock = new MutableClock(NOW);
  private Ports ports;

  /** The ports of one store. */
  public record Ports(
      GateLog gates,
      CertificateLog certificates,
      TestCount tests,
      AuditLog audits,
      AuditHistory history,
      AuditClaims claims,
      WatchLog watches) {}

  /** Those of an empty store. */
  protected abstract Ports open(MutableClock clock);

  @BeforeEach
  void fresh() {
    ports = open(clock);
  }

  private static GateMove move(String task, GateMove.Mode mode, @Nullable String certificate) {
    return new GateMove(NOW, task, mode, "a1", certificate, "because " + mode);
  }

  private static KeptCertificate certificate(String id, String artifact, int test, Instant at) {
    Contract contract = new Contract(0.05, 0.05, test == 1 ? Over.ALL : Over.ACCEPTED);
    return new KeptCertificate(
        id,
        "triage",
        artifact,
        new Certificate(
            contract,
            test,
            contract.spend(test),
            400,
            7,
            1.0 / 3 / 1e9,
            0.7,
            new Thresholds(
                Map.of(
                    TierName.STUDENT, new Confidence(0.93),
                    TierName.SEMANTIC_CACHE, new Confidence(0.1 + 0.2)))),
        at);
  }

  private static AuditRow row(
      String requestId, @Nullable String artifact, @Nullable String certificate) {
    return new AuditRow(
        requestId,
        artifact,
        certificate,
        Map.of(TierName.STUDENT, SURE),
        Map.of(TierName.STUDENT, Verdict.WOULD_ACCEPT, TierName.EXACT_CACHE, Verdict.NO_CANDIDATE),
        false);
  }

  @Test
  void aTaskNeverMovedHasNoHead() {
    assertEquals(new GateLog.Head(0, null, null), ports.gates().head("triage"));
    assertEquals(List.of(), ports.gates().moves("triage"));
  }

  @Test
  void movesAreKeptInTheirOrderAndEachTaskHasItsOwn() {
    GateMove first = move("triage", GateMove.Mode.OPEN, "c1");
    GateMove second = move("triage", GateMove.Mode.SHUT, null);
    assertTrue(ports.gates().append(first, null, 0));
    assertTrue(ports.gates().append(move("other", GateMove.Mode.OBSERVE, null), null, 0));
    long revision = ports.gates().head("triage").revision();
    assertTrue(ports.gates().append(second, null, revision));

    assertEquals(List.of(first, second), ports.gates().moves("triage"));
    GateLog.Head head = ports.gates().head("triage");
    assertEquals(second, head.last());
    assertTrue(head.revision() > revision);
  }

  @Test
  void whoDecidedByAnEarlierHeadDecidesAnew() {
    GateMove first = move("triage", GateMove.Mode.OPEN, "c1");
    assertTrue(ports.gates().append(first, null, 0));
    assertFalse(ports.gates().append(move("triage", GateMove.Mode.SHUT, null), null, 0));
    assertEquals(List.of(first), ports.gates().moves("triage"));
  }

  @Test
  void anAlarmIsKeptWithTheMoveItMadeOrNotAtAll() {
    ports.certificates().add(certificate("c1", "a1", 1, NOW));
    Alarm alarm = new Alarm("triage", "c1", 20.000000000000004, 5, 4, NOW.plusMillis(7));
    GateMove shut = move("triage", GateMove.Mode.SHUT, null);
    assertTrue(ports.gates().append(move("triage", GateMove.Mode.OPEN, "c1"), null, 0));
    assertFalse(ports.gates().append(shut, alarm, 0));
    assertEquals(null, ports.gates().head("triage").alarm());

    assertTrue(ports.gates().append(shut, alarm, ports.gates().head("triage").revision()));
    assertEquals(alarm, ports.gates().head("triage").alarm());
    long revision = ports.gates().head("triage").revision();
    ports.gates().append(move("triage", GateMove.Mode.OBSERVE, null), null, revision);
    assertEquals(alarm, ports.gates().head("triage").alarm());
  }

  @Test
  void ofManyWhoMoveAtOnceOneDoes() throws Exception {
    List<Boolean> moved =
        atOnce(8, () -> ports.gates().append(move("triage", GateMove.Mode.OPEN, "c1"), null, 0));
    assertEquals(1, moved.stream().filter(each -> each).count());
    assertEquals(1, ports.gates().moves("triage").size());
  }

  @Test
  void aCertificateIsKeptToTheLastBitAndOnce() {
    KeptCertificate first = certificate("c1", "a1", 1, NOW);
    KeptCertificate second = certificate("c0", "a2", 2, NOW.plusSeconds(1));
    ports.certificates().add(first);
    ports.certificates().add(second);
    ports.certificates().add(certificate("c1", "a1", 1, NOW.plusSeconds(2)));

    assertEquals(List.of(first, second), ports.certificates().of("triage"));
    assertEquals(List.of(), ports.certificates().of("other"));
  }

  @Test
  void everyTestIsGivenOutOnce() throws Exception {
    assertEquals(0, ports.tests().spent("triage"));
    List<Integer> spent = atOnce(20, () -> ports.tests().spend("triage"));
    assertEquals(IntStream.rangeClosed(1, 20).boxed().toList(), spent.stream().sorted().toList());
    assertEquals(20, ports.tests().spent("triage"));
    assertEquals(1, ports.tests().spend("other"));
  }

  @Test
  void anAuditIsKeptOnceForEachRequestAndEveryCallIsCharged() {
    AuditRow first = row("r1", "a1", null);
    assertFalse(ports.audits().holds("triage", "r1"));
    assertTrue(ports.audits().keep("triage", first, Money.of("0.3")));
    assertFalse(ports.audits().keep("triage", row("r1", "a2", null), Money.of("0.25")));
    assertTrue(ports.audits().keep("other", first, Money.ZERO));
    ports.audits().charge("triage", Money.of("1e-12"));

    assertTrue(ports.audits().holds("triage", "r1"));
    assertEquals(List.of(first), rows(new AuditScope.Shadow("a1"), 0));
    assertEquals(
        new AuditSpending(LocalDate.parse("2026-11-24"), Money.of("0.550000000001"), 3),
        ports.audits().spentToday("triage"));
    clock.advance(Duration.ofDays(1));
    assertEquals(Money.ZERO, ports.audits().spentToday("triage").spent());
  }

  @Test
  void theCallOfAnAuditIsClaimedByOneUntilItsLeaseEnds() throws Exception {
    List<Claim> claims =
        atOnce(8, () -> ports.claims().claim("triage", "r1", Duration.ofMinutes(5)));
    assertEquals(1, claims.stream().filter(new Claim.Granted(0)::equals).count());
    assertEquals(7, claims.stream().filter(new Claim.Elsewhere()::equals).count());
    assertEquals(new Claim.Granted(0), ports.claims().claim("other", "r1", Duration.ofMinutes(5)));
    assertFalse(ports.audits().holds("triage", "r1"));

    clock.advance(Duration.ofMinutes(5));
    assertEquals(new Claim.Granted(1), ports.claims().claim("triage", "r1", Duration.ofMinutes(5)));
    clock.advance(Duration.ofMinutes(4));
    assertEquals(
        new Claim.Elsewhere(), ports.claims().claim("triage", "r1", Duration.ofMinutes(5)));
  }

  @Test
  void aClaimThatIsGivenUpIsNoLostCall() {
    ports.claims().claim("triage", "r1", Duration.ofMinutes(5));
    ports.claims().release("triage", "r1");
    assertEquals(new Claim.Granted(0), ports.claims().claim("triage", "r1", Duration.ofMinutes(5)));
  }

  @Test
  void whatCameOfACallIsKnownUntilItsAuditIsKept() {
    AuditClaims.Answered answer = new AuditClaims.Answered("delivery", "one\ntwo");
    ports.claims().claim("triage", "r1", Duration.ofMinutes(5));
    ports.claims().answered("triage", "r1", answer);
    assertEquals(new Claim.Made(answer), ports.claims().claim("triage", "r1", Duration.ZERO));
    assertFalse(ports.audits().holds("triage", "r1"));

    assertTrue(ports.audits().keep("triage", row("r1", "a1", null), Money.of("0.3")));
    assertEquals(new Claim.Kept(), ports.claims().claim("triage", "r1", Duration.ZERO));
    assertTrue(ports.audits().holds("triage", "r1"));

    AuditClaims.Answered unusable = new AuditClaims.Answered(null, "one");
    ports.claims().claim("triage", "r2", Duration.ofMinutes(5));
    ports.claims().answered("triage", "r2", unusable);
    assertEquals(new Claim.Made(unusable), ports.claims().claim("triage", "r2", Duration.ZERO));
  }

  private List<AuditRow> rows(AuditScope scope, long after) {
    return ports.history().of("triage", scope, after).stream()
        .map(AuditHistory.Logged::row)
        .toList();
  }

  @Test
  void countsHowOftenTheLargeModelContradictedItself() {
    assertEquals(new AuditHistory.Repeats(0, 0), ports.history().repeats("triage"));
    ports.audits().keepRepeat("triage", "r1", true);
    ports.audits().keepRepeat("triage", "r2", false);
    ports.audits().keepRepeat("triage", "r2", false);
    ports.audits().keepRepeat("elsewhere", "r3", false);
    assertEquals(new AuditHistory.Repeats(2, 1), ports.history().repeats("triage"));
  }

  @Test
  void auditsAreReadByWhatTheySpeakForFromAPlaceOn() {
    AuditRow under = row("r1", "a1", "c1");
    AuditRow later = row("r2", null, "c1");
    AuditRow shadow = row("r3", "a1", null);
    AuditRow nobody =
        new AuditRow(
            "r4", null, null, Map.of(), Map.of(TierName.STUDENT, Verdict.NO_CANDIDATE), true);
    List.of(under, shadow, later, nobody)
        .forEach(each -> ports.audits().keep("triage", each, Money.ZERO));

    assertEquals(List.of(under, shadow, later, nobody), ports.history().rows("triage"));
    AuditScope running = new AuditScope.Under("c1");
    assertEquals(List.of(under, later), rows(running, 0));
    List<AuditHistory.Logged> logged = ports.history().of("triage", running, 0);
    assertEquals(NOW, logged.getFirst().at());
    assertTrue(logged.getLast().place() > logged.getFirst().place());
    assertEquals(List.of(later), rows(running, logged.getFirst().place()));
    assertEquals(List.of(shadow), rows(new AuditScope.Shadow("a1"), 0));
    assertEquals(List.of(nobody), rows(new AuditScope.Shadow(""), 0));
    assertEquals(List.of(), rows(new AuditScope.Under("c2"), 0));
  }

  @Test
  void theLastAuditsSinceAMomentComeNewestFirst() {
    AuditScope scope = new AuditScope.Under("c1");
    ports.audits().keep("triage", row("r0", "a1", "c1"), Money.ZERO);
    clock.advance(Duration.ofMinutes(1));
    for (int i = 1; i <= 3; i++) {
      ports.audits().keep("triage", row("r" + i, "a1", "c1"), Money.ZERO);
    }
    Instant moved = clock.instant();

    assertEquals(
        List.of(row("r3", "a1", "c1"), row("r2", "a1", "c1")),
        ports.history().recent("triage", scope, moved, 2));
    assertEquals(3, ports.history().recent("triage", scope, moved, 100).size());
    assertEquals(List.of(), ports.history().recent("triage", scope, moved.plusMillis(1), 100));
  }

  @Test
  void auditsKeptAtOnceGetPlacesOfTheirOwn() throws Exception {
    ports.audits().keep("triage", row("first", "a1", "c1"), Money.ZERO);
    List<Integer> numbers = IntStream.range(0, 12).boxed().toList();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Boolean>> kept = new ArrayList<>();
      for (int number : numbers) {
        kept.add(
            threads.submit(
                () -> ports.audits().keep("triage", row("r" + number, "a1", "c1"), Money.ZERO)));
      }
      for (Future<Boolean> each : kept) {
        assertTrue(each.get());
      }
    }
    List<AuditHistory.Logged> logged = ports.history().of("triage", new AuditScope.Under("c1"), 0);
    assertEquals(13, logged.stream().map(AuditHistory.Logged::place).distinct().count());
    assertEquals("first", logged.getFirst().row().requestId());
  }

  @Test
  void aWatchIsAdvancedByWhoKnewItsLastAudit() {
    ports.certificates().add(certificate("c1", "a1", 1, NOW));
    Watch first =
        new Watch(new AuditMonitor(0.05, 0.05, 3, 0.1 + 0.2, 0.125, false), 3, 1, 2, 1, 9);
    Watch second = new Watch(new AuditMonitor(0.05, 0.05, 4, 41, 0.25, true), 4, 2, 2, 1, 10);
    assertEquals(Optional.empty(), ports.watches().watch("triage", "c1"));
    assertTrue(ports.watches().advance("triage", "c1", 0, first));
    assertEquals(Optional.of(first), ports.watches().watch("triage", "c1"));
    assertFalse(ports.watches().advance("triage", "c1", 0, second));
    assertFalse(ports.watches().advance("triage", "c1", 8, second));
    assertEquals(Optional.of(first), ports.watches().watch("triage", "c1"));
    assertTrue(ports.watches().advance("triage", "c1", 9, second));
    assertEquals(Optional.of(second), ports.watches().watch("triage", "c1"));
    assertEquals(Optional.empty(), ports.watches().watch("other", "c1"));
  }

  private static <T> List<T> atOnce(int times, Callable<T> work) throws Exception {
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> results = new ArrayList<>();
      for (int i = 0; i < times; i++) {
        results.add(threads.submit(work));
      }
      List<T> found = new ArrayList<>();
      for (Future<T> result : results) {
        found.add(result.get());
      }
      return found;
    }
  }
}
