package io.tierwise.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.aws.dynamo.LocalDynamo;
import io.tierwise.aws.s3.LocalS3;
import io.tierwise.aws.stack.Stack;
import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.cycle.Contestants;
import io.tierwise.distill.cycle.StudentCycle;
import io.tierwise.distill.cycle.TurnJob;
import io.tierwise.gateway.store.Database;
import io.tierwise.gateway.store.TrainingRuns;
import io.tierwise.router.contract.Contract;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.router.request.Tenant;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.model.Student;
import io.tierwise.student.registry.Registry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The state machine's job: a student learns from a bucket's corpus, is certified on its audited
 * rows, and goes on trial in the bucket's registry, under a certificate in the table.
 */
class StackTurnIT {
  private static final List<Label> LABELS = List.of(new Label("delivery"), new Label("refund"));
  private static final Task.Classification DESK = new Task.Classification("desk", LABELS);
  private static final Contract CONTRACT = new Contract(0.1, 0.05);
  private static final List<String> TOPICS = List.of("the parcel", "my money back");

  @TempDir private Path work;
  private LocalDynamo dynamo;
  private LocalS3 s3;
  private Stack stack;

  @BeforeEach
  void start() throws Exception {
    System.setProperty("http.keepAlive", "false");
    dynamo = new LocalDynamo();
    s3 = new LocalS3();
    stack =
        Stack.of(
            s3.client(),
            s3.bucket(),
            dynamo.client(),
            dynamo.contractTable(),
            work.resolve("copies"),
            Clock.systemUTC());
  }

  @AfterEach
  void stop() {
    s3.close();
    dynamo.close();
  }

  private void keep(int texts, boolean audited) {
    for (int i = 0; i < texts; i++) {
      int topic = i % TOPICS.size();
      String id = (audited ? "audited-" : "taught-") + i;
      stack
          .corpus()
          .add(
              new Tenant("acme"),
              DESK.name(),
              new Input.Text("please help with " + TOPICS.get(topic) + " of order " + id),
              LABELS.get(topic),
              Distribution.certain(LABELS.get(topic)),
              audited,
              Duration.ofDays(1),
              id);
    }
  }

  @Test
  void aStudentLearnsFromTheBucketAndGoesOnTrialInIt() throws Exception {
    keep(60, false);
    keep(100, true);
    StudentCycle.Result result;
    try (Database database = Database.open(work.resolve("data"));
        SentenceEncoder encoder = SentenceEncoder.bgeSmall(1)) {
      TrainingRuns runs = new TrainingRuns(database, Clock.systemUTC());
      result =
          TurnJob.run(
              DistillSpec.of(DESK, 1),
              CONTRACT,
              new TurnJob.Place(
                  work.resolve("data"),
                  StackOption.stores(stack, database, Clock.systemUTC()),
                  runs),
              "test",
              new DistillJob.Workshop(
                  encoder,
                  List.of("parcel", "money", "order", "help"),
                  work.resolve("cache"),
                  Clock.systemUTC(),
                  Progress.SILENT),
              Contestants.BAG);
    }
    assertEquals(60, result.trained());
    assertEquals(100, result.audited());
    assertNotNull(result.artifact());
    Artifact student = stack.registry().resolve(DESK.name(), Registry.CANARY).orElseThrow();
    assertEquals(result.artifact(), student.manifest().version());
    assertTrue(stack.registry().resolve(DESK.name(), Registry.LIVE).isEmpty());
    assertTrue(stack.gates().usableOnTrial(DESK.name(), result.artifact(), CONTRACT).isPresent());
    assertEquals(1, stack.gates().testsSpent(DESK.name()));
    try (Student loaded = Student.load(student)) {
      assertEquals(
          new Label("refund"), loaded.predict(new Input.Text("i want my money back")).label());
    }
  }
}
