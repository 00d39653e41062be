package io.tierwise.distill.bag;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.tierwise.distill.Progress;
import io.tierwise.distill.data.Answered;
import io.tierwise.router.request.Distribution;
import io.tierwise.router.request.Label;
import io.tierwise.student.encoder.SentenceEncoder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SoftLabelsTest {
  /** The same sums in another memory may be added in another order. */
  private static final float ROUNDING = 1e-5f;

  private static final Label MONEY = new Label("money");
  private static final Label ACCESS = new Label("access");
  private static final List<Label> LABELS = List.of(ACCESS, MONEY);
  private static final List<String> ABOUT_MONEY =
      List.of(
          "refund my money",
          "charged twice",
          "wrong invoice",
          "the bill is too high",
          "cash back please",
          "payment was taken again",
          "price is wrong",
          "pay me back");
  private static final List<String> ABOUT_ACCESS =
      List.of(
          "forgot my password",
          "cannot log in",
          "account is locked",
          "reset my login",
          "sign in fails",
          "two factor code missing",
          "user name unknown",
          "locked out");

  private static SentenceEncoder encoder;

  @BeforeAll
  static void open() throws IOException {
    encoder = SentenceEncoder.bgeSmall(1);
  }

  @AfterAll
  static void close() {
    encoder.close();
  }

  @Test
  void reportedDistributionsAreUsedAsTheyAre() {
    List<Answered> examples =
        List.of(reported("refund my money", 0.75), reported("cannot log in", 0.125));
    List<String> stages = new ArrayList<>();

    float[][] soft =
        SoftLabels.of(examples, LABELS, encoder, 1, (stage, done, total) -> stages.add(stage));

    assertArrayEquals(new float[] {0.25f, 0.75f}, soft[0]);
    assertArrayEquals(new float[] {0.875f, 0.125f}, soft[1]);
    assertEquals(List.of(), stages, "nothing is encoded for them");
  }

  @Test
  void amongTextsWithOnlyALabelTheReportedOnesKeepTheirs() {
    List<Answered> examples = new ArrayList<>(examples());
    examples.add(3, reported("where is my refund", 0.625));

    float[][] soft = SoftLabels.of(examples, LABELS, encoder, 1, Progress.SILENT);

    assertArrayEquals(new float[] {0.375f, 0.625f}, soft[3]);
    assertTrue(soft[0][1] > 0.5 && soft[0][1] < 1, "cross-fitted: " + soft[0][1]);
  }

  @Test
  void aTextsOwnLabelDoesNotLeakIntoItsSoftLabel() {
    List<Answered> examples = examples();
    float[][] before = SoftLabels.of(examples, LABELS, encoder, 1, Progress.SILENT);
    for (int flipped : new int[] {0, 5, 11}) {
      List<Answered> changed = new ArrayList<>(examples);
      Answered example = examples.get(flipped);
      changed.set(
          flipped, Answered.with(example.text(), example.label().equals(MONEY) ? ACCESS : MONEY));

      float[][] after = SoftLabels.of(changed, LABELS, encoder, 1, Progress.SILENT);

      assertArrayEquals(before[flipped], after[flipped], ROUNDING, "text " + flipped);
      assertTrue(!Arrays.deepEquals(before, after), "others learn from it");
    }
  }

  @Test
  void norDoesTheLabelOfItsRepeat() {
    List<Answered> once = new ArrayList<>(examples());
    once.add(Answered.with("refund my money", MONEY));
    List<Answered> flipped = new ArrayList<>(examples());
    flipped.add(Answered.with("refund my money", ACCESS));

    float[][] before = SoftLabels.of(once, LABELS, encoder, 1, Progress.SILENT);
    float[][] after = SoftLabels.of(flipped, LABELS, encoder, 1, Progress.SILENT);

    assertArrayEquals(before[0], after[0], ROUNDING);
    assertArrayEquals(after[0], after[16]);
  }

  @Test
  void smoothsAWrongLabelAway() {
    List<Answered> examples = new ArrayList<>(examples());
    examples.set(0, Answered.with("refund my money", ACCESS));

    float[][] soft = SoftLabels.of(examples, LABELS, encoder, 1, Progress.SILENT);

    assertTrue(soft[0][1] > 0.5, "money by its neighbours: " + soft[0][1]);
  }

  @Test
  void twoTextsTeachEachOther() {
    List<Answered> two = List.of(Answered.with("refund", MONEY), Answered.with("login", ACCESS));

    float[][] soft = SoftLabels.of(two, LABELS, encoder, 1, Progress.SILENT);

    assertTrue(soft[0][0] > 0.5, "the only other text says access");
    assertTrue(soft[1][1] > 0.5, "the only other text says money");
  }

  @Property(tries = 100)
  void foldsAreEvenAndKeepEqualTextsTogether(
      @ForAll @IntRange(min = 1, max = 60) int distinct,
      @ForAll @IntRange(min = 1, max = 3) int repeats,
      @ForAll long seed) {
    List<String> texts =
        IntStream.range(0, distinct * repeats).mapToObj(i -> "text " + i % distinct).toList();

    int[] folds = SoftLabels.folds(texts, seed);

    int[] sizes = new int[4];
    for (int i = 0; i < texts.size(); i++) {
      assertEquals(folds[i % distinct], folds[i]);
      sizes[folds[i]]++;
    }
    Arrays.sort(sizes);
    assertTrue(sizes[3] - sizes[0] <= repeats);
    assertArrayEquals(folds, SoftLabels.folds(texts, seed));
  }

  private static Answered reported(String text, double money) {
    return new Answered(
        text,
        money > 0.5 ? MONEY : ACCESS,
        Distribution.of(List.of(MONEY, ACCESS), new double[] {money, 1 - money}));
  }

  private static List<Answered> examples() {
    List<Answered> examples = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      examples.add(Answered.with(ABOUT_MONEY.get(i), MONEY));
      examples.add(Answered.with(ABOUT_ACCESS.get(i), ACCESS));
    }
    return examples;
  }
}
