package io.tierwise.distill.cycle;

import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.calibrate.CalibrateJob;
import io.tierwise.distill.certify.CertifyJob;
import io.tierwise.distill.data.Answered;
import io.tierwise.gateway.store.CorpusRow;
import io.tierwise.gateway.store.CorpusStore;
import io.tierwise.gateway.store.GateStore;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Contract;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.model.Student;
import io.tierwise.student.registry.Registry;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * From the corpus to a live student: distil on the answers that no audit drew, calibrate on a tenth
 * of them, certify on the audited ones, and publish and open the gate if a certificate came of it.
 */
public final class StudentCycle {
  private static final double TUNING_SHARE = 0.1;

  private final DistillSpec spec;
  private final Contract contract;
  private final Stores stores;
  private final DistillJob.Workshop workshop;

  /** Where answers come from and where the student goes. */
  public record Stores(CorpusStore corpus, GateStore gates, Registry registry) {}

  /**
   * How a cycle ended.
   *
   * @param trained different texts that the student was trained and tuned on
   * @param audited audited requests that it was tested on
   * @param seconds spent on distilling and calibrating
   * @param artifact the version now live; null when none was certified
   */
  public record Result(
      Certification certification,
      int trained,
      int audited,
      double seconds,
      @Nullable String artifact) {}

  private StudentCycle(
      DistillSpec spec, Contract contract, Stores stores, DistillJob.Workshop workshop) {
    this.spec = spec;
    this.contract = contract;
    this.stores = stores;
    this.workshop = workshop;
  }

  /**
   * Runs one cycle. Spends one of the task's tests, whatever comes of it.
   *
   * @param work a directory that does not exist; the cycle's artifacts are left in it
   */
  public static Result run(
      DistillSpec spec, Contract contract, Stores stores, Path work, DistillJob.Workshop workshop)
      throws IOException {
    return new StudentCycle(spec, contract, stores, workshop).run(work);
  }

  private Result run(Path work) throws IOException {
    String task = spec.task().name();
    List<Answered> texts = distinct(answered(stores.corpus().rows(task, false)));
    List<Answered> audited = answered(stores.corpus().certifying(task));
    Collections.shuffle(texts, new Random(spec.seed()));
    int tuning = (int) Math.round(texts.size() * TUNING_SHARE);
    long started = System.nanoTime();
    Artifact raw =
        DistillJob.run(
            spec, texts.subList(tuning, texts.size()), work.resolve("distilled"), workshop);
    Artifact student =
        CalibrateJob.run(
            raw, texts.subList(0, tuning), work.resolve("calibrated"), workshop.clock());
    double seconds = (System.nanoTime() - started) / 1e9;
    Certification certification = certify(student, audited);
    @Nullable String live =
        switch (certification) {
          case Certification.Certified certified -> goLive(student, certified);
          case Certification.Withheld withheld -> null;
        };
    return new Result(certification, texts.size(), audited.size(), seconds, live);
  }

  private Certification certify(Artifact artifact, List<Answered> audited) throws IOException {
    int testIndex = stores.gates().spendTest(spec.task().name());
    try (Student student = Student.load(artifact)) {
      return CertifyJob.certify(student, contract, testIndex, audited);
    }
  }

  /** The registry first, the gate last: a gate never names an artifact that is not there. */
  private String goLive(Artifact student, Certification.Certified certified) throws IOException {
    String task = spec.task().name();
    String version = student.manifest().version();
    String reason = "certified in test " + certified.certificate().testIndex();
    stores.registry().publish(student.directory());
    String certificate = stores.gates().keep(task, version, certified.certificate());
    stores.registry().point(task, Registry.LIVE, version, reason);
    stores.gates().open(task, version, certificate, reason);
    return version;
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
