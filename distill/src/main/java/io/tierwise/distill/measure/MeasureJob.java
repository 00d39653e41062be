package io.tierwise.distill.measure;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.function.LongSupplier;

/**
 * Measures artifacts on one set of texts. Each latency is the median of the whole way from a text
 * to a label, on one core, all taken in {@link Turns}.
 */
public final class MeasureJob {
  private static final int ROUNDS = 300;
  private static final int BATCH_ROUNDS = 30;
  private static final int BATCH = 32;
  private static final double NORMAL_95 = 1.96;

  private final List<Answered> texts;
  private final LongSupplier ticker;
  private final Progress progress;

  /**
   * What was measured.
   *
   * @param accuracy share of the texts answered as they are labelled; none for the baseline
   * @param halfWidth of the accuracy's 95 % interval, by the normal approximation
   * @param bytes of all files
   * @param p50Micros one text at a time
   * @param p50MicrosBatch32 32 texts at a time, for all 32
   * @param timesFaster than the pretrained MiniLM in single precision, one text at a time
   */
  public record Row(
      String name,
      OptionalDouble accuracy,
      double halfWidth,
      long bytes,
      double p50Micros,
      double p50MicrosBatch32,
      double timesFaster) {}

  private MeasureJob(List<Answered> texts, LongSupplier ticker, Progress progress) {
    this.texts = texts;
    this.ticker = ticker;
    this.progress = progress;
  }

  /**
   * Measures artifacts, the pretrained MiniLM first.
   *
   * @param artifacts by the name that their row gets
   * @param ticker monotonic nanoseconds
   */
  public static List<Row> run(
      SequencedMap<String, Artifact> artifacts,
      List<Answered> texts,
      LongSupplier ticker,
      Progress progress)
      throws IOException {
    if (artifacts.isEmpty()) {
      throw new InvalidValueException("artifacts", "there are none", "give at least one");
    }
    List<Contender> contenders = new ArrayList<>();
    try {
      int classes = artifacts.firstEntry().getValue().manifest().labels().size();
      contenders.add(Contender.baseline(classes));
      for (Map.Entry<String, Artifact> each : artifacts.entrySet()) {
        contenders.add(Contender.of(each.getKey(), each.getValue()));
      }
      return new MeasureJob(texts, ticker, progress).measure(contenders);
    } finally {
      contenders.forEach(Contender::close);
    }
  }

  private List<Row> measure(List<Contender> contenders) {
    // First, as it warms everything up as well.
    List<OptionalDouble> accuracies = new ArrayList<>();
    for (Contender contender : contenders) {
      accuracies.add(
          contender.trained() ? OptionalDouble.of(accuracy(contender)) : OptionalDouble.empty());
    }
    List<String> asked = texts.stream().map(Answered::text).toList();
    double[] single = Turns.medians(contenders, asked, ROUNDS, 1, ticker, progress);
    double[] together = Turns.medians(contenders, asked, BATCH_ROUNDS, BATCH, ticker, progress);
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < contenders.size(); i++) {
      Contender contender = contenders.get(i);
      OptionalDouble accuracy = accuracies.get(i);
      double share = accuracy.orElse(0);
      rows.add(
          new Row(
              contender.name(),
              accuracy,
              NORMAL_95 * Math.sqrt(share * (1 - share) / texts.size()),
              contender.bytes(),
              single[i],
              together[i],
              single[0] / single[i]));
    }
    return rows;
  }

  private double accuracy(Contender contender) {
    int right = 0;
    for (int from = 0; from < texts.size(); from += BATCH) {
      List<Answered> batch = texts.subList(from, Math.min(from + BATCH, texts.size()));
      List<Label> answers = contender.answer(batch.stream().map(Answered::text).toList());
      for (int i = 0; i < batch.size(); i++) {
        right += answers.get(i).equals(batch.get(i).label()) ? 1 : 0;
      }
      progress.report("answering with " + contender.name(), from + batch.size(), texts.size());
    }
    return (double) right / texts.size();
  }
}
