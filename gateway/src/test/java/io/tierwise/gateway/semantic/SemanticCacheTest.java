package io.tierwise.gateway.semantic;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.tierwise.gateway.store.SemanticStore.Scope;
import io.tierwise.gateway.testing.ChildProcess;
import io.tierwise.router.request.Tenant;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SemanticCacheTest {
  @TempDir private Path folder;

  @Test
  void findsTheAnswerOfItsTenantTaskAndBasisOnly() throws IOException {
    try (SemanticFixture fixture = new SemanticFixture(folder)) {
      fixture.put("acme", "where is my parcel");
      fixture.cache.refresh();

      SemanticCache.Found found =
          fixture.cache.find(SemanticFixture.scope("acme"), "tell me where is my parcel");
      assertEquals("where is my parcel", found.hit().orElseThrow().entry().text());
      // Four words of four and of six.
      assertEquals(4 / Math.sqrt(24), found.hit().orElseThrow().similarity(), 1e-6);
      assertEquals(Optional.empty(), fixture.find("globex", "where is my parcel"));
      Tenant acme = new Tenant("acme");
      assertEquals(
          Optional.empty(), fixture.find(new Scope(acme, "triage", "basis"), "where is my parcel"));
      assertEquals(
          Optional.empty(),
          fixture.find(new Scope(acme, "support", "newer"), "where is my parcel"));
    }
  }

  @Test
  void passesOverANearerQuestionThatAGuardSpeaksAgainst() throws IOException {
    try (SemanticFixture fixture = new SemanticFixture(folder)) {
      fixture.put("acme", "cancel order 17 for me now");
      fixture.put("acme", "please cancel order 18 for me");
      fixture.cache.refresh();

      SemanticCache.Found found =
          fixture.cache.find(SemanticFixture.scope("acme"), "cancel order 18 for me now");
      assertEquals("please cancel order 18 for me", found.hit().orElseThrow().entry().text());
      assertEquals(Optional.of(Guards.Difference.NUMBER), found.refused());
    }
  }

  @Test
  void forgetsWhatHasExpiredIsErasedOrIsOneTooMany() throws IOException {
    try (SemanticFixture fixture = new SemanticFixture(folder)) {
      fixture.put("acme", "first question of all");
      fixture.clock.advance(Duration.ofHours(1));
      fixture.put("acme", "second thing to know");
      fixture.put("globex", "third matter altogether here");
      fixture.cache.prune("support", "basis", 2);
      fixture.cache.reconcile();
      assertEquals(2, fixture.cache.size());
      assertEquals(Optional.empty(), fixture.find("acme", "first question of all"));

      // By another process: the index does not know of it yet.
      assertEquals(1, fixture.store.delete(new Tenant("acme"), null));
      assertEquals(Optional.empty(), fixture.find("acme", "second thing to know"));
      fixture.cache.reconcile();
      assertEquals(1, fixture.cache.size());

      fixture.clock.advance(SemanticFixture.KEPT);
      assertEquals(Optional.empty(), fixture.find("globex", "third matter altogether here"));
      assertEquals(1, fixture.store.deleteExpired());
      fixture.cache.reconcile();
      assertEquals(0, fixture.cache.size());
    }
  }

  @Test
  void dropsTheTasksEntriesOfAnotherBasis() throws IOException {
    try (SemanticFixture fixture = new SemanticFixture(folder)) {
      fixture.put("acme", "where is my parcel");
      fixture.put(new Scope(new Tenant("acme"), "triage", "other"), "where is my parcel");
      fixture.cache.prune("support", "newer", 100);
      assertEquals(
          List.of("triage"),
          fixture.store.places().stream().map(place -> place.scope().task()).toList());
    }
  }

  @Test
  void keepsConversationsOfOneBasisApartAndDropsThemTogether() throws IOException {
    try (SemanticFixture fixture = new SemanticFixture(folder)) {
      Scope one = new Scope(new Tenant("acme"), "chat", "basis/one");
      Scope other = new Scope(new Tenant("acme"), "chat", "basis/other");
      fixture.put(one, "where is my parcel");
      fixture.put(new Scope(new Tenant("acme"), "chat", "basis2/one"), "where is my letter");
      fixture.cache.refresh();
      assertEquals(Optional.of("where is my parcel"), fixture.find(one, "where is my parcel"));
      assertEquals(Optional.empty(), fixture.find(other, "where is my parcel"));

      fixture.cache.prune("chat", "basis", 100);
      assertEquals(
          List.of(one), fixture.store.places().stream().map(place -> place.scope()).toList());
    }
  }

  @Test
  void makesATornIndexAgainFromTheEntries() throws IOException {
    try (SemanticFixture fixture = new SemanticFixture(folder)) {
      fixture.put("acme", "where is my parcel");
    }
    for (Path file : indexFiles()) {
      byte[] whole = Files.readAllBytes(file);
      Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    }
    try (SemanticFixture fixture = new SemanticFixture(folder)) {
      assertEquals(Optional.of("where is my parcel"), fixture.find("acme", "where is my parcel"));
    }
  }

  @Test
  void losesNothingThatWasKeptWhenItsProcessIsKilled() throws IOException {
    int kept = 0;
    try (ChildProcess child = ChildProcess.run(CachingMain.class, folder.toString())) {
      while (kept < 50) {
        kept = Integer.parseInt(child.line());
      }
      child.kill();
    }
    try (SemanticFixture fixture = new SemanticFixture(folder)) {
      for (int i = 0; i <= kept; i++) {
        String text = CachingMain.text(i);
        assertEquals(Optional.of(text), fixture.find("acme", text));
      }
    }
  }

  @Test
  void isOpenInOneProcessAtATime() throws IOException {
    try (SemanticFixture fixture = new SemanticFixture(folder)) {
      fixture.put("acme", "where is my parcel");
      assertThrows(IOException.class, () -> new SemanticFixture(folder));
    }
  }

  @Test
  void leavesNoTextReadableOnDisk() throws IOException {
    String secret = "xylophone zeppelin quokka";
    try (SemanticFixture fixture = new SemanticFixture(folder)) {
      fixture.put("acme", secret);
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String bytes = new String(Files.readAllBytes(file), ISO_8859_1);
        for (String word : secret.split(" ", -1)) {
          assertFalse(bytes.contains(word), file + " holds " + word);
        }
      }
    }
  }

  private List<Path> indexFiles() throws IOException {
    try (Stream<Path> all = Files.list(SemanticFixture.index(folder))) {
      return all.filter(file -> !file.endsWith("write.lock")).toList();
    }
  }
}
