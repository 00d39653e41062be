package io.tierwise.gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample.Scored;
import io.tierwise.router.contract.Verdict;
import io.tierwise.router.cost.Money;
import io.tierwise.router.drift.DriftKind;
import io.tierwise.router.request.Label;
import io.tierwise.router.tier.TierName;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftStoreTest {
  private static final String TASK = "triage";
  private static final List<Label> LABELS =
      List.of(new Label("refund"), new Label("shipping"), new Label("other"));

  @TempDir private Path directory;
  private final MutableClock clock = new MutableClock(StoreFixture.NOW);
  private final SplittableRandom random = new SplittableRandom(7);
  private int requests;
  private Database database;
  private AuditStore audits;
  private DriftStore drifts;

  @BeforeEach
  void open() {
    database = Database.open(directory);
    audits = new AuditStore(database, clock);
    drifts = new DriftStore(database, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void keep(@Nullable String label, String artifact, double confidence) {
    audits.keep(
        TASK,
        new AuditRow(
            "r" + requests++,
            artifact,
            requests % 2 == 0 ? "cert-1" : null,
            Map.of(TierName.STUDENT, new Scored(new Confidence(confidence), true)),
            Map.of(TierName.STUDENT, Verdict.ACCEPTED),
            label == null,
            label == null ? null : new Label(label)),
        Money.ZERO);
  }

  private void calm(int audits, String artifact) {
    for (int i = 0; i < audits; i++) {
      keep(LABELS.get(random.nextInt(3)).value(), artifact, 0.5 + 0.5 * random.nextDouble());
    }
  }

  private List<NamedDrift> look(String artifact) {
    return drifts.look(TASK, LABELS, artifact);
  }

  private static List<DriftKind> kinds(List<NamedDrift> named) {
    return named.stream().map(NamedDrift::kind).toList();
  }

  @Test
  void hearsNothingInACalmAndFoldsEveryAuditOnce() {
    calm(300, "a1");
    assertEquals(List.of(), look("a1"));
    DriftWatch watch = drifts.watch(TASK).orElseThrow();
    assertEquals(300, watch.mix().audits());
    assertEquals(300, watch.strangeness().monitor().audits());
    assertEquals(List.of(), look("a1"));
    assertEquals(watch, drifts.watch(TASK).orElseThrow());
  }

  @Test
  void namesAMixOfLabelsThatIsAnotherOneWhateverCertificateTheAuditsAreOf() {
    calm(300, "a1");
    look("a1");
    for (int i = 0; i < 150; i++) {
      keep("shipping", "a1", 0.5 + 0.5 * random.nextDouble());
    }
    List<NamedDrift> named = look("a1");
    assertEquals(List.of(DriftKind.LABEL_SHIFT), kinds(named));
    assertTrue(
        named.getFirst().detail().contains("most of all 'shipping': "), named.getFirst().detail());
    assertEquals(named, drifts.last(TASK, 5));
  }

  @Test
  void anAnswerThatIsNoLabelIsPartOfTheMix() {
    calm(300, "a1");
    for (int i = 0; i < 100; i++) {
      keep(i % 2 == 0 ? null : "refund", "a1", 0.5 + 0.5 * random.nextDouble());
    }
    List<NamedDrift> named = look("a1");
    assertEquals(List.of(DriftKind.LABEL_SHIFT), kinds(named));
    assertTrue(named.getFirst().detail().contains("most of all no label: "), named.toString());
  }

  @Test
  void namesTextsThatAreStrangeToTheStudent() {
    calm(500, "a1");
    look("a1");
    for (int i = 0; i < 200; i++) {
      keep(LABELS.get(random.nextInt(3)).value(), "a1", i % 2 == 0 ? 0.2 : 0.9);
    }
    assertEquals(List.of(DriftKind.NEW_TEXTS), kinds(look("a1")));
    assertTrue(drifts.watch(TASK).orElseThrow().strangeness().monitor().audits() < 200, "anew");
  }

  @Test
  void anotherStudentIsComparedWithItselfAlone() {
    calm(300, "a1");
    look("a1");
    for (int i = 0; i < 300; i++) {
      keep(LABELS.get(random.nextInt(3)).value(), "a2", 0.2 + 0.2 * random.nextDouble());
    }
    assertEquals(List.of(), look("a2"), "the new student is less sure of everything");
    DriftWatch watch = drifts.watch(TASK).orElseThrow();
    assertEquals("a2", watch.artifact());
    assertEquals(300, watch.strangeness().monitor().audits());
    assertEquals(600, watch.mix().audits());
  }

  @Test
  void otherLabelsOfTheTaskBeginTheMixAnewAndTheLooksGoOn() {
    calm(300, "a1");
    look("a1");
    int looks = drifts.watch(TASK).orElseThrow().mix().looks();
    assertEquals(3, looks);
    keep("refund", "a1", 0.9);
    drifts.look(TASK, LABELS.subList(0, 2), "a1");
    DriftWatch watch = drifts.watch(TASK).orElseThrow();
    assertEquals(1, watch.mix().audits());
    assertEquals(looks, watch.mix().looks());
  }

  @Test
  void auditsOfAnEarlierReleaseSayNothingOfLabels() {
    audits.keep(TASK, new AuditRow("old", "a1", null, Map.of(), Map.of(), false), Money.ZERO);
    look("a1");
    assertEquals(0, drifts.watch(TASK).orElseThrow().mix().audits());
    assertEquals(1, drifts.watch(TASK).orElseThrow().lastAudit());
  }

  @Test
  void ofTwoProcessesEachFoldsWhatTheOtherHasNot() {
    DriftStore other = new DriftStore(database, clock);
    List<NamedDrift> named = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      keep(i < 300 ? LABELS.get(random.nextInt(3)).value() : "other", "a1", 0.9);
      named.addAll((i % 3 == 0 ? other : drifts).look(TASK, LABELS, "a1"));
    }
    assertEquals(1, named.size(), named.toString());
    assertEquals(500, drifts.watch(TASK).orElseThrow().lastAudit());
  }
}
