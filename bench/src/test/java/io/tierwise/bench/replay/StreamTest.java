package io.tierwise.bench.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** The parts of a stream that decide when to train and draw what came of it. */
final class StreamTest {
  private static final Curve CURVE =
      new Curve(
          List.of(
              new Curve.Point(0.05, 2, 0.2, 0.1, 0.3, 0.02, 0.71, 0.7, 0, 4, 0, 0),
              new Curve.Point(0.1, 2, 0.4, 0.3, 0.5, 0.06, 0.7, 0.7, 1, 4, 0, 0),
              new Curve.Point(0.2, 2, 0.6, 0.5, 0.7, 0.15, 0.65, 0.7, 0, 4, 0, 0)));

  @Test
  void trainsFirstWhenThereIsEnoughAndAgainWhenItHasGrown() {
    Schedule schedule = new Schedule(2, 2);
    schedule.row();
    schedule.row();
    assertFalse(schedule.due(1), "without an audit nothing is certified");
    schedule.audit();
    assertTrue(schedule.due(1));
    schedule.trained();
    schedule.row();
    assertFalse(schedule.due(1), "3 of 4 rows");
    schedule.row();
    assertTrue(schedule.due(1));
  }

  @Test
  void anAlarmMakesWhatCameBeforeWorthNothing() {
    Schedule schedule = new Schedule(1, 2);
    schedule.row();
    schedule.audit();
    schedule.alarm();
    assertFalse(schedule.due(1));
    schedule.row();
    schedule.audit();
    assertTrue(schedule.due(1));
  }

  @Test
  void parityIsTheLargestSavingThatCostsNoAccuracy() {
    assertEquals(0.1, CURVE.parity().orElseThrow().epsilon());
  }

  @Test
  void thePageHasAPointAndARowForEveryContract() {
    String page = CurvePage.html(CURVE, "A <stream>");
    assertTrue(page.contains("<h1>A &lt;stream&gt;</h1>"), page);
    assertEquals(3, page.split("<circle", -1).length - 1);
    assertTrue(page.contains("<td>0.1</td><td>40.0 %</td>"), page);
    assertTrue(page.contains("<td>1 of 4</td>"), page);
    assertFalse(page.contains("src=") || page.contains("href="), "it needs nothing else");
  }
}
