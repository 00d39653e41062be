package io.tierwise.router;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementTest {
  @ParameterizedTest
  @ValueSource(strings = {"a", "z", "A", "Z", "0", "9", "a-b", "a.b", "a_b", "9lives"})
  void takesNames(String name) {
    assertEquals(name, Requirement.identifier("task", name));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-a", ".a", "_a", "a b", "a/b", "a:b", "a@b", "a[b", "a`b", "a{b"})
  void refusesWhatIsNoName(String name) {
    assertThrows(InvalidValueException.class, () -> Requirement.identifier("task", name));
  }

  @Test
  void takesNamesOf128CharactersAndNoMore() {
    String longest = "a".repeat(128);
    assertEquals(longest, Requirement.identifier("task", longest));
    assertThrows(InvalidValueException.class, () -> Requirement.identifier("task", longest + "a"));
  }

  @Test
  void showsNoMoreThanFortyCharactersOfAWrongName() {
    assertEquals("'" + "!".repeat(40) + "' is not a name", trouble("!".repeat(40)));
    assertEquals("'" + "!".repeat(40) + "…' is not a name", trouble("!".repeat(41)));
  }

  private static String trouble(String name) {
    return assertThrows(InvalidValueException.class, () -> Requirement.identifier("task", name))
        .trouble();
  }

  @Test
  void takesSharesBetweenTheirEnds() {
    assertEquals(0.05, Requirement.openUnit("epsilon", 0.05));
    assertThrows(InvalidValueException.class, () -> Requirement.openUnit("epsilon", 0));
    assertThrows(InvalidValueException.class, () -> Requirement.openUnit("epsilon", 1));
    assertEquals(0, Requirement.closedUnit("share", 0));
    assertEquals(1, Requirement.closedUnit("share", 1));
    assertThrows(InvalidValueException.class, () -> Requirement.closedUnit("share", 1.01));
    assertThrows(InvalidValueException.class, () -> Requirement.closedUnit("share", -0.01));
    assertThrows(InvalidValueException.class, () -> Requirement.closedUnit("share", Double.NaN));
  }

  @Test
  void takesCounts() {
    assertEquals(7, Requirement.notNegative("tokens", 7));
    assertEquals(0, Requirement.notNegative("tokens", 0));
    assertThrows(InvalidValueException.class, () -> Requirement.notNegative("tokens", -1));
    assertEquals(1, Requirement.positive("connections", 1));
    assertThrows(InvalidValueException.class, () -> Requirement.positive("connections", 0));
  }
}
