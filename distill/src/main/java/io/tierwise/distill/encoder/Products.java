package io.tierwise.distill.encoder;

import ai.onnx.proto.OnnxMl.TensorProto.DataType;
import io.tierwise.distill.onnx.OnnxGraph;
import io.tierwise.distill.train.Gradients.Parameter;
import java.util.Map;

/** How a graph looks words up and multiplies states by a layer's matrices. */
sealed interface Products {
  /** Stands for 0 in states. Unsigned, as the fast integer products of x86 want them. */
  int ZERO = 128;

  /**
   * Adds nodes that write {@code words.rows} [batch, length, D] from {@code input_ids}.
   *
   * @param table [vocabulary, D]
   */
  void lookUp(OnnxGraph graph, Parameter table);

  /**
   * Adds nodes that write {@code name.product} [rows, N] from {@code states} [rows, K].
   *
   * @param matrix [K, N]
   */
  void multiply(OnnxGraph graph, String name, String states, Parameter matrix);

  /** In single precision. */
  record Single() implements Products {
    @Override
    public void lookUp(OnnxGraph graph, Parameter table) {
      graph
          .floats(EncoderWeights.WORDS, table.values(), table.shape())
          .node("Gather", "words.rows", EncoderWeights.WORDS, "input_ids");
    }

    @Override
    public void multiply(OnnxGraph graph, String name, String states, Parameter matrix) {
      graph
          .floats(name + ".weight", matrix.values(), matrix.shape())
          .node("MatMul", name + ".product", states, name + ".weight");
    }
  }

  /**
   * In bytes, each position's states scaled by its own largest value as it comes: a text's answer
   * does not depend on the texts beside it, as it would with one scale for a whole batch.
   */
  record Dynamic() implements Products {
    @Override
    public void lookUp(OnnxGraph graph, Parameter table) {
      lookUpBytes(graph, table);
    }

    @Override
    public void multiply(OnnxGraph graph, String name, String states, Parameter matrix) {
      Int8Matrix bytes = Int8Matrix.byColumn(matrix);
      graph
          .bytes(name + ".weight.int8", bytes.values(), matrix.shape())
          .floats(name + ".weight.scale", bytes.scales(), bytes.scales().length)
          .scalar(name + ".per.byte", 1f / Byte.MAX_VALUE)
          .scalar(name + ".least", 1e-9f)
          .node("Abs", name + ".sizes", states)
          .nodeWithInts("ReduceMax", "axes", new long[] {1}, name + ".largest", name + ".sizes")
          .node("Mul", name + ".step.raw", name + ".largest", name + ".per.byte")
          .node("Max", name + ".step", name + ".step.raw", name + ".least")
          .node("Div", name + ".steps", states, name + ".step")
          .scalar(name + ".one", 1f)
          .unsigned(name + ".zero", ZERO)
          .node("QuantizeLinear", name + ".uint8", name + ".steps", name + ".one", name + ".zero")
          .node(
              "MatMulInteger",
              name + ".sums",
              name + ".uint8",
              name + ".weight.int8",
              name + ".zero")
          .nodeWithInt(
              "Cast", "to", DataType.FLOAT.getNumber(), name + ".sums.float", name + ".sums")
          .node("Mul", name + ".stepped", name + ".sums.float", name + ".step")
          .node("Mul", name + ".product", name + ".stepped", name + ".weight.scale");
    }
  }

  /**
   * In bytes, the states scaled by a range that was measured on real inputs. Integer products
   * rather than quantize and dequantize pairs: the runtime folds a product and its bias into one
   * node before it looks for pairs, finds none, and widens the matrix anew at each call.
   *
   * @param ranges largest value of the states that each product reads, by the product's name
   */
  record Static(Map<String, Float> ranges) implements Products {
    public Static {
      ranges = Map.copyOf(ranges);
    }

    @Override
    public void lookUp(OnnxGraph graph, Parameter table) {
      lookUpBytes(graph, table);
    }

    @Override
    public void multiply(OnnxGraph graph, String name, String states, Parameter matrix) {
      Int8Matrix bytes = Int8Matrix.byColumn(matrix);
      Float range = ranges.get(name);
      if (range == null) {
        throw new IllegalStateException("no range was measured for " + name);
      }
      float step = range / Byte.MAX_VALUE;
      float[] steps = bytes.scales().clone();
      for (int column = 0; column < steps.length; column++) {
        steps[column] *= step;
      }
      graph
          .bytes(name + ".weight.int8", bytes.values(), matrix.shape())
          .floats(name + ".weight.scale", steps, steps.length)
          .scalar(name + ".step", step)
          .unsigned(name + ".zero", ZERO)
          .node("QuantizeLinear", name + ".uint8", states, name + ".step", name + ".zero")
          .node(
              "MatMulInteger",
              name + ".sums",
              name + ".uint8",
              name + ".weight.int8",
              name + ".zero")
          .nodeWithInt(
              "Cast", "to", DataType.FLOAT.getNumber(), name + ".sums.float", name + ".sums")
          .node("Mul", name + ".product", name + ".sums.float", name + ".weight.scale");
    }
  }

  private static void lookUpBytes(OnnxGraph graph, Parameter table) {
    Int8Matrix bytes = Int8Matrix.byRow(table);
    graph
        .bytes("words.int8", bytes.values(), table.shape())
        .floats("words.scale", bytes.scales(), bytes.scales().length, 1)
        .node("Gather", "words.rows.int8", "words.int8", "input_ids")
        .node("Gather", "words.rows.scale", "words.scale", "input_ids")
        .nodeWithInt(
            "Cast", "to", DataType.FLOAT.getNumber(), "words.rows.float", "words.rows.int8")
        .node("Mul", "words.rows", "words.rows.float", "words.rows.scale");
  }
}
