package io.tierwise.cli;

import io.tierwise.bench.speed.Rehearsal;
import io.tierwise.gateway.store.SqliteLibrary;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code tierwise bench rehearsal}. */
@Command(
    name = "rehearsal",
    mixinStandardHelpOptions = true,
    header = "Has a gateway serve a few requests, and end.",
    description = {
      "What the launcher prepares quick starts with, once: COMMAND runs this command line with",
      "-XX:AOTCacheOutput and is given 'serve'; when it ends it has made its cache of loaded and",
      "linked classes."
    })
final class BenchRehearsalCommand implements Callable<Integer> {
  @Option(
      names = "--natives",
      paramLabel = "DIR",
      description = "Where to unpack SQLite's library to, so that no start has to.")
  private @Nullable Path natives;

  @Parameters(
      paramLabel = "COMMAND",
      arity = "1..*",
      description = "The program to rehearse and its options, after a '--'.")
  private List<String> command;

  @Override
  public Integer call() throws IOException {
    if (natives != null) {
      SqliteLibrary.unpack(natives);
    }
    Path work = Files.createTempDirectory("tierwise-rehearsal");
    try {
      Rehearsal.run(command, work);
      return 0;
    } finally {
      DurableFiles.delete(work);
    }
  }
}
