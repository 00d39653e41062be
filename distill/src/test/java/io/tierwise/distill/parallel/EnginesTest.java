package io.tierwise.distill.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
import org.junit.jupiter.api.Test;

class EnginesTest {
  @Test
  void localIsAlwaysThere() {
    try (Engine engine = Engines.open("local", 1)) {
      assertInstanceOf(LocalEngine.class, engine);
    }
  }

  @Test
  void anEngineThatIsNotOnTheClassPathIsRefusedWithWhatIs() {
    InvalidValueException refusal =
        assertThrows(InvalidValueException.class, () -> Engines.open("spark", 2));

    assertEquals("engine", refusal.field());
    assertEquals("'spark' is not on the class path (there is: local)", refusal.trouble());
  }

  @Test
  void noWorkerIsRefused() {
    assertEquals(
        "workers",
        assertThrows(InvalidValueException.class, () -> Engines.open("local", 0)).field());
  }
}
