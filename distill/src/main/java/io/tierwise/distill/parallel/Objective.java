package io.tierwise.distill.parallel;

import ai.djl.ndarray.NDArray;
import io.tierwise.distill.train.Gradients;
import io.tierwise.distill.train.Gradients.Parameter;
import io.tierwise.distill.train.Gradients.Scope;
import io.tierwise.distill.train.Gradients.Slope;
import java.io.Serializable;
import java.util.List;

/**
 * Training examples, known by their numbers from 0, and a loss that is a mean over any of them. So
 * the loss of a batch is the mean of its parts' losses, weighted by their sizes, and its gradient
 * is that of theirs: what makes synchronous data parallelism exact.
 *
 * @param <P> what the loss is a function of: everything that changes from step to step
 */
public interface Objective<P extends Serializable> extends Serializable {

  /** How many examples there are. */
  int examples();

  /** Only some of the examples, numbered anew in the order given. */
  Objective<P> shard(int[] examples);

  /** The arrays to differentiate by. */
  List<Parameter> parameters(P point);

  /**
   * The mean loss of a batch.
   *
   * @param parameters those of {@link #parameters}, in that order
   * @param batch numbers of examples, at least one
   */
  NDArray loss(Scope scope, P point, List<NDArray> parameters, int[] batch);

  /** The mean loss of a batch and its gradients, computed here. */
  default Slope slope(Gradients gradients, P point, int[] batch) {
    return gradients.of(
        (scope, parameters) -> loss(scope, point, parameters, batch),
        parameters(point).toArray(Parameter[]::new));
  }
}
