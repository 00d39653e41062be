package io.tierwise.gateway.learning;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.gateway.metrics.Metrics;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.DriftStore;
import io.tierwise.gateway.store.DriftWatch;
import io.tierwise.gateway.store.NamedDrift;
import io.tierwise.gateway.store.Probe;
import io.tierwise.gateway.store.ProbeStore;
import io.tierwise.gateway.testing.MutableClock;
import io.tierwise.gateway.testing.Requests;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.contract.AuditCap;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.drift.DriftKind;
import io.tierwise.router.drift.PinnedAnswers;
import io.tierwise.router.ledger.LedgerEntry;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.Attempt;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbingTest {
  private static final Tariff DOLLAR = new Tariff.PerRequest(Money.of("1"));
  private static final Duration DAY = Duration.ofHours(24);
  private static final Duration KEPT = Duration.ofDays(90);
  private static final Label FIRST = Requests.TASK.labels().getFirst();
  private static final Label LAST = Requests.TASK.labels().getLast();

  @TempDir private Path folder;
  private final MutableClock clock = new MutableClock(Requests.NOW);
  private final Metrics metrics = new Metrics();
  private final List<LedgerEntry> ledger = new ArrayList<>();
  private final Set<String> asked = new HashSet<>();
  private Database database;
  private AuditStore audits;
  private CorpusStore corpus;
  private ProbeStore probes;
  private Function<String, Attempt> large = text -> says(FIRST);

  @BeforeEach
  void open() {
    database = Database.open(folder);
    audits = new AuditStore(database, clock);
    corpus = CorpusStore.open(database, clock, CorpusStore.keyFile(folder), new SecureRandom());
    probes = new ProbeStore(database, clock, corpus);
  }

  @AfterEach
  void close() {
    database.close();
  }

  private static Attempt says(Label label) {
    return new Attempt.Proposed(
        new Answer.Classified(label, Distribution.certain(label)),
        Confidence.FULL,
        Usage.call(Duration.ZERO),
        "large");
  }

  private void fill(int texts) {
    for (int i = 0; i < texts; i++) {
      corpus.add(
          new Tenant(i % 2 == 0 ? "acme" : "globex"),
          Requests.TASK.name(),
          new Input.Text("secret " + i),
          FIRST,
          Distribution.certain(FIRST),
          i % 3 == 0,
          KEPT,
          "r" + i);
    }
  }

  private Probing probing(String endpoint, @Nullable AuditCap cap) {
    return new Probing(
        new AuditSetting(
            Requests.TASK,
            new LargeReferee(this::answer, DOLLAR, Duration.ofSeconds(30), clock),
            audits,
            0,
            ledger::add,
            reference -> {},
            metrics),
        new Probing.Setting(20, DAY, cap, endpoint, KEPT, corpus, probes),
        new Surroundings(clock, () -> 0, new Random(1), pause -> {}));
  }

  private Attempt answer(InferenceRequest request) {
    String text = ((Input.Text) ((InferenceRequest.Classify) request).input()).value();
    asked.add(text);
    return large.apply(text);
  }

  private Optional<NamedDrift> turn() {
    return probing("v1", null).turn();
  }

  private Optional<NamedDrift> nextDay() {
    clock.advance(DAY);
    return turn();
  }

  @Test
  void pinsNothingWhileThereAreTooFewTexts() {
    fill(19);
    assertEquals(Optional.empty(), turn());
    assertEquals(Optional.empty(), probes.pinned(Requests.TASK.name()));
    assertEquals(0, ledger.size());
  }

  @Test
  void asksTwiceWhenItPinsAndOnceADayAfterwards() {
    fill(30);
    turn();
    assertEquals(40, ledger.size());
    assertEquals(20, asked.size());
    assertEquals(20, probes.probes(Requests.TASK.name()).size());
    turn();
    assertEquals(40, ledger.size(), "the next round is a day later");
    assertEquals(Optional.empty(), nextDay());
    assertEquals(60, ledger.size());
    assertEquals(20, asked.size(), "the same texts");
    assertEquals(1, probes.pinned(Requests.TASK.name()).orElseThrow().state().rounds());
  }

  @Test
  void everyCallIsChargedToTheAudits() {
    fill(20);
    turn();
    assertEquals(Money.of("40"), audits.spentToday(Requests.TASK.name()).spent());
    assertTrue(ledger.stream().allMatch(entry -> entry.purpose() == LedgerEntry.Purpose.AUDIT));
    assertTrue(
        metrics
            .scrape()
            .contains("tierwise_audits_total{outcome=\"probed\",task=\"support\"} 40.0"),
        metrics.scrape());
  }

  @Test
  void namesALargeModelThatHasSilentlyChangedAndPinsAnew() {
    fill(40);
    turn();
    assertEquals(Optional.empty(), nextDay());
    large = text -> says(text.endsWith("7") ? FIRST : LAST);
    NamedDrift named = nextDay().orElseThrow();
    assertEquals(DriftKind.LARGE_MODEL_CHANGED, named.kind());
    assertTrue(
        named.detail().contains(" of 20 pinned texts are answered otherwise"), named.detail());
    assertEquals(List.of(named), new DriftStore(database, clock).last(Requests.TASK.name(), 5));
    turn();
    assertFalse(probes.pinned(Requests.TASK.name()).orElseThrow().state().rang());
    assertEquals(Optional.empty(), nextDay(), "the changed model is the one that is pinned");
  }

  @Test
  void whatIsNoUsableAnswerIsAnotherOne() {
    fill(20);
    turn();
    large =
        text ->
            new Attempt.Unavailable(
                Attempt.Cause.UNUSABLE_ANSWER, "a poem", Usage.call(Duration.ZERO));
    assertEquals(DriftKind.LARGE_MODEL_CHANGED, nextDay().orElseThrow().kind());
  }

  @Test
  void aSecondAnswerThatIsNoUsableOneRaisesTheFloor() {
    fill(20);
    large =
        text ->
            ledger.size() % 2 == 1 && ledger.size() < 10
                ? new Attempt.Unavailable(Attempt.Cause.UNUSABLE_ANSWER, "a poem", Usage.NONE)
                : says(FIRST);
    turn();
    PinnedAnswers state = probes.pinned(Requests.TASK.name()).orElseThrow().state();
    assertEquals(PinnedAnswers.starting(DriftWatch.ALPHA, 20, 5), state);
    assertEquals(20, probes.probes(Requests.TASK.name()).size());
  }

  @Test
  void aTextThatCannotBeAskedTwiceIsNotPinned() {
    fill(20);
    large =
        text ->
            ledger.size() == 1
                ? new Attempt.Unavailable(Attempt.Cause.TIMEOUT, "late", Usage.NONE)
                : says(FIRST);
    turn();
    assertEquals(40, ledger.size());
    assertEquals(Optional.empty(), probes.pinned(Requests.TASK.name()), "19 are too few");
  }

  @Test
  void aModelThatCannotBePinnedIsAskedAgainAfterTheInterval() {
    fill(30);
    large = text -> new Attempt.Missed(Usage.NONE);
    Probing probing = probing("v1", null);
    probing.turn();
    assertEquals(20, ledger.size(), "a second time is no use");
    probing.turn();
    assertEquals(20, ledger.size());
    clock.advance(DAY);
    probing.turn();
    assertEquals(40, ledger.size());
    assertEquals(Optional.empty(), probes.pinned(Requests.TASK.name()));
  }

  @Test
  void everyCallHasAnIdOfItsOwn() {
    fill(20);
    turn();
    assertEquals(40, ledger.stream().map(LedgerEntry::requestId).distinct().count());
  }

  @Test
  void anOutageIsNoChange() {
    fill(20);
    turn();
    large = text -> new Attempt.Unavailable(Attempt.Cause.TIMEOUT, "late", Usage.NONE);
    assertEquals(Optional.empty(), nextDay());
    assertEquals(0, probes.pinned(Requests.TASK.name()).orElseThrow().state().rounds());
  }

  @Test
  void anotherVersionOfTheEndpointIsPinnedAnew() {
    fill(20);
    turn();
    large = text -> says(LAST);
    clock.advance(DAY);
    assertEquals(Optional.empty(), probing("v2", null).turn());
    assertEquals("v2", probes.pinned(Requests.TASK.name()).orElseThrow().endpoint());
    assertEquals(LAST, probes.probes(Requests.TASK.name()).getFirst().answer());
  }

  @Test
  void anErasedTenantsTextsAreAskedNoMore() {
    fill(60);
    turn();
    int left = 20 - probes.deleteTenant(new Tenant("acme"));
    assertTrue(left < 20, left + " left");
    corpus.deleteTenant(new Tenant("acme"));
    asked.clear();
    turn();
    assertEquals(20, asked.size());
    List<Probe> pinned = probes.probes(Requests.TASK.name());
    assertTrue(pinned.stream().allMatch(each -> each.tenant().name().equals("globex")));
  }

  @Test
  void aLimitOnAuditsThatIsSpentLeavesNoProbes() {
    fill(20);
    AuditCap cap = new AuditCap(Money.of("40"));
    probing("v1", cap).turn();
    assertEquals(40, ledger.size());
    clock.advance(DAY);
    probing("v1", cap).turn();
    assertEquals(60, ledger.size(), "another day, another limit");
    audits.charge(Requests.TASK.name(), Money.of("20"));
    probes.pin(
        Requests.TASK.name(),
        "v0",
        probes.probes(Requests.TASK.name()),
        probes.pinned(Requests.TASK.name()).orElseThrow().state(),
        KEPT);
    probing("v1", cap).turn();
    assertEquals(60, ledger.size(), "it would pin the other version, and may not");
  }

  @Test
  void noTextLiesOpen() throws Exception {
    fill(20);
    turn();
    database.close();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        String bytes = Files.readString(file, ISO_8859_1);
        assertFalse(bytes.contains("secret "), file.toString());
      }
    }
    open();
  }
}
