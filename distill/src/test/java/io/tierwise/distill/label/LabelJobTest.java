package io.tierwise.distill.label;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.distill.data.AnsweredFile;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    return LabelJob.run(
        new LabelJob.Spec(TASK, data, answers, Money.of(budget), Duration.ofSeconds(1)),
        large,
        CENT,
        Clock.systemUTC(),
        Progress.SILENT);
  }

  @Test
  void asksEveryTextOnceAndKeepsAnswerAndProbabilities() throws IOException {
    LabelJob.Summary summary = run(this::answer, "1");
    assertEquals(new LabelJob.Summary(3, 1, 0, 0, Money.of("0.03")), summary);
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
}
