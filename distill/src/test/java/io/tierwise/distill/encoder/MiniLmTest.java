package io.tierwise.distill.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.distill.Progress;
import io.tierwise.student.encoder.WordPieces;
import io.tierwise.student.onnx.OnnxModel;
import io.tierwise.student.onnx.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class MiniLmTest {
  private static final List<String> TEXTS =
      List.of(
          "please move 40 dollars to savings",
          "hi",
          "What's the weather like in Zürich, and is it going to rain tomorrow afternoon?");

  @Test
  void computesTheSameStatesAsThePretrainedFile() throws IOException {
    EncoderWeights weights = MiniLm.load();
    assertEquals(6, weights.layers());
    assertEquals(384, weights.dimensions());
    assertEquals(1536, weights.units(5));
    int[][] tokens = tokens(TEXTS);
    try (OnnxModel file = OnnxModel.load("MiniLM", MiniLm.graph());
        EncoderRunner runner = new EncoderRunner(weights)) {
      float[][] states = new float[TEXTS.size()][];
      runner.states(
          tokens,
          6,
          Progress.SILENT,
          (text, all, from, end) -> states[text] = Arrays.copyOfRange(all, from, end));
      for (int text = 0; text < tokens.length; text++) {
        assertArrayEquals(pretrained(file, tokens[text]), states[text], 1e-4f);
      }
    }
  }

  @Test
  void exportsAGraphThatComputesWhatTheEngineDoes() throws IOException {
    EncoderWeights weights = MiniLm.load().cut(List.of(0, 5)).withHead(7, 3);
    int[][] tokens = tokens(TEXTS);
    byte[] graph = EncoderGraph.write(weights, new Products.Single());
    try (OnnxModel exported = OnnxModel.load("exported", graph);
        EncoderRunner runner = new EncoderRunner(weights)) {
      float[][] expected = runner.logits(tokens, Progress.SILENT);
      long[][] padded =
          Arrays.stream(tokens)
              .map(text -> Arrays.stream(text).asLongStream().toArray())
              .toArray(long[][]::new);
      float[] actual = exported.forward(WordPieces.tensors(padded)).values();
      for (int text = 0; text < tokens.length; text++) {
        assertArrayEquals(
            expected[text], Arrays.copyOfRange(actual, text * 7, text * 7 + 7), 1e-5f);
      }
    }
  }

  private static int[][] tokens(List<String> texts) throws IOException {
    try (WordPieces pieces = WordPieces.load("tokenizer", MiniLm.tokenizer())) {
      return texts.stream()
          .map(text -> Arrays.stream(pieces.tokens(text)).mapToInt(Math::toIntExact).toArray())
          .toArray(int[][]::new);
    }
  }

  private static float[] pretrained(OnnxModel file, int[] tokens) {
    int length = tokens.length;
    long[] ids = Arrays.stream(tokens).asLongStream().toArray();
    long[] mask = new long[length];
    Arrays.fill(mask, 1);
    return file.forward(
            new Tensor.Longs("input_ids", ids, 1, length),
            new Tensor.Longs("attention_mask", mask, 1, length),
            new Tensor.Longs("token_type_ids", new long[length], 1, length))
        .values();
  }
}
