package io.tierwise.gateway.dialect;

import io.tierwise.router.policy.Decision;
import java.util.List;

/** How several requests that came as one ended. */
public sealed interface BatchDecision {
  /** What became of the requests that were decided, in their order. */
  List<? extends Decision> decisions();

  /** Every request has its answer, in order. */
  record Answered(List<Decision.Answered> decisions) implements BatchDecision {
    public Answered {
      decisions = List.copyOf(decisions);
    }
  }

  /**
   * One was refused, so the whole is; some of those after it were not begun.
   *
   * @param row position of the first that was refused
   */
  record Refused(int row, Decision.Refused refused, List<Decision> decisions)
      implements BatchDecision {
    public Refused {
      decisions = List.copyOf(decisions);
    }
  }
}
