package io.tierwise.distill.encoder;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.file.DurableFiles;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Rewrites an encoder in single precision into one of bytes: the word table by row, the layers'
 * matrices by column, their products in whole numbers. Norms, attention's softmax and the head stay
 * in single precision.
 */
public final class QuantizeEncoderJob {
  private static final String NAME = "quantize";
  private static final int MOST_CALIBRATION = 500;

  private QuantizeEncoderJob() {}

  /**
   * How states are scaled.
   *
   * @param range share of the values that a measured range covers; the rest is cut off
   */
  public record Spec(Scaling scaling, double range) {
    public Spec {
      if (!(range > 0.9 && range <= 1)) {
        throw new InvalidValueException(
            "range", range + " is not in (0.9, 1]", "give a share such as 0.9999");
      }
    }

    /** The default recipe. */
    public static Spec of(Scaling scaling) {
      return switch (scaling) {
        case DYNAMIC -> dynamic();
        case STATIC -> fixed();
      };
    }

    /** Each token's states by their own largest value. */
    public static Spec dynamic() {
      return new Spec(Scaling.DYNAMIC, 1);
    }

    /** By ranges that were measured on the examples. */
    public static Spec fixed() {
      return new Spec(Scaling.STATIC, 0.9999);
    }
  }

  /** When the scale of a product's states is found. */
  public enum Scaling {
    /** At each call: exact, and a few more nodes. */
    DYNAMIC,
    /** On real inputs beforehand: the fastest. */
    STATIC
  }

  /**
   * Writes the quantized encoder, with the calibration of the one given, to a new directory. Its
   * metrics say how often the two agree on the examples.
   *
   * @param examples real inputs; {@value #MOST_CALIBRATION} of them at most are used, spread evenly
   */
  public static Artifact run(
      Artifact artifact,
      Spec spec,
      List<Answered> examples,
      Path directory,
      Clock clock,
      Progress progress)
      throws IOException {
    EncoderModel model = EncoderModel.open(artifact);
    List<Answered> inputs = spread(examples);
    Products products =
        switch (spec.scaling()) {
          case DYNAMIC -> new Products.Dynamic();
          case STATIC ->
              new Products.Static(
                  StateRanges.measure(
                      model.weights(), model.tokens(inputs), spec.range(), progress));
        };
    byte[] graph = EncoderGraph.write(model.weights(), products);
    Map<String, Double> metrics = new TreeMap<>(artifact.manifest().metrics());
    metrics.put("bytesShare", (double) graph.length / artifact.read(ArtifactFiles.MODEL).length);
    EncoderExport export =
        new EncoderExport(NAME, task(artifact), artifact.manifest().lineage().seed(), clock);
    Path trial = directory.resolveSibling(directory.getFileName() + ".trial");
    DurableFiles.delete(trial);
    Artifact unmeasured =
        export.write(model, graph, artifact.manifest().calibration(), inputs, metrics, trial);
    metrics.put("agreementWithParent", agreement(artifact, unmeasured, inputs));
    DurableFiles.delete(trial);
    return export.write(
        model, graph, artifact.manifest().calibration(), inputs, metrics, directory);
  }

  private static List<Answered> spread(List<Answered> examples) {
    int stride = Math.max(1, Math.ceilDiv(examples.size(), MOST_CALIBRATION));
    return IntStream.iterate(0, i -> i < examples.size(), i -> i + stride)
        .mapToObj(examples::get)
        .toList();
  }

  private static double agreement(Artifact one, Artifact other, List<Answered> examples)
      throws IOException {
    List<Input> inputs = examples.stream().<Input>map(each -> new Input.Text(each.text())).toList();
    try (Student first = Student.load(one);
        Student second = Student.load(other)) {
      int same = 0;
      for (Input input : inputs) {
        if (first.predict(input).label().equals(second.predict(input).label())) {
          same++;
        }
      }
      return (double) same / inputs.size();
    }
  }

  static Task.Classification task(Artifact artifact) {
    return new Task.Classification(
        artifact.manifest().task(), artifact.manifest().labels().stream().map(Label::new).toList());
  }
}
