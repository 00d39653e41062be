package io.tierwise.cli;

import io.tierwise.bench.speed.Rehearsal;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code tierwise bench rehearsal}. */
@Command(
    name = "rehearsal",
    mixinStandardHelpOptions = true,
    header = "Serves a few requests of its own, and ends.",
    description = {
      "What the launcher's cache of loaded and linked classes is made of: it runs this once, with",
      "-XX:AOTCacheOutput, before the first serve."
    })
final class BenchRehearsalCommand implements Callable<Integer> {
  @Override
  public Integer call() throws IOException {
    Path work = Files.createTempDirectory("tierwise-rehearsal");
    try (Rehearsal rehearsal = Rehearsal.prepare(work)) {
      String config = rehearsal.config().toString();
      Thread serve =
          Thread.ofPlatform()
              .daemon()
              .name("rehearsed-serve")
              .start(() -> Main.serving().execute("serve", "--config", config));
      rehearsal.play(serve::isAlive);
      return 0;
    } finally {
      DurableFiles.delete(work);
    }
  }
}
