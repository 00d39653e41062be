package io.tierwise.student.model;

import io.tierwise.router.InvalidValueException;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.onnx.Tensor;
import java.io.IOException;
import java.util.List;

/** A frozen sentence encoder with a trained head: the teacher. Thread-safe. */
public final class EncoderClassifier implements AutoCloseable {
  private final Artifact artifact;
  private final SentenceEncoder encoder;
  private final Head head;

  private EncoderClassifier(Artifact artifact, SentenceEncoder encoder, Head head) {
    this.artifact = artifact;
    this.encoder = encoder;
    this.head = head;
  }

  /**
   * @param encoder is closed with the classifier; where this throws it stays open
   * @throws InvalidValueException where the artifact is no head for this encoder
   */
  public static EncoderClassifier load(Artifact artifact, SentenceEncoder encoder)
      throws IOException {
    if (artifact.manifest().shape() != Shape.ENCODER_HEAD
        || !artifact.manifest().featurizer().equals(encoder.name())) {
      throw new InvalidValueException(
          artifact.directory().toString(),
          "it is a " + artifact.manifest().shape() + " on " + artifact.manifest().featurizer(),
          "give an " + Shape.ENCODER_HEAD + " on " + encoder.name());
    }
    Head head = Head.load(artifact, features(List.of(encoder.encode("a sample"))));
    return new EncoderClassifier(artifact, encoder, head);
  }

  public Artifact artifact() {
    return artifact;
  }

  public Prediction predict(String text) {
    return head.predict(features(List.of(encoder.encode(text)))).getFirst();
  }

  /** One prediction for each text, in their order. */
  public List<Prediction> predict(List<String> texts) {
    return texts.isEmpty() ? List.of() : head.predict(features(encoder.encode(texts)));
  }

  /** How many tokens the encoder reads of a text. */
  public int tokens(String text) {
    return encoder.tokens(text);
  }

  /** Waits for the predictions under way. */
  @Override
  public void close() {
    encoder.close();
    head.close();
  }

  private static Tensor features(List<float[]> vectors) {
    int dimensions = vectors.getFirst().length;
    float[] values = new float[vectors.size() * dimensions];
    for (int row = 0; row < vectors.size(); row++) {
      System.arraycopy(vectors.get(row), 0, values, row * dimensions, dimensions);
    }
    return new Tensor.Floats("features", values, vectors.size(), dimensions);
  }
}
