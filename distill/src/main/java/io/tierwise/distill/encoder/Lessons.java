package io.tierwise.distill.encoder;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an encoder learns from, an entry for each text.
 *
 * @param tokens [texts][tokens]
 * @param hard [texts][classes]: the large model's label; null where only states are imitated
 * @param soft [texts][classes]: the distribution to imitate; null where {@code hard} is
 * @param apart [texts][classes]: added to the logits, to keep other tasks' classes out; null where
 *     there is one task
 * @param below the states of a frozen part, to start from; null where the encoder is trained from
 *     its word table on
 * @param target the states to imitate; null where only answers are
 */
@SuppressWarnings("ArrayRecordComponent") // weights by the million, never compared
record Lessons(
    int[][] tokens,
    float @Nullable [][] hard,
    float @Nullable [][] soft,
    float @Nullable [][] apart,
    @Nullable HiddenStates below,
    @Nullable HiddenStates target) {

  static Lessons answers(int[][] tokens, float[][] hard, float[][] soft) {
    return new Lessons(tokens, hard, soft, null, null, null);
  }

  static Lessons states(int[][] tokens, HiddenStates target) {
    return new Lessons(tokens, null, null, null, null, target);
  }

  int size() {
    return tokens.length;
  }

  /** The labels, where there are some. */
  float[][] answers() {
    return Objects.requireNonNull(hard, "lessons without labels");
  }

  /** The distributions, where there are some. */
  float[][] distributions() {
    return Objects.requireNonNull(soft, "lessons without distributions");
  }
}
