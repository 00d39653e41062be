package io.tierwise.student.onnx;

/** A network of an ONNX file, ready to run. Thread-safe. */
public sealed interface Graph extends AutoCloseable permits OnnxModel, BagModel {
  /**
   * The first output of a forward pass.
   *
   * @param values row by row
   * @param shape the output's dimensions
   */
  @SuppressWarnings("ArrayRecordComponent") // comes out of a forward pass and is read once
  record Output(float[] values, long[] shape) {}

  /**
   * Runs the graph on all of its inputs, given in any order.
   *
   * @throws IllegalStateException after {@link #close}, or where an input does not fit
   * @throws ai.djl.engine.EngineException where ONNX Runtime refuses the inputs
   */
  Output forward(Tensor... inputs);

  /** Waits for the passes under way. */
  @Override
  void close();
}
