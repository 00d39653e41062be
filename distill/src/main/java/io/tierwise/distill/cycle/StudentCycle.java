package io.tierwise.distill.cycle;

import io.tierwise.distill.NewDirectory;
import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.calibrate.CalibrateJob;
import io.tierwise.distill.certify.AuditedAnswers;
import io.tierwise.distill.certify.AuditedAnswers.Audit;
import io.tierwise.distill.certify.CertifyJob;
import io.tierwise.distill.data.Answered;
import io.tierwise.gateway.config.TierwiseConfig;
import io.tierwise.gateway.store.Alarm;
import io.tierwise.gateway.store.AuditHistory;
import io.tierwise.gateway.store.AuditStore;
import io.tierwise.gateway.store.Corpus;
import io.tierwise.gateway.store.CorpusRow;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.GateState;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.gateway.store.SliceStore;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Gate;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.model.Student;
import io.tierwise.student.registry.DirectoryRegistry;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * From the corpus to a live student: distil on the answers that no audit drew, calibrate on a part
 * of them that also chooses where several students compete, certify on the audited ones, and
 * publish and move it on if a certificate came of it. Otherwise what serves now goes on serving.
 */
public final class StudentCycle {
  private static final double TUNING_SHARE = 0.1;

  /** Where students compete, the tuning answers also choose among them. */
  private static final double CONTEST_SHARE = 0.2;

  private static final int MOST_TUNING = 400;

  /** Half of them to train on, at the least. */
  private static final int FEWEST_TEXTS = 2 * CalibrateJob.FEWEST;

  private final DistillSpec spec;
  private final Contract contract;
  private final Stores stores;
  private final DistillJob.Workshop workshop;
  private final Destination destination;
  private final Contestants contestants;
  private final Exam exam;

  /** How a student is put to the test. */
  @FunctionalInterface
  public interface Exam {
    /**
     * @param audited none of them trained or tuned the student
     */
    Certification certify(Student student, Contract contract, int testIndex, List<Audit> audited);
  }

  /** What becomes of a certified student. */
  public enum Destination {
    /** It goes live, and its gate is opened. */
    LIVE,
    /** The same, if it would answer more than the live student does. */
    LIVE_IF_BETTER,
    /**
     * It goes on trial, if it would answer more than the live student does: the gateway's flywheel
     * makes it live by what the trial shows.
     */
    TRIAL
  }

  /** Where answers come from and where the student goes. */
  public record Stores(
      Corpus corpus, AuditHistory audits, GateStore gates, SliceStore slices, Registry registry) {
    /** Those of a gateway's data directory. */
    public static Stores of(Database database, Path data, Clock clock) {
      return of(database, data, new DirectoryRegistry(data.resolve("registry"), clock), clock);
    }

    /** Those of a gateway's configuration: what is made is signed and trusted as it says. */
    public static Stores of(Database database, TierwiseConfig config, Clock clock) {
      return of(database, config.data(), config.registry(clock), clock);
    }

    private static Stores of(Database database, Path data, Registry registry, Clock clock) {
      GateStore gates = new GateStore(database, clock);
      return new Stores(
          CorpusStore.open(database, clock, CorpusStore.keyFile(data), new SecureRandom()),
          new AuditStore(database, clock),
          gates,
          new SliceStore(database, gates, clock),
          registry);
    }
  }

  /**
   * How a cycle ended.
   *
   * @param trained different texts that the student was trained and tuned on
   * @param audited audited requests that it was tested on
   * @param seconds spent on distilling and calibrating
   * @param artifact the version now live or on trial; null when none was certified, or it would not
   *     answer more
   * @param incumbent the share of the same audits that the live student covers; not a number where
   *     there is none, or none was certified
   */
  public record Result(
      Certification certification,
      int trained,
      int audited,
      double seconds,
      @Nullable String artifact,
      double incumbent) {}

  private StudentCycle(
      DistillSpec spec,
      Contract contract,
      Stores stores,
      DistillJob.Workshop workshop,
      Destination destination,
      Contestants contestants,
      Exam exam) {
    this.destination = destination;
    this.contestants = contestants;
    this.exam = exam;
    this.spec = spec;
    this.contract = contract;
    this.stores = stores;
    this.workshop = workshop;
  }

  /**
   * Runs one cycle. Spends one of the task's tests once there is a student, whatever comes of it.
   *
   * @param work a directory that does not exist; the cycle's artifacts are left in it
   * @throws InvalidValueException when the corpus holds too little to teach and tune a student
   * @throws IOException when {@code work} is there already, or an artifact cannot be written
   */
  public static Result run(
      DistillSpec spec, Contract contract, Stores stores, Path work, DistillJob.Workshop workshop)
      throws IOException {
    return run(spec, contract, stores, work, workshop, Destination.LIVE, Contestants.BAG);
  }

  /** The same for another destination and other students. */
  public static Result run(
      DistillSpec spec,
      Contract contract,
      Stores stores,
      Path work,
      DistillJob.Workshop workshop,
      Destination destination,
      Contestants contestants)
      throws IOException {
    return run(
        spec,
        contract,
        stores,
        work,
        workshop,
        destination,
        contestants,
        CertifyJob::certifyJointly);
  }

  /** The same under another exam. */
  public static Result run(
      DistillSpec spec,
      Contract contract,
      Stores stores,
      Path work,
      DistillJob.Workshop workshop,
      Destination destination,
      Contestants contestants,
      Exam exam)
      throws IOException {
    return new StudentCycle(spec, contract, stores, workshop, destination, contestants, exam)
        .run(work);
  }

  private Result run(Path work) throws IOException {
    NewDirectory.require(work);
    String task = spec.task().name();
    List<Answered> texts = lessons(task);
    List<Audit> audited = AuditedAnswers.of(stores.corpus(), stores.audits(), stores.gates(), task);
    requireEnough(texts);
    Collections.shuffle(texts, new Random(spec.seed()));
    int tuning = tuning(texts.size());
    long started = System.nanoTime();
    Contest contest = new Contest(spec, contract, workshop);
    Artifact student =
        contest.winner(
            contestants, texts.subList(tuning, texts.size()), texts.subList(0, tuning), work);
    double seconds = (System.nanoTime() - started) / 1e9;
    Certification certification = certify(contest, student, audited);
    return switch (certification) {
      case Certification.Certified certified -> {
        double incumbent = incumbentCoverage(contest, task, audited);
        boolean moves =
            switch (destination) {
              case LIVE -> true;
              case TRIAL, LIVE_IF_BETTER -> !(certified.certificate().coverage() <= incumbent);
            };
        yield new Result(
            certification,
            texts.size(),
            audited.size(),
            seconds,
            moves ? moveOn(student, certified) : null,
            incumbent);
      }
      case Certification.Withheld withheld ->
          new Result(certification, texts.size(), audited.size(), seconds, null, Double.NaN);
    };
  }

  private int tuning(int texts) {
    double share = contestants.shapes().size() > 1 ? CONTEST_SHARE : TUNING_SHARE;
    return Math.clamp(Math.round(texts * share), CalibrateJob.FEWEST, MOST_TUNING);
  }

  /** What came since the last alarm where that is enough: what was true before may not be now. */
  private List<Answered> lessons(String task) {
    Instant alarm = stores.gates().lastAlarm(task).map(Alarm::at).orElse(Instant.EPOCH);
    List<Answered> since = distinct(answered(stores.corpus().rows(task, false, alarm)));
    return since.size() >= FEWEST_TEXTS
        ? since
        : distinct(answered(stores.corpus().rows(task, false)));
  }

  /** How much of the same audits the live student answers under its certificate. */
  private double incumbentCoverage(Contest contest, String task, List<Audit> audited)
      throws IOException {
    Optional<Artifact> live = stores.registry().resolve(task, Registry.LIVE);
    GateState state = stores.gates().state(task);
    if (live.isEmpty()
        || !(state.gate() instanceof Gate.Open open)
        || !live.get().manifest().version().equals(state.artifact())) {
      return Double.NaN;
    }
    try (Student incumbent = contest.load(live.get())) {
      long covered =
          CertifyJob.scoreJointly(incumbent, audited).stream()
              .filter(sample -> sample.covered(open.thresholds()))
              .count();
      return (double) covered / audited.size();
    }
  }

  private Certification certify(Contest contest, Artifact artifact, List<Audit> audited)
      throws IOException {
    int testIndex = stores.gates().spendTest(spec.task().name());
    try (Student student = contest.load(artifact)) {
      Certification whole = exam.certify(student, contract, testIndex, audited);
      if (contract.perTenant() && whole instanceof Certification.Certified) {
        String version = artifact.manifest().version();
        CertifyJob.certifyEachTenant(student, contract, testIndex, audited)
            .forEach((tenant, ended) ->
                stores.slices().keep(spec.task().name(), version, tenant, ended));
      }
      return whole;
    }
  }

  /** The registry first, the gate last: a gate never names an artifact that is not there. */
  private String moveOn(Artifact student, Certification.Certified certified) throws IOException {
    String task = spec.task().name();
    String version = student.manifest().version();
    String reason = "certified in test " + certified.certificate().testIndex();
    stores.registry().publish(student.directory());
    String certificate = stores.gates().keep(task, version, certified.certificate());
    switch (destination) {
      case LIVE, LIVE_IF_BETTER -> {
        stores.registry().point(task, Registry.LIVE, version, reason);
        stores.gates().open(task, version, certificate, reason);
      }
      case TRIAL -> stores.registry().point(task, Registry.CANARY, version, "on trial: " + reason);
    }
    return version;
  }

  private void requireEnough(List<Answered> texts) {
    if (texts.size() < FEWEST_TEXTS) {
      throw new InvalidValueException(
          "corpus",
          "task '%s' has %d different texts that no audit drew"
              .formatted(spec.task().name(), texts.size()),
          "let the large model answer until there are at least " + FEWEST_TEXTS);
    }
  }

  private static List<Answered> answered(List<CorpusRow> rows) {
    return rows.stream()
        .map(row -> new Answered(row.input(), row.label(), row.distribution()))
        .toList();
  }

  /** One example a text, so that no text is both trained and tuned on. The latest answer counts. */
  private static List<Answered> distinct(List<Answered> examples) {
    Map<String, Answered> byText = new LinkedHashMap<>();
    examples.forEach(example -> byText.put(example.text(), example));
    return new ArrayList<>(byText.values());
  }
}
