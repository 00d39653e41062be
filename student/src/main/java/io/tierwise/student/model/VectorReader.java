package io.tierwise.student.model;

import io.tierwise.router.request.Input;
import io.tierwise.student.onnx.Tensor;
import java.util.List;

/** The caller's own vectors, as they are. */
final class VectorReader implements Reader {
  private final int dimensions;

  VectorReader(int dimensions) {
    this.dimensions = dimensions;
  }

  @Override
  public boolean reads(Input input) {
    return input instanceof Input.Features features && features.bytes() == dimensions * Float.BYTES;
  }

  @Override
  public Tensor[] tensors(List<Input> inputs) {
    float[] values = new float[inputs.size() * dimensions];
    for (int row = 0; row < inputs.size(); row++) {
      float[] vector = ((Input.Features) inputs.get(row)).toArray();
      System.arraycopy(vector, 0, values, row * dimensions, dimensions);
    }
    return new Tensor[] {new Tensor.Floats("features", values, inputs.size(), dimensions)};
  }

  @Override
  public List<Input> sample() {
    return List.of(new Input.Features(new float[dimensions]));
  }
}
