package io.tierwise.distill.train;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;

/**
 * A loss and its gradients, from DJL's PyTorch engine. Parameters live in Java arrays and every
 * call hands the engine fresh copies: the engine adds a gradient to what an array holds from the
 * call before, and each look at one leaves a handle, so whatever outlived a step would reach into
 * the next.
 */
public final class Gradients implements AutoCloseable {
  /** The engine collects for one caller in a JVM, and throws when a second one begins. */
  private static final ReentrantLock COLLECTING = new ReentrantLock();

  private final Engine engine = PyTorch.engine();
  private final NDManager manager = engine.newBaseManager();

  /** Computes a loss, a single number, of the parameters in the order they were given. */
  @FunctionalInterface
  public interface Loss {
    /**
     * @param scope for the arrays that the loss needs; all of them are freed after the call
     */
    NDArray of(NDManager scope, List<NDArray> parameters);
  }

  /**
   * What a loss is differentiated by.
   *
   * @param values row-major
   */
  @SuppressWarnings("ArrayRecordComponent") // copied into the engine at once
  public record Parameter(float[] values, long... shape) {}

  /**
   * One evaluation.
   *
   * @param gradients one a parameter, laid out as its values are
   */
  public record Slope(float loss, List<float[]> gradients) {}

  /** The loss and its gradients. */
  public Slope of(Loss loss, Parameter... parameters) {
    COLLECTING.lock();
    try (NDManager scope = manager.newSubManager();
        GradientCollector collector = engine.newGradientCollector()) {
      List<NDArray> arrays = Stream.of(parameters).map(each -> array(scope, each)).toList();
      NDArray value = loss.of(scope, arrays);
      collector.backward(value);
      return new Slope(
          value.getFloat(),
          arrays.stream().map(array -> array.getGradient().toFloatArray()).toList());
    } finally {
      COLLECTING.unlock();
    }
  }

  /** How many native arrays are held between two calls. */
  int held() {
    return manager.getManagedArrays().size();
  }

  @Override
  public void close() {
    manager.close();
  }

  private static NDArray array(NDManager scope, Parameter parameter) {
    NDArray array = scope.create(parameter.values(), new Shape(parameter.shape()));
    array.setRequiresGradient(true);
    return array;
  }
}
