package io.tierwise.gateway.front;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The paths of the gateway. Each knows one method and refuses all others. */
final class Paths {
  private final List<Entry> all = new ArrayList<>();

  /** Paths without parameters, found by their words alone. */
  private final Map<String, Match> bare = new HashMap<>();

  /**
   * A path and what answers at it.
   *
   * @param counted whether its answers count among the dialects'
   */
  record Entry(Path path, Exchanges.Route route, boolean counted) {
    private boolean bare() {
      return path.pattern().indexOf('{') < 0;
    }
  }

  /** What a call has met. */
  record Match(Entry entry, Map<String, String> parameters) {}

  Paths get(String pattern, Exchanges.Route route) {
    return add(new Entry(new Path("GET", pattern), route, true));
  }

  /** A path to GET whose answers are not counted among the dialects'. */
  Paths plain(String pattern, Exchanges.Route route) {
    return add(new Entry(new Path("GET", pattern), route, false));
  }

  Paths post(String pattern, Exchanges.Route route) {
    return add(new Entry(new Path("POST", pattern), route, true));
  }

  Paths delete(String pattern, Exchanges.Route route) {
    return add(new Entry(new Path("DELETE", pattern), route, true));
  }

  private Paths add(Entry entry) {
    all.add(entry);
    if (entry.bare()) {
      bare.putIfAbsent(entry.path().pattern(), new Match(entry, Map.of()));
    }
    return this;
  }

  List<Path> all() {
    return all.stream().map(Entry::path).toList();
  }

  /** The path that matches, whatever the method; one without parameters before the others. */
  Optional<Match> match(String path) {
    Match found = bare.get(path);
    if (found != null) {
      return Optional.of(found);
    }
    List<String> segments = Path.segments(path);
    for (Entry entry : all) {
      Optional<Map<String, String>> parameters = entry.path().match(segments);
      if (parameters.isPresent()) {
        return Optional.of(new Match(entry, parameters.get()));
      }
    }
    return Optional.empty();
  }
}
