package io.tierwise.bench.replay;

import io.tierwise.bench.Outcome;
import io.tierwise.bench.replay.RecordedTraffic.Recorded;
import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.calibrate.CalibrateJob;
import io.tierwise.distill.certify.CertifyJob;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.Split;
import io.tierwise.router.Cascade;
import io.tierwise.router.contract.AuditCoin;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Gate;
import io.tierwise.router.cost.LargeUsage;
import io.tierwise.router.policy.AcceptanceRates;
import io.tierwise.router.policy.CostPolicy;
import io.tierwise.router.policy.Decision;
import io.tierwise.router.policy.Fallback;
import io.tierwise.router.policy.Rung;
import io.tierwise.router.request.Task;
import io.tierwise.router.tier.TierName;
import io.tierwise.student.StudentTier;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Replays recorded traffic through the same cascade that serves: a student is distilled from the
 * train part, tuned and calibrated on the tuning part, certified on the calibration part, and every
 * figure is of the test part. The recorded answers stand for the large model.
 *
 * <p>No audits are charged: they depend on how long a certificate is used, which a recording of a
 * few thousand rows does not tell.
 */
public final class Replay {
  private final ReplaySpec spec;
  private final RecordedTraffic traffic;
  private final Task.Classification task;
  private final Progress progress;

  private Replay(ReplaySpec spec, RecordedTraffic traffic, Progress progress) {
    this.spec = spec;
    this.traffic = traffic;
    this.task = new Task.Classification("replay", traffic.labels());
    this.progress = progress;
  }

  /** Runs the whole life; the same seed gives the same figures, but for the seconds. */
  public static Outcome run(ReplaySpec spec, Progress progress) throws IOException {
    RecordedTraffic traffic =
        RecordedTraffic.read(spec.data(), spec.referenceField(), spec.labelField());
    return new Replay(spec, traffic, progress).run();
  }

  private Outcome run() throws IOException {
    Split<Recorded> split = Split.of(traffic.requests(), spec.seed());
    long started = System.nanoTime();
    Artifact artifact = distil(answers(split.train()), answers(split.tuning()));
    double seconds = Math.round((System.nanoTime() - started) / 1e7) / 100.0;
    try (Student student = Student.load(artifact)) {
      Certification certification =
          CertifyJob.certify(student, spec.contract(), 1, answers(split.calibration()));
      return measure(split, student, gate(certification), seconds);
    }
  }

  private Artifact distil(List<Answered> train, List<Answered> tuning) throws IOException {
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(2)) {
      DistillJob.Workshop workshop =
          new DistillJob.Workshop(encoder, spec.cache(), Clock.systemUTC(), progress);
      Artifact raw =
          DistillJob.run(
              DistillSpec.of(task, spec.seed()), train, spec.work().resolve("distilled"), workshop);
      return CalibrateJob.run(raw, tuning, spec.work().resolve("calibrated"), workshop.clock());
    }
  }

  private static Gate gate(Certification certification) {
    return switch (certification) {
      case Certification.Certified certified ->
          new Gate.Open(certified.certificate().thresholds(), "replay");
      case Certification.Withheld withheld -> new Gate.Shut(withheld.reason());
    };
  }

  private Outcome measure(Split<Recorded> split, Student student, Gate gate, double seconds) {
    RecordedCache cache = new RecordedCache();
    split
        .train()
        .forEach(recorded -> cache.put(recorded.answered().text(), Recording.large(recorded)));
    split
        .tuning()
        .forEach(recorded -> cache.put(recorded.answered().text(), Recording.large(recorded)));
    split
        .calibration()
        .forEach(recorded -> cache.put(recorded.answered().text(), Recording.large(recorded)));
    Tally tally = new Tally();
    List<Recorded> test = split.test();
    for (int i = 0; i < test.size(); i++) {
      Recorded recorded = test.get(i);
      // One cascade a request: its large tier answers what is recorded for just this request.
      Decision decision =
          cascade(cache, student, gate, recorded)
              .answer(Recording.request(task, i, recorded, Instant.EPOCH));
      tally.add(recorded, decision);
      progress.report("replaying", i + 1L, test.size());
    }
    return tally.outcome(spec.contract().epsilon(), gate instanceof Gate.Open, seconds);
  }

  private Cascade cascade(RecordedCache cache, Student student, Gate gate, Recorded recorded) {
    ReplaySpec.Prices prices = spec.prices();
    return new Cascade(
        List.of(
            new Rung(TierName.EXACT_CACHE, cache, prices.exactCache(), Duration.ZERO),
            new Rung(
                TierName.STUDENT,
                new StudentTier(() -> Optional.of(student), () -> 0),
                prices.student(),
                Duration.ZERO),
            new Rung(
                TierName.LARGE,
                request -> Recording.large(recorded),
                prices.large(),
                Duration.ZERO)),
        new CostPolicy(Fallback.REJECT, Fallback.REJECT),
        () -> gate,
        new AuditCoin(new Random(spec.seed()), 0, 0),
        () -> AcceptanceRates.UNKNOWN,
        LargeUsage.UNKNOWN,
        new Cascade.Ports(
            new Recording.Unlimited(),
            entry -> {},
            cache,
            audited -> {},
            Clock.systemUTC(),
            System::nanoTime));
  }

  private static List<Answered> answers(List<Recorded> requests) {
    return requests.stream().map(Recorded::answered).toList();
  }
}
