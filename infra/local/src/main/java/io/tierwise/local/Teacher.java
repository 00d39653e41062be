package io.tierwise.local;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.util.List;

/** The model behind the server: of texts, or of feature vectors. Thread-safe. */
sealed interface Teacher extends AutoCloseable {
  /** What answers. */
  Student student();

  /** What it reads, for people. */
  String form();

  @Override
  void close();

  /**
   * Loads an encoder's head, or an mlp.
   *
   * @param threads of the encoder
   * @throws InvalidValueException where the artifact is damaged, or neither
   */
  static Teacher load(Artifact artifact, int threads) throws IOException {
    return switch (artifact.manifest().shape()) {
      case ENCODER_HEAD -> OfTexts.load(artifact, threads);
      case MLP -> new OfFeatures(Student.load(artifact), artifact.dimensions());
      case BAG, ENCODER, WIN_ROUTER ->
          throw new InvalidValueException(
              artifact.directory().toString(),
              "it is a " + artifact.manifest().shape(),
              "give an " + Shape.ENCODER_HEAD + " or an " + Shape.MLP);
    };
  }

  /** A sentence encoder with a trained head. */
  record OfTexts(Student student, SentenceEncoder encoder) implements Teacher {
    private static OfTexts load(Artifact artifact, int threads) throws IOException {
      SentenceEncoder encoder = SentenceEncoder.bgeSmall(threads);
      try {
        return new OfTexts(Student.load(artifact, encoder), encoder);
      } catch (IOException | RuntimeException e) {
        encoder.close();
        throw e;
      }
    }

    @Override
    public String form() {
      return "a text";
    }

    /** How many tokens the encoder reads of these. */
    int tokens(List<Input> inputs) {
      return inputs.stream().mapToInt(input -> encoder.tokens(((Input.Text) input).value())).sum();
    }

    @Override
    public void close() {
      student.close();
      encoder.close();
    }
  }

  /** A network over the caller's own vectors. */
  record OfFeatures(Student student, int dimensions) implements Teacher {
    @Override
    public String form() {
      return "a list of " + dimensions + " numbers";
    }

    @Override
    public void close() {
      student.close();
    }
  }
}
