package io.tierwise.distill.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Corpora;
import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.DataHash;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.artifact.Shape;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransferJobTest {
  @TempDir private Path directory;
  private SentenceEncoder encoder;

  @BeforeEach
  void open() throws IOException {
    encoder = SentenceEncoder.bgeSmall(1);
  }

  @AfterEach
  void close() {
    encoder.close();
  }

  @Test
  void aHeadLearnsWhatTheEncoderUnderstands() throws IOException {
    Artifact head = train(Corpora.separable(60, 1), "head");

    try (Student teacher = Student.load(head, encoder)) {
      int right = 0;
      for (Answered answered : Corpora.separable(40, 2)) {
        right +=
            teacher.predict(new Input.Text(answered.text())).label().equals(answered.label())
                ? 1
                : 0;
      }
      assertTrue(right >= 38, right + " of 40");
      // Words that no example had: what the encoder brings along.
      assertEquals(new Label("refund"), teacher.predict(new Input.Text("reimburse me")).label());
      assertEquals(
          new Label("access"), teacher.predict(new Input.Text("i cannot sign in")).label());
    }
  }

  @Test
  void saysWhereItIsFromAndIsTheSameEachTime() throws IOException {
    List<Answered> examples = Corpora.separable(20, 1);

    Artifact once = train(examples, "once");
    Artifact again = train(examples, "again");

    assertEquals(Shape.ENCODER_HEAD, once.manifest().shape());
    assertEquals(SentenceEncoder.BGE_SMALL, once.manifest().featurizer());
    assertEquals("transfer", once.manifest().lineage().job());
    assertEquals(DataHash.of(examples), once.manifest().lineage().dataSha256());
    assertEquals(20, once.manifest().metrics().get("trainingTexts"));
    assertEquals(once.manifest().version(), again.manifest().version());
  }

  @Test
  void refusesWhatItCannotLearnFrom() {
    assertEquals(
        "examples: there are none; give at least one",
        assertThrows(InvalidValueException.class, () -> train(List.of(), "none")).getMessage());
    assertEquals(
        "reference",
        assertThrows(
                InvalidValueException.class,
                () -> train(List.of(Answered.with("hi", new Label("spam"))), "foreign"))
            .field());
  }

  @Test
  void refusesADirectoryThatIsThereBeforeAnyWork() throws IOException {
    Files.createDirectory(directory.resolve("there"));
    List<String> stages = new ArrayList<>();

    assertThrows(
        FileAlreadyExistsException.class,
        () ->
            TransferJob.run(
                Corpora.DESK,
                Corpora.separable(5, 1),
                encoder,
                directory.resolve("there"),
                Corpora.CLOCK,
                (stage, done, total) -> stages.add(stage)));
    assertEquals(List.of(), stages);
  }

  private Artifact train(List<Answered> examples, String name) throws IOException {
    return TransferJob.run(
        Corpora.DESK, examples, encoder, directory.resolve(name), Corpora.CLOCK, Progress.SILENT);
  }
}
