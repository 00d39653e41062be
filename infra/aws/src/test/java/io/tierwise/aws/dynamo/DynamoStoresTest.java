package io.tierwise.aws.dynamo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.store.AnswerStore;
import io.tierwise.gateway.store.Answers;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.IssuedKey;
import io.tierwise.gateway.store.KeyRow;
import io.tierwise.gateway.store.KeyStore;
import io.tierwise.gateway.store.ManagedKeys;
import io.tierwise.gateway.store.StoreException;
import io.tierwise.gateway.store.StoredAnswer;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Keys and answers: the tables and the embedded store hold to the same. */
class DynamoStoresTest {
  private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
  private static final Tenant ACME = new Tenant("acme");
  private static final StoredAnswer ANSWER =
      new StoredAnswer(
          new Label("refund"),
          Distribution.of(
              List.of(new Label("refund"), new Label("other")), new double[] {0.75, 0.25}),
          new Usage(1, 12, 0, 1, Duration.ofMillis(3)),
          "gpt-4o/1");

  private static LocalDynamo dynamo;
  @TempDir private static Path folder;
  private static Database database;
  private String answers;
  private String keys;

  @BeforeAll
  static void start() throws Exception {
    dynamo = new LocalDynamo();
    database = Database.open(folder);
  }

  @AfterAll
  static void stop() {
    if (dynamo != null) {
      dynamo.close();
      database.close();
    }
  }

  @BeforeEach
  void fresh() {
    answers = dynamo.table();
    keys = dynamo.table();
  }

  private List<Answers> answersAt(Instant now) {
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    return List.of(
        new AnswerStore(database, clock), new DynamoAnswers(dynamo.client(), answers, clock));
  }

  private List<ManagedKeys> keys() {
    Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
    return List.of(
        new KeyStore(database, clock, new SecureRandom()),
        new DynamoKeys(dynamo.client(), keys, clock, new SecureRandom()));
  }

  @Test
  void anAnswerIsReadBackAsItWasPutAndNotPastItsTime() {
    for (Answers store : answersAt(NOW)) {
      assertEquals(Optional.empty(), store.get("unknown"));
      store.put("key", ACME, "support", ANSWER, Duration.ofMinutes(1));
      assertEquals(Optional.of(ANSWER), store.get("key"));
    }
    for (Answers store : answersAt(NOW.plusSeconds(59))) {
      assertEquals(Optional.of(ANSWER), store.get("key"));
    }
    for (Answers store : answersAt(NOW.plusSeconds(60))) {
      assertEquals(Optional.empty(), store.get("key"));
    }
  }

  @Test
  void aLaterAnswerTakesAnEarlierOnesPlace() {
    StoredAnswer later =
        new StoredAnswer(
            new Label("other"), Distribution.certain(new Label("other")), Usage.NONE, "2");
    for (Answers store : answersAt(NOW)) {
      store.put("again", ACME, "support", ANSWER, Duration.ofMinutes(1));
      store.put("again", ACME, "support", later, Duration.ofMinutes(1));
      assertEquals(Optional.of(later), store.get("again"));
    }
  }

  @Test
  void aKeyProvesItsTenantAndNobodyElsesDoes() {
    for (ManagedKeys store : keys()) {
      IssuedKey issued = store.add(ACME, "a note");
      assertFalse(store.isEmpty());
      assertEquals(Optional.of(ACME), store.authenticate(issued.secretKey()));
      String wrong = issued.secretKey().substring(0, 16) + "f".repeat(64);
      assertEquals(Optional.empty(), store.authenticate(wrong));
      assertEquals(Optional.empty(), store.authenticate("tw_000000000000_" + "0".repeat(64)));
      assertEquals(Optional.empty(), store.authenticate("Bearer"));
    }
  }

  @Test
  void aTableWithoutKeysIsEmpty() {
    assertTrue(keys().getLast().isEmpty());
  }

  @Test
  void aRevokedKeyProvesNothingAndIsListedStill() {
    for (ManagedKeys store : keys()) {
      IssuedKey issued = store.add(ACME, "a note");

      assertTrue(store.revoke(issued.id()));
      assertFalse(store.revoke(issued.id()));
      assertEquals(Optional.empty(), store.authenticate(issued.secretKey()));
      assertFalse(store.revoke("nobody"));
      IssuedKey second = store.add(ACME, "");
      KeyRow revoked = new KeyRow(issued.id(), ACME.name(), "a note", NOW, NOW, false);
      assertTrue(store.list().contains(revoked));
      assertTrue(store.list().contains(new KeyRow(second.id(), ACME.name(), "", NOW, null, false)));
    }
  }

  @Test
  void theCommandLinesKeysAreTheFunctions() {
    System.setProperty("aws.accessKeyId", "local");
    System.setProperty("aws.secretAccessKey", "local");
    IssuedKey issued = keys().getLast().add(ACME, "a note");
    try (KeysTable table =
        KeysTable.open(keys, Optional.of(dynamo.endpoint()), Clock.fixed(NOW, ZoneOffset.UTC))) {
      assertEquals(
          List.of(new KeyRow(issued.id(), ACME.name(), "a note", NOW, null, false)),
          table.keys().list());
    } finally {
      System.clearProperty("aws.accessKeyId");
      System.clearProperty("aws.secretAccessKey");
    }
  }

  @Test
  void theSecretIsNotInTheTable() {
    IssuedKey issued = keys().getLast().add(ACME, "a note");
    String secret = issued.secretKey().substring(16);

    String kept = dynamo.client().scan(request -> request.tableName(keys)).items().toString();
    assertFalse(kept.contains(secret), kept);
  }

  @Test
  void aMissingTableIsTroubleWithTheStore() {
    DynamoAnswers lost = new DynamoAnswers(dynamo.client(), "not-there", Clock.systemUTC());
    assertThrows(StoreException.class, () -> lost.get("key"));
    assertThrows(
        StoreException.class,
        () -> lost.put("key", ACME, "support", ANSWER, Duration.ofMinutes(1)));
  }
}
