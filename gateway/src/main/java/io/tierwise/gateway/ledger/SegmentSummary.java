package io.tierwise.gateway.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.ledger.LedgerEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A closed segment's figures, kept beside it so that a start need not read what is long past. It
 * can be made anew from the segment at any time.
 *
 * @param last when the latest of its requests came; empty when it holds no entry
 * @param usage what the large model has used for every task, as far as this segment knows
 */
record SegmentSummary(long entries, Optional<Instant> last, Map<String, LargeUsage> usage) {
  private static final int FORMAT = 1;
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What is kept; where that is nothing usable, what the segment says, which is then kept. */
  static SegmentSummary of(Segment segment) throws IOException {
    Optional<SegmentSummary> kept = kept(segment);
    if (kept.isPresent()) {
      return kept.get();
    }
    SegmentSummary summary = fold(segment);
    summary.keep(segment.summary());
    return summary;
  }

  private static SegmentSummary fold(Segment segment) {
    List<Instant> latest = new ArrayList<>(List.of(Instant.MIN));
    long[] count = new long[1];
    // Damage is told by whoever reads for the entries' sake.
    try (Stream<LedgerEntry> entries = LedgerReader.read(segment, damage -> {})) {
      Map<String, LargeUsage> usage =
          UsageByTask.of(
              entries.peek(entry -> {
                count[0]++;
                if (entry.at().isAfter(latest.getFirst())) {
                  latest.set(0, entry.at());
                }
              }));
      return new SegmentSummary(
          count[0], count[0] == 0 ? Optional.empty() : Optional.of(latest.getFirst()), usage);
    }
  }

  private static Optional<SegmentSummary> kept(Segment segment) {
    try {
      JsonNode node = JSON.readTree(Files.readAllBytes(segment.summary()));
      if (node.path("format").asInt() != FORMAT || !node.path("entries").isIntegralNumber()) {
        return Optional.empty();
      }
      Map<String, LargeUsage> usage = new TreeMap<>();
      node.path("usage")
          .properties()
          .forEach(task -> usage.put(task.getKey(), usage(task.getValue())));
      long entries = node.path("entries").longValue();
      Optional<Instant> last =
          entries == 0 ? Optional.empty() : Optional.of(Instant.parse(node.path("last").asText()));
      return Optional.of(new SegmentSummary(entries, last, usage));
    } catch (IOException | DateTimeException e) {
      return Optional.empty();
    }
  }

  private static LargeUsage usage(JsonNode node) {
    return new LargeUsage(
        node.path("answers").longValue(),
        node.path("bytes").longValue(),
        node.path("inputTokens").longValue(),
        node.path("outputTokens").longValue(),
        node.path("computeNanos").longValue());
  }

  private void keep(Path file) throws IOException {
    ObjectNode node = JSON.createObjectNode();
    node.put("format", FORMAT);
    node.put("entries", entries);
    last.ifPresent(moment -> node.put("last", moment.toString()));
    ObjectNode tasks = node.putObject("usage");
    usage.forEach((task, used) ->
        tasks
            .putObject(task)
            .put("answers", used.answers())
            .put("bytes", used.bytes())
            .put("inputTokens", used.inputTokens())
            .put("outputTokens", used.outputTokens())
            .put("computeNanos", used.computeNanos()));
    Path fresh = file.resolveSibling(Segments.name(file) + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(node));
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
