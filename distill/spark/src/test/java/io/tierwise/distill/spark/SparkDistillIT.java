package io.tierwise.distill.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.tierwise.distill.Progress;
import io.tierwise.distill.bag.DistillJob;
import io.tierwise.distill.bag.DistillSpec;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.distill.parallel.Engines;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole job of a student, trained on worker JVMs. */
class SparkDistillIT {
  private static final List<String> TOPICS = List.of("parcel", "password", "refund");
  private static final Task.Classification TASK =
      new Task.Classification("desk", TOPICS.stream().map(Label::new).toList());
  private static final List<Answered> EXAMPLES =
      IntStream.range(0, 45)
          .mapToObj(i ->
              Answered.with(
                  "please help with the " + TOPICS.get(i % 3) + " of order " + i,
                  new Label(TOPICS.get(i % 3))))
          .toList();

  @TempDir private Path directory;

  @Test
  void aStudentDistilledOnWorkersSaysWhatOneOfThisProcessSays() throws IOException {
    // No soft labels: their head would be fitted here in either case.
    DistillSpec spec = new DistillSpec(TASK, 1, 2, 2, 15, 0, 1);
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(1);
        Engine local = Engine.local();
        Engine spark = Engines.open("spark", 2)) {
      try (Student here = Student.load(distil(spec, encoder, local, "local"));
          Student there = Student.load(distil(spec, encoder, spark, "spark"))) {
        for (Answered each : EXAMPLES) {
          Input text = new Input.Text(each.text());
          assertArrayEquals(here.predict(text).logits(), there.predict(text).logits(), 0.01);
          assertEquals(each.label(), there.predict(text).label());
        }
      }
    }
  }

  private Artifact distil(DistillSpec spec, SentenceEncoder encoder, Engine engine, String name)
      throws IOException {
    return DistillJob.run(
        spec,
        EXAMPLES,
        directory.resolve(name),
        new DistillJob.Workshop(
                encoder, TOPICS, directory.resolve("cache"), Clock.systemUTC(), Progress.SILENT)
            .with(engine));
  }
}
