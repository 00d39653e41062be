package io.tierwise.gateway.store;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeyStoreTest {
  @TempDir private Path directory;
  private Database database;
  private KeyStore keys;

  @BeforeEach
  void open() {
    database = Database.open(directory);
    keys = new KeyStore(database, StoreFixture.clock(), new SecureRandom());
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void knowsWhoPresentsAKey() {
    IssuedKey acme = keys.add(StoreFixture.ACME, "laptop");
    IssuedKey globex = keys.add(StoreFixture.GLOBEX, "server");

    assertEquals(Optional.of(StoreFixture.ACME), keys.authenticate(acme.secretKey()));
    assertEquals(Optional.of(StoreFixture.GLOBEX), keys.authenticate(globex.secretKey()));
    assertTrue(
        acme.secretKey().matches("tw_" + acme.id() + "_[0-9a-f]{64}"), "the key's documented form");
  }

  @Test
  void refusesEveryOtherKey() {
    IssuedKey acme = keys.add(StoreFixture.ACME, "laptop");
    IssuedKey globex = keys.add(StoreFixture.GLOBEX, "server");
    String secret = acme.secretKey();
    char last = secret.charAt(secret.length() - 1);

    Stream.of(
            "",
            "tw_",
            "Bearer " + secret,
            secret.substring(0, secret.length() - 1),
            secret + "0",
            secret.substring(0, secret.length() - 1) + (last == '0' ? '1' : '0'),
            secret.replace(acme.id(), globex.id()),
            secret.replace(acme.id(), "000000000000"),
            secret.toUpperCase(Locale.ROOT),
            "tw_' OR 1=1 --_" + "0".repeat(64))
        .forEach(other -> assertEquals(Optional.empty(), keys.authenticate(other), other));
  }

  @Test
  void refusesARevokedKeyAndRevokesItOnce() {
    IssuedKey key = keys.add(StoreFixture.ACME, "laptop");

    assertTrue(keys.revoke(key.id()));
    assertFalse(keys.revoke(key.id()));
    assertFalse(keys.revoke("000000000000"));
    assertEquals(Optional.empty(), keys.authenticate(key.secretKey()));
  }

  @Test
  void listsEveryKeyWithoutItsSecret() {
    IssuedKey first = keys.add(StoreFixture.ACME, "laptop");
    IssuedKey second = keys.add(StoreFixture.GLOBEX, "server");
    new KeyStore(database, StoreFixture.at(Duration.ofHours(1)), new SecureRandom())
        .revoke(first.id());

    assertEquals(
        List.of(
            new KeyRow(
                first.id(),
                "acme",
                "laptop",
                StoreFixture.NOW,
                StoreFixture.NOW.plusSeconds(3_600),
                false),
            new KeyRow(second.id(), "globex", "server", StoreFixture.NOW, null, false)),
        keys.list());
    assertFalse(first.toString().contains(first.secretKey()));
  }

  @Test
  void isEmptyUntilTheFirstKeyIsIssuedAndNeverAgain() {
    assertTrue(keys.isEmpty());
    IssuedKey key = keys.add(StoreFixture.ACME, "laptop");
    assertFalse(keys.isEmpty());
    keys.revoke(key.id());
    assertFalse(keys.isEmpty());
  }

  @Test
  void anAdministratorsKeyOpensTheConsoleAndAsksForNothing() {
    IssuedKey admin = keys.addAdmin("ops");
    assertTrue(keys.isEmpty(), "the first caller's key is still to be made");
    IssuedKey caller = keys.add(StoreFixture.ACME, "laptop");

    assertTrue(keys.isAdmin(admin.secretKey()));
    assertEquals(Optional.empty(), keys.authenticate(admin.secretKey()));
    assertFalse(keys.isAdmin(caller.secretKey()));
    assertFalse(keys.isAdmin(admin.secretKey() + "0"));
    keys.revoke(admin.id());
    assertFalse(keys.isAdmin(admin.secretKey()));
  }

  @Test
  void keepsNoSecretOnDisk() throws IOException {
    String secret = keys.add(StoreFixture.ACME, "laptop").secretKey().substring(16);
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        assertFalse(Files.readString(file, ISO_8859_1).contains(secret), file.toString());
      }
    }
  }
}
