package io.tierwise.bench.whatif;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.cost.Money;

/**
 * A task before and after.
 *
 * @param recorded what was spent on it, audits included
 * @param after what would have been
 * @param largeBefore requests that asked the large model
 * @param risk on the audits of the range
 */
public record TaskOutcome(
    String task,
    long requests,
    Money recorded,
    Range after,
    long largeBefore,
    long largeLeast,
    double largeExpected,
    long largeMost,
    Risk risk) {

  /** After less before; negative saves. */
  public Range difference() {
    return after.minus(recorded);
  }

  public ObjectNode json() {
    ObjectNode node =
        JsonNodeFactory.instance
            .objectNode()
            .put("task", task)
            .put("requests", requests)
            .put("recorded", recorded.toString());
    put(node.putObject("after"), after);
    put(node.putObject("difference"), difference());
    node.putObject("largeCalls")
        .put("recorded", largeBefore)
        .put("low", largeLeast)
        .put("expected", largeExpected)
        .put("high", largeMost);
    ObjectNode risks = node.putObject("risk").put("audits", risk.audits());
    risks
        .putObject("recorded")
        .put("lost", risk.lostBefore())
        .put("low", risk.before().lower())
        .put("high", risk.before().upper());
    risks
        .putObject("after")
        .put("lost", risk.lostAfter())
        .put("low", risk.after().lower())
        .put("high", risk.after().upper());
    risks
        .putObject("difference")
        .put("low", risk.difference()[0])
        .put("high", risk.difference()[1]);
    return node;
  }

  private static void put(ObjectNode node, Range range) {
    node.put("low", range.low().toString())
        .put("expected", range.expected().toString())
        .put("high", range.high().toString());
  }
}
