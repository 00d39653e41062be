package io.tierwise.router.request;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class DistributionTest {
  private static final List<Label> THREE =
      List.of(new Label("bug"), new Label("question"), new Label("praise"));

  private static List<Label> labels(int count) {
    return IntStream.range(0, count).mapToObj(i -> new Label("label" + i)).toList();
  }

  @Test
  void topIsTheFirstOfTheMostProbable() {
    assertEquals(1, Distribution.of(THREE, new double[] {0.2, 0.4, 0.4}).top());
  }

  @Test
  void certaintyIsOneLabelWithAllWeight() {
    Distribution certain = Distribution.certain(new Label("bug"));
    assertEquals(List.of(new Label("bug")), certain.labels());
    assertEquals(1, certain.probability(0));
  }

  @Test
  void doesNotChangeWithTheArrayItWasMadeOfOrGave() {
    double[] given = {0.5, 0.5, 0};
    Distribution distribution = Distribution.of(THREE, given);
    given[0] = 0;
    distribution.toArray()[1] = 0;
    assertArrayEquals(new double[] {0.5, 0.5, 0}, distribution.toArray());
  }

  @Test
  void isEqualByLabelsAndProbabilities() {
    Distribution one = Distribution.of(THREE, new double[] {0.5, 0.5, 0});
    assertEquals(one, Distribution.of(THREE, new double[] {0.5, 0.5, 0}));
    assertEquals(one.hashCode(), Distribution.of(THREE, new double[] {0.5, 0.5, 0}).hashCode());
    assertNotEquals(one, Distribution.of(THREE, new double[] {0.5, 0.4, 0.1}));
    assertNotEquals(one, Distribution.of(labels(3), new double[] {0.5, 0.5, 0}));
  }

  @Test
  void refusesWhatIsNoDistribution() {
    assertEquals(
        "distribution: 2 probabilities for 3 labels; give one probability per label",
        trouble(0.5, 0.5));
    assertEquals(
        "distribution: -0.1 is no probability; give numbers of at least 0",
        trouble(0.6, 0.5, -0.1));
    assertEquals(
        "distribution: NaN is no probability; give numbers of at least 0",
        trouble(Double.NaN, 0.5, 0.5));
    assertEquals(
        "distribution: the probabilities sum to 1.5; make them sum to 1", trouble(0.5, 0.5, 0.5));
    assertEquals(
        "distribution: the probabilities sum to Infinity; make them sum to 1",
        trouble(Double.POSITIVE_INFINITY, 0, 0));
  }

  private static String trouble(double... probabilities) {
    return assertThrows(InvalidValueException.class, () -> Distribution.of(THREE, probabilities))
        .getMessage();
  }

  @Property
  void anyNormalisedWeightsAreADistributionAlsoInSinglePrecision(
      @ForAll @Size(min = 1, max = 200) List<@DoubleRange(max = 1000) Double> weights) {
    double sum = weights.stream().mapToDouble(Double::doubleValue).sum();
    double[] probabilities =
        weights.stream()
            .mapToDouble(weight -> (float) (sum == 0 ? 1.0 / weights.size() : weight / sum))
            .toArray();
    Distribution distribution = Distribution.of(labels(weights.size()), probabilities);
    double top = distribution.probability(distribution.top());
    assertEquals(Arrays.stream(probabilities).max().orElseThrow(), top);
    assertTrue(
        IntStream.range(0, distribution.top()).allMatch(i -> distribution.probability(i) < top));
  }

  @Test
  void equalOnesHaveOneHashAndItsTopIsShown() {
    List<Label> labels = List.of(new Label("a"), new Label("b"));
    Distribution one = Distribution.of(labels, new double[] {0.25, 0.75});
    Distribution same = Distribution.of(labels, new double[] {0.25, 0.75});
    assertEquals(one, same);
    assertEquals(
        31 * labels.hashCode() + Arrays.hashCode(new double[] {0.25, 0.75}), one.hashCode());
    assertEquals("b@0.75", one.toString());
  }
}
