package io.tierwise.student.model;

import io.tierwise.router.request.Input;
import io.tierwise.student.encoder.WordPieces;
import io.tierwise.student.onnx.Tensor;
import java.util.List;

/** Texts as word pieces, cut by the artifact's own tokenizer and padded to the longest. */
final class PieceReader implements Reader {
  private final WordPieces pieces;

  PieceReader(WordPieces pieces) {
    this.pieces = pieces;
  }

  @Override
  public boolean reads(Input input) {
    return input instanceof Input.Text;
  }

  @Override
  public Tensor[] tensors(List<Input> inputs) {
    return pieces.tensors(inputs.stream().map(input -> ((Input.Text) input).value()).toList());
  }

  @Override
  public List<Input> sample() {
    return List.of(new Input.Text("a sample"));
  }

  @Override
  public void close() {
    pieces.close();
  }
}
