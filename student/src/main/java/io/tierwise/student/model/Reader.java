package io.tierwise.student.model;

import io.tierwise.router.request.Input;
import io.tierwise.student.onnx.Tensor;
import java.util.List;

/** How inputs become the tensors of a graph. */
sealed interface Reader extends AutoCloseable
    permits BagReader, MeaningReader, PieceReader, VectorReader {
  boolean reads(Input input);

  /** A row for each input; all must be such as {@link #reads} accepts. */
  Tensor[] tensors(List<Input> inputs);

  /** An input to try a graph with. */
  List<Input> sample();

  /** Releases what the reader holds outside the heap. */
  @Override
  default void close() {}
}
