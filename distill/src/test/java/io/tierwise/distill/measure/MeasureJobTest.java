package io.tierwise.distill.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.encoder.Tiny;
import io.tierwise.distill.measure.MeasureJob.Row;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.ArtifactFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalDouble;
import java.util.SequencedMap;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MeasureJobTest {
  @TempDir private Path directory;

  @Test
  void countsRightAnswersAndBytesAndTakesTheMedianOfEveryTurn() throws IOException {
    Artifact student =
        Tiny.trained(
            directory.resolve("tiny"),
            1,
            Tiny.task("red", "blue"),
            Tiny.texts(160, 1, "red", "blue"));
    List<Answered> texts = new ArrayList<>(Tiny.texts(30, 2, "red", "blue"));
    for (int i = 0; i < 10; i++) {
      texts.add(Answered.with("my red car", new Label("blue")));
    }
    SequencedMap<String, Artifact> artifacts = new LinkedHashMap<>();
    artifacts.put("tiny", student);
    AtomicLong ticks = new AtomicLong();
    List<Row> rows =
        MeasureJob.run(artifacts, texts, () -> ticks.getAndAdd(200_000_000), Progress.SILENT);
    assertEquals(2, rows.size());
    assertEquals(OptionalDouble.empty(), rows.getFirst().accuracy());
    Row tiny = rows.get(1);
    assertEquals("tiny", tiny.name());
    assertEquals(OptionalDouble.of(0.75), tiny.accuracy());
    assertEquals(1.96 * Math.sqrt(0.75 * 0.25 / 40), tiny.halfWidth(), 1e-12);
    assertEquals(
        student.manifest().files().stream().mapToLong(ArtifactFile::bytes).sum(), tiny.bytes());
    assertTrue(rows.getFirst().bytes() > 90_000_000);
    assertEquals(200_000.0, tiny.p50Micros());
    assertEquals(200_000.0, tiny.p50MicrosBatch32());
    assertEquals(1.0, tiny.timesFaster());
  }

  @Test
  void refusesToMeasureNothing() {
    assertThrows(
        InvalidValueException.class,
        () -> MeasureJob.run(new LinkedHashMap<>(), List.of(), () -> 0, Progress.SILENT));
  }
}
