package io.tierwise.distill.label;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.JsonLines;
import io.tierwise.distill.data.Row;
import io.tierwise.router.InvalidValueException;
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
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Asks the large model for its answer to every row of a file and appends each to another, as {@code
 * {"text", "reference", "probabilities"}}. What is answered there already is not asked again, so a
 * job that was cut off goes on where it was.
 */
public final class LabelJob {
  private static final Tenant TENANT = new Tenant("label-job");

  private final Spec spec;
  private final Tier large;
  private final Tariff tariff;
  private final Clock clock;
  private final Set<Input> unanswered = new HashSet<>();
  private int asked;
  private int reused;
  private int failed;
  private int left;
  private Money cost = Money.ZERO;

  /**
   * What to label.
   *
   * @param budget nothing is asked once one run has spent this much
   * @param patience how long to wait for one answer
   */
  public record Spec(
      Task.Classification task, Path data, Path answers, Money budget, Duration patience) {}

  /**
   * How it ended; the counts sum to the rows.
   *
   * @param asked rows that the large model answered now
   * @param reused rows whose equal has an answer already, of this run or one before
   * @param failed rows to which it gave none, or to their equal; run again to ask them again
   * @param left rows that the budget left unasked
   */
  public record Summary(int asked, int reused, int failed, int left, Money cost) {}

  private LabelJob(Spec spec, Tier large, Tariff tariff, Clock clock) {
    this.spec = spec;
    this.large = large;
    this.tariff = tariff;
    this.clock = clock;
  }

  /**
   * @param large the large tier, with its own retries
   * @throws InvalidValueException when the data cannot be used, or the file for the answers holds
   *     something else
   * @throws IOException when the answers cannot be read or written
   */
  public static Summary run(Spec spec, Tier large, Tariff tariff, Clock clock, Progress progress)
      throws IOException {
    return new LabelJob(spec, large, tariff, clock).run(progress);
  }

  private Summary run(Progress progress) throws IOException {
    List<Row> rows = JsonLines.read(spec.data());
    rows.forEach(Row::input);
    try (AnswerLog log = AnswerLog.open(spec.answers())) {
      for (Row row : rows) {
        label(row, log);
        progress.report("labelling", (long) asked + reused + failed + left, rows.size());
      }
    }
    return new Summary(asked, reused, failed, left, cost);
  }

  private void label(Row row, AnswerLog log) throws IOException {
    if (log.holds(row.input())) {
      reused++;
    } else if (unanswered.contains(row.input())) {
      failed++;
    } else if (cost.compareTo(spec.budget()) >= 0) {
      left++;
    } else {
      ask(row, log);
    }
  }

  private void ask(Row row, AnswerLog log) throws IOException {
    Attempt attempt = large.attempt(request(row.input()));
    cost = cost.plus(tariff.cost(attempt.usage()));
    if (attempt instanceof Attempt.Proposed proposed
        && proposed.answer() instanceof Answer.Classified classified) {
      log.append(row, classified);
      asked++;
    } else {
      unanswered.add(row.input());
      failed++;
    }
  }

  private InferenceRequest request(Input input) {
    Instant now = clock.instant();
    return new InferenceRequest.Classify(
        new RequestContext(
            "label-" + (asked + failed),
            TENANT,
            RoutingPolicy.LARGE_ONLY,
            CacheUse.ALLOWED,
            now,
            now.plus(spec.patience())),
        spec.task(),
        input);
  }
}
