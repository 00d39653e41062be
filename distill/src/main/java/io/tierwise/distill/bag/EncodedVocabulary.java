package io.tierwise.distill.bag;

import io.tierwise.distill.Progress;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.feature.BagFeaturizer;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes {@link WordVectors}: every whole word of the encoder's vocabulary is encoded as a text of
 * its own, the mean over all is taken away, and the rest brought to unit length. Half a minute on
 * one core, so it is done once per encoder and kept in a file.
 */
final class EncodedVocabulary {
  private static final int MAGIC = 0x54575631; // TWV1
  private static final int BATCH = 64;

  private EncodedVocabulary() {}

  /**
   * @param cache the directory that keeps the file; a damaged file is made anew
   */
  static WordVectors load(SentenceEncoder encoder, Path cache, Progress progress)
      throws IOException {
    Path file = cache.resolve("words-" + encoder.name() + ".bin");
    List<String> words = encoder.vocabulary();
    float[][] vectors = Files.exists(file) ? read(file, words.size(), encoder.dimensions()) : null;
    if (vectors == null) {
      vectors = encode(encoder, words, progress);
      write(file, vectors);
    }
    return wordVectors(words, vectors, encoder.dimensions());
  }

  private static float[][] encode(SentenceEncoder encoder, List<String> words, Progress progress) {
    float[][] vectors = new float[words.size()][];
    for (int from = 0; from < vectors.length; from += BATCH) {
      List<float[]> batch =
          encoder.encode(words.subList(from, Math.min(from + BATCH, vectors.length)));
      for (int i = 0; i < batch.size(); i++) {
        vectors[from + i] = batch.get(i);
      }
      progress.report("encoding the vocabulary (once)", from + batch.size(), vectors.length);
    }
    return vectors;
  }

  private static WordVectors wordVectors(List<String> words, float[][] raw, int dimensions) {
    double[] mean = new double[dimensions];
    for (float[] vector : raw) {
      for (int d = 0; d < dimensions; d++) {
        mean[d] += vector[d] / raw.length;
      }
    }
    BagFeaturizer featurizer = new BagFeaturizer();
    Map<Integer, float[]> byBucket = HashMap.newHashMap(words.size());
    for (int i = 0; i < raw.length; i++) {
      byBucket.putIfAbsent(featurizer.wordBucket(words.get(i)), centred(raw[i], mean));
    }
    return new WordVectors(dimensions, byBucket);
  }

  private static float[] centred(float[] raw, double[] mean) {
    float[] vector = new float[raw.length];
    double squares = 0;
    for (int d = 0; d < raw.length; d++) {
      vector[d] = (float) (raw[d] - mean[d]);
      squares += vector[d] * vector[d];
    }
    float norm = (float) Math.sqrt(Math.max(squares, 1e-12));
    for (int d = 0; d < raw.length; d++) {
      vector[d] /= norm;
    }
    return vector;
  }

  /** The vectors, or null where the file is not whole or of another vocabulary. */
  private static float @Nullable [][] read(Path file, int words, int dimensions)
      throws IOException {
    long expected = 3L * Integer.BYTES + (long) words * dimensions * Float.BYTES;
    if (Files.size(file) != expected) {
      return null;
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file), 1 << 20))) {
      if (in.readInt() != MAGIC || in.readInt() != words || in.readInt() != dimensions) {
        return null;
      }
      float[][] vectors = new float[words][dimensions];
      for (float[] vector : vectors) {
        for (int d = 0; d < dimensions; d++) {
          vector[d] = in.readFloat();
        }
      }
      return vectors;
    }
  }

  private static void write(Path file, float[][] vectors) throws IOException {
    Files.createDirectories(file.toAbsolutePath().getParent());
    Path partial = Files.createTempFile(file.toAbsolutePath().getParent(), "words", ".partial");
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(partial), 1 << 20))) {
      out.writeInt(MAGIC);
      out.writeInt(vectors.length);
      out.writeInt(vectors[0].length);
      for (float[] vector : vectors) {
        for (float value : vector) {
          out.writeFloat(value);
        }
      }
    }
    Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
