package io.tierwise.distill.train;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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

  static {
    // A process that is told to end unloads the engine: no step may be under way, none may begin.
    Runtime.getRuntime().addShutdownHook(new Thread(COLLECTING::lock, "last-step"));
  }

  /** As the engine lays out its own: how operands lie decides the order of its sums. */
  private static final int ALIGNMENT = 64;

  private final Engine engine = PyTorch.engine();
  private final NDManager manager = engine.newBaseManager();

  /** Computes a loss, a single number, of the parameters in the order they were given. */
  @FunctionalInterface
  public interface Loss {
    NDArray of(Scope scope, List<NDArray> parameters);
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

  /** Makes the arrays of one evaluation; all of them are freed after it. */
  public static final class Scope {
    private final NDManager manager;
    private final Arena memory;

    private Scope(NDManager manager, Arena memory) {
      this.manager = manager;
      this.memory = memory;
    }

    /** The same, with its arrays on another device. */
    public Scope on(Device device) {
      return device.equals(manager.getDevice())
          ? this
          : new Scope(manager.newSubManager(device), memory);
    }

    /**
     * @param values row-major
     */
    public NDArray array(float[] values, long... shape) {
      // Left to itself the engine takes memory that goes only when the garbage collector comes by.
      ByteBuffer copy =
          memory
              .allocate((long) values.length * Float.BYTES, ALIGNMENT)
              .asByteBuffer()
              .order(ByteOrder.nativeOrder());
      copy.asFloatBuffer().put(values);
      return manager.create(copy, new Shape(shape), DataType.FLOAT32);
    }

    /**
     * An array factory for what is computed without gradients.
     *
     * @param manager frees the arrays
     * @param memory holds their values; to be closed after the manager
     */
    public static Scope over(NDManager manager, Arena memory) {
      return new Scope(manager, memory);
    }

    /**
     * A single number, to calculate with. The engine's own operations on a Java number are not for
     * a loss: they put it in memory that the garbage collector may take before the gradient, which
     * reads it again, has been computed.
     */
    public NDArray number(float value) {
      return array(new float[] {value});
    }

    /** Whole numbers, row-major. */
    public NDArray array(long[] values, long... shape) {
      ByteBuffer copy =
          memory
              .allocate((long) values.length * Long.BYTES, ALIGNMENT)
              .asByteBuffer()
              .order(ByteOrder.nativeOrder());
      copy.asLongBuffer().put(values);
      return manager.create(copy, new Shape(shape), DataType.INT64);
    }

    /**
     * @param rows all of one length
     */
    public NDArray array(float[][] rows) {
      int columns = rows[0].length;
      float[] values = new float[rows.length * columns];
      for (int i = 0; i < rows.length; i++) {
        System.arraycopy(rows[i], 0, values, i * columns, columns);
      }
      return array(values, rows.length, columns);
    }
  }

  /** The loss and its gradients. */
  public Slope of(Loss loss, Parameter... parameters) {
    COLLECTING.lock();
    try (Arena memory = Arena.ofConfined();
        NDManager scoped = manager.newSubManager();
        GradientCollector collector = engine.newGradientCollector()) {
      Scope scope = new Scope(scoped, memory);
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

  private static NDArray array(Scope scope, Parameter parameter) {
    NDArray array = scope.array(parameter.values(), parameter.shape());
    array.setRequiresGradient(true);
    return array;
  }
}
