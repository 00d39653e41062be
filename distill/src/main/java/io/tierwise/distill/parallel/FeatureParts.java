package io.tierwise.distill.parallel;

import io.tierwise.distill.Progress;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The features of many inputs, worked out by an engine's workers. The parts are the same for any
 * engine and any number of workers, and so are the features to the last bit.
 */
public final class FeatureParts {
  private static final int PART = 256;

  /** So many at a time, as a worker opens the work anew for each time. */
  private static final int PARTS_OF_A_WORKER = 8;

  private FeatureParts() {}

  /**
   * @param features of a part's inputs, in their order
   * @return [inputs][dimensions]
   */
  public static <I extends Serializable> float[][] of(
      Work<I[], float[][]> features, I[] inputs, Engine engine, Progress progress)
      throws IOException {
    List<I[]> parts = new ArrayList<>();
    for (int from = 0; from < inputs.length; from += PART) {
      parts.add(Arrays.copyOfRange(inputs, from, Math.min(from + PART, inputs.length)));
    }
    float[][] all = new float[inputs.length][];
    int at = 0;
    try (Crew<I[], float[][]> crew = engine.crew(features)) {
      int given = crew.atOnce() == 1 ? 1 : PARTS_OF_A_WORKER * crew.atOnce();
      for (int from = 0; from < parts.size(); from += given) {
        int to = Math.min(from + given, parts.size());
        for (Crew.Done<float[][]> done : crew.each(parts.subList(from, to))) {
          System.arraycopy(done.result(), 0, all, at, done.result().length);
          at += done.result().length;
        }
        progress.report("extracting features", at, inputs.length);
      }
    }
    return all;
  }
}
