package io.tierwise.gateway.dialect;

import io.tierwise.router.cost.Limit;
import io.tierwise.router.policy.Refusal;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.tier.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/**
 * What a refusal tells the caller, before a dialect gives it its form.
 *
 * @param hints headers that say whether and when to try again
 */
record RefusalWords(int status, DialectError error, Map<String, String> hints) {
  private static final String RETRY_AFTER = "retry-after";
  private static final Map<String, String> NO_RETRY = Map.of("x-should-retry", "false");

  static RefusalWords of(RequestContext context, Refusal refusal) {
    return switch (refusal) {
      case Refusal.BudgetExhausted exhausted -> {
        Duration wait = Duration.between(context.receivedAt(), exhausted.resetsAt());
        yield refused(
            429,
            "The budget is exhausted: " + words(exhausted.limit(), exhausted.resetsAt()),
            "insufficient_quota",
            refusal,
            Map.of(
                RETRY_AFTER,
                Long.toString(Math.max(1, wait.toSeconds())),
                "x-should-retry",
                "false"));
      }
      case Refusal.RateLimited limited -> {
        Duration wait = Duration.between(context.receivedAt(), limited.resetsAt());
        yield refused(
            429,
            "Too many "
                + limited.limit().measure().text()
                + ": "
                + words(limited.limit(), limited.resetsAt()),
            limited.limit().measure().text(),
            refusal,
            Map.of(RETRY_AFTER, Long.toString(Math.max(1, wait.plusMillis(999).toSeconds()))));
      }
      case Refusal.LargeUnavailable unavailable ->
          refused(
              503,
              "The large model is unavailable: " + words(unavailable.cause()) + ".",
              "server_error",
              refusal,
              Map.of(RETRY_AFTER, Long.toString(secondsToWait(unavailable.cause()))));
      case Refusal.DeadlineExceeded exceeded ->
          refused(
              504,
              "There was no answer within the request's deadline.",
              "server_error",
              refusal,
              NO_RETRY);
      // Nobody is there to read it.
      case Refusal.Cancelled cancelled ->
          refused(499, "The caller went away.", "invalid_request_error", refusal, NO_RETRY);
      case Refusal.Rejected rejected ->
          refused(
              rejected.status(),
              "The upstream refused the request.",
              "invalid_request_error",
              refusal,
              NO_RETRY);
      case Refusal.StreamBroken broken ->
          refused(
              502,
              "The upstream's stream was " + broken.how() + ".",
              "server_error",
              refusal,
              Map.of(RETRY_AFTER, "1"));
      case Refusal.NoCheapCandidate none ->
          refused(
              503,
              "Only cheap tiers may answer, and none has a candidate.",
              "server_error",
              refusal,
              context.policy() == RoutingPolicy.CHEAP_ONLY ? NO_RETRY : Map.of(RETRY_AFTER, "1"));
    };
  }

  private static RefusalWords refused(
      int status, String message, String type, Refusal refusal, Map<String, String> hints) {
    String code = refusal.code().replace('-', '_');
    return new RefusalWords(status, new DialectError(message, type, null, code), hints);
  }

  private static String words(Limit limit, Instant resetsAt) {
    return "%s are taken until %s.".formatted(limit.text(), resetsAt);
  }

  private static String words(Attempt.Cause cause) {
    return switch (cause) {
      case TIMEOUT -> "it did not answer in time";
      case DEADLINE -> "it did not answer before the request's deadline";
      case CANCELLED -> "the caller went away";
      case SATURATED -> "it takes no more concurrent requests";
      case BREAKER_OPEN -> "it has failed repeatedly and is left alone for a while";
      case THROTTLED -> "it refused for its own rate limit";
      case FAILED -> "it failed";
      case UNUSABLE_ANSWER -> "it answered something that is none of the task's labels";
    };
  }

  /** A hint, not a promise: how long such trouble lasts at least. */
  private static long secondsToWait(Attempt.Cause cause) {
    return switch (cause) {
      case TIMEOUT, DEADLINE, CANCELLED, SATURATED, FAILED, UNUSABLE_ANSWER -> 1;
      case THROTTLED -> 5;
      case BREAKER_OPEN -> 10;
    };
  }
}
