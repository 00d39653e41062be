package io.tierwise.gateway.learning;

import io.tierwise.gateway.metrics.AuditOutcome;
import io.tierwise.gateway.store.Corpus;
import io.tierwise.gateway.store.CorpusRow;
import io.tierwise.gateway.store.DriftWatch;
import io.tierwise.gateway.store.NamedDrift;
import io.tierwise.gateway.store.Probe;
import io.tierwise.gateway.store.ProbeStore;
import io.tierwise.gateway.store.ProbeStore.Pinned;
import io.tierwise.gateway.tier.Surroundings;
import io.tierwise.router.contract.AuditCap;
import io.tierwise.router.cost.Money;
import io.tierwise.router.drift.DriftKind;
import io.tierwise.router.drift.PinnedAnswers;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.tier.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Asks one task's large model now and then what it has answered before, to hear that it has
 * silently changed. Texts of the corpus are drawn and asked twice, which shows how often it differs
 * from itself; then once in every round. Every call is charged to the audits. Where the endpoint's
 * version changes, the texts' time has passed, a tenant's are erased, or a change was heard, others
 * are pinned.
 */
public final class Probing {
  private final AuditSetting audits;
  private final Setting setting;
  private final Surroundings surroundings;
  private final AuditCalls calls;
  private Instant nextPinning = Instant.MIN;
  private long asked;

  /**
   * What is probed.
   *
   * @param texts how many are pinned
   * @param interval between two rounds
   * @param cap what audits may cost in a day; null for no limit
   * @param endpoint the large model's version and how it is asked
   * @param timeToLive of the pinned texts
   */
  public record Setting(
      int texts,
      Duration interval,
      @Nullable AuditCap cap,
      String endpoint,
      Duration timeToLive,
      Corpus corpus,
      ProbeStore store) {}

  /** What was asked of an answer: the label, none, or nothing where it could not be asked. */
  private record Said(boolean asked, Optional<Label> label) {
    static final Said NOTHING = new Said(false, Optional.empty());
  }

  public Probing(AuditSetting audits, Setting setting, Surroundings surroundings) {
    this.audits = audits;
    this.setting = setting;
    this.surroundings = surroundings;
    this.calls = new AuditCalls(audits, surroundings);
  }

  /**
   * Makes a round where one is due.
   *
   * @return a change that it has heard
   */
  public Optional<NamedDrift> turn() {
    if (spent()) {
      return Optional.empty();
    }
    String task = audits.task().name();
    Pinned pinned = setting.store().pinned(task).orElse(null);
    List<Probe> probes = setting.store().probes(task);
    Instant now = surroundings.clock().instant();
    if (pinned == null || outdated(pinned, probes.size())) {
      if (!now.isBefore(nextPinning)) {
        pin(task);
      }
      return Optional.empty();
    }
    if (now.isBefore(pinned.askedAt().plus(setting.interval()))
        || !setting.store().begin(task, pinned.askedAt())) {
      return Optional.empty();
    }
    return round(task, pinned, probes);
  }

  /** Where the day's limit leaves no audits, it leaves no probes. */
  private boolean spent() {
    AuditCap cap = setting.cap();
    return cap != null && cap.share(audits.log().spentToday(audits.task().name()).spent()) == 0;
  }

  private boolean outdated(Pinned pinned, int left) {
    return !pinned.endpoint().equals(setting.endpoint())
        || pinned.state().rang()
        || left < pinned.texts()
        || !surroundings.clock().instant().isBefore(pinned.expiresAt());
  }

  private void pin(String task) {
    List<CorpusRow> drawn = drawn(task);
    if (!drawn.isEmpty()) {
      // What cannot be pinned now is not asked about again every minute.
      nextPinning = surroundings.clock().instant().plus(setting.interval());
    }
    List<Probe> pinned = new ArrayList<>();
    int differed = 0;
    for (CorpusRow row : drawn) {
      Probe probe = new Probe(row.tenant(), row.input(), row.label());
      Optional<Label> first = ask(probe).label();
      Said second = first.isEmpty() ? Said.NOTHING : ask(probe);
      if (first.isPresent() && second.asked()) {
        pinned.add(new Probe(row.tenant(), row.input(), first.get()));
        // As in the rounds, or a model that now and then says nothing usable would be a drift.
        differed += first.equals(second.label()) ? 0 : 1;
      }
    }
    if (pinned.size() >= PinnedAnswers.FEWEST_TEXTS && differed < pinned.size()) {
      PinnedAnswers state = PinnedAnswers.starting(DriftWatch.ALPHA, pinned.size(), differed);
      setting.store().pin(task, setting.endpoint(), pinned, state, setting.timeToLive());
      nextPinning = Instant.MIN;
    }
  }

  /** Different inputs of the corpus, by chance; none while there are too few. */
  private List<CorpusRow> drawn(String task) {
    Map<Input, CorpusRow> different = new LinkedHashMap<>();
    for (boolean audited : new boolean[] {true, false}) {
      setting.corpus().rows(task, audited).forEach(row -> different.put(row.input(), row));
    }
    List<CorpusRow> rows = new ArrayList<>(different.values());
    Collections.shuffle(rows, new Random(surroundings.random().nextLong()));
    return rows.size() < setting.texts() ? List.of() : rows.subList(0, setting.texts());
  }

  private Optional<NamedDrift> round(String task, Pinned pinned, List<Probe> probes) {
    int answered = 0;
    int differing = 0;
    for (Probe probe : probes) {
      Said said = ask(probe);
      answered += said.asked() ? 1 : 0;
      differing += said.asked() && !said.label().equals(Optional.of(probe.answer())) ? 1 : 0;
    }
    if (answered == 0) {
      return Optional.empty();
    }
    PinnedAnswers state = pinned.state().observe(differing, answered);
    Optional<NamedDrift> heard =
        state.rang() ? Optional.of(named(task, pinned, differing, answered)) : Optional.empty();
    setting.store().advance(task, state, heard);
    return heard;
  }

  private NamedDrift named(String task, Pinned pinned, int differing, int answered) {
    return new NamedDrift(
        task,
        DriftKind.LARGE_MODEL_CHANGED,
        String.format(
            Locale.ROOT,
            "%d of %d pinned texts are answered otherwise than before, where at most %.1f %% on"
                + " average would be by chance",
            differing,
            answered,
            100 * pinned.state().floor()),
        surroundings.clock().instant());
  }

  /** What is no usable answer is another one; what could not be asked is none. */
  private Said ask(Probe probe) {
    InferenceRequest request = request(probe);
    long start = surroundings.ticker().getAsLong();
    Attempt attempt = calls.ask(request);
    Money cost = calls.record(request, attempt, start);
    audits.log().charge(audits.task().name(), cost);
    audits.metrics().audited(audits.task().name(), AuditOutcome.PROBED, cost);
    return switch (attempt) {
      case Attempt.Proposed proposed -> new Said(true, label(proposed.answer()));
      case Attempt.Missed missed -> new Said(true, Optional.empty());
      case Attempt.Unavailable unavailable ->
          new Said(unavailable.cause() == Attempt.Cause.UNUSABLE_ANSWER, Optional.empty());
    };
  }

  private static Optional<Label> label(Answer answer) {
    return answer instanceof Answer.Classified classified
        ? Optional.of(classified.label())
        : Optional.empty();
  }

  private InferenceRequest request(Probe probe) {
    Instant now = surroundings.clock().instant();
    RequestContext context =
        new RequestContext(
            "probe-" + now.toEpochMilli() + "-" + asked++,
            probe.tenant(),
            RoutingPolicy.LARGE_ONLY,
            new CacheUse(false, false),
            now,
            now);
    return new InferenceRequest.Classify(context, audits.task(), probe.input());
  }
}
