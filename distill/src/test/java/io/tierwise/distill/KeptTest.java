package io.tierwise.distill;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.router.InvalidValueException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeptTest {
  @Test
  void isANumberFromOneOnAndAShareBelow() {
    assertEquals(96, Kept.of("96").of(1000, "units"));
    assertEquals(1, Kept.of("1").of(12, "heads"));
    assertEquals(500, Kept.of("0.5").of(1000, "units"));
    assertEquals(1, Kept.of("0.01").of(12, "heads"));
  }

  @Test
  void moreThanThereAreIsRefused() {
    assertEquals(
        "keep: 13 of 12 heads; keep at most as many as there are",
        assertThrows(InvalidValueException.class, () -> Kept.of("13").of(12, "heads"))
            .getMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"0", "-1", "1.5", "NaN", "some"})
  void anythingElseIsRefused(String text) {
    assertThrows(InvalidValueException.class, () -> Kept.of(text));
  }
}
