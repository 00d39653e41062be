package io.tierwise.bench.replay;

import io.tierwise.bench.replay.RecordedTraffic.Recorded;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Label;
import java.util.LinkedHashMap;
import java.util.Map;

/** How each certificate that was in force has been kept. */
final class Promises {
  private final double allowed;
  private final Loss loss;
  private final Map<String, Kept> byCertificate = new LinkedHashMap<>();

  /** What an answer loses; below 0 where it gains. */
  private interface Loss {
    int of(Label given, Recorded recorded);
  }

  private record Kept(int answers, int lost) {
    Kept and(int loss) {
      return new Kept(answers + 1, lost + loss);
    }
  }

  private Promises(double allowed, Loss loss) {
    this.allowed = allowed;
    this.loss = loss;
  }

  /** At most a share of all answers differs from the large model's. */
  static Promises againstLarge(double epsilon) {
    return new Promises(
        epsilon, (given, recorded) -> given.equals(recorded.answered().label()) ? 0 : 1);
  }

  /** Answers are right no less often than the large model's. */
  static Promises againstPeople() {
    return new Promises(
        0,
        (given, recorded) -> right(recorded.answered().label(), recorded) - right(given, recorded));
  }

  private static int right(Label label, Recorded recorded) {
    return label.equals(recorded.human()) ? 1 : 0;
  }

  /** Counts an answer under the gate that it met. */
  void count(Gate gate, Recorded recorded, Decision decision) {
    if (gate instanceof Gate.Open open
        && decision instanceof Decision.Answered answered
        && answered.answer() instanceof Answer.Classified given) {
      int lost = loss.of(given.label(), recorded);
      byCertificate.merge(
          open.certificate(), new Kept(0, 0).and(lost), (before, one) -> before.and(lost));
    }
  }

  int certificates() {
    return byCertificate.size();
  }

  /** Certificates under which more was lost of all answers than they allow. */
  int broken() {
    return (int)
        byCertificate.values().stream()
            .filter(kept -> kept.lost() > allowed * kept.answers())
            .count();
  }
}
