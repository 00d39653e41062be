package io.tierwise.gateway.semantic;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the guards read of a text; made once and compared often.
 *
 * @param words all of them in lower case, in their order
 * @param numbers how often each is there, whether in digits or in words
 * @param negations how many words negate
 * @param names words that name one thing and no other, in lower case
 * @param content words that carry the meaning, as stems, in their order
 */
record Wording(
    Set<String> words,
    Map<String, Integer> numbers,
    int negations,
    Set<String> names,
    List<String> content) {
  private static final Pattern TOKEN =
      Pattern.compile("\\d+(?:[.,]\\d+)*|[\\p{L}\\p{M}][\\p{L}\\p{M}\\p{N}'’]*[+#]*|\\p{N}+");
  private static final Pattern DIGITS = Pattern.compile("\\d+(?:[.,]\\d+)*");
  private static final Pattern ORDINAL = Pattern.compile("(\\d+)(?:st|nd|rd|th)");
  private static final Map<String, String> NUMBER_WORDS = numberWords();
  private static final Set<String> NEGATIONS =
      Set.of(
          "no",
          "not",
          "never",
          "none",
          "nobody",
          "nothing",
          "nowhere",
          "neither",
          "nor",
          "cannot",
          "without",
          "unable",
          "fail",
          "fails",
          "failed",
          "lack",
          "lacks",
          "except",
          "excluding",
          "unless",
          "hardly",
          "refuse",
          "refuses",
          "avoid",
          "stop",
          "stopped",
          "isnt",
          "arent",
          "dont",
          "doesnt",
          "didnt",
          "wont",
          "cant",
          "couldnt",
          "shouldnt",
          "wouldnt",
          "wasnt",
          "werent",
          "havent",
          "hasnt",
          "aint");
  private static final Set<String> FUNCTION_WORDS =
      Set.of(
          "a", "an", "the", "of", "in", "on", "at", "to", "for", "from", "by", "with", "as", "is",
          "are", "was", "were", "be", "been", "being", "do", "does", "did", "have", "has", "had",
          "can", "could", "will", "would", "shall", "should", "may", "might", "must", "i", "you",
          "he", "she", "it", "we", "they", "me", "him", "her", "us", "them", "my", "your", "his",
          "its", "our", "their", "this", "that", "these", "those", "there", "here", "what", "which",
          "who", "whom", "whose", "when", "where", "why", "how", "and", "or", "but", "if", "then",
          "so", "than", "about", "into", "any", "some", "one", "please", "get", "am", "im", "ive");

  static Wording of(String text) {
    Set<String> words = new HashSet<>();
    Map<String, Integer> numbers = new TreeMap<>();
    Set<String> names = new HashSet<>();
    List<String> content = new ArrayList<>();
    int negations = 0;
    boolean sentenceBegins = true;
    int last = 0;
    String normal = Normalizer.normalize(text, Normalizer.Form.NFKC);
    Matcher tokens = TOKEN.matcher(normal);
    while (tokens.find()) {
      String between = normal.substring(last, tokens.start());
      sentenceBegins |= between.chars().anyMatch(each -> ".?!:".indexOf(each) >= 0);
      last = tokens.end();
      String token = tokens.group();
      String word = token.toLowerCase(Locale.ROOT).replace("’", "'").replaceAll("'s$|'$", "");
      words.add(word.replace("'", ""));
      String number = number(word);
      if (number != null) {
        numbers.merge(number, 1, Integer::sum);
        sentenceBegins = false;
        continue;
      }
      if (NEGATIONS.contains(word.replace("'", "")) || word.endsWith("n't")) {
        negations++;
      } else if (!FUNCTION_WORDS.contains(word.replace("'", ""))) {
        content.add(Stem.of(word));
        if (Lexicon.NAMES.contains(word) || named(token, sentenceBegins)) {
          names.add(word);
        }
      }
      sentenceBegins = false;
    }
    return new Wording(words, numbers, negations, names, content);
  }

  /** Written as names are: a capital within the sentence, or capitals and digits anywhere. */
  private static boolean named(String token, boolean sentenceBegins) {
    String rest = token.substring(1);
    boolean mixed =
        rest.chars().anyMatch(each -> Character.isUpperCase(each) || Character.isDigit(each))
            || rest.endsWith("+")
            || rest.endsWith("#");
    return mixed || (!sentenceBegins && Character.isUpperCase(token.codePointAt(0)));
  }

  private static @Nullable String number(String word) {
    Matcher ordinal = ORDINAL.matcher(word);
    if (ordinal.matches()) {
      return ordinal.group(1);
    }
    if (DIGITS.matcher(word).matches()) {
      String plain = word.replaceAll(",(?=\\d{3}(?:\\D|$))", "").replace(',', '.');
      return plain.contains(".") ? plain.replaceAll("\\.?0+$", "") : plain;
    }
    return NUMBER_WORDS.get(word);
  }

  private static Map<String, String> numberWords() {
    Map<String, String> words = new TreeMap<>();
    String cardinalWords =
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen"
            + " fifteen sixteen seventeen eighteen nineteen twenty";
    String[] cardinals = cardinalWords.split(" ", -1);
    String ordinalWords =
        "- first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth";
    String[] ordinals = ordinalWords.split(" ", -1);
    for (int i = 0; i < cardinals.length; i++) {
      words.put(cardinals[i], Integer.toString(i));
    }
    for (int i = 1; i < ordinals.length; i++) {
      words.put(ordinals[i], Integer.toString(i));
    }
    String[] tens = "thirty forty fifty sixty seventy eighty ninety hundred".split(" ", -1);
    for (int i = 0; i < tens.length; i++) {
      words.put(tens[i], Integer.toString(10 * (i + 3)));
    }
    words.put("thousand", "1000");
    words.put("million", "1000000");
    words.put("billion", "1000000000");
    words.put("once", "1");
    words.put("single", "1");
    words.put("twice", "2");
    words.put("double", "2");
    words.put("both", "2");
    words.put("triple", "3");
    words.put("half", "0.5");
    words.put("quarter", "0.25");
    words.put("dozen", "12");
    // "one" stands for anybody as often as for a number.
    words.remove("one");
    return words;
  }
}
