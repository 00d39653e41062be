package io.tierwise.student.registry;

import io.tierwise.router.Requirement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.SequencedSet;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Which versions are kept: what an alias names, what the history named last, and what was published
 * a moment ago and may be about to be pointed to.
 *
 * @param recent how many versions of the history are kept, counted back from its last move
 */
public record Retention(int recent, Instant now) {
  /** How long a version that was never pointed to is taken to be on its way. */
  public static final Duration ON_ITS_WAY = Duration.ofDays(1);

  public Retention {
    Requirement.notNegative("keep", recent);
  }

  /**
   * @param published when, by version
   * @return why, by version; the others may go
   */
  public SortedMap<String, String> kept(
      Map<String, Instant> published, Map<String, String> aliases, Moves moves) {
    SortedMap<String, String> kept = new TreeMap<>();
    SequencedSet<String> named = named(moves);
    published.forEach((version, at) -> {
      if (!named.contains(version) && at.plus(ON_ITS_WAY).isAfter(now)) {
        kept.put(version, "published less than a day ago and not yet pointed to");
      }
    });
    named.stream()
        .limit(recent)
        .filter(published::containsKey)
        .forEach(version -> kept.put(version, "among the last " + recent + " of the history"));
    pointers(List.of(moves.aliases(), aliases))
        .forEach((version, names) -> {
          if (published.containsKey(version)) {
            kept.put(version, String.join(", ", names));
          }
        });
    return kept;
  }

  /** The aliases by version. */
  private static Map<String, SortedSet<String>> pointers(List<Map<String, String>> all) {
    Map<String, SortedSet<String>> pointers = new HashMap<>();
    for (Map<String, String> aliases : all) {
      aliases.forEach((alias, version) ->
          pointers.computeIfAbsent(version, ignored -> new TreeSet<>()).add(alias));
    }
    return pointers;
  }

  /** The versions of the history, the last named first. */
  private static SequencedSet<String> named(Moves moves) {
    SequencedSet<String> named = new LinkedHashSet<>();
    moves.all().reversed().forEach(move -> named.add(move.version()));
    return named;
  }
}
