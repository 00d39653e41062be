package io.tierwise.student.win;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ArithmeticFeaturesTest {
  @Test
  void countsNumbersInDigitsAndWordsAndTheStepsOfAWordProblem() {
    List<Double> row =
        ArithmeticFeatures.of("Ann buys 2 pens for $1.50 each, and Ben half of 1,200. How many?");

    assertEquals(ArithmeticFeatures.COUNT, row.size());
    assertEquals(Math.log(4), row.get(0), 1e-12); // 2, 1.50 and 1,200
    assertEquals(Math.log(5), row.get(1), 1e-12); // and half
    assertEquals(Math.log(1201), row.get(3), 1e-12); // the largest
    assertEquals(Math.log(1.5), row.get(4), 1e-12); // the smallest
    assertEquals(2 / 3.0, row.get(6), 1e-12); // whole ones
    assertEquals(1, row.get(7)); // above 100
    assertEquals(4 / 11.0, row.get(8), 1e-12); // numbers a word
    assertEquals(2, row.get(10)); // sentences
    assertEquals(0, row.get(13)); // no digit in the question
    assertEquals(1, row.get(15)); // Ben; a text's first word is no name
    assertEquals(1, row.get(16)); // decimals
    assertEquals(1, row.get(19)); // dollars
    assertEquals(1, row.get(20)); // each
    assertEquals(1, row.get(21)); // half
    assertEquals(1, row.get(28)); // how many
  }

  @Test
  void isFiniteForAnyText() {
    for (String text : List.of("", " ", "?!", "9".repeat(400), "Ünïcode ∑ \uD800")) {
      assertTrue(ArithmeticFeatures.of(text).stream().allMatch(Double::isFinite), text);
    }
  }
}
