package io.tierwise.bench.replay;

import io.tierwise.bench.replay.RecordedTraffic.Recorded;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.Answer;
import java.util.LinkedHashMap;
import java.util.Map;

/** How each certificate that was in force has been kept. */
final class Promises {
  private final double epsilon;
  private final Map<String, Kept> byCertificate = new LinkedHashMap<>();

  private record Kept(int answers, int disagreements) {
    Kept and(boolean disagrees) {
      return new Kept(answers + 1, disagreements + (disagrees ? 1 : 0));
    }
  }

  Promises(double epsilon) {
    this.epsilon = epsilon;
  }

  /** Counts an answer under the gate that it met. */
  void count(Gate gate, Recorded recorded, Decision decision) {
    if (gate instanceof Gate.Open open
        && decision instanceof Decision.Answered answered
        && answered.answer() instanceof Answer.Classified given) {
      boolean disagrees = !given.label().equals(recorded.answered().label());
      byCertificate.merge(
          open.certificate(),
          new Kept(0, 0).and(disagrees),
          (before, one) -> before.and(disagrees));
    }
  }

  int certificates() {
    return byCertificate.size();
  }

  /** Certificates under which a larger share of all answers disagreed than they allow. */
  int broken() {
    return (int)
        byCertificate.values().stream()
            .filter(kept -> kept.disagreements() > epsilon * kept.answers())
            .count();
  }
}
