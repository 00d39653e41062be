package io.tierwise.bench.semantic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.semantic.Guards;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AdversariesTest {
  @Test
  void areTwoHundredDifferentPairsOfFourKinds() throws IOException {
    List<Adversaries.Pair> pairs = Adversaries.all();
    Map<String, Long> kinds =
        pairs.stream()
            .collect(Collectors.groupingBy(Adversaries.Pair::kind, Collectors.counting()));
    assertEquals(Map.of("number", 52L, "negation", 52L, "reversal", 52L, "entity", 52L), kinds);
    Set<String> texts = new HashSet<>();
    pairs.forEach(pair -> assertTrue(texts.add(pair.one() + pair.other()), pair.toString()));
  }

  /** Whatever their vectors say: 2 % of 208 are 4. */
  @Test
  void theGuardsAloneLetNoMoreThanTwoInAHundredThrough() throws IOException {
    List<Adversaries.Pair> through =
        Adversaries.all().stream()
            .filter(pair ->
                Guards.between(Guards.read(pair.one()), Guards.read(pair.other())).isEmpty())
            .toList();
    assertTrue(through.size() <= 4, through.toString());
  }
}
