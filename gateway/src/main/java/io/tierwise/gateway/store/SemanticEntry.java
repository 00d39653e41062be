package io.tierwise.gateway.store;

import io.tierwise.router.confidence.Confidence;
import java.util.Map;

/**
 * A large model's answer, kept for questions that mean the same.
 *
 * @param text what was asked
 * @param vector of the text, of length 1
 * @param answer field by field, as {@link StoredAnswer#fields} or {@link
 *     ChatAnswerStore.Kept#fields} has it
 * @param confidence the large model's own in it
 */
@SuppressWarnings("ArrayRecordComponent") // on its way between store and index, never compared
public record SemanticEntry(
    String text, float[] vector, Map<String, String> answer, Confidence confidence) {
  public SemanticEntry {
    answer = Map.copyOf(answer);
  }
}
