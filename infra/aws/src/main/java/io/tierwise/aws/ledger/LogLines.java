package io.tierwise.aws.ledger;

import io.tierwise.gateway.ledger.EntryLine;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The ledger's entries among the lines of delivered logs. Delivery is at least once, so an entry
 * that comes twice counts once.
 */
public final class LogLines {
  private static final System.Logger LOG = System.getLogger(LogLines.class.getName());

  private LogLines() {}

  /** The entries on these lines, in their order; what cannot be read is reported and left out. */
  public static List<LedgerEntry> entries(Stream<String> lines) {
    List<LedgerEntry> entries = new ArrayList<>();
    Set<LedgerEntry> seen = new HashSet<>();
    lines.forEach(line -> entry(line).filter(seen::add).ifPresent(entries::add));
    return entries;
  }

  /** Those in all files of a directory, below it as well; none where it does not exist. */
  public static List<LedgerEntry> in(Path directory) {
    if (!Files.exists(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(directory)) {
      return entries(
          files
              .filter(Files::isRegularFile)
              .sorted()
              .map(LogLines::lines)
              .flatMap(Collection::stream));
    } catch (IOException e) {
      throw new UncheckedIOException("the logs in " + directory + " cannot be read", e);
    }
  }

  private static List<String> lines(Path file) {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }

  private static Optional<LedgerEntry> entry(String line) {
    try {
      return EntryLine.decode(line);
    } catch (IllegalArgumentException e) {
      LOG.log(System.Logger.Level.WARNING, "a damaged line of the ledger is left out", e);
      return Optional.empty();
    }
  }
}
