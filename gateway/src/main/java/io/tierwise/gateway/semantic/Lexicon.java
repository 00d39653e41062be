package io.tierwise.gateway.semantic;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The word lists that the guards know. */
final class Lexicon {
  /** Names that are often written in lower case. */
  static final Set<String> NAMES = names();

  /** For each word those that mean its opposite, or the other of two. */
  static final Map<String, Set<String>> OPPOSITES = opposites();

  private Lexicon() {}

  private static Set<String> names() {
    Set<String> names = new HashSet<>();
    lines("names.txt").forEach(line -> names.addAll(List.of(line.split(" ", -1))));
    return Collections.unmodifiableSet(names);
  }

  private static Map<String, Set<String>> opposites() {
    Map<String, Set<String>> opposites = new HashMap<>();
    for (String line : lines("opposites.txt")) {
      String[] pair = line.split(" ", -1);
      opposites.computeIfAbsent(pair[0], ignored -> new HashSet<>()).add(pair[1]);
      opposites.computeIfAbsent(pair[1], ignored -> new HashSet<>()).add(pair[0]);
    }
    return Collections.unmodifiableMap(opposites);
  }

  private static List<String> lines(String resource) {
    try (InputStream in = Lexicon.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IllegalStateException(resource + " is missing from the jar");
      }
      return new String(in.readAllBytes(), UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
