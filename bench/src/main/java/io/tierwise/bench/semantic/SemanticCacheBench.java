package io.tierwise.bench.semantic;

import io.tierwise.bench.semantic.Questions.Question;
import io.tierwise.bench.semantic.SemanticStream.Near;
import io.tierwise.distill.Progress;
import io.tierwise.gateway.semantic.Guards;
import io.tierwise.router.contract.Contract;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Measures the semantic cache as the gateway serves it, but for its index, in whose place all texts
 * are compared, on a stream of questions of which it is known which share an answer. The first part
 * fills the cache; the second is answered by the large model, as in observe mode, and certifies a
 * threshold for each ε; the third is asked. A question that the cache does not answer enters it.
 * Beside it fixed thresholds on the same questions, as caches without evidence have them.
 */
public final class SemanticCacheBench {
  private static final double FILLED = 0.6;
  private static final double CERTIFYING = 0.8;
  private static final double[] FIXED = {0.80, 0.90, 0.95, 0.99};
  private static final int BATCH = 256;

  /** As a gateway with so many questions a second does. */
  private static final int REFRESHED_EVERY = 10;

  /** As many as the gateway looks at. */
  private static final int CANDIDATES = 20;

  private final SentenceEncoder encoder;
  private final Spec spec;
  private final Progress progress;
  private final List<Question> questions;
  private final List<Guards.Read> read;
  private final Map<Long, Boolean> guarded = new HashMap<>();

  /**
   * What is measured.
   *
   * @param data see {@link Questions#sample}
   * @param epsilons shares of all questions that may be answered wrongly
   * @param seeds each puts the same questions in another order
   */
  public record Spec(
      Path data, int questions, List<Double> epsilons, double delta, List<Long> seeds) {
    public Spec {
      epsilons = List.copyOf(epsilons);
      seeds = List.copyOf(seeds);
    }
  }

  /**
   * One way to use the cache, on the questions asked and on the hand-written pairs.
   *
   * @param name such as {@code certified 0.01} or {@code fixed 0.95}
   * @param epsilon of the contract; null for a fixed threshold
   * @param threshold the similarity that answers; not a number where none was certified
   * @param lost questions that certified whose nearest passes the threshold with another answer, of
   *     {@link Measured#certifying}
   * @param hits questions answered from the cache, of {@link Measured#asked}
   * @param wrong of these, the ones with another question's answer
   * @param risk the share of wrong ones that the same threshold has over the questions asked of all
   *     seeds: nearer to its true one than a seed's own
   * @param adversaries hand-written pairs of which one is answered with the other's answer
   */
  public record Row(
      String name,
      boolean guarded,
      @Nullable Double epsilon,
      double threshold,
      int lost,
      int hits,
      int wrong,
      double risk,
      int adversaries) {}

  /**
   * @param cached questions in the cache at first
   * @param certifying questions that certified
   * @param asked questions asked
   * @param answerable of these, the ones whose answer a question before them had
   */
  public record Measured(
      int cached, int certifying, int asked, int answerable, int adversaries, List<Row> rows) {}

  private SemanticCacheBench(SentenceEncoder encoder, Spec spec, Progress progress)
      throws IOException {
    this.encoder = encoder;
    this.spec = spec;
    this.progress = progress;
    this.questions = Questions.sample(spec.data(), spec.questions(), spec.seeds().getFirst());
    this.read = questions.stream().map(question -> Guards.read(question.text())).toList();
  }

  /**
   * @return one for each seed, in their order
   */
  public static List<Measured> run(Spec spec, SentenceEncoder encoder, Progress progress)
      throws IOException {
    return new SemanticCacheBench(encoder, spec, progress).run();
  }

  /** The texts are encoded and compared once for all seeds. */
  private List<Measured> run() throws IOException {
    Neighbourhood neighbourhood =
        Neighbourhood.of(encode(questions.stream().map(Question::text).toList()), progress);
    List<Near> adversaries = adversaries();
    List<SemanticStream> streams = new ArrayList<>();
    for (long seed : spec.seeds()) {
      List<Integer> order = new ArrayList<>(IntStream.range(0, questions.size()).boxed().toList());
      Collections.shuffle(order, new Random(seed));
      streams.add(stream(order, neighbourhood));
      progress.report("asking", streams.size(), spec.seeds().size());
    }
    return streams.stream().map(stream -> measure(stream, streams, adversaries)).toList();
  }

  private SemanticStream stream(List<Integer> order, Neighbourhood neighbourhood) {
    int filled = (int) (order.size() * FILLED);
    int certified = (int) (order.size() * CERTIFYING);
    List<List<Near>> near = near(order, neighbourhood, filled);
    int answerable = 0;
    Set<Integer> groups = new HashSet<>();
    for (int i = 0; i < order.size(); i++) {
      boolean known = !groups.add(questions.get(order.get(i)).group());
      answerable += known && i >= certified ? 1 : 0;
    }
    return new SemanticStream(
        certified,
        near.subList(0, certified - filled),
        near.subList(certified - filled, near.size()),
        answerable);
  }

  private Measured measure(
      SemanticStream stream, List<SemanticStream> all, List<Near> adversaries) {
    int certifying = stream.certifying().size();
    return new Measured(
        stream.before() - certifying,
        certifying,
        stream.asked().size(),
        stream.answerable(),
        adversaries.size(),
        rows(stream, all, adversaries));
  }

  /** For every question after the first ones, the earlier questions that are near to it. */
  private List<List<Near>> near(List<Integer> order, Neighbourhood neighbourhood, int filled) {
    int[] places = new int[order.size()];
    for (int place = 0; place < places.length; place++) {
      places[order.get(place)] = place;
    }
    List<List<Near>> near = new ArrayList<>();
    for (int asked = filled; asked < places.length; asked++) {
      int seen = asked / REFRESHED_EVERY * REFRESHED_EVERY;
      near.add(near(order.get(asked), places, seen, neighbourhood));
    }
    return near;
  }

  /**
   * @param seen of the stream's questions those before this place are found
   */
  private List<Near> near(int question, int[] places, int seen, Neighbourhood neighbourhood) {
    Question asked = questions.get(question);
    List<Near> found = new ArrayList<>();
    for (Neighbourhood.Neighbour each : neighbourhood.of(question)) {
      if (places[each.question()] < seen && found.size() < CANDIDATES) {
        Question cached = questions.get(each.question());
        found.add(
            new Near(
                places[each.question()],
                each.similarity(),
                cached.group() == asked.group(),
                passes(question, each.question())));
      }
    }
    return found;
  }

  /** Guards read a pair once for all seeds. */
  private boolean passes(int one, int other) {
    return guarded.computeIfAbsent(
        (long) one * questions.size() + other,
        pair -> Guards.between(read.get(one), read.get(other)).isEmpty());
  }

  private static boolean passes(String one, String other) {
    return Guards.between(Guards.read(one), Guards.read(other)).isEmpty();
  }

  private List<Near> adversaries() throws IOException {
    List<Adversaries.Pair> pairs = Adversaries.all();
    List<float[]> ones = encode(pairs.stream().map(Adversaries.Pair::one).toList());
    List<float[]> others = encode(pairs.stream().map(Adversaries.Pair::other).toList());
    List<Near> found = new ArrayList<>();
    for (int i = 0; i < pairs.size(); i++) {
      found.add(
          new Near(
              i,
              product(ones.get(i), others.get(i)),
              false,
              passes(pairs.get(i).one(), pairs.get(i).other())));
    }
    return found;
  }

  private List<Row> rows(SemanticStream stream, List<SemanticStream> all, List<Near> adversaries) {
    List<Row> rows = new ArrayList<>();
    for (double epsilon : spec.epsilons()) {
      double threshold = stream.certify(new Contract(epsilon, spec.delta())).orElse(Double.NaN);
      rows.add(row("certified " + epsilon, true, epsilon, threshold, stream, all, adversaries));
    }
    for (double fixed : FIXED) {
      rows.add(row("fixed " + fixed, false, null, fixed, stream, all, adversaries));
      rows.add(row("fixed " + fixed, true, null, fixed, stream, all, adversaries));
    }
    return rows;
  }

  private static Row row(
      String name,
      boolean guards,
      @Nullable Double epsilon,
      double threshold,
      SemanticStream stream,
      List<SemanticStream> all,
      List<Near> adversaries) {
    SemanticStream.Served served = stream.served(threshold, guards);
    double risk =
        all.stream()
            .mapToDouble(
                each -> (double) each.served(threshold, guards).wrong() / each.asked().size())
            .average()
            .orElse(Double.NaN);
    return new Row(
        name,
        guards,
        epsilon,
        threshold,
        stream.lost(threshold, guards),
        served.hits(),
        served.wrong(),
        risk,
        (int)
            adversaries.stream()
                .filter(each -> each.passes(guards) && each.similarity() >= threshold)
                .count());
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
