package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.store.StoreException.Trouble;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CorpusStoreTest {
  private static final Duration DAY = Duration.ofHours(24);
  private static final String TEXT = "wo bleibt mein Päckchen 📦??";

  @TempDir private Path directory;
  private Path keyFile;
  private Database database;

  @BeforeEach
  void open() {
    database = Database.open(directory);
    keyFile = CorpusStore.keyFile(directory);
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void givesBackRowsInTheOrderInWhichTheyWereAdded() {
    CorpusStore corpus = corpus(Duration.ZERO);
    add(corpus, StoreFixture.ACME, "second thoughts", false);
    add(corpus, StoreFixture.GLOBEX, TEXT, false);
    add(corpus, StoreFixture.ACME, TEXT, false);
    add(corpus, StoreFixture.ACME, "audited", true);

    assertEquals(
        List.of(
            row(StoreFixture.ACME, "second thoughts", false),
            row(StoreFixture.GLOBEX, TEXT, false),
            row(StoreFixture.ACME, TEXT, false)),
        corpus.rows("triage", false));
    assertEquals(List.of(row(StoreFixture.ACME, "audited", true)), corpus.rows("triage", true));
    assertEquals(List.of(), corpus.rows("other", false));
  }

  @Test
  void givesBackNoRowWhoseTimeToLiveHasPassedAndDeletesItOnOpening() {
    add(corpus(Duration.ZERO), StoreFixture.ACME, TEXT, false);
    CorpusStore corpus = corpus(Duration.ZERO);

    assertEquals(1, corpus(DAY.minusMillis(1)).rows("triage", false).size());
    corpus(DAY);
    assertEquals(List.of(), corpus.rows("triage", false));
  }

  @Test
  void forgetsATenant() {
    CorpusStore corpus = corpus(Duration.ZERO);
    add(corpus, StoreFixture.ACME, TEXT, false);
    add(corpus, StoreFixture.ACME, TEXT, true);
    add(corpus, StoreFixture.GLOBEX, TEXT, false);

    assertEquals(2, corpus.deleteTenant(StoreFixture.ACME));
    assertEquals(List.of(row(StoreFixture.GLOBEX, TEXT, false)), corpus.rows("triage", false));
  }

  @Test
  void leavesNeitherTextNorLabelReadableOnDisk() throws IOException {
    CorpusStore corpus = corpus(Duration.ZERO);
    add(corpus, StoreFixture.ACME, TEXT, false);
    database.close();
    open();

    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        String bytes = Files.readString(file, ISO_8859_1);
        assertFalse(bytes.contains("wo bleibt"), file.toString());
        assertFalse(bytes.contains(StoreFixture.REFUND.value()), file.toString());
      }
    }
  }

  @Test
  void sealsTheSameTextDifferentlyEachTime() {
    CorpusStore corpus = corpus(Duration.ZERO);
    add(corpus, StoreFixture.ACME, TEXT, false);
    add(corpus, StoreFixture.ACME, TEXT, false);

    Set<String> sealed = new HashSet<>();
    database.read(connection ->
        Statements.all(
            connection,
            "SELECT hex(nonce), hex(sealed) FROM corpus",
            row -> sealed.add(row.getString(1)) && sealed.add(row.getString(2))));
    assertEquals(4, sealed.size());
  }

  @Test
  void opensNoRowThatWasChangedOrMoved() {
    CorpusStore corpus = corpus(Duration.ZERO);
    add(corpus, StoreFixture.ACME, TEXT, false);
    for (String change :
        List.of(
            "UPDATE corpus SET tenant = 'globex'",
            "UPDATE corpus SET tenant = 'acme', audited = 1",
            "UPDATE corpus SET audited = 0, sealed = CAST(sealed || x'00' AS BLOB)")) {
      database.write(
          Database.Durability.RELAXED, connection -> Statements.update(connection, change));
      StoreException exception =
          assertThrows(
              StoreException.class,
              () -> {
                corpus.rows("triage", false);
                corpus.rows("triage", true);
              });
      assertEquals(Trouble.WRONG_KEY, exception.trouble());
    }
  }

  @Test
  void makesAKeyThatItsOwnerAloneMayUse() throws IOException {
    corpus(Duration.ZERO);
    assertEquals(
        PosixFilePermissions.fromString("rw-------"), Files.getPosixFilePermissions(keyFile));
    assertEquals(32, Files.size(keyFile));
    byte[] made = Files.readAllBytes(keyFile);
    corpus(Duration.ZERO);
    assertEquals(List.of(made.length), List.of(Files.readAllBytes(keyFile).length));
    try (Stream<Path> files = Files.list(directory)) {
      assertTrue(files.noneMatch(file -> file.toString().endsWith(".new")));
    }
  }

  @Test
  void refusesWithoutTheKeyThatItWasWrittenWith() throws IOException {
    corpus(Duration.ZERO);
    Files.delete(keyFile);
    assertEquals(
        keyFile
            + ": it is missing, and the corpus was written with it; put that key back; without"
            + " it the corpus cannot be read",
        refusal().getMessage());

    CorpusKey.readOrCreate(keyFile, new SecureRandom());
    StoreException exception = refusal();
    assertEquals(Trouble.WRONG_KEY, exception.trouble());
    assertEquals(
        keyFile
            + ": it is not the key that the corpus was written with; put that key back; without"
            + " it the corpus cannot be read",
        exception.getMessage());
  }

  @Test
  void refusesAKeyFileThatIsNoKeyOrThatOthersMayRead() throws IOException {
    corpus(Duration.ZERO);
    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-r-----"));
    assertEquals(
        keyFile + ": others than its owner may use it (rw-r-----); run: chmod 600 " + keyFile,
        refusal().getMessage());

    Files.setPosixFilePermissions(keyFile, PosixFilePermissions.fromString("rw-------"));
    Files.write(keyFile, "short".getBytes(UTF_8));
    assertTrue(refusal().getMessage().contains("it holds 5 bytes, and a key has 32"));
  }

  private StoreException refusal() {
    return assertThrows(StoreException.class, () -> corpus(Duration.ZERO));
  }

  private CorpusStore corpus(Duration afterNow) {
    return CorpusStore.open(database, StoreFixture.at(afterNow), keyFile, new SecureRandom());
  }

  private static void add(CorpusStore corpus, Tenant tenant, String text, boolean audited) {
    corpus.add(
        tenant,
        "triage",
        new Input.Text(text),
        StoreFixture.REFUND,
        StoreFixture.MOSTLY_REFUND,
        audited,
        DAY,
        "r1");
  }

  private static CorpusRow row(Tenant tenant, String text, boolean audited) {
    return new CorpusRow(
        tenant,
        "triage",
        new Input.Text(text),
        StoreFixture.REFUND,
        StoreFixture.MOSTLY_REFUND,
        audited,
        StoreFixture.NOW,
        "r1");
  }
}
