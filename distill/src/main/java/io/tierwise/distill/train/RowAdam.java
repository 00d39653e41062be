package io.tierwise.distill.train;

/**
 * {@link Adam} for a table of which a step touches few rows: the moments of the others stand still,
 * so that a step costs what it touches.
 */
public final class RowAdam {
  private static final float FIRST_DECAY = 0.9f;
  private static final float SECOND_DECAY = 0.999f;
  private static final float TINY = 1e-8f;

  private final int width;
  private final float[] mean;
  private final float[] square;
  private final int[] steps;

  public RowAdam(int rows, int width) {
    this.width = width;
    this.mean = new float[rows * width];
    this.square = new float[rows * width];
    this.steps = new int[rows];
  }

  /**
   * Moves the touched rows one step against their gradient.
   *
   * @param table row-major [rows, width]
   * @param touched rows, each once
   * @param gradient row-major [touched, width]
   */
  public void step(float[] table, int[] touched, float[] gradient, float rate) {
    for (int t = 0; t < touched.length; t++) {
      int row = touched[t];
      steps[row]++;
      float first = (float) (1 / (1 - Math.pow(FIRST_DECAY, steps[row])));
      float second = (float) (1 / (1 - Math.pow(SECOND_DECAY, steps[row])));
      for (int d = 0; d < width; d++) {
        int at = row * width + d;
        float slope = gradient[t * width + d];
        mean[at] = FIRST_DECAY * mean[at] + (1 - FIRST_DECAY) * slope;
        square[at] = SECOND_DECAY * square[at] + (1 - SECOND_DECAY) * slope * slope;
        table[at] -= rate * (mean[at] * first) / ((float) Math.sqrt(square[at] * second) + TINY);
      }
    }
  }
}
