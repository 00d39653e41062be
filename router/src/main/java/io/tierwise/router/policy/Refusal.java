package io.tierwise.router.policy;

import io.tierwise.router.cost.Limit;
import io.tierwise.router.tier.Attempt;
import java.time.Instant;

/** Why a request got no answer. */
public sealed interface Refusal {
  /** Short and stable, for the ledger and metrics. */
  String code();

  /** A budget does not cover the request's worst case. */
  record BudgetExhausted(Limit limit, Instant resetsAt) implements Refusal {
    @Override
    public String code() {
      return "budget-exhausted";
    }
  }

  /** Too many requests, or too many tokens, in this minute. */
  record RateLimited(Limit limit, Instant resetsAt) implements Refusal {
    @Override
    public String code() {
      return "rate-limited";
    }
  }

  /** The large model could not answer and the policy is to refuse. */
  record LargeUnavailable(Attempt.Cause cause, String detail) implements Refusal {
    @Override
    public String code() {
      return "large-unavailable";
    }
  }

  /** The caller's deadline passed before the large model answered, and the policy is to refuse. */
  record DeadlineExceeded() implements Refusal {
    @Override
    public String code() {
      return "deadline-exceeded";
    }
  }

  /** The caller went away before there was an answer. */
  record Cancelled() implements Refusal {
    @Override
    public String code() {
      return "cancelled";
    }
  }

  /**
   * An upstream that a chat was passed to found the request wrong.
   *
   * @param status 4xx, the upstream's own
   */
  record Rejected(int status) implements Refusal {
    @Override
    public String code() {
      return "rejected-by-upstream";
    }
  }

  /**
   * A stream that had begun did not come to its end.
   *
   * @param how one word: truncated, stalled, malformed, or error
   */
  record StreamBroken(String how) implements Refusal {
    @Override
    public String code() {
      return "stream-" + how;
    }
  }

  /** Only cheap tiers were allowed and none had a candidate. */
  record NoCheapCandidate() implements Refusal {
    @Override
    public String code() {
      return "no-cheap-candidate";
    }
  }
}
