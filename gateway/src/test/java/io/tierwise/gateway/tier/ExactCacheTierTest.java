package io.tierwise.gateway.tier;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tierwise.gateway.store.AnswerStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Reference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExactCacheTierTest {
  private static final Distribution DISTRIBUTION =
      Distribution.of(Requests.TASK.labels(), new double[] {0.75, 0.25, 0});
  private static final Usage OWN = Usage.tokens(20, 1, Duration.ofMillis(300));
  private static final Usage WITH_RETRIES = new Usage(3, 20, 0, 1, Duration.ofMillis(900));

  @TempDir private Path folder;
  private final MutableClock clock = new MutableClock(Requests.NOW);
  private final AtomicLong ticks = new AtomicLong();
  private Database database;
  private AnswerStore store;

  @BeforeEach
  void open() {
    database = Database.open(folder);
    store = new AnswerStore(database, clock);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private ExactCacheTier tier(String endpointVersion, String promptVersion) {
    return new ExactCacheTier(
        store,
        new ExactCacheTier.Settings(
            new AnswerKey("support", endpointVersion, promptVersion), Duration.ofHours(24), 100),
        ticks::get);
  }

  private ExactCacheTier tier() {
    return tier("big@1", "p1");
  }

  private static Reference reference(InferenceRequest request) {
    return new Reference(
        request,
        new Attempt.Proposed(
            new Answer.Classified(new Label("refund"), DISTRIBUTION),
            Confidence.FULL,
            WITH_RETRIES,
            "big@1",
            OWN),
        false);
  }

  private static boolean hits(ExactCacheTier tier, InferenceRequest request) {
    return switch (tier.attempt(request)) {
      case Attempt.Proposed proposed -> true;
      case Attempt.Missed missed -> false;
      case Attempt.Unavailable unavailable -> throw new AssertionError(unavailable.detail());
    };
  }

  private void pass(Duration time) {
    clock.advance(time);
    ticks.addAndGet(time.toNanos());
  }

  @Test
  void repeatsTheLargeModelsAnswerWithWhatItTookThen() {
    ExactCacheTier tier = tier();
    tier.observe(reference(Requests.classify("Where is my parcel?")));
    assertEquals(
        new Attempt.Proposed(
            new Answer.Classified(new Label("refund"), DISTRIBUTION),
            Confidence.FULL,
            Usage.call(Duration.ZERO),
            "big@1",
            OWN),
        tier.attempt(Requests.classify("Where is my parcel?")));
  }

  @Test
  void missesAtThePriceOfALookup() {
    assertEquals(
        new Attempt.Missed(Usage.call(Duration.ZERO)), tier().attempt(Requests.classify("hi")));
  }

  @Test
  void takesTextsForTheSameThatDifferInCompositionOrSurroundingSpaceOnly() {
    ExactCacheTier tier = tier();
    tier.observe(reference(Requests.classify("caf\u00e9 closed")));
    assertEquals(true, hits(tier, Requests.classify(" cafe\u0301 closed\n")));
    assertEquals(false, hits(tier, Requests.classify("Caf\u00e9 closed")));
    assertEquals(false, hits(tier, Requests.classify("caf\u00e9  closed")));
    assertEquals(false, hits(tier, Requests.classify("cafe closed")));
  }

  @Test
  void neverShowsATenantAnothersEntry() {
    ExactCacheTier tier = tier();
    tier.observe(reference(Requests.classify("acme", CacheUse.ALLOWED, "hi")));
    assertEquals(false, hits(tier, Requests.classify("other", CacheUse.ALLOWED, "hi")));
    assertEquals(true, hits(tier, Requests.classify("acme", CacheUse.ALLOWED, "hi")));
  }

  @Test
  void beginsAnewWithANewEndpointOrPrompt() {
    tier().observe(reference(Requests.classify("hi")));
    assertEquals(true, hits(tier("big@1", "p1"), Requests.classify("hi")));
    assertEquals(false, hits(tier("big@2", "p1"), Requests.classify("hi")));
    assertEquals(false, hits(tier("big@1", "p2"), Requests.classify("hi")));
    assertEquals(false, hits(tier("big@1p", "1"), Requests.classify("hi")));
  }

  @Test
  void keepsNothingThatMustNotBeStored() {
    ExactCacheTier tier = tier();
    tier.observe(reference(Requests.classify("acme", new CacheUse(true, false), "hi")));
    assertEquals(false, hits(tier, Requests.classify("hi")));
  }

  @Test
  void forgetsAtTheEndOfTheTimeToLive() {
    ExactCacheTier tier = tier();
    tier.observe(reference(Requests.classify("hi")));
    pass(Duration.ofHours(24).minusSeconds(1));
    assertEquals(true, hits(tier, Requests.classify("hi")));
    pass(Duration.ofMinutes(1));
    assertEquals(false, hits(tier, Requests.classify("hi")));
  }

  @Test
  void answersNoMoreThanAMinuteWithWhatAnotherProcessHasDeleted() {
    ExactCacheTier tier = tier();
    tier.observe(reference(Requests.classify("hi")));
    store.delete(new Tenant("acme"), "support");
    pass(Duration.ofSeconds(61));
    assertEquals(false, hits(tier, Requests.classify("hi")));
  }

  @Test
  void isUnavailableWhereItsStoreCannotBeRead() {
    ExactCacheTier tier = tier();
    database.close();
    assertInstanceOf(Attempt.Unavailable.class, tier.attempt(Requests.classify("hi")));
    tier.observe(reference(Requests.classify("ho")));
    assertEquals(true, hits(tier, Requests.classify("ho")));
  }
}
