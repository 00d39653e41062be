package io.tierwise.gateway.fuzz;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every input that fuzzing has kept is read again, each as it is and in a hundred damaged forms.
 * What a fuzzer has found and what was mended stays here.
 */
class FuzzCorpusTest {
  private static final int DAMAGED = 100;

  @TestFactory
  List<DynamicTest> whateverComesIsReadOrRefusedAsIsSaid() throws IOException {
    List<DynamicTest> tests = new ArrayList<>();
    for (FuzzTarget target : FuzzTarget.values()) {
      List<Path> corpus = corpus(target);
      assertTrue(corpus.size() >= 2, target + " has a corpus");
      for (Path file : corpus) {
        tests.add(
            DynamicTest.dynamicTest(target + " " + file.getFileName(), () -> replay(target, file)));
      }
    }
    return tests;
  }

  private static List<Path> corpus(FuzzTarget target) throws IOException {
    Path folder =
        Path.of(System.getProperty("tierwise.home"))
            .resolve("gateway/src/test/resources/fuzz")
            .resolve(target.folderName());
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static void replay(FuzzTarget target, Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    target.take(bytes);
    Random random = new Random(bytes.length);
    for (int i = 0; i < DAMAGED && bytes.length > 0; i++) {
      byte[] damaged = bytes.clone();
      for (int flips = random.nextInt(4); flips >= 0; flips--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      target.take(damaged);
      target.take(java.util.Arrays.copyOf(bytes, random.nextInt(bytes.length)));
    }
  }
}
