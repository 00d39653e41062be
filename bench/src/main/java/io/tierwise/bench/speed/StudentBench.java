package io.tierwise.bench.speed;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import io.tierwise.router.request.Input;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFiles;
import io.tierwise.student.feature.Bag;
import io.tierwise.student.feature.BagFeaturizer;
import io.tierwise.student.model.Student;
import io.tierwise.student.onnx.Target;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** A student's call, from text to calibrated label, beside the bare call of ONNX Runtime in it. */
public final class StudentBench {
  private static final String TEXT =
      "my parcel has not arrived since yesterday, please send it again";

  private StudentBench() {}

  /** What each takes. */
  public record Result(double studentNanos, double studentBytes, double rawNanos, String machine) {
    public double studentToRaw() {
      return studentNanos / rawNanos;
    }
  }

  /**
   * @param folder empty
   */
  public static Result run(Path folder) throws IOException {
    Artifact artifact =
        BenchGateway.student("bench", BenchGateway.LABELS, folder.resolve("student"));
    Input input = new Input.Text(TEXT);
    // It also starts the runtime as students do, with its own reporting off.
    String machine = Target.machine();
    try (Student student = Student.load(artifact);
        OrtSession session = session(artifact.read(ArtifactFiles.MODEL))) {
      Bag bag = new BagFeaturizer().featurize(TEXT);
      long[] buckets = new long[bag.size()];
      for (int i = 0; i < buckets.length; i++) {
        buckets[i] = bag.buckets()[i];
      }
      List<Supplier<?>> works =
          List.of(() -> student.predict(input), () -> raw(session, buckets, bag.weights()));
      List<Micro.Cost> costs = new Micro().costs(works);
      return new Result(
          costs.getFirst().nanos(), costs.getFirst().bytes(), costs.getLast().nanos(), machine);
    } catch (OrtException e) {
      throw new IOException("ONNX Runtime cannot run the graph", e);
    }
  }

  private static OrtSession session(byte[] graph) throws OrtException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.setMemoryPatternOptimization(false);
      return OrtEnvironment.getEnvironment().createSession(graph, options);
    }
  }

  private static float[][] raw(OrtSession session, long[] buckets, float[] weights) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {1, buckets.length};
    try (OnnxTensor one = OnnxTensor.createTensor(environment, LongBuffer.wrap(buckets), shape);
        OnnxTensor other = OnnxTensor.createTensor(environment, FloatBuffer.wrap(weights), shape);
        OrtSession.Result result = session.run(Map.of("buckets", one, "weights", other))) {
      return (float[][]) result.get(0).getValue();
    } catch (OrtException e) {
      throw new IllegalStateException("the graph does not run", e);
    }
  }
}
