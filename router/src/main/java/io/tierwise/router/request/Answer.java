package io.tierwise.router.request;

/** What a tier says. */
public sealed interface Answer {
  /** One label of the task, with the distribution it was chosen from. */
  record Classified(Label label, Distribution distribution) implements Answer {}

  /** Free text. */
  record Message(String text) implements Answer {}

  /** Whether two answers disagree in the contract's sense: their labels, or their texts, differ. */
  static boolean disagree(Answer candidate, Answer reference) {
    return switch (candidate) {
      case Classified c -> !(reference instanceof Classified r && r.label().equals(c.label()));
      case Message m -> !(reference instanceof Message r && r.text().equals(m.text()));
    };
  }
}
