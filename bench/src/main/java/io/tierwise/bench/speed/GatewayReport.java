package io.tierwise.bench.speed;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.load.Measured;
import io.tierwise.bench.speed.Rounds.Turned;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link GatewayBench} has measured.
 *
 * @param names the contestants, in their order
 * @param full as much as each answers, on 64 connections
 * @param half at half of that, by a clock
 * @param solo one request at a time
 * @param streamed streams, on 8 connections
 * @param many null where only some took part
 * @param peerAbsent why the public gateway did not take part; null where it did
 */
public record GatewayReport(
    List<String> names,
    Rounds full,
    Rounds half,
    Rounds solo,
    Rounds streamed,
    @Nullable ManyStreams many,
    @Nullable String peerAbsent) {
  private static final double MICROS_IN_MILLI = 1000;
  private static final double MEGABYTE = 1_000_000;

  /**
   * Very many streams at once.
   *
   * @param bytes the most that the gateway's process held resident
   */
  record ManyStreams(int together, Measured measured, long bytes) {}

  /** A table for people. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%-20s %10s %12s %12s %12s %10s %9s%n"
            .formatted(
                "", "req/s", "cpu/req", "p50 at half", "p99 at half", "p50 alone", "failures"));
    for (String name : names) {
      text.append(
          String.format(
              Locale.ROOT,
              "%-20s %10.0f %9.0f us %9.0f us %9.0f us %7.0f us %9d%n",
              name,
              full.median(name, Turned::perSecond),
              full.median(name, Turned::processor),
              half.median(name, Turned::p50),
              half.median(name, Turned::p99),
              solo.median(name, Turned::p50),
              full.failures(name) + half.failures(name) + solo.failures(name)));
    }
    if (many != null) {
      text.append(
          String.format(
              Locale.ROOT,
              "%d streams at once: %.0f MB resident, %d failures%n",
              many.together(),
              many.bytes() / MEGABYTE,
              many.measured().failures()));
    }
    if (peerAbsent != null) {
      text.append("The peer took no part: ").append(peerAbsent).append(".\n");
    }
    return text.toString();
  }

  public ObjectNode json() {
    ObjectNode root = JsonNodeFactory.instance.objectNode();
    ObjectNode rows = root.putObject("contestants");
    for (String name : names) {
      ObjectNode row = rows.putObject(name);
      row.put("perSecond", round(full.median(name, Turned::perSecond)));
      row.put("processorMicros", round(full.median(name, Turned::processor)));
      row.put("halfLoadP50Millis", millis(half.median(name, Turned::p50)));
      row.put("halfLoadP99Millis", millis(half.median(name, Turned::p99)));
      row.put("soloP50Millis", millis(solo.median(name, Turned::p50)));
      row.put("failures", full.failures(name) + half.failures(name) + solo.failures(name));
    }
    if (many != null) {
      ObjectNode streams = root.putObject("manyStreams");
      streams.put("together", many.together());
      streams.put("residentMegabytes", round(many.bytes() / MEGABYTE));
      streams.put("failures", many.measured().failures());
    }
    p99(root, "exactCacheP99ToEcho", GatewayBench.EXACT_CACHE);
    p99(root, "studentP99ToEcho", GatewayBench.STUDENT);
    added(root, "passThrough", GatewayBench.PASS_THROUGH);
    added(root, "chat", GatewayBench.CHAT);
    added(root, "peer", GatewayBench.PEER);
    if (peerAbsent != null) {
      root.put("peerAbsent", peerAbsent);
    }
    processor(root, "exactCacheProcessorToEcho", GatewayBench.EXACT_CACHE);
    processor(root, "studentProcessorToEcho", GatewayBench.STUDENT);
    throughput(root, "exactCacheAuditedToEcho", GatewayBench.USUAL, GatewayBench.ECHO);
    throughput(root, "exactCacheToEcho", GatewayBench.EXACT_CACHE, GatewayBench.ECHO);
    throughput(root, "studentToEcho", GatewayBench.STUDENT, GatewayBench.ECHO);
    throughput(root, "passThroughToPeer", GatewayBench.PASS_THROUGH, GatewayBench.PEER);
    return root;
  }

  private void throughput(ObjectNode root, String field, String name, String other) {
    if (full.has(name) && full.has(other)) {
      root.put(field, round(full.ratio(name, other, Turned::perSecond)));
    }
  }

  /** What another program takes of the cores falls out of it. */
  private void processor(ObjectNode root, String field, String name) {
    if (full.has(name) && full.has(GatewayBench.ECHO)) {
      root.put(field, round(full.ratio(name, GatewayBench.ECHO, Turned::processor)));
    }
  }

  private void p99(ObjectNode root, String field, String name) {
    if (half.has(name) && half.has(GatewayBench.ECHO)) {
      root.put(field, round(half.ratio(name, GatewayBench.ECHO, Turned::p99)));
    }
  }

  /** What stands between a caller and the upstream adds to what the upstream takes. */
  private void added(ObjectNode root, String field, String name) {
    if (solo.has(name) && solo.has(GatewayBench.UPSTREAM)) {
      root.put(
          field + "AddedP50Millis",
          millis(solo.difference(name, GatewayBench.UPSTREAM, Turned::p50)));
    }
    String stream = name + GatewayBench.STREAM;
    String direct = GatewayBench.UPSTREAM + GatewayBench.STREAM;
    if (streamed.has(stream) && streamed.has(direct)) {
      root.put(
          field + "AddedFirstByteP50Millis",
          millis(streamed.difference(stream, direct, Turned::firstByteP50)));
    }
  }

  private static double millis(double micros) {
    return round(micros / MICROS_IN_MILLI);
  }

  private static double round(double value) {
    return Math.round(value * 1000) / 1000.0;
  }
}
