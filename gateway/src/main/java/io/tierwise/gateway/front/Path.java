package io.tierwise.gateway.front;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One path and the method it knows.
 *
 * @param pattern with its parameters in braces, as in {@code /v1/models/{name}}
 */
public record Path(String method, String pattern) {
  /** The parameters where a path's segments meet the pattern's. */
  Optional<Map<String, String>> match(List<String> segments) {
    List<String> wanted = segments(pattern);
    if (wanted.size() != segments.size()) {
      return Optional.empty();
    }
    Map<String, String> parameters = new HashMap<>();
    for (int i = 0; i < wanted.size(); i++) {
      String want = wanted.get(i);
      if (want.startsWith("{")) {
        parameters.put(want.substring(1, want.length() - 1), segments.get(i));
      } else if (!want.equals(segments.get(i))) {
        return Optional.empty();
      }
    }
    return Optional.of(Map.copyOf(parameters));
  }

  static List<String> segments(String path) {
    return List.of(path.split("/", -1));
  }
}
