package io.tierwise.bench.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildProcessTest {
  @TempDir private Path folder;

  /** Says where it listens, and then nothing more. */
  private ChildProcess quiet() throws IOException {
    return ChildProcess.start(
        List.of("sh", "-c", "echo teacher listening on http://127.0.0.1:1; exec sleep 600"),
        List.of(),
        folder.resolve("child.log"));
  }

  @Test
  void readsAChildsOutputOnNoThreadThatOthersNeed() throws IOException {
    try (ChildProcess child = quiet()) {
      assertEquals("http://127.0.0.1:1", child.url());
      // Only platform threads are in this map; a virtual reader would in time hold its carrier.
      assertTrue(
          Thread.getAllStackTraces().keySet().stream()
              .anyMatch(thread -> thread.getName().startsWith("output-of-")));
    }
  }

  @Test
  void tellsTheEndOfTheLogOfAChildThatDidNotStart() throws IOException {
    Path log = Files.writeString(folder.resolve("broken.log"), "");
    IOException thrown =
        assertThrows(
            IOException.class,
            () ->
                ChildProcess.start(
                    List.of("sh", "-c", "echo no licence >&2; exit 1"), List.of("serve"), log));
    assertTrue(thrown.getMessage().contains("no licence"), thrown.getMessage());
  }
}
