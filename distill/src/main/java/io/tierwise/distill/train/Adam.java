package io.tierwise.distill.train;

/**
 * Adam (Kingma, Ba: Adam: A Method for Stochastic Optimization, 2015) for one array of parameters,
 * with the paper's constants. In plain Java: DJL's own keeps native state that nothing frees.
 */
public final class Adam {
  private static final float FIRST_DECAY = 0.9f;
  private static final float SECOND_DECAY = 0.999f;
  private static final float TINY = 1e-8f;

  private final float[] mean;
  private final float[] square;
  private double firstLeft = 1;
  private double secondLeft = 1;

  /**
   * @param size how many parameters there are
   */
  public Adam(int size) {
    this.mean = new float[size];
    this.square = new float[size];
  }

  /** Moves the parameters one step against the gradient. */
  public void step(float[] parameters, float[] gradient, float rate) {
    firstLeft *= FIRST_DECAY;
    secondLeft *= SECOND_DECAY;
    float first = (float) (1 / (1 - firstLeft));
    float second = (float) (1 / (1 - secondLeft));
    for (int i = 0; i < parameters.length; i++) {
      float slope = gradient[i];
      mean[i] = FIRST_DECAY * mean[i] + (1 - FIRST_DECAY) * slope;
      square[i] = SECOND_DECAY * square[i] + (1 - SECOND_DECAY) * slope * slope;
      parameters[i] -= rate * (mean[i] * first) / ((float) Math.sqrt(square[i] * second) + TINY);
    }
  }
}
