package io.tierwise.gateway.semantic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VectorIndexTest {
  private static final long LATER = 1_000;

  @TempDir private Path root;

  private VectorIndex open() throws IOException {
    return VectorIndex.open(root.resolve("index"));
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
}
