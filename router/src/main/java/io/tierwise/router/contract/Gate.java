package io.tierwise.router.contract;

import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.tier.TierName;

/** Whether a task's cheap candidates may answer. */
public sealed interface Gate {
  /** What becomes of a candidate of this tier with this confidence. */
  Verdict judge(TierName tier, Confidence confidence);

  /** The thresholds in force, or that would be. */
  Thresholds thresholds();

  /** Candidates that reach their thresholds answer, under the named certificate. */
  record Open(Thresholds thresholds, String certificate) implements Gate {
    @Override
    public Verdict judge(TierName tier, Confidence confidence) {
      return thresholds.pass(tier, confidence) ? Verdict.ACCEPTED : Verdict.PASSED_ON;
    }
  }

  /** The large model answers everything; candidates are only scored. */
  record Observe(Thresholds thresholds) implements Gate {
    @Override
    public Verdict judge(TierName tier, Confidence confidence) {
      if (tier == TierName.LARGE) {
        return Verdict.ACCEPTED;
      }
      return thresholds.pass(tier, confidence) ? Verdict.WOULD_ACCEPT : Verdict.PASSED_ON;
    }
  }

  /** Exact hits and the large model answer; nothing else does. */
  record Shut(String reason) implements Gate {
    @Override
    public Verdict judge(TierName tier, Confidence confidence) {
      return thresholds().pass(tier, confidence) ? Verdict.ACCEPTED : Verdict.PASSED_ON;
    }

    @Override
    public Thresholds thresholds() {
      return Thresholds.NONE;
    }
  }
}
