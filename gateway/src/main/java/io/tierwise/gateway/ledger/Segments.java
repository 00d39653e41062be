package io.tierwise.gateway.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of a ledger: {@code ledger-00000001.log} and so on. */
final class Segments {
  private static final Pattern NAME = Pattern.compile("ledger-(\\d{8})\\.log");

  private Segments() {}

  /** Oldest first; none where there is no such directory. */
  static List<Path> in(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files.filter(file -> NAME.matcher(name(file)).matches()).sorted().toList();
    }
  }

  static Path first(Path directory) {
    return numbered(directory, 1);
  }

  static Path after(Path segment) {
    Matcher matcher = NAME.matcher(name(segment));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(segment + " is no segment");
    }
    return numbered(segment.resolveSibling(""), Integer.parseInt(matcher.group(1)) + 1);
  }

  private static Path numbered(Path directory, int number) {
    return directory.resolve(String.format(Locale.ROOT, "ledger-%08d.log", number));
  }

  static String name(Path segment) {
    return segment.getFileName().toString();
  }

  /** Makes a new file's name as durable as its content. */
  static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
