package io.tierwise.bench.speed;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Texts of the length that a support desk's have, drawn from few words: no two alike. */
final class Texts {
  private static final List<String> WORDS =
      List.of(
          "my",
          "order",
          "has",
          "not",
          "arrived",
          "the",
          "invoice",
          "shows",
          "wrong",
          "amount",
          "please",
          "send",
          "it",
          "back",
          "again",
          "when",
          "will",
          "refund",
          "be",
          "paid",
          "out",
          "I",
          "cannot",
          "log",
          "in",
          "to",
          "account",
          "since",
          "yesterday",
          "parcel",
          "was",
          "damaged",
          "how",
          "do",
          "change",
          "address",
          "for",
          "delivery",
          "and",
          "colour");

  private static final int FEWEST = 8;
  private static final int MORE = 10;

  private Texts() {}

  static List<String> distinct(int count, long seed) {
    Random random = new Random(seed);
    Set<String> texts = new LinkedHashSet<>();
    while (texts.size() < count) {
      int length = FEWEST + random.nextInt(MORE);
      List<String> words = new ArrayList<>(length);
      for (int i = 0; i < length; i++) {
        words.add(WORDS.get(random.nextInt(WORDS.size())));
      }
      texts.add(String.join(" ", words));
    }
    return List.copyOf(texts);
  }
}
