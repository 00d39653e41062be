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
import io.tierwise.student.file.DurableFiles;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Student;
import io.tierwise.student.onnx.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A student's call, from text to calibrated label, beside the bare call of ONNX Runtime in it. */
@State(Scope.Thread)
public class StudentBench {
  private static final String TEXT =
      "my parcel has not arrived since yesterday, please send it again";

  private final Input input = new Input.Text(TEXT);
  private final Path folder;
  private final Student student;
  private final OrtSession session;
  private final long[] buckets;
  private final float[] weights;

  public StudentBench() {
    try {
      folder = Files.createTempDirectory("tierwise-student");
      Artifact artifact =
          BenchGateway.student("bench", BenchGateway.LABELS, folder.resolve("student"));
      // It also starts the runtime as students do, with its own reporting off.
      Target.machine();
      student = Student.load(artifact);
      session = session(artifact.read(ArtifactFiles.MODEL));
    } catch (IOException e) {
      throw new UncheckedIOException("no student could be made", e);
    } catch (OrtException e) {
      throw new IllegalStateException("ONNX Runtime cannot load the graph", e);
    }
    Bag bag = new BagFeaturizer().featurize(TEXT);
    buckets = new long[bag.size()];
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = bag.buckets()[i];
    }
    weights = bag.weights();
  }

  /** What each takes of a processor. */
  public record Result(double studentNanos, double studentBytes, double rawNanos, String machine) {
    public double studentToRaw() {
      return studentNanos / rawNanos;
    }
  }

  /**
   * @param iterations of a second each
   */
  public static Result run(int iterations) throws IOException {
    Map<String, Jmh.Cost> costs = Jmh.run(StudentBench.class, iterations);
    Jmh.Cost student = Objects.requireNonNull(costs.get("student"));
    Jmh.Cost raw = Objects.requireNonNull(costs.get("raw"));
    return new Result(student.nanos(), student.bytes(), raw.nanos(), Target.machine());
  }

  @TearDown
  public void close() throws IOException, OrtException {
    student.close();
    session.close();
    DurableFiles.delete(folder);
  }

  @Benchmark
  public Prediction student() {
    return student.predict(input);
  }

  @Benchmark
  public float[][] raw() throws OrtException {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    long[] shape = {1, buckets.length};
    try (OnnxTensor one = OnnxTensor.createTensor(environment, LongBuffer.wrap(buckets), shape);
        OnnxTensor other = OnnxTensor.createTensor(environment, FloatBuffer.wrap(weights), shape);
        OrtSession.Result result = session.run(Map.of("buckets", one, "weights", other))) {
      return (float[][]) result.get(0).getValue();
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
}
