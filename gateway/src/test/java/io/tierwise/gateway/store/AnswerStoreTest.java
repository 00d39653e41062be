package io.tierwise.gateway.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.router.cost.Usage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerStoreTest {
  private static final Duration DAY = Duration.ofHours(24);
  private static final StoredAnswer ANSWER =
      new StoredAnswer(
          StoreFixture.REFUND,
          StoreFixture.MOSTLY_REFUND,
          new Usage(1, 120, 7, 1, Duration.ofNanos(123_456_789), true),
          "endpoint-7");

  @TempDir private Path directory;
  private Database database;
  private AnswerStore answers;

  @BeforeEach
  void open() {
    database = Database.open(directory);
    answers = at(Duration.ZERO);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void givesBackWhatWasPut() {
    answers.put("k1", StoreFixture.ACME, "triage", ANSWER, DAY);
    assertEquals(Optional.of(ANSWER), answers.get("k1"));
    assertEquals(Optional.empty(), answers.get("k2"));
  }

  @Test
  void replacesAnEarlierAnswer() {
    StoredAnswer newer =
        new StoredAnswer(StoreFixture.REFUND, StoreFixture.MOSTLY_REFUND, Usage.NONE, "endpoint-8");
    answers.put("k1", StoreFixture.ACME, "triage", ANSWER, DAY);
    answers.put("k1", StoreFixture.ACME, "triage", newer, DAY);
    assertEquals(Optional.of(newer), answers.get("k1"));
  }

  @Test
  void forgetsAnAnswerWhenItsTimeToLiveHasPassed() {
    answers.put("k1", StoreFixture.ACME, "triage", ANSWER, DAY);
    assertEquals(Optional.of(ANSWER), at(DAY.minusMillis(1)).get("k1"));
    assertEquals(Optional.empty(), at(DAY).get("k1"));
  }

  @Test
  void deletesOneTenantsAnswersForOneTask() {
    answers.put("k1", StoreFixture.ACME, "triage", ANSWER, DAY);
    answers.put("k2", StoreFixture.ACME, "other", ANSWER, DAY);
    answers.put("k3", StoreFixture.GLOBEX, "triage", ANSWER, DAY);

    assertEquals(1, answers.delete(StoreFixture.ACME, "triage"));
    assertEquals(List.of("k2", "k3"), kept(answers, "k1", "k2", "k3"));
  }

  @Test
  void prunesTheExpiredAndThenTheOldest() {
    answers.put("expired", StoreFixture.ACME, "triage", ANSWER, Duration.ofMinutes(1));
    answers.put("other", StoreFixture.ACME, "other", ANSWER, DAY);
    for (int minute = 2; minute < 6; minute++) {
      at(Duration.ofMinutes(minute)).put("k" + minute, StoreFixture.ACME, "triage", ANSWER, DAY);
    }
    AnswerStore later = at(Duration.ofMinutes(10));

    assertEquals(3, later.prune("triage", 2));
    assertEquals(0, later.prune("triage", 2));
    assertEquals(
        List.of("other", "k4", "k5"), kept(answers, "expired", "other", "k2", "k3", "k4", "k5"));
  }

  @Test
  void sharesAnswersBetweenProcessesAndRestarts() {
    answers.put("k1", StoreFixture.ACME, "triage", ANSWER, DAY);
    try (Database second = Database.open(directory)) {
      assertEquals(Optional.of(ANSWER), new AnswerStore(second, StoreFixture.clock()).get("k1"));
    }
  }

  private AnswerStore at(Duration afterNow) {
    return new AnswerStore(database, StoreFixture.at(afterNow));
  }

  private static List<String> kept(AnswerStore answers, String... keys) {
    return Stream.of(keys).filter(key -> answers.get(key).isPresent()).toList();
  }
}
