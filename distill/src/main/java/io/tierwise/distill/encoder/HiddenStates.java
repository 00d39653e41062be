package io.tierwise.distill.encoder;

import io.tierwise.distill.Progress;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The states of many texts after some layer, in half precision in a file that is mapped into
 * memory. The file is named by what it was computed from, so it is found again by a job that was
 * cut off, or by the next job with the same teacher and texts.
 */
final class HiddenStates implements AutoCloseable {
  private static final ValueLayout.OfShort HALF =
      ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  private final int width;
  private final long[] starts;
  private final Arena arena;
  private final MemorySegment values;

  @SuppressWarnings("MustBeClosedChecker") // closed with this
  private HiddenStates(int width, long[] starts, Path file) throws IOException {
    this.width = width;
    this.starts = starts;
    this.arena = Arena.ofShared();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      this.values = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), arena);
    }
  }

  /**
   * Computes the states, or finds them in the cache.
   *
   * @param layers after how many layers
   */
  static HiddenStates of(
      EncoderWeights weights, int[][] texts, int layers, Path cache, Progress progress)
      throws IOException {
    int width = weights.dimensions();
    long[] starts = starts(texts, width);
    long bytes = starts[texts.length] * Short.BYTES;
    Path file =
        cache.resolve(
            "states-" + new Fingerprint().add(layers).add(weights).add(texts).hex() + ".bin");
    if (!Files.exists(file) || Files.size(file) != bytes) {
      Files.createDirectories(cache);
      Path partial = Files.createTempFile(cache, "states", ".partial");
      try {
        write(weights, texts, layers, starts, partial, progress);
        Files.move(
            partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } finally {
        Files.deleteIfExists(partial);
      }
    }
    return new HiddenStates(width, starts, file);
  }

  /** Copies a text's states to {@code to}, from place {@code at} on. */
  void read(int text, float[] to, int at) {
    long count = starts[text + 1] - starts[text];
    for (long i = 0; i < count; i++) {
      short half = values.get(HALF, (starts[text] + i) * Short.BYTES);
      to[at + (int) i] = Float.float16ToFloat(half);
    }
  }

  /** The states of some texts, padded with zeros: row-major [texts · length, width]. */
  float[] padded(int[] texts, int length) {
    float[] all = new float[texts.length * length * width];
    for (int row = 0; row < texts.length; row++) {
      read(texts[row], all, row * length * width);
    }
    return all;
  }

  @Override
  public void close() {
    arena.close();
  }

  private static void write(
      EncoderWeights weights,
      int[][] texts,
      int layers,
      long[] starts,
      Path file,
      Progress progress)
      throws IOException {
    try (Arena writing = Arena.ofConfined();
        EncoderRunner runner = new EncoderRunner(weights);
        FileChannel channel =
            FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      MemorySegment out =
          channel.map(
              FileChannel.MapMode.READ_WRITE, 0, starts[texts.length] * Short.BYTES, writing);
      runner.states(
          texts,
          layers,
          progress,
          (text, states, from, end) -> {
            for (int i = from; i < end; i++) {
              out.set(
                  HALF, (starts[text] + i - from) * Short.BYTES, Float.floatToFloat16(states[i]));
            }
          });
      out.force();
    }
  }

  private static long[] starts(int[][] texts, int width) {
    long[] starts = new long[texts.length + 1];
    for (int text = 0; text < texts.length; text++) {
      starts[text + 1] = starts[text] + (long) texts[text].length * width;
    }
    return starts;
  }
}
