package io.tierwise.distill.encoder;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.bag.DistillJob.Workshop;
import io.tierwise.distill.data.Answered;
import io.tierwise.router.request.Input;
import io.tierwise.router.request.Label;
import io.tierwise.router.request.Task;
import io.tierwise.student.artifact.Artifact;
import io.tierwise.student.encoder.SentenceEncoder;
import io.tierwise.student.encoder.WordPieces;
import io.tierwise.student.model.Student;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jobs that begin with MiniLM, on a handful of texts. */
class PretrainedJobsTest {
  private static final Task.Classification MONEY = task("money", "pay", "borrow");
  private static final Task.Classification MOOD = task("mood", "glad", "angry");
  private static final List<Answered> MONEY_TEXTS =
      texts(
          "pay",
          "pay the electricity bill",
          "send 20 dollars to my mother",
          "settle my invoice",
          "borrow",
          "i need a loan for a car",
          "can i get credit",
          "lend me some money please");
  private static final List<Answered> MOOD_TEXTS =
      texts(
          "glad",
          "what a lovely day",
          "thank you so much",
          "this is wonderful",
          "angry",
          "this is outrageous",
          "i am furious with you",
          "worst service ever");

  @TempDir private Path directory;

  @Test
  void writesWhateverTheWholeVocabularyCanWrite() throws IOException {
    List<String> corpus = MONEY_TEXTS.stream().map(Answered::text).toList();
    Vocabulary vocabulary = Vocabulary.pruned(MiniLm.tokenizer(), corpus, 0, 64);
    assertTrue(vocabulary.rows().length < 2_100);
    try (WordPieces whole = WordPieces.load("whole", MiniLm.tokenizer());
        WordPieces reduced = WordPieces.load("reduced", vocabulary.tokenizer())) {
      assertEquals(64, reduced.mostTokens());
      for (String text : corpus) {
        assertArrayEquals(whole.tokens(text), original(vocabulary, reduced.tokens(text)));
      }
      long[] unseen = original(vocabulary, reduced.tokens("quixotic Σωκράτης!"));
      assertEquals(-1, Arrays.stream(unseen).filter(token -> token == 100).findFirst().orElse(-1));
      assertEquals(2 + 8 + 8 + 1, unseen.length);
    }
  }

  @Test
  void unfreezesTheTopLayersAndLeavesTheOthersAsTheyWere() throws IOException {
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(1)) {
      Workshop workshop = Tiny.workshop(encoder, directory.resolve("cache"));
      Artifact tuned =
          FineTuneJob.run(
              new FineTuneJob.Spec(MONEY, 1, 2, 0, 32, new Training(8, 3, 1e-4f, 0)),
              MONEY_TEXTS,
              directory.resolve("tuned"),
              workshop);
      EncoderWeights before = MiniLm.load();
      EncoderWeights after = EncoderModel.open(tuned).weights();
      String frozen = "layer.3.grow.weight";
      String unfrozen = "layer.4.grow.weight";
      assertArrayEquals(before.parameter(frozen).values(), after.parameter(frozen).values());
      assertTrue(
          difference(before.parameter(unfrozen).values(), after.parameter(unfrozen).values()) > 0);
      assertLearned(tuned, MONEY_TEXTS);
    }
  }

  @Test
  void trainsOneTrunkForTwoTasks() throws IOException {
    try (SentenceEncoder encoder = SentenceEncoder.bgeSmall(1)) {
      List<Artifact> artifacts =
          MultitaskJob.run(
              new MultitaskJob.Spec(List.of(0, 1), 0, 32, new Training(10, 4, 2e-4f, 0), 1),
              List.of(
                  new MultitaskJob.Subject(MONEY, MONEY_TEXTS),
                  new MultitaskJob.Subject(MOOD, MOOD_TEXTS)),
              directory.resolve("multitask"),
              Tiny.workshop(encoder, directory.resolve("cache")));
      EncoderWeights money = EncoderModel.open(artifacts.get(0)).weights();
      EncoderWeights mood = EncoderModel.open(artifacts.get(1)).weights();
      money
          .parameters()
          .forEach((name, parameter) -> {
            if (!name.startsWith(EncoderWeights.HEAD)) {
              assertArrayEquals(parameter.values(), mood.parameter(name).values());
            }
          });
      assertLearned(artifacts.get(0), MONEY_TEXTS);
      assertLearned(artifacts.get(1), MOOD_TEXTS);
    }
  }

  private static void assertLearned(Artifact artifact, List<Answered> texts) throws IOException {
    try (Student student = Student.load(artifact)) {
      for (Answered each : texts) {
        assertEquals(each.label(), student.predict(new Input.Text(each.text())).label());
      }
    }
  }

  private static long[] original(Vocabulary vocabulary, long[] tokens) {
    return Arrays.stream(tokens).map(token -> vocabulary.rows()[(int) token]).toArray();
  }

  private static double difference(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.abs(one[i] - other[i]);
    }
    return sum;
  }

  private static Task.Classification task(String name, String... labels) {
    return new Task.Classification(name, List.of(labels).stream().map(Label::new).toList());
  }

  /** A label, three texts, another label, three texts. */
  private static List<Answered> texts(String... all) {
    List<Answered> texts = new ArrayList<>();
    for (int i = 0; i < all.length; i++) {
      if (i % 4 != 0) {
        texts.add(Answered.with(all[i], new Label(all[i / 4 * 4])));
      }
    }
    return texts;
  }
}
