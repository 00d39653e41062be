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
import io.tierwise.router.contract.Contract;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Students of several shapes learn from the same answers; the one that promises to save the most
 * under the contract is put to the test, or two of them in line where that promises more than any
 * alone. The choice is made on the tuning answers, so it costs none of the task's tests and leaves
 * the audits unseen; the path of a line's thresholds is fixed there too.
 */
final class Contest {
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
   * @param work where the artifacts are left, a folder a shape
   * @return the winner, calibrated
   */
  Artifact winner(Contestants contestants, List<Answered> texts, List<Answered> tuning, Path work)
      throws IOException {
    Files.createDirectories(work);
    List<Shape> shapes = contestants.shapes();
    if (shapes.size() == 1) {
      return calibrated(shapes.getFirst(), texts, tuning, work);
    }
    List<Artifact> students = new ArrayList<>();
    List<List<AuditSample.Scored>> proposals = new ArrayList<>();
    for (Shape shape : shapes) {
      Artifact artifact = calibrated(shape, texts, tuning, work.resolve(shape.text()));
      students.add(artifact);
      try (Student student = load(artifact)) {
        proposals.add(CertifyJob.proposals(student, tuning));
      }
    }
    Selection selected = Selection.of(contract.epsilon(), proposals, contestants.line());
    Artifact first = students.get(selected.first());
    return selected.second().isEmpty()
        ? first
        : LineJob.run(
            first,
            students.get(selected.second().getAsInt()),
            selected.lead(),
            work.resolve("line"),
            workshop.clock());
  }

  private Artifact calibrated(Shape shape, List<Answered> texts, List<Answered> tuning, Path folder)
      throws IOException {
    return CalibrateJob.run(
        raw(shape, texts, folder),
        tuning,
        folder.resolve("calibrated"),
        workshop.clock(),
        this::load);
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
      case MLP, WIN_ROUTER -> throw new IllegalStateException("a perceptron reads no texts");
    };
  }
}
