package io.tierwise.gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditMonitor;
import io.tierwise.router.contract.AuditSample.Scored;
import io.tierwise.router.contract.Certificate;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.tier.TierName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchStoreTest {
  private static final Contract CONTRACT = new Contract(0.1, 0.05);
  private static final Confidence SURE = new Confidence(0.9);
  private static final Confidence UNSURE = new Confidence(0.3);

  @TempDir private Path directory;
  private final MutableClock clock = new MutableClock(StoreFixture.NOW);
  private int requests;
  private Database database;
  private GateStore gates;
  private AuditStore audits;
  private WatchStore watches;

  @BeforeEach
  void open() {
    database = Database.open(directory);
    gates = new GateStore(database, clock);
    audits = new AuditStore(database, clock);
    watches = new WatchStore(database, gates, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private String certify(int test) {
    Certificate certificate =
        new Certificate(
            CONTRACT, test, CONTRACT.spend(test), 200, 5, 0.01, 0.5, Thresholds.student(SURE));
    return gates.keep("triage", "a1", certificate);
  }

  private String openGate(int test) {
    String id = certify(test);
    gates.open("triage", "a1", id, "test");
    return id;
  }

  private void audit(
      @Nullable String certificate, Map<TierName, Scored> proposals, boolean missing) {
    audits.keep(
        "triage",
        new AuditRow(
            "r" + requests++,
            "a1",
            certificate,
            proposals,
            Map.of(TierName.STUDENT, Verdict.ACCEPTED),
            missing),
        Money.ZERO);
  }

  private void audit(String certificate, boolean agrees) {
    audit(certificate, Map.of(TierName.STUDENT, new Scored(SURE, agrees)), false);
  }

  private static AuditMonitor monitor(boolean... losses) {
    AuditMonitor state = AuditMonitor.starting(0.1, 0.05);
    for (boolean lost : losses) {
      state = state.observe(lost);
    }
    return state;
  }

  @Test
  void foldsInEveryAuditMadeUnderTheCertificateOnce() {
    String id = openGate(1);
    audit(id, true);
    audit(id, false);
    Watch both = watches.look("triage").watch().orElseThrow();
    assertEquals(new Watch(monitor(false, true), 2, 1, 0, 0, 2), both);
    assertEquals(Optional.of(both), watches.look("triage").watch());
    audit(id, true);
    assertEquals(
        new Watch(monitor(false, true, false), 3, 1, 0, 0, 3),
        watches.look("triage").watch().orElseThrow());
    assertEquals(watches.look("triage").watch(), watches.watch("triage", id));
  }

  @Test
  void losesOnlyWhatPassesItsThreshold() {
    String id = openGate(1);
    audit(id, Map.of(TierName.STUDENT, new Scored(UNSURE, false)), false);
    audit(id, Map.of(TierName.STUDENT, new Scored(SURE, true)), true);
    audit(id, Map.of(TierName.STUDENT, new Scored(UNSURE, true)), true);
    assertEquals(
        new Watch(monitor(false, true, false), 1, 1, 0, 0, 3),
        watches.look("triage").watch().orElseThrow());
  }

  @Test
  void countsHowOftenTheLargeModelContradictsItself() {
    String id = openGate(1);
    Scored repeated = new Scored(Confidence.FULL, true);
    Scored contradicted = new Scored(Confidence.FULL, false);
    audit(id, Map.of(TierName.EXACT_CACHE, repeated), false);
    audit(id, Map.of(TierName.EXACT_CACHE, contradicted), false);
    audit(id, Map.of(TierName.EXACT_CACHE, repeated), true);
    Watch watch = watches.look("triage").watch().orElseThrow();
    assertEquals(2, watch.repeated());
    assertEquals(1, watch.contradicted());
  }

  @Test
  void looksOnlyAtRequestsThatMetTheGateOpenUnderThisCertificate() {
    String first = openGate(1);
    audit(first, false);
    audit(null, Map.of(TierName.STUDENT, new Scored(SURE, false)), false);
    String second = openGate(2);
    audit(first, false);
    audit(second, true);
    assertEquals(monitor(false), watches.look("triage").watch().orElseThrow().monitor());
    assertEquals(Optional.empty(), watches.watch("triage", first));
  }

  @Test
  void seesNothingWhileTheGateIsNotOpen() {
    String id = certify(1);
    gates.observe("triage", "test");
    audit(id, false);
    assertEquals(WatchStore.Look.NOTHING, watches.look("triage"));
    assertEquals(WatchStore.Look.NOTHING, watches.look("never seen"));
  }

  @Test
  void shutsTheGateInTheLookThatRings() {
    String id = openGate(1);
    for (int i = 0; i < 4; i++) {
      audit(id, false);
    }
    assertEquals(Optional.empty(), watches.look("triage").alarm());
    audit(id, false);
    clock.advance(Duration.ofMinutes(3));
    WatchStore.Look look = watches.look("triage");
    Alarm alarm = look.alarm().orElseThrow();
    double evidence = monitor(true, true, true, true, true).evidence();
    assertTrue(evidence >= 20);
    assertEquals(new Alarm("triage", id, evidence, 5, 5, clock.instant()), alarm);
    assertEquals(Optional.of(alarm), gates.lastAlarm("triage"));
    assertEquals(
        new Gate.Shut("alarm: 5 of 5 audits lost under " + id + ", against 0.1 allowed"),
        gates.state("triage").gate());
    assertEquals(WatchStore.Look.NOTHING, watches.look("triage"));
  }

  @Test
  void aCertificateFromBeforeAnAlarmOpensNothing() {
    String id = openGate(1);
    String unused = certify(2);
    for (int i = 0; i < 5; i++) {
      audit(id, false);
    }
    assertTrue(watches.look("triage").alarm().isPresent());
    for (String old : List.of(id, unused)) {
      InvalidValueException refused =
          assertThrows(
              InvalidValueException.class, () -> gates.open("triage", "a1", old, "by hand"));
      assertTrue(refused.getMessage().contains("from before the alarm"), refused.getMessage());
    }
    clock.advance(Duration.ofMillis(1));
    openGate(3);
    assertTrue(gates.state("triage").gate() instanceof Gate.Open);
  }

  @Test
  void anAlarmIsRaisedOnceHoweverManyLook() throws Exception {
    String id = openGate(1);
    for (int i = 0; i < 40; i++) {
      audit(id, false);
    }
    try (Database second = Database.open(directory);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<WatchStore> both =
          List.of(watches, new WatchStore(second, new GateStore(second, clock), clock));
      List<Future<WatchStore.Look>> looks = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        WatchStore store = both.get(i % 2);
        looks.add(threads.submit(() -> store.look("triage")));
      }
      int alarms = 0;
      for (Future<WatchStore.Look> look : looks) {
        alarms += look.get().alarm().isPresent() ? 1 : 0;
      }
      assertEquals(1, alarms);
    }
    assertEquals(40, watches.watch("triage", id).orElseThrow().audits());
  }
}
