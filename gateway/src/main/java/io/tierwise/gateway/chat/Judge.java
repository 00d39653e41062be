package io.tierwise.gateway.chat;

import io.tierwise.router.contract.JudgedAttempt;
import io.tierwise.router.tier.Attempt.Cause;
import java.time.Duration;
import java.util.List;

/** Compares what two models say to one question. */
@FunctionalInterface
public interface Judge {
  /**
   * @param question what the user says
   */
  Judgement judge(String question, String strong, String weak);

  /** How long that may take. */
  default Duration patience() {
    return Duration.ZERO;
  }

  /** What came of it, and the calls that it took. */
  sealed interface Judgement {
    List<JudgedAttempt> calls();

    /**
     * @param worse whether the weak model's answer is worse than the strong one's
     */
    record Decided(boolean worse, List<JudgedAttempt> calls) implements Judgement {}

    /** It could not say. */
    record Undecided(Cause cause, String detail, List<JudgedAttempt> calls) implements Judgement {}
  }
}
