package io.tierwise.distill.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdxFolderTest {
  @TempDir private Path folder;

  @BeforeEach
  void writeDigits() throws IOException {
    gzip("train-images-idx3-ubyte.gz", images(2, 0, 255, 51, 102));
    gzip("train-labels-idx1-ubyte.gz", labels(3, 1));
    Files.write(folder.resolve("t10k-images-idx3-ubyte"), images(1, 255, 0));
    Files.write(folder.resolve("t10k-labels-idx1-ubyte"), labels(0));
  }

  private void gzip(String name, byte[] content) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(folder.resolve(name)))) {
      out.write(content);
    }
  }

  /** Images of 1 × 2 pixels. */
  private static byte[] images(int count, int... pixels) {
    ByteBuffer buffer = ByteBuffer.allocate(16 + pixels.length);
    buffer.putInt(0x803).putInt(count).putInt(1).putInt(2);
    for (int pixel : pixels) {
      buffer.put((byte) pixel);
    }
    return buffer.array();
  }

  private static byte[] labels(int... labels) {
    ByteBuffer buffer = ByteBuffer.allocate(8 + labels.length);
    buffer.putInt(0x801).putInt(labels.length);
    for (int label : labels) {
      buffer.put((byte) label);
    }
    return buffer.array();
  }

  @Test
  void readsPlainAndGzippedFiles() throws IOException {
    IdxFolder.Digits digits = IdxFolder.read(folder);
    assertEquals(4, digits.train().labels().size());
    assertArrayEquals(new int[] {3, 1}, digits.train().classes());
    assertArrayEquals(new float[] {0, 1}, digits.train().features()[0]);
    assertArrayEquals(new float[] {0.2f, 0.4f}, digits.train().features()[1], 1e-7f);
    assertArrayEquals(new float[] {1, 0}, digits.test().features()[0]);
  }

  @Test
  void namesTheFileThatIsMissingCutShortOrAnother() throws IOException {
    Path labels = folder.resolve("t10k-labels-idx1-ubyte");
    Files.write(labels, images(1, 0, 0));
    assertRefused("it begins with 00000803");
    Files.write(labels, Arrays.copyOf(labels(1), 8));
    assertRefused("it ends before all it promises");
    Files.delete(labels);
    assertRefused("it has no file named *t10k*labels*idx*");
  }

  @Test
  void showsSquareImagesShiftedToEachSide() {
    FeatureSet square =
        new FeatureSet(List.of(new Label("a")), new float[][] {{1, 2, 3, 4}}, new int[] {0});
    FeatureSet all = square.withShifts();
    assertArrayEquals(new float[] {1, 2, 3, 4}, all.features()[0]);
    assertArrayEquals(new float[] {0, 1, 0, 3}, all.features()[1]);
    assertArrayEquals(new float[] {2, 0, 4, 0}, all.features()[2]);
    assertArrayEquals(new float[] {0, 0, 1, 2}, all.features()[3]);
    assertArrayEquals(new float[] {3, 4, 0, 0}, all.features()[4]);
    FeatureSet flat =
        new FeatureSet(List.of(new Label("a")), new float[][] {{1, 2, 3}}, new int[] {0});
    assertThrows(InvalidValueException.class, flat::withShifts);
  }

  private void assertRefused(String words) {
    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> IdxFolder.read(folder));
    assertTrue(refused.getMessage().contains(words), refused.getMessage());
  }
}
