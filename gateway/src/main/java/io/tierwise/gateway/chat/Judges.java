package io.tierwise.gateway.chat;

import io.tierwise.gateway.chat.Judge.Judgement;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The judges that ask nobody: the weak model's answer is worse where it is another one. */
public final class Judges {
  private static final Pattern WHITE_SPACE = Pattern.compile("\\s+");
  private static final Pattern END = Pattern.compile("[\\s.!]+$");

  private Judges() {}

  /** The same, letter by letter. */
  public static Judge exact() {
    return of(String::equals);
  }

  /**
   * The same but for case, white space, compatible forms of a character (NFKC), and full stops and
   * exclamation marks at the end.
   */
  public static Judge normalised() {
    return of((strong, weak) -> normal(strong).equals(normal(weak)));
  }

  /**
   * About the same.
   *
   * @param encoder gives vectors of length 1
   * @param similarity the cosine from which on two answers are
   */
  public static Judge embedding(Function<String, float[]> encoder, double similarity) {
    return of((strong, weak) -> strong.equals(weak) || cosine(encoder, strong, weak) >= similarity);
  }

  private static Judge of(BiPredicate<String, String> same) {
    return (question, strong, weak) -> new Judgement.Decided(!same.test(strong, weak), List.of());
  }

  private static String normal(String text) {
    String composed = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    return END.matcher(WHITE_SPACE.matcher(composed).replaceAll(" ").strip()).replaceAll("");
  }

  /** Of two blank answers 1, of one 0: encoders read no blank texts. */
  private static double cosine(Function<String, float[]> encoder, String one, String other) {
    if (one.isBlank() || other.isBlank()) {
      return one.isBlank() && other.isBlank() ? 1 : 0;
    }
    float[] left = encoder.apply(one);
    float[] right = encoder.apply(other);
    double sum = 0;
    for (int i = 0; i < left.length; i++) {
      sum += (double) left[i] * right[i];
    }
    return sum;
  }
}
