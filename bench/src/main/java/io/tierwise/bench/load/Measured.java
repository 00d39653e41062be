package io.tierwise.bench.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.HdrHistogram.Histogram;

/**
 * What one turn of load saw. Times are microseconds from the moment a request was due to its
 * answer's last byte, so waiting for a free connection counts; but for one, which says so.
 *
 * @param sent requests, whatever became of them
 * @param failures answers of another status than 200, and connections lost
 * @param unanswered requests whose answer had not come whole half a minute after the turn
 * @param perSecond answers that came before the turn ended
 * @param late requests that were due and could not be sent before the turn ended
 * @param failureP99 of answers of another status
 * @param failureOfSentP99 the same from when the request was written to its connection
 * @param firstByteP50 to the first byte of the answer's body
 */
public record Measured(
    long sent,
    long answers,
    long failures,
    long late,
    long unanswered,
    double perSecond,
    double p50,
    double p99,
    double p999,
    double firstByteP50,
    double firstByteP99,
    double failureP99,
    double failureOfSentP99) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final double NANOS = 1000;

  /** How many of what, beside those that were answered. */
  record Sent(long sent, long failures, long late, long unanswered) {}

  /** In nanoseconds. */
  record Times(
      Histogram whole, Histogram firstByte, Histogram refusals, Histogram refusalsOfSent) {}

  static Measured of(Times times, Sent sent, double perSecond) {
    Histogram whole = times.whole();
    Histogram firstByte = times.firstByte();
    return new Measured(
        sent.sent(),
        whole.getTotalCount(),
        sent.failures(),
        sent.late(),
        sent.unanswered(),
        perSecond,
        whole.getValueAtPercentile(50) / NANOS,
        whole.getValueAtPercentile(99) / NANOS,
        whole.getValueAtPercentile(99.9) / NANOS,
        firstByte.getValueAtPercentile(50) / NANOS,
        firstByte.getValueAtPercentile(99) / NANOS,
        times.refusals().getValueAtPercentile(99) / NANOS,
        times.refusalsOfSent().getValueAtPercentile(99) / NANOS);
  }

  public ObjectNode json() {
    ObjectNode node = JSON.createObjectNode();
    node.put("sent", sent).put("answers", answers).put("failures", failures);
    node.put("late", late).put("unanswered", unanswered);
    node.put("perSecond", perSecond);
    node.put("p50Micros", p50).put("p99Micros", p99).put("p999Micros", p999);
    node.put("firstByteP50Micros", firstByteP50).put("firstByteP99Micros", firstByteP99);
    node.put("failureP99Micros", failureP99);
    node.put("failureOfSentP99Micros", failureOfSentP99);
    return node;
  }

  static Measured of(String line) {
    try {
      JsonNode node = JSON.readTree(line);
      return new Measured(
          node.required("sent").longValue(),
          node.required("answers").longValue(),
          node.required("failures").longValue(),
          node.required("late").longValue(),
          node.required("unanswered").longValue(),
          node.required("perSecond").doubleValue(),
          node.required("p50Micros").doubleValue(),
          node.required("p99Micros").doubleValue(),
          node.required("p999Micros").doubleValue(),
          node.required("firstByteP50Micros").doubleValue(),
          node.required("firstByteP99Micros").doubleValue(),
          node.required("failureP99Micros").doubleValue(),
          node.required("failureOfSentP99Micros").doubleValue());
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IllegalStateException("the load generator said: " + line, e);
    }
  }
}
