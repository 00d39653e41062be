package io.tierwise.student.onnx;

import ai.djl.Model;
import ai.djl.ModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tierwise.router.InvalidValueException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;

/**
 * An ONNX graph on one CPU core: DJL's ONNX Runtime engine, with one thread per forward pass, so
 * that many passes at once share the cores instead of fighting for them. Thread-safe.
 */
public final class OnnxModel implements Graph {
  private final Lifespan lifespan;
  private final Model model;
  private final Block block;
  private final NDManager manager;
  private final ParameterStore parameters;

  private OnnxModel(String name, Model model) {
    this.lifespan = new Lifespan(name);
    this.model = model;
    this.block = model.getBlock();
    this.manager = model.getNDManager();
    this.parameters = new ParameterStore(manager, false);
  }

  /**
   * @param name for messages and refusals
   * @param graph the bytes of an ONNX file without external data
   * @throws InvalidValueException where ONNX Runtime cannot load it
   */
  public static OnnxModel load(String name, byte[] graph) throws IOException {
    Model model = OnnxRuntime.engine().newModel(name, null);
    try (OrtSession.SessionOptions options = sessionOptions()) {
      model.load(new ByteArrayInputStream(graph), Map.of("sessionOptions", options));
      // DJL makes an empty directory for a model that comes from a stream.
      Files.deleteIfExists(model.getModelPath());
      return new OnnxModel(name, model);
    } catch (ModelException | OrtException e) {
      model.close();
      throw new InvalidValueException(
          name, "ONNX Runtime cannot load it: " + rootMessage(e), "export the graph again");
    }
  }

  @Override
  public Output forward(Tensor... inputs) {
    return lifespan.during(() -> run(inputs));
  }

  @Override
  public void close() {
    lifespan.end(model::close);
  }

  private Output run(Tensor[] inputs) {
    try (NDManager pass = manager.newSubManager()) {
      NDList arrays = new NDList(inputs.length);
      for (Tensor input : inputs) {
        NDArray array =
            pass.create(input.buffer(), new Shape(input.rows(), input.columns()), type(input));
        array.setName(input.name());
        arrays.add(array);
      }
      NDArray output = block.forward(parameters, arrays, false).head();
      return new Output(output.toFloatArray(), output.getShape().getShape());
    }
  }

  private static DataType type(Tensor input) {
    return switch (input) {
      case Tensor.Longs longs -> DataType.INT64;
      case Tensor.Floats floats -> DataType.FLOAT32;
    };
  }

  private static OrtSession.SessionOptions sessionOptions() throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.addConfigEntry("session.inter_op.allow_spinning", "0");
    // It keeps a plan for every input shape ever seen, and texts come in all lengths.
    options.setMemoryPatternOptimization(false);
    return options;
  }

  private static String rootMessage(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return String.valueOf(root.getMessage());
  }
}
