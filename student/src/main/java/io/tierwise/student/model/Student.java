package io.tierwise.student.model;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.ConfidenceGrid;
import io.tierwise.router.contract.ThresholdPath;
import io.tierwise.router.request.Input;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.encoder.WordPieces;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A small model that answers as the large one does. Thread-safe. */
public final class Student implements Predictor {
  /** Inputs that go through the graph at once; more gain nothing and take memory. */
  private static final int BATCH = 64;

  private final Artifact artifact;
  private final String version;
  private final Reader reader;
  private final Head head;
  private final @Nullable Student second;
  private final ThresholdPath path;

  private Student(
      Artifact artifact,
      String version,
      Reader reader,
      Head head,
      @Nullable Student second,
      ThresholdPath path) {
    this.artifact = artifact;
    this.version = version;
    this.reader = reader;
    this.head = head;
    this.second = second;
    this.path = path;
  }

  /** What reads an artifact's inputs. */
  @FunctionalInterface
  private interface Readers {
    Reader of(Artifact artifact) throws IOException;
  }

  /**
   * Loads a student of any shape and runs it once, and so the second where two are in line. The
   * head of a sentence encoder brings an encoder of its own along: some 60 MB, and milliseconds for
   * each text.
   *
   * @throws InvalidValueException where the files are damaged or the graph does not fit the
   *     manifest
   */
  public static Student load(Artifact artifact) throws IOException {
    return load(artifact, Student::reader);
  }

  /**
   * The same with an encoder that is there already, where the shape needs one; it stays open when
   * the student is closed.
   */
  public static Student load(Artifact artifact, SentenceEncoder encoder) throws IOException {
    return load(
        artifact,
        each ->
            each.manifest().shape() == Shape.ENCODER_HEAD
                ? new MeaningReader(encoder, false)
                : reader(each));
  }

  private static Student load(Artifact artifact, Readers readers) throws IOException {
    String version = artifact.manifest().version();
    Artifact behind = artifact.second().orElse(null);
    if (behind == null) {
      return load(artifact, version, readers, null, ConfidenceGrid.path());
    }
    ThresholdPath path = ConfidenceGrid.line(artifact.lead());
    Student second = load(behind, version, readers, null, ConfidenceGrid.path());
    try {
      return load(artifact, version, readers, second, path);
    } catch (IOException | RuntimeException e) {
      second.close();
      throw e;
    }
  }

  private static Student load(
      Artifact artifact,
      String version,
      Readers readers,
      @Nullable Student second,
      ThresholdPath path)
      throws IOException {
    Reader reader = readers.of(artifact);
    try {
      Head head = Head.load(artifact, reader.tensors(reader.sample()));
      return new Student(artifact, version, reader, head, second, path);
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  public Artifact artifact() {
    return artifact;
  }

  /** The version that was published: of a line, the same for both. */
  @Override
  public String version() {
    return version;
  }

  @Override
  public Optional<Student> second() {
    return Optional.ofNullable(second);
  }

  /** The thresholds that it is tested at, strict to lax. */
  public ThresholdPath path() {
    return path;
  }

  /** Whether this student reads such an input: text or feature vectors, of the right length. */
  @Override
  public boolean reads(Input input) {
    return reader.reads(input);
  }

  /**
   * @throws InvalidValueException where the student does not read such an input
   * @throws IllegalStateException after {@link #close}
   */
  public Prediction predict(Input input) {
    return predict(List.of(input)).getFirst();
  }

  /** One prediction for each input, in their order. */
  @Override
  public List<Prediction> predict(List<Input> inputs) {
    for (Input input : inputs) {
      if (!reads(input)) {
        throw new InvalidValueException(
            "input",
            "a student with featurizer " + artifact.manifest().featurizer() + " cannot read it",
            "send what the student was trained on");
      }
    }
    List<Prediction> predictions = new ArrayList<>(inputs.size());
    for (int from = 0; from < inputs.size(); from += BATCH) {
      List<Input> batch = inputs.subList(from, Math.min(from + BATCH, inputs.size()));
      predictions.addAll(head.predict(reader.tensors(batch)));
    }
    return predictions;
  }

  /** Waits for the predictions under way; later ones are refused. */
  @Override
  public void close() {
    head.close();
    reader.close();
    if (second != null) {
      second.close();
    }
  }

  private static int encoders() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static Reader reader(Artifact artifact) throws IOException {
    return switch (artifact.manifest().shape()) {
      case BAG -> new BagReader();
      case ENCODER ->
          new PieceReader(
              WordPieces.load(artifact.place(WordPieces.FILE), artifact.read(WordPieces.FILE)));
      case MLP -> new VectorReader(artifact.dimensions());
      case ENCODER_HEAD -> new MeaningReader(SentenceEncoder.bgeSmall(encoders()), true);
      case WIN_ROUTER ->
          throw new InvalidValueException(
              artifact.directory().toString(),
              "it routes between two models and answers nothing itself",
              "load it with WinRouter, or point the alias to a " + Shape.BAG);
    };
  }
}
