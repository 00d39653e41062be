package io.tierwise.bench.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.bench.load.Faults.Fault;
import io.tierwise.router.InvalidValueException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultsTest {
  @Test
  void drawsNoneWhereNothingIsToGoWrong() {
    Faults none = new Faults(0, new Random(1));

    for (int i = 0; i < 100; i++) {
      assertNull(none.draw());
    }
  }

  @Test
  void drawsEveryKindInItsShare() {
    List<Fault> drawn = drawn(new Faults(0.2, new Random(1)), 10_000);

    List<Fault> faults = drawn.stream().filter(Objects::nonNull).toList();
    assertEquals(2000, faults.size(), 120);
    Set<Fault> kinds = EnumSet.copyOf(faults);
    assertEquals(EnumSet.allOf(Fault.class), kinds);
  }

  @Test
  void drawsTheSameFromTheSameSeed() {
    assertEquals(
        drawn(new Faults(0.5, new Random(7)), 100), drawn(new Faults(0.5, new Random(7)), 100));
  }

  @Test
  void refusesAShareThatIsNone() {
    assertThrows(InvalidValueException.class, () -> new Faults(1.1, new Random(1)));
    assertThrows(InvalidValueException.class, () -> new Faults(Double.NaN, new Random(1)));
  }

  private static List<Fault> drawn(Faults faults, int count) {
    List<Fault> drawn = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      drawn.add(faults.draw());
    }
    return drawn;
  }
}
