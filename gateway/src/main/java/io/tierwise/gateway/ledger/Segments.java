package io.tierwise.gateway.ledger;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The files of a ledger: {@code ledger-00000001.log}, or {@code .log.gz}, and so on. */
final class Segments {
  private static final Pattern NAME = Pattern.compile("ledger-(\\d{8})\\.log(\\.gz)?");
  private static final int MOST_LISTINGS = 3;

  private Segments() {}

  /** Oldest first, each once; none where there is no such directory. */
  static List<Segment> in(Path directory) throws IOException {
    SortedSet<Segment> found = new TreeSet<>();
    // A listing may miss both forms of a segment that is being compressed.
    for (int listing = 0; listing == 0 || (listing < MOST_LISTINGS && gaps(found)); listing++) {
      list(directory, found);
    }
    return List.copyOf(found);
  }

  private static boolean gaps(SortedSet<Segment> found) {
    return !found.isEmpty() && found.last().number() - found.first().number() + 1 != found.size();
  }

  private static void list(Path directory, SortedSet<Segment> found) throws IOException {
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Matcher matcher = NAME.matcher(name(file));
        if (matcher.matches()) {
          found.add(new Segment(directory, Integer.parseInt(matcher.group(1))));
        }
      }
    }
  }

  /** The plain file of a ledger's first segment. */
  static Path first(Path directory) {
    return new Segment(directory, 1).plain();
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
