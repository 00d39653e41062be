package io.tierwise.distill.bag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.feature.BagFeaturizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncodedVocabularyTest {
  private static final List<String> WORDS = List.of("refund", "password", "invoice", "money");

  private static SentenceEncoder encoder;

  @TempDir private Path cache;
  private int encoded;

  @BeforeAll
  static void open() throws IOException {
    encoder = SentenceEncoder.bgeSmall(1);
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  @Test
  void eachWordsBucketGetsItsCentredVectorOfLengthOne() throws IOException {
    WordVectors vectors = load(WORDS);

    assertEquals(384, vectors.dimensions());
    assertEquals(4, vectors.byBucket().size());
    List<float[]> raw = encoder.encodeTogether(WORDS);
    float[] refund = vectors.byBucket().get(new BagFeaturizer().wordBucket("refund"));
    double[] centred = new double[384];
    for (int d = 0; d < 384; d++) {
      for (float[] each : raw) {
        centred[d] += (raw.getFirst()[d] - each[d]) / 4;
      }
    }
    double norm = Math.sqrt(Arrays.stream(centred).map(x -> x * x).sum());
    for (int d = 0; d < 384; d++) {
      assertEquals(centred[d] / norm, refund[d], 1e-5);
    }
  }

  @Test
  void isEncodedOnceAndThenReadFromItsFile() throws IOException {
    WordVectors first = load(WORDS);
    WordVectors second = load(WORDS);

    assertEquals(4, encoded);
    assertEqual(first, second);
    assertEquals(List.of(EncodedVocabulary.name(encoder, WORDS)), files());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 8, 2000, -1})
  void aFileWithOneWrongByteIsMadeAnew(int at) throws IOException {
    WordVectors first = load(WORDS);
    byte[] content = Files.readAllBytes(file());
    content[at < 0 ? content.length + at : at] ^= 1;
    Files.write(file(), content);

    WordVectors again = load(WORDS);

    assertEquals(8, encoded);
    assertEqual(first, again);
    load(WORDS);
    assertEquals(8, encoded, "the new file is whole");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 3, 1000, 6163})
  void aTornFileIsMadeAnew(int length) throws IOException {
    WordVectors first = load(WORDS);
    byte[] content = Files.readAllBytes(file());
    assertEquals(8 + 4 * 384 * 4 + 8, content.length);
    Files.write(file(), Arrays.copyOf(content, Math.min(length, content.length - 1)));

    assertEqual(first, load(WORDS));
    assertEquals(8, encoded);
  }

  @Test
  void otherWordsHaveAFileOfTheirOwn() throws IOException {
    List<String> others = List.of("refund", "password", "invoice", "card");
    assertNotEquals(
        EncodedVocabulary.name(encoder, WORDS), EncodedVocabulary.name(encoder, others));

    load(WORDS);
    load(others);
    load(WORDS);

    assertEquals(8, encoded);
    assertEquals(2, files().size());
  }

  private WordVectors load(List<String> words) throws IOException {
    return EncodedVocabulary.load(
        encoder, words, cache.resolve("deeper"), (stage, done, total) -> encoded += (int) done);
  }

  private Path file() {
    return cache.resolve("deeper").resolve(EncodedVocabulary.name(encoder, WORDS));
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(cache.resolve("deeper"))) {
      return new ArrayList<>(files.map(file -> file.getFileName().toString()).toList());
    }
  }

  private static void assertEqual(WordVectors expected, WordVectors actual) {
    assertEquals(expected.byBucket().keySet(), actual.byBucket().keySet());
    expected
        .byBucket()
        .forEach((bucket, vector) -> assertArrayEquals(vector, actual.byBucket().get(bucket)));
  }
}
