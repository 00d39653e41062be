package io.tierwise.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tierwise.bench.replay.Curve;
import io.tierwise.bench.replay.CurvePage;
import io.tierwise.bench.replay.Prequential;
import io.tierwise.bench.replay.PrequentialSpec;
import io.tierwise.router.contract.Contract;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.file.DurableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code tierwise bench curve}. */
@Command(
    name = "curve",
    mixinStandardHelpOptions = true,
    header = "Draws what recorded traffic costs against how good its answers are.",
    description = {
      "Replays a file as a stream, as 'replay --prequential' does, under one contract after the",
      "other and with several seeds, and draws the curve as a page."
    })
final class CurveCommand implements Callable<Integer> {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  @Spec private CommandSpec spec;
  @Mixin private RecordingOption recording;
  @Mixin private ProgressOption progress;

  @Option(
      names = "--epsilon",
      split = ",",
      defaultValue = "0.02,0.05,0.1,0.15,0.2,0.3",
      description = "One contract each (default: ${DEFAULT-VALUE}).")
  private List<Double> epsilons;

  @Option(names = "--delta", required = true, description = "1 - confidence of the certificates.")
  private double delta;

  @Option(
      names = "--seeds",
      split = ",",
      defaultValue = "1,2,3,4,5",
      description = "Default: ${DEFAULT-VALUE}.")
  private List<Long> seeds;

  @Mixin private ParityOption parity;

  @Mixin private ContestantsOption students;

  @Option(names = "--out", paramLabel = "FILE", description = "Where the page is written.")
  private @Nullable Path page;

  @Option(names = "--json", description = "End with one JSON object on the last line.")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    try (SentenceEncoder encoder =
        SentenceEncoder.bgeSmall(2).remembering(Prequential.MOST_TEXTS)) {
      var workshop = Learning.workshop(encoder, progress);
      if (parity.asked()) {
        people(Curve.point(Double.NaN, seeds, new Temporary(), workshop, progress.watch()));
        return 0;
      }
      Curve curve = Curve.measure(epsilons, seeds, new Temporary(), workshop, progress.watch());
      progress.done();
      if (page != null) {
        Files.writeString(page, CurvePage.html(curve, "Cost and quality of a stream"));
      }
      print(curve);
      if (json) {
        spec.commandLine().getOut().println(json(curve));
      }
    }
    return 0;
  }

  /** Each run in a directory of its own, gone after it. */
  private final class Temporary implements Curve.Runs {
    @Override
    public PrequentialSpec spec(double epsilon, long seed) throws IOException {
      Contract contract =
          parity.asked() ? ParityOption.contract(delta) : new Contract(epsilon, delta);
      return parity.apply(
          PrequentialSpec.of(
              recording.spec(contract, seed, Files.createTempDirectory("tierwise-curve")),
              students.contestants()));
    }

    @Override
    public void done(PrequentialSpec done) throws IOException {
      DurableFiles.delete(done.replay().work());
    }
  }

  private void people(Curve.Point point) {
    progress.done();
    var out = spec.commandLine().getOut();
    out.printf(
        Locale.ROOT,
        "against people: %.1f %% saved (%.1f to %.1f %%), accuracy %.2f %% against the large"
            + " model's %.2f %%, %d of %d certificates broken, %.0f answers put before people%n",
        100 * point.saving(),
        100 * point.leastSaving(),
        100 * point.mostSaving(),
        100 * point.accuracy(),
        100 * point.largeAccuracy(),
        point.violations(),
        point.certificates(),
        point.reviews());
    if (json) {
      ObjectNode root = JSON.createObjectNode();
      put(root.putObject("parity"), point);
      out.println(root);
    }
  }

  private void print(Curve curve) {
    var out = spec.commandLine().getOut();
    out.printf(
        "%8s %8s %17s %13s %9s %8s %12s %13s%n",
        "epsilon", "saved", "least to most", "disagreement", "accuracy", "large", "broken", "over");
    for (Curve.Point point : curve.points()) {
      out.printf(
          Locale.ROOT,
          "%8.3f %7.1f%% %7.1f%% %7.1f%% %12.2f%% %8.2f%% %7.2f%% %5d of %3d %6d of %2d%n",
          point.epsilon(),
          100 * point.saving(),
          100 * point.leastSaving(),
          100 * point.mostSaving(),
          100 * point.disagreement(),
          100 * point.accuracy(),
          100 * point.largeAccuracy(),
          point.violations(),
          point.certificates(),
          point.missed(),
          point.seeds());
    }
  }

  private static ObjectNode json(Curve curve) {
    ObjectNode root = JSON.createObjectNode();
    ArrayNode points = root.putArray("points");
    curve.points().forEach(point -> put(points.addObject(), point));
    curve
        .parity()
        .ifPresentOrElse(
            point -> put(root.putObject("parity"), point), () -> root.putNull("parity"));
    return root;
  }

  private static void put(ObjectNode node, Curve.Point point) {
    if (!Double.isNaN(point.epsilon())) {
      node.put("epsilon", point.epsilon());
    }
    node.put("seeds", point.seeds());
    node.put("saving", point.saving());
    node.put("leastSaving", point.leastSaving());
    node.put("mostSaving", point.mostSaving());
    node.put("disagreement", point.disagreement());
    if (!Double.isNaN(point.accuracy())) {
      node.put("accuracy", point.accuracy());
      node.put("largeAccuracy", point.largeAccuracy());
    }
    node.put("violations", point.violations());
    node.put("certificates", point.certificates());
    node.put("seedsAboveEpsilon", point.missed());
    node.put("reviews", point.reviews());
  }
}
