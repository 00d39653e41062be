package io.tierwise.distill.compress;

import io.tierwise.distill.mlp.Mlp;
import io.tierwise.distill.parallel.Work;
import java.util.Arrays;

/** What a perceptron's layers before the last one make of inputs. */
record PerceptronFeatures(Mlp mlp) implements Work<float[][], float[][]> {
  @Override
  public Worker<float[][], float[][]> open() {
    return inputs -> Arrays.stream(inputs).map(mlp::features).toArray(float[][]::new);
  }
}
