package io.tierwise.distill.encoder;

import io.tierwise.distill.Progress;
import io.tierwise.distill.parallel.Work;
import java.io.IOException;

/**
 * The mean states that an encoder gives tokens.
 *
 * @param graph in single precision
 */
@SuppressWarnings("ArrayRecordComponent") // a file, never compared
record EncoderFeatures(byte[] graph) implements Work<int[][], float[][]> {
  @Override
  public Worker<int[][], float[][]> open() throws IOException {
    EncoderRunner runner = new EncoderRunner(EncoderGraph.read("the parent", graph));
    return new Worker<>() {
      @Override
      public float[][] of(int[][] texts) {
        return runner.pooled(texts, Progress.SILENT);
      }

      @Override
      public void close() {
        runner.close();
      }
    };
  }
}
