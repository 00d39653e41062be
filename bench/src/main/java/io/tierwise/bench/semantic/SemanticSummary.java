package io.tierwise.bench.semantic;

import io.tierwise.bench.semantic.SemanticCacheBench.Measured;
import io.tierwise.bench.semantic.SemanticCacheBench.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One way to use the cache, over all seeds. Rates are means of shares of all questions.
 *
 * @param epsilon of the contract; null for a fixed threshold
 * @param threshold mean of those certified; not a number where none was
 * @param certified seeds that have a threshold
 * @param lost share of the questions that certified
 * @param hits share of the questions asked that the cache answered
 * @param wrong of the questions asked, the ones with another question's answer; {@code worst} of
 *     all seeds
 * @param above seeds in which more than ε of the questions asked were answered wrongly
 * @param broken seeds whose threshold is wrong in more than ε of the questions asked of all seeds
 * @param adversaries share of the hand-written pairs that are confused
 */
public record SemanticSummary(
    String name,
    boolean guarded,
    @Nullable Double epsilon,
    double threshold,
    int certified,
    double lost,
    double hits,
    double wrong,
    double worst,
    int above,
    int broken,
    double adversaries) {
  /** The rows of all seeds, each with its like. */
  public static List<SemanticSummary> of(List<Measured> seeds) {
    return IntStream.range(0, seeds.getFirst().rows().size())
        .mapToObj(row -> of(seeds, row))
        .toList();
  }

  private static SemanticSummary of(List<Measured> seeds, int place) {
    Row first = seeds.getFirst().rows().get(place);
    Double epsilon = first.epsilon();
    List<Double> wrong = new ArrayList<>();
    for (Measured seed : seeds) {
      wrong.add((double) seed.rows().get(place).wrong() / seed.asked());
    }
    List<Row> rows = seeds.stream().map(seed -> seed.rows().get(place)).toList();
    List<Row> certified = rows.stream().filter(row -> !Double.isNaN(row.threshold())).toList();
    return new SemanticSummary(
        first.name(),
        first.guarded(),
        epsilon,
        mean(certified, Row::threshold),
        certified.size(),
        mean(rows, Row::lost) / seeds.getFirst().certifying(),
        mean(rows, Row::hits) / seeds.getFirst().asked(),
        wrong.stream().mapToDouble(each -> each).average().orElse(Double.NaN),
        wrong.stream().mapToDouble(each -> each).max().orElse(Double.NaN),
        epsilon == null ? 0 : (int) wrong.stream().filter(each -> each > epsilon).count(),
        epsilon == null ? 0 : (int) rows.stream().filter(row -> row.risk() > epsilon).count(),
        mean(rows, Row::adversaries) / seeds.getFirst().adversaries());
  }

  private static double mean(List<Row> rows, ToDoubleFunction<Row> figure) {
    return rows.stream().mapToDouble(figure).average().orElse(Double.NaN);
  }
}
