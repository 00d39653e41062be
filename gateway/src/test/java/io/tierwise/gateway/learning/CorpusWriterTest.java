package io.tierwise.gateway.learning;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.gateway.store.CorpusRow;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Reference;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusWriterTest {
  private static final Label REFUND = new Label("refund");

  @TempDir private Path folder;
  private final MutableClock clock = new MutableClock(Requests.NOW);

  private static Reference reference(InferenceRequest request, boolean audited) {
    return new Reference(
        request,
        new Attempt.Proposed(
            new Answer.Classified(REFUND, Distribution.certain(REFUND)),
            Confidence.FULL,
            Usage.NONE,
            "big@1"),
        audited);
  }

  @Test
  void keepsAuditedTextsApartAndNothingThatMustNotBeStored() {
    try (Database database = Database.open(folder)) {
      CorpusStore corpus =
          CorpusStore.open(database, clock, CorpusStore.keyFile(folder), new SecureRandom());
      CorpusWriter writer = new CorpusWriter(corpus, Duration.ofDays(90));
      writer.observe(reference(Requests.classify("to train with"), false));
      writer.observe(reference(Requests.classify("to calibrate with"), true));
      writer.observe(
          reference(Requests.classify("acme", new CacheUse(true, false), "secret"), false));
      assertEquals(List.of(row("to train with", false)), corpus.rows("support", false));
      assertEquals(List.of(row("to calibrate with", true)), corpus.rows("support", true));
    }
  }

  @Test
  void letsTheAnswerLeaveWhenTheCorpusCannotBeWritten() {
    Database database = Database.open(folder);
    CorpusStore corpus =
        CorpusStore.open(database, clock, CorpusStore.keyFile(folder), new SecureRandom());
    database.close();
    new CorpusWriter(corpus, Duration.ofDays(90))
        .observe(reference(Requests.classify("hi"), false));
  }

  private static CorpusRow row(String text, boolean audited) {
    return new CorpusRow(
        new Tenant("acme"),
        "support",
        new Input.Text(text),
        REFUND,
        Distribution.certain(REFUND),
        audited,
        Requests.NOW,
        "r1");
  }
}
