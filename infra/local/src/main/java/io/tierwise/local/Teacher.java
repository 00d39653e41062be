package io.tierwise.local;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.model.EncoderClassifier;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.util.List;

/** The model behind the server: of texts, or of feature vectors. Thread-safe. */
sealed interface Teacher extends AutoCloseable {
  Artifact artifact();

  /** What it reads, for people. */
  String form();

  boolean reads(Input input);

  /** One prediction for each input, in their order; all are such as {@link #reads} accepts. */
  List<Prediction> predict(List<Input> inputs);

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
  record OfTexts(EncoderClassifier classifier) implements Teacher {
    private static OfTexts load(Artifact artifact, int threads) throws IOException {
      SentenceEncoder encoder = SentenceEncoder.bgeSmall(threads);
      try {
        return new OfTexts(EncoderClassifier.load(artifact, encoder));
      } catch (IOException | RuntimeException e) {
        encoder.close();
        throw e;
      }
    }

    @Override
    public Artifact artifact() {
      return classifier.artifact();
    }

    @Override
    public String form() {
      return "a text";
    }

    @Override
    public boolean reads(Input input) {
      return input instanceof Input.Text;
    }

    @Override
    public List<Prediction> predict(List<Input> inputs) {
      return classifier.predict(texts(inputs));
    }

    /** How many tokens the encoder reads of these. */
    int tokens(List<Input> inputs) {
      return texts(inputs).stream().mapToInt(classifier::tokens).sum();
    }

    private static List<String> texts(List<Input> inputs) {
      return inputs.stream()
          .map(input ->
              switch (input) {
                case Input.Text text -> text.value();
                case Input.Features features ->
                    throw new IllegalArgumentException("this teacher reads texts");
              })
          .toList();
    }

    @Override
    public void close() {
      classifier.close();
    }
  }

  /** A network over the caller's own vectors. */
  record OfFeatures(Student network, int dimensions) implements Teacher {
    @Override
    public Artifact artifact() {
      return network.artifact();
    }

    @Override
    public String form() {
      return "a list of " + dimensions + " numbers";
    }

    @Override
    public boolean reads(Input input) {
      return network.reads(input);
    }

    @Override
    public List<Prediction> predict(List<Input> inputs) {
      return network.predict(inputs);
    }

    @Override
    public void close() {
      network.close();
    }
  }
}
