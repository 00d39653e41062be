package io.tierwise.student.model;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.encoder.WordPieces;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A small model that answers as the large one does. Thread-safe. */
public final class Student implements Predictor {
  /** Inputs that go through the graph at once; more gain nothing and take memory. */
  private static final int BATCH = 64;

  private final Artifact artifact;
  private final Reader reader;
  private final Head head;

  private Student(Artifact artifact, Reader reader, Head head) {
    this.artifact = artifact;
    this.reader = reader;
    this.head = head;
  }

  /**
   * Loads a student of any shape and runs it once. The head of a sentence encoder brings an encoder
   * of its own along: some 60 MB, and milliseconds for each text.
   *
   * @throws InvalidValueException where the files are damaged or the graph does not fit the
   *     manifest
   */
  public static Student load(Artifact artifact) throws IOException {
    return load(artifact, reader(artifact));
  }

  /**
   * The same with an encoder that is there already, where the shape needs one; it stays open when
   * the student is closed.
   */
  public static Student load(Artifact artifact, SentenceEncoder encoder) throws IOException {
    return artifact.manifest().shape() == Shape.ENCODER_HEAD
        ? load(artifact, new MeaningReader(encoder, false))
        : load(artifact);
  }

  private static Student load(Artifact artifact, Reader reader) throws IOException {
    try {
      return new Student(artifact, reader, Head.load(artifact, reader.tensors(reader.sample())));
    } catch (IOException | RuntimeException e) {
      reader.close();
      throw e;
    }
  }

  public Artifact artifact() {
    return artifact;
  }

  @Override
  public String version() {
    return artifact.manifest().version();
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
  }

  private static int encoders() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static Reader reader(Artifact artifact) throws IOException {
    return switch (artifact.manifest().shape()) {
      case BAG -> new BagReader();
      case ENCODER ->
          new PieceReader(
              WordPieces.load(
                  artifact.directory().resolve(WordPieces.FILE).toString(),
                  artifact.read(WordPieces.FILE)));
      case MLP -> new VectorReader(artifact.dimensions());
      case ENCODER_HEAD -> new MeaningReader(SentenceEncoder.bgeSmall(encoders()), true);
    };
  }
}
