package io.tierwise.student.win;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** The numbers are part of every router: a test that fails here needs a new version. */
final class PromptFeaturesTest {
  private static final String CHOICES =
      "Which is NOT prime?\nA. 2\nB. 3\nC. 9 of course\nD. none of these\nAnswer:";

  @Test
  void seesChoicesNumbersAndNegations() {
    double[] features = PromptFeatures.of(CHOICES, 1);
    assertEquals(Math.log(CHOICES.length()), features[0], 1e-12);
    assertEquals(6, features[5], "lines");
    assertEquals(Math.log(4), features[8], 1e-12, "numbers");
    assertEquals(1, features[9], "question marks");
    assertEquals(4, features[11], "choices");
    assertEquals(2, features[14], "choices that are bare numbers");
    assertEquals(1, features[18], "negation");
    assertEquals(1, features[22], "a choice that sweeps over the others");
    assertEquals(1, features[28], "turns");
  }

  @Test
  void seesCodeQuotesOtherScriptsAndTurns() {
    double[] code = PromptFeatures.of("def f(x): return \"é\"", 3);
    assertEquals(1, code[25], "code");
    assertEquals(1, code[26], "a quotation mark");
    assertEquals(1, code[27], "beyond ASCII");
    assertEquals(3, code[28], "turns");
    assertEquals(0, PromptFeatures.of("Say hello", 1)[25], "code");
  }

  @Property(tries = 300)
  void isFiniteForEveryText(@ForAll String text) {
    double[] features = PromptFeatures.of(text, 1);
    assertEquals(PromptFeatures.COUNT, features.length);
    assertTrue(Arrays.stream(features).allMatch(Double::isFinite));
  }
}
