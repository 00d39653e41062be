package io.tierwise.distill.label;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.AnsweredFile;
import io.tierwise.distill.parallel.Engine;
import io.tierwise.router.InvalidValueException;
import io.tierwise.router.confidence.Confidence;
import io.tierwise.router.cost.Money;
import io.tierwise.router.cost.Tariff;
import io.tierwise.router.cost.Usage;
import io.tierwise.router.request.Answer;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.InferenceRequest;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.router.tier.Attempt;
import io.tierwise.router.tier.Tier;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelJobTest {
  private static final Label YES = new Label("yes");
  private static final Label NO = new Label("no");
  private static final Task.Classification TASK = new Task.Classification("toy", List.of(YES, NO));
  private static final Tariff CENT = new Tariff.PerRequest(Money.of("0.01"));

  @TempDir private Path directory;
  private final List<String> asked = new ArrayList<>();
  private Path data;
  private Path answers;

  @BeforeEach
  void writeTexts() throws IOException {
    data = directory.resolve("texts.jsonl");
    answers = directory.resolve("answers.jsonl");
    Files.writeString(
        data,
        """
        {"text":"one","label":"kept"}
        {"text":"two"}
        {"text":"one"}
        {"text":"three"}
        """);
  }

  private Attempt answer(InferenceRequest request) {
    if (request instanceof InferenceRequest.Classify classify
        && classify.input() instanceof Input.Text text) {
      asked.add(text.value());
    }
    return new Attempt.Proposed(
        new Answer.Classified(YES, Distribution.of(List.of(YES, NO), new double[] {0.75, 0.25})),
        Confidence.FULL,
        Usage.call(Duration.ZERO),
        "endpoint");
  }

  private LabelJob.Summary run(Tier large, String budget) throws IOException {
    try (Engine engine = Engine.local()) {
      return LabelJob.run(
          new LabelJob.Spec(TASK, data, answers, Money.of(budget), Duration.ofSeconds(1)),
          () -> new Respondent.Line(large, CENT, Clock.systemUTC(), () -> {}),
          engine,
          Progress.SILENT);
    }
  }

  @Test
  void asksEveryTextOnceAndKeepsAnswerAndProbabilities() throws IOException {
    LabelJob.Summary summary = run(this::answer, "1");
    assertEquals(new LabelJob.Summary(3, 1, 0, 0, 0, Money.of("0.03")), summary);
    assertEquals(List.of("one", "two", "three"), asked);
    List<Answered> read = AnsweredFile.read(answers, "reference");
    assertEquals(3, read.size());
    assertEquals(0.25f, read.getFirst().target(TASK.labels())[1]);
    assertTrue(Files.readString(answers).contains("\"label\":\"kept\""));
  }

  @Test
  void goesOnWhereItWasCutOffInTheMiddleOfALine() throws IOException {
    run(this::answer, "1");
    String whole = Files.readString(answers);
    int secondLine = whole.indexOf('\n') + 1;
    Files.writeString(answers, whole.substring(0, secondLine + 9));
    asked.clear();
    LabelJob.Summary summary = run(this::answer, "1");
    assertEquals(List.of("two", "three"), asked);
    assertEquals(2, summary.reused(), "'one' twice");
    assertEquals(whole, Files.readString(answers));
  }

  @Test
  void stopsAtTheBudgetAndSaysWhatIsLeft() throws IOException {
    LabelJob.Summary summary = run(this::answer, "0.02");
    assertEquals(2, summary.asked());
    assertEquals(1, summary.left());
    assertEquals(Money.of("0.02"), summary.cost());
  }

  @Test
  void asksAgainWhatGotNoAnswer() throws IOException {
    Tier flaky = request -> asked.size() == 1 ? failed(request) : answer(request);
    assertEquals(1, run(flaky, "1").failed());
    asked.clear();
    LabelJob.Summary again = run(this::answer, "1");
    assertEquals(List.of("two"), asked);
    assertEquals(0, again.failed());
  }

  private Attempt failed(InferenceRequest request) {
    answer(request);
    return new Attempt.Unavailable(
        Attempt.Cause.TIMEOUT, "slow", Usage.call(Duration.ofSeconds(1)));
  }

  @Test
  void keepsAnswersThatAreThereAlready() throws IOException {
    Files.writeString(
        answers, "{\"text\":\"three\",\"reference\":\"no\"}\n", StandardOpenOption.CREATE);
    run(this::answer, "1");
    assertEquals(List.of("one", "two"), asked);
    assertEquals(NO, AnsweredFile.read(answers, "reference").getFirst().label());
  }

  @Test
  void aTextThatFailedIsNotAskedAgainInTheSameRun() throws IOException {
    LabelJob.Summary summary = run(this::failed, "1");

    assertEquals(List.of("one", "two", "three"), asked);
    assertEquals(new LabelJob.Summary(0, 0, 4, 0, 0, Money.of("0.03")), summary);
  }

  @Test
  void whatTheBudgetLeftIsNotCountedAsAnswered() throws IOException {
    assertEquals(new LabelJob.Summary(0, 0, 0, 4, 0, Money.ZERO), run(this::answer, "0"));
    assertEquals(List.of(), asked);
  }

  @Test
  void keepsALastLineThatOnlyLacksItsEnd() throws IOException {
    Files.writeString(answers, "{\"text\":\"three\",\"reference\":\"no\"}");

    run(this::answer, "1");

    assertEquals(List.of("one", "two"), asked);
    assertEquals(3, AnsweredFile.read(answers, "reference").size());
  }

  @Test
  void cutsATornLineInTheMiddleOfACharacter() throws IOException {
    byte[] umlaut = "{\"text\":\"ü".getBytes(StandardCharsets.UTF_8);
    Files.write(answers, Arrays.copyOf(umlaut, umlaut.length - 1));

    run(this::answer, "1");

    assertEquals(3, AnsweredFile.read(answers, "reference").size());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{\"text\":\"one\"}|1|it has no 'reference'",
        "{\"text\":\"one\",\"reference\":\"yes\"}¶notes|2|it is no JSON (",
        "some notes|1|it is no JSON (",
        "{\"reference\":\"yes\"}|1|it has neither 'text'",
      })
  void refusesToAppendToAnythingElseAndLeavesItAsItIs(String content, int line, String trouble)
      throws IOException {
    String before = content.replace("¶", "\n");
    Files.writeString(answers, before);

    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> run(this::answer, "1"));

    assertEquals(answers + ":" + line, refused.field());
    assertTrue(refused.trouble().startsWith(trouble), refused.trouble());
    assertEquals(before, Files.readString(answers));
    assertEquals(List.of(), asked);
  }

  @Test
  void refusesToAppendToACompressedFileOrToTheDataItself() throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(answers))) {
      out.write("{\"text\":\"one\",\"reference\":\"yes\"}\n".getBytes(StandardCharsets.UTF_8));
    }
    byte[] before = Files.readAllBytes(answers);
    assertEquals(
        answers + ": it is compressed; give a plain .jsonl file to append to",
        assertThrows(InvalidValueException.class, () -> run(this::answer, "1")).getMessage());
    assertArrayEquals(before, Files.readAllBytes(answers));

    answers = data;
    assertEquals(
        data
            + ":1: it has no 'reference'; give a new file for the answers, or one that this job"
            + " wrote",
        assertThrows(InvalidValueException.class, () -> run(this::answer, "1")).getMessage());
  }

  @Test
  void asksFeatureVectorsOnceToo() throws IOException {
    Files.writeString(data, "{\"features\":[1,2]}\n{\"features\":[1,2.0]}\n{\"features\":[3]}\n");

    assertEquals(new LabelJob.Summary(2, 1, 0, 0, 0, Money.of("0.02")), run(this::answer, "1"));
    assertEquals(new LabelJob.Summary(0, 3, 0, 0, 0, Money.ZERO), run(this::answer, "1"));
  }

  @Test
  void aBadRowStopsTheJobBeforeAnythingIsSpent() throws IOException {
    Files.writeString(data, "{\"text\":\"one\"}\n{\"txt\":\"two\"}\n");

    InvalidValueException refused =
        assertThrows(InvalidValueException.class, () -> run(this::answer, "1"));

    assertEquals(data + ":2", refused.field());
    assertEquals(List.of(), asked);
    assertFalse(Files.exists(answers));
  }

  @Test
  void makesTheDirectoryOfTheAnswers() throws IOException {
    answers = directory.resolve("deep/er/answers.jsonl");

    run(this::answer, "1");

    assertEquals(3, AnsweredFile.read(answers, "reference").size());
  }
}
