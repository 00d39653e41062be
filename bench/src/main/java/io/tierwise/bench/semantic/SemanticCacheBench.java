package io.tierwise.bench.semantic;

import io.tierwise.bench.semantic.Questions.Question;
import io.tierwise.distill.Progress;
import io.tierwise.gateway.semantic.Guards;
import io.tierwise.gateway.semantic.VectorIndex;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Certifier;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.ThresholdPath;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Measures a semantic cache on questions of which it is known which share an answer: of a random
 * order the first part fills the cache, the second certifies a threshold for each ε, the third is
 * asked. Beside it fixed thresholds on the same questions, as caches without evidence have them.
 */
public final class SemanticCacheBench {
  private static final double FILLED = 0.6;
  private static final double CERTIFYING = 0.8;
  private static final double[] FIXED = {0.80, 0.90, 0.95, 0.99};
  private static final int STEPS = 400;
  private static final double LAXEST = 0.6;
  private static final int BATCH = 256;

  private final SentenceEncoder encoder;
  private final Spec spec;
  private final Progress progress;

  /**
   * What is measured.
   *
   * @param data see {@link Questions#sample}
   * @param epsilons shares of all questions that may be answered wrongly
   * @param work an empty directory, for the index
   */
  public record Spec(
      Path data, int questions, List<Double> epsilons, double delta, long seed, Path work) {
    public Spec {
      epsilons = List.copyOf(epsilons);
    }
  }

  /**
   * One way to use the cache, on the questions asked and on the hand-written pairs.
   *
   * @param name such as {@code certified 0.01} or {@code fixed 0.95}
   * @param threshold the similarity that answers; not a number where none was certified
   * @param hits questions answered from the cache, of {@link Measured#asked}
   * @param wrong of these, the ones with another question's answer
   * @param adversaries hand-written pairs of which one is answered with the other's answer
   */
  public record Row(
      String name, boolean guarded, double threshold, int hits, int wrong, int adversaries) {}

  /**
   * @param cached questions in the cache
   * @param certifying questions that certified
   * @param asked questions asked
   * @param answerable of these, the ones whose answer is in the cache
   */
  public record Measured(
      int cached, int certifying, int asked, int answerable, int adversaries, List<Row> rows) {}

  /** A question's nearest neighbour in the cache. */
  private record Found(double similarity, boolean same, boolean guarded) {
    boolean hit(double threshold, boolean guards) {
      return similarity >= threshold && (!guards || guarded);
    }

    AuditSample sample() {
      return new AuditSample(
          guarded
              ? Map.of(
                  TierName.SEMANTIC_CACHE, new AuditSample.Scored(new Confidence(similarity), same))
              : Map.of());
    }
  }

  private SemanticCacheBench(SentenceEncoder encoder, Spec spec, Progress progress) {
    this.encoder = encoder;
    this.spec = spec;
    this.progress = progress;
  }

  public static Measured run(Spec spec, SentenceEncoder encoder, Progress progress)
      throws IOException {
    return new SemanticCacheBench(encoder, spec, progress).run();
  }

  private Measured run() throws IOException {
    List<Question> all = Questions.sample(spec.data(), spec.questions(), spec.seed());
    List<float[]> vectors = encode(all.stream().map(Question::text).toList());
    int filled = (int) (all.size() * FILLED);
    int certified = (int) (all.size() * CERTIFYING);
    List<Found> found = new ArrayList<>();
    try (VectorIndex index = VectorIndex.open(spec.work())) {
      for (int i = 0; i < filled; i++) {
        index.put(
            new VectorIndex.Entry("q" + i, "all", "all", Integer.toString(i), Long.MAX_VALUE),
            vectors.get(i));
      }
      index.refresh();
      for (int i = filled; i < all.size(); i++) {
        found.add(nearest(index, all, i, vectors.get(i)));
      }
    }
    Set<Integer> groups = new HashSet<>();
    all.subList(0, filled).forEach(question -> groups.add(question.group()));
    List<Question> asked = all.subList(certified, all.size());
    List<Found> adversaries = adversaries();
    return new Measured(
        filled,
        certified - filled,
        asked.size(),
        (int) asked.stream().filter(question -> groups.contains(question.group())).count(),
        adversaries.size(),
        rows(
            found.subList(0, certified - filled),
            found.subList(certified - filled, found.size()),
            adversaries));
  }

  private static Found nearest(VectorIndex index, List<Question> all, int asked, float[] vector) {
    return index
        .nearest("all", vector, 0)
        .map(neighbour -> {
          Question cached = all.get(Integer.parseInt(neighbour.payload()));
          Question question = all.get(asked);
          return new Found(
              neighbour.similarity(),
              cached.group() == question.group(),
              passes(question.text(), cached.text()));
        })
        .orElseGet(() -> new Found(0, false, false));
  }

  private static boolean passes(String one, String other) {
    return Guards.between(Guards.read(one), Guards.read(other)).isEmpty();
  }

  private List<Found> adversaries() throws IOException {
    List<Adversaries.Pair> pairs = Adversaries.all();
    List<float[]> ones = encode(pairs.stream().map(Adversaries.Pair::one).toList());
    List<float[]> others = encode(pairs.stream().map(Adversaries.Pair::other).toList());
    List<Found> found = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      found.add(
          new Found(
              product(ones.get(i), others.get(i)),
              false,
              passes(pairs.get(i).one(), pairs.get(i).other())));
    }
    return found;
  }

  private List<Row> rows(List<Found> certifying, List<Found> asked, List<Found> adversaries) {
    List<Row> rows = new ArrayList<>();
    for (double epsilon : spec.epsilons()) {
      OptionalDouble threshold = certify(new Contract(epsilon, spec.delta()), certifying);
      rows.add(row("certified " + epsilon, true, threshold.orElse(Double.NaN), asked, adversaries));
    }
    for (double fixed : FIXED) {
      rows.add(row("fixed " + fixed, false, fixed, asked, adversaries));
      rows.add(row("fixed " + fixed, true, fixed, asked, adversaries));
    }
    return rows;
  }

  /** A comparison with what is not a number is false, so nothing is answered. */
  private static Row row(
      String name, boolean guards, double threshold, List<Found> asked, List<Found> adversaries) {
    List<Found> hits = asked.stream().filter(each -> each.hit(threshold, guards)).toList();
    return new Row(
        name,
        guards,
        threshold,
        hits.size(),
        (int) hits.stream().filter(each -> !each.same()).count(),
        (int) adversaries.stream().filter(each -> each.hit(threshold, guards)).count());
  }

  private static OptionalDouble certify(Contract contract, List<Found> certifying) {
    Certification certification =
        Certifier.certify(contract, 1, path(), certifying.stream().map(Found::sample).toList());
    return switch (certification) {
      case Certification.Certified certified ->
          OptionalDouble.of(
              certified
                  .certificate()
                  .thresholds()
                  .of(TierName.SEMANTIC_CACHE)
                  .orElseThrow()
                  .value());
      case Certification.Withheld withheld -> OptionalDouble.empty();
    };
  }

  /** Evenly spaced similarities, fixed before any question is looked at. */
  private static ThresholdPath path() {
    List<Thresholds> steps = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      double similarity = 1 - (1 - LAXEST) * i / (STEPS - 1);
      steps.add(new Thresholds(Map.of(TierName.SEMANTIC_CACHE, new Confidence(similarity))));
    }
    return new ThresholdPath(steps);
  }

  private List<float[]> encode(List<String> texts) {
    List<float[]> vectors = new ArrayList<>();
    for (int from = 0; from < texts.size(); from += BATCH) {
      vectors.addAll(encoder.encode(texts.subList(from, Math.min(from + BATCH, texts.size()))));
      progress.report("encoding", vectors.size(), texts.size());
    }
    return vectors;
  }

  private static double product(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += (double) one[i] * other[i];
    }
    return Math.clamp(sum, 0, 1);
  }
}
