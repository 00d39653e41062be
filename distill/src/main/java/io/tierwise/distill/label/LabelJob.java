package io.tierwise.distill.label;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.JsonLines;
import io.tierwise.distill.data.Row;
import io.tierwise.distill.parallel.Crew;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.cost.Money;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/**
 * Asks the large model for its answer to every input of a file and appends each to another, as
 * {@code {"text" | "features", "reference", "probabilities"}}. What is answered there already is
 * not asked again, so a job that was cut off goes on where it was.
 *
 * <p>Questions go out in rounds, a batch for each of the engine's workers. Budget and answers are
 * kept here, so a worker that is lost takes no more than its batch with it: that batch is asked
 * once more by another, and both askings are counted.
 */
public final class LabelJob {
  /** Questions that a worker is given at once. In this process an answer is kept as it comes. */
  private static final int BATCH = 16;

  private final Spec spec;
  private final Crew<Asking.Batch, Asking.Replies> crew;
  private final AnswerLog log;
  private int asked;
  private int reused;
  private int failed;
  private int repeated;
  private Money cost = Money.ZERO;

  /**
   * What to label.
   *
   * @param budget nothing is asked once one run has spent this much; each worker may be on a last
   *     question then
   * @param patience how long to wait for one answer
   */
  public record Spec(
      Task.Classification task, Path data, Path answers, Money budget, Duration patience) {}

  /**
   * How it ended; the first four sum to the rows.
   *
   * @param asked rows that the large model answered now
   * @param reused rows whose equal has an answer already, of this run or one before
   * @param failed rows to which it gave none, or to their equal; run again to ask them again
   * @param left rows that the budget left unasked
   * @param repeated questions that were with a worker when it was lost, and may have been charged
   *     twice
   * @param cost of all that was asked, with what the repeated questions may have cost before
   */
  public record Summary(int asked, int reused, int failed, int left, int repeated, Money cost) {}

  private LabelJob(Spec spec, Crew<Asking.Batch, Asking.Replies> crew, AnswerLog log) {
    this.spec = spec;
    this.crew = crew;
    this.log = log;
  }

  /**
   * @param engine whose workers ask; left open
   * @throws InvalidValueException when the data cannot be used, or the file for the answers holds
   *     something else
   * @throws IOException when the answers cannot be read or written
   */
  public static Summary run(Spec spec, Respondent respondent, Engine engine, Progress progress)
      throws IOException {
    List<Row> rows = JsonLines.read(spec.data());
    rows.forEach(Row::input);
    Asking asking =
        new Asking(
            respondent,
            spec.task().name(),
            spec.task().labels().stream().map(Label::value).toList(),
            spec.patience());
    try (AnswerLog log = AnswerLog.open(spec.answers());
        Crew<Asking.Batch, Asking.Replies> crew = engine.crew(asking)) {
      return new LabelJob(spec, crew, log).run(rows, progress);
    }
  }

  private Summary run(List<Row> rows, Progress progress) throws IOException {
    List<List<Row>> open = List.copyOf(open(rows).values());
    Deque<Integer> waiting = new ArrayDeque<>();
    for (int number = 0; number < open.size(); number++) {
      waiting.add(number);
    }
    while (!waiting.isEmpty() && cost.compareTo(spec.budget()) < 0) {
      round(open, waiting);
      progress.report("labelling", (long) asked + reused + failed, rows.size());
    }
    int left = waiting.stream().mapToInt(number -> open.get(number).size()).sum();
    progress.report("labelling", rows.size(), rows.size());
    return new Summary(asked, reused, failed, left, repeated, cost);
  }

  /** The rows without an answer, by what they ask, in their order. */
  private SequencedMap<Input, List<Row>> open(List<Row> rows) {
    SequencedMap<Input, List<Row>> open = new LinkedHashMap<>();
    for (Row row : rows) {
      if (log.holds(row.input())) {
        reused++;
      } else {
        open.computeIfAbsent(row.input(), input -> new ArrayList<>()).add(row);
      }
    }
    return open;
  }

  private void round(List<List<Row>> open, Deque<Integer> waiting) throws IOException {
    List<Asking.Batch> batches = batches(open, waiting);
    Deque<Integer> unasked = new ArrayDeque<>();
    List<Crew.Done<Asking.Replies>> all = crew.each(batches);
    for (int i = 0; i < batches.size(); i++) {
      Asking.Replies replies = all.get(i).result();
      int before = all.get(i).begun() - 1;
      repeated += before * replies.replies().size();
      cost = cost.plus(replies.cost().times(1L + before));
      for (Asking.Reply reply : replies.replies()) {
        keep(open.get(reply.number()), reply.answer());
      }
      batches.get(i).questions().stream()
          .skip(replies.replies().size())
          .forEach(question -> unasked.add(question.number()));
    }
    unasked.descendingIterator().forEachRemaining(waiting::addFirst);
  }

  private void keep(List<Row> rows, Optional<Answer.Classified> answer) throws IOException {
    if (answer.isPresent()) {
      log.append(rows.getFirst(), answer.get());
      asked++;
      reused += rows.size() - 1;
    } else {
      failed += rows.size();
    }
  }

  /** A batch for each worker; they share what is left to spend. */
  private List<Asking.Batch> batches(List<List<Row>> open, Deque<Integer> waiting) {
    int workers = crew.atOnce();
    int size = workers == 1 ? 1 : BATCH;
    List<List<Asking.Question>> questions = new ArrayList<>();
    while (questions.size() < workers && !waiting.isEmpty()) {
      List<Asking.Question> batch = new ArrayList<>();
      while (batch.size() < size && !waiting.isEmpty()) {
        int number = waiting.removeFirst();
        batch.add(Asking.Question.of(number, open.get(number).getFirst().input()));
      }
      questions.add(batch);
    }
    BigDecimal share = spec.budget().minus(cost).share(BigDecimal.valueOf(questions.size())).usd();
    return questions.stream().map(batch -> new Asking.Batch(batch, share)).toList();
  }
}
