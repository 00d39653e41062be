package io.tierwise.distill.label;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.distill.Progress;
import io.tierwise.distill.data.JsonLines;
import io.tierwise.distill.data.Row;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.request.Task;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Tier;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Asks the large model for its answer to every input of a file and appends each to another, as
 * {@code {"text" | "features", "reference", "probabilities"}}. Inputs that are answered there
 * already are not asked again, so a job that was cut off goes on where it was; a torn last line is
 * cut first.
 */
public final class LabelJob {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Tenant TENANT = new Tenant("label-job");

  private LabelJob() {}

  /**
   * What to label.
   *
   * @param budget no text is asked once this much is spent
   * @param patience how long to wait for one answer
   */
  public record Spec(
      Task.Classification task, Path data, Path answers, Money budget, Duration patience) {}

  /**
   * How it ended.
   *
   * @param reused texts that had an answer already
   * @param failed texts to which the large model gave none; run again to ask them again
   * @param left texts that the budget left unasked
   */
  public record Summary(int asked, int reused, int failed, int left, Money cost) {}

  /**
   * @param large the large tier, with its own retries
   * @throws IOException when the answers cannot be read or written
   */
  public static Summary run(Spec spec, Tier large, Tariff tariff, Clock clock, Progress progress)
      throws IOException {
    List<Row> rows = JsonLines.read(spec.data());
    Set<Input> done = answered(spec.answers());
    int asked = 0;
    int reused = 0;
    int failed = 0;
    int left = 0;
    Money cost = Money.ZERO;
    try (FileChannel out =
        FileChannel.open(spec.answers(), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (Row row : rows) {
        if (!done.add(row.input())) {
          reused++;
        } else if (cost.compareTo(spec.budget()) >= 0) {
          left++;
        } else {
          Attempt attempt = large.attempt(request(spec, row, asked + failed, clock));
          cost = cost.plus(tariff.cost(attempt.usage()));
          if (attempt instanceof Attempt.Proposed proposed) {
            append(out, row, proposed);
            asked++;
          } else {
            failed++;
          }
        }
        progress.report("labelling", asked + reused + failed + (long) left, rows.size());
      }
    }
    return new Summary(asked, reused, failed, left, cost);
  }

  private static InferenceRequest request(Spec spec, Row row, int number, Clock clock) {
    return new InferenceRequest.Classify(
        new RequestContext(
            "label-" + number,
            TENANT,
            RoutingPolicy.LARGE_ONLY,
            CacheUse.ALLOWED,
            clock.instant(),
            clock.instant().plus(spec.patience())),
        spec.task(),
        row.input());
  }

  private static void append(FileChannel out, Row row, Attempt.Proposed proposed)
      throws IOException {
    if (!(proposed.answer() instanceof Answer.Classified classified)) {
      throw new IllegalStateException("a task's answer is a label");
    }
    ObjectNode line = JSON.createObjectNode();
    line.setAll((ObjectNode) row.fields());
    line.put("reference", classified.label().value());
    ObjectNode probabilities = line.putObject("probabilities");
    for (int i = 0; i < classified.distribution().labels().size(); i++) {
      probabilities.put(
          classified.distribution().labels().get(i).value(),
          classified.distribution().probability(i));
    }
    out.write(StandardCharsets.UTF_8.encode(line + "\n"));
  }

  /** The inputs answered so far. */
  private static Set<Input> answered(Path answers) throws IOException {
    Set<Input> inputs = new HashSet<>();
    if (Files.exists(answers)) {
      cutTornLine(answers);
      if (Files.size(answers) > 0) {
        for (Row row : JsonLines.read(answers)) {
          inputs.add(row.input());
        }
      }
    }
    return inputs;
  }

  private static void cutTornLine(Path answers) throws IOException {
    byte[] content = Files.readAllBytes(answers);
    int end = content.length;
    while (end > 0 && content[end - 1] != '\n') {
      end--;
    }
    if (end < content.length) {
      try (FileChannel file = FileChannel.open(answers, StandardOpenOption.WRITE)) {
        file.truncate(end);
      }
    }
  }
}
