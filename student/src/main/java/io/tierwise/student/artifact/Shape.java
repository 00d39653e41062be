package io.tierwise.student.artifact;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import io.tierwise.router.InvalidValueException;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What an artifact's graph reads. Its output is always {@code logits} float32 [batch, classes]. */
public enum Shape {
  /**
   * {@code buckets} int64 and {@code weights} float32, both [batch, width], of a {@link
   * io.tierwise.student.feature.Bag}; the shorter bags of a batch are padded with bucket 0 at
   * weight 0.
   */
  BAG("bag"),
  /**
   * {@code input_ids} and {@code attention_mask}, both int64 [batch, length]: the word pieces of a
   * text by the artifact's own {@code tokenizer.json}; the shorter texts of a batch are padded with
   * token 0 at mask 0.
   */
  ENCODER("encoder"),
  /** {@code features} float32 [batch, dimensions]: a sentence encoder's vector. */
  ENCODER_HEAD("encoder-head"),
  /** {@code features} float32 [batch, dimensions]: the caller's own vector. */
  MLP("mlp"),
  /**
   * No graph but a {@link io.tierwise.student.win.WinModel}, in {@link ArtifactFiles#ROUTER}: it
   * answers nothing itself and says which of two models is to.
   */
  WIN_ROUTER("win-router");

  private final String text;

  Shape(String text) {
    this.text = text;
  }

  /** The file that an artifact of this shape always has. */
  String model() {
    return this == WIN_ROUTER ? ArtifactFiles.ROUTER : ArtifactFiles.MODEL;
  }

  @JsonValue
  public String text() {
    return text;
  }

  @JsonCreator
  public static Shape of(String text) {
    return Arrays.stream(values())
        .filter(shape -> shape.text.equals(text))
        .findFirst()
        .orElseThrow(() ->
            new InvalidValueException(
                "shape",
                "'" + text + "' is none that this build knows",
                Arrays.stream(values())
                    .map(Shape::text)
                    .collect(Collectors.joining(", ", "use one of ", ""))));
  }

  @Override
  public String toString() {
    return text;
  }
}
