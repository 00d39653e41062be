package io.tierwise.distill.train;

import io.tierwise.distill.Progress;
import io.tierwise.student.encoder.SentenceEncoder;
import java.util.ArrayList;
import java.util.List;

/** The vectors of many texts, with progress. */
public final class EncodedTexts {
  private static final int BATCH = 32;

  private EncodedTexts() {}

  /**
   * @param stage what the progress is told
   * @return [texts][dimensions]
   */
  public static List<float[]> of(
      SentenceEncoder encoder, List<String> texts, String stage, Progress progress) {
    List<float[]> vectors = new ArrayList<>(texts.size());
    for (int from = 0; from < texts.size(); from += BATCH) {
      vectors.addAll(encoder.encode(texts.subList(from, Math.min(from + BATCH, texts.size()))));
      progress.report(stage, vectors.size(), texts.size());
    }
    return vectors;
  }
}
