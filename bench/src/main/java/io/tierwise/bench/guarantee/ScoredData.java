package io.tierwise.bench.guarantee;

import io.tierwise.distill.Progress;
import io.tierwise.distill.calibrate.CalibrateJob;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.AnsweredFile;
import io.tierwise.distill.transfer.TransferJob;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Answers of a large model, half of which taught a student; the rest, which it has not seen, with
 * what it says of them.
 *
 * @param answered not trained or tuned on
 * @param predictions of each
 * @param strangers labels that the student was not taught, so that texts of theirs are new to it
 */
record ScoredData(List<Answered> answered, List<Prediction> predictions, Set<Label> strangers) {
  private static final double TUNING = 0.05;

  /**
   * @param most rows that are used, drawn at random
   * @param unseen share of the labels that are kept from the student
   */
  static ScoredData of(
      Path file,
      String field,
      int most,
      double unseen,
      long seed,
      Path work,
      SentenceEncoder encoder,
      Progress progress)
      throws IOException {
    List<Answered> rows = new ArrayList<>(AnsweredFile.read(file, field));
    Collections.shuffle(rows, new Random(seed));
    rows = rows.subList(0, Math.min(most, rows.size()));
    List<Label> labels =
        rows.stream().map(Answered::label).distinct().sorted(ScoredData::byName).toList();
    List<Label> shuffled = new ArrayList<>(labels);
    Collections.shuffle(shuffled, new Random(seed));
    Set<Label> strangers =
        new HashSet<>(shuffled.subList(0, (int) Math.round(unseen * labels.size())));
    List<Answered> half =
        rows.subList(0, rows.size() / 2).stream()
            .filter(row -> !strangers.contains(row.label()))
            .toList();
    int tuning = Math.max(CalibrateJob.FEWEST, (int) (TUNING * rows.size()));
    Task.Classification task =
        new Task.Classification(
            "bench", labels.stream().filter(label -> !strangers.contains(label)).toList());
    Artifact raw =
        TransferJob.run(
            task,
            List.of(1e-4f),
            half.subList(tuning, half.size()),
            encoder,
            work.resolve("head"),
            Clock.systemUTC(),
            progress);
    Artifact student =
        CalibrateJob.run(
            raw,
            half.subList(0, tuning),
            work.resolve("calibrated"),
            Clock.systemUTC(),
            artifact -> Student.load(artifact, encoder));
    List<Answered> rest = List.copyOf(rows.subList(rows.size() / 2, rows.size()));
    return new ScoredData(rest, predictions(student, rest, encoder, progress), strangers);
  }

  private static List<Prediction> predictions(
      Artifact artifact, List<Answered> rows, SentenceEncoder encoder, Progress progress)
      throws IOException {
    List<Prediction> predictions = new ArrayList<>(rows.size());
    try (Student student = Student.load(artifact, encoder)) {
      for (Answered row : rows) {
        predictions.add(student.predict(new Input.Text(row.text())));
        progress.report("scoring", predictions.size(), rows.size());
      }
    }
    return predictions;
  }

  /** The rows as a population: what a student says is right or wrong, and never by chance. */
  Population population() {
    return new Population(
        stream().mapToDouble(i -> predictions.get(i).confidence().value()).toArray(),
        stream().mapToDouble(i -> agrees(i) ? 0 : 1).toArray());
  }

  boolean agrees(int row) {
    return predictions.get(row).label().equals(answered.get(row).label());
  }

  private Stream<Integer> stream() {
    return IntStream.range(0, answered.size()).boxed();
  }

  private static int byName(Label one, Label other) {
    return one.value().compareTo(other.value());
  }
}
