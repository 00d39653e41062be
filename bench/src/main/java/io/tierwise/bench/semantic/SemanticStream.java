package io.tierwise.bench.semantic;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Certifier;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.ThresholdPath;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.router.tier.TierName;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Questions in one order, each with what had come before it near to it, the nearest first.
 *
 * @param before how many questions came before those asked; all of them entered the cache
 * @param certifying the last of these, which the large model answers and which certify
 * @param asked the questions after them
 * @param answerable of these, the ones whose answer a question before them had
 */
record SemanticStream(
    int before, List<List<Near>> certifying, List<List<Near>> asked, int answerable) {
  private static final int STEPS = 400;
  private static final double LAXEST = 0.6;

  /**
   * An earlier question near to one.
   *
   * @param question its place in the stream
   */
  record Near(int question, double similarity, boolean same, boolean guarded) {
    boolean passes(boolean guards) {
      return !guards || guarded;
    }
  }

  /**
   * @param hits questions answered from the cache
   * @param wrong of these, the ones with another question's answer
   */
  record Served(int hits, int wrong) {}

  /**
   * @param threshold a comparison with what is not a number is false, so nothing is answered
   */
  Served served(double threshold, boolean guards) {
    BitSet answered = new BitSet();
    int wrong = 0;
    for (int i = 0; i < asked.size(); i++) {
      // What was answered from the cache did not enter it.
      Optional<Near> nearest =
          asked.get(i).stream()
              .filter(each -> each.passes(guards))
              .filter(each -> each.question() < before || !answered.get(each.question() - before))
              .findFirst();
      if (nearest.isPresent() && nearest.get().similarity() >= threshold) {
        answered.set(i);
        wrong += nearest.get().same() ? 0 : 1;
      }
    }
    return new Served(answered.cardinality(), wrong);
  }

  /** Questions that certified whose nearest passes a threshold with another answer. */
  int lost(double threshold, boolean guards) {
    return (int)
        certifying.stream()
            .flatMap(near -> near.stream().filter(each -> each.passes(guards)).limit(1))
            .filter(each -> each.similarity() >= threshold && !each.same())
            .count();
  }

  /** The laxest similarity that holds a contract; empty where none does. */
  OptionalDouble certify(Contract contract) {
    Certification certification =
        Certifier.certify(
            contract, 1, path(), certifying.stream().map(SemanticStream::sample).toList());
    return switch (certification) {
      case Certification.Certified certified ->
          OptionalDouble.of(
              certified
                  .certificate()
                  .thresholds()
                  .of(TierName.SEMANTIC_CACHE)
                  .orElseThrow()
                  .value());
      case Certification.Withheld withheld -> OptionalDouble.empty();
    };
  }

  private static AuditSample sample(List<Near> near) {
    return near.stream()
        .filter(each -> each.passes(true))
        .findFirst()
        .map(each ->
            new AuditSample(
                Map.of(
                    TierName.SEMANTIC_CACHE,
                    new AuditSample.Scored(new Confidence(each.similarity()), each.same()))))
        .orElseGet(() -> new AuditSample(Map.of()));
  }

  /** Evenly spaced similarities, fixed before any question is looked at. */
  private static ThresholdPath path() {
    List<Thresholds> steps = new ArrayList<>();
    for (int i = 0; i < STEPS; i++) {
      double similarity = 1 - (1 - LAXEST) * i / (STEPS - 1);
      steps.add(new Thresholds(Map.of(TierName.SEMANTIC_CACHE, new Confidence(similarity))));
    }
    return new ThresholdPath(steps);
  }
}
