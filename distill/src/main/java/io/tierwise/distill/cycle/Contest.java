package io.tierwise.distill.cycle;

import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillJob.Workshop;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.calibrate.CalibrateJob;
import io.tierwise.distill.certify.CertifyJob;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.encoder.EncoderJob;
import io.tierwise.distill.encoder.EncoderSpec;
import io.tierwise.distill.encoder.QuantizeEncoderJob;
import io.tierwise.distill.transfer.TransferJob;
import io.tierwise.router.contract.AuditSample;
import io.tierwise.router.contract.ConfidenceGrid;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.Thresholds;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Students of several shapes learn from the same answers; the one that promises to save the most
 * under the contract is put to the test. The choice is made on the tuning answers, so it costs none
 * of the task's tests and leaves the audits unseen.
 *
 * <p>What a student promises is the share of the tuning answers that it could give at risks around
 * ε. Any student's pass costs a thousandth of a large call, so the share is the saving; of equals
 * the first in line wins, which is the cheapest.
 */
final class Contest {
  /** Risks at which a promise is read, in ε: at ε alone a few tuning answers decide. */
  private static final double[] AROUND = {0.5, 1, 2};

  /** What a later shape must promise beyond an earlier one, for its dearer pass. */
  private static final double DEARER = 0.005;

  private static final List<Float> PENALTIES = List.of(3e-4f, 1e-4f);

  private final DistillSpec spec;
  private final Contract contract;
  private final Workshop workshop;

  Contest(DistillSpec spec, Contract contract, Workshop workshop) {
    this.spec = spec;
    this.contract = contract;
    this.workshop = workshop;
  }

  /**
   * @param shapes cheapest first
   * @param work where the artifacts are left, a folder a shape
   * @return the winner, calibrated
   */
  Artifact winner(List<Shape> shapes, List<Answered> texts, List<Answered> tuning, Path work)
      throws IOException {
    Files.createDirectories(work);
    Artifact best = null;
    double most = Double.NEGATIVE_INFINITY;
    for (Shape shape : shapes) {
      Path folder = shapes.size() == 1 ? work : work.resolve(shape.text());
      Artifact student =
          CalibrateJob.run(
              raw(shape, texts, folder),
              tuning,
              folder.resolve("calibrated"),
              workshop.clock(),
              this::load);
      double promise = shapes.size() == 1 ? 0 : promise(student, tuning);
      if (best == null || promise > most + DEARER) {
        best = student;
        most = promise;
      }
    }
    if (best == null) {
      throw new IllegalStateException("a contest needs a student");
    }
    return best;
  }

  Student load(Artifact artifact) throws IOException {
    return Student.load(artifact, workshop.encoder());
  }

  private Artifact raw(Shape shape, List<Answered> texts, Path folder) throws IOException {
    Path distilled = folder.resolve("distilled");
    return switch (shape) {
      case BAG -> DistillJob.run(spec, texts, distilled, workshop);
      case ENCODER_HEAD ->
          TransferJob.run(
              spec.task(),
              PENALTIES,
              texts,
              workshop.encoder(),
              distilled,
              workshop.clock(),
              workshop.progress());
      case ENCODER -> {
        EncoderSpec recipe = EncoderSpec.of(spec.task(), spec.seed());
        Artifact whole =
            EncoderJob.run(recipe, texts, Optional.empty(), folder.resolve("whole"), workshop);
        yield QuantizeEncoderJob.run(
            whole,
            QuantizeEncoderJob.Spec.dynamic(),
            texts,
            distilled,
            workshop.clock(),
            workshop.progress());
      }
      case MLP -> throw new IllegalStateException("a perceptron reads no texts");
    };
  }

  private double promise(Artifact artifact, List<Answered> tuning) throws IOException {
    try (Student student = load(artifact)) {
      List<AuditSample> samples = CertifyJob.score(student, tuning);
      double sum = 0;
      for (double around : AROUND) {
        sum += covered(samples, around * contract.epsilon()) / AROUND.length;
      }
      return sum;
    }
  }

  /** The largest share that a step of the path covers at no more than a risk. */
  private static double covered(List<AuditSample> samples, double risk) {
    double covered = 0;
    for (Thresholds step : ConfidenceGrid.path().steps()) {
      long lost = samples.stream().filter(sample -> sample.lost(step)).count();
      if (lost > risk * samples.size()) {
        break;
      }
      long within = samples.stream().filter(sample -> sample.covered(step)).count();
      covered = (double) within / samples.size();
    }
    return covered;
  }
}
