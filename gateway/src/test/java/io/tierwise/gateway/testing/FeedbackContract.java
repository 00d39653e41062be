package io.tierwise.gateway.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.store.Accuracy;
import io.tierwise.gateway.store.Feedback;
import io.tierwise.gateway.store.FeedbackRow;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every store of corrections does, wherever it stands. */
public abstract class FeedbackContract {
  private static final Instant NOW = Instant.parse("2026-11-24T12:00:00.123Z");
  private static final Tenant ACME = new Tenant("acme");
  private static final Tenant GLOBEX = new Tenant("globex");

  private final MutableClock clock = new MutableClock(NOW);

  /** An empty one. */
  protected abstract Feedback open(MutableClock clock);

  @Test
  void theLastWordOfEachTenantCountsInTheOrderOfTheRequests() {
    Feedback feedback = open(clock);
    feedback.keep(ACME, "r2", new Label("refund"));
    feedback.keep(GLOBEX, "r1", new Label("other"));
    clock.advance(Duration.ofMinutes(1));
    feedback.keep(ACME, "r2", new Label("delivery"));
    feedback.keep(ACME, "r1", new Label("refund"));
    Instant later = clock.instant();
    assertEquals(
        List.of(
            new FeedbackRow(ACME, "r1", new Label("refund"), later),
            new FeedbackRow(GLOBEX, "r1", new Label("other"), NOW),
            new FeedbackRow(ACME, "r2", new Label("delivery"), later)),
        feedback.rows());
  }

  @Test
  void countsHowOftenATasksKnownAnswersWereRight() {
    Feedback feedback = open(clock);
    Label refund = new Label("refund");
    Label other = new Label("other");
    feedback.keep(ACME, "r1", refund, "triage", refund);
    feedback.keep(GLOBEX, "r1", other, "triage", refund);
    feedback.keep(ACME, "r2", other, "triage", null);
    feedback.keep(ACME, "r3", other, "elsewhere", other);
    feedback.keep(ACME, "r4", other);
    assertEquals(new Accuracy(2, 1), feedback.volunteered("triage"));
    feedback.keep(GLOBEX, "r1", refund, "triage", null);
    assertEquals(new Accuracy(2, 2), feedback.volunteered("triage"));
  }
}
