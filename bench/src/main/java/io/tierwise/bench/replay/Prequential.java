package io.tierwise.bench.replay;

import io.tierwise.bench.Outcome;
import io.tierwise.bench.replay.RecordedTraffic.Recorded;
import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.DistillJob.Workshop;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.certify.CertifyJob;
import io.tierwise.distill.cycle.StudentCycle;
import io.tierwise.gateway.learning.AuditRows;
import io.tierwise.gateway.learning.CorpusWriter;
import io.tierwise.gateway.store.Acceptance;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateState;
import io.tierwise.gateway.store.WatchStore;
import io.tierwise.router.Cascade;
import io.tierwise.router.contract.AuditCoin;
import io.tierwise.router.contract.Audited;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.cost.Money;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.router.policy.CostPolicy;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.policy.Rung;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Task;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Reference;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.SecondStudentTier;
import io.tierwise.student.StudentTier;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.model.Student;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Recorded traffic as a stream, in its order, from the first answer on: the large model answers
 * everything until a student that learned from its answers is certified; students are trained again
 * as answers gather, watched by audits, and shut out by an alarm. It is the product's own cascade,
 * stores, cycle and watch under a clock that a request moves by a second. Every large call is
 * charged: what teaches, what certifies, and what watches.
 */
public final class Prequential implements AutoCloseable {
  /** Different texts of a stream whose vectors are kept: each is read by several students. */
  public static final int MOST_TEXTS = 50_000;

  private static final String TASK = "replay";
  private static final Duration KEPT = Duration.ofDays(365);
  private static final int RECENT_AUDITS = 200;

  private final PrequentialSpec spec;
  private final RecordedTraffic traffic;
  private final Task.Classification task;
  private final Workshop workshop;
  private final Progress progress;
  private final StreamClock clock = new StreamClock();
  private final Database database;
  private final StudentCycle.Stores stores;
  private final AuditStore audits;
  private final WatchStore watches;
  private final CorpusWriter corpus;
  private final RecordedCache cache = new RecordedCache();
  private final Tally tally = new Tally();
  private final Promises promises;
  private final Schedule schedule;
  private final @Nullable Parity parity;
  private GateState state;
  private AcceptanceRates rates = AcceptanceRates.UNKNOWN;
  private @Nullable Student live;
  private @Nullable Recorded current;
  private int trainings;
  private int lines;
  private int alarms;
  private double trainSeconds;
  private double coverage;

  private Prequential(
      PrequentialSpec spec, RecordedTraffic traffic, Workshop workshop, Progress progress) {
    this.spec = spec;
    this.traffic = traffic;
    this.task = new Task.Classification(TASK, traffic.labels());
    this.progress = progress;
    Path data = spec.replay().work().resolve("data");
    this.database = Database.open(data);
    this.workshop =
        new Workshop(
            workshop.encoder(),
            workshop.vocabulary(),
            workshop.cache(),
            workshop.engine(),
            clock,
            Progress.SILENT);
    this.stores = StudentCycle.Stores.of(database, data, clock);
    this.audits = new AuditStore(database, clock);
    this.watches = new WatchStore(database, stores.gates(), clock);
    this.corpus = new CorpusWriter(stores.corpus(), KEPT);
    this.parity =
        spec.reviewRate() == 0
            ? null
            : new Parity(
                spec.reviewRate(),
                spec.replay().contract().delta(),
                new Random(spec.replay().seed() + 1));
    this.promises =
        parity == null
            ? Promises.againstLarge(spec.replay().contract().epsilon())
            : Promises.againstPeople();
    this.schedule = new Schedule(spec.firstRows(), spec.growth());
    this.state = stores.gates().state(TASK);
  }

  /**
   * What a stream came to.
   *
   * @param violations certificates under which more than ε of all answers disagreed, or which cost
   *     accuracy where the contract is against people
   * @param certificates that were in force at some time
   * @param trainings students that were put to the test
   * @param lines of those that went live, the ones that are two in line
   * @param coverage of the last certificate
   * @param reviews answers that people were asked about
   */
  public record Result(
      Outcome outcome,
      int violations,
      int certificates,
      int trainings,
      int lines,
      int alarms,
      double coverage,
      int reviews) {
    /** The line of a replay with what is known of the running contract. */
    public String toLine() {
      return outcome.toLine(json -> {
        json.put("violations", violations);
        json.put("certificates", certificates);
        json.put("trainings", trainings);
        json.put("lines", lines);
        json.put("alarms", alarms);
        json.put("reviews", reviews);
      });
    }
  }

  /** Sends a file's rows through; the same seed gives the same figures, but for the seconds. */
  public static Result run(PrequentialSpec spec, Workshop workshop, Progress progress)
      throws IOException {
    ReplaySpec replay = spec.replay();
    RecordedTraffic traffic =
        RecordedTraffic.read(replay.data(), replay.referenceField(), replay.labelField());
    try (Prequential stream = new Prequential(spec, traffic, workshop, progress)) {
      return stream.run();
    }
  }

  private Result run() throws IOException {
    Cascade cascade = cascade();
    List<Recorded> requests = traffic.requests();
    for (int i = 0; i < requests.size(); i++) {
      current = requests.get(i);
      clock.tick();
      Gate met = state.gate();
      Decision decision =
          cascade.answer(Recording.request(task, i, requests.get(i), clock.instant()));
      tally.add(requests.get(i), decision);
      promises.count(met, requests.get(i), decision);
      turn();
      progress.report("replaying the stream", i + 1L, requests.size());
    }
    return result();
  }

  private Result result() {
    boolean certified = promises.certificates() > 0;
    return new Result(
        tally.outcome(spec.replay().contract().epsilon(), certified, trainSeconds),
        promises.broken(),
        promises.certificates(),
        trainings,
        lines,
        alarms,
        coverage,
        parity == null ? 0 : parity.reviews());
  }

  private Cascade cascade() {
    ReplaySpec.Prices prices = spec.replay().prices();
    return new Cascade(
        List.of(
            new Rung(TierName.EXACT_CACHE, cache, prices.exactCache(), Duration.ZERO),
            new Rung(
                TierName.STUDENT,
                new StudentTier(() -> Optional.ofNullable(live), () -> 0),
                prices.student(),
                Duration.ZERO),
            new Rung(
                TierName.SECOND_STUDENT,
                new SecondStudentTier(() -> Optional.ofNullable(live), () -> 0),
                prices.student(),
                Duration.ZERO),
            new Rung(TierName.LARGE, this::large, prices.large(), Duration.ZERO)),
        new CostPolicy(Fallback.REJECT, Fallback.REJECT),
        () -> state.gate(),
        new AuditCoin(new Random(spec.replay().seed()), spec.shutRate(), spec.openRate()),
        () -> rates,
        LargeUsage.UNKNOWN,
        new Cascade.Ports(
            new Recording.Unlimited(), entry -> {}, this::learn, this::audit, clock, () -> 0));
  }

  private Attempt.Proposed large(InferenceRequest request) {
    return Recording.large(now());
  }

  private Recorded now() {
    if (current == null) {
      throw new IllegalStateException("nothing was sent yet");
    }
    return current;
  }

  private void learn(Reference reference) {
    cache.observe(reference);
    Optional<Reference> lesson =
        parity == null || reference.audited()
            ? Optional.of(reference)
            : parity.lesson(now(), reference);
    lesson.ifPresent(corpus::observe);
    if (!reference.audited()) {
      schedule.row();
    }
  }

  /** Makes an audit at once; the call is charged where the large model has not answered yet. */
  private void audit(Audited audited) {
    switch (audited) {
      case Audited.Complete complete -> keep(audited, complete.reference(), Money.ZERO);
      case Audited.Pending pending -> {
        Attempt.Proposed answer = large(audited.request());
        Money cost = spec.replay().prices().large().cost(answer.usage());
        tally.charge(cost);
        corpus.observe(new Reference(audited.request(), answer, true));
        keep(audited, answer.answer(), cost);
      }
    }
  }

  private void keep(Audited audited, Answer reference, Money cost) {
    audits.keep(TASK, AuditRows.row(audited, reference), cost);
    schedule.audit();
    if (rings(audited)) {
      alarms++;
      schedule.alarm();
      state = stores.gates().state(TASK);
    }
    rates = Acceptance.under(state, audits, TASK, RECENT_AUDITS);
  }

  private boolean rings(Audited audited) {
    if (parity == null) {
      return watches.look(TASK).alarm().isPresent();
    }
    if (!parity.audit(audited, now())) {
      return false;
    }
    parity.begin();
    stores.gates().shut(TASK, "people say that it costs accuracy");
    return true;
  }

  private void turn() throws IOException {
    int needed = spec.replay().contract().fewestSamples(stores.gates().testsSpent(TASK) + 1);
    if (!schedule.due(needed * spec.auditsOverNeeded())) {
      return;
    }
    schedule.trained();
    trainings++;
    progress.report("training student " + trainings, 0, 1);
    StudentCycle.Result result =
        StudentCycle.run(
            DistillSpec.of(task, spec.replay().seed()),
            spec.replay().contract(),
            stores,
            spec.replay().work().resolve("training-" + trainings),
            workshop,
            StudentCycle.Destination.LIVE_IF_BETTER,
            spec.contestants(),
            parity == null ? CertifyJob::certifyJointly : parity);
    trainSeconds += result.seconds();
    if (result.artifact() != null
        && result.certification() instanceof Certification.Certified certified) {
      coverage = certified.certificate().coverage();
      change();
    }
  }

  private void change() throws IOException {
    Artifact artifact = stores.registry().resolve(TASK, Registry.LIVE).orElseThrow();
    close(live);
    live = Student.load(artifact, workshop.encoder());
    lines += artifact.line() ? 1 : 0;
    state = stores.gates().state(TASK);
    rates = AcceptanceRates.UNKNOWN;
    if (parity != null) {
      parity.changed();
    }
  }

  private static void close(@Nullable Student student) {
    if (student != null) {
      student.close();
    }
  }

  @Override
  public void close() {
    close(live);
    database.close();
  }
}
