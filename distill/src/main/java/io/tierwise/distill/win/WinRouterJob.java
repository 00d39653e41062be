package io.tierwise.distill.win;

import io.tierwise.distill.CodeVersion;
import io.tierwise.distill.NewDirectory;
import io.tierwise.distill.Progress;
import io.tierwise.distill.data.DataHash;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.confidence.Reliability;
import io.tierwise.router.contract.Certification;
import io.tierwise.router.contract.ChoiceCertifier;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.contract.JudgedChoice;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Calibration;
import io.tierwise.student.artifact.Lineage;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.win.WinModel;
import io.tierwise.student.win.WinRouter;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/** Makes a router between two models from prompts that both answered, and tests it. */
public final class WinRouterJob {
  private static final String NAME = "winrouter";
  private static final int BINS = 15;
  private static final int STEPS = 400;

  private WinRouterJob() {}

  /**
   * Outcomes in two parts that share no prompt.
   *
   * @param train to train and calibrate on
   * @param certify to test on
   */
  public record Parts(List<Outcome> train, List<Outcome> certify) {
    /** Contaminated prompts go to neither; the same seed gives the same parts. */
    public static Parts of(List<Outcome> outcomes, double certifyShare, long seed) {
      List<String> prompts =
          new ArrayList<>(
              outcomes.stream()
                  .filter(each -> !each.contaminated())
                  .map(Outcome::prompt)
                  .distinct()
                  .toList());
      Collections.shuffle(prompts, new Random(seed));
      List<String> held = prompts.subList(0, (int) Math.round(prompts.size() * certifyShare));
      Set<String> kept = new HashSet<>(held);
      List<Outcome> clean = outcomes.stream().filter(each -> !each.contaminated()).toList();
      return new Parts(
          clean.stream().filter(each -> !kept.contains(each.prompt())).toList(),
          clean.stream().filter(each -> kept.contains(each.prompt())).toList());
    }
  }

  /**
   * Trains, calibrates and writes a router.
   *
   * @param task the chat task that it routes
   * @param held examples it is not trained on, for the figures of its manifest
   * @throws IOException when {@code directory} is there already or cannot be written
   */
  public static Artifact train(
      String task,
      List<Example> examples,
      List<Example> held,
      long seed,
      Path directory,
      Clock clock,
      Progress progress)
      throws IOException {
    NewDirectory.require(directory);
    List<Example> shuffled = new ArrayList<>(examples);
    Collections.shuffle(shuffled, new Random(seed));
    WinModel model = WinTraining.calibrated(shuffled, seed, progress);
    ArtifactWriter.Draft draft =
        new ArtifactWriter.Draft(
            task,
            Shape.WIN_ROUTER,
            WinRouter.FEATURIZER,
            WinRouter.CHOICES,
            new Calibration.Temperature(1),
            Map.of(
                "trainingPrompts", (double) examples.size(),
                "heldOutPrompts", (double) held.size(),
                "heldOutCalibrationError", calibrationError(model, held)),
            new Lineage(NAME, Map.of(), List.of(), hash(shuffled), seed, CodeVersion.CURRENT),
            clock.instant());
    return ArtifactWriter.write(directory, draft, Map.of(ArtifactFiles.ROUTER, model.bytes()));
  }

  /**
   * Tests "quality is at most ε below always asking the strong model".
   *
   * @param examples a uniform sample of traffic that the router was not trained on
   */
  public static Certification certify(
      Artifact artifact, Contract contract, int testIndex, List<Example> examples)
      throws IOException {
    WinModel model = WinModel.of(artifact.read(ArtifactFiles.ROUTER));
    List<JudgedChoice> choices =
        examples.stream()
            .map(each ->
                JudgedChoice.of(
                    new Confidence(model.weakWillDo(each.reading())),
                    each.outcome().strong(),
                    each.outcome().weak()))
            .toList();
    boolean binary = OutcomeFile.binary(examples.stream().map(Example::outcome).toList());
    ChoiceCertifier.Losses kind =
        binary ? ChoiceCertifier.Losses.BINARY : ChoiceCertifier.Losses.GRADED;
    return ChoiceCertifier.certify(contract, testIndex, kind, grid(), choices);
  }

  /** Evenly spaced and fixed beforehand, so no data can have chosen it. */
  private static double[] grid() {
    return IntStream.range(0, STEPS).mapToDouble(i -> (i + 1.0) / STEPS).toArray();
  }

  private static double calibrationError(WinModel model, List<Example> held) {
    if (held.isEmpty()) {
      return 0;
    }
    double[] confidences = new double[held.size()];
    boolean[] good = new boolean[held.size()];
    for (int i = 0; i < confidences.length; i++) {
      confidences[i] = model.weakWillDo(held.get(i).reading());
      good[i] = held.get(i).outcome().gain() <= 0;
    }
    return Reliability.of(confidences, good, BINS).expectedCalibrationError();
  }

  private static String hash(List<Example> examples) {
    StringBuilder all = new StringBuilder();
    for (Example example : examples) {
      Outcome outcome = example.outcome();
      all.append(DataHash.of(outcome.prompt()))
          .append(' ')
          .append(outcome.strong())
          .append(' ')
          .append(outcome.weak())
          .append('\n');
    }
    return DataHash.of(all.toString());
  }
}
