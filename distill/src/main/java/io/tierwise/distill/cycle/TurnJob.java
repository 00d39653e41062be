package io.tierwise.distill.cycle;

import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.gateway.flywheel.TaskLock;
import io.tierwise.gateway.store.TrainingRun.Outcome;
import io.tierwise.gateway.store.TrainingRuns;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.Contract;
import io.tierwise.student.file.DurableFiles;
import io.tierwise.student.file.SoleUse;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One turn of a task's flywheel, as a process of its own: a {@link StudentCycle} whose student goes
 * on trial, under the task's lock, with what came of it kept for all to see.
 */
public final class TurnJob {
  private TurnJob() {}

  /**
   * What a turn works on.
   *
   * @param data the data directory
   * @param runs where it is noted
   */
  public record Place(Path data, StudentCycle.Stores stores, TrainingRuns runs) {}

  /**
   * @param reason kept with the run
   * @throws InvalidValueException when another job trains the task, or the corpus holds too little
   */
  public static StudentCycle.Result run(
      DistillSpec spec,
      Contract contract,
      Place place,
      String reason,
      DistillJob.Workshop workshop,
      Contestants contestants)
      throws IOException {
    String task = spec.task().name();
    try (SoleUse lock = TaskLock.tryAcquire(place.data(), task).orElse(null)) {
      if (lock == null) {
        throw new InvalidValueException(
            "task", "another job trains '" + task + "'", "wait until it has ended");
      }
      long run = place.runs().begin(task, reason);
      Path folder = TaskLock.folder(place.data());
      sweep(folder, task);
      Path work = folder.resolve(task + "-" + run);
      try {
        StudentCycle.Result result =
            StudentCycle.run(
                spec,
                contract,
                place.stores(),
                work,
                workshop,
                StudentCycle.Destination.TRIAL,
                contestants);
        boolean moved = result.artifact() != null;
        place
            .runs()
            .end(
                run,
                moved ? Outcome.CERTIFIED : Outcome.WITHHELD,
                words(result),
                result.artifact());
        return result;
      } catch (IOException | RuntimeException e) {
        String words = Objects.toString(e.getMessage(), e.getClass().getName());
        place.runs().end(run, Outcome.FAILED, words, null);
        throw e;
      } finally {
        sweep(folder, task);
      }
    }
  }

  /** What a turn, also one that was killed, has left behind. */
  private static void sweep(Path folder, String task) throws IOException {
    List<Path> left;
    try (Stream<Path> all = Files.list(folder)) {
      left =
          all.filter(path -> path.getFileName().toString().matches("\\Q" + task + "\\E-\\d+"))
              .toList();
    }
    for (Path path : left) {
      DurableFiles.delete(path);
    }
  }

  /** What came of a turn, for people. */
  public static String words(StudentCycle.Result result) {
    return switch (result.certification()) {
      case Certification.Certified certified -> {
        double coverage = certified.certificate().coverage();
        String share = String.format(Locale.ROOT, "%.1f %%", 100 * coverage);
        if (result.artifact() != null) {
          yield "on trial, covers " + share;
        }
        yield String.format(
            Locale.ROOT,
            "certified, but it covers %s of the audits and the live student %.1f %%",
            share,
            100 * result.incumbent());
      }
      case Certification.Withheld withheld ->
          "not certified: %s; %d samples, at least %d needed"
              .formatted(withheld.reason(), withheld.samples(), withheld.needed());
    };
  }
}
