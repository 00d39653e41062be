package io.tierwise.distill.label;

import io.tierwise.distill.parallel.Work;
import io.tierwise.router.cost.Money;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.request.Task;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.Attempt;
import java.io.IOException;
import java.io.Serializable;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Puts questions to the large model, wherever there is a line to it. A record of plain values, as
 * it and all that goes to it and comes from it travels.
 *
 * @param labels the task's
 * @param patience how long to wait for one answer
 */
record Asking(Respondent respondent, String task, List<String> labels, Duration patience)
    implements Work<Asking.Batch, Asking.Replies> {
  private static final Tenant TENANT = new Tenant("label-job");

  Asking {
    labels = List.copyOf(labels);
  }

  /**
   * One input.
   *
   * @param number of the question, unique in a run
   * @param text null where it is a feature vector
   * @param features null where it is a text
   */
  @SuppressWarnings("ArrayRecordComponent") // travels, and is never compared
  record Question(int number, @Nullable String text, float @Nullable [] features)
      implements Serializable {
    static Question of(int number, Input input) {
      return switch (input) {
        case Input.Text text -> new Question(number, text.value(), null);
        case Input.Features features -> new Question(number, null, features.toArray());
      };
    }

    Input input() {
      if (features != null) {
        return new Input.Features(features);
      }
      return new Input.Text(text == null ? "" : text);
    }
  }

  /**
   * Questions for one worker.
   *
   * @param dollars nothing is asked once so much of them is spent
   */
  record Batch(List<Question> questions, BigDecimal dollars) implements Serializable {
    Batch {
      questions = List.copyOf(questions);
    }
  }

  /**
   * What became of a question that was asked.
   *
   * @param labels of the answer's distribution; none where there was no answer
   * @param label the answer; null where there was none
   */
  @SuppressWarnings("ArrayRecordComponent") // as above
  record Reply(
      int number,
      @Nullable String label,
      List<String> labels,
      double[] probabilities,
      BigDecimal dollars)
      implements Serializable {
    Reply {
      labels = List.copyOf(labels);
    }

    Optional<Answer.Classified> answer() {
      return label == null
          ? Optional.empty()
          : Optional.of(
              new Answer.Classified(
                  new Label(label),
                  Distribution.of(labels.stream().map(Label::new).toList(), probabilities)));
    }
  }

  /** Of the questions that were asked, in their order. */
  record Replies(List<Reply> replies) implements Serializable {
    Replies {
      replies = List.copyOf(replies);
    }

    Money cost() {
      return replies.stream()
          .map(reply -> new Money(reply.dollars()))
          .reduce(Money.ZERO, Money::plus);
    }
  }

  @Override
  public Worker<Batch, Replies> open() throws IOException {
    Respondent.Line line = respondent.open();
    Task.Classification question =
        new Task.Classification(task, labels.stream().map(Label::new).toList());
    return new Worker<>() {
      @Override
      public Replies of(Batch batch) {
        return replies(line, question, batch);
      }

      @Override
      public void close() {
        line.close();
      }
    };
  }

  private Replies replies(Respondent.Line line, Task.Classification question, Batch batch) {
    List<Reply> replies = new ArrayList<>();
    Money allowed = new Money(batch.dollars());
    Money spent = Money.ZERO;
    for (Question each : batch.questions()) {
      if (spent.compareTo(allowed) >= 0) {
        break;
      }
      Instant now = line.clock().instant();
      Attempt attempt =
          line.large()
              .attempt(
                  new InferenceRequest.Classify(
                      new RequestContext(
                          "label-" + each.number(),
                          TENANT,
                          RoutingPolicy.LARGE_ONLY,
                          CacheUse.ALLOWED,
                          now,
                          now.plus(patience)),
                      question,
                      each.input()));
      Money cost = line.tariff().cost(attempt.usage());
      spent = spent.plus(cost);
      replies.add(reply(each.number(), attempt, cost));
    }
    return new Replies(replies);
  }

  private static Reply reply(int number, Attempt attempt, Money cost) {
    if (attempt instanceof Attempt.Proposed proposed
        && proposed.answer() instanceof Answer.Classified classified) {
      Distribution distribution = classified.distribution();
      return new Reply(
          number,
          classified.label().value(),
          distribution.labels().stream().map(Label::value).toList(),
          distribution.toArray(),
          cost.usd());
    }
    return new Reply(number, null, List.of(), new double[0], cost.usd());
  }
}
