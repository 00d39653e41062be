package io.tierwise.gateway.semantic;

/** Words without their commonest English endings, so that "learn" and "learning" are one. */
final class Stem {
  private static final int SHORTEST = 3;
  private static final String[] ENDINGS = {"ings", "ing", "ers", "ed", "es", "er", "ly", "s", "e"};

  private Stem() {}

  static String of(String word) {
    String stem = word;
    for (String ending : ENDINGS) {
      if (stem.endsWith(ending) && stem.length() - ending.length() >= SHORTEST) {
        stem = stem.substring(0, stem.length() - ending.length());
        break;
      }
    }
    int last = stem.length() - 1;
    boolean doubled =
        last >= SHORTEST
            && stem.charAt(last) == stem.charAt(last - 1)
            && "aeiouls".indexOf(stem.charAt(last)) < 0;
    return doubled ? stem.substring(0, last) : stem;
  }
}
