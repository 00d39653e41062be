package io.tierwise.distill.win;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import io.tierwise.student.win.DomainWords;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Word 1 is of domain a, word 2 of b, word 3 of both; of 10 each but for a's 20 of word 1. */
final class DomainCountsTest {
  private static final Bag ONE = bag(1, 3);
  private static final Bag TWO = bag(2, 3);

  private static Bag bag(int... buckets) {
    float[] weights = new float[buckets.length];
    java.util.Arrays.fill(weights, 10);
    return new Bag(buckets, weights);
  }

  private static final List<Bag> BAGS = List.of(ONE, bag(1), TWO, bag(2, 9));
  private static final List<String> DOMAINS = List.of("a", "a", "b", "b");

  @Test
  void aWordsWeightIsTheLogarithmOfHowMuchCommonerItIsInADomainThanInTheOther() {
    DomainWords words = new DomainCounts(BAGS, DOMAINS).words();
    // Of a weight of 60 in all 20 are word 1's, 20 word 2's and 20 word 3's; 30 are in either
    // domain.
    double prior = 200 / 3.0;
    double half = Math.log((20 + prior) / prior) / 2;
    assertArrayEquals(new int[] {1, 2, 3}, words.buckets());
    assertArrayEquals(
        new float[] {(float) half, (float) -half, (float) -half, (float) half, 0, 0},
        words.weights(),
        1e-6f);
    assertArrayEquals(new double[] {10 * half, -10 * half}, words.scores(bag(1, 3, 7)), 1e-5);
  }

  @Test
  void aPromptsOwnWordsAreTakenOffBeforeItIsScored() {
    double[] unseen = new DomainCounts(BAGS, DOMAINS).unseen(ONE, "a");
    double prior = 200 / 3.0;
    double own = Math.log((10 + prior) / (10 + 200) * (0 + prior) / (10 + 200));
    double other = Math.log(prior / (30 + 200) * (10 + prior) / (30 + 200));
    double half = 10 * (own - other) / 2;
    assertArrayEquals(new double[] {half, -half}, unseen, 1e-5);
  }

  @Test
  void withoutTwoDomainsThereIsNothingToTellApart() {
    DomainCounts counts = new DomainCounts(BAGS, List.of("a", "", "a", ""));
    assertEquals(0, counts.words().domains());
    assertEquals(0, counts.unseen(ONE, "a").length);
  }

  @Test
  void aPromptOfNoDomainIsScoredAsItIs() {
    DomainCounts counts = new DomainCounts(BAGS, List.of("a", "b", "", ""));
    assertArrayEquals(counts.words().scores(TWO), counts.unseen(TWO, ""));
  }

  @Test
  void bigramsAndCharactersAreNoWords() {
    Bag gram = bag(BagFeaturizer.BUCKETS / 2);
    DomainCounts counts = new DomainCounts(List.of(gram, gram), List.of("a", "b"));
    assertEquals(0, counts.words().buckets().length);
  }
}
