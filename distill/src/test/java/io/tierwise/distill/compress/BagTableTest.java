package io.tierwise.distill.compress;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.distill.Kept;
import io.tierwise.distill.onnx.BagGraph;
import io.tierwise.distill.onnx.OnnxModels;
import io.tierwise.router.InvalidValueException;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.onnx.OnnxModel;
import io.tierwise.student.onnx.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows and columns of a bag's table, against numbers worked out by hand. */
final class BagTableTest {
  private static final float[] ONES = {1, 1, 1, 1, 1};
  private static final float[] IDENTITY = {1, 0, 0, 1};

  /** Buckets 0 and 4 have rows of zeros. */
  private static final BagGraph BAG =
      new BagGraph(
          ONES, null, new byte[] {0, 0, 10, 0, 0, 5, 1, 1, 0, 0}, IDENTITY, new float[] {1, -1});

  private static Bag text(int... buckets) {
    float[] weights = new float[buckets.length];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (1 / Math.sqrt(weights.length));
    }
    return new Bag(buckets, weights);
  }

  private static float[] logits(BagGraph bag, long... buckets) throws IOException {
    float[] weights = new float[buckets.length];
    Arrays.fill(weights, 2);
    try (OnnxModel model = OnnxModel.load("bag", bag.write())) {
      return model
          .forward(
              new Tensor.Longs("buckets", buckets, 1, buckets.length),
              new Tensor.Floats("weights", weights, 1, buckets.length))
          .values();
    }
  }

  @Test
  void keepsTheRowThatAddsMostToRealTexts() {
    // Once more than seen: 1 · 10² of bucket 1, 11 · 5² of bucket 2, 1 · 2 of bucket 3.
    BagGraph pruned = new BagRows(new Kept(1)).prune(BAG, Collections.nCopies(10, text(2)));
    assertArrayEquals(new byte[] {0, 0, 0, 5}, pruned.table());
    assertArrayEquals(new int[] {0, 0, 1, 0, 0}, pruned.places());
    assertEquals(2, pruned.rows());
  }

  @Test
  void rowsOfZerosGoWithoutChangingAnyOutput() throws IOException {
    BagGraph pruned = new BagRows(new Kept(3)).prune(BAG, List.of(text(0, 1, 2)));
    assertEquals(4, pruned.rows());
    assertArrayEquals(logits(BAG, 0, 1, 3), logits(pruned, 0, 1, 3));
    assertArrayEquals(logits(BAG, 4, 2, 2), logits(pruned, 4, 2, 2));
    assertThrows(
        InvalidValueException.class, () -> new BagRows(new Kept(4)).prune(BAG, List.of(text(0))));
  }

  @Test
  void aPrunedTableIsPrunedAgain() throws IOException {
    List<Bag> texts = List.of(text(1), text(2));
    BagGraph twice =
        new BagRows(new Kept(2)).prune(new BagRows(new Kept(3)).prune(BAG, texts), texts);
    assertArrayEquals(new int[] {0, 1, 2, 0, 0}, twice.places());
    assertArrayEquals(logits(BAG, 1, 2), logits(twice, 1, 2));
  }

  @Test
  void aTableOfOneDirectionIsOneColumnWithoutLoss() throws IOException {
    BagGraph bag =
        new BagGraph(
            new float[] {1, 1, 1},
            null,
            new byte[] {127, 127, 1, 1, -64, -64},
            new float[] {0.5f, 0, -0.25f, 0, 0.5f, 1},
            new float[] {0.25f, 0, 3});
    List<Bag> texts = List.of(text(0), text(1), text(2), text(0, 1));
    BagGraph narrow = new BagComponents(Factorize.toRank(1)).factorize(bag, texts);
    assertEquals(1, narrow.width());
    assertArrayEquals(logits(bag, 0, 2), logits(narrow, 0, 2), 1e-4f);
    assertArrayEquals(logits(bag, 1), logits(narrow, 1), 1e-4f);
    assertEquals(1, new BagComponents(Factorize.keeping(0.999)).factorize(bag, texts).width());
  }

  @Test
  void asManyColumnsStayAsKeepTheEnergy() {
    // Variances 2 · 12² and 2 · 5²: the first is 0.852 of both.
    BagGraph bag =
        new BagGraph(
            new float[] {1, 1, 1, 1},
            null,
            new byte[] {12, 0, -12, 0, 0, 5, 0, -5},
            IDENTITY,
            new float[2]);
    List<Bag> texts = List.of(text(0), text(1), text(2), text(3));
    assertEquals(1, new BagComponents(Factorize.keeping(0.85)).factorize(bag, texts).width());
    InvalidValueException refused =
        assertThrows(
            InvalidValueException.class,
            () -> new BagComponents(Factorize.keeping(0.86)).factorize(bag, texts));
    assertEquals("energy", refused.field());
    assertEquals("it takes 2 of 2 columns", refused.trouble());
  }

  @Test
  void aGraphIsReadBackAsItWasWritten() {
    BagGraph read = BagGraph.read("test", BAG.write());
    assertArrayEquals(BAG.table(), read.table());
    assertArrayEquals(BAG.head(), read.head());
    assertNull(read.places());
    assertArrayEquals(BAG.write(), read.write());
    assertThrows(
        InvalidValueException.class,
        () -> BagGraph.read("test", OnnxModels.linear(new float[2], new float[2])));
  }
}
