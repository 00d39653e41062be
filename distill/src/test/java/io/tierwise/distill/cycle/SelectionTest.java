package io.tierwise.distill.cycle;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample.Scored;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

/** Each contestant proposes for the same hundred answers; below 0.05 no threshold lets through. */
final class SelectionTest {
  private static final double EPSILON = 0.1;
  private static final double EXACT = 1e-12;
  private static final Scored SILENT = new Scored(new Confidence(0.01), false);

  /** Sure from one answer on and up to another, and silent elsewhere. */
  private static List<Scored> sure(int from, int to, double confidence, boolean agrees) {
    List<Scored> proposals = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      boolean speaks = i >= from && i < to;
      proposals.add(speaks ? new Scored(new Confidence(confidence), agrees) : SILENT);
    }
    return proposals;
  }

  private static void assertSelected(Selection expected, Selection actual) {
    assertEquals(expected.first(), actual.first());
    assertEquals(expected.second(), actual.second());
    assertEquals(expected.lead(), actual.lead());
    assertEquals(expected.saving(), actual.saving(), EXACT);
  }

  private static Selection alone(int place, double saving) {
    return new Selection(place, OptionalInt.empty(), 0, saving);
  }

  @Test
  void ofEqualsTheCheapestIsChosen() {
    List<List<Scored>> equals = List.of(sure(0, 60, 0.9, true), sure(0, 60, 0.9, true));
    assertSelected(alone(0, 0.6), Selection.of(EPSILON, equals, true));
  }

  @Test
  void aDearerOneMustBeWorthItsPass() {
    List<List<Scored>> better = List.of(sure(0, 60, 0.9, true), sure(0, 61, 0.9, true));
    assertSelected(alone(1, 0.61 - 0.005), Selection.of(EPSILON, better, true));
  }

  @Test
  void twoInLineWinWhereEachKnowsWhatTheOtherDoesNot() {
    List<List<Scored>> pair = List.of(sure(0, 60, 0.9, true), sure(30, 90, 0.9, true));
    // The first answers 60; the second is asked about the other 40.
    assertSelected(
        new Selection(0, OptionalInt.of(1), 0, 0.9 - 0.4 * 0.005),
        Selection.of(EPSILON, pair, true));
  }

  @Test
  void noneAreInLineWhereThatIsNotAllowed() {
    List<List<Scored>> pair = List.of(sure(0, 60, 0.9, true), sure(30, 90, 0.9, true));
    assertSelected(alone(0, 0.6), Selection.of(EPSILON, pair, false));
  }

  @Test
  void aLineThatHardlySavesMoreIsNotBuilt() {
    // 0.61 − 0.4 · 0.005 is 0.008 above the bag's 0.6; it would have to be more than 0.01.
    List<List<Scored>> pair = List.of(sure(0, 60, 0.9, true), sure(1, 61, 0.9, true));
    assertSelected(alone(0, 0.6), Selection.of(EPSILON, pair, true));
  }

  @Test
  void theFirstMustBeSurerWhereItIsWrongAtTheSameConfidence() {
    List<Scored> bag = new ArrayList<>(sure(0, 50, 0.99, true));
    for (int i = 50; i < 70; i++) {
      bag.set(i, new Scored(new Confidence(0.6), false));
    }
    List<List<Scored>> pair = List.of(bag, sure(50, 100, 0.6, true));
    // Up to a risk of 0.1 the second answers what the first was not sure of: 1 − 0.5 · 0.005; at
    // 0.2 the first's twenty losses are allowed, and spare the second's pass.
    assertSelected(
        new Selection(0, OptionalInt.of(1), 1, (2 * 0.9975 + 0.9985) / 3),
        Selection.of(EPSILON, pair, true));
  }
}
