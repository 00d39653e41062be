package io.tierwise.distill.bag;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tierwise.distill.Progress;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.feature.BagFeaturizer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Makes {@link WordVectors}: every word of a vocabulary is encoded as a text of its own, the mean
 * over all is taken away, and the rest brought to unit length. Half a minute for the encoder's own
 * words, so it is done once and kept in a file named after encoder and words.
 */
final class EncodedVocabulary {
  private static final int BATCH = 512;
  private static final int HEADER = 2 * Integer.BYTES;
  private static final int CHECKSUM = Long.BYTES;

  private EncodedVocabulary() {}

  /**
   * @param words each one word, as the featurizer splits texts
   * @param cache the directory that keeps the file; one that is damaged is made anew
   */
  static WordVectors load(
      SentenceEncoder encoder, List<String> words, Path cache, Progress progress)
      throws IOException {
    Path file = cache.resolve(name(encoder, words));
    Optional<List<float[]>> kept = read(file, words.size(), encoder.dimensions());
    if (kept.isPresent()) {
      return wordVectors(words, kept.get(), encoder.dimensions());
    }
    List<float[]> vectors = encode(encoder, words, progress);
    write(file, vectors, encoder.dimensions());
    return wordVectors(words, vectors, encoder.dimensions());
  }

  /** Other words or another encoder make another name, so a file never answers for another's. */
  static String name(SentenceEncoder encoder, List<String> words) {
    String content = encoder.name() + "\n" + String.join("\n", words);
    return "words-" + ArtifactFiles.sha256(content.getBytes(UTF_8)).substring(0, 16) + ".bin";
  }

  private static List<float[]> encode(
      SentenceEncoder encoder, List<String> words, Progress progress) {
    List<float[]> vectors = new ArrayList<>(words.size());
    while (vectors.size() < words.size()) {
      int to = Math.min(vectors.size() + BATCH, words.size());
      vectors.addAll(encoder.encodeTogether(words.subList(vectors.size(), to)));
      progress.report("encoding the vocabulary (once)", to, words.size());
    }
    return vectors;
  }

  private static WordVectors wordVectors(List<String> words, List<float[]> raw, int dimensions) {
    double[] mean = new double[dimensions];
    for (float[] vector : raw) {
      for (int d = 0; d < dimensions; d++) {
        mean[d] += vector[d] / raw.size();
      }
    }
    BagFeaturizer featurizer = new BagFeaturizer();
    Map<Integer, float[]> byBucket = HashMap.newHashMap(words.size());
    for (int i = 0; i < words.size(); i++) {
      byBucket.putIfAbsent(featurizer.wordBucket(words.get(i)), centred(raw.get(i), mean));
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

  /** The vectors; none where there is no file or it is not whole. */
  private static Optional<List<float[]>> read(Path file, int words, int dimensions)
      throws IOException {
    if (!Files.exists(file) || Files.size(file) != size(words, dimensions)) {
      return Optional.empty();
    }
    ByteBuffer content = ByteBuffer.wrap(Files.readAllBytes(file));
    if (content.getInt() != words
        || content.getInt() != dimensions
        || content.getLong(content.capacity() - CHECKSUM) != checksum(content)) {
      return Optional.empty();
    }
    List<float[]> vectors = new ArrayList<>(words);
    for (int word = 0; word < words; word++) {
      float[] vector = new float[dimensions];
      content.asFloatBuffer().get(vector);
      content.position(content.position() + dimensions * Float.BYTES);
      vectors.add(vector);
    }
    return Optional.of(vectors);
  }

  private static void write(Path file, List<float[]> vectors, int dimensions) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(size(vectors.size(), dimensions));
    content.putInt(vectors.size()).putInt(dimensions);
    for (float[] vector : vectors) {
      for (float value : vector) {
        content.putFloat(value);
      }
    }
    content.putLong(checksum(content));
    Path directory = Files.createDirectories(file.toAbsolutePath().getParent());
    // A name of its own: several jobs may find the cache empty at once.
    Path partial = Files.createTempFile(directory, "words", ".partial");
    try {
      Files.write(partial, content.array());
      Files.move(
          partial, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(partial);
    }
  }

  private static int size(int words, int dimensions) {
    return Math.addExact(HEADER + CHECKSUM, Math.multiplyExact(words, dimensions * Float.BYTES));
  }

  /** Over all but itself. */
  private static long checksum(ByteBuffer content) {
    CRC32 checksum = new CRC32();
    checksum.update(content.slice(0, content.capacity() - CHECKSUM));
    return checksum.getValue();
  }
}
