package io.tierwise.gateway.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Guesses which key was meant. */
final class NearestKey {
  private NearestKey() {}

  /** What to do about an unknown key. */
  static String fix(String unknown, Collection<String> known) {
    return known.stream()
        .min(
            Comparator.comparingInt((String key) -> distance(unknown, key))
                .thenComparing(Comparator.naturalOrder()))
        .filter(key -> distance(unknown, key) <= Math.max(2, key.length() / 3))
        .map(key -> "did you mean '" + key + "'?")
        .orElseGet(() -> "remove it, or use one of: " + String.join(", ", known));
  }

  /** Levenshtein's distance, letter case and hyphens aside. */
  static int distance(String left, String right) {
    String from = plain(left);
    String to = plain(right);
    int[] row = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }

  private static String plain(String key) {
    return key.toLowerCase(Locale.ROOT).replace("-", "").replace("_", "");
  }
}
