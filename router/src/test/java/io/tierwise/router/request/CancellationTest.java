package io.tierwise.router.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CancellationTest {
  private final List<String> told = new ArrayList<>();

  @Test
  void tellsEveryoneOnceWhenTheCallerGoes() {
    Cancellation cancellation = Cancellation.possible();
    cancellation.whenCancelled(() -> told.add("one"));
    cancellation.whenCancelled(() -> told.add("other"));
    assertFalse(cancellation.cancelled());
    assertEquals(List.of(), told);

    cancellation.cancel();
    cancellation.cancel();

    assertTrue(cancellation.cancelled());
    assertEquals(List.of("one", "other"), told);
  }

  @Test
  void tellsAtOnceWhoeverComesAfterwards() {
    Cancellation cancellation = Cancellation.possible();
    cancellation.cancel();

    cancellation.whenCancelled(() -> told.add("late"));

    assertEquals(List.of("late"), told);
  }

  @Test
  void neverHappensToACallerThatAlwaysWaits() {
    Cancellation.NEVER.whenCancelled(() -> told.add("never"));
    Cancellation.NEVER.cancel();

    assertFalse(Cancellation.NEVER.cancelled());
    assertEquals(List.of(), told);
  }
}
