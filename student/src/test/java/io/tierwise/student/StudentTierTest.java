package io.tierwise.student;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.CacheUse;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.RequestContext;
import io.tierwise.router.request.RoutingPolicy;
import io.tierwise.router.request.Task;
import io.tierwise.router.request.Tenant;
import io.tierwise.router.tier.Attempt;
import io.tierwise.student.artifact.ArtifactWriter;
import io.tierwise.student.artifact.Artifacts;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.model.Prediction;
import io.tierwise.student.model.Predictor;
import io.tierwise.student.model.Student;
import io.tierwise.student.onnx.Graphs;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudentTierTest {
  private static final Task.Classification TASK =
      new Task.Classification("support", List.of(new Label("no"), new Label("yes")));
  private static final Duration STEP = Duration.ofMillis(3);

  @TempDir private Path directory;
  private Student student;

  @BeforeEach
  void load() throws IOException {
    ArtifactWriter.Draft draft =
        Artifacts.draft("support", Shape.MLP, "features/2", List.of("no", "yes"));
    byte[] graph = Graphs.linear(new float[][] {{1, 0}, {0, 1}}, new float[2]);
    student =
        Student.load(
            ArtifactWriter.write(directory.resolve("student"), draft, Map.of("model.onnx", graph)));
  }

  @AfterEach
  void close() {
    student.close();
  }

  @Test
  void proposesTheStudentsLabelWithItsConfidenceVersionAndTime() {
    Attempt.Proposed proposed =
        assertInstanceOf(
            Attempt.Proposed.class, tier(Optional.of(student)).attempt(features(TASK, 0, 2)));

    double yes = 1 / (1 + Math.exp(-2));
    Answer.Classified answer = assertInstanceOf(Answer.Classified.class, proposed.answer());
    assertEquals(new Label("yes"), answer.label());
    assertEquals(yes, answer.distribution().probability(1), 1e-9);
    assertEquals(yes, proposed.confidence().value(), 1e-9);
    assertEquals(student.artifact().manifest().version(), proposed.version());
    assertEquals(Usage.call(STEP), proposed.usage());
  }

  @Test
  void missesWhereThereIsNoStudent() {
    assertEquals(
        new Attempt.Missed(Usage.NONE), tier(Optional.empty()).attempt(features(TASK, 0, 2)));
  }

  @Test
  void missesWhatTheStudentCannotRead() {
    InferenceRequest text = new InferenceRequest.Classify(context(), TASK, new Input.Text("hello"));

    assertEquals(new Attempt.Missed(Usage.NONE), tier(Optional.of(student)).attempt(text));
  }

  @Test
  void missesAChat() {
    InferenceRequest chat =
        new InferenceRequest.Chat(
            context(),
            new Task.Chat("assistant"),
            List.of(new InferenceRequest.Chat.Turn("user", "hi")));

    assertEquals(new Attempt.Missed(Usage.NONE), tier(Optional.of(student)).attempt(chat));
  }

  @Test
  void isUnavailableWhenTheStudentIsClosedInThatVeryMoment() {
    student.close();

    Attempt.Unavailable unavailable =
        assertInstanceOf(
            Attempt.Unavailable.class, tier(Optional.of(student)).attempt(features(TASK, 0, 2)));
    assertEquals(Attempt.Cause.FAILED, unavailable.cause());
    assertEquals(Usage.call(STEP), unavailable.usage());
  }

  @Test
  void isUnavailableWhenNoMemoryIsLeftForTheStudent() {
    Predictor greedy =
        new Predictor() {
          @Override
          public String version() {
            return "v1";
          }

          @Override
          public boolean reads(Input input) {
            return true;
          }

          @Override
          public List<Prediction> predict(List<Input> inputs) {
            // As much as no heap has: the error is the JVM's own.
            return List.of(new Prediction[Integer.MAX_VALUE]);
          }

          @Override
          public void close() {}
        };
    AtomicLong now = new AtomicLong();
    Attempt.Unavailable unavailable =
        assertInstanceOf(
            Attempt.Unavailable.class,
            new StudentTier(() -> Optional.of(greedy), () -> now.getAndAdd(STEP.toNanos()))
                .attempt(features(TASK, 0, 2)));
    assertEquals(Attempt.Cause.FAILED, unavailable.cause());
    assertEquals("no memory was left", unavailable.detail());
  }

  @Test
  void neverAnswersALabelThatTheTaskDoesNotHave() {
    Task.Classification renamed =
        new Task.Classification("support", List.of(new Label("no"), new Label("yep")));

    Attempt.Unavailable unavailable =
        assertInstanceOf(
            Attempt.Unavailable.class, tier(Optional.of(student)).attempt(features(renamed, 0, 2)));
    assertEquals(Attempt.Cause.UNUSABLE_ANSWER, unavailable.cause());
    assertEquals("'yes' is no label of support", unavailable.detail());
  }

  private static StudentTier tier(Optional<Student> live) {
    AtomicLong now = new AtomicLong();
    LongSupplier ticker = () -> now.getAndAdd(STEP.toNanos());
    return new StudentTier(() -> live, ticker);
  }

  private static InferenceRequest features(Task.Classification task, float... values) {
    return new InferenceRequest.Classify(context(), task, new Input.Features(values));
  }

  private static RequestContext context() {
    return new RequestContext(
        "r1",
        new Tenant("acme"),
        RoutingPolicy.DEFAULT,
        CacheUse.ALLOWED,
        Instant.EPOCH,
        Instant.EPOCH.plusSeconds(10));
  }
}
