package io.tierwise.gateway.semantic;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What no similarity makes up for: two texts that differ in a number, a negation, a name, or in who
 * does what to whom are two questions, however near their vectors lie. They read English; of a text
 * in another language they see the numbers and the capitals. They err towards a miss, which costs a
 * call, and never make a match.
 */
public final class Guards {
  /** The share of their content words that two texts must have in common for order to speak. */
  private static final double SAME_WORDS = 0.6;

  private static final List<String> NEGATING_PREFIXES =
      List.of("un", "in", "im", "il", "ir", "dis", "non", "mis", "de");

  private Guards() {}

  /** What two texts differ in. */
  public enum Difference {
    NUMBER,
    NEGATION,
    NAME,
    ORDER
  }

  /** A text as the guards see it. */
  public static final class Read {
    private final Wording wording;

    private Read(Wording wording) {
      this.wording = wording;
    }
  }

  public static Read read(String text) {
    return new Read(Wording.of(text));
  }

  /** The first difference that makes them two questions; empty when the guards see none. */
  public static Optional<Difference> between(Read one, Read other) {
    Wording a = one.wording;
    Wording b = other.wording;
    if (!a.numbers().equals(b.numbers())) {
      return Optional.of(Difference.NUMBER);
    }
    if (a.negations() != b.negations() || opposed(a, b)) {
      return Optional.of(Difference.NEGATION);
    }
    if (!b.words().containsAll(plain(a.names())) || !a.words().containsAll(plain(b.names()))) {
      return Optional.of(Difference.NAME);
    }
    return reordered(a, b) ? Optional.of(Difference.ORDER) : Optional.empty();
  }

  private static Set<String> plain(Set<String> names) {
    Set<String> plain = new HashSet<>();
    names.forEach(name -> plain.add(name.replace("'", "")));
    return plain;
  }

  /** Whether one has a word where the other has its opposite. */
  private static boolean opposed(Wording a, Wording b) {
    Set<String> onlyA = without(a.words(), b.words());
    Set<String> onlyB = without(b.words(), a.words());
    for (String word : onlyA) {
      for (String opposite : Lexicon.OPPOSITES.getOrDefault(word, Set.of())) {
        if (onlyB.contains(opposite)) {
          return true;
        }
      }
    }
    return prefixed(onlyA, onlyB) || prefixed(onlyB, onlyA);
  }

  private static boolean prefixed(Set<String> words, Set<String> others) {
    for (String word : words) {
      for (String prefix : NEGATING_PREFIXES) {
        if (others.contains(prefix + word)) {
          return true;
        }
      }
    }
    return false;
  }

  private static Set<String> without(Set<String> words, Set<String> others) {
    Set<String> rest = new HashSet<>(words);
    rest.removeAll(others);
    return rest;
  }

  /** Whether texts of nearly the same words have two of them in the other order. */
  private static boolean reordered(Wording a, Wording b) {
    List<String> inA = once(a.content());
    List<String> inB = once(b.content());
    List<String> common = new ArrayList<>(inA);
    common.retainAll(inB);
    int all = inA.size() + inB.size() - common.size();
    if (common.size() < 2 || common.size() < SAME_WORDS * all) {
      return false;
    }
    List<String> sameInB = new ArrayList<>(inB);
    sameInB.retainAll(common);
    return !common.equals(sameInB);
  }

  private static List<String> once(List<String> words) {
    return words.stream().distinct().toList();
  }
}
