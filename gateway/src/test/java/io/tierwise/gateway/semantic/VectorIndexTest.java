package io.tierwise.gateway.semantic;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StringField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.VectorUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorIndexTest {
  private static final long LATER = 1_000;
  private static final float[] VECTOR = {0.5f, 0.5f, 0.5f, 0.5f, 0, 0, 0, 0};
  private static final SecretKey KEY = new SecretKeySpec(new byte[32], "AES");

  @TempDir private Path root;

  private VectorIndex open() throws IOException {
    return VectorIndex.open(root.resolve("index"), KEY);
  }

  private static void put(VectorIndex index, String key, String scope, float[] vector) {
    index.put(new VectorIndex.Entry(key, scope, LATER), vector);
  }

  private static Optional<String> found(VectorIndex index, String scope, float... vector) {
    return index.nearest(scope, vector, 0).stream().map(VectorIndex.Neighbour::key).findFirst();
  }

  @Test
  void findsTheNearestOfItsScopeAndSaysHowNearItIs() throws IOException {
    try (VectorIndex index = open()) {
      put(index, "right", "one", new float[] {1, 0});
      put(index, "up", "one", new float[] {0, 1});
      put(index, "nearer", "other", new float[] {0.8f, 0.6f});
      index.refresh();

      VectorIndex.Neighbour nearest = index.nearest("one", new float[] {0.8f, 0.6f}, 0).getFirst();
      assertEquals("right", nearest.key());
      assertEquals(0.8, nearest.similarity(), 1e-6);
      assertEquals(Optional.empty(), found(index, "third", 1, 0));
      assertEquals(0, index.nearest("one", new float[] {-0.8f, -0.6f}, 0).getFirst().similarity());
    }
  }

  @Test
  void anEntryTakesThePlaceOfOneOfItsKeyAndIsGoneWhenDeletedOrExpired() throws IOException {
    try (VectorIndex index = open()) {
      put(index, "a", "one", new float[] {1, 0});
      put(index, "a", "one", new float[] {0, 1});
      put(index, "b", "two", new float[] {1, 0});
      index.refresh();
      assertEquals(2, index.size());
      assertEquals(List.of(), index.nearest("two", new float[] {1, 0}, LATER));
      assertEquals(Set.of("a", "b"), index.keys());

      index.delete("a");
      index.refresh();
      assertEquals(Optional.empty(), found(index, "one", 0, 1));
      assertEquals(Optional.of("b"), found(index, "two", 1, 0));
      index.expunge();
      assertEquals(1, index.size());
      assertEquals(Set.of("b"), index.keys());
    }
  }

  @Test
  void leavesNothingOnDiskOfOneThatIsForgottenAmongMany() throws IOException {
    try (VectorIndex index = open()) {
      for (int i = 0; i < 200; i++) {
        put(index, "entry-" + i, "one", VECTOR);
      }
      index.commit();
      index.delete("entry-77");
      index.expunge();
    }
    ClearPages pages = new ClearPages(1 << 20);
    try (Directory sealed =
            new SealedDirectory(
                FSDirectory.open(root.resolve("index")), KEY, new SecureRandom(), pages);
        DirectoryReader reader = DirectoryReader.open(sealed)) {
      assertEquals(199, reader.numDocs());
      assertEquals(0, reader.numDeletedDocs());
    }
  }

  private static float[] near(float[] centre, double spread, Random random) {
    float[] vector = new float[centre.length];
    double squares = 0;
    for (int i = 0; i < vector.length; i++) {
      vector[i] = (float) (centre[i] + spread * random.nextGaussian());
      squares += vector[i] * vector[i];
    }
    for (int i = 0; i < vector.length; i++) {
      vector[i] /= (float) Math.sqrt(squares);
    }
    return vector;
  }

  /** So many that a graph is searched, in two pieces, of texts of which many are near to some. */
  @Test
  void findsTheNearestOfThousandsAndSaysHowNearItIsExactly() throws IOException {
    Random random = new Random(1);
    List<float[]> centres = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      centres.add(near(new float[64], 1, random));
    }
    List<float[]> vectors = new ArrayList<>();
    try (VectorIndex index = open()) {
      for (int i = 0; i < 4_000; i++) {
        vectors.add(near(centres.get(i % 100), 0.1, random));
        put(index, Integer.toString(i), "one", vectors.get(i));
        if (i == 2_500) {
          index.refresh();
        }
      }
      index.refresh();
      int found = 0;
      for (int asked = 0; asked < 200; asked++) {
        float[] question = near(centres.get(asked % 100), 0.1, random);
        VectorIndex.Neighbour nearest = index.nearest("one", question, 0).getFirst();
        double product = 0;
        int best = 0;
        double most = -1;
        for (int i = 0; i < vectors.size(); i++) {
          double each = VectorUtil.dotProduct(question, vectors.get(i));
          product = nearest.key().equals(Integer.toString(i)) ? each : product;
          best = each > most ? i : best;
          most = Math.max(each, most);
        }
        assertEquals(product, nearest.similarity(), 1e-6);
        found += nearest.key().equals(Integer.toString(best)) ? 1 : 0;
      }
      assertTrue(found >= 196, found + " of 200");
    }
  }

  /** "Aa" and "BB" have the same hash, so their entries are in one graph. */
  @Test
  void neverFindsAnotherScopesEntriesInTheGraphThatTheyShare() throws IOException {
    assertEquals("Aa".hashCode(), "BB".hashCode());
    Random random = new Random(2);
    try (VectorIndex index = open()) {
      for (int i = 0; i < 2_000; i++) {
        put(index, "many-" + i, "Aa", near(VECTOR, 0.3, random));
        put(index, "many-too-" + i, "BB", near(VECTOR, 0.3, random));
      }
      put(index, "few", "AaAa", VECTOR);
      put(index, "few-too", "BBBB", VECTOR);
      index.refresh();
      for (int asked = 0; asked < 50; asked++) {
        float[] question = near(VECTOR, 0.3, random);
        List<VectorIndex.Neighbour> found = index.nearest("BB", question, 0);
        assertEquals(20, found.size());
        assertTrue(found.stream().allMatch(each -> each.key().startsWith("many-too-")));
        assertEquals(Optional.of("few"), found(index, "AaAa", question));
        assertEquals(1, index.nearest("BBBB", question, 0).size());
      }
    }
  }

  @Test
  void findsOfManyOnlyThoseThatHaveNotExpiredAndWereNotDeleted() throws IOException {
    Random random = new Random(3);
    try (VectorIndex index = open()) {
      for (int i = 0; i < 2_000; i++) {
        index.put(new VectorIndex.Entry("e" + i, "one", i), near(VECTOR, 0.3, random));
      }
      index.refresh();
      for (int now : new int[] {-1, 0, 1, 999, 1_600, 1_990, 1_998, 1_999, 5_000}) {
        List<VectorIndex.Neighbour> found = index.nearest("one", VECTOR, now);
        assertEquals(Math.clamp(1_999L - now, 0, 20), found.size(), "at " + now);
        assertTrue(
            found.stream().allMatch(each -> Integer.parseInt(each.key().substring(1)) > now));
      }
      for (int i = 0; i < 1_990; i++) {
        index.delete("e" + i);
      }
      index.refresh();
      assertEquals(10, index.nearest("one", VECTOR, -1).size());
      assertEquals(9, index.nearest("one", VECTOR, 1_990).size());
    }
  }

  @Test
  void survivesARestart() throws IOException {
    try (VectorIndex index = open()) {
      put(index, "a", "one", new float[] {1, 0});
    }
    try (VectorIndex index = open()) {
      assertEquals(Optional.of("a"), found(index, "one", 1, 0));
    }
  }

  @Test
  void aTornIndexBeginsAnewAndEmpty() throws IOException {
    try (VectorIndex index = open()) {
      put(index, "a", "one", new float[] {1, 0});
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(root.resolve("index"))) {
      files = all.filter(file -> !file.endsWith("write.lock")).toList();
    }
    assertTrue(files.size() > 1, files.toString());
    for (Path torn : files) {
      byte[] whole = Files.readAllBytes(torn);
      Files.write(torn, Arrays.copyOf(whole, whole.length / 2));
    }
    try (VectorIndex index = open()) {
      assertEquals(Optional.empty(), found(index, "one", 1, 0));
      put(index, "b", "one", new float[] {1, 0});
      index.refresh();
      assertEquals(Optional.of("b"), found(index, "one", 1, 0));
    }
  }

  @Test
  void noVectorAndNoKeyLiesOpenOnDisk() throws IOException {
    byte[] pattern = new byte[8 * Float.BYTES];
    ByteBuffer.wrap(pattern).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(VECTOR);
    try (VectorIndex index = open()) {
      for (int i = 0; i < 200; i++) {
        put(index, "key-" + i, "acme/support/basis", VECTOR);
      }
    }
    try (Stream<Path> files = Files.list(root.resolve("index"))) {
      for (Path file : files.toList()) {
        String bytes = Files.readString(file, ISO_8859_1);
        assertFalse(bytes.contains("acme"), file.toString());
        assertFalse(bytes.contains("key-1"), file.toString());
        assertFalse(bytes.contains(new String(pattern, ISO_8859_1)), file.toString());
      }
    }
    try (VectorIndex index = open()) {
      assertEquals(200, index.keys().size(), "with the key it reads");
    }
  }

  @Test
  void anotherKeyBeginsAnewAndEmpty() throws IOException {
    try (VectorIndex index = open()) {
      put(index, "kept", "one", VECTOR);
    }
    byte[] other = new byte[32];
    other[0] = 1;
    try (VectorIndex index =
        VectorIndex.open(root.resolve("index"), new SecretKeySpec(other, "AES"))) {
      assertEquals(Set.of(), index.keys());
    }
  }

  @Test
  void anIndexThatAnEarlierReleaseLeftOpenToReadIsDropped() throws IOException {
    Path folder = root.resolve("index");
    try (Directory plain = FSDirectory.open(folder);
        IndexWriter writer = new IndexWriter(plain, new IndexWriterConfig())) {
      writer.addDocument(new Document());
      writer.commit();
    }
    try (VectorIndex index = open()) {
      assertEquals(0, index.size());
    }
  }

  @Test
  void anIndexThatAnEarlierReleaseSealedInAnotherOrderIsDropped() throws IOException {
    Path folder = root.resolve("index");
    try (Directory sealed =
            new SealedDirectory(
                FSDirectory.open(folder), KEY, new SecureRandom(), new ClearPages(1 << 20));
        IndexWriter writer = new IndexWriter(sealed, new IndexWriterConfig())) {
      Document earlier = new Document();
      earlier.add(new StringField("key", "a", Field.Store.NO));
      writer.addDocument(earlier);
      writer.commit();
    }
    try (VectorIndex index = open()) {
      assertEquals(0, index.size());
      put(index, "b", "one", VECTOR);
      index.refresh();
      assertEquals(Set.of("b"), index.keys());
    }
  }
}
