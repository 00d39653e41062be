package io.tierwise.student.model;

import io.tierwise.router.request.Input;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.onnx.Tensor;
import java.util.List;

/**
 * Texts as the vectors of a sentence encoder.
 *
 * @param owned whether the encoder is closed with the reader
 */
record MeaningReader(SentenceEncoder encoder, boolean owned) implements Reader {
  @Override
  public boolean reads(Input input) {
    return input instanceof Input.Text;
  }

  @Override
  public Tensor[] tensors(List<Input> inputs) {
    int dimensions = encoder.dimensions();
    float[] values = new float[inputs.size() * dimensions];
    List<float[]> vectors =
        encoder.encode(inputs.stream().map(input -> ((Input.Text) input).value()).toList());
    for (int row = 0; row < vectors.size(); row++) {
      System.arraycopy(vectors.get(row), 0, values, row * dimensions, dimensions);
    }
    return new Tensor[] {new Tensor.Floats("features", values, inputs.size(), dimensions)};
  }

  @Override
  public List<Input> sample() {
    return List.of(new Input.Text("a sample"));
  }

  @Override
  public void close() {
    if (owned) {
      encoder.close();
    }
  }
}
