package io.tierwise.distill;

import io.tierwise.distill.data.Answered;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Short texts for tests. */
public final class Corpora {
  public static final List<Label> LABELS =
      List.of(
          new Label("access"), new Label("delivery"), new Label("invoice"), new Label("refund"));
  public static final Task.Classification DESK = new Task.Classification("desk", LABELS);
  public static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-02-03T04:05:06Z"), ZoneOffset.UTC);

  /** The words that get a vector in tests: the encoder's own 23,472 take half a minute. */
  public static final List<String> VOCABULARY =
      List.of("password", "parcel", "invoice", "refund", "order", "please", "today", "help");

  private static final List<List<String>> ABOUT =
      List.of(
          List.of("my password", "the login", "my account"),
          List.of("the parcel", "my delivery", "the courier"),
          List.of("the invoice", "the bill", "a receipt"),
          List.of("a refund", "my money back", "the return"));
  private static final List<String> ASKING =
      List.of("please help with", "i wrote about", "question on", "trouble with", "hello it is");

  private Corpora() {}

  /** Different texts; each says in its words what it is about, and the answer is that. */
  public static List<Answered> separable(int texts, long seed) {
    Random random = new Random(seed);
    List<Answered> corpus = new ArrayList<>();
    for (int i = 0; i < texts; i++) {
      int topic = random.nextInt(LABELS.size());
      corpus.add(Answered.with(text(topic, seed, i, random), LABELS.get(topic)));
    }
    return corpus;
  }

  /** The same kind of texts, with answers that have nothing to do with them. */
  public static List<Answered> hopeless(int texts, long seed) {
    Random random = new Random(seed);
    return separable(texts, seed).stream()
        .map(answered -> Answered.with(answered.text(), LABELS.get(random.nextInt(LABELS.size()))))
        .toList();
  }

  private static String text(int topic, long seed, int number, Random random) {
    List<String> words = ABOUT.get(topic);
    return ASKING.get(random.nextInt(ASKING.size()))
        + " "
        + words.get(random.nextInt(words.size()))
        + " of order "
        + (1000 * seed + number);
  }
}
